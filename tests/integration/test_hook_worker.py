"""A hook and the worker it leaves behind: exactly one, detached, with nothing of Stash's in its hands."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import ensure_worker
from tests.hook_runs import (
    PATIENCE,
    START,
    environment,
    hook_document,
    kill_workers,
    run_hook,
    run_hooks_at_once,
    silent_stash,
    started_workers,
    stored_rows,
    wait_for_worker,
)
from tests.stage import is_running

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture
def port() -> Iterator[int]:
    with silent_stash() as port:
        yield port


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (tmp_path / "worker.lock").exists():
        kill_workers(tmp_path)


def lock_of(data: Path) -> FileLock:
    return FileLock(DataFolder(str(data)).worker_lock)


def processes_in(folder: Path) -> list[int]:
    """Whose current folder it is: a worker's is its data folder, from before its first line of Python."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd") == str(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_one_worker_runs_when_twenty_hooks_race(data: Path, port: int) -> None:
    documents = [hook_document(number, port=port) for number in range(1, 21)]
    answers = run_hooks_at_once(documents, data)
    assert all(answer.queued for answer in answers)
    worker = wait_for_worker(data)
    if sys.platform.startswith("linux"):
        assert processes_in(data) == [worker]
    assert run_hook(hook_document(21, port=port), data).queued
    assert started_workers(data) == [worker]
    assert is_running(worker)
    assert sorted(row["ids"][0] for row in stored_rows(data)) == list(range(1, 22))


def test_next_hook_starts_a_worker_when_the_last_was_killed(data: Path, port: int) -> None:
    assert run_hook(hook_document(1, port=port), data).queued
    first = wait_for_worker(data)
    kill_workers(data)
    assert run_hook(hook_document(2, port=port), data).queued
    lock = lock_of(data)
    assert not lock.try_acquire()
    while len(started_workers(data)) < 2:
        assert not lock.try_acquire(), "the second worker has gone before it said that it starts"
    assert started_workers(data)[0] == first


def test_hook_that_finds_a_worker_starts_none(data: Path, port: int) -> None:
    folder = DataFolder(str(data))
    folder.make()
    lock = lock_of(data)
    assert lock.try_acquire()
    assert run_hook(hook_document(1, port=port), data).queued
    lock.release()
    assert lock.try_acquire(), "a worker has started beside the one that holds the lock"
    lock.release()
    assert started_workers(data) == []


def test_save_ends_while_the_worker_lives(data: Path, port: int) -> None:
    """`finish` reads standard output and error to their ends, as Stash does before its mutation returns."""
    assert run_hook(hook_document(1, port=port), data).queued
    assert is_running(wait_for_worker(data))


@LINUX
def test_worker_holds_nothing_that_stash_opened(data: Path, port: int) -> None:
    """Pipes of the hook, and one that Stash leaked into it."""
    ours = [os.pipe() for _ in range(3)]
    process = subprocess.Popen(
        [sys.executable, str(START)],
        stdin=subprocess.PIPE,
        stdout=ours[0][1],
        stderr=ours[1][1],
        pass_fds=[ours[2][1]],
        env=environment(data),
    )
    process.communicate(hook_document(1, port=port), timeout=PATIENCE)
    worker = wait_for_worker(data)
    stash = {os.readlink(f"/proc/self/fd/{number}") for pair in ours for number in pair}
    held = {}
    for name in Path(f"/proc/{worker}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the worker has closed this one since
            held[name.name] = os.readlink(name)
    for number in (number for pair in ours for number in pair):
        os.close(number)
    assert len(stash) == 3
    assert not stash & set(held.values())
    assert (held["1"], held["2"]) == ("/dev/null", "/dev/null")
    assert str(data / "worker.lock") in held.values()


@LINUX
def test_worker_is_a_session_of_its_own(data: Path, port: int) -> None:
    """A terminal's Ctrl-C, or the end of the hook's process group, does not reach it."""
    run_hook(hook_document(1, port=port), data)
    worker = wait_for_worker(data)
    assert os.getsid(worker) == worker


@LINUX
def test_nothing_secret_is_in_argv_or_environment_of_the_worker(data: Path, port: int) -> None:
    run_hook(hook_document(1, port=port), data)
    worker = wait_for_worker(data)
    for name in ("cmdline", "environ"):
        assert b"hook-session-cookie-51ab" not in Path(f"/proc/{worker}/{name}").read_bytes()
    assert Path(f"/proc/{worker}/cmdline").read_bytes().split(b"\0")[-3:] == [
        str(START).encode(),
        b"worker",
        b"",
    ]


def test_no_file_of_the_data_folder_holds_the_session(data: Path, port: int) -> None:
    run_hook(hook_document(1, port=port), data)
    wait_for_worker(data)
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {"data.db", "worker.log", "worker.lock"} <= {path.name for path in files}
    assert [path for path in files if b"hook-session-cookie-51ab" in path.read_bytes()] == []


def test_event_is_kept_and_the_person_told_when_no_worker_can_start(data: Path, port: int) -> None:
    DataFolder(str(data)).make()
    (data / "worker.lock").mkdir()  # it cannot be opened for writing
    answer = run_hook(hook_document(1, port=port), data)
    assert answer.code == 0
    assert "has stored this event, but cannot start its worker" in answer.reply["error"]
    assert [row["ids"] for row in stored_rows(data)] == [[1]]
    (data / "worker.lock").rmdir()


def test_wake_starts_a_worker_once(data: Path, port: int) -> None:
    document = json.loads(hook_document(1, port=port))
    document["args"] = {"operation": "wake"}
    answers = [run_hook(json.dumps(document).encode(), data) for _ in range(2)]
    assert [answer.reply for answer in answers] == [
        {"output": {"started": True}, "error": None},
        {"output": {"started": False}, "error": None},
    ]
    wait_for_worker(data)


def test_worker_ends_at_once_when_another_holds_the_lock(data: Path, port: int) -> None:
    """Windows hands no lock on, so a second worker may be started; it finds out first of all."""
    DataFolder(str(data)).make()
    lock = lock_of(data)
    assert lock.try_acquire()
    document = {**json.loads(hook_document(1, port=port)), "worker": {"lock": None}}
    result = subprocess.run(
        [sys.executable, str(START), "worker"],
        input=json.dumps(document).encode(),
        capture_output=True,
        env=environment(data),
        timeout=PATIENCE,
    )
    lock.release()
    assert json.loads(result.stdout) == {"output": "another worker runs", "error": None}
    assert started_workers(data) == []


def test_ensure_worker_keeps_no_descriptor(data: Path, port: int) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("counts in /proc")
    folder = DataFolder(str(data))
    folder.make()
    before = len(os.listdir("/proc/self/fd"))
    connection = json.loads(hook_document(1, port=port))["server_connection"]
    connection["Dir"] = str(data.parent)
    os.environ["PLEXSYNC_DATA"] = str(data)
    try:
        assert ensure_worker(folder, connection)
        assert not ensure_worker(folder, connection)
    finally:
        del os.environ["PLEXSYNC_DATA"]
    assert len(os.listdir("/proc/self/fd")) == before
    wait_for_worker(data)
