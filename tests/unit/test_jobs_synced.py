"""Which scenes are in sync with which server, and since when."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.core.model import Scene
from plexsync_plugin.jobs.synced import Synced, SyncedScenes
from plexsync_plugin.jobs.undone import UndoneScenes
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def scene(number: int, updated_at: str = "t") -> Scene:
    return Scene(id=number, updated_at=updated_at)


def test_scene_is_in_sync_with_the_server_it_was_written_to(connection: sqlite3.Connection) -> None:
    synced = SyncedScenes(connection)
    synced.set_synced("s", scene(1), "old", 10.0)
    synced.set_synced("s", scene(1, "later"), "hash", 20.0)
    synced.set_synced("other", scene(1), "another", 15.0)
    assert synced.synced_hashes("s", [1, 2]) == {1: "hash"}
    assert synced.synced_times("s", [1, 2]) == {1: "later"}
    assert synced.synced_at(1) == 20.0
    assert synced.synced_at(2) is None
    assert synced.count_synced() == 2
    synced.forget_synced("s", 1)
    assert synced.synced_hashes("s", [1]) == {}
    assert synced.synced_hashes("other", [1]) == {1: "another"}


def test_range_leaves_out_its_beginning_and_has_its_end(connection: sqlite3.Connection) -> None:
    synced = SyncedScenes(connection)
    for number in (1, 2, 3, 4):
        synced.set_synced("s", scene(number), f"h{number}", 1.0)
    synced.set_synced_time("s", 2, "")
    assert synced.synced_between("s", 1, 3) == {
        2: Synced(desired_hash="h2", updated_at=""),
        3: Synced(desired_hash="h3", updated_at="t"),
    }
    assert synced.synced_between("other", 1, 3) == {}
    synced.forget_all_synced()
    assert synced.count_synced() == 0


def test_undone_scene_counts_again_when_it_is_synced(connection: sqlite3.Connection) -> None:
    undone = UndoneScenes(connection)
    undone.mark([1, 2], 5.0)
    SyncedScenes(connection).set_synced("s", scene(1), "hash", 10.0)
    assert undone.between(0, 9) == {2}
