"""Owns the table `dead_letters`: what a person must look at. A letter is about a scene, an order, or a row of the inbox.

Which failure ends here is `core.retry`'s; the job and the order of a letter are `store`'s and `orders`'.
All times are given by the caller, in epoch seconds.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.jobs.reasons import UNREADABLE_ROW, Failure
from plexsync_plugin.jobs.stored_text import stored_json

_RENEWED = (
    "reason = excluded.reason, message = excluded.message, candidates = excluded.candidates, "
    "detail = excluded.detail, attempts = excluded.attempts, last_at = excluded.last_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter is about: a scene, an order, or with neither a row of the inbox."""

    id: int
    scene_id: int | None
    order_id: int | None


class DeadLetters:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put_scene(
        self,
        scene_id: int,
        failure: Failure,
        *,
        candidates: str,
        attempts: int,
        first_at: float,
        now: float,
    ) -> None:
        """A scene whose job failed for good; the letter that it had already keeps the time of its first failure.

        `candidates` is a JSON list of sentences.
        """
        self._connection.execute(
            "INSERT INTO dead_letters (scene_id, reason, message, candidates, detail, attempts, first_at, last_at) "
            f"VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (scene_id) DO UPDATE SET {_RENEWED}",
            (scene_id, failure.reason, failure.message, candidates, failure.detail, attempts, first_at, now),
        )

    def put_order(self, order_id: int, failure: Failure, *, attempts: int, now: float) -> None:
        """An order that was given up; the letter that it had already keeps the time of its first failure."""
        self._connection.execute(
            "INSERT INTO dead_letters (order_id, reason, message, detail, attempts, first_at, last_at) "
            f"VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id) DO UPDATE SET {_RENEWED}",
            (order_id, failure.reason, failure.message, failure.detail, attempts, now, now),
        )

    def put_row(self, raw: str, message: str, now: float) -> None:
        """A row of the inbox that cannot be read; the same one again changes nothing."""
        self._connection.execute(
            "INSERT INTO dead_letters (reason, message, detail, first_at, last_at) "
            "SELECT :reason, :message, :raw, :now, :now WHERE NOT EXISTS "
            "(SELECT 1 FROM dead_letters WHERE reason = :reason AND detail = :raw)",
            {"reason": UNREADABLE_ROW, "message": message, "raw": raw, "now": now},
        )

    def drop_revived(self, scene_ids: Iterable[int]) -> None:
        """Take those of these scenes off the list whose job is not dead any more."""
        self._connection.executemany(
            "DELETE FROM dead_letters WHERE scene_id = :scene_id "
            "AND (SELECT state FROM jobs WHERE scene_id = :scene_id) <> 'dead'",
            [{"scene_id": scene_id} for scene_id in scene_ids],
        )

    def drop_all_revived(self) -> None:
        """Take every scene off the list whose job is not dead any more."""
        self._connection.execute(
            "DELETE FROM dead_letters WHERE scene_id IN (SELECT scene_id FROM jobs WHERE state <> 'dead')"
        )

    def drop(self, letters: Iterable[Letter]) -> None:
        """Take these off the list, whatever they are about."""
        self._connection.executemany(
            "DELETE FROM dead_letters WHERE id = ?", [(letter.id,) for letter in letters]
        )

    def select(self, scene_ids: Sequence[int], reason: str, numbers: Sequence[int] = ()) -> list[Letter]:
        """Those about these scenes, and those with these numbers; without both those with this reason; with reason "" all. The
        oldest first."""
        where, values = "1", {"scenes": json.dumps(list(scene_ids)), "reason": reason}
        values["numbers"] = json.dumps(list(numbers))
        if scene_ids or numbers:
            where = "(scene_id IN (SELECT value FROM json_each(:scenes)) OR id IN (SELECT value FROM json_each(:numbers)))"
        elif reason:
            where = "reason = :reason"
        query = f"SELECT id, scene_id, order_id FROM dead_letters WHERE {where} ORDER BY id"
        return [Letter(**dict(row)) for row in self._connection.execute(query, values)]

    def reasons(self) -> set[str]:
        """Those of all letters."""
        return set(dict(self.numbers_by_reason()))

    def count(self) -> int:
        """How many letters there are."""
        number: int = self._connection.execute("SELECT count(*) FROM dead_letters").fetchone()[0]
        return number

    def numbers_by_reason(self) -> list[tuple[str, int]]:
        """How many letters have which reason, the most frequent first."""
        rows = self._connection.execute(
            "SELECT reason, count(*) FROM dead_letters GROUP BY reason ORDER BY count(*) DESC, reason"
        )
        return [(row[0], row[1]) for row in rows]

    def newest(self, limit: int) -> list[dict[str, Any]]:
        """For *Status*, the newest first, `candidates` as a list; -1 is no limit. `order` is an order's name, or ""."""
        rows = self._connection.execute(
            "SELECT l.scene_id, coalesce(o.name, '') AS \"order\", l.reason, l.message, l.candidates, l.attempts, "
            "l.first_at, l.last_at FROM dead_letters AS l LEFT JOIN orders AS o ON o.id = l.order_id "
            "ORDER BY l.last_at DESC, l.id DESC LIMIT ?",
            (limit,),
        )
        return [{**dict(row), "candidates": stored_json(row["candidates"])} for row in rows]

    def of_scene(self, scene_id: int) -> dict[str, Any] | None:
        """All that is kept about a failed scene, `candidates` as a list; None when it is not on the list."""
        row = self._connection.execute(
            "SELECT reason, message, candidates, detail, attempts, first_at, last_at FROM dead_letters "
            "WHERE scene_id = ?",
            (scene_id,),
        ).fetchone()
        return {**dict(row), "candidates": stored_json(row["candidates"])} if row else None
