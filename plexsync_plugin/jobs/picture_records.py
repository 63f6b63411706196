"""What sync knows of pictures: those given to items, scenes' covers as last answered, performers' photos."""

import dataclasses
import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core.picture import Cover, Given

_GIVEN = "rating_key, element, section, kind, sha1, sending, source, saved, saved_locked"
_LOOK_LIMIT = 100


class PictureRecords:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # --- pictures of items ---------------------------------------------------------------------------------------

    def given(self, server: str, rating_key: int) -> dict[str, Given]:
        """By element."""
        rows = self._connection.execute(
            f"SELECT {_GIVEN} FROM images WHERE server = ? AND rating_key = ?", (server, rating_key)
        )
        found = (Given(**{**dict(row), "saved_locked": bool(row["saved_locked"])}) for row in rows)
        return {given.element: given for given in found}

    def put(self, server: str, given: Given) -> None:
        values = {"server": server, **dataclasses.asdict(given)}
        self._connection.execute(
            f"INSERT OR REPLACE INTO images (server, {_GIVEN}) "
            f"VALUES (:server, {', '.join(f':{name.strip()}' for name in _GIVEN.split(','))})",
            values,
        )

    def drop(self, server: str, rating_key: int, elements: Iterable[str]) -> None:
        self._connection.executemany(
            "DELETE FROM images WHERE server = ? AND rating_key = ? AND element = ?",
            [(server, rating_key, element) for element in elements],
        )

    # --- covers of scenes ----------------------------------------------------------------------------------------

    def cover(self, scene_id: int) -> Cover | None:
        row = self._connection.execute(
            "SELECT etag, wanted, sure, stand_in, looks, look_at FROM covers WHERE scene_id = ?", (scene_id,)
        ).fetchone()
        if row is None:
            return None
        return Cover(**{**dict(row), "sure": bool(row["sure"]), "stand_in": bool(row["stand_in"])})

    def put_cover(self, scene_id: int, cover: Cover) -> None:
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

    # --- photos of performers ------------------------------------------------------------------------------------

    def photo(self, server: str, name: str) -> str:
        """The address that Plex was given last, or ""."""
        row = self._connection.execute(
            "SELECT address FROM photos WHERE server = ? AND name = ?", (server, name.casefold())
        ).fetchone()
        return row[0] if row else ""

    def put_photo(self, server: str, name: str, address: str) -> None:
        self._connection.execute(
            "INSERT INTO photos (server, name, address) VALUES (?, ?, ?) "
            "ON CONFLICT (server, name) DO UPDATE SET address = excluded.address",
            (server, name.casefold(), address),
        )
