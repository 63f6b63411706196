"""What puts an item back to the values that PlexSync did not write. Pure.

The same as what the planner does when Stash has nothing any more: a field that PlexSync filled gets back the last value
that was not its own, with its lock state; our tags go, the saved ones come back, what a person has added since stays;
of a shared list only our own tags go. A field that a person has changed since is left as it is.
"""

from plexsync_plugin.core.ledger import Ledger, Value
from plexsync_plugin.core.model import LISTS, SORT_TITLE, Item
from plexsync_plugin.core.plan import Edit, ListEdit, plan


def restore(item: Item, ledger: Ledger) -> tuple[Edit, ...]:
    """Restored against its own result it is empty, so that a crash in between changes nothing."""
    nothing: dict[str, Value] = {name: () if name in LISTS else "" for name in ledger}
    edits = plan(item, nothing, ledger, preserve=False).edits
    changed = {edit.field for edit in edits if _changes(item, edit)}
    if "title" in changed:
        changed.add(SORT_TITLE)  # Plex makes a new one of each title
    return tuple(edit for edit in edits if edit.field in changed)


def _changes(item: Item, edit: Edit) -> bool:
    """False where the saved value is the same as ours, and back already."""
    if isinstance(edit, ListEdit):
        return True
    return (item.scalars[edit.field], edit.field in item.locked) != (edit.value, edit.locked)
