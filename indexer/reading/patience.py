"""How long one request of a run may take, measured by what earlier ones took.

One item can make Plex hang, and with it an answer about hundreds of items. The run then asks for half as many, and again
for half, until the item is alone. If each of these requests waited for the gateway's own limit, one item would cost an
hour; with the times kept here it costs minutes. Knows nothing of requests: it measures time and counts.
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
DOUBLINGS = 3  # a server that is slow as a whole needs more time; one item that hangs must not get ever more


class Patience:
    """The times of recent requests. Threads share one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._each: deque[float] = deque(maxlen=RECENT)  # seconds per item
        self._cut = 0  # requests cut off in a row
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def waiting(self, items: int) -> Iterator[float]:
        """Put this around one request about so many items; the value is the seconds that it may take.

        Each request that was cut off doubles the time of the next, up to `DOUBLINGS` times.
        """
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
