"""One step of the next order at a time, and what its failure leads to. What the orders do is `procedures`'s table."""

import sqlite3

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PutAside
from plexsync_plugin.base.file_trouble import concerns_own_files
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.orders.orders import Orders, StepContext
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide


class OrderSteps:
    def __init__(
        self,
        orders: Orders,
        failures: FailureHandler,
        pauses: Pauses,
        interruptions: Interruptions,
        connection: sqlite3.Connection,
        folder: DataFolder,
        clock: Clock,
    ) -> None:
        self._orders = orders
        self._failures = failures
        self._pauses = pauses
        self._interruptions = interruptions
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

    def carry_out(
        self, plex: PlexSide, stash: StashSession, *, bulk_waits: bool = False, only: str = ""
    ) -> bool:
        """A step of the oldest order that can be carried out now, of this name if one is given; False when there is none, or
        Stash must be waited for.

        With `bulk_waits` those that go behind bulk work are left out.
        """
        order = self._orders.next(plex_answers=self._pauses.let_plex_work, bulk_waits=bulk_waits, only=only)
        if order is None:
            return False
        try:
            with self._interruptions.yielding():
                self._orders.carry_out(order, self._context(plex, stash.client))
        except PutAside:
            return True  # the step is done again
        except Exception as error:
            # The boundary of an order, like that of a job.
            if concerns_own_files(error):
                raise
            self._pauses.obey(self._failures.order_failed(self._orders, order, error), error)
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
            say=self._failures.mention,
            come_first=self._interruptions.come_before_order,
        )
