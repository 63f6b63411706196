"""What a hook adds to a person's save: whole processes, against an interpreter that only imports json and sqlite3."""

import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import RUNS, Line, in_turns
from bench.processes import LIMITS, limit, run, run_at_once
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from tests.hook_runs import START, hook_document, kill_workers, silent_stash, wait_for_worker

GROUP = "Hook, whole process"
TURNS = 31  # of single hooks, which are short
AT_ONCE = 64


def measure(turns: int = TURNS, crowds: int = RUNS) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder, silent_stash() as port:
        hooks = HookRuns(Path(folder), port)
        alone = in_turns(
            {"limit": hooks.bare, "running": hooks.with_a_worker, "starting": hooks.starting_a_worker}, turns
        )
        crowd = in_turns({"limit": hooks.bare_crowd, "ours": hooks.crowd}, crowds)
    compared = "python -c 'import json, sqlite3'"
    return [
        _line("a worker is there", alone["running"], alone["limit"], compared, 1.05),
        _line("a worker has to be started", alone["starting"], alone["limit"], compared, 1.3),
        _line(f"{AT_ONCE} at once", crowd["ours"], crowd["limit"], f"{AT_ONCE} bare ones at once", 1.2),
    ]


def _line(name: str, ours: tuple[float, ...], limits: tuple[float, ...], compared: str, goal: float) -> Line:
    return Line(group=GROUP, name=name, unit="ms", ours=ours, limit=compared, limits=limits, goal=goal)


class HookRuns:
    """All times in milliseconds."""

    def __init__(self, config: Path, port: int) -> None:
        self._data = config / "plexsync"
        self.document = hook_document(1, port=port, folder=str(config))
        self._hook()  # makes the folder and the inbox
        wait_for_worker(self._data)
        kill_workers(self._data)

    def _hook(self) -> float:
        return run([str(START)], given=self.document).seconds * 1000

    @contextlib.contextmanager
    def worker(self) -> Iterator[None]:
        """As if a worker were there: its lock is held, and its inbox open."""
        folder = DataFolder(str(self._data))
        lock = FileLock(folder.worker_lock)
        assert lock.try_acquire()
        try:
            with contextlib.closing(sqlite3.connect(folder.inbox)) as inbox:
                inbox.execute("SELECT count(*) FROM ack_queue_default").fetchone()
                yield
        finally:
            lock.release()

    def bare(self) -> float:
        return limit("bare_python").seconds * 1000

    def with_a_worker(self) -> float:
        with self.worker():
            return self._hook()

    def starting_a_worker(self) -> float:
        took = self._hook()
        kill_workers(self._data)
        return took

    def bare_crowd(self) -> float:
        return self._all([str(LIMITS / "bare_python.py")])

    def crowd(self) -> float:
        with self.worker():
            return self._all([str(START)])

    def _all(self, arguments: list[str]) -> float:
        began = time.perf_counter()
        run_at_once(arguments, AT_ONCE, given=self.document)
        return (time.perf_counter() - began) * 1000
