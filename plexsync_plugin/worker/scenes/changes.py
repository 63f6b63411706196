"""What a write changes in an item, as a person reads it: field, value before, value after. Pure."""

from collections.abc import Iterable

from plexsync_plugin.core.ledger import shown
from plexsync_plugin.core.model import Item
from plexsync_plugin.core.plan import Edit, ListEdit
from plexsync_plugin.plex.edit import LockEdit

Changes = tuple[tuple[str, str, str], ...]


def changes_of(item: Item, edits: Iterable[Edit | LockEdit]) -> Changes:
    """What only sets or opens a lock is left out."""
    found: list[tuple[str, str, str]] = []
    for edit in edits:
        if isinstance(edit, LockEdit):
            continue
        if isinstance(edit, ListEdit):
            before, after = shown(item.lists.get(edit.field, ())), shown(edit.tags)
        else:
            before, after = item.scalars.get(edit.field, ""), edit.value
        if before != after:
            found.append((edit.field, before, after))
    return tuple(found)


def title_after(item: Item, changes: Changes) -> str:
    return next((after for name, _, after in changes if name == "title"), item.title)
