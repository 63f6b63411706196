"""Orders about the queue, on a real database: what they take and what they leave."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.reasons import ABSENT, DISCARDED, Failure
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import PERSON, JobStore
from plexsync_plugin.worker.orders.queue_orders import (
    CLEARED,
    OrderResult,
    Queue,
    clear_failed,
    clear_queue,
    retry_failed,
)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_state(str(tmp_path / "plexsync.db"))) as connection:
        yield connection


def order(*ids: int, reason: str = "", at: float = 100.0, number: int = 1) -> Order:
    args = {"reason": reason} if reason else {}
    return Order(id=number, kind="command", name="", ids=ids, args=args, cursor=0, at=at)


def add_order(state: sqlite3.Connection, name: str, at: float = 50.0) -> int:
    return (
        state.execute(
            "INSERT INTO orders (ticket, kind, name, ids, args, state, created_at) VALUES (?, 'command', ?, '[]', '{}', 'waiting', ?)",
            (name, name, at),
        ).lastrowid
        or 0
    )


def bury(state: sqlite3.Connection, scene: int, reason: str) -> None:
    store = JobStore(state)
    with transaction(state):
        store.bump([scene], priority=PERSON, now=1.0)
    (job,) = [job for job in store.due(1.0, 100) if job.scene_id == scene]
    assert store.bury(
        job, Failure(reason=reason, message=f"{reason} it is"), attempts=3, candidates="[]", now=2.0
    )


def states(state: sqlite3.Connection) -> dict[int, str]:
    return dict(state.execute("SELECT scene_id, state FROM jobs").fetchall())


def letters(state: sqlite3.Connection) -> list[int | None]:
    return [row[0] for row in state.execute("SELECT scene_id FROM dead_letters ORDER BY id")]


def test_retry_failed_makes_every_failed_scene_due_again(state: sqlite3.Connection) -> None:
    number = add_order(state, "retry_failed")
    bury(state, 1, "Ambiguous")
    bury(state, 2, "Rejected")
    outcome = retry_failed(order(number=number), Queue.of(state), 10.0)
    assert outcome == OrderResult(message="Tried again: 2 failed scenes.", added=2)
    assert states(state) == {1: "waiting", 2: "waiting"}
    assert letters(state) == []
    rows = state.execute("SELECT attempts, due_at, order_id FROM jobs").fetchall()
    assert [tuple(row) for row in rows] == [(0, 10.0, number)] * 2


def test_retry_failed_by_reason_leaves_the_others_on_the_list(state: sqlite3.Connection) -> None:
    number = add_order(state, "retry_failed")
    bury(state, 1, "Ambiguous")
    bury(state, 2, "Rejected")
    retry_failed(order(reason="Rejected", number=number), Queue.of(state), 10.0)
    assert (letters(state), states(state)) == ([1], {1: "dead", 2: "waiting"})


def test_retry_failed_of_one_scene_leaves_the_others_on_the_list(state: sqlite3.Connection) -> None:
    number = add_order(state, "retry_failed")
    bury(state, 1, "Ambiguous")
    bury(state, 2, "Ambiguous")
    retry_failed(order(2, number=number), Queue.of(state), 10.0)
    assert letters(state) == [1]
    assert state.execute("SELECT priority FROM jobs WHERE scene_id = 2").fetchone()[0] == PERSON


@pytest.mark.parametrize("what", [retry_failed, clear_failed])
def test_scene_that_did_not_fail_is_named(what: object, state: sqlite3.Connection) -> None:
    assert callable(what)
    assert what(order(7), Queue.of(state), 10.0).message == "Scene 7 is not on the list of failed scenes."
    assert (
        what(order(reason="Odd"), Queue.of(state), 10.0).message
        == "No scene is on the list of failed scenes for the reason Odd."
    )


def test_unreadable_row_is_cleared_and_cannot_be_retried(state: sqlite3.Connection) -> None:
    with transaction(state):
        DeadLetters(state).put_row(json.dumps("?"), "A row cannot be read.", 1.0)
    assert retry_failed(order(), Queue.of(state), 10.0).added == 0
    assert letters(state) == [None]
    assert clear_failed(order(), Queue.of(state), 10.0).message.startswith("Off the list: 1 failed scene.")
    assert letters(state) == []


def test_clear_failed_settles_the_dead_jobs_and_no_others(state: sqlite3.Connection) -> None:
    bury(state, 1, "Ambiguous")
    bury(state, 3, "ItemMissing")
    with transaction(state):
        JobStore(state).bump([2], priority=PERSON, now=1.0)
    clear_failed(order(), Queue.of(state), 10.0)
    assert (letters(state), states(state)) == ([], {1: "done", 2: "waiting", 3: "done"})
    reasons = state.execute("SELECT reason FROM jobs WHERE state = 'done' ORDER BY scene_id").fetchall()
    assert [row[0] for row in reasons] == [DISCARDED, ABSENT]


def test_clear_queue_takes_what_waited_and_leaves_what_came_after_it(state: sqlite3.Connection) -> None:
    store = JobStore(state)
    with transaction(state):
        store.bump([1, 2, 3], priority=PERSON, now=1.0)
    store.begin(store.due(1.0, 1)[0], 5.0)
    bury(state, 4, "Ambiguous")
    earlier = add_order(state, "sync_all")
    number = add_order(state, "clear_queue", at=100.0)
    later = add_order(state, "reconcile", at=101.0)
    with transaction(state):
        store.bump([9], priority=PERSON, now=101.0)
    outcome = clear_queue(order(number=number), Queue.of(state), 102.0)
    assert outcome.message.startswith("Out of the queue: 2 waiting scenes and 1 order.")
    assert states(state) == {1: "running", 4: "dead", 9: "waiting"}
    found = {row["id"]: (row["state"], row["message"]) for row in state.execute("SELECT * FROM orders")}
    assert found == {earlier: ("failed", CLEARED), number: ("waiting", ""), later: ("waiting", "")}


def test_clear_queue_of_an_empty_queue_says_so(state: sqlite3.Connection) -> None:
    assert clear_queue(order(), Queue.of(state), 1.0).message == "Nothing was waiting."


def give_up(state: sqlite3.Connection, name: str) -> int:
    """A letter about an order, as the worker leaves it."""
    number = add_order(state, name)
    state.execute("UPDATE orders SET state = 'failed', attempts = 9, due_at = 5e9 WHERE id = ?", (number,))
    state.execute(
        "INSERT INTO dead_letters (order_id, reason, message, first_at, last_at) VALUES (?, 'StashRejected', 'No.', 1, 1)",
        (number,),
    )
    return number


def test_retry_failed_brings_orders_back_with_all_their_attempts(state: sqlite3.Connection) -> None:
    number, again = give_up(state, "sync_all"), add_order(state, "retry_failed")
    bury(state, 1, "StashRejected")
    outcome = retry_failed(order(reason="StashRejected", number=again), Queue.of(state), 10.0)
    assert outcome == OrderResult(message="Tried again: 1 failed scene and 1 order.", added=1)
    row = state.execute("SELECT state, attempts, due_at FROM orders WHERE id = ?", (number,)).fetchone()
    assert tuple(row) == ("waiting", 0, 0.0)
    assert letters(state) == []


def test_retry_failed_of_one_scene_leaves_orders_on_the_list(state: sqlite3.Connection) -> None:
    give_up(state, "sync_all")
    assert (
        retry_failed(order(1), Queue.of(state), 10.0).message
        == "Scene 1 is not on the list of failed scenes."
    )
    assert letters(state) == [None]
