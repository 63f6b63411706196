"""What reconciling compares with: the items of scenes that are in sync, library by library."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.core.ledger import Record, dump
from plexsync_plugin.jobs.census import Census, Matched
from plexsync_plugin.jobs.reasons import DISCARDED
from plexsync_plugin.jobs.store import BULK, JobStore
from tests.memory_state import memory_state

FIELDS = {"title": Record(wrote=("Ours",))}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Scenes 1 to 4 have the items 11 to 14 in library 1, scene 5 has 15 in library 2; 4 is not in sync, 2 is known to have
    been written, 3 waits."""
    with memory_state() as connection:
        for scene, section in ((1, 1), (2, 1), (3, 1), (4, 1), (5, 2)):
            connection.execute(
                "INSERT INTO matches (scene_id, server, rating_key, section, kind, files) VALUES (?, 'M', ?, ?, 1, ?)",
                (scene, 10 + scene, section, f"files {scene}"),
            )
            if scene != 4:
                connection.execute(
                    "INSERT INTO synced (scene_id, server, desired_hash, updated_at, synced_at) VALUES (?, 'M', 'h', '', 1)",
                    (scene,),
                )
        connection.execute(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, accepted, written_at) "
            "VALUES ('M', 12, 2, 1, 1, ?, 'seen', 1)",
            (dump(FIELDS),),
        )
        JobStore(connection).bump([3], priority=BULK, now=1.0)
        yield connection


def test_items_of_a_library_are_told_with_what_is_known_of_them(connection: sqlite3.Connection) -> None:
    found = Census(connection).matched("M", 1, 0, 99)
    assert found == [
        Matched(rating_key=11, scene_id=1, files="files 1", accepted="", fields={}, at_rest=True),
        Matched(rating_key=12, scene_id=2, files="files 2", accepted="seen", fields=FIELDS, at_rest=True),
        Matched(rating_key=13, scene_id=3, files="files 3", accepted="", fields={}, at_rest=False),
    ]


def test_range_of_items_begins_behind_the_first_key_and_holds_the_last(
    connection: sqlite3.Connection,
) -> None:
    assert [each.rating_key for each in Census(connection).matched("M", 1, 11, 12)] == [12]


def test_items_elsewhere_are_those_of_no_library_named(connection: sqlite3.Connection) -> None:
    assert [each.rating_key for each in Census(connection).matched_elsewhere("M", [1])] == [15]
    assert Census(connection).matched("N", 1, 0, 99) == []


def test_scene_that_a_person_discarded_is_not_at_rest(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE jobs SET state = 'done', reason = ? WHERE scene_id = 3", (DISCARDED,))
    assert [each.at_rest for each in Census(connection).matched("M", 1, 12, 99)] == [False]
