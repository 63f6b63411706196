"""Gives one item back what it showed before PlexSync wrote to it: fields with their locks, then pictures."""

import logging

from plexsync_plugin.base.errors import ItemMissing
from plexsync_plugin.core import undo
from plexsync_plugin.core.ledger import Ledger
from plexsync_plugin.core.model import Item
from plexsync_plugin.jobs.server_records import ServerPictureRecords
from plexsync_plugin.plex import edit
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.pictures.restore_pictures import restore_pictures
from plexsync_plugin.worker.scenes.changes import Changes, changes_of

_log = logging.getLogger(__name__)


def give_back(
    item: Item,
    ledger: Ledger,
    pictures: ServerPictureRecords,
    gateway: PlexGateway,
    photos: undo.Photos | None = None,
) -> Changes | None:
    """What changed by it; None when the item has gone meanwhile. Repeated, it changes nothing. The ledger is the caller's to empty afterwards.

    `photos` are what cast members showed before our first one; without them the photos stay, for other items share them. Raises what the gateway raises. No transaction may be open.
    """
    edits = undo.restore(item, ledger, photos)
    try:
        for target in edit.targets(item.section, item.rating_key, item.kind, edits):
            gateway.put(target)
        restore_pictures(item.rating_key, pictures, gateway)
    except ItemMissing:
        return None
    _log.info("given back item=%d fields=%s", item.rating_key, ",".join(change.field for change in edits))
    return changes_of(item, edits)
