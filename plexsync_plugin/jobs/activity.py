"""Owns the table `activity`: what became of scenes, and which fields of which items changed by it; the newest 500."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from plexsync_plugin.jobs.stored_text import stored_json

KEPT = 500  # rows
LONGEST = 300  # characters of a value; a person reads the beginning

WRITTEN, FAILED, ABSENT, UNDONE = "written", "failed", "absent", "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`changes` are field, value before and value after; `ms` milliseconds, `requests` those that wrote. `item` 0: none."""

    scene_id: int
    outcome: str
    title: str = ""
    server: str = ""
    item: int = 0
    item_title: str = ""
    text: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    ms: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptActivity:
    """One row. `at` in epoch seconds."""

    id: int
    at: float
    activity: Activity


class ActivityStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, activities: Iterable[Activity], now: float) -> None:
        """Call it inside the transaction that settles the scene."""
        rows = [
            (
                now,
                each.scene_id,
                each.title,
                each.server,
                each.item,
                each.item_title,
                each.outcome,
                shortened(each.text),
                json.dumps(
                    [[name, shortened(before), shortened(after)] for name, before, after in each.changes]
                ),
                each.ms,
                each.requests,
            )
            for each in activities
        ]
        if not rows:
            return
        self._connection.executemany(
            "INSERT INTO activity (at, scene_id, title, server, item, item_title, outcome, text, changes, ms, requests) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        self._connection.execute(
            "DELETE FROM activity WHERE id <= (SELECT max(id) FROM activity) - ?", (KEPT,)
        )

    def newest(self, limit: int, before: int | None = None) -> list[KeptActivity]:
        """Rows with a smaller number than `before`, the newest first."""
        rows = self._connection.execute(
            "SELECT * FROM activity WHERE id < coalesce(?, id + 1) ORDER BY id DESC LIMIT ?", (before, limit)
        )
        return [_kept(row) for row in rows]


def shortened(text: str) -> str:
    """What is kept of a value."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _kept(row: sqlite3.Row) -> KeptActivity:
    return KeptActivity(
        id=row["id"],
        at=row["at"],
        activity=Activity(
            scene_id=row["scene_id"],
            outcome=row["outcome"],
            title=row["title"],
            server=row["server"],
            item=row["item"],
            item_title=row["item_title"],
            text=row["text"],
            changes=tuple((name, before, after) for name, before, after in stored_json(row["changes"])),
            ms=row["ms"],
            requests=row["requests"],
        ),
    )
