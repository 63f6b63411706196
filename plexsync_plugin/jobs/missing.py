"""Scenes without a Plex item: those that are looked for again, those given up, and those recorded as absent.

They are made due when a listing shows their file; which ones that are, the worker finds out.
"""

import sqlite3
from collections.abc import Iterable

from plexsync_plugin.base.sqlite import transaction

ABSENT = "Absent"

_WITHOUT_ITEM = (
    "((state = 'waiting' AND reason IN ('ItemMissing', 'SearchPostponed')) "
    "OR (state = 'done' AND reason = 'Absent') OR (state = 'dead' AND reason = 'ItemMissing'))"
)
_MAKE_DUE = (
    "UPDATE jobs SET state = 'waiting', due_at = :now, attempts = 0, waits = 0, looks = 0, first_failed_at = NULL, "
    "reason = '', message = '', changed_at = :now WHERE "
)


class MissingScenes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def after(self, scene_id: int, limit: int) -> list[int]:
        """The next scenes without an item, by id."""
        rows = self._connection.execute(
            f"SELECT scene_id FROM jobs WHERE scene_id > ? AND {_WITHOUT_ITEM} ORDER BY scene_id LIMIT ?",
            (scene_id, limit),
        )
        return [row[0] for row in rows]

    def wake(self, scene_ids: Iterable[int], now: float) -> int:
        """Due now, as if never looked for; a scene that has an item, or is due anyway, is left alone."""
        rows = [{"now": now, "scene_id": scene_id} for scene_id in scene_ids]
        with transaction(self._connection):
            woken = self._connection.executemany(
                f"{_MAKE_DUE} scene_id = :scene_id AND {_WITHOUT_ITEM}", rows
            ).rowcount
            self._drop_letters()
        return max(woken, 0)

    def wake_for_settings(self, now: float) -> int:
        """The settings that matching goes by have changed: every scene without an item, or with several, is due."""
        with transaction(self._connection):
            woken = self._connection.execute(
                f"{_MAKE_DUE} {_WITHOUT_ITEM} OR (state = 'dead' AND reason = 'Ambiguous')", {"now": now}
            ).rowcount
            self._drop_letters()
        return woken

    def _drop_letters(self) -> None:
        self._connection.execute(
            "DELETE FROM dead_letters WHERE scene_id IN (SELECT scene_id FROM jobs WHERE state <> 'dead')"
        )


def count_absent(connection: sqlite3.Connection) -> int:
    number: int = connection.execute(
        "SELECT count(*) FROM jobs WHERE state = 'done' AND reason = ?", (ABSENT,)
    ).fetchone()[0]
    return number
