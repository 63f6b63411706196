"""Notices that the computer's clock was set back, and puts right what was written by the wrong time."""

import logging
import sqlite3

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.jobs.times import put_right

TOLERANCE = 2.0  # seconds; a clock that is only kept in step moves by less

_log = logging.getLogger(__name__)


class ClockWatch:
    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._apart = self._difference()

    def begin(self) -> None:
        """At the start of a worker: the clock may have been set back while none ran."""
        self._put_right()

    def look(self) -> None:
        """Between two turns."""
        before, self._apart = self._apart, self._difference()
        if self._apart < before - TOLERANCE:
            _log.warning("the clock was set back by %.0f s", before - self._apart)
            self._put_right()

    def _difference(self) -> float:
        """Seconds between the wall clock and the one that nobody sets."""
        return self._clock.now() - self._clock.monotonic()

    def _put_right(self) -> None:
        woken = put_right(self._connection, self._clock.now())
        if woken:
            _log.info("times of a clock that was ahead put right, due now=%d", woken)
