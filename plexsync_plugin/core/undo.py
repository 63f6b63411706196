"""The edits that take back from an item what PlexSync wrote. Pure.

They are those that the plan makes when Stash has no value any more. A field that PlexSync filled gets back the last value that
was not ours, with its lock. Tags of ours go, saved ones come back, and tags that a person has added since stay; of a shared
list only our own tags go. A field that a person has changed since stays as it is.
"""

from collections.abc import Mapping
from dataclasses import replace

from plexsync_plugin.core.ledger import Ledger, Value
from plexsync_plugin.core.model import LISTS, SORT_TITLE, Item, Tag
from plexsync_plugin.core.plan import Edit, ListEdit, plan

# By the member's key: addresses of our photos that it may show, and what it showed before.
Photos = Mapping[str, tuple[tuple[str, ...], str]]


def restore(item: Item, ledger: Ledger, photos: Photos | None = None) -> tuple[Edit, ...]:
    """The edits for one item. Made again for their own result there are none, so a crash in between does no harm.

    `photos` are those to be given back; without, members keep what they show, for Plex shares it with other items.
    """
    edits = _restore_fields(item, ledger)
    if not any(edit.field == "actor" for edit in edits) and any(
        _shows_ours(tag, photos) for tag in item.lists["actor"]
    ):
        locked = "actor" in item.locked
        edits += (ListEdit(field="actor", tags=item.lists["actor"], removed=(), locked=locked),)
    shown = {tag.key: tag for tag in item.lists["actor"]}
    return tuple(
        replace(edit, tags=tuple(_with_photo(tag, shown.get(tag.key), photos) for tag in edit.tags))
        if isinstance(edit, ListEdit) and edit.field == "actor"
        else edit
        for edit in edits
    )


def _shows_ours(shown: Tag, photos: Photos | None) -> bool:
    ours, before = (photos or {}).get(shown.key, ((), ""))
    return shown.thumb in ours and bool(before)


def _with_photo(tag: Tag, shown: Tag | None, photos: Photos | None) -> Tag:
    """A photo is sent only where ours shows, or with a member that comes back; what was there before our first counts."""
    ours, before = (photos or {}).get(tag.key, ((), ""))
    if shown is None:
        return replace(tag, thumb=before) if tag.thumb in ours else tag
    if photos is None or ours:
        return replace(tag, thumb=before if _shows_ours(shown, photos) else "")
    return tag


def _restore_fields(item: Item, ledger: Ledger) -> tuple[Edit, ...]:
    nothing: dict[str, Value] = {name: () if name in LISTS else "" for name in ledger}
    edits = plan(item, nothing, ledger, preserve=False).edits
    changed = {edit.field for edit in edits if _changes(item, edit)}
    if "title" in changed:
        changed.add(SORT_TITLE)  # Plex makes a new one of each title
    return tuple(edit for edit in edits if edit.field in changed)


def _changes(item: Item, edit: Edit) -> bool:
    """Whether the edit would change the item; not where the saved value equals ours and is there already."""
    if isinstance(edit, ListEdit):
        return True
    return (item.scalars[edit.field], edit.field in item.locked) != (edit.value, edit.locked)
