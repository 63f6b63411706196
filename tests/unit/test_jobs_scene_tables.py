"""All that is remembered of a scene: found by the census, gone when the scene is, and told to be untrue after an undo."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs import scene_tables
from plexsync_plugin.jobs.census import END, Census
from plexsync_plugin.jobs.scene_tables import forget_in_sync
from tests.memory_state import memory_state

# One row of each table that says anything of scene :scene.
ROWS = {
    "jobs": "INSERT INTO jobs (scene_id, state, priority, due_at, changed_at) VALUES (:scene, 'done', 0, 0, 0)",
    "matches": "INSERT INTO matches (scene_id, server, rating_key, section, kind) VALUES (:scene, 's', :scene, 1, 1)",
    "synced": "INSERT INTO synced (scene_id, server, desired_hash, updated_at, synced_at) VALUES (:scene, 's', '', '', 0)",
    "dead_letters": "INSERT INTO dead_letters (scene_id, reason, message, first_at, last_at) VALUES (:scene, '', '', 0, 0)",
    "covers": "INSERT INTO covers (scene_id, etag) VALUES (:scene, '')",
    "scene_entities": "INSERT INTO scene_entities (kind, entity_id, scene_id) VALUES ('tag', 1, :scene)",
    "undone": "INSERT INTO undone (scene_id, undone_at) VALUES (:scene, 0)",
}
LEDGER = (
    "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
    "VALUES ('s', :scene, :scene, 1, 1, '{}', 0)"
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def scenes(connection: sqlite3.Connection, table: str) -> list[int]:
    return [row[0] for row in connection.execute(f"SELECT scene_id FROM {table} ORDER BY 1")]


@pytest.mark.parametrize("table", ROWS)
def test_scene_of_which_one_table_alone_knows_is_in_the_census(
    connection: sqlite3.Connection, table: str
) -> None:
    for scene in (3, 7, 9):
        connection.execute(ROWS[table], {"scene": scene})
    assert Census(connection).known_scenes(0, END) == {3, 7, 9}
    assert Census(connection).known_scenes(3, 7) == {7}


@pytest.mark.parametrize("table", ROWS)
def test_nothing_but_the_ledger_outlives_a_forgotten_scene(
    connection: sqlite3.Connection, table: str
) -> None:
    for scene in (3, 7):
        connection.execute(ROWS[table], {"scene": scene})
        connection.execute(LEDGER, {"scene": scene})
    with transaction(connection):
        scene_tables.forget(connection, [3])
    assert scenes(connection, table) == [7]
    assert scenes(connection, "ledger") == [3, 7]
    assert Census(connection).known_scenes(0, END) == {7}


def test_undone_scene_is_not_in_sync_with_that_server_and_all_else_stays(
    connection: sqlite3.Connection,
) -> None:
    for insert in ROWS.values():
        for scene in (3, 7):
            connection.execute(insert, {"scene": scene})
    connection.execute("INSERT INTO synced VALUES (3, 'other', '', '', 0)")
    with transaction(connection):
        forget_in_sync(connection, "s", [3])
    rows = connection.execute("SELECT scene_id, server FROM synced ORDER BY 1")
    assert [tuple(row) for row in rows] == [(3, "other"), (7, "s")]
    others = {table: scenes(connection, table) for table in ROWS if table != "synced"}
    assert others == {table: [3, 7] for table in ROWS if table != "synced"}
