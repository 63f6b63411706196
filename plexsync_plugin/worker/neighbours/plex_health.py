"""Whether Plex can be asked: the breaker's life, its probes, and what a person is told of outages.

Owns when Plex is asked; what a failure makes of the breaker is `core.breaker`'s, the rows are `jobs.breaker`'s and
`jobs.outages`'.
"""

import logging
import sqlite3
from collections.abc import Callable

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexUnavailable
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import span, wait
from plexsync_plugin.core.breaker import CLOSED, HALF_OPEN, OPEN, Breaker
from plexsync_plugin.jobs.breaker import BreakerStore
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.outages import OutageStore
from plexsync_plugin.jobs.reasons import OF_PLEX
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.worker.neighbours.notices import Notices

CAUSE = "plex_away"
REASONS = OF_PLEX
_log = logging.getLogger(__name__)


class PlexHealth:
    def __init__(
        self, connection: sqlite3.Connection, store: JobStore, notices: Notices, clock: Clock
    ) -> None:
        self._connection = connection
        self._outages = OutageStore(connection)
        self._facts = Facts(connection)
        self._saved = BreakerStore(connection)
        self._store = store
        self._notices = notices
        self._clock = clock
        self._breaker = self._saved.load()
        self._cause = ""

    @property
    def lets_work(self) -> bool:
        return self._breaker.lets_work

    @property
    def cautious(self) -> bool:
        """One job at a time: a probe was answered, but no write has worked yet."""
        return self._breaker.state != CLOSED

    def request_failed(self, error: Exception) -> None:
        self._cause = str(error)
        self._change(self._breaker.request_failed(self._clock.now()))

    def write_succeeded(self) -> None:
        if self._breaker != Breaker():
            self._change(self._breaker.write_succeeded())

    def nothing_waits(self) -> None:
        """Nothing waits for Plex any more and it answers: whole batches are read again."""
        if self._breaker.state == HALF_OPEN:
            self._change(Breaker())

    def reset(self) -> None:
        """The address or the token changed: what was known of Plex is worth nothing, and nobody is told that it is back."""
        self._notices.clear(CAUSE)
        self._change(Breaker())

    def reload(self) -> None:
        """Another worker may have kept it meanwhile."""
        self._breaker = self._saved.load()

    def probe_if_due(self, probe: Callable[[], object]) -> None:
        """`probe` raises PlexUnavailable when Plex does not answer."""
        if not self._breaker.probe_due(self._clock.now()):
            return
        try:
            probe()
        except PlexUnavailable as error:
            self._cause = str(error)
            self._change(self._breaker.probe_failed(self._clock.now()))
        else:
            # It failed before it answered: a restart too short for an outage looks like this.
            self._facts.forget_limits()
            self._change(self._breaker.probe_answered())

    def _change(self, breaker: Breaker) -> None:
        before, self._breaker = self._breaker, breaker
        now = self._clock.now()
        with transaction(self._connection):
            self._saved.save(breaker)
            if breaker.state == OPEN and before.state == CLOSED:
                self._outages.begin(self._cause, self._store.waiting(), now)
            elif breaker.state == CLOSED and before.state != CLOSED:
                self._outages.end(now)
            elif breaker.state == HALF_OPEN and before.state == OPEN:
                self._store.wake(REASONS, now)  # one of them is the trial that closes the breaker
        self._announce(before, breaker)

    def _announce(self, before: Breaker, after: Breaker) -> None:
        if before.state == after.state:
            return
        _log.info("breaker %s -> %s", before.state, after.state)
        if after.state == OPEN and before.state == CLOSED:
            self._notices.tell(
                CAUSE,
                "warning",
                f"Plex is away: {self._cause} {wait(self._store.waiting())}; "
                "PlexSync looks for it every minute and goes on by itself.",
                blocking=True,
            )
        elif after.state == CLOSED:
            self._notices.clear(CAUSE, f"Plex is back after {self._last_outage()}.")

    def _last_outage(self) -> str:
        """For a person: "3 minutes"."""
        for outage in self._outages.newest(1):
            if outage.ended_at is not None:
                return span(outage.ended_at - outage.started_at)
        return "a moment"
