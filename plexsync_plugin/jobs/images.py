"""Owns the table `images`: the pictures given to each Plex item, and which were shown before. Giving and giving back are
`worker.pictures`'.
"""

import dataclasses
import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core.picture import Given

_GIVEN = "rating_key, element, section, kind, sha1, sending, source, saved, saved_locked, shown"


class Images:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def given(self, server: str, rating_key: int) -> dict[str, Given]:
        """What was given to the item, by element."""
        rows = self._connection.execute(
            f"SELECT {_GIVEN} FROM images WHERE server = ? AND rating_key = ?", (server, rating_key)
        )
        found = (Given(**{**dict(row), "saved_locked": bool(row["saved_locked"])}) for row in rows)
        return {given.element: given for given in found}

    def put(self, server: str, given: Given) -> None:
        """Keep it in place of what is kept of the same item and element."""
        values = {"server": server, **dataclasses.asdict(given)}
        self._connection.execute(
            f"INSERT OR REPLACE INTO images (server, {_GIVEN}) "
            f"VALUES (:server, {', '.join(f':{name.strip()}' for name in _GIVEN.split(','))})",
            values,
        )

    def drop(self, server: str, rating_key: int, elements: Iterable[str]) -> None:
        """These pictures of the item are ours no more."""
        self._connection.executemany(
            "DELETE FROM images WHERE server = ? AND rating_key = ? AND element = ?",
            [(server, rating_key, element) for element in elements],
        )

    def drop_all(self, server: str, rating_key: int) -> None:
        """No picture of the item is ours any more: the item is gone."""
        self._connection.execute(
            "DELETE FROM images WHERE server = ? AND rating_key = ?", (server, rating_key)
        )
