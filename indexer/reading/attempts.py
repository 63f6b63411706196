"""Counts the requests of a run, and how many in a row have failed in one thread: whether it is Plex that fails, or an item."""

import threading
from types import TracebackType

from plexsync_plugin.base.errors import PlexUnavailable

# In a row: halving 500 down to 1 takes ten, and the others leave room for items beside it that fail as well.
MOST_FAILURES = 16


class Attempts:
    """A context manager around one request; shared by the threads that read."""

    def __init__(self) -> None:
        self.requests = 0
        self._lock = threading.Lock()
        self._mine = threading.local()

    @property
    def exhausted(self) -> bool:
        """Whether so many have failed in this thread that it cannot be an item."""
        failures: int = getattr(self._mine, "failures", 0)
        return failures >= MOST_FAILURES

    def __enter__(self) -> None:
        with self._lock:
            self.requests += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failed = kind is not None and issubclass(kind, PlexUnavailable)
        self._mine.failures = getattr(self._mine, "failures", 0) + 1 if failed else 0
