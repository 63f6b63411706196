"""Owns the table `stars`: an item's star and its scene's rating when they were last the same. What follows from a difference is
`core.stars`'.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable

from plexsync_plugin.core.stars import Agreed


class Stars:
    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        self._connection = connection
        self._server = server

    def agreed(self, rating_keys: Collection[int]) -> dict[int, tuple[int, Agreed]]:
        """By rating key: the scene that it was agreed with, and what; an item of which nothing is known is missing."""
        rows = self._connection.execute(
            "SELECT rating_key, scene_id, plex, stash FROM stars WHERE server = ? "
            "AND rating_key IN (SELECT value FROM json_each(?))",
            (self._server, json.dumps(list(rating_keys))),
        )
        return {row[0]: (row[1], Agreed(plex=row[2], stash=row[3])) for row in rows}

    def count(self) -> int:
        """Items that have a star, the same as their scene's rating."""
        row = self._connection.execute(
            "SELECT count(*) FROM stars WHERE server = ? AND plex <> ''", (self._server,)
        ).fetchone()
        return int(row[0])

    def forget(self, rating_keys: Iterable[int]) -> None:
        """These items were given back: what they show now was agreed with nobody. Call it inside a transaction."""
        self._connection.executemany(
            "DELETE FROM stars WHERE server = ? AND rating_key = ?",
            [(self._server, key) for key in rating_keys],
        )

    def agree(self, scene_id: int, found: Iterable[tuple[int, Agreed]]) -> None:
        """Rating keys of the scene's items, each with what it shows and what Stash has. Call it inside a transaction."""
        self._connection.executemany(
            "INSERT INTO stars (server, rating_key, scene_id, plex, stash) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
            "(server, rating_key) DO UPDATE SET scene_id = excluded.scene_id, plex = excluded.plex, stash = excluded.stash",
            [(self._server, key, scene_id, each.plex, each.stash) for key, each in found],
        )
