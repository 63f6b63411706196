"""Scenes that are not synced any more, since Stash has them no more or the settings leave them out: an order is given about what
Plex still shows of them.

Owns that step alone; what the order does is `worker.orders.take_back`'s.
"""

import sqlite3
from collections.abc import Sequence

from plexsync_plugin.jobs import scene_tables
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.orders import OrderStore
from plexsync_plugin.jobs.synced import SyncedScenes
from plexsync_plugin.jobs.written_items import WrittenItems

TAKE_BACK = "take_back"


def forget_gone(connection: sqlite3.Connection, scene_ids: Sequence[int], *, ticket: str, now: float) -> None:
    """Call it inside a transaction. `ticket` tells this time from others; `now` in epoch seconds.

    The order keeps the files, as Stash names them: another scene may have them now.
    """
    matches = FileMatches(connection)
    showing = WrittenItems(connection).scenes_anywhere(scene_ids) if scene_ids else []
    files = {str(scene_id): matches.paths_of([scene_id]) for scene_id in showing}
    scene_tables.forget(connection, scene_ids)
    give_take_back(connection, showing, files, ticket=ticket, now=now)


def let_go_left_out(
    connection: sqlite3.Connection,
    server: str,
    scene_ids: Sequence[int],
    *,
    takes_back: bool,
    ticket: str,
    now: float,
) -> None:
    """The settings leave these scenes out. Those that an item still shows get the order as long as that is so; where nothing
    is taken back, once. Call it inside a transaction."""
    showing = WrittenItems(connection).scenes(server, scene_ids) if scene_ids else []
    synced = SyncedScenes(connection)
    if not takes_back:
        known = synced.synced_hashes(server, showing)
        showing = [scene_id for scene_id in showing if scene_id in known]
    for scene_id in showing:
        synced.forget_synced(server, scene_id)
    give_take_back(connection, showing, {}, ticket=f"left_out:{ticket}", now=now)


def give_take_back(
    connection: sqlite3.Connection,
    scene_ids: Sequence[int],
    files: dict[str, list[str]],
    *,
    ticket: str,
    now: float,
) -> None:
    """The order about what Plex shows of scenes that are not synced any more; none where there are no such scenes."""
    if scene_ids:
        OrderStore(connection).add(
            f"{TAKE_BACK}:{ticket}",
            kind="command",
            name=TAKE_BACK,
            ids=scene_ids,
            args={"files": files},
            now=now,
        )
