"""Runs the plugin's entry as Stash does, one real process per document, against a data folder of the test's own.

Unless a test wants a worker, `HookFolder` holds the worker's lock, so that no hook starts one.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from tests.sim.process import ROOT
from tests.stage import is_running

START = ROOT / "plexsync_plugin" / "start.py"
RECORDED = ROOT / "tests" / "data" / "stash"
VERSIONS = ("v0.27.2", "v0.30.1")
TABLE = "ack_queue_default"
PATIENCE = 60.0  # seconds; a bound for broken code, not a measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Stash sees of one run. `reply` is standard output as one JSON value."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def reply(self) -> Any:
        return json.loads(self.stdout)

    @property
    def queued(self) -> bool:
        return self.code == 0 and bool(self.reply == {"output": "queued", "error": None})


def recorded_documents(version: str) -> dict[str, bytes]:
    """What a real Stash wrote to a plugin's standard input, by the name of the event."""
    lines = (RECORDED / f"stdin-{version}.tsv").read_bytes().splitlines()
    return {name.decode(): document for name, _, document in (line.partition(b"\t") for line in lines)}


def recorded_hooks(version: str) -> dict[str, bytes]:
    return {
        name: document
        for name, document in recorded_documents(version).items()
        if b'"hookContext"' in document
    }


def hook_document(
    scene: object = 1, *, context: Mapping[str, Any] | None = None, port: int = 9, folder: str = "/nowhere"
) -> bytes:
    """A person's save of one scene, or the given hookContext, as Stash writes it."""
    given = context or {
        "id": scene,
        "type": "Scene.Update.Post",
        "input": {"id": str(scene), "title": "T"},
        "inputFields": ["id", "title"],
    }
    connection = {
        "Scheme": "http",
        "Host": "127.0.0.1",
        "Port": port,
        "SessionCookie": {"Name": "session", "Value": "hook-session-cookie-51ab"},
        "Dir": folder,
        "PluginDir": str(ROOT),
    }
    return json.dumps({"server_connection": connection, "args": {"hookContext": given}}).encode()


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "PLEXSYNC_DATA": str(data)}


def start_process(data: Path, *, script: Path = START) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(data),
    )


def finish(process: "subprocess.Popen[bytes]", document: bytes) -> Answer:
    """Write the document and read standard output to its end, as Stash does."""
    stdout, stderr = process.communicate(document, timeout=PATIENCE)
    return Answer(code=process.returncode, stdout=stdout, stderr=stderr)


def run_hook(document: bytes, data: Path, *, script: Path = START) -> Answer:
    return finish(start_process(data, script=script), document)


def run_hooks_at_once(documents: list[bytes], data: Path) -> list[Answer]:
    """All interpreters are up and wait for their document before the first gets it."""
    processes = [start_process(data) for _ in documents]
    time.sleep(0.02 * len(documents))
    for process, document in zip(processes, documents, strict=True):
        assert process.stdin is not None
        process.stdin.write(document)
        process.stdin.close()
        process.stdin = None
    return [finish(process, b"") for process in processes]


class HookFolder:
    """A data folder whose worker lock is held by the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = DataFolder(str(root))
        self.folder.make()
        self._lock = FileLock(self.folder.worker_lock)
        assert self._lock.try_acquire()

    def close(self) -> None:
        self._lock.release()

    def send(self, document: bytes) -> Answer:
        return run_hook(document, self.root)

    def rows(self) -> list[dict[str, Any]]:
        return stored_rows(self.root)

    def spooled(self) -> list[dict[str, Any]]:
        return spooled_rows(self.root)


def stored_rows(root: Path) -> list[dict[str, Any]]:
    """The rows of the inbox that wait, in order."""
    path = root / "queue" / "data.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        query = f"SELECT data FROM `{TABLE}` WHERE status = 0 ORDER BY _id"
        return [json.loads(bytes(data)) for (data,) in connection.execute(query)]


def spooled_rows(root: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted((root / "queue" / "spool").glob("*.json"))]


@contextmanager
def silent_stash() -> Iterator[int]:
    """The port of something that takes connections and never answers: a worker waits there, holding its lock."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def worker_log(root: Path) -> str:
    path = root / "log" / "worker.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def started_workers(root: Path) -> list[int]:
    """Process ids, in the order of their start."""
    lines = [line for line in worker_log(root).splitlines() if "worker starts pid=" in line]
    return [int(line.rpartition("pid=")[2]) for line in lines]


def wait_for_worker(root: Path) -> int:
    deadline = time.monotonic() + PATIENCE
    while not started_workers(root):
        assert time.monotonic() < deadline, "no worker has started"
        time.sleep(0.02)
    return started_workers(root)[0]


def kill_workers(root: Path) -> None:
    """Until none holds the lock; one that has just started may not have written its id yet."""
    lock = FileLock(DataFolder(str(root)).worker_lock)
    deadline = time.monotonic() + PATIENCE
    while not lock.try_acquire():
        assert time.monotonic() < deadline, "a worker holds its lock and cannot be found"
        for pid in filter(is_running, started_workers(root)):
            os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        time.sleep(0.01)
    lock.release()
