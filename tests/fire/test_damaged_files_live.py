"""A real worker whose files are damaged, swapped or locked: it goes on by itself, says so once, and loses no edit."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from plexsync_plugin.base.aside import SIDE_FILES
from plexsync_plugin.jobs.state import make_state
from tests.long_form import IS_LONG
from tests.stage import Stage, is_running, item_key

pytestmark = pytest.mark.crash

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody take away an open file")
PAGE = 4096


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(settings={"index_interval": "-1"}) as stage:
        stage.edit(1, title="One")
        stage.wait_title(1, "One")
        yield stage


def named_in_schema() -> list[str]:
    """Every table and index of plexsync.db that has pages of its own."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/plexsync.db"
        make_state(path)
        with closing(sqlite3.connect(path)) as state:
            query = (
                "SELECT name FROM sqlite_schema WHERE rootpage > 1 AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
            return [row[0] for row in state.execute(query)]


def command(stage: Stage, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "STASH_URL": stage.stash.url, "PLEXSYNC_DATA": str(stage.data)}
    plugin = stage.config / "plugins" / "PlexSync"
    return subprocess.run(
        [sys.executable, "-m", "plexsync_plugin", *arguments],
        cwd=plugin, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def break_page_of(path: Path, name: str) -> None:
    """Of a table or index; `path` is a database that nobody writes to."""
    with closing(sqlite3.connect(path)) as state:
        state.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


def aside(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if ".damaged-" in name and not name.endswith(SIDE_FILES)]


def said(stage: Stage, words: str) -> int:
    return sum(words in line for line in stage.log_lines())


@pytest.mark.parametrize("table", ["jobs", "ledger", "jobs_due", "notices"])
def test_plexsync_db_when_damaged_is_made_anew_and_every_edit_arrives(stage: Stage, table: str) -> None:
    stage.kill_workers()
    break_page_of(stage.data / "plexsync.db", table)
    for scene in (1, 2):
        stage.edit(scene, title=f"After {scene}")
    for scene in (1, 2):
        stage.wait_title(scene, f"After {scene}")
    assert aside(stage.data / "queue") == []
    assert len(aside(stage.data)) == 1
    stage.wait(lambda: said(stage, "plexsync.db was damaged and is made anew") == 1, "the sentence")
    assert "worker broke" not in stage.worker_log()
    assert command(stage, "status").returncode == 0
    assert len(stage.workers()) == 1


@pytest.mark.parametrize("table", named_in_schema() if IS_LONG else ["images"])
def test_page_of_any_table_or_index_costs_no_edit_and_is_told_once_it_is_met(
    stage: Stage, table: str
) -> None:
    """What no edit reads is met later."""
    stage.kill_workers()
    break_page_of(stage.data / "plexsync.db", table)
    for scene in (1, 2):
        stage.edit(scene, title=f"After {scene}")
    for scene in (1, 2):
        stage.wait_title(scene, f"After {scene}")
    assert aside(stage.data / "queue") == []
    met = len(aside(stage.data))
    assert met <= 1
    stage.wait(lambda: said(stage, "plexsync.db was damaged and is made anew") == met, "the sentence")
    assert "worker broke" not in stage.worker_log()
    assert len(stage.workers()) == 1


def test_commands_tell_what_they_can_while_no_worker_has_mended_the_file(stage: Stage) -> None:
    stage.kill_workers()
    (stage.data / "plexsync.db").write_bytes(b"this is no database" * 400)
    for arguments in (("status",), ("failed",), ("explain", "1")):
        done = command(stage, *arguments)
        assert done.returncode == 5, done.stderr
        assert "plexsync.db cannot be read" in done.stdout
        assert "Traceback" not in done.stderr
    assert "plexsync.db" in stage.operation(operation="status")["problems"][0]


def test_index_when_damaged_never_stops_sync_and_is_told_once(stage: Stage) -> None:
    index = stage.data / "plex_collection.db"
    stage.run_task("Index Plex Library")
    index.write_bytes(index.read_bytes()[:PAGE] + b"\xa5" * PAGE * 40)
    for scene in (2, 3):
        stage.edit(scene, title=f"After {scene}")
        stage.wait_title(scene, f"After {scene}")
    assert said(stage, "Edits are synced all the same") == 1
    assert index.exists()
    assert "is damaged" in command(stage, "status").stdout


@POSIX
@pytest.mark.parametrize("how", ["deleted", "emptied folder"])
def test_inbox_that_is_taken_away_under_the_worker_is_noticed(stage: Stage, how: str) -> None:
    queue = stage.data / "queue"
    before = stage.workers()
    if how == "deleted":
        for ending in ("", "-wal", "-shm"):
            (queue / f"data.db{ending}").unlink(missing_ok=True)
    else:
        shutil.rmtree(queue)
    stage.edit(2, title="Two")
    stage.wait_title(2, "Two")
    assert stage.workers() == before
    stage.edit(3, title="Three")
    stage.wait_title(3, "Three")


@POSIX
def test_inbox_that_is_emptied_under_the_worker_is_made_anew(stage: Stage) -> None:
    """With an edit in it that the worker, which is held, has not taken."""
    before, inbox = stage.workers(), stage.data / "queue" / "data.db"
    with held(before):
        stage.edit(2, title="Two")
        os.truncate(inbox, 0)
    stage.wait_title(2, "Two")
    for scene in (3, 4):
        stage.edit(scene, title=f"After {scene}")
        stage.wait_title(scene, f"After {scene}")
    told = "SELECT text FROM notices WHERE text LIKE '%Edits that were in it may have been lost%'"
    stage.wait(lambda: len(stage.rows(told)) == 1, "the sentence")
    assert stage.workers() == before
    assert "worker broke" not in stage.worker_log()
    assert inbox.stat().st_size > 0


@contextmanager
def held(workers: list[int]) -> Iterator[None]:
    """They do nothing meanwhile."""
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


@POSIX
@pytest.mark.parametrize("way", ["another file", "into the same file"])
def test_older_inbox_in_its_place_under_the_worker_costs_no_edit(stage: Stage, way: str) -> None:
    """As a program for backups puts it back: under another number of file, or by writing over what is there."""
    before, inbox = stage.workers(), stage.data / "queue" / "data.db"
    older = stage.folder / "older.db"
    with closing(sqlite3.connect(inbox)) as source, closing(sqlite3.connect(older)) as target:
        source.backup(target)
    for scene in range(2, 9):
        stage.edit(scene, title=f"Before {scene}")
    stage.wait_title(8, "Before 8")
    with held(before):
        stage.edit(9, title="In the newer one alone")
        with closing(sqlite3.connect(inbox)) as newer:
            newer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if way == "another file":
            for ending in SIDE_FILES:
                Path(f"{inbox}{ending}").unlink(missing_ok=True)
            shutil.move(older, inbox)
        else:
            inbox.write_bytes(older.read_bytes())
    for scene in range(10, 12):
        stage.edit(scene, title=f"After {scene}")
    for scene in range(10, 12):
        stage.wait_title(scene, f"After {scene}")
    stage.wait_title(9, "In the newer one alone")
    assert stage.workers() == before
    assert "worker broke" not in stage.worker_log()


@POSIX
def test_plexsync_db_that_is_emptied_under_the_worker_is_made_anew(stage: Stage) -> None:
    before = stage.workers()
    os.truncate(stage.data / "plexsync.db", 0)
    stage.wait(lambda: said(stage, "plexsync.db was damaged and is made anew") == 1, "the sentence")
    stage.edit(2, title="Two")
    stage.wait_title(2, "Two")
    assert stage.workers() == before
    assert "worker broke" not in stage.worker_log()
    assert aside(stage.data / "queue") == []


def test_inbox_that_is_locked_when_the_worker_starts_is_the_file_that_is_named(stage: Stage) -> None:
    """And its edits are synced from the spool meanwhile."""
    stage.kill_workers()
    with locked(stage.data / "queue" / "data.db"):
        stage.edit(2, title="Two")
        stage.wait_title(2, "Two")
        stage.wait(lambda: said(stage, "inbox queue/data.db is kept locked") == 1, "the sentence")
        assert said(stage, "plexsync.db is kept locked") == 0
    stage.edit(3, title="Three")
    stage.wait_title(3, "Three")
    assert "worker broke" not in stage.worker_log()


@POSIX
def test_folder_that_a_backup_replaces_has_one_worker(stage: Stage) -> None:
    old = stage.workers()
    backup = stage.folder / "backup"
    shutil.copytree(stage.data, backup)
    stage.data.rename(stage.folder / "before")  # at once: the worker makes what is missing of its folder
    backup.rename(stage.data)
    stage.edit(2, title="Two")
    stage.wait_title(2, "Two")
    stage.edit(3, title="Three")
    stage.wait_title(3, "Three")
    stage.wait(lambda: len([*filter(is_running, old), *set(stage.workers()) - set(old)]) == 1, "one worker")
    puts = [put for put in stage.puts() if f"id={item_key(3)}" in put]
    assert len(puts) == 1


@POSIX
def test_worker_ends_with_its_deleted_folder(stage: Stage) -> None:
    (old,) = stage.workers()
    shutil.rmtree(stage.data)
    stage.wait(lambda: not is_running(old), "the end of the worker")
    assert said(stage, "was deleted, so its worker ends") == 1
    assert not stage.data.exists()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_worker_waits_for_a_program_that_keeps_plexsync_db_locked(stage: Stage) -> None:
    before = stage.workers()
    with locked(stage.data / "plexsync.db"):
        stage.edit(2, title="Two")
        stage.wait(lambda: said(stage, "kept locked by another program") == 1, "the sentence")
        assert stage.workers() == before
    stage.wait_title(2, "Two")
    assert stage.workers() == before
    assert "worker broke" not in stage.worker_log()
    assert said(stage, "is free again") == 1
