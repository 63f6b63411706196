"""What the work in hand gives way to: a person's edit, an order about the queue, a Stash that is not as it was.

Looked for between two jobs of a batch, and, in work for others than a person, between two requests. The inbox is drained
for it, which costs microseconds while nothing has come.
"""

import contextlib
from collections.abc import Iterator

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PutAside
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
        self._yields = False
        self._just_looked = False  # after one scene, and nobody was asked since
        self._in_hand: Job | None = None

    @contextlib.contextmanager
    def yielding(self) -> Iterator[None]:
        """Around work for others than a person: between two requests, it is put aside for a person."""
        self._yields, self._just_looked = True, False
        try:
            yield
        finally:
            self._yields = False

    @contextlib.contextmanager
    def under_way(self) -> Iterator[None]:
        """While Plex works on a request: nothing is put aside, for that would cut the request off, and nothing is drained."""
        yields, self._yields = self._yields, False
        try:
            yield
        finally:
            self._yields = yields

    @contextlib.contextmanager
    def writing(self, job: Job) -> Iterator[None]:
        """Around the writing of a job: in work that yields, it is put aside too when the job is not the same any more."""
        self._in_hand = job
        try:
            yield
        finally:
            self._in_hand = None

    def between_requests(self) -> None:
        """Raises PutAside where work that yields is to end before its next request."""
        if not self._yields:
            return
        if self._just_looked:
            self._just_looked = False
            return
        if self._drain.run_if_woken() and self._in_hand and not self._store.is_in_hand(self._in_hand):
            raise PutAside("the scene has changed again")
        if self.person_waits() or self._orders.queue_order_waits():
            raise PutAside("a person's edit or order comes first")

    def come_first(self, job: Job) -> bool:
        """After this job, whose like would be next. Drains what has come meanwhile. The next request, which nothing slow comes before,
        goes out without another look."""
        come = self._come_before(job.priority)
        self._just_looked = not come
        return come

    def come_before_order(self) -> bool:
        """Between two requests of one step of an order; the same, for whom a person's edit always comes first."""
        return self._come_before(RECONCILE)

    def _come_before(self, priority: int) -> bool:
        if self._stash.look() is not Presence.HERE or self._settings.have_changed():
            return True
        self._drain.run_if_woken()
        return (priority > PERSON and self.person_waits()) or self._orders.queue_order_waits()

    def person_waits(self) -> bool:
        return self._store.is_due(PERSON, self._clock.now())
