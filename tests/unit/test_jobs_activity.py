"""What is kept of what was done: the newest 500 rows, the last 30 days of hours, files of scenes that failed."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.core.model import File, Scene
from plexsync_plugin.jobs.activity import FAILED, KEPT, LONGEST, WRITTEN, Activity, ActivityStore
from plexsync_plugin.jobs.comparisons import ComparedField, Comparisons
from plexsync_plugin.jobs.hourly import HOUR, Hourly
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.scene_files import KeptScene, SceneFiles
from plexsync_plugin.jobs.store import BULK, PERSON, JobStore
from tests.memory_state import memory_state

NOW = 1_700_000_000.0
THIS_HOUR = 1_699_999_200


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def hours(connection: sqlite3.Connection) -> list[tuple[int, int, int]]:
    return [tuple(row) for row in connection.execute("SELECT hour, ok, failed FROM hourly ORDER BY hour")]


def test_only_the_newest_rows_are_kept(connection: sqlite3.Connection) -> None:
    store = ActivityStore(connection)
    store.add([Activity(scene_id=number, outcome=WRITTEN) for number in range(1, KEPT + 11)], NOW)
    kept = store.newest(KEPT + 50)
    assert [each.activity.scene_id for each in kept] == list(range(KEPT + 10, 10, -1))


def test_rows_are_read_page_by_page_from_the_newest_on(connection: sqlite3.Connection) -> None:
    store = ActivityStore(connection)
    for number in range(1, 6):
        store.add([Activity(scene_id=number, outcome=WRITTEN)], NOW + number)
    first = store.newest(2)
    assert [each.activity.scene_id for each in first] == [5, 4]
    assert [each.activity.scene_id for each in store.newest(9, first[-1].id)] == [3, 2, 1]


def test_row_comes_back_as_it_was_put_with_long_values_cut(connection: sqlite3.Connection) -> None:
    put = Activity(
        scene_id=7,
        outcome=WRITTEN,
        title="T",
        server="m",
        item=3,
        item_title="I",
        changes=(("summary", "", "x" * 1_000), ("genre", "A", "A, B")),
        ms=12,
        requests=1,
    )
    ActivityStore(connection).add([put], NOW)
    (kept,) = ActivityStore(connection).newest(1)
    assert (kept.at, kept.activity.title, kept.activity.item_title, kept.activity.ms) == (NOW, "T", "I", 12)
    summary, genre = kept.activity.changes
    assert summary == ("summary", "", "x" * (LONGEST - 1) + "…")
    assert genre == ("genre", "A", "A, B")


def test_hours_are_counted_in_utc_and_empty_ones_are_told_too(connection: sqlite3.Connection) -> None:
    hourly = Hourly(connection)
    hourly.count(NOW, ok=2)
    hourly.count(NOW + 10, ok=1, failed=1)
    hourly.count(NOW, ok=0)
    assert hours(connection) == [(THIS_HOUR, 3, 1)]
    assert hourly.last(3, NOW) == [(THIS_HOUR - 2 * HOUR, 0, 0), (THIS_HOUR - HOUR, 0, 0), (THIS_HOUR, 3, 1)]


def test_hours_of_more_than_thirty_days_ago_and_those_to_come_go(connection: sqlite3.Connection) -> None:
    hourly = Hourly(connection)
    hourly.count(NOW - 31 * 24 * HOUR, ok=1)
    hourly.count(NOW - 30 * 24 * HOUR, ok=1)
    hourly.count(NOW, ok=1)
    assert [hour for hour, _, _ in hours(connection)] == [THIS_HOUR - 30 * 24 * HOUR, THIS_HOUR]
    hourly.count(NOW - HOUR, ok=1)  # a clock that was ahead has been set back
    assert [hour for hour, _, _ in hours(connection)] == [THIS_HOUR - 30 * 24 * HOUR, THIS_HOUR - HOUR]


def test_settled_jobs_are_counted_in_their_own_transaction(connection: sqlite3.Connection) -> None:
    store = JobStore(connection)
    store.bump([1, 2, 3], priority=PERSON, now=NOW)
    one, two, three = store.due(NOW, 3)
    store.finish([one, two], NOW, [Activity(scene_id=1, outcome=WRITTEN)])
    failure = Failure(reason="Rejected", message="Plex refused it.")
    store.bury(three, failure, attempts=1, candidates="[]", now=NOW)
    assert hours(connection) == [(THIS_HOUR, 2, 1)]
    told = [
        (each.activity.scene_id, each.activity.outcome, each.activity.text)
        for each in ActivityStore(connection).newest(9)
    ]
    assert told == [(3, FAILED, "Plex refused it."), (1, WRITTEN, "")]


def test_scenes_that_are_absent_in_bulk_push_nothing_out(connection: sqlite3.Connection) -> None:
    store = JobStore(connection)
    store.bump([1], priority=BULK, now=NOW)
    store.bump([2], priority=PERSON, now=NOW)
    absent = Failure(reason="Absent", message="Not in Plex.")
    for job in (*store.due(NOW, 1),):
        store.record_absent(job, absent, NOW)
    for job in store.due(NOW, 1):
        store.record_absent(job, absent, NOW)
    assert [each.activity.scene_id for each in ActivityStore(connection).newest(9)] == [2]


def test_failure_that_a_newer_event_overtook_is_not_told(connection: sqlite3.Connection) -> None:
    store = JobStore(connection)
    store.bump([1], priority=PERSON, now=NOW)
    (job,) = store.due(NOW, 1)
    store.bump([1], priority=PERSON, now=NOW)
    assert not store.bury(
        job, Failure(reason="Rejected", message="No."), attempts=1, candidates="[]", now=NOW
    )
    assert hours(connection) == []
    assert ActivityStore(connection).newest(9) == []


def test_files_of_a_failed_scene_are_noted_once_and_anew_when_they_change(
    connection: sqlite3.Connection,
) -> None:
    files = SceneFiles(connection)
    scene = Scene(id=4, title="T", files=(File(path="/a/x.mp4", size=5), File(path="/a/y.mp4", size=6)))
    files.note(scene)
    before = connection.total_changes
    files.note(scene)
    assert connection.total_changes == before
    assert files.of_scenes([4, 9]) == {4: KeptScene(title="T", files=scene.files)}
    files.note(Scene(id=4, title="New", files=(File(path="/b/x.mp4", size=5),)))
    assert files.of_scenes([4])[4] == KeptScene(title="New", files=(File(path="/b/x.mp4", size=5),))


def test_comparison_takes_the_place_of_the_one_before(connection: sqlite3.Connection) -> None:
    comparisons = Comparisons(connection)
    title = ComparedField(stash="A", plex="B", locked=True)
    comparisons.put("m", 4, {10: {"title": title}, 11: {}}, NOW)
    comparisons.put("m", 4, {10: {"title": title}}, NOW + 1)
    ((place, found),) = comparisons.of_scene(4).items()
    assert (place, found.at, dict(found.fields)) == (("m", 10), NOW + 1, {"title": title})
