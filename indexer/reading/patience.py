"""How long to wait for a picture, or for an answer about many items before asking for fewer, so that one item that Plex
hangs at costs a run minutes.

Without it each halving of the batch would wait for the gateway's own limit. Knows nothing of requests; measures and counts.
"""

import contextlib
import statistics
import threading
from collections import deque
from collections.abc import Iterator

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexTooSlow

FIRST = 60.0  # seconds, while nothing is known of this server
SHORTEST = 10.0
SLACK = 10  # times what such an answer usually takes
RECENT = 32  # answers
DOUBLINGS = 3  # a server that pauses as a whole gets more time, an item that it hangs at does not for ever


class Patience:
    """Shared by the threads that read."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._each: deque[float] = deque(maxlen=RECENT)  # seconds per item
        self._cut = 0  # in a row
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def waiting(self, items: int) -> Iterator[float]:
        """Around one request about so many items: how long it may take, twice as long after each that was cut."""
        begun = self._clock.monotonic()
        try:
            yield self._within(items)
        except PlexTooSlow:
            with self._lock:
                self._cut += 1
            raise
        with self._lock:
            self._each.append((self._clock.monotonic() - begun) / items)
            self._cut = 0

    def _within(self, items: int) -> float:
        with self._lock:
            if not self._each:
                return FIRST
            usual = max(SHORTEST, SLACK * statistics.median(self._each) * items)
            return float(usual * 2 ** min(self._cut, DOUBLINGS))
