"""The list of what a person must look at: scenes, orders, and rows of the inbox that nobody can read."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.orders import OrderStore
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.store import BULK, JobStore
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


@pytest.fixture
def letters(connection: sqlite3.Connection) -> DeadLetters:
    """Scenes 1 and 2, the order *undo*, and a row of the inbox."""
    letters = DeadLetters(connection)
    put(letters, 1, "Ambiguous", now=1.0)
    put(letters, 2, "Rejected", now=2.0)
    OrderStore(connection).add("t", kind="command", name="undo", ids=(), args={}, now=1.0)
    letters.put_order(1, Failure(reason="Rejected", message="Plex says no."), attempts=9, now=3.0)
    letters.put_row("raw", "A row cannot be read.", 4.0)
    return letters


def put(letters: DeadLetters, scene: int, reason: str, *, now: float) -> None:
    failure = Failure(reason=reason, message=f"{reason} it is.", detail="detail")
    letters.put_scene(scene, failure, candidates='["a", "b"]', attempts=3, first_at=now, now=now)


def test_unreadable_row_is_put_on_the_list_once(connection: sqlite3.Connection) -> None:
    letters = DeadLetters(connection)
    for now in (1.0, 2.0):
        letters.put_row("raw", "A row cannot be read.", now)
    letters.put_row("other", "A row cannot be read.", 3.0)
    found = connection.execute("SELECT reason, detail, first_at FROM dead_letters ORDER BY id").fetchall()
    assert [tuple(row) for row in found] == [("UnreadableRow", "raw", 1.0), ("UnreadableRow", "other", 3.0)]


def test_letters_are_chosen_by_scene_or_else_by_reason(letters: DeadLetters) -> None:
    def chosen(*scenes: int, reason: str = "") -> list[tuple[int | None, int | None]]:
        return [(letter.scene_id, letter.order_id) for letter in letters.select(scenes, reason)]

    assert chosen() == [(1, None), (2, None), (None, 1), (None, None)]
    assert chosen(reason="Rejected") == [(2, None), (None, 1)]
    assert chosen(1, reason="Rejected") == [(1, None)]
    assert chosen(7) == []


def test_dropped_letters_are_gone_and_the_others_stay(letters: DeadLetters) -> None:
    letters.drop(letters.select([], "Rejected"))
    assert letters.reasons() == {"Ambiguous", "UnreadableRow"}
    assert letters.count() == 2


def test_newest_come_first_with_the_name_of_their_order(letters: DeadLetters) -> None:
    found = letters.newest(3)
    assert [(letter["scene_id"], letter["order"], letter["candidates"]) for letter in found] == [
        (None, "", []),
        (None, "undo", []),
        (2, "", ["a", "b"]),
    ]
    assert len(letters.newest(-1)) == 4


def test_scene_that_fails_again_keeps_the_time_of_its_first_failure(letters: DeadLetters) -> None:
    put(letters, 1, "BadScene", now=50.0)
    found = letters.of_scene(1)
    assert found is not None
    assert (found["reason"], found["first_at"], found["last_at"]) == ("BadScene", 1.0, 50.0)
    assert letters.of_scene(9) is None


def test_reasons_are_counted_the_most_frequent_first(letters: DeadLetters) -> None:
    assert letters.numbers_by_reason() == [("Rejected", 2), ("Ambiguous", 1), ("UnreadableRow", 1)]


def test_scene_whose_job_waits_again_is_off_the_list_and_one_that_is_dead_stays(
    connection: sqlite3.Connection, letters: DeadLetters
) -> None:
    JobStore(connection).bump([1, 2], priority=BULK, now=5.0)
    for scene in (1, 2):
        put(letters, scene, "Rejected", now=6.0)
    connection.execute("UPDATE jobs SET state = 'dead' WHERE scene_id = 2")
    letters.drop_revived([1, 2])
    listed = connection.execute("SELECT scene_id FROM dead_letters WHERE scene_id IS NOT NULL").fetchall()
    assert [row[0] for row in listed] == [2]


def test_every_scene_whose_job_is_not_dead_is_taken_off_at_once(
    connection: sqlite3.Connection, letters: DeadLetters
) -> None:
    JobStore(connection).bump([1, 2], priority=BULK, now=5.0)
    for scene in (1, 2):
        put(letters, scene, "Rejected", now=6.0)
    connection.execute("UPDATE jobs SET state = 'dead' WHERE scene_id = 1")
    letters.drop_all_revived()
    assert letters.of_scene(2) is None
    kept = letters.of_scene(1)
    assert kept is not None
    assert (kept["reason"], kept["candidates"]) == ("Rejected", ["a", "b"])
