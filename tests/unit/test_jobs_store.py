"""The jobs table, case by case: who goes first, what a newer event does to work in hand, and what is never lost."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.jobs import scene_tables
from plexsync_plugin.jobs.job_reports import JobReports
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.store import BULK, PERSON, RECONCILE, Job, JobNumbers, JobStore
from tests.memory_state import memory_state

FAILURE = Failure(reason="Ambiguous", message="Two items.", candidates=("a", "b"))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


@pytest.fixture
def store(connection: sqlite3.Connection) -> JobStore:
    return JobStore(connection)


def take(store: JobStore, now: float = 100.0) -> Job:
    (job,) = store.due(now, 1)
    store.begin(job, now)
    return job


def ids(jobs: list[Job]) -> list[int]:
    return [job.scene_id for job in jobs]


def state(connection: sqlite3.Connection, scene: int) -> str:
    found: str = connection.execute("SELECT state FROM jobs WHERE scene_id = ?", (scene,)).fetchone()[0]
    return found


def letters(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT scene_id FROM dead_letters ORDER BY 1")]


def test_a_person_goes_before_bulk_and_bulk_before_reconcile(store: JobStore) -> None:
    store.bump([1], priority=RECONCILE, now=1.0)
    store.bump([2], priority=BULK, now=2.0)
    assert ids(store.due(2.0, 10)) == [2, 1]
    store.bump([3], priority=PERSON, now=3.0)
    store.bump([4], priority=PERSON, now=2.5)
    assert ids(store.due(10.0, 10)) == [4, 3], "a person's edits share their batch with nobody"
    assert ids(store.due(10.0, 1)) == [4]
    assert ids(store.due(2.6, 10)) == [4]


def test_a_persons_edit_lifts_waiting_bulk_work(store: JobStore) -> None:
    store.bump([1, 2], priority=BULK, now=1.0)
    store.bump([2], priority=PERSON, now=2.0)
    store.bump([2], priority=RECONCILE, now=3.0)
    assert ids(store.due(10.0, 10)) == [2]
    assert store.is_due(PERSON, 10.0)


def test_bulk_work_is_no_persons_edit_once_that_is_done(store: JobStore) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    store.finish([take(store)], 2.0)
    store.bump([1], priority=BULK, now=3.0)
    assert not store.is_due(PERSON, 10.0)


def test_the_table_is_never_longer_than_the_number_of_scenes(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    for number in range(500):
        store.bump([number % 5 + 1], priority=PERSON, now=float(number))
        if number % 7 == 0:
            store.finish([take(store, 1e6)], 1e6)
    assert connection.execute("SELECT count(*) FROM jobs").fetchone()[0] == 5


def test_job_goes_round_again_when_an_event_came_meanwhile(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    job = take(store)
    store.bump([1], priority=PERSON, now=101.0)
    assert state(connection, 1) == "running"
    store.finish([job], 102.0)
    assert state(connection, 1) == "waiting"
    assert ids(store.due(102.0, 1)) == [1]


def test_failure_of_an_older_state_is_not_held_against_the_new_one(store: JobStore) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    job = take(store)
    store.bump([1], priority=PERSON, now=101.0)
    store.retry(job, FAILURE, due_at=999.0, counts={"attempts": 4}, now=102.0)
    (again,) = store.due(102.0, 1)
    assert (again.attempts, again.due_at, again.first_failed_at) == (0, 102.0, None)


def test_nothing_is_buried_when_an_event_came_meanwhile(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    job = take(store)
    store.bump([1], priority=PERSON, now=101.0)
    assert not store.bury(job, FAILURE, attempts=1, candidates="[]", now=102.0)
    assert letters(connection) == []
    assert ids(store.due(102.0, 1)) == [1]


def test_later_row_of_a_batch_keeps_the_dead_letter_of_its_scene(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    """A long bulk edit is still sending its hooks when the worker has tried its scenes."""
    store.bump([1, 2], priority=BULK, now=1.0, batch="b", leads=True)
    store.bury(take(store), FAILURE, attempts=1, candidates="[]", now=2.0)
    store.bump([1], priority=BULK, now=3.0, batch="b", leads=False)
    assert (state(connection, 1), letters(connection)) == ("dead", [1])


def test_new_event_takes_a_scene_off_the_dead_letters(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    store.bury(take(store), FAILURE, attempts=1, candidates="[]", now=2.0)
    assert letters(connection) == [1]
    store.bump([1], priority=PERSON, now=3.0)
    assert (state(connection, 1), letters(connection)) == ("waiting", [])


def test_later_row_of_a_batch_does_not_redo_what_its_first_row_caused(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1, 2], priority=BULK, now=1.0, batch="b", leads=True)
    store.finish([take(store)], 2.0)
    store.bump([1], priority=BULK, now=3.0, batch="b", leads=False)
    assert state(connection, 1) == "done"


def test_later_row_of_a_batch_counts_when_another_event_came_between(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1, 2], priority=BULK, now=1.0, batch="b", leads=True)
    store.bump([2], priority=PERSON, now=2.0)
    store.finish([take(store)], 3.0)
    store.bump([2], priority=BULK, now=4.0, batch="b", leads=False)
    assert state(connection, 2) == "waiting"


def test_same_batch_sent_again_is_done_again(store: JobStore, connection: sqlite3.Connection) -> None:
    store.bump([1], priority=BULK, now=1.0, batch="b", leads=True)
    store.finish([take(store)], 2.0)
    store.bump([1], priority=BULK, now=3.0, batch="b", leads=True)
    assert state(connection, 1) == "waiting"


def test_job_in_hand_is_due_and_one_attempt_poorer_after_a_crash(store: JobStore) -> None:
    store.bump([1, 2], priority=PERSON, now=1.0)
    take(store)
    assert store.recover(200.0) == 1
    assert [(job.scene_id, job.attempts) for job in store.due(200.0, 5)] == [(2, 0), (1, 1)]
    assert store.recover(201.0) == 0


def test_released_job_is_as_before(store: JobStore) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    store.release(take(store), 5.0)
    (job,) = store.due(100.0, 1)
    assert (job.due_at, job.attempts, job.generation) == (1.0, 0, 1)


def test_forgotten_scene_stays_forgotten_when_its_job_ends(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1], priority=PERSON, now=1.0)
    job = take(store)
    scene_tables.forget(connection, [1])
    store.finish([job], 2.0)
    assert not store.bury(job, FAILURE, attempts=1, candidates="[]", now=3.0)
    store.retry(job, FAILURE, due_at=9.0, counts={}, now=3.0)
    assert connection.execute("SELECT count(*) FROM jobs").fetchone()[0] == 0
    assert letters(connection) == []


def test_waiting_jobs_are_woken_by_their_reason(store: JobStore) -> None:
    store.bump([1, 2], priority=PERSON, now=1.0)
    for reason in ("PlexUnavailable", "ItemMissing"):
        failure = Failure(reason=reason, message="")
        store.retry(take(store), failure, due_at=900.0, counts={"waits": 3}, now=2.0)
    assert store.waits_for(["ItemMissing"])
    assert store.wake(["PlexUnavailable"], 10.0) == 1
    assert [(job.scene_id, job.waits) for job in store.due(10.0, 5)] == [(1, 0)]
    assert store.next_due() == 10.0


@pytest.mark.parametrize(
    ("reason", "alone"), [("ItemMissing", True), ("SearchPostponed", True), ("PlexTrouble", False)]
)
def test_job_is_alone_where_all_others_wait_for_their_item(
    store: JobStore, reason: str, *, alone: bool
) -> None:
    store.bump([1, 2], priority=PERSON, now=1.0)
    failure = Failure(reason=reason, message="")
    store.retry(take(store), failure, due_at=900.0, counts={"looks": 1}, now=2.0)
    assert store.is_alone(2) == alone


def test_job_is_not_alone_while_another_was_never_tried(store: JobStore) -> None:
    store.bump([1, 2], priority=PERSON, now=1.0)
    assert not store.is_alone(2)
    store.finish([take(store)], 2.0)
    assert store.is_alone(2)


def kept(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """State, tries and reason of every job, by scene."""
    query = (
        "SELECT state, attempts, waits, looks, first_failed_at, reason, message FROM jobs ORDER BY scene_id"
    )
    return [tuple(row) for row in connection.execute(query)]


CLEAN = (0, 0, 0, None, "", "")


def test_discarded_job_is_done_as_if_it_had_never_been_tried(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1, 2, 3], priority=PERSON, now=1.0)
    for reason in ("ItemMissing", "Ambiguous"):
        job = take(store)
        later = Failure(reason=reason, message="Later.")
        store.retry(job, later, due_at=3.0, counts={"attempts": 2, "waits": 3, "looks": 4}, now=2.0)
        failure = Failure(reason=reason, message="For good.")
        store.bury(job, failure, attempts=5, candidates="[]", now=3.0)
    store.discard([1, 2, 3], 9.0)
    assert kept(connection) == [
        ("done", 0, 0, 0, None, "Absent", "For good."),
        ("done", 0, 0, 0, None, "Discarded", "For good."),
        ("waiting", *CLEAN),
    ]


def test_undone_scene_has_nothing_waiting_and_what_is_in_hand_or_failed_stays(
    store: JobStore, connection: sqlite3.Connection
) -> None:
    store.bump([1, 2, 3, 4], priority=PERSON, now=1.0)
    store.bury(take(store), FAILURE, attempts=1, candidates="[]", now=2.0)
    take(store)
    for job in store.due(100.0, 2):
        counts = {"attempts": 1, "waits": 2, "looks": 3}
        store.retry(job, FAILURE, due_at=900.0, counts=counts, now=2.0)
    store.settle_undone([1, 2, 3], 9.0)
    assert kept(connection) == [
        ("dead", 1, 0, 0, None, "Ambiguous", "Two items."),
        ("running", *CLEAN),
        ("done", *CLEAN),
        ("waiting", 1, 2, 3, 2.0, "Ambiguous", "Two items."),
    ]


def test_jobs_are_counted_by_what_becomes_of_them(store: JobStore, connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO orders (id, ticket, kind, name, ids, args, state, created_at) "
        "VALUES (7, 't', 'command', 'sync_all', '[]', '{}', 'done', 0)"
    )
    store.bump([1, 2, 3, 4], priority=BULK, now=1.0, order_id=7)
    store.bump([5], priority=BULK, now=1.0)
    store.bury(take(store), FAILURE, attempts=1, candidates="[]", now=2.0)
    store.retry(take(store), FAILURE, due_at=900.0, counts={}, now=2.0)
    take(store)
    assert store.numbers(100.0, 7) == JobNumbers(total=4, open=2, later=1, dead=1)
    assert store.numbers(100.0) == JobNumbers(total=5, open=3, later=1, dead=1)
    assert store.numbers(900.0, 7) == JobNumbers(total=4, open=3, later=0, dead=1)
    assert JobReports(connection).numbers_by_state() == {"dead": 1, "running": 1, "waiting": 3}
    assert JobReports(connection).count("dead", ["Ambiguous", "Rejected"]) == 1


def test_states_tell_the_absent_and_the_discarded_from_the_done(store: JobStore) -> None:
    store.bump([1, 2, 3, 4], priority=BULK, now=1.0)
    store.finish([take(store)], 2.0)
    store.record_absent(take(store), Failure(reason="Absent", message="Not there."), 2.0)
    store.bury(take(store), FAILURE, attempts=1, candidates="[]", now=2.0)
    store.discard([3], 3.0)
    assert store.states_between(0, 3) == {1: "done", 2: "absent", 3: "discarded"}
    assert store.states_between(3, 9) == {4: "waiting"}
