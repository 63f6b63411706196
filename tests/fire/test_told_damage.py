"""What *Status*, `failed`, `explain` and *Check Setup* say of each kind of damage, while no worker has mended it: which file it is, what
is lost, what to do, and all that can be read of the rest."""

import os
import shutil
import sqlite3
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.command_line.commands import COMMANDS, CommandContext
from plexsync_plugin.stash.connection import StashConnection
from tests.sim.process import ROOT
from tests.stage import Stage

PAGE = 4096
OLD = ROOT / "tests" / "data" / "upgrades"


def page(path: Path) -> None:
    """The page of the rows that everybody asks for."""
    with closing(sqlite3.connect(path)) as database:
        tables = "('jobs', 'ack_queue_default', 'meta')"
        query = f"SELECT rootpage FROM sqlite_schema WHERE name IN {tables}"
        (root,) = database.execute(query).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


def header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"garbage!" * 16)


def cut(path: Path) -> None:
    os.truncate(path, PAGE + 100)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def text(path: Path) -> None:
    path.write_text("this is no database" * 400, encoding="utf-8")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE x (a)")


def earlier(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.executescript((OLD / "state-1a.sql").read_text(encoding="utf-8"))


Ruin = Callable[[Path], None]
RUINS: tuple[Ruin, ...] = (page, header, cut, emptied, folder, text)


@pytest.fixture(scope="module")
def whole() -> Iterator[Stage]:
    """A scene is in sync and the index is made; no worker lives, and none can start."""
    with Stage(settings={"index_interval": "-1"}) as stage:
        stage.edit(1, title="One")
        stage.wait_title(1, "One")
        stage.wait_synced(1)
        stage.run_task("Index Plex Library")
        stage.kill_workers()
        for name in ("plexsync.db", "queue/data.db"):
            with closing(sqlite3.connect(stage.data / name)) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield stage


class Told:
    """The commands, on a copy of the data folder."""

    def __init__(self, stage: Stage, root: Path) -> None:
        self.root = root
        shutil.copytree(stage.data, root)
        port = int(stage.stash.url.rpartition(":")[2])
        stash = StashConnection(scheme="http", host="127.0.0.1", port=port, folder=str(stage.config))
        self._context = CommandContext(folder=DataFolder(str(root)), stash=stash, clock=Clock())

    def run(self, command: str) -> tuple[int, str]:
        """Exit code and what is shown; an exception is a defect."""
        answer = COMMANDS[command].run(self._context, Namespace(scene=1))
        return answer.code, "\n".join(answer.lines)


@pytest.fixture
def told(whole: Stage, tmp_path: Path) -> Iterator[Told]:
    found = Told(whole, tmp_path / "plexsync")
    lock = FileLock(str(found.root / "worker.lock"))
    assert lock.try_acquire()
    yield found
    lock.release()


def says(shown: str, path: Path, words: tuple[str, ...]) -> bool:
    """Whether one line names the file and says all of it."""
    return any(str(path) in line and all(word in line for word in words) for line in shown.splitlines())


def test_nothing_is_said_of_whole_files(told: Told) -> None:
    for command in ("status", "failed", "explain"):
        code, shown = told.run(command)
        assert code == 0, shown
    problems = [line for line in told.run("check")[1].splitlines() if line.startswith("Problem:")]
    assert [line for line in problems if str(told.root) in line] == []


@pytest.mark.parametrize("ruin", [*RUINS, foreign, earlier], ids=lambda ruin: ruin.__name__)
def test_damaged_plexsync_db_is_told_by_all(told: Told, ruin: Ruin) -> None:
    path = told.root / "plexsync.db"
    ruin(path)
    if ruin is foreign:
        words: tuple[str, ...] = ("is not a file of this program. Move it away",)
    elif ruin is earlier:
        words = ("of an earlier version", "The worker brings it up to date", "Reconcile")
    else:
        words = ("cannot be read as a whole", "is lost", "Undo", "Process Queue")
    for command in ("status", "failed", "explain", "check"):
        code, shown = told.run(command)
        assert code == 5, command
        assert says(shown, path, words), shown
    assert "Last index:" in told.run("status")[1]
    assert "Scene 1 (One) is item 101" in told.run("check")[1]


@pytest.mark.parametrize("ruin", RUINS[1:], ids=lambda ruin: ruin.__name__)
def test_preview_without_a_plexsync_db_that_can_be_read_says_why(told: Told, ruin: Ruin) -> None:
    ruin(told.root / "plexsync.db")
    with pytest.raises(DatabaseError, match="cannot be read as a whole") as caught:
        told.run("preview")
    assert "Process Queue" in str(caught.value)


def test_preview_after_an_update_goes_by_what_the_file_of_before_holds(told: Told) -> None:
    """The worker, which brings it up to date, has not run yet."""
    earlier(told.root / "plexsync.db")
    assert told.run("preview")[0] == 0
    assert list(told.root.glob("*.backup")) == [], "a look changes nothing"


@pytest.mark.parametrize("ruin", RUINS, ids=lambda ruin: ruin.__name__)
def test_damaged_inbox_is_told_by_status_and_check_setup(told: Told, ruin: Ruin) -> None:
    path = told.root / "queue" / "data.db"
    ruin(path)
    for command in ("status", "check"):
        code, shown = told.run(command)
        assert code == 5, command
        assert says(shown, path, ("may be lost", "compares all scenes", "Process Queue")), shown
        assert "In sync: 1 scene." in shown
    for command in ("failed", "explain"):
        assert told.run(command)[0] == 0, "it is no matter of the inbox"


@pytest.mark.parametrize("ruin", [*RUINS, foreign], ids=lambda ruin: ruin.__name__)
def test_damaged_index_is_told_by_status_and_check_setup(told: Told, ruin: Ruin) -> None:
    path = told.root / "plex_collection.db"
    ruin(path)
    for command in ("status", "check"):
        code, shown = told.run(command)
        assert code == 5, command
        assert says(shown, path, ("Edits are synced without it", "Index")), shown
        assert "In sync: 1 scene." in shown
        assert "Last index:" not in shown
    assert "Scene 1 (One) is item 101" in told.run("check")[1], "scenes are looked for in Plex itself"
    for command in ("failed", "explain"):
        assert told.run(command)[0] == 0, "it is no matter of the index"
