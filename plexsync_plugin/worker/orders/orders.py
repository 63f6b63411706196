"""Work that is not about one scene: commands of a person, edited entities, reconciling. Carried out step by step.

A step is short (one page), keeps its place in the order's cursor, and is done again after a kill: so each must change
nothing when it is repeated. What the orders do lives in modules of their own; this one keeps their table.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import Failure, JobStore
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.orders.queue_orders import QUEUE_ORDERS, QueueOrder
from plexsync_plugin.worker.scenes.plex_side import PlexSide

_log = logging.getLogger(__name__)


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
class StepContext:
    """What one step of an order works with, made anew for each: our own state, Stash, and Plex under the settings of now."""

    connection: sqlite3.Connection
    store: JobStore
    records: Records
    clock: Clock
    stash: StashClient
    plex: PlexSide
    settings: Settings
    folder: DataFolder

    def make_due(self, scene_ids: Collection[int], *, priority: int, order_id: int) -> None:
        """Their jobs are put in for this order. Call it inside a transaction."""
        self.store.bump(scene_ids, priority=priority, now=self.clock.now(), order_id=order_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step achieved: the new cursor, jobs put in, and whether the order has ended (with a sentence)."""

    cursor: int = 0
    added: int = 0
    ended: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """How orders of one name are carried out. `needs_plex`: only while Plex can be asked."""

    step: Callable[[Order, StepContext], Step]
    needs_plex: bool = False


class Orders:
    """`procedures` by the order's name; entity events are all under "entity"."""

    def __init__(
        self, connection: sqlite3.Connection, procedures: Mapping[str, Procedure], clock: Clock
    ) -> None:
        self._connection = connection
        self._procedures = procedures
        self._clock = clock

    def queue_order_waits(self) -> bool:
        return self._next_queue_order() is not None

    def carry_out_queue_order(self) -> bool:
        """One order about the queue itself, whole and at once; False when there is none."""
        row = self._next_queue_order()
        if row is None:
            return False
        now = self._clock.now()
        order = QueueOrder(
            id=row["id"],
            ids=tuple(json.loads(row["ids"])),
            reason=str(json.loads(row["args"]).get("reason") or ""),
            at=row["created_at"],
        )
        with transaction(self._connection):
            outcome = QUEUE_ORDERS[row["name"]](order, self._connection, now)
            self._connection.execute(
                "UPDATE orders SET state = 'done', message = ?, total = ?, ended_at = ? WHERE id = ?",
                (outcome.message, outcome.added, now, order.id),
            )
        _log.info("order=%s %s", row["name"], outcome.message)
        return True

    def _next_queue_order(self) -> sqlite3.Row | None:
        marks = ",".join("?" * len(QUEUE_ORDERS))
        row: sqlite3.Row | None = self._connection.execute(
            f"SELECT id, name, ids, args, created_at FROM orders WHERE state = 'waiting' AND name IN ({marks}) "
            "ORDER BY id LIMIT 1",
            tuple(QUEUE_ORDERS),
        ).fetchone()
        return row

    def next(self, *, plex_answers: bool) -> Order | None:
        """The oldest order that can be carried out now."""
        rows = self._connection.execute(
            "SELECT id, kind, name, ids, args, cursor, created_at, attempts, waits FROM orders "
            "WHERE state = 'waiting' AND due_at <= ? ORDER BY id",
            (self._clock.now(),),
        )
        for row in rows:
            order = Order(
                id=row["id"],
                kind=row["kind"],
                name=row["name"],
                ids=tuple(json.loads(row["ids"])),
                args=json.loads(row["args"]),
                cursor=row["cursor"],
                at=row["created_at"],
                attempts=row["attempts"],
                waits=row["waits"],
            )
            procedure = self._procedure(order)
            if plex_answers or procedure is None or not procedure.needs_plex:
                return order
        return None

    def carry_out(self, order: Order, context: StepContext) -> None:
        """One step. Raises whatever it meets: `postpone` or `give_up` the order then."""
        procedure = self._procedure(order)
        if procedure is None:
            with transaction(self._connection):
                self._fail(order, f"This version of PlexSync does not know the order {order.name!r}.")
            return
        self._advance(order, procedure.step(order, context))

    def postpone(self, order: Order, message: str, *, due_at: float, attempts: int, waits: int) -> None:
        """Later; the orders behind it go first meanwhile."""
        self._connection.execute(
            "UPDATE orders SET due_at = ?, attempts = ?, waits = ?, message = ? WHERE id = ? AND state = 'waiting'",
            (due_at, attempts, waits, message, order.id),
        )

    def give_up(self, order: Order, failure: Failure, *, attempts: int) -> None:
        """Onto the list of what a person must look at."""
        with transaction(self._connection):
            self._connection.execute(
                "INSERT INTO dead_letters (order_id, reason, message, detail, attempts, first_at, last_at) "
                "VALUES (:order_id, :reason, :message, :detail, :attempts, :now, :now) "
                "ON CONFLICT (order_id) DO UPDATE SET reason = excluded.reason, message = excluded.message, "
                "detail = excluded.detail, attempts = excluded.attempts, last_at = excluded.last_at",
                {
                    "order_id": order.id,
                    "reason": failure.reason,
                    "message": failure.message,
                    "detail": failure.detail,
                    "attempts": attempts,
                    "now": self._clock.now(),
                },
            )
            self._fail(
                order,
                f"{failure.message} It is on the list of failed scenes (task Status); Retry Failed tries it again.",
            )

    def give(self, name: str, args: Mapping[str, Any], *, ticket: str) -> None:
        """Put in an order from inside the worker; one with the same ticket is not put in twice."""
        self._connection.execute(
            "INSERT INTO orders (ticket, kind, name, ids, args, state, created_at) "
            "VALUES (?, 'command', ?, '[]', ?, 'waiting', ?) ON CONFLICT (ticket) DO NOTHING",
            (ticket, name, json.dumps(dict(args)), self._clock.now()),
        )

    def _procedure(self, order: Order) -> Procedure | None:
        return self._procedures.get("entity" if order.kind == "entity" else order.name)

    def _advance(self, order: Order, step: Step) -> None:
        if not step.ended:
            self._connection.execute(
                "UPDATE orders SET cursor = ?, total = total + ?, due_at = 0, attempts = 0, waits = 0, message = '' "
                "WHERE id = ?",
                (step.cursor, step.added, order.id),
            )
            return
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE orders SET total = total + ? WHERE id = ?", (step.added, order.id)
            )
            self._end(order, "done", step.message)

    def _fail(self, order: Order, message: str) -> None:
        self._end(order, "failed", message)

    def _end(self, order: Order, state: str, message: str) -> None:
        self._connection.execute(
            "UPDATE orders SET state = ?, message = ?, ended_at = ? WHERE id = ?",
            (state, message, self._clock.now(), order.id),
        )
        # Old ones have no reader any more; the table must not grow for ever.
        self._connection.execute(
            "DELETE FROM orders WHERE state <> 'waiting' AND id <= (SELECT max(id) FROM orders) - 500 "
            "AND id NOT IN (SELECT order_id FROM dead_letters WHERE order_id IS NOT NULL)"
        )
