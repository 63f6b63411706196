"""Which edits one item needs, and what the ledger must remember of them (docs/architecture.md, "Who owns a value").

Pure and idempotent: planned against its own result, a plan is empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plexsync_plugin.core.ledger import Ledger, Record, Saved, Value, alike, same
from plexsync_plugin.core.model import LISTS, SHARED_LISTS, Item, Tag

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
    """`before` goes into the ledger before the write, `after` once it is known to have worked."""

    edits: tuple[Edit, ...]
    before: dict[str, Record]
    after: dict[str, Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    edit: Edit | None
    record: Record | None  # None: nothing of the field is ours


def plan(item: Item, desired: Desired, ledger: Ledger, *, preserve: bool) -> Plan:
    """`preserve` is the setting preserve_plex_edits."""
    steps = {}
    for name in desired:
        record = ledger.get(name, Record())
        locked = name in item.locked
        if name in LISTS:
            steps[name] = _plan_list(name, item.lists[name], locked, _tags(desired[name]), record, preserve)
        else:
            steps[name] = _plan_scalar(
                name, item.scalars[name], locked, _text(desired[name]), record, preserve
            )
    return Plan(
        edits=tuple(step.edit for step in steps.values() if step.edit is not None),
        before=_before(ledger, steps),
        after=_after(ledger, steps),
    )


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
    if preserve and current and locked and not ours:
        return _Step(edit=None, record=None)
    if locked and _shows(current, wanted, wanted, record):
        # What a person typed and happens to equal Stash's value stays a person's.
        return _Step(edit=None, record=Record(wrote=(wanted,), saved=record.saved) if ours else None)
    saved = record.saved if ours else Saved(value=current, locked=locked)
    return _Step(
        edit=ScalarEdit(field=name, value=wanted, locked=True), record=Record(wrote=(wanted,), saved=saved)
    )


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
    shared = name in SHARED_LISTS
    kept = _not_in(current, _written(record)) if shared or (preserve and locked) else ()
    mine = _not_in(wanted, kept)  # a tag that a person had set before us stays a person's
    target = _with_roles(mine + kept, current)
    plain = _without_photos(mine)  # a photo is the member's, whichever list it came with
    new = Record(wrote=(plain,), saved=_saved_list(current, locked, record, kept))
    if locked and not _brings_photo(mine, current) and _shows(current, target, plain, record):
        return _Step(edit=None, record=new if record.wrote else None)
    return _Step(edit=_list_edit(name, target, current, locked=True), record=new)


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
    return _Step(edit=_list_edit(name, target, current, locked=keep_lock), record=None)


def _list_edit(name: str, target: tuple[Tag, ...], current: tuple[Tag, ...], *, locked: bool) -> ListEdit:
    return ListEdit(field=name, tags=target, removed=_not_in(current, target), locked=locked)


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
