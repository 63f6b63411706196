"""The time that a simulated world lives in, and the two ways in which its worker is killed: at any reading of the clock, of which there
is one round every request, transaction and step, and at any call of a function of one room of the plugin.
"""

import sys
import threading
from types import FrameType
from typing import Any

from plexsync_plugin.base.clock import Clock

START = 1_800_000_000.0


class Killed(BaseException):
    """As SIGKILL: nothing of the worker may go on."""


class WorldClock(Clock):
    """Stands still but for sleeps and a millisecond per reading. `fuse`: readings by its maker's thread until it is Killed."""

    def __init__(self) -> None:
        self._time = START
        self._wrong = 0.0
        self._thread = threading.get_ident()
        self.fuse: int | None = None

    def _read(self) -> float:
        if threading.get_ident() == self._thread:
            if self.fuse is not None:
                self.fuse -= 1
                if self.fuse < 0:
                    self.fuse = None
                    raise Killed
            self._time += 0.001
        return self._time

    def now(self) -> float:
        return self._read() + self._wrong

    def set_wall_clock(self, ahead: float) -> None:
        """Somebody sets the computer's clock so many seconds ahead of the right time, or back; no time passes by it."""
        self._wrong = ahead

    def monotonic(self) -> float:
        return self._read()

    def sleep(self, seconds: float) -> None:
        self._time += seconds

    def restart(self) -> None:
        self._time, self._wrong = START, 0.0

    def peek(self) -> float:
        """What the computer's clock shows, for everybody but the worker."""
        return self._time + self._wrong

    def steady(self) -> float:
        """As `monotonic`, and no time passes by it."""
        return self._time


class CallFuse:
    """Kills the worker at the call of a function, counted from 0, of those that stand in files whose path holds `room`. Only while it
    is lit, and only in the thread that lights it."""

    def __init__(self, room: str, calls: int) -> None:
        self._room, self._left = room, calls

    def __enter__(self) -> None:
        sys.setprofile(self._called)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call" or self._room not in frame.f_code.co_filename.replace("\\", "/"):
            return
        self._left -= 1
        if self._left < 0:
            sys.setprofile(None)
            raise Killed
