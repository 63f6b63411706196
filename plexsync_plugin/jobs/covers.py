"""Owns the table `covers`: each scene's cover as Stash served it last, and when to look at it again. When Stash is asked is
`worker.pictures.covers`'.
"""

import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core.picture import Cover

_LOOK_LIMIT = 100


class SceneCovers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def cover(self, scene_id: int) -> Cover | None:
        """The cover as it was last answered; None while Stash was never asked."""
        row = self._connection.execute(
            "SELECT etag, wanted, sure, stand_in, looks, look_at FROM covers WHERE scene_id = ?", (scene_id,)
        ).fetchone()
        if row is None:
            return None
        return Cover(**{**dict(row), "sure": bool(row["sure"]), "stand_in": bool(row["stand_in"])})

    def put_cover(self, scene_id: int, cover: Cover) -> None:
        """The cover as Stash answers now."""
        self._connection.execute(
            "INSERT OR REPLACE INTO covers (scene_id, etag, wanted, sure, stand_in, looks, look_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (scene_id, cover.etag, cover.wanted, cover.sure, cover.stand_in, cover.looks, cover.look_at),
        )

    def due_looks(self, now: float) -> list[int]:
        """Scenes whose cover is to be looked at again, and that no job is on its way for."""
        rows = self._connection.execute(
            "SELECT scene_id FROM covers WHERE look_at <= ? "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.scene_id = covers.scene_id AND state <> 'done') "
            "AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.scene_id = covers.scene_id) LIMIT ?",
            (now, _LOOK_LIMIT),
        )
        return [row[0] for row in rows]

    def take_looks(self, scene_ids: Iterable[int]) -> None:
        """Their jobs are put in: so that no look makes a job due twice, whatever becomes of the job."""
        self._connection.executemany(
            "UPDATE covers SET look_at = NULL WHERE scene_id = ?", [(scene_id,) for scene_id in scene_ids]
        )
