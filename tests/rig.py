"""A worker inside the test process, on a stage, with a clock that the test moves: hours pass in no time.

Everything else is real: the hooks that Stash runs, the inbox, both databases, HTTP to both simulators. The rig holds
the worker's lock, so no hook starts a worker of its own.
"""

import contextlib
import os
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.stash.connection import connection_of
from plexsync_plugin.worker.app import assemble
from plexsync_plugin.worker.loop import Worker
from tests.clocks import MovingClock
from tests.stage import Stage

TURNS = 20_000  # far more than any test needs: a bound for broken code


class Rig:
    """With `listens` the worker hears Plex's events, in real time, whatever the clock of the test says."""

    def __init__(self, *, listens: bool = False, **stage: Any) -> None:
        # Tests let days pass, and count requests: the index that runs by itself has a test of its own.
        settings = {"index_interval": -1, **(stage.pop("settings", None) or {})}
        self.stage = Stage(settings=settings, **stage)
        self.clock = MovingClock()
        self.folder = DataFolder(str(self.stage.data))
        os.makedirs(self.folder.root, exist_ok=True)
        self.folder.make()
        self.lock = FileLock(self.folder.worker_lock)
        assert self.lock.try_acquire()
        self._listens = listens
        self._opened = contextlib.ExitStack()
        self.worker = self.start_worker()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()
        self.lock.release()
        self.stage.close()

    def start_worker(self, cookie: str = "") -> Worker:
        """A new worker on the same files, as after a restart; the old one is closed."""
        self._opened.close()
        connection = connection_of(
            {
                "Scheme": "http",
                "Host": "127.0.0.1",
                "Port": self.stage.stash.port,
                "Dir": str(self.stage.config),
                "SessionCookie": {"Name": "session", "Value": cookie},
            }
        )
        plugin = str(self.stage.config / "plugins" / "PlexSync")
        worker = self._opened.enter_context(
            assemble(
                self.folder, connection, self.lock, Redaction(), self.clock, plugin, listens=self._listens
            )
        )
        worker.store.recover(self.clock.now())
        self.worker = worker
        return worker

    def run_until(self, condition: Callable[[], bool], what: str) -> None:
        """Turn by turn until the condition holds; time passes as the worker sleeps."""
        for _ in range(TURNS):
            if condition():
                return
            ending = self.worker.turn()
            assert not ending, f"the worker ended ({ending}) before {what}"
        raise AssertionError(f"{TURNS} turns without {what}; jobs: {self.stage.rows('SELECT * FROM jobs')}")

    def run_for(self, seconds: float) -> None:
        """So much of the worker's time."""
        until = self.clock.slept + seconds
        self.run_until(lambda: self.clock.slept >= until, f"{seconds} s")

    def settle(self) -> None:
        """Until nothing is due: all that can be done now is done."""
        self.run_for(0.6)

    def job(self, scene: int) -> dict[str, Any]:
        (row,) = self.stage.rows("SELECT * FROM jobs WHERE scene_id = ?", scene)
        return row
