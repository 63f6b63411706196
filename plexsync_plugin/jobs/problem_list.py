"""What a person must look at, page by page, for the page inside Stash. Owns the questions alone: the rows are `dead_letters`',
`store`'s and `orders`'.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from plexsync_plugin.jobs.reasons import ABSENT, AMBIGUOUS, ITEM_MISSING, LOOKED_FOR
from plexsync_plugin.jobs.stored_text import stored_json

AMBIGUOUS_KIND, MISSING_KIND, REFUSED_KIND, ORDERS_KIND = "ambiguous", "missing", "refused", "orders"
KINDS = (AMBIGUOUS_KIND, MISSING_KIND, REFUSED_KIND, ORDERS_KIND)

_KIND = (
    f"CASE WHEN l.scene_id IS NULL THEN '{ORDERS_KIND}' WHEN l.reason = '{AMBIGUOUS}' THEN '{AMBIGUOUS_KIND}' "
    f"WHEN l.reason = '{ITEM_MISSING}' THEN '{MISSING_KIND}' ELSE '{REFUSED_KIND}' END"
)
_LOOKED_FOR = ", ".join(f"'{reason}'" for reason in LOOKED_FOR)
_MISSING = (
    f"((j.state = 'waiting' AND j.reason IN ({_LOOKED_FOR})) OR (j.state = 'done' AND j.reason = '{ABSENT}') "
    f"OR (j.state = 'dead' AND j.reason = '{ITEM_MISSING}'))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProblem:
    """`id` orders the rows of one kind. `state` is the job's, "dead" for orders. Times are epoch seconds. `candidates` are
    sentences."""

    id: int
    scene_id: int | None
    order_id: int | None
    order: str
    state: str
    reason: str
    message: str
    attempts: int
    first_at: float
    last_at: float
    due_at: float | None
    candidates: tuple[str, ...]


class ProblemList:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def counts(self) -> dict[str, int]:
        """How many there are of each kind. The missing are those that wait for their file, too."""
        rows = self._connection.execute(f"SELECT {_KIND}, count(*) FROM dead_letters AS l GROUP BY 1")
        found = dict.fromkeys(KINDS, 0) | {row[0]: row[1] for row in rows}
        query = f"SELECT count(*) FROM jobs AS j WHERE {_MISSING}"
        found[MISSING_KIND] = self._connection.execute(query).fetchone()[0]
        return found

    def reasons(self, kind: str | None) -> list[tuple[str, int]]:
        """How many letters of this kind, or of all, have which reason, the most frequent first."""
        if kind == MISSING_KIND:
            query = f"SELECT j.reason, count(*) FROM jobs AS j WHERE {_MISSING} GROUP BY 1 ORDER BY 2 DESC, 1"
            return [(row[0], row[1]) for row in self._connection.execute(query)]
        rows = self._connection.execute(
            f"SELECT l.reason, count(*) FROM dead_letters AS l WHERE :kind IS NULL OR {_KIND} = :kind "
            "GROUP BY 1 ORDER BY 2 DESC, 1",
            {"kind": kind},
        )
        return [(row[0], row[1]) for row in rows]

    def page(self, kind: str | None, reason: str, after: int | None, limit: int) -> list[ListedProblem]:
        """Of the missing by scene, of the others the newest first; those behind `after`. `reason` "" for any."""
        if kind == MISSING_KIND:
            return self._missing(reason, after or 0, limit)
        rows = self._connection.execute(
            "SELECT l.id, l.scene_id, l.order_id, coalesce(o.name, '') AS \"order\", 'dead' AS state, l.reason, l.message, "
            "l.attempts, l.first_at, l.last_at, NULL AS due_at, l.candidates "
            "FROM dead_letters AS l LEFT JOIN orders AS o ON o.id = l.order_id "
            f"WHERE (:kind IS NULL OR {_KIND} = :kind) AND (:reason = '' OR l.reason = :reason) "
            "AND (:after IS NULL OR l.id < :after) ORDER BY l.id DESC LIMIT :limit",
            {"kind": kind, "reason": reason, "after": after, "limit": limit},
        )
        return [_listed(row) for row in rows]

    def _missing(self, reason: str, after: int, limit: int) -> list[ListedProblem]:
        """Scenes without an item, whether they are looked for, were given up, or are known to be absent."""
        rows = self._connection.execute(
            "SELECT j.scene_id AS id, j.scene_id, NULL AS order_id, '' AS \"order\", j.state, j.reason, j.message, "
            "max(j.attempts, j.looks) AS attempts, coalesce(l.first_at, j.first_failed_at, j.changed_at) AS first_at, "
            "coalesce(j.last_tried_at, j.changed_at) AS last_at, "
            "CASE j.state WHEN 'waiting' THEN j.due_at END AS due_at, coalesce(l.candidates, '[]') AS candidates "
            "FROM jobs AS j LEFT JOIN dead_letters AS l ON l.scene_id = j.scene_id "
            f"WHERE {_MISSING} AND (:reason = '' OR j.reason = :reason) AND j.scene_id > :after "
            "ORDER BY j.scene_id LIMIT :limit",
            {"reason": reason, "after": after, "limit": limit},
        )
        return [_listed(row) for row in rows]

    def files_below(self, prefix: str, end: str) -> list[tuple[int, str]]:
        """Scenes without an item, or with several, and their files, with paths from `prefix` up to `end`."""
        rows = self._connection.execute(
            "SELECT f.scene_id, f.path FROM scene_files AS f JOIN jobs AS j ON j.scene_id = f.scene_id "
            f"WHERE f.path >= ? AND f.path < ? AND ({_MISSING} OR (j.state = 'dead' AND j.reason = '{AMBIGUOUS}'))",
            (prefix, end),
        )
        return [(row[0], row[1]) for row in rows]


def _listed(row: sqlite3.Row) -> ListedProblem:
    return ListedProblem(**{**dict(row), "candidates": tuple(stored_json(row["candidates"]))})


def scene_names(connection: sqlite3.Connection, scene_ids: Sequence[int]) -> dict[int, str]:
    """Titles as they were known last, of the scenes of which any is known: by their failure, by what was written, by activity."""
    rows = connection.execute(
        "SELECT scene_id, coalesce("
        "(SELECT nullif(title, '') FROM scene_files AS f WHERE f.scene_id = w.scene_id LIMIT 1), "
        "(SELECT json_extract(fields, '$.title.wrote[0]') FROM ledger AS l WHERE l.scene_id = w.scene_id "
        "AND json_extract(fields, '$.title.wrote[0]') IS NOT NULL LIMIT 1), "
        "(SELECT title FROM activity AS a WHERE a.scene_id = w.scene_id AND title <> '' ORDER BY id DESC LIMIT 1)) AS title "
        "FROM (SELECT value AS scene_id FROM json_each(?)) AS w",
        (json.dumps(list(scene_ids)),),
    )
    return {row[0]: row[1] for row in rows if row[1]}
