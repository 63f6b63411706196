"""All scenes and items that PlexSync knows, read range by range: what reconciling and entity events compare with.

Owns questions that concern several tables at once; a question about one table is its own module's, and nothing is written
here. Ranges are of ids or rating keys, `after` excluded and `last` included.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.core.ledger import Record
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.reasons import DISCARDED
from plexsync_plugin.jobs.scene_tables import remembered_scenes
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.jobs.stored_text import stored_records
from plexsync_plugin.jobs.synced import SyncedScenes
from plexsync_plugin.jobs.undone import UndoneScenes

END = (1 << 63) - 1  # above every id


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An item of a scene that is in sync. `files` is the mark of its files then, `accepted` that of a listing which was
    found changed and looked into before. `at_rest`: the scene's job does not wait, and no person was or is asked."""

    rating_key: int
    scene_id: int
    files: str
    accepted: str
    fields: Mapping[str, Record]
    at_rest: bool


class Census:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def free(self, scene_ids: Collection[int]) -> list[int]:
        """Those that may be made due by the way: not undone, absent or discarded, not waiting already, and not with a person.

        A scene that waits for another of its files, or failed by it, is free: the items that it has are to be kept right.
        """
        if not scene_ids:
            return []
        after, last = min(scene_ids) - 1, max(scene_ids)
        states = JobStore(self._connection).states_between(after, last)
        undone = UndoneScenes(self._connection).between(after, last)
        partly = FileMatches(self._connection).scenes_partly_found(after, last)
        partly &= JobStore(self._connection).lacking_between(after, last)
        return [
            number
            for number in sorted(scene_ids)
            if (states.get(number, "done") == "done" or number in partly) and number not in undone
        ]

    def may_be_found(self, server: str, scene_ids: Collection[int]) -> dict[int, bool]:
        """Those that are in sync, or wait: not the undone, the left out, and those that are with a person. True for one that
        would not be looked at by itself now: it is in sync, or looks for an item later."""
        if not scene_ids:
            return {}
        after, last = min(scene_ids) - 1, max(scene_ids)
        jobs = JobStore(self._connection)
        states, lacking = jobs.states_between(after, last), jobs.lacking_between(after, last)
        synced = SyncedScenes(self._connection).synced_hashes(server, scene_ids)
        undone = UndoneScenes(self._connection).between(after, last)
        found: dict[int, bool] = {}
        for number in scene_ids:
            state = states.get(number, "done")
            at_rest = number in lacking or (number in synced and state == "done")
            if number not in undone and (at_rest or state == "waiting"):
                found[number] = at_rest
        return found

    def known_scenes(self, after: int, last: int) -> set[int]:
        """Of which anything is remembered, but for the ledger, which outlives them."""
        return remembered_scenes(self._connection, after, last)

    def matched(self, server: str, section: int, after: int, last: int) -> list[Matched]:
        """Items of a section whose scenes are in sync."""
        where = "m.section = ? AND m.rating_key > ? AND m.rating_key <= ?"
        return self._matched(where, server, section, after, last)

    def matched_elsewhere(self, server: str, sections: Iterable[int]) -> list[Matched]:
        """Items in none of these sections."""
        where = "m.section NOT IN (SELECT value FROM json_each(?))"
        return self._matched(where, server, json.dumps(list(sections)))

    def matched_among(self, server: str, rating_keys: Collection[int]) -> list[Matched]:
        """Those of these items whose scenes are in sync."""
        where = "m.rating_key IN (SELECT value FROM json_each(?))"
        return self._matched(where, server, json.dumps(list(rating_keys)))

    def _matched(self, where: str, server: str, *values: Any) -> list[Matched]:
        """Items that fulfil the condition, whose scenes are in sync, by rating key."""
        rows = self._connection.execute(
            "SELECT m.rating_key, m.scene_id, m.files, coalesce(l.accepted, ''), coalesce(l.fields, '{}'), "
            "coalesce(j.state, 'done') = 'done' AND coalesce(j.reason, '') <> ? "
            "FROM matches AS m JOIN synced AS s ON s.scene_id = m.scene_id AND s.server = m.server "
            "LEFT JOIN ledger AS l ON l.server = m.server AND l.rating_key = m.rating_key "
            "LEFT JOIN jobs AS j ON j.scene_id = m.scene_id "
            f"WHERE m.server = ? AND {where} ORDER BY m.rating_key",
            (DISCARDED, server, *values),
        )
        return [
            Matched(
                rating_key=row[0],
                scene_id=row[1],
                files=row[2],
                accepted=row[3],
                fields=stored_records(row[4]),
                at_rest=bool(row[5]),
            )
            for row in rows
        ]
