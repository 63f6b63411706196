"""Work that is not about one scene: commands of a person, edited entities, reconciling. Carried out step by step.

A step is short (one page), keeps its place in the order's cursor, and is done again after a kill: so each must change
nothing when it is repeated. What the orders do lives in modules of their own; their table is `jobs.orders`'.
"""

import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.orders import ASKED_TASKS, Order, OrderStore
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.orders.queue_orders import QUEUE_ORDERS, Queue, brake
from plexsync_plugin.worker.scenes.plex_side import PlexSide

_log = logging.getLogger(__name__)


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
    say: Callable[[str, str], object]  # level, and a sentence for Stash's log page
    come_first: Callable[[], bool]  # whether something else does, between two requests of a long step

    def make_due(self, scene_ids: Collection[int], *, priority: int, order_id: int) -> None:
        """Their jobs are put in for this order. Call it inside a transaction."""
        self.store.bump(scene_ids, priority=priority, now=self.clock.now(), order_id=order_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step achieved: the new cursor, jobs put in, and whether the order has ended (with a sentence), or is `refused`:
    it cannot be meant so."""

    cursor: int = 0
    added: int = 0
    ended: bool = False
    message: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """How orders of one name are carried out. `needs_plex`: only while Plex can be asked. `behind_bulk`: after its first step
    it goes on when no bulk work is due."""

    step: Callable[[Order, StepContext], Step]
    needs_plex: bool = False
    behind_bulk: bool = False


class Orders:
    """`procedures` by the order's name; entity events are all under "entity"."""

    def __init__(
        self, connection: sqlite3.Connection, procedures: Mapping[str, Procedure], clock: Clock
    ) -> None:
        self._connection = connection
        self._orders = OrderStore(connection)
        self._letters = DeadLetters(connection)
        self._queue = Queue.of(connection)
        self._procedures = procedures
        self._clock = clock

    def queue_order_waits(self) -> bool:
        """Whether an order about the queue itself is to be carried out, or an Undo is to take out what waits."""
        return self._next_queue_order() is not None

    def carry_out_queue_order(self) -> bool:
        """One order about the queue itself, whole and at once; False when there is none."""
        order = self._next_queue_order()
        if order is None:
            return False
        now = self._clock.now()
        if order.name not in QUEUE_ORDERS:
            with transaction(self._connection):
                brake(order, self._queue, now)
            return True
        with transaction(self._connection):
            outcome = QUEUE_ORDERS[order.name](order, self._queue, now)
            self._orders.end(order.id, "done", outcome.message, now, added=outcome.added)
        _log.info("order=%s %s", order.name, outcome.message)
        return True

    def _next_queue_order(self) -> Order | None:
        waiting = (self._orders.first_waiting(QUEUE_ORDERS), self._orders.first_brake())
        return min(
            (order for order in waiting if order is not None), key=lambda order: order.id, default=None
        )

    def next(self, *, plex_answers: bool, bulk_waits: bool = False, only: str = "") -> Order | None:
        """The oldest order, of this name if one is given, that can be carried out now."""
        for order in self._orders.due(self._clock.now()):
            if (only and order.name != only) or order.name in ASKED_TASKS:
                continue
            procedure = self._procedure(order)
            if procedure is None:
                return order
            behind = bulk_waits and procedure.behind_bulk and order.cursor > 0
            if not behind and (plex_answers or not procedure.needs_plex):
                return order
        return None

    def carry_out(self, order: Order, context: StepContext) -> None:
        """One step. Raises whatever it meets: `postpone` or `give_up` the order then."""
        procedure = self._procedure(order)
        if procedure is None:
            self._fail(order, f"This version of PlexSync does not know the order {order.name!r}.")
            return
        self._advance(order, procedure.step(order, context))

    def next_asked(self) -> Order | None:
        """The oldest order that a process of its own carries out."""
        return self._orders.first_waiting(ASKED_TASKS)

    def asked_alike(self, order: Order) -> list[Order]:
        """All that wait for the very same, this one among them: one run answers them."""
        question = _question(order)
        return [each for each in self._orders.due(self._clock.now()) if _question(each) == question]

    def end_asked(self, orders: Iterable[Order], message: str, *, failed: bool) -> None:
        """That process has ended, with these words."""
        with transaction(self._connection):
            for order in orders:
                self._end(order, "failed" if failed else "done", message)

    def postpone(self, order: Order, message: str, *, due_at: float, attempts: int, waits: int) -> None:
        """Later; the orders behind it go first meanwhile."""
        self._orders.postpone(order.id, message, due_at=due_at, attempts=attempts, waits=waits)

    def give_up(self, order: Order, failure: Failure, *, attempts: int) -> None:
        """Onto the list of what a person must look at."""
        with transaction(self._connection):
            self._letters.put_order(order.id, failure, attempts=attempts, now=self._clock.now())
            self._end(
                order,
                "failed",
                f"{failure.message} It is on the list of failed scenes (task Status); Retry Failed tries it again.",
            )

    def give(self, name: str, args: Mapping[str, Any], *, ticket: str) -> None:
        """Put in an order from inside the worker; one with the same ticket is not put in twice."""
        self._orders.add(ticket, kind="command", name=name, ids=(), args=args, now=self._clock.now())

    def waits(self, name: str) -> bool:
        """Whether an order of this name is still to be carried out."""
        return self._orders.first_waiting([name]) is not None

    def _procedure(self, order: Order) -> Procedure | None:
        return self._procedures.get("entity" if order.kind == "entity" else order.name)

    def _advance(self, order: Order, step: Step) -> None:
        if not step.ended:
            self._orders.advance(order.id, cursor=step.cursor, added=step.added)
            return
        with transaction(self._connection):
            self._end(order, "failed" if step.refused else "done", step.message, added=step.added)

    def _fail(self, order: Order, message: str) -> None:
        with transaction(self._connection):
            self._end(order, "failed", message)

    def _end(self, order: Order, state: str, message: str, *, added: int = 0) -> None:
        self._orders.end(order.id, state, message, self._clock.now(), added=added)


def _question(order: Order) -> tuple[str, tuple[int, ...], dict[str, Any]]:
    """What is asked for, whoever holds the ticket."""
    return order.name, order.ids, {name: value for name, value in order.args.items() if name != "ticket"}
