"""Owns the table `undone`: scenes that a person has undone, and that are left alone until they are edited.

What *Undo* does to their items is `worker.orders.undo`'s.
"""

import sqlite3
from collections.abc import Iterable


class UndoneScenes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def mark(self, scene_ids: Iterable[int], now: float) -> None:
        """These scenes are undone, as of now."""
        self._connection.executemany(
            "INSERT INTO undone (scene_id, undone_at) VALUES (?, ?) "
            "ON CONFLICT (scene_id) DO UPDATE SET undone_at = excluded.undone_at",
            [(scene_id, now) for scene_id in scene_ids],
        )

    def drop(self, scene_ids: Iterable[int]) -> None:
        """These scenes count again: they were edited, or a person syncs everything."""
        self._connection.executemany(
            "DELETE FROM undone WHERE scene_id = ?", [(scene_id,) for scene_id in scene_ids]
        )

    def undone_at(self, scene_id: int) -> float | None:
        """When the scene was undone, in epoch seconds; None when it counts."""
        row = self._connection.execute(
            "SELECT undone_at FROM undone WHERE scene_id = ?", (scene_id,)
        ).fetchone()
        return row[0] if row else None

    def since(self, time: float) -> set[int]:
        """Scenes that were undone after this time, in epoch seconds."""
        rows = self._connection.execute("SELECT scene_id FROM undone WHERE undone_at > ?", (time,))
        return {row[0] for row in rows}

    def between(self, after: int, last: int) -> set[int]:
        """Undone scenes with ids above `after`, up to `last`."""
        rows = self._connection.execute(
            "SELECT scene_id FROM undone WHERE scene_id > ? AND scene_id <= ?", (after, last)
        )
        return {row[0] for row in rows}

    def count(self) -> int:
        """How many scenes are left alone because they were undone."""
        number: int = self._connection.execute("SELECT count(*) FROM undone").fetchone()[0]
        return number
