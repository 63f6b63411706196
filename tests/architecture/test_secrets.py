"""After a whole run with every kind of trouble, the token, the session and the key are nowhere but where they belong.

| process | rightfully holds |
|---|---|
| hook, task, operation | the session, which Stash writes to its standard input; tasks besides what the worker has |
| worker, and the index and the tasks of the page that it starts | the session, the key and the token: a pipe, Stash's settings |
| command line | the key, until it has read it from its environment; what Stash's settings say |
| pip, the proof of the imports, PythonDepManager | none of them |
"""

import ast
import base64
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from plexsync_plugin.answers.page.operations import OPERATIONS
from plexsync_plugin.base.child import run_python
from tests.sim.process import ROOT
from tests.stage import TOKEN, Stage

WRONG_TOKEN = "wrong-token-9d2e"
KEY = "api-key-of-this-run-51f0c8"
USER = "person-who-signed-in-8e27b6"
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def _part_of_each_session() -> str:
    """What all cookies of the simulated Stash have in common: their text holds the user behind a signature of 64 letters, and three
    letters of it are always four of the cookie."""
    text = "0" * 64 + '{"user": "' + USER
    whole = len(text) // 3 * 4
    return base64.urlsafe_b64encode(text.encode()).decode()[100:whole]


SECRETS = (TOKEN, WRONG_TOKEN, KEY, _part_of_each_session())


class Processes(Thread):
    """Arguments and environments of every process of the plugin that lives while this runs: hooks, tasks, *say*, the worker and
    what they start. Linux alone shows them."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self._plugin = str(stage.config / "plugins").encode()
        self._ended = Event()
        self.seen: dict[str, bytes] = {}
        self.kinds: set[str] = set()

    def run(self) -> None:
        while not self._ended.wait(0.01):
            for folder in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):  # it has ended meanwhile
                    self._look(folder)

    def _look(self, folder: Path) -> None:
        arguments = (folder / "cmdline").read_bytes()
        if self._plugin in arguments:
            self.seen[f"{folder.name} cmdline"] = arguments
            self.seen[f"{folder.name} environ"] = (folder / "environ").read_bytes()
            self.kinds.add("worker" if b"\0worker" in arguments else "other")

    def end(self) -> None:
        self._ended.set()
        self.join()


class Guarded(Stage):
    """Its Stash asks for a sign-in."""

    def __init__(self) -> None:
        super().__init__(settings={"read_timeout": 1, "index_interval": "-1"})
        self.stash.control("auth", {"username": USER, "password": "a password", "api_key": KEY})
        self.api_key = KEY

    def command(self, *arguments: str) -> str:
        """What the command line says."""
        environment = {**os.environ, "STASH_URL": self.stash.url, "STASH_API_KEY": KEY}
        done = subprocess.run(
            [sys.executable, "-m", "plexsync_plugin", *arguments],
            cwd=self.config / "plugins" / "PlexSync", env=environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        return done.stdout + done.stderr

    def export(self, *arguments: str) -> None:
        """Into the data folder, from the index that is there."""
        index = self.data / "plex_collection.db"
        environment = {**os.environ, "PLEX_URL": self.plex.url, "PLEX_TOKEN": TOKEN, "DB_PATH": str(index)}
        subprocess.run(
            [sys.executable, str(ROOT / "plex_sync.py"), *arguments],
            cwd=self.data, env=environment, capture_output=True, check=True, timeout=60,
        )  # fmt: skip


class Seen:
    """Everything that a run left behind, gathered while its worker still lives."""

    def __init__(self, stage: Guarded, processes: Processes) -> None:
        self.processes, self.kinds = processes.seen, processes.kinds
        self.answers = answers(stage)
        self.said = {
            name: stage.command(name).encode() for name in ("status", "failed", "check", "bug-report")
        }
        places = (stage.data, stage.config / "plugins" / "PlexSync")
        self.files = {
            path.relative_to(place).as_posix(): path.read_bytes()
            for place in places
            for path in place.rglob("*")
            if path.is_file() and path.suffix not in (".pyc", ".py")
        }
        self.lines = [entry["message"] for entry in stage.stash.control("plugin_log", {"level": "Trace"})]
        self.targets = [entry["target"] for entry in stage.plex.log()]
        self.statuses = {entry["status"] for entry in stage.plex.log()}


def answers(stage: Guarded) -> dict[str, bytes]:
    """Of each operation of the page, and of *status*."""
    arguments: dict[str, dict[str, Any]] = {
        "scene": {"id": 1},
        "search": {"q": "scene"},
        "posters": {"keys": [1_001]},
        "ticket": {"ticket": "none"},
        "order": {"name": "check"},
    }
    names = ["status", *OPERATIONS]
    return {name: str(stage.operation(operation=name, **arguments.get(name, {}))).encode() for name in names}


def refused_token(stage: Stage) -> None:
    stage.configure({**stage.settings, "plex_token": WRONG_TOKEN})
    stage.run_task("Index Plex Library")
    stage.edit(1, title="Refused")
    stage.run_task("Process Queue")
    stage.configure({**stage.settings, "plex_token": [TOKEN]})  # makes no sense, and a sentence about it
    stage.run_task("Process Queue")


def failing_plex(stage: Stage) -> None:
    """500, nothing at all, and a cut answer, each met by one save."""
    faults: tuple[dict[str, Any], ...] = (
        {"kind": "status", "status": 500},
        {"kind": "hang", "seconds": 3.0},
        {"kind": "truncate"},
    )
    for scene, fault in enumerate(faults, start=2):
        stage.plex.fault(**fault, match="PUT /library/", times=1)
        stage.edit(scene, title=f"After {fault['kind']}")
        stage.wait_title(scene, f"After {fault['kind']}")


def bugs(stage: Stage) -> None:
    """A worker and an operation that break, with all that they know in the error. The worker's row waits in the spool meanwhile."""
    package = stage.config / "plugins" / "PlexSync" / "plexsync_plugin"
    whole = {name: (package / name).read_text("utf-8") for name in ("worker/entry.py", "operation.py")}
    stage.kill_workers()
    for name, before, planted in (
        ("worker/entry.py", "    waiting = Waiting(", "    raise ValueError(str(connection.document()))\n"),
        ("operation.py", "    from plexsync_plugin.answers.status", "    raise ValueError(str(document))\n"),
    ):
        text = whole[name].replace(before, planted + before, 1)
        assert text != whole[name], f"{name} has changed: plant the bug elsewhere"
        (package / name).write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(stage.data / "queue" / "data.db", isolation_level=None)) as inbox:
        inbox.execute("BEGIN IMMEDIATE")
        stage.edit(5, title="Spooled")
    stage.wait(lambda: "worker broke" in stage.worker_log(), "the bug of the worker")
    with pytest.raises(AssertionError, match="met a bug of its own"):
        stage.operation(operation="status")
    for name, text in whole.items():
        (package / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    with Guarded() as stage:
        processes = Processes(stage)
        if sys.platform.startswith("linux"):
            processes.start()
        stage.edit(1, title="Begun")
        stage.wait_title(1, "Begun")
        refused_token(stage)
        stage.kill_workers()  # the next reads the mended settings at once, and need not be waited for
        stage.configure(stage.settings)
        failing_plex(stage)
        for task in ("Index Plex Library", "Check Setup", "Status", "Preview Changes"):
            stage.run_task(task)
        bugs(stage)
        (spooled,) = (stage.data / "queue" / "spool").glob("*.json")
        spooled = spooled.rename(stage.data / "spooled.json")  # kept: a worker would take it
        stage.export("--export", "csv")
        stage.export("--report", "report.html")
        stage.edit(6, title="At last")
        stage.wait_title(6, "At last")
        if sys.platform.startswith("linux"):
            processes.end()
        yield Seen(stage, processes)


def found_in(texts: dict[str, bytes]) -> list[str]:
    return [name for name, text in texts.items() for secret in SECRETS if secret.encode() in text]


def test_run_met_every_trouble(seen: Seen) -> None:
    """The other tests would prove nothing without it."""
    assert {401, 500} <= seen.statuses
    wanted = "plexsync.db plexsync.db-wal plex_collection.db log/worker.log queue/data.db preview.txt spooled.json bug-report.txt"
    assert set(wanted.split()) <= set(seen.files)
    assert any(name.endswith(".csv") for name in seen.files)
    assert any(name.endswith(".html") for name in seen.files)
    assert any("401" in line or "token" in line for line in seen.lines)
    assert b"ValueError: {'Scheme'" in seen.files["log/worker.log"]
    assert any("ValueError: {'server_connection'" in line for line in seen.lines)
    assert all(b"problem" not in answer[:20] for answer in seen.answers.values())


def test_no_file_of_the_data_folder_holds_a_secret(seen: Seen) -> None:
    assert found_in(seen.files) == []


def test_no_line_of_stashs_log_holds_a_secret(seen: Seen) -> None:
    assert seen.lines
    assert found_in({line: line.encode() for line in seen.lines}) == []


def test_no_request_to_plex_has_the_token_in_its_target(seen: Seen) -> None:
    """The simulator blanks the value before it keeps a target, but not the name."""
    assert seen.targets
    assert [target for target in seen.targets if "token" in target.lower()] == []


@LINUX
def test_no_process_has_a_secret_in_argv_or_environment(seen: Seen) -> None:
    assert seen.kinds == {"worker", "other"}
    assert len(seen.processes) > 10
    assert found_in(seen.processes) == []


def test_no_answer_to_the_page_and_no_command_shows_a_secret(seen: Seen) -> None:
    assert len(seen.answers) > 8
    assert found_in(seen.answers | seen.said) == []


# --- processes that are started by ours -----------------------------------------------------------------------------

_ASLEEP = "import sys, time; sys.stdout.write('up'); sys.stdout.flush(); time.sleep({seconds})"


def memory_holds(pid: int, secrets: tuple[str, ...]) -> list[str]:
    """Those that stand anywhere in what the process may read of its memory."""
    found = set()
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights = line.split()[:2]
            if not rights.startswith("r") or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            first, last = (int(number, 16) for number in place.split("-"))
            memory.seek(first)
            with contextlib.suppress(OSError):  # behind the end of a file
                content = memory.read(last - first)
                found |= {secret for secret in secrets if secret.encode() in content}
    return sorted(found)


@LINUX
def test_child_that_needs_no_secret_has_none_in_its_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What starts it has them in its own, and in its environment too where a person runs a command."""
    monkeypatch.setenv("STASH_API_KEY", KEY)
    assert set(memory_holds(os.getpid(), SECRETS)) == set(SECRETS), "the search finds nothing"
    thread = Thread(
        target=run_python,
        args=(["-c", _ASLEEP.format(seconds=60)],),
        kwargs={"patience": 60.0, "folder": str(tmp_path)},
        daemon=True,
    )
    thread.start()
    child = child_of(os.getpid(), "time.sleep(60)")
    try:
        assert memory_holds(child, SECRETS) == []
    finally:
        os.kill(child, 9)
        thread.join(10)


def child_of(parent: int, words: str) -> int:
    """Once it runs the command with these words."""
    patience = Event()
    for _ in range(1_000):
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                if words.encode() in command and int((folder / "stat").read_text().split()[3]) == parent:
                    return int(folder.name)
        patience.wait(0.01)
    raise AssertionError("it was not started")


def test_processes_are_started_in_these_places_alone() -> None:
    """`base.child` gives nothing away; the worker, the index and the tasks of the page, which need them, get the secrets through a
    pipe."""
    starting = {"Popen", "run", "execv", "fork", "spawnv", "system", "call", "check_output"}
    found = set()
    for package in ("plexsync_plugin", "indexer"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Attribute)
                    and node.attr in starting
                    and isinstance(node.value, ast.Name)
                    and node.value.id in ("subprocess", "os")
                ):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == {
        "plexsync_plugin/base/child.py",
        "plexsync_plugin/base/spawn.py",
        "plexsync_plugin/worker/by_itself/task_child.py",
        "plexsync_plugin/worker/neighbours/plugin_files.py",
    }
