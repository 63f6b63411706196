"""Orders that are under way, with how far they are, for the page inside Stash. Owns the question alone: the rows are `orders`' and
`store`'s.
"""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOrder:
    """`state` is the order's own; `total` are the jobs that it has put in, `open` those of them that are due or in hand.
    `due_at` in epoch seconds, 0 where nothing puts it off."""

    ticket: str
    name: str
    state: str
    cursor: int
    total: int
    open: int
    message: str
    due_at: float


_OPEN = "(j.state = 'running' OR (j.state = 'waiting' AND j.due_at <= :now))"


def orders_under_way(connection: sqlite3.Connection, now: float, limit: int) -> list[ListedOrder]:
    """Those that wait, and those whose jobs are not done, the oldest first. `now` in epoch seconds."""
    rows = connection.execute(
        "WITH open AS MATERIALIZED (SELECT order_id, count(*) AS jobs FROM jobs AS j "
        f"WHERE order_id IS NOT NULL AND {_OPEN} GROUP BY order_id) "
        "SELECT o.ticket, o.name, o.state, o.cursor, o.total, coalesce(open.jobs, 0) AS open, o.message, o.due_at "
        "FROM orders AS o LEFT JOIN open ON open.order_id = o.id "
        "WHERE o.state = 'waiting' OR open.jobs > 0 ORDER BY o.id LIMIT :limit",
        {"now": now, "limit": limit},
    )
    return [ListedOrder(**dict(row)) for row in rows]
