"""Tasks of Stash's task page that the page inside Stash asks for: *Check Setup* and *Preview Changes*.

Each is a process of its own, fed with the document that Stash writes for the task: *Check Setup* must run also while the settings
make no sense, and the worker goes on syncing meanwhile. What it says becomes the message of its order: the verdict, then for
*Check Setup* its lines.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.worker.by_itself.task_child import TaskChild
from plexsync_plugin.worker.orders.orders import Orders

PATIENCE = 3_600.0  # seconds; a preview of a large library takes minutes
LONGEST = 60_000  # characters of a message

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """`orders` were given before it began, by a button that was pressed again, and ask for the same."""

    orders: Sequence[Order]
    child: TaskChild
    until: float  # on the monotonic clock


class AskedTasks:
    def __init__(self, orders: Orders, folder: DataFolder, clock: Clock) -> None:
        self._orders = orders
        self._folder = folder
        self._clock = clock
        self._running: _Running | None = None

    def look(self, connection: StashConnection) -> None:
        """Start the next one, or note the end of the one that runs."""
        if self._running is None:
            order = self._orders.next_asked()
            if order is not None:
                self._running = self._start(order, connection)
        elif self._running.child.code() is not None or self._clock.monotonic() > self._running.until:
            running, self._running = self._running, None
            self._end(running)

    def close(self) -> None:
        """End it with the worker; the next one starts it again."""
        if self._running is not None:
            self._running.child.end()
            self._running.child.close()
            self._running = None

    def _start(self, order: Order, connection: StashConnection) -> _Running | None:
        """None where the system gives no file or no process: then the order has failed."""
        orders = self._orders.asked_alike(order)
        args: dict[str, Any] = {"task": order.name, "asked": True, **order.args, "ids": list(order.ids)}
        try:
            child = TaskChild(self._folder, connection, args, keeps_lines=True)
        except OSError as error:
            _log.warning("task=%s cannot be started: %s", order.name, error)
            self._orders.end_asked(orders, f"It could not be started: {error}. Try it again.", failed=True)
            return None
        _log.info("task=%s started pid=%d", order.name, child.pid)
        return _Running(orders=orders, child=child, until=self._clock.monotonic() + PATIENCE)

    def _end(self, running: _Running) -> None:
        name, code = running.orders[0].name, running.child.end()
        answer, said = running.child.answer(), running.child.lines()
        running.child.close()
        trouble = answer.get("error")
        text = str(answer.get("output") or trouble or f"It ended with code {code} and without a word.")
        if name == "check_setup":
            text = "\n".join([text, *said])
        _log.info("task=%s ended code=%d", name, code)
        self._orders.end_asked(running.orders, text[:LONGEST], failed=not answer.get("output"))
