"""What a hook adds to a person's save: whole processes, against an interpreter that only imports json and sqlite3."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measuring import Line, median, milliseconds, ratio, seconds
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from tests.hook_runs import START, environment, hook_document, kill_workers, silent_stash, wait_for_worker

RUNS = 31


def measure() -> list[Line]:
    bare: list[float] = []
    running: list[float] = []
    starting: list[float] = []
    with tempfile.TemporaryDirectory() as folder, silent_stash() as port:
        data = Path(folder)
        document = hook_document(1, port=port)
        _hook(data, document)  # makes the folder and the inbox
        wait_for_worker(data)
        kill_workers(data)
        for _ in range(RUNS):  # in turn, so that whatever else the machine does meets all three
            bare.append(seconds(lambda: _run(["-c", "import json, sqlite3"], b"", data)))
            lock = FileLock(DataFolder(folder).worker_lock)
            assert lock.try_acquire()
            running.append(seconds(lambda: _hook(data, document)))
            lock.release()
            starting.append(seconds(lambda: _hook(data, document)))
            kill_workers(data)
    base = median(bare)
    return [
        Line(what="python -c 'import json, sqlite3'", value=milliseconds(base), compared="1"),
        _line("hook while a worker runs", running, base, "<= 1.3 x"),
        _line("hook that must start a worker", starting, base, "<= 1.7 x"),
    ]


def _line(what: str, values: list[float], base: float, goal: str) -> Line:
    value = median(values)
    return Line(what=what, value=milliseconds(value), compared=ratio(value, base), goal=goal)


def _hook(data: Path, document: bytes) -> None:
    _run([str(START)], document, data)


def _run(arguments: list[str], document: bytes, data: Path) -> None:
    subprocess.run(
        [sys.executable, *arguments], input=document, capture_output=True, env=environment(data), check=True
    )
