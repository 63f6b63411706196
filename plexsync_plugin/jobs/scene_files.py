"""Owns the table `scene_files`: title and files of scenes that could not be synced, so that a person can be told of them, and what a
path rule would do, without asking Stash.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.model import File, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptScene:
    title: str
    files: tuple[File, ...]


class SceneFiles:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def note(self, scene: Scene) -> None:
        """As Stash has it now; nothing is written where that is known. No transaction may be open.

        It need not outlast a power cut: the next look notes it again.
        """
        wanted = {(file.path, file.size, scene.title) for file in scene.files}
        rows = self._connection.execute(
            "SELECT path, size, title FROM scene_files WHERE scene_id = ?", (scene.id,)
        )
        if {tuple(row) for row in rows} == wanted:
            return
        with relaxed(self._connection), transaction(self._connection):
            self._connection.execute("DELETE FROM scene_files WHERE scene_id = ?", (scene.id,))
            self._connection.executemany(
                "INSERT INTO scene_files (scene_id, path, size, title) VALUES (?, ?, ?, ?)",
                [(scene.id, *each) for each in wanted],
            )

    def of_scenes(self, scene_ids: Iterable[int]) -> dict[int, KeptScene]:
        """By scene; those that never failed are left out."""
        rows = self._connection.execute(
            "SELECT scene_id, path, size, title FROM scene_files "
            "WHERE scene_id IN (SELECT value FROM json_each(?)) ORDER BY scene_id, path",
            (json.dumps(list(scene_ids)),),
        )
        titles: dict[int, str] = {}
        files: dict[int, list[File]] = {}
        for row in rows:
            titles[row["scene_id"]] = row["title"]
            files.setdefault(row["scene_id"], []).append(File(path=row["path"], size=row["size"]))
        return {number: KeptScene(title=titles[number], files=tuple(held)) for number, held in files.items()}
