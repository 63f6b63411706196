"""Which edits one item needs, and what the ledger must remember of them (docs/architecture.md, "Who owns a value").

Pure and idempotent: planned against its own result, a plan is empty.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from plexsync_plugin.core.ledger import MADE_BY_PLEX, Ledger, Record, Saved, Value, alike, same
from plexsync_plugin.core.model import (
    GIVEN_BY_PERSONS,
    LISTS,
    SHARED_LISTS,
    SHOWN_AT_MOST,
    SORT_TITLE,
    Item,
    Tag,
)

Desired = Mapping[str, Value]  # by field name; a field that Stash has no value for is "" or ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarEdit:
    field: str
    value: str
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEdit:
    """The whole list as it is to be, and what of the present one is to go (right whether Plex appends or replaces)."""

    field: str
    tags: tuple[Tag, ...]
    removed: tuple[Tag, ...]
    locked: bool


Edit = ScalarEdit | ListEdit


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`before` goes into the ledger before the write, `after` once it is known to have worked.

    `kept` are fields in which a person's value stays, although Stash has another one.
    """

    edits: tuple[Edit, ...]
    before: dict[str, Record]
    after: dict[str, Record]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    edit: Edit | None
    record: Record | None  # None: nothing of the field is ours
    kept: bool = False  # a person's value stays, although Stash has another one


def plan(item: Item, desired: Desired, ledger: Ledger, *, preserve: bool, firm: Collection[str] = ()) -> Plan:
    """`preserve` is the setting preserve_plex_edits. `firm` are text fields in which Stash's value, or that it has none, was found
    to be newer than whatever Plex shows."""
    steps: dict[str, _Step] = {}
    for name in desired:
        record = ledger.get(name, Record())
        locked = name in item.locked
        if name in LISTS:
            steps[name] = _plan_list(name, item.lists[name], locked, _tags(desired[name]), record, preserve)
        elif name in firm:
            steps[name] = _plan_firm(name, item.scalars[name], locked, _text(desired[name]), record)
        else:
            steps[name] = _plan_scalar(
                name, item.scalars[name], locked, _text(desired[name]), record, preserve
            )
    if "title" in steps and not desired.get(SORT_TITLE):
        steps[SORT_TITLE] = _plan_sort_title(item, ledger, steps["title"])
    return Plan(
        edits=_in_order([step.edit for step in steps.values() if step.edit is not None]),
        before=_before(ledger, steps),
        after=_after(ledger, steps),
        kept=tuple(name for name, step in steps.items() if step.kept),
    )


def _in_order(edits: list[Edit]) -> tuple[Edit, ...]:
    """A title, should it travel in a request of its own, makes Plex give up a sort title that is not locked: one that is
    locked goes before it, one that is given back goes behind it."""
    mine = [edit for edit in edits if edit.field == SORT_TITLE]
    others = [edit for edit in edits if edit.field != SORT_TITLE]
    return (*mine, *others) if mine and mine[0].locked else (*others, *mine)


def _before(ledger: Ledger, steps: Mapping[str, _Step]) -> dict[str, Record]:
    """While a write is under way, the old value and the new one are both ours."""
    records = dict(ledger)
    for name, step in steps.items():
        old = ledger.get(name, Record())
        if step.edit is None:
            _put(records, name, step.record)
        elif step.record is not None:
            records[name] = old.writing(step.record)
        # A restoring write keeps the old record until it has worked: what it puts back is not ours.
    return records


def _after(ledger: Ledger, steps: Mapping[str, _Step]) -> dict[str, Record]:
    records = dict(ledger)
    for name, step in steps.items():
        _put(records, name, step.record)
    return records


def _put(records: dict[str, Record], name: str, record: Record | None) -> None:
    if record is None or not record.wrote:
        records.pop(name, None)
    else:
        records[name] = record


# --- one text ---------------------------------------------------------------------------------------------------


def _plan_scalar(name: str, current: str, locked: bool, wanted: str, record: Record, preserve: bool) -> _Step:
    ours = record.is_ours(current)
    if not wanted:
        return _give_back_scalar(name, current, record)
    if preserve and not ours and _is_a_persons(name, current, locked, record):
        # What was emptied stays known as ours, so that it is told from a field that was always empty.
        return _Step(edit=None, record=None if current else record, kept=not alike(current, wanted))
    if locked and _shows(current, wanted, wanted, record):
        # What a person typed and happens to equal Stash's value stays a person's.
        return _Step(edit=None, record=Record(wrote=(wanted,), saved=record.saved) if ours else None)
    saved = record.saved if ours else Saved(value=current, locked=locked)
    return _Step(
        edit=ScalarEdit(field=name, value=wanted, locked=True), record=Record(wrote=(wanted,), saved=saved)
    )


def _plan_firm(name: str, current: str, locked: bool, wanted: str, record: Record) -> _Step:
    ours = record.is_ours(current)
    if same(current, wanted):
        return _Step(edit=None, record=record if ours else None)
    saved = record.saved if ours and record.saved else Saved(value=current, locked=locked)
    edit = ScalarEdit(field=name, value=wanted, locked=bool(wanted) or saved.locked)
    return _Step(edit=edit, record=Record(wrote=(wanted,), saved=saved))


def _is_a_persons(name: str, current: Value, locked: bool, record: Record) -> bool:
    """Of a value that is not ours. A locked field that we filled and that is empty now was emptied by a person.

    One that was empty before us may never have been filled: a crash can fall between the ledger and the write.
    """
    if not current:
        was_empty = record.saved is not None and not record.saved.value
        return locked and any(record.wrote) and not was_empty
    return locked or name in GIVEN_BY_PERSONS


def _plan_sort_title(item: Item, ledger: Ledger, title: _Step) -> _Step:
    """Where the settings write no sort title.

    Plex makes a new one of each title that is written while the sort title is not locked, so the one that an agent had
    given is saved with our first title and comes back when the title does.
    """
    record = ledger.get(SORT_TITLE, Record())
    current, locked = item.scalars[SORT_TITLE], SORT_TITLE in item.locked
    title_is_ours = title.record is not None and bool(title.record.wrote)
    if record.wrote and record.wrote != (MADE_BY_PLEX,):
        step = _give_back_scalar(SORT_TITLE, current, record)
        if step.edit is None or step.edit.locked or not title_is_ours:
            return step
        return _Step(edit=step.edit, record=Record(wrote=(MADE_BY_PLEX,), saved=record.saved))
    if record.wrote and record.saved is not None and not locked and _returns(item, ledger, title):
        return _Step(
            edit=ScalarEdit(field=SORT_TITLE, value=_text(record.saved.value), locked=False), record=None
        )
    if record.wrote:
        return _Step(edit=None, record=record if title_is_ours and not locked else None)
    if current and not locked and title.edit is not None and title_is_ours:
        return _Step(
            edit=None, record=Record(wrote=(MADE_BY_PLEX,), saved=Saved(value=current, locked=False))
        )
    return _Step(edit=None, record=None)


def _returns(item: Item, ledger: Ledger, title: _Step) -> bool:
    """Whether the title from before our first write comes back now, or is back already after a crash between two requests."""
    if title.record is not None:
        return False
    saved = ledger.get("title", Record()).saved
    return title.edit is not None or (saved is not None and saved.value == item.scalars["title"])


def _shows(current: Value, target: Value, written: Value, record: Record) -> bool:
    """Whether the item shows `target`.

    What the server made of our last write (white space, order of tags) is accepted as it is: to send the same again
    would change nothing.
    """
    return same(current, target) or (alike(current, target) and record.wrote == (written,))


def _give_back_scalar(name: str, current: str, record: Record) -> _Step:
    if not record.is_ours(current):
        return _Step(edit=None, record=None)
    saved = record.saved or Saved(value="", locked=False)
    return _Step(edit=ScalarEdit(field=name, value=_text(saved.value), locked=saved.locked), record=None)


# --- one list ---------------------------------------------------------------------------------------------------


def _plan_list(
    name: str,
    current: tuple[Tag, ...],
    locked: bool,
    wanted: tuple[Tag, ...],
    record: Record,
    preserve: bool,
) -> _Step:
    if not wanted and not record.wrote:
        return _Step(edit=None, record=None)
    if not wanted:
        return _give_back_list(name, current, locked, record)
    if preserve and not current and _is_a_persons(name, current, locked, record):
        return _Step(edit=None, record=record, kept=True)
    shared = name in SHARED_LISTS
    kept = _not_in(current, _written(record)) if shared or (preserve and locked) else ()
    mine = _not_in(wanted, kept)  # a tag that a person had set before us stays a person's
    target = _with_roles(mine + kept, current)
    plain = _without_photos(mine)  # a photo is the member's, whichever list it came with
    new = Record(wrote=(plain,), saved=_saved_list(current, locked, record, kept))
    shown = _shows(current, target, plain, record) or _shows_beginning(name, current, target, plain, record)
    if locked and not _brings_photo(mine, current) and shown:
        return _Step(edit=None, record=new if record.wrote else None)
    return _Step(edit=_list_edit(name, target, current, record, locked=True), record=new)


def _shows_beginning(
    name: str, current: tuple[Tag, ...], target: tuple[Tag, ...], written: tuple[Tag, ...], record: Record
) -> bool:
    """Whether a list of which Plex shows a part alone may be the one that was written last."""
    cut = len(current) >= SHOWN_AT_MOST.get(name, len(current) + 1)
    return cut and record.wrote == (written,) and not _not_in(current, target)


def _saved_list(current: tuple[Tag, ...], locked: bool, record: Record, kept: tuple[Tag, ...]) -> Saved:
    """The list from before our first write, and what a person has added since, without what stays on the item."""
    if record.saved is None or not record.wrote:
        return Saved(value=_not_in(current, kept), locked=locked)
    foreign = _not_in(current, _written(record) + kept)
    return Saved(value=_renewed(_tags(record.saved.value), foreign), locked=record.saved.locked)


def _renewed(before: tuple[Tag, ...], foreign: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """`before`, each tag as a person has it now (a cast member's role may be new), and what is new besides."""
    newest = {tag.key: tag for tag in foreign}
    return tuple(newest.get(tag.key, tag) for tag in before) + _not_in(foreign, before)


def _give_back_list(name: str, current: tuple[Tag, ...], locked: bool, record: Record) -> _Step:
    """The list from before our first write comes back; what a person has added since stays."""
    saved = record.saved or Saved(value=(), locked=False)
    foreign = _not_in(current, _written(record))
    target = _renewed(_tags(saved.value), foreign)
    keep_lock = locked if foreign else saved.locked
    if same(current, target) and locked == keep_lock:
        return _Step(edit=None, record=None)
    return _Step(edit=_list_edit(name, target, current, record, locked=keep_lock), record=None)


def _list_edit(
    name: str, target: tuple[Tag, ...], current: tuple[Tag, ...], record: Record, *, locked: bool
) -> ListEdit:
    """A photo is the member's, wherever it shows: it is sent only where it is to change."""
    shown = {tag.key: tag.thumb for tag in current}
    tags = tuple(replace(tag, thumb="") if tag.thumb == shown.get(tag.key) else tag for tag in target)
    there = current
    if len(current) >= SHOWN_AT_MOST.get(name, len(current) + 1):
        there += _not_in(_written(record), current)  # what is not shown may be there all the same
    return ListEdit(field=name, tags=tags, removed=_not_in(there, target), locked=locked)


def _with_roles(target: tuple[Tag, ...], current: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """Stash knows no roles and photos: a member that Plex already shows keeps those it has there."""
    known = {tag.key: tag for tag in current}
    return tuple(
        Tag(name=tag.name, role=tag.role or known[tag.key].role, thumb=tag.thumb or known[tag.key].thumb)
        if tag.key in known
        else tag
        for tag in target
    )


def _brings_photo(wanted: tuple[Tag, ...], current: tuple[Tag, ...]) -> bool:
    """Whether a member is to show another photo than it does."""
    shown = {tag.key: tag.thumb for tag in current}
    return any(tag.thumb and tag.thumb != shown.get(tag.key) for tag in wanted)


def _without_photos(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    return tuple(Tag(name=tag.name, role=tag.role) for tag in tags)


def _written(record: Record) -> tuple[Tag, ...]:
    return tuple(tag for value in record.wrote for tag in _tags(value))


def _not_in(tags: Iterable[Tag], others: Iterable[Tag]) -> tuple[Tag, ...]:
    keys = {tag.key for tag in others}
    return tuple(tag for tag in tags if tag.key not in keys)


def _tags(value: Value) -> tuple[Tag, ...]:
    return () if isinstance(value, str) else value


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
