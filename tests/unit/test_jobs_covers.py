"""Each scene's cover as Stash served it last, and which scenes are due to be looked at again."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.core.picture import Cover
from plexsync_plugin.jobs.covers import SceneCovers
from plexsync_plugin.jobs.store import BULK, JobStore
from plexsync_plugin.jobs.undone import UndoneScenes
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def to_look_at(at: float) -> Cover:
    return Cover(etag="e", wanted="poster", sure=False, stand_in=True, looks=2, look_at=at)


def test_cover_is_kept_as_it_was_answered_last(connection: sqlite3.Connection) -> None:
    covers = SceneCovers(connection)
    assert covers.cover(1) is None
    covers.put_cover(1, to_look_at(50.0))
    assert covers.cover(1) == to_look_at(50.0)
    later = Cover(etag="f", wanted="art")
    covers.put_cover(1, later)
    assert covers.cover(1) == later
    assert covers.cover(2) is None


def test_look_is_due_from_its_time_on_and_once(connection: sqlite3.Connection) -> None:
    covers = SceneCovers(connection)
    covers.put_cover(1, to_look_at(50.0))
    covers.put_cover(2, to_look_at(51.0))
    covers.put_cover(3, Cover(etag="e", wanted="poster"))
    assert covers.due_looks(49.0) == []
    assert covers.due_looks(50.0) == [1]
    covers.take_looks([1])
    assert covers.due_looks(99.0) == [2]


def test_scene_with_a_waiting_job_or_undone_is_not_looked_at(connection: sqlite3.Connection) -> None:
    covers, jobs = SceneCovers(connection), JobStore(connection)
    for scene_id in (1, 2, 3):
        covers.put_cover(scene_id, to_look_at(50.0))
    jobs.bump([1, 3], priority=BULK, now=10.0)
    UndoneScenes(connection).mark([2], 10.0)
    assert covers.due_looks(60.0) == []
    job = next(job for job in jobs.due(60.0, 10) if job.scene_id == 3)
    assert jobs.begin(job, 60.0)
    jobs.finish([job], 60.0)
    assert covers.due_looks(60.0) == [3]
