"""Questions of a person about jobs: how many are in which state, and how one stands. The rows are `store`'s."""

import sqlite3
from collections.abc import Sequence
from typing import Any


class JobReports:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of_scene(self, scene_id: int) -> dict[str, Any] | None:
        """The scene's job for a person, without what is the worker's business alone; None where it has none."""
        row = self._connection.execute(
            "SELECT state, priority, due_at, attempts, waits, looks, reason, message, last_tried_at, changed_at "
            "FROM jobs WHERE scene_id = ?",
            (scene_id,),
        ).fetchone()
        return dict(row) if row else None

    def numbers_by_state(self) -> dict[str, int]:
        """How many jobs are in which state; a state without a job is left out."""
        rows = self._connection.execute("SELECT state, count(*) FROM jobs GROUP BY state")
        return {row[0]: row[1] for row in rows}

    def count(self, state: str, reasons: Sequence[str]) -> int:
        """How many jobs are in this state for one of these reasons."""
        marks = ",".join("?" * len(reasons))
        query = f"SELECT count(*) FROM jobs WHERE state = ? AND reason IN ({marks})"
        number: int = self._connection.execute(query, (state, *reasons)).fetchone()[0]
        return number
