"""plexsync.db and the inbox tell of each other whether they are still the same two, when a worker opens them."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import JobStore


def life(folder: DataFolder, *scenes: int) -> list[str]:
    """What a worker says of the files, that takes these rows."""
    for scene in scenes:
        row = {"v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [scene], "args": {}}
        inbox.put(folder, row, Clock())
    with (
        closing(open_state(folder.state)) as state,
        closing(Drain(folder, state, JobStore(state), Clock())) as drain,
    ):
        drain.run()
        orders = state.execute("SELECT name FROM orders WHERE name = 'reconcile'").fetchall()
        told = [row[0] for row in state.execute("SELECT text FROM notices")]
        assert len(orders) == len(told)
        state.execute("DELETE FROM notices")
        state.execute("DELETE FROM orders")
        state.execute("INSERT OR IGNORE INTO facts VALUES ('of a worker', '1')")
    return told


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """After a worker that has taken three rows."""
    found = DataFolder(str(tmp_path / "plexsync"))
    found.make()
    assert life(found, 1, 2, 3) == []
    return found


def test_files_that_belong_together_are_not_spoken_of(folder: DataFolder) -> None:
    assert life(folder) == []
    inbox.put(folder, {"v": 1, "kind": "scene"}, Clock())  # a row that has no meaning
    assert life(folder) == []
    assert life(folder, 4) == []


def older(folder: DataFolder, copy: Path) -> None:
    shutil.copy(copy, folder.state)


def deleted(folder: DataFolder, _: Path) -> None:
    os.remove(folder.state)


@pytest.mark.parametrize("how", [older, deleted])
@pytest.mark.parametrize("waiting", [(), (7, 8)])
def test_plexsync_db_that_is_not_the_one_of_before_is_told_once_and_all_is_compared(
    folder: DataFolder, tmp_path: Path, how: Callable[[DataFolder, Path], None], waiting: tuple[int, ...]
) -> None:
    copy = tmp_path / "backup.db"
    shutil.copy(folder.state, copy)
    assert life(folder, 4, 5) == []
    how(folder, copy)
    (told,) = life(folder, *waiting)
    assert told.startswith(f"{folder.state} is not the one that PlexSync had")
    assert "what Undo needs" in told
    assert life(folder) == []
    assert life(folder, 9) == []


@pytest.mark.parametrize("waiting", [(), (7, 8)])
def test_inbox_that_is_not_the_one_of_before_is_told_once_and_all_is_compared(
    folder: DataFolder, tmp_path: Path, waiting: tuple[int, ...]
) -> None:
    copy = tmp_path / "backup.db"
    shutil.copy(folder.inbox, copy)
    assert life(folder, 4, 5, 6) == []
    shutil.copy(copy, folder.inbox)
    (told,) = life(folder, *waiting)
    assert told.startswith(f"{folder.inbox} is not the one that PlexSync had")
    assert life(folder) == []


def test_plexsync_db_of_a_version_that_kept_no_number_is_believed(folder: DataFolder) -> None:
    with closing(open_state(folder.state)) as state:
        state.execute("DELETE FROM facts WHERE name = 'inbox_row'")
    assert life(folder) == []
    assert life(folder, 4) == []
