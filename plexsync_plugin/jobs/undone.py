"""Owns the table `undone`: scenes that a person has undone, and that are left alone until they are edited.

What *Undo* does to their items is `worker.orders.undo`'s.
"""

import sqlite3
from collections.abc import Iterable


class UndoneScenes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def mark(self, scene_ids: Iterable[int], now: float) -> None:
        """These scenes are to be undone, as of now. Until they are `restored` their items show what we wrote."""
        self._connection.executemany(
            "INSERT INTO undone (scene_id, undone_at, restored) VALUES (?, ?, 0) "
            "ON CONFLICT (scene_id) DO UPDATE SET undone_at = excluded.undone_at, restored = 0",
            [(scene_id, now) for scene_id in scene_ids],
        )

    def restored(self, scene_ids: Iterable[int]) -> None:
        """Nothing of ours is left on the items of these scenes, as far as Plex took it."""
        self._connection.executemany(
            "UPDATE undone SET restored = 1 WHERE scene_id = ?", [(scene_id,) for scene_id in scene_ids]
        )

    def to_restore(self) -> list[int]:
        """Scenes that are to be undone and are not yet."""
        rows = self._connection.execute("SELECT scene_id FROM undone WHERE restored = 0 ORDER BY scene_id")
        return [row[0] for row in rows]

    def keep(self, scene_ids: Iterable[int]) -> None:
        """These scenes are not restored, and count again."""
        self._connection.executemany(
            "DELETE FROM undone WHERE restored = 0 AND scene_id = ?", [(scene_id,) for scene_id in scene_ids]
        )

    def break_off(self) -> int:
        """Scenes that are not restored yet count again, and are in sync as before; how many."""
        return self._connection.execute("DELETE FROM undone WHERE restored = 0").rowcount

    def drop(self, scene_ids: Iterable[int]) -> None:
        """These scenes count again: they were edited, or a person syncs everything."""
        self._connection.executemany(
            "DELETE FROM undone WHERE scene_id = ?", [(scene_id,) for scene_id in scene_ids]
        )

    def undone_at(self, scene_id: int) -> float | None:
        """When a person undid the scene, in epoch seconds; None when it counts."""
        row = self._connection.execute(
            "SELECT undone_at FROM undone WHERE scene_id = ?", (scene_id,)
        ).fetchone()
        return row[0] if row else None

    def restored_at(self, scene_id: int) -> float | None:
        """The same, but None while its items are still to be restored."""
        row = self._connection.execute(
            "SELECT undone_at FROM undone WHERE scene_id = ? AND restored = 1", (scene_id,)
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
        """How many scenes are left alone because they were undone; not those whose items are still to be restored."""
        number: int = self._connection.execute("SELECT count(*) FROM undone WHERE restored = 1").fetchone()[0]
        return number
