"""What ends a batch between two of its jobs: Stash is not as it was, or a person's edit or an order comes first."""

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.jobs.store import PERSON, RECONCILE, Job, JobStore
from plexsync_plugin.worker.current_settings import CurrentSettings
from plexsync_plugin.worker.inbox_drain import InboxDrain
from plexsync_plugin.worker.neighbours.stash_session import Presence, StashSession
from plexsync_plugin.worker.orders.orders import Orders


class Interruptions:
    def __init__(
        self,
        stash: StashSession,
        settings: CurrentSettings,
        drain: InboxDrain,
        store: JobStore,
        orders: Orders,
        clock: Clock,
    ) -> None:
        self._stash = stash
        self._settings = settings
        self._drain = drain
        self._store = store
        self._orders = orders
        self._clock = clock

    def come_first(self, job: Job) -> bool:
        """After this job, whose like would be next. Drains what has come meanwhile."""
        return self._come_before(job.priority)

    def come_before_order(self) -> bool:
        """Between two requests of one step of an order; the same, for whom a person's edit always comes first."""
        return self._come_before(RECONCILE)

    def _come_before(self, priority: int) -> bool:
        if self._stash.look() is not Presence.HERE or self._settings.have_changed():
            return True
        if not self._drain.run_if_woken():
            return False
        urgent = priority > PERSON and self._store.urgent_since(self._clock.now())
        return urgent or self._orders.queue_order_waits()
