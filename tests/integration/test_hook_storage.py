"""Where a hook's row goes when the inbox is locked, damaged, full or not to be written: never nowhere, unless it says so."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from plexsync_plugin.base.aside import SIDE_FILES
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.hook import row_of
from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.inbox import PATIENCE as HOOK_PATIENCE
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import JobStore
from tests.hook_runs import (
    PATIENCE,
    START,
    Answer,
    HookFolder,
    environment,
    finish,
    hook_document,
    run_hook,
    start_process,
)


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[HookFolder]:
    folder = HookFolder(tmp_path)
    yield folder
    folder.close()


@contextmanager
def locked(hooks: HookFolder) -> Iterator[sqlite3.Connection]:
    """Another connection holds the inbox's write lock."""
    with closing(sqlite3.connect(hooks.folder.inbox, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def drain(hooks: HookFolder) -> list[tuple[Any, ...]]:
    """What the worker's draining makes of it: the jobs, in the order in which they were made."""
    with closing(open_state(hooks.folder.state)) as state:
        drain = Drain(hooks.folder, state, JobStore(state), Clock())
        drain.run()
        drain.close()
        jobs = state.execute("SELECT scene_id, generation FROM jobs ORDER BY changed_at, rowid").fetchall()
        return [tuple(job) for job in jobs]


def test_row_goes_to_the_spool_and_is_drained_first_when_the_inbox_stays_locked(hooks: HookFolder) -> None:
    assert hooks.send(hook_document(1)).queued
    with locked(hooks):
        assert hooks.send(hook_document(2)).queued
    assert [row["ids"] for row in hooks.rows()] == [[1]]
    assert [row["ids"] for row in hooks.spooled()] == [[2]]
    assert drain(hooks) == [(2, 1), (1, 1)]
    assert (hooks.rows(), os.listdir(hooks.folder.spool)) == ([], [])
    assert drain(hooks) == [(2, 1), (1, 1)]


@pytest.mark.parametrize("rows", [0, 1], ids=["while it is being created", "as it is"])
def test_row_goes_into_the_inbox_when_the_lock_is_gone_in_time(hooks: HookFolder, rows: int) -> None:
    """A fresh file is not in WAL mode yet, and SQLite does not wait for a lock to switch to it."""
    for _ in range(rows):
        assert hooks.send(hook_document(1)).queued
    with locked(hooks) as connection:
        process, answers = start_process(hooks.root), list[Answer]()
        thread = Thread(target=lambda: answers.append(finish(process, hook_document(2))))
        thread.start()
        thread.join(HOOK_PATIENCE / 3)
        assert not answers, "the hook did not wait for the lock"
        connection.execute("COMMIT")
        thread.join(PATIENCE)
    assert answers[0].queued
    assert ([row["ids"] for row in hooks.rows()], hooks.spooled()) == ([[1], [2]][-rows - 1 :], [])


def test_row_goes_into_the_inbox_when_a_reader_holds_it_open(hooks: HookFolder) -> None:
    assert hooks.send(hook_document(1)).queued
    with closing(sqlite3.connect(hooks.folder.inbox, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ack_queue_default").fetchall()
        assert hooks.send(hook_document(2)).queued
    assert len(hooks.rows()) == 2


def test_half_written_spool_files_are_not_drained(hooks: HookFolder) -> None:
    inbox.spool(hooks.folder, json.dumps(row_of({"id": 2, "type": "Scene.Update.Post"})).encode(), Clock())
    spool = Path(hooks.folder.spool)
    (spool / "000000000000000001-killed.tmp").write_bytes(b'{"v":1,"kind"')
    assert drain(hooks) == [(2, 1)]
    assert [path.name for path in spool.iterdir()] == ["000000000000000001-killed.tmp"]


@pytest.mark.parametrize("below", ["", "plexsync"])
def test_answer_says_so_when_the_folder_cannot_be_made(tmp_path: Path, below: str) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    target = blocked / below if below else blocked
    answer = run_hook(hook_document(1), target)
    assert answer.code == 0
    assert answer.reply["output"] is None
    assert f"cannot write to its folder {target}" in answer.reply["error"]
    assert answer.stderr == b""


@pytest.mark.parametrize("missing", ["log", "queue"])
def test_part_of_the_folder_that_was_deleted_is_made_again(hooks: HookFolder, missing: str) -> None:
    assert hooks.send(hook_document(1)).queued
    shutil.rmtree(hooks.root / missing)
    assert hooks.send(hook_document(2)).queued
    assert (hooks.root / missing).is_dir()
    assert [2] in [row["ids"] for row in hooks.rows()]


@pytest.mark.skipif(sys.platform == "win32", reason="has no file size limit")
def test_answer_says_so_when_the_disk_takes_nothing(hooks: HookFolder) -> None:
    result = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$0" "$1"', sys.executable, str(START)],
        input=hook_document(1),
        capture_output=True,
        env=environment(hooks.root),
        timeout=PATIENCE,
    )
    answer = Answer(code=result.returncode, stdout=result.stdout, stderr=result.stderr)
    assert answer.code == 0, answer.stderr
    assert "cannot write to its folder" in answer.reply["error"]
    assert hooks.spooled() == []
    assert hooks.send(hook_document(2)).queued
    assert drain(hooks) == [(2, 1)]


def damage(path: Path, how: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    if how == "text":
        path.write_bytes(b"this is no database" * 400)
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))


@pytest.mark.parametrize("how", ["text", "cut", "pages"])
def test_worker_moves_a_damaged_inbox_aside_and_goes_on(hooks: HookFolder, how: str) -> None:
    for number in range(1, 40):
        assert hooks.send(hook_document(number)).queued
    damage(Path(hooks.folder.inbox), how)
    assert hooks.send(hook_document(77)).queued
    assert [row["ids"] for row in hooks.spooled()] == [[77]]
    assert (77, 1) in drain(hooks)
    aside = [name for name in os.listdir(hooks.folder.queue) if ".damaged-" in name]
    assert [name for name in aside if not name.endswith(SIDE_FILES)] == [min(aside)]
    assert hooks.send(hook_document(78)).queued
    assert [row["ids"] for row in hooks.rows()] == [[78]]
    assert (78, 1) in drain(hooks)


def test_rows_are_private_when_the_umask_is_open(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("has no such bits")
    hooks = HookFolder(tmp_path / "data")
    old = os.umask(0)
    try:
        assert hooks.send(hook_document(1)).queued
        inbox.spool(hooks.folder, b"{}", Clock())
    finally:
        os.umask(old)
        hooks.close()
    modes = {
        path.name if path.suffix != ".json" else "spooled": path.stat().st_mode & 0o777
        for path in [*Path(hooks.folder.queue).rglob("*"), Path(hooks.folder.queue)]
    }
    assert {modes[name] for name in ("data.db", "spooled")} == {0o600}
    assert {modes[name] for name in ("queue", "spool")} == {0o700}
