"""Gives pictures back: makes an item show again what it showed before our first picture."""

from collections.abc import Iterable, Sequence

from plexsync_plugin.base.errors import ItemMissing
from plexsync_plugin.core.model import Kind
from plexsync_plugin.core.picture import SLOTS, Given
from plexsync_plugin.jobs.server_records import ServerPictureRecords
from plexsync_plugin.plex import edit
from plexsync_plugin.plex.gateway import PlexGateway


def restore_pictures(
    rating_key: int,
    records: ServerPictureRecords,
    gateway: PlexGateway,
    elements: Iterable[str] = tuple(SLOTS),
) -> int:
    """Give an item back the pictures and locks that it had before our first; returns the number of requests that wrote.

    What a person has chosen since is left alone. Repeated, it does nothing. No transaction may be open.
    """
    wanted = set(elements)
    rows = [row for name, row in records.given(rating_key).items() if name in wanted]
    try:
        written = _give_back([row for row in rows if row.is_ours], gateway)
    except ItemMissing:
        written = 0  # what is gone shows nothing of ours
    records.drop(rating_key, [row.element for row in rows])
    return written


def _give_back(rows: Sequence[Given], gateway: PlexGateway) -> int:
    """Select what was there before in every slot of one item, then write the locks as they were."""
    written, returned = 0, []
    for row in rows:
        shown = gateway.pictures(row.rating_key, SLOTS[row.element])
        selected = next((picture.key for picture in shown if picture.selected), "")
        if row.wrote(selected) or selected == row.saved:  # the latter: an earlier try ended before the lock
            written += select_saved(row, selected, [picture.key for picture in shown], gateway)
            returned.append(row)
    locks = [edit.LockEdit(field=SLOTS[row.element].field, locked=row.saved_locked) for row in returned]
    for row in returned[:1]:
        for target in edit.targets(row.section, row.rating_key, Kind(row.kind), locks):
            gateway.put(target)
            written += 1
    return written


def select_saved(row: Given, selected: str, there: Sequence[str], gateway: PlexGateway) -> int:
    """The saved picture, or where it is not there any more the first that nobody uploaded, or none."""
    slot = SLOTS[row.element]
    if row.saved is None or row.saved == selected:
        return 0
    candidates = [row.saved] if row.saved in there else [key for key in there if "upload://" not in key]
    if row.saved and candidates:
        gateway.select_picture(row.rating_key, slot, candidates[0])
    else:
        gateway.drop_picture(row.rating_key, slot)
    return 1
