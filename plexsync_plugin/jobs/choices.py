"""Owns the table `choices`: matches that a person has made by hand. What they mean is `core.choices`'s."""

import json
import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core.choices import Choice
from plexsync_plugin.core.pathmap import same_path

_CHOICE = "path, place, scene_id, size, rating_key"


class ChoiceStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all_of(self, server: str) -> list[Choice]:
        """On this server."""
        rows = self._connection.execute(f"SELECT {_CHOICE} FROM choices WHERE server = ?", (server,))
        return [Choice(**dict(row)) for row in rows]

    def concerning(self, server: str, scenes: Iterable[int], places: Iterable[str]) -> list[Choice]:
        """On this server: those for these scenes, and those of these files of Plex. The table is small: each row is a person's."""
        rows = self._connection.execute(
            f"SELECT {_CHOICE} FROM choices WHERE server = ? AND (scene_id IN (SELECT value FROM json_each(?)) "
            "OR place IN (SELECT value FROM json_each(?))) ORDER BY scene_id, path",
            (server, json.dumps(list(scenes)), json.dumps(list(places))),
        )
        return [Choice(**dict(row)) for row in rows]

    def of_scene(self, scene_id: int) -> list[Choice]:
        """On any server."""
        rows = self._connection.execute(
            f"SELECT {_CHOICE} FROM choices WHERE scene_id = ? ORDER BY server, path", (scene_id,)
        )
        return [Choice(**dict(row)) for row in rows]

    def put(self, server: str, choice: Choice, now: float) -> list[Choice]:
        """This holds from now on, in epoch seconds, and earlier choices of the same file of Plex do not: those. Call it inside a
        transaction."""
        others = [
            each
            for each in self.all_of(server)
            if each.path != choice.path and same_path(each.place, choice.place)
        ]
        self.drop(server, [each.path for each in others])
        self._connection.execute(
            "INSERT OR REPLACE INTO choices (server, path, scene_id, size, place, rating_key, chosen_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (server, choice.path, choice.scene_id, choice.size, choice.place, choice.rating_key, now),
        )
        return others

    def drop(self, server: str, paths: Iterable[str]) -> None:
        """Taken back by a person."""
        self._connection.executemany(
            "DELETE FROM choices WHERE server = ? AND path = ?", [(server, path) for path in paths]
        )

    def drop_ended(self, paths: Iterable[str]) -> None:
        """No scene has these files any more."""
        self._connection.executemany("DELETE FROM choices WHERE path = ?", [(path,) for path in paths])

    def move(self, server: str, choice: Choice, path: str, scene_id: int) -> None:
        """Its file has this path now, and is this scene's."""
        self._connection.execute(
            "UPDATE OR REPLACE choices SET path = ?, scene_id = ? WHERE server = ? AND path = ?",
            (path, scene_id, server, choice.path),
        )
