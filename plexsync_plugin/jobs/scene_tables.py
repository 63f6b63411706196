"""Owns the list of tables that hold rows about a scene: forgetting a scene, the census and Undo go by it.

A test compares it with the schema, so that a new table cannot be left out.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneTable:
    """`says_in_sync`: its rows say, for each server, that Plex shows what Stash has; after an undo that is not true."""

    name: str
    says_in_sync: bool = False


SCENE_TABLES = (
    SceneTable(name="jobs"),
    SceneTable(name="matches"),
    SceneTable(name="file_matches"),
    SceneTable(name="missing_files"),
    SceneTable(name="synced", says_in_sync=True),
    SceneTable(name="dead_letters"),
    SceneTable(name="covers"),
    SceneTable(name="scene_entities"),
    SceneTable(name="undone"),
    SceneTable(name="resume_points"),
    SceneTable(name="stars"),
    SceneTable(name="scene_files"),
    SceneTable(name="comparisons"),
)
# Tables with scenes that are in no list, each with the reason.
OUTLIVES_SCENES = {
    "ledger": "what PlexSync wrote to an item can be undone although the scene is gone",
    "choices": "what a person chose is about a file, which another scene has after a merge",
    "plays": "a play that was counted must be known when Plex tells of it again, whatever became of its scene",
    "activity": "what was done stays told, and goes by itself",
}


def forget(connection: sqlite3.Connection, scene_ids: Iterable[int]) -> None:
    """Scenes that Stash has no more: all that is remembered of them goes. Call it inside a transaction."""
    rows = [(scene_id,) for scene_id in scene_ids]
    for table in SCENE_TABLES:
        connection.executemany(f"DELETE FROM {table.name} WHERE scene_id = ?", rows)


def forget_in_sync(connection: sqlite3.Connection, server: str, scene_ids: Iterable[int]) -> None:
    """That these scenes are in sync with this server is not true any more. Call it inside a transaction."""
    values = {"server": server, "scenes": json.dumps(list(scene_ids))}
    for table in SCENE_TABLES:
        if table.says_in_sync:
            connection.execute(
                f"DELETE FROM {table.name} WHERE server = :server "
                "AND scene_id IN (SELECT value FROM json_each(:scenes))",
                values,
            )


def remembered_scenes(connection: sqlite3.Connection, after: int, last: int) -> set[int]:
    """The scenes with ids above `after`, up to `last`, of which a table knows anything."""
    found: set[int] = set()
    for table in SCENE_TABLES:
        rows = connection.execute(
            f"SELECT DISTINCT scene_id FROM {table.name} WHERE scene_id > ? AND scene_id <= ?", (after, last)
        )
        found.update(row[0] for row in rows)
    return found
