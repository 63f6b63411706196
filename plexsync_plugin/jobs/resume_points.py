"""Owns the table `resume_points`: what Stash was given as a scene's resume point, and what Plex showed then."""

import sqlite3
from dataclasses import dataclass

NOTHING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePoint:
    """In milliseconds; NOTHING where none was given. `writing` may have been given: a crash can fall between the two."""

    seen: str = ""
    wrote: int = NOTHING
    writing: int = NOTHING


class ResumePoints:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, scene_id: int) -> ResumePoint:
        """What is known of the scene; nothing at first."""
        row = self._connection.execute(
            "SELECT seen, wrote, writing FROM resume_points WHERE scene_id = ?", (scene_id,)
        ).fetchone()
        return ResumePoint(**dict(row)) if row else ResumePoint()

    def put(self, scene_id: int, point: ResumePoint) -> None:
        """What is known of the scene from now on."""
        self._connection.execute(
            "INSERT INTO resume_points (scene_id, seen, wrote, writing) VALUES (?, ?, ?, ?) ON CONFLICT (scene_id) "
            "DO UPDATE SET seen = excluded.seen, wrote = excluded.wrote, writing = excluded.writing",
            (scene_id, point.seen, point.wrote, point.writing),
        )
