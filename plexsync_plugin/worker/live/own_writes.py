"""Tells the events that our own writes cause from all others, so that a write of ours is not looked at again.

Each request that changes an item explains one event of that item within a while; a second one is somebody else's. Where Plex
tells nothing of a write of ours, an edit by a person shortly after it passes for ours: the next *Reconcile* finds it.
"""

import threading
from collections import deque

from plexsync_plugin.base.clock import Clock

WAKE = 20.0  # seconds after a request, in which Plex tells of what it did


class OwnWrites:
    """The worker writes in its thread, the listener hears in another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._unheard: dict[int, deque[float]] = {}  # by rating key, when each write lapses; monotonic
        self._order: deque[tuple[float, int]] = deque()

    def wrote(self, rating_key: int) -> None:
        """A request is about to change this item: Plex may tell of it before it answers."""
        lapses = self._clock.monotonic() + WAKE
        with self._lock:
            self._forget_lapsed()
            self._unheard.setdefault(rating_key, deque()).append(lapses)
            self._order.append((lapses, rating_key))

    def explain(self, rating_key: int) -> bool:
        """Whether an event of this item, which has come now, is of a write of ours; that write explains no other."""
        with self._lock:
            self._forget_lapsed()
            writes = self._unheard.get(rating_key)
            if not writes:
                return False
            writes.popleft()
            if not writes:
                del self._unheard[rating_key]
            return True

    def _forget_lapsed(self) -> None:
        now = self._clock.monotonic()
        while self._order and self._order[0][0] <= now:
            _, rating_key = self._order.popleft()
            writes = self._unheard.get(rating_key)
            while writes and writes[0] <= now:
                writes.popleft()
            if writes is not None and not writes:
                del self._unheard[rating_key]
