"""Clocks for tests: one that stands until a test moves it, and two that run on from the real time.

A clock that does something to what is tested while it is read stays with its test.
"""

from plexsync_plugin.base.clock import Clock


class HandClock(Clock):
    """Stands still until a test, or a sleep, moves it; all its readings are `time`, in seconds."""

    def __init__(self, time: float = 1_000.0) -> None:
        self.time = time

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class MovingClock(Clock):
    """Starts at the real time; sleeping moves it and costs nothing."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._wrong = 0.0
        self.slept = 0.0

    def now(self) -> float:
        return super().now() + self._offset + self._wrong

    def monotonic(self) -> float:
        return super().monotonic() + self._offset

    def sleep(self, seconds: float) -> None:
        self._offset += seconds
        self.slept += seconds

    def set_back(self, seconds: float) -> None:
        self._offset -= seconds

    def set_wall_clock(self, ahead: float) -> None:
        """Someone sets the clock of the computer so many seconds ahead of the right time; no time passes by it."""
        self._wrong = ahead


class LaterClock(Clock):
    """The real clock, set forward by `offset` seconds; it sleeps in earnest."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        return super().now() + self.offset
