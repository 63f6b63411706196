"""Owns the table `comparisons`: what Stash and Plex had of a scene's items when a person asked for it last."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from plexsync_plugin.jobs.stored_text import stored_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedField:
    """Values as a person reads them; lists are joined by ", "."""

    stash: str
    plex: str
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`at` in epoch seconds."""

    at: float
    fields: Mapping[str, ComparedField]


class Comparisons:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(
        self, server: str, scene_id: int, items: Mapping[int, Mapping[str, ComparedField]], now: float
    ) -> None:
        """Of all items of the scene, by rating key, in place of what was kept. Call it inside a transaction."""
        self._connection.execute(
            "DELETE FROM comparisons WHERE scene_id = ? AND server = ?", (scene_id, server)
        )
        self._connection.executemany(
            "INSERT INTO comparisons (scene_id, server, rating_key, fields, compared_at) VALUES (?, ?, ?, ?, ?)",
            [
                (
                    scene_id,
                    server,
                    key,
                    json.dumps({name: asdict(each) for name, each in fields.items()}, ensure_ascii=False),
                    now,
                )
                for key, fields in items.items()
            ],
        )

    def of_scene(self, scene_id: int) -> dict[tuple[str, int], Comparison]:
        """By server and rating key."""
        rows = self._connection.execute(
            "SELECT server, rating_key, fields, compared_at FROM comparisons WHERE scene_id = ?", (scene_id,)
        )
        return {
            (row["server"], row["rating_key"]): Comparison(
                at=row["compared_at"],
                fields={name: ComparedField(**each) for name, each in stored_json(row["fields"]).items()},
            )
            for row in rows
        }
