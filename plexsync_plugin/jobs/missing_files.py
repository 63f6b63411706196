"""Owns the table `missing_files`: the files of scenes that have no Plex item, so that one is known when it appears there.

A row says that its scene was looked for in vain, not that it still is: who wakes the scene goes by its job.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable

from plexsync_plugin.core.model import File
from plexsync_plugin.core.pathmap import name_key


class MissingFiles:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, scene_id: int, files: Iterable[File]) -> None:
        """These files of the scene have no item, and its others have one. Call it inside a transaction."""
        self._connection.execute("DELETE FROM missing_files WHERE scene_id = ?", (scene_id,))
        self._connection.executemany(
            "INSERT INTO missing_files (scene_id, path, size, name) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(scene_id, file.path, file.size, name_key(file.path)) for file in files],
        )

    def any(self) -> bool:
        """Whether any file may be waited for."""
        return self._connection.execute("SELECT 1 FROM missing_files LIMIT 1").fetchone() is not None

    def named(self, names: Collection[str]) -> list[tuple[int, File]]:
        """Files with one of these names, as `core.pathmap.name_key` gives them, each with its scene."""
        rows = self._connection.execute(
            "SELECT scene_id, path, size FROM missing_files WHERE name IN (SELECT value FROM json_each(?)) "
            "ORDER BY scene_id, path",
            (json.dumps(list(names)),),
        )
        return [(row[0], File(path=row[1], size=row[2])) for row in rows]
