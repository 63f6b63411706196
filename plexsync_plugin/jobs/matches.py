"""Owns the table `matches`: which Plex items each scene was found to be. How they are found is `worker.finding`'s."""

import json
import sqlite3
from collections.abc import Collection, Iterable

from plexsync_plugin.core.drift import files_mark
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import Item


class Matches:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def matched_keys(self, server: str, scene_id: int) -> list[int]:
        """Of the items that it was found to be; where that is forgotten, of those that show something of it."""
        found = self.found_keys(server, scene_id)
        if found:
            return found
        rows = self._connection.execute(
            "SELECT rating_key FROM ledger WHERE scene_id = ? AND server = ? AND fields <> '{}' ORDER BY rating_key",
            (scene_id, server),
        )
        return [row[0] for row in rows]

    def found_keys(self, server: str, scene_id: int) -> list[int]:
        """Rating keys of the items that the scene was found to be."""
        rows = self._connection.execute(
            "SELECT rating_key FROM matches WHERE scene_id = ? AND server = ? ORDER BY rating_key",
            (scene_id, server),
        )
        return [row[0] for row in rows]

    def scenes_with_files(self, server: str, rating_keys: Collection[int]) -> dict[int, tuple[int, str]]:
        """By rating key the scene that an item was found to be, and the mark of its files then."""
        rows = self._connection.execute(
            "SELECT rating_key, min(scene_id), files FROM matches WHERE server = ? AND files <> '' "
            "AND rating_key IN (SELECT value FROM json_each(?)) GROUP BY rating_key",
            (server, json.dumps(list(rating_keys))),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def scenes_of_items(self, server: str, rating_keys: Iterable[int]) -> dict[int, int]:
        """A scene of each of these items that was found to be one; the others are left out."""
        rows = self._connection.execute(
            "SELECT rating_key, min(scene_id) FROM matches WHERE server = ? "
            "AND rating_key IN (SELECT value FROM json_each(?)) GROUP BY rating_key",
            (server, json.dumps(list(rating_keys))),
        )
        return {row[0]: row[1] for row in rows}

    def matched_sections(self, server: str) -> set[int]:
        """Those that hold items of scenes."""
        rows = self._connection.execute("SELECT DISTINCT section FROM matches WHERE server = ?", (server,))
        return {row[0] for row in rows}

    def matched_among(self, server: str, rating_keys: Collection[int]) -> set[int]:
        """Those of these items that a scene was found to be."""
        rows = self._connection.execute(
            "SELECT DISTINCT rating_key FROM matches "
            "WHERE server = ? AND rating_key IN (SELECT value FROM json_each(?))",
            (server, json.dumps(list(rating_keys))),
        )
        return {row[0] for row in rows}

    def matched_sections_of(self, server: str, scene_id: int) -> list[tuple[int, int]]:
        """Rating key and section of the items that the scene was found to be."""
        rows = self._connection.execute(
            "SELECT rating_key, section FROM matches WHERE scene_id = ? AND server = ? ORDER BY rating_key",
            (scene_id, server),
        )
        return [(row[0], row[1]) for row in rows]

    def matched_sections_between(
        self, server: str, after: int, last: int
    ) -> dict[int, list[tuple[int, int]]]:
        """The same by scene, with ids above `after`, up to `last`."""
        rows = self._connection.execute(
            "SELECT scene_id, rating_key, section FROM matches "
            "WHERE server = ? AND scene_id > ? AND scene_id <= ? ORDER BY scene_id, rating_key",
            (server, after, last),
        )
        found: dict[int, list[tuple[int, int]]] = {}
        for row in rows:
            found.setdefault(row[0], []).append((row[1], row[2]))
        return found

    def drop_matches(self, server: str, scene_id: int, rating_keys: Iterable[int]) -> None:
        """The scene is none of these items."""
        self._connection.executemany(
            "DELETE FROM matches WHERE server = ? AND scene_id = ? AND rating_key = ?",
            [(server, scene_id, rating_key) for rating_key in rating_keys],
        )

    def add_match(self, server: str, scene_id: int, candidate: Candidate) -> None:
        """A guess until the item is read and seen to hold the file."""
        self._connection.execute(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (scene_id, server, candidate.rating_key, candidate.section, int(candidate.kind)),
        )

    def set_matches(self, server: str, scene_id: int, items: Iterable[Item]) -> None:
        """These items and no others hold the scene's files."""
        self._connection.execute("DELETE FROM matches WHERE scene_id = ? AND server = ?", (scene_id, server))
        self._connection.executemany(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind, files) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (scene_id, server, item.rating_key, item.section, int(item.kind), files_mark(item.files))
                for item in items
            ],
        )
