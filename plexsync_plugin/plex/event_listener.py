"""Follows a server's events in a thread of its own, and connects again when the stream breaks.

Asks for nothing else: while nothing happens in Plex the thread waits for the next byte.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import ItemMissing, PlexBusy, PlexSyncError, PlexUnauthorized, Rejected
from plexsync_plugin.core.breaker import FIRST_INTERVAL, LONGEST_INTERVAL
from plexsync_plugin.plex.events import Broken, Signal, signals

FAREWELL = 2.0  # seconds for the thread to end in after it was hung up


class EventSource(Protocol):
    def lines(self) -> Iterator[str]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Pauses before a broken stream is tried again, in seconds: `first`, doubling to `longest`, as the breaker has them."""

    first: float = FIRST_INTERVAL
    longest: float = LONGEST_INTERVAL
    refused: float = 300.0  # a person has to act first
    unknown: float = 3_600.0  # a server that knows no events may be updated

    def after(self, error: PlexSyncError, failures: int) -> float:
        """`failures` in a row, the last with this error."""
        if isinstance(error, PlexUnauthorized):
            return self.refused
        if isinstance(error, ItemMissing | Rejected):
            return self.unknown
        pause = min(self.first * 2.0 ** min(failures - 1, 16), self.longest)
        asked = error.retry_after if isinstance(error, PlexBusy) else None
        return max(pause, asked or 0.0)


class EventListener:
    """`take` is called in the thread, with each signal. From `start` to `close`."""

    def __init__(
        self,
        source: EventSource,
        take: Callable[[Signal], None],
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._source = source
        self._take = take
        self._clock = clock
        self._patience = patience or Patience()
        self._over = threading.Event()
        # A process never waits for it: what it tells is read again by whoever comes next.
        self._thread = threading.Thread(target=self._listen, name="events", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Nothing is taken after this."""
        self._over.set()
        self._source.close()
        if self._thread.is_alive():
            self._thread.join(FAREWELL)

    def _listen(self) -> None:
        failures = 0
        while not self._over.is_set():
            began = self._clock.monotonic()
            try:
                for signal in signals(self._source.lines()):
                    if self._over.is_set():
                        return
                    self._take(signal)
            except PlexSyncError as error:
                stood = self._clock.monotonic() - began > self._patience.longest
                failures = 1 if stood else failures + 1
                if not self._over.is_set():
                    self._take(Broken(error))
                    self._over.wait(self._patience.after(error, failures))
