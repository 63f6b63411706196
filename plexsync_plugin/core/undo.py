"""The edits that take back from an item what PlexSync wrote. Pure.

They are those that the plan makes when Stash has no value any more. A field that PlexSync filled gets back the last value that
was not ours, with its lock. Tags of ours go, saved ones come back, and tags that a person has added since stay; of a shared
list only our own tags go. A field that a person has changed since stays as it is.
"""

from plexsync_plugin.core.ledger import Ledger, Value
from plexsync_plugin.core.model import LISTS, SORT_TITLE, Item
from plexsync_plugin.core.plan import Edit, ListEdit, plan


def restore(item: Item, ledger: Ledger) -> tuple[Edit, ...]:
    """The edits for one item. Made again for their own result there are none, so a crash in between does no harm."""
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
