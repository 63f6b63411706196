"""What an undo has to give back, and which scenes are left alone since."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.jobs.census import END
from plexsync_plugin.jobs.ledger import LedgerStore
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.jobs.written_items import WrittenItems
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def written(connection: sqlite3.Connection, key: int, scene: int, fields: str, server: str = "s") -> None:
    connection.execute(
        "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
        "VALUES (?, ?, ?, 1, 1, ?, 0)",
        (server, key, scene, fields),
    )


def pictured(connection: sqlite3.Connection, key: int) -> None:
    connection.execute(
        "INSERT INTO images (server, rating_key, element, section, kind) VALUES ('s', ?, 'posters', 1, 1)",
        (key,),
    )


@pytest.fixture
def items(connection: sqlite3.Connection) -> WrittenItems:
    """Scene 1 wrote 11 and 12; 2 gave 21 back; 3 has a picture on 31; nobody knows whose 41 was; 5 is elsewhere."""
    written(connection, 11, 1, '{"title": {}}')
    written(connection, 12, 1, '{"title": {}}')
    written(connection, 21, 2, "{}")
    pictured(connection, 31)
    connection.execute(
        "INSERT INTO matches (scene_id, server, rating_key, section, kind) VALUES (3, 's', 31, 1, 1)"
    )
    pictured(connection, 41)
    written(connection, 51, 5, '{"title": {}}', server="other")
    return WrittenItems(connection)


def test_scenes_with_fields_or_pictures_of_ours_are_found(items: WrittenItems) -> None:
    assert items.scenes("s", []) == [0, 1, 3]
    assert items.scenes("s", [1, 2]) == [1]
    assert items.scenes("other", []) == [5]


def test_items_of_undone_scenes_alone_are_given_back_in_turn(
    items: WrittenItems, connection: sqlite3.Connection
) -> None:
    UndoneScenes(connection).mark([1, 3], 1.0)
    assert items.undone_keys("s", [], first=0, limit=9) == [11, 12, 31]
    assert items.undone_keys("s", [], first=12, limit=1) == [12]
    assert items.undone_keys("s", [3], first=0, limit=9) == [31]
    UndoneScenes(connection).drop([1])
    assert items.undone_keys("s", [], first=0, limit=9) == [31]


def test_item_that_was_given_back_has_nothing_of_ours(
    items: WrittenItems, connection: sqlite3.Connection
) -> None:
    ledger = LedgerStore(connection)
    for key in (11, 12):
        ledger.empty_ledger("s", key, 9.0)
    assert ledger.load_ledger("s", 11) == {}
    assert items.scenes("s", [1]) == []


def test_undone_scenes_are_known_with_the_time_of_the_last_undo(connection: sqlite3.Connection) -> None:
    undone = UndoneScenes(connection)
    undone.mark([3, 7], 100.0)
    undone.mark([7], 200.0)
    assert (undone.undone_at(3), undone.undone_at(7), undone.undone_at(9)) == (100.0, 200.0, None)
    assert (undone.since(99.0), undone.since(100.0)) == ({3, 7}, {7})
    assert (undone.between(0, END), undone.between(3, 7), undone.between(3, 6)) == ({3, 7}, {7}, set())
    undone.drop([3])
    assert (undone.count(), undone.restored_at(7), undone.to_restore()) == (0, None, [7])
    undone.restored([7])
    assert (undone.count(), undone.restored_at(7), undone.to_restore()) == (1, 200.0, [])
    undone.mark([8], 300.0)
    assert undone.break_off() == 1
    assert undone.between(0, END) == {7}


def test_scene_that_is_undone_is_woken_by_nobody_but_a_person(connection: sqlite3.Connection) -> None:
    """A failed scene whose items were given back; then another Plex, another setting or an index brings failed scenes back."""
    store = JobStore(connection)
    for scene in (1, 2):
        connection.execute(
            "INSERT INTO jobs (scene_id, state, priority, due_at, reason, changed_at) VALUES (?, 'dead', 0, 0, 'ItemMissing', 0)",
            (scene,),
        )
    UndoneScenes(connection).mark([1], 1.0)
    store.wake_all(5.0)
    assert [job.scene_id for job in store.due(9.0, 10)] == [2]
    connection.execute("UPDATE jobs SET state = 'dead', reason = 'ItemMissing'")
    assert (store.wake_unmatched(6.0), store.wake_without_item([1, 2], 7.0)) == (1, 0)
    assert [job.scene_id for job in store.due(9.0, 10)] == [2]
