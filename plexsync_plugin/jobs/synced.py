"""Owns the table `synced`: for each scene and server, the hash of the state that was last written as a whole.

An equal hash means that nothing is to do. What was written to each item is `ledger`'s.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from plexsync_plugin.core.model import Scene
from plexsync_plugin.jobs.scene_entities import SceneEntities
from plexsync_plugin.jobs.undone import UndoneScenes


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """`updated_at` is Stash's own time of the scene; "" while its pictures are still to be sent."""

    desired_hash: str
    updated_at: str


class SyncedScenes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def synced_hashes(self, server: str, scene_ids: Iterable[int]) -> dict[int, str]:
        """By scene; those that were never synced are left out."""
        return {number: found.desired_hash for number, found in self._of(server, scene_ids).items()}

    def synced_times(self, server: str, scene_ids: Iterable[int]) -> dict[int, str]:
        """Stash's own time of the scene when it was last in sync, pictures included; "" while those are still to be sent."""
        return {number: found.updated_at for number, found in self._of(server, scene_ids).items()}

    def _of(self, server: str, scene_ids: Iterable[int]) -> dict[int, Synced]:
        """What was last synced of these scenes; those that never were are left out."""
        found = {}
        for scene_id in scene_ids:
            row = self._connection.execute(
                "SELECT desired_hash, updated_at FROM synced WHERE scene_id = ? AND server = ?",
                (scene_id, server),
            ).fetchone()
            if row:
                found[scene_id] = Synced(desired_hash=row[0], updated_at=row[1])
        return found

    def synced_between(self, server: str, after: int, last: int) -> dict[int, Synced]:
        """Scenes with ids above `after`, up to `last`."""
        rows = self._connection.execute(
            "SELECT scene_id, desired_hash, updated_at FROM synced "
            "WHERE server = ? AND scene_id > ? AND scene_id <= ?",
            (server, after, last),
        )
        return {row[0]: Synced(desired_hash=row[1], updated_at=row[2]) for row in rows}

    def synced_at(self, scene_id: int) -> float | None:
        """When the scene was last synced with any server, in epoch seconds."""
        found: float | None = self._connection.execute(
            "SELECT max(synced_at) FROM synced WHERE scene_id = ?", (scene_id,)
        ).fetchone()[0]
        return found

    def count_synced(self) -> int:
        """How many scenes are in sync, each once for every server."""
        number: int = self._connection.execute("SELECT count(*) FROM synced").fetchone()[0]
        return number

    def set_synced_time(self, server: str, scene_id: int, updated_at: str) -> None:
        """The scene's pictures are in sync with Stash as of `updated_at`; "" when they are still to be sent."""
        self._connection.execute(
            "UPDATE synced SET updated_at = ? WHERE scene_id = ? AND server = ?",
            (updated_at, scene_id, server),
        )

    def forget_synced(self, server: str, scene_id: int) -> None:
        """The scene is not in sync, or not known to be, until it is synced again."""
        self._connection.execute("DELETE FROM synced WHERE scene_id = ? AND server = ?", (scene_id, server))

    def synced_row(self, server: str, scene_id: int) -> sqlite3.Row | None:
        """All that is stored of the scene here, for `put_back_synced`."""
        row: sqlite3.Row | None = self._connection.execute(
            "SELECT desired_hash, updated_at, synced_at FROM synced WHERE scene_id = ? AND server = ?",
            (scene_id, server),
        ).fetchone()
        return row

    def put_back_synced(self, server: str, scene_id: int, row: sqlite3.Row | None) -> None:
        """As `synced_row` found it, unless the scene has been destroyed since. Call it inside a transaction."""
        if row is not None:
            self._connection.execute(
                "INSERT OR IGNORE INTO synced (scene_id, server, desired_hash, updated_at, synced_at) "
                "SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM jobs WHERE scene_id = ?)",
                (scene_id, server, *row, scene_id),
            )

    def distrust(self, scene_ids: Iterable[int]) -> None:
        """These scenes are planned anew, on any server, whatever was written to them. Their covers stay known."""
        self._connection.executemany(
            "UPDATE synced SET desired_hash = '' WHERE scene_id = ?", [(scene_id,) for scene_id in scene_ids]
        )

    def forget_all_synced(self) -> None:
        """No scene counts as in sync: each is planned anew, so that edits made in Plex show as well."""
        self._connection.execute("DELETE FROM synced")

    def set_synced(self, server: str, scene: Scene, desired_hash: str, now: float) -> None:
        """The scene is in sync; it counts as edited since, should it have been undone. Call it inside a transaction."""
        self._connection.execute(
            "INSERT INTO synced (scene_id, server, desired_hash, updated_at, synced_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (scene_id, server) DO UPDATE SET desired_hash = excluded.desired_hash, "
            "updated_at = excluded.updated_at, synced_at = excluded.synced_at",
            (scene.id, server, desired_hash, scene.updated_at, now),
        )
        UndoneScenes(self._connection).drop([scene.id])
        SceneEntities(self._connection).put(scene)
