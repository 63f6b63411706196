"""The table of orders: put in once, carried out in turn, and not kept for ever once they have ended."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.orders import Order, OrderStore
from plexsync_plugin.jobs.reasons import Failure
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


@pytest.fixture
def orders(connection: sqlite3.Connection) -> OrderStore:
    return OrderStore(connection)


def add(orders: OrderStore, ticket: str, name: str = "sync_all", now: float = 1.0) -> None:
    orders.add(ticket, kind="command", name=name, ids=(), args={}, now=now)


def end(connection: sqlite3.Connection, number: int) -> None:
    with transaction(connection):
        OrderStore(connection).end(number, "done", "Done.", 9.0)


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT id FROM orders ORDER BY id")]


def test_order_is_read_as_it_was_put_in(orders: OrderStore) -> None:
    orders.add("t", kind="entity", name="Tag.Update.Post", ids=[3, 1], args={"batch": "b"}, now=5.0)
    assert list(orders.due(5.0)) == [
        Order(id=1, kind="entity", name="Tag.Update.Post", ids=(3, 1), args={"batch": "b"}, cursor=0, at=5.0)
    ]
    assert (orders.has_batch("b"), orders.has_batch("c")) == (True, False)


def test_order_with_the_same_ticket_is_put_in_once(orders: OrderStore) -> None:
    for name in ("reconcile", "undo"):
        add(orders, "t", name)
    assert orders.waiting_names() == ["reconcile"]


def test_postponed_order_lets_the_others_go_first_and_a_step_makes_it_due(orders: OrderStore) -> None:
    add(orders, "a", "reconcile")
    add(orders, "b", "undo")
    orders.postpone(1, "Plex is away.", due_at=100.0, attempts=2, waits=3)
    assert [order.name for order in orders.due(99.0)] == ["undo"]
    assert orders.postponed() == [("reconcile", "Plex is away.", 100.0)]
    (first, _) = orders.due(100.0)
    assert (first.attempts, first.waits) == (2, 3)
    orders.advance(1, cursor=7, added=2)
    (first, _) = orders.due(1.0)
    assert (first.cursor, first.attempts, first.waits, orders.postponed()) == (7, 0, 0, [])


def test_ended_orders_are_purged_but_for_the_last_500(
    connection: sqlite3.Connection, orders: OrderStore
) -> None:
    for number in range(1, 511):
        add(orders, f"t{number}")
        end(connection, number)
    assert numbers(connection) == list(range(11, 511))


def test_order_that_waits_or_has_a_letter_is_never_purged(
    connection: sqlite3.Connection, orders: OrderStore
) -> None:
    for number in range(1, 511):
        add(orders, f"t{number}")
    failure = Failure(reason="StashRejected", message="No.")
    with transaction(connection):
        DeadLetters(connection).put_order(2, failure, attempts=1, now=5.0)
        orders.end(2, "failed", "No.", 5.0)
    for number in (1, 3, 510):
        end(connection, number)
    assert numbers(connection) == [2, *range(4, 511)]


def test_first_waiting_is_the_oldest_of_the_names_that_has_not_ended(
    connection: sqlite3.Connection, orders: OrderStore
) -> None:
    for ticket, name in (
        ("a", "clear_queue"),
        ("b", "sync_all"),
        ("c", "retry_failed"),
        ("d", "clear_queue"),
    ):
        add(orders, ticket, name)
    end(connection, 1)
    found = orders.first_waiting(("clear_queue", "retry_failed"))
    assert found is not None
    assert (found.id, found.name) == (3, "retry_failed")
    assert orders.first_waiting(("undo",)) is None


def test_orders_put_in_before_another_are_ended_with_the_reason(
    connection: sqlite3.Connection, orders: OrderStore
) -> None:
    for ticket in ("a", "b", "c"):
        add(orders, ticket)
    end(connection, 1)
    assert orders.cancel_before(3, "Taken out.", 7.0) == 1
    rows = connection.execute("SELECT id, state, message, ended_at FROM orders WHERE id > 1 ORDER BY id")
    assert [tuple(row) for row in rows] == [(2, "failed", "Taken out.", 7.0), (3, "waiting", "", None)]


def test_brake_is_the_oldest_undo_that_has_not_begun(
    connection: sqlite3.Connection, orders: OrderStore
) -> None:
    for ticket, name in (("a", "sync_all"), ("b", "undo"), ("c", "undo")):
        add(orders, ticket, name)
    found = orders.first_brake()
    assert found is not None
    assert found.id == 2
    connection.execute("UPDATE orders SET cursor = 1 WHERE name = 'undo'")
    assert orders.first_brake() is None


def test_state_of_an_order_is_found_by_its_ticket(connection: sqlite3.Connection, orders: OrderStore) -> None:
    add(orders, "a")
    end(connection, 1)
    found = orders.state_of("a")
    assert found is not None
    assert (found.id, found.state, found.message) == (1, "done", "Done.")
    assert orders.state_of("b") is None
