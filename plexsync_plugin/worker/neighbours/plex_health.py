"""Whether Plex can be asked: the breaker's state, persisted, its probes, and the record of outages."""

import logging
import sqlite3
from collections.abc import Callable

import humanize

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexUnavailable
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import wait
from plexsync_plugin.core.breaker import CLOSED, HALF_OPEN, OPEN, Breaker
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.worker.neighbours.notices import Notices

CAUSE = "plex_away"
# Of jobs that wait for Plex itself.
REASONS = (
    "PlexUnavailable",
    "PlexBusy",
    "PlexTrouble",
    "PlexTooSlow",
    "PlexTooLong",
    "PlexCertificate",
    "NotPlex",
)
_log = logging.getLogger(__name__)


class PlexHealth:
    def __init__(
        self, connection: sqlite3.Connection, store: JobStore, notices: Notices, clock: Clock
    ) -> None:
        self._connection = connection
        self._store = store
        self._notices = notices
        self._clock = clock
        self._breaker = self._load()
        self._cause = ""

    @property
    def lets_work(self) -> bool:
        return self._breaker.lets_work

    @property
    def cautious(self) -> bool:
        """One job at a time: a probe was answered, but no write has worked yet."""
        return self._breaker.state != CLOSED

    def request_failed(self, error: PlexUnavailable) -> None:
        self._cause = str(error)
        self._change(self._breaker.request_failed(self._clock.now()))

    def write_succeeded(self) -> None:
        if self._breaker != Breaker():
            self._change(self._breaker.write_succeeded())

    def settled(self) -> None:
        """Nothing waits for Plex and it answers: no trial is owed."""
        if self._breaker.state == HALF_OPEN:
            self._change(Breaker())

    def reset(self) -> None:
        """The address or the token changed: what was known of Plex is worth nothing, and nobody is told that it is back."""
        self._notices.clear(CAUSE)
        self._change(Breaker())

    def reload(self) -> None:
        """Another worker may have kept it meanwhile."""
        self._breaker = self._load()

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
            self._change(self._breaker.probe_answered())

    def _change(self, breaker: Breaker) -> None:
        before, self._breaker = self._breaker, breaker
        now = self._clock.now()
        with transaction(self._connection):
            self._save(breaker)
            if breaker.state == OPEN and before.state == CLOSED:
                self._connection.execute(
                    "INSERT INTO outages (started_at, cause, jobs_waiting) VALUES (?, ?, ?)",
                    (now, self._cause, self._store.waiting()),
                )
            elif breaker.state == CLOSED and before.state != CLOSED:
                self._connection.execute("UPDATE outages SET ended_at = ? WHERE ended_at IS NULL", (now,))
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
        row = self._connection.execute(
            "SELECT ended_at - started_at FROM outages ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return humanize.naturaldelta(row[0]) if row else "a moment"

    def _load(self) -> Breaker:
        row = self._connection.execute("SELECT state, failures, probe_at, interval FROM breaker").fetchone()
        return Breaker(**dict(row)) if row else Breaker()

    def _save(self, breaker: Breaker) -> None:
        self._connection.execute(
            "INSERT INTO breaker (id, state, failures, probe_at, interval) VALUES (1, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, failures = excluded.failures, "
            "probe_at = excluded.probe_at, interval = excluded.interval",
            (breaker.state, breaker.failures, breaker.probe_at, breaker.interval),
        )
