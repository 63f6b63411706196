"""Owns the table `scene_entities`: the performers, studios, tags and groups that each scene showed when it was last synced.

After a destroy Stash no longer knows which scenes these were.
"""

import json
import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core.model import Scene


class SceneEntities:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, scene: Scene) -> None:
        """What the scene shows now, in place of what it showed before."""
        self._connection.execute("DELETE FROM scene_entities WHERE scene_id = ?", (scene.id,))
        self._connection.executemany(
            "INSERT INTO scene_entities (kind, entity_id, scene_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(entity.kind, entity.id, scene.id) for entity in scene.entities],
        )

    def showing(self, kind: str, entity_ids: Iterable[int], after: int, last: int) -> set[int]:
        """Scenes that showed one of the entities when they were last synced, with ids above `after`, up to `last`."""
        rows = self._connection.execute(
            "SELECT scene_id FROM scene_entities WHERE kind = ? AND scene_id > ? AND scene_id <= ? "
            "AND entity_id IN (SELECT value FROM json_each(?))",
            (kind, after, last, json.dumps(list(entity_ids))),
        )
        return {row[0] for row in rows}
