"""What the worker does by itself: a reconcile every `reconcile_interval` hours of its life (-1: never)."""

import sqlite3

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.worker.orders.orders import Orders
from plexsync_plugin.worker.orders.reconcile import RECONCILED

LOOK_EVERY = 60.0  # seconds
SETTLE = 300.0  # seconds; a worker that starts long after the last reconcile lets what is newer go first
HOUR = 3_600.0


class ReconcileSchedule:
    def __init__(self, connection: sqlite3.Connection, orders: Orders, clock: Clock) -> None:
        self._facts = Facts(connection)
        self._orders = orders
        self._clock = clock
        self._next_look = clock.monotonic() + SETTLE
        self._last()  # the first start begins the first interval

    def look(self, settings: Settings) -> None:
        """Give the order when it is due; never while another reconcile waits."""
        if settings.reconcile_interval < 0 or self._clock.monotonic() < self._next_look:
            return
        self._next_look = self._clock.monotonic() + LOOK_EVERY
        now, last = self._clock.now(), self._last()
        if now - last < settings.reconcile_interval * HOUR or self._orders.waits("reconcile"):
            return
        # Counted from now on, so that one that breaks is not given again at once.
        self._facts.set_fact(RECONCILED, str(now))
        self._orders.give("reconcile", {}, ticket=f"reconcile:{now:.0f}")

    def _last(self) -> float:
        """The start of the interval: the last reconcile, or the first start of a worker. A clock set back starts it anew."""
        kept, now = self._facts.fact(RECONCILED), self._clock.now()
        if kept and float(kept) <= now:
            return float(kept)
        self._facts.set_fact(RECONCILED, str(now))
        return now
