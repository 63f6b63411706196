"""Owns the table `orders`: work that is not about one scene, how far it has come and how it ended.

What an order does is `worker.orders`'; an order that was given up has a letter in `dead_letters`.
All times are given by the caller, in epoch seconds.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.jobs.stored_text import stored_json

# Carried out by processes of their own, whatever the settings are.
ASKED_TASKS = ("check_setup", "preview")
KEPT = 500  # so many of the last orders are kept once they have ended; older ones have no reader any more

_ORDER = "id, kind, name, ids, args, cursor, created_at, attempts, waits"
_AFRESH = "due_at = 0, attempts = 0, waits = 0, message = ''"  # what an order forgets of its failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`cursor` is how far it has come, in the order's own measure; 0 at the start. `at` is when it was put in, in epoch
    seconds. `attempts` and `waits` are failures in a row."""

    id: int
    kind: str
    name: str
    ids: tuple[int, ...]
    args: Mapping[str, Any]
    cursor: int
    at: float
    attempts: int = 0
    waits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """How an order stands. `total` is the number of jobs that it has put in; `message` is what it says of itself, or why it
    is tried again at `due_at`, in epoch seconds."""

    id: int
    state: str
    message: str
    total: int
    due_at: float


class OrderStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(
        self, ticket: str, *, kind: str, name: str, ids: Sequence[int], args: Mapping[str, Any], now: float
    ) -> None:
        """Put in an order; one with the same ticket is not put in twice."""
        self._connection.execute(
            "INSERT INTO orders (ticket, kind, name, ids, args, state, created_at) "
            "VALUES (?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (ticket) DO NOTHING",
            (ticket, kind, name, json.dumps(list(ids)), json.dumps(dict(args)), now),
        )

    # --- carrying out --------------------------------------------------------------------------------------------

    def due(self, now: float) -> Iterator[Order]:
        """Orders that may be carried out now, the oldest first."""
        rows = self._connection.execute(
            f"SELECT {_ORDER} FROM orders WHERE state = 'waiting' AND due_at <= ? ORDER BY id", (now,)
        )
        return (_order(row) for row in rows)

    def first_waiting(self, names: Collection[str]) -> Order | None:
        """The oldest waiting order with one of these names, due or not."""
        marks = ",".join("?" * len(names))
        row = self._connection.execute(
            f"SELECT {_ORDER} FROM orders WHERE state = 'waiting' AND name IN ({marks}) ORDER BY id LIMIT 1",
            tuple(names),
        ).fetchone()
        return _order(row) if row else None

    def first_brake(self) -> Order | None:
        """The oldest Undo that has not yet taken out what waits."""
        row = self._connection.execute(
            f"SELECT {_ORDER} FROM orders WHERE state = 'waiting' AND name = 'undo' AND cursor = 0 "
            "ORDER BY id LIMIT 1"
        ).fetchone()
        return _order(row) if row else None

    def waits_besides(self, name: str, order_id: int) -> bool:
        """Whether another order of this name is still to be carried out."""
        row = self._connection.execute(
            "SELECT 1 FROM orders WHERE state = 'waiting' AND name = ? AND id <> ?", (name, order_id)
        ).fetchone()
        return row is not None

    def advance(self, order_id: int, *, cursor: int, added: int) -> None:
        """A step has succeeded: the order has come so far, and put in so many more jobs."""
        self._connection.execute(
            f"UPDATE orders SET cursor = ?, total = total + ?, {_AFRESH} WHERE id = ?",
            (cursor, added, order_id),
        )

    def end(self, order_id: int, state: str, message: str, now: float, *, added: int = 0) -> None:
        """`state` is "done" or "failed". Call it inside a transaction: the oldest ended orders go at the same time."""
        self._connection.execute(
            "UPDATE orders SET state = ?, message = ?, total = total + ?, ended_at = ? WHERE id = ?",
            (state, message, added, now, order_id),
        )
        self._connection.execute(
            "DELETE FROM orders WHERE state <> 'waiting' AND id <= (SELECT max(id) FROM orders) - ? "
            "AND id NOT IN (SELECT order_id FROM dead_letters WHERE order_id IS NOT NULL)",
            (KEPT,),
        )

    def postpone(self, order_id: int, message: str, *, due_at: float, attempts: int, waits: int) -> None:
        """Not before that time; the orders behind it go first meanwhile."""
        self._connection.execute(
            "UPDATE orders SET due_at = ?, attempts = ?, waits = ?, message = ? WHERE id = ? AND state = 'waiting'",
            (due_at, attempts, waits, message, order_id),
        )

    # --- by hand -------------------------------------------------------------------------------------------------

    def revive(self, order_ids: Iterable[int]) -> None:
        """These orders wait again, with all their attempts, and go on where they had come to."""
        self._connection.executemany(
            f"UPDATE orders SET state = 'waiting', {_AFRESH}, ended_at = NULL WHERE id = ?",
            [(order_id,) for order_id in order_ids],
        )

    def cancel_before(self, order_id: int, message: str, now: float) -> int:
        """End every order that waits and was put in before this one; how many."""
        return self._connection.execute(
            "UPDATE orders SET state = 'failed', message = ?, ended_at = ? WHERE state = 'waiting' AND id < ?",
            (message, now, order_id),
        ).rowcount

    # --- readings ------------------------------------------------------------------------------------------------

    def state_of(self, ticket: str) -> OrderState | None:
        """How the order with this ticket stands; None while it has not been taken out of the inbox."""
        row = self._connection.execute(
            "SELECT id, state, message, total, due_at FROM orders WHERE ticket = ?", (ticket,)
        ).fetchone()
        return OrderState(**dict(row)) if row else None

    def has_batch(self, batch: str) -> bool:
        """Whether an entity event of this batch was put in already."""
        query = "SELECT 1 FROM orders WHERE kind = 'entity' AND json_extract(args, '$.batch') = ? ORDER BY id DESC"
        return self._connection.execute(query, (batch,)).fetchone() is not None

    def waiting_names(self) -> list[str]:
        """The names of all waiting orders, the oldest first."""
        rows = self._connection.execute("SELECT name FROM orders WHERE state = 'waiting' ORDER BY id")
        return [row[0] for row in rows]

    def postponed(self) -> list[tuple[str, str, float]]:
        """Waiting orders that failed and are tried again: name, message and due time, the oldest first."""
        rows = self._connection.execute(
            "SELECT name, message, due_at FROM orders WHERE state = 'waiting' AND due_at > 0 ORDER BY id"
        )
        return [(row[0], row[1], row[2]) for row in rows]


def _order(row: sqlite3.Row) -> Order:
    return Order(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        ids=tuple(stored_json(row["ids"])),
        args=stored_json(row["args"]),
        cursor=row["cursor"],
        at=row["created_at"],
        attempts=row["attempts"],
        waits=row["waits"],
    )
