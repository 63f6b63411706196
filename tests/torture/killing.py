"""Processes of PlexSync that are killed at any moment of their life."""

import json
import multiprocessing
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from plexsync_plugin.jobs import state
from tests.crash.test_worker_kills import (
    SCENES,
    check_that_repeating_changes_nothing,
    content,
    evening,
    intact,
    shown,
    wait_until_nothing_is_left,
)
from tests.hook_runs import HookFolder, finish, hook_document, spooled_rows, start_process, stored_rows
from tests.libraries import plex_library, stash_library
from tests.sim.process import ROOT
from tests.stage import Stage, item_key

FIXTURES = sorted((ROOT / "tests" / "data" / "upgrades").glob("state-*.sql"))


def hooks(rng: random.Random, rounds: int) -> str:
    with TemporaryDirectory() as folder:
        inbox, answered = HookFolder(Path(folder) / "data"), set()
        began = time.monotonic()
        assert inbox.send(hook_document(1)).queued
        life = time.monotonic() - began
        for number in range(2, rounds + 2):
            process = start_process(inbox.root)
            assert process.stdin is not None
            process.stdin.write(hook_document(number))
            process.stdin.close()
            process.stdin = None
            time.sleep(rng.uniform(0.0, 1.5 * life))
            process.kill()
            answer = finish(process, b"")
            if answer.stdout:
                assert answer.reply == {"output": "queued", "error": None}
                answered.add(number)
        stored = sorted(row["ids"][0] for row in stored_rows(inbox.root) + spooled_rows(inbox.root))
        inbox.close()
        assert answered | {1} <= set(stored)
        assert len(stored) == len(set(stored))
        assert intact(inbox.root / "queue" / "data.db")
        return f"{rounds} killed, {len(answered)} had answered, {len(stored) - 1} stored"


def migrations(rng: random.Random, rounds: int) -> str:
    """In turn a new file and one of each earlier version; then it is opened as if nothing had been."""
    late, life = 0, _life_of_opening()
    for number in range(rounds):
        with TemporaryDirectory() as folder:
            path, fixture = str(Path(folder) / "plexsync.db"), [None, *FIXTURES][number % (len(FIXTURES) + 1)]
            rows = _laid(path, fixture) if fixture else 0
            child = multiprocessing.Process(target=_open, args=(path,))
            child.start()
            time.sleep(rng.uniform(0.0, 1.3 * life))
            child.kill()
            child.join(30)
            late += child.exitcode == 0
            state.open_state(path).close()
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                assert version == len(state.migrations())
                assert connection.execute("SELECT count(*) FROM jobs").fetchone()[0] == rows
    return f"{rounds} killed, {late} had ended before"


def _life_of_opening() -> float:
    """Seconds, so that the kills meet every part of it, however fast the machine."""
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        child = multiprocessing.Process(target=_open, args=(str(Path(folder) / "plexsync.db"),))
        child.start()
        child.join(30)
        return time.monotonic() - began


def _laid(path: str, fixture: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(fixture.read_text(encoding="utf-8"))
        rows: int = connection.execute("SELECT count(*) FROM jobs").fetchone()[0]
        return rows


def _open(path: str) -> None:
    state.open_state(path).close()


def workers(rng: random.Random, rounds: int) -> str:
    with Stage() as stage:
        stage.plex.fault("slow", seconds=0.03, match="", times=None)
        newest = evening(stage, rng, kills=rounds)
        wait_until_nothing_is_left(stage)
        for scene, expected in newest.items():
            assert shown(stage.item(item_key(scene)), iter(expected)) == expected, f"scene {scene}"
        assert stage.rows("SELECT * FROM dead_letters") == []
        assert "worker broke" not in stage.worker_log()
        stage.plex.clear_faults()
        check_that_repeating_changes_nothing(stage)
        stage.kill_workers()
        assert intact(stage.data / "plexsync.db")
        return f"{rounds} killed, {len(SCENES)} scenes right"


TASKS = ("sync_all", "undo", "reconcile", "check_setup", "preview", "process_queue")


def tasks(rng: random.Random, rounds: int) -> str:
    """As Stash starts them, and sometimes their worker with them. In the end all is in sync, and *Undo* gives back what was there."""
    with Stage(
        plex=plex_library(12), stash=stash_library(12, details="Stash's."), settings={"index_interval": "-1"}
    ) as stage:
        keys = range(1_001, 1_013)
        before = {key: content(stage.item(key)) for key in keys}
        stage.plex.fault("slow", seconds=0.03, match="", times=None)
        killed_workers = 0
        for _ in range(rounds):
            process = _task(stage, rng.choice(TASKS))
            time.sleep(rng.uniform(0.0, 2.5))
            if rng.random() < 0.5:
                killed_workers += len(stage.workers())
                stage.kill_workers()
            process.kill()
            process.wait(30)
        stage.plex.clear_faults()
        stage.run_task("Sync All Scenes")
        stage.wait_synced(12)
        for key in keys:
            assert stage.item(key)["summary"] == "Stash's.", key
        stage.run_task("Undo")
        assert {key: content(stage.item(key)) for key in keys} == before
        assert stage.rows("SELECT * FROM dead_letters") == []
        assert "worker broke" not in stage.worker_log()
        stage.kill_workers()
        assert intact(stage.data / "plexsync.db")
        return f"{rounds} tasks killed, and {killed_workers} workers with them"


def _task(stage: Stage, name: str) -> "subprocess.Popen[bytes]":
    connection = {
        "Scheme": "http",
        "Host": "127.0.0.1",
        "Port": stage.stash.port,
        "SessionCookie": None,
        "Dir": str(stage.config),
    }
    process = subprocess.Popen(
        [sys.executable, str(stage.config / "plugins" / "PlexSync" / "plexsync_plugin" / "start.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps({"server_connection": connection, "args": {"task": name}}).encode())
    process.stdin.close()
    return process
