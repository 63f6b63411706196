"""One step of the next order at a time, and what its failure leads to. What the orders do is `procedures`'s table."""

import sqlite3
from collections.abc import Callable

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.orders.orders import Orders, StepContext
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from plexsync_plugin.worker.scenes.settle import Settler


class OrderSteps:
    def __init__(
        self,
        orders: Orders,
        settler: Settler,
        pauses: Pauses,
        connection: sqlite3.Connection,
        folder: DataFolder,
        clock: Clock,
        *,
        come_first: Callable[[], bool],
    ) -> None:
        """`come_first` says, between two requests of a step, whether something else does."""
        self._come_first = come_first
        self._orders = orders
        self._settler = settler
        self._pauses = pauses
        self._connection = connection
        self._folder = folder
        self._clock = clock

    def queue_order_waits(self) -> bool:
        return self._orders.queue_order_waits()

    def carry_out_queue_order(self) -> bool:
        """One order about the queue itself, whole and at once, whoever is away; False when there is none."""
        return self._orders.carry_out_queue_order()

    def waits(self, name: str) -> bool:
        """Whether an order of this name is still to be carried out."""
        return self._orders.waits(name)

    def carry_out(self, plex: PlexSide, stash: StashSession, *, only: str = "") -> bool:
        """A step of the oldest order that can be carried out now, of this name if one is given; False when there is none,
        or Stash must be waited for."""
        order = self._orders.next(plex_answers=self._pauses.let_plex_work, only=only)
        if order is None:
            return False
        try:
            self._orders.carry_out(order, self._context(plex, stash.client))
        except sqlite3.OperationalError:
            raise  # nothing can be noted of it either
        except Exception as error:  # noqa: BLE001 - the boundary of an order, like that of a job
            self._pauses.obey(self._settler.order_failed(self._orders, order, error), error)
        return self._pauses.let_stash_work

    def _context(self, plex: PlexSide, stash: StashClient) -> StepContext:
        return StepContext(
            connection=self._connection,
            store=JobStore(self._connection),
            records=Records(self._connection),
            clock=self._clock,
            stash=stash,
            plex=plex,
            settings=plex.settings,
            folder=self._folder,
            come_first=self._come_first,
        )
