"""An index as earlier versions left it: brought up to date it holds what it held, and after a run the same as one made anew."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from indexer.file.index_file import APPLICATION_ID
from indexer.file.store import migrations
from plexsync_plugin.base import sqlite
from tests.index_runs import FILMS, SECTIONS, World, movie_section

FIRST_RELEASED = 3  # the schema of the first release
OPTIMIZED: dict[str, Any] = {
    "ratingKey": 104,
    "title": "Optimized",
    "Media": [
        {"id": 91, "Part": [{"id": 92, "file": "/media/films/own.mkv", "size": 4000}]},
        {
            "id": 93,
            "proxyType": 42,
            "title": "TV",
            "target": "Optimized for TV",
            "Part": [{"id": 94, "file": "/media/films/Plex Versions/tv.mp4", "size": 1500}],
        },
    ],
}
# Of one run, or counted anew by each.
OWN = {"lastSeen", "lastSweepAt", "lastDetailsAt", "runsSinceSweep"}
OF_RUNS = {"runs", "run_counts", "meta"}


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    return [movie_section(1, "Films", [*FILMS, OPTIMIZED]), *SECTIONS[1:]]


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Columns by table; those in which the words of a full-text search are kept are left out."""
    found = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return {
        name: [column[1] for column in connection.execute(f"PRAGMA table_info({name})")] for (name,) in found
    }


def make_old(world: World, version: int) -> Path:
    """The index as that schema held it."""
    old = world.db.with_name("old.db")
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as connection:
        sqlite.migrate(connection, migrations()[:version], application_id=APPLICATION_ID, path=str(old))
        connection.execute("ATTACH DATABASE ? AS new", (str(world.db),))
        for table, columns in tables(connection).items():
            names = ", ".join(columns)
            connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM new.{table}")
        # A version that knows of no folded texts does not say in which form they are.
        connection.execute("DELETE FROM main.meta WHERE name = 'searchForm'")
    return old


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {
            table: sorted(
                connection.execute(
                    f"SELECT {', '.join(name for name in columns if name not in OWN)} FROM {table}"
                ),
                key=repr,
            )
            for table, columns in tables(connection).items()
            if table not in OF_RUNS
        }


@pytest.mark.parametrize("version", range(FIRST_RELEASED, len(migrations())))
def test_index_when_an_older_version_made_it_is_after_a_run_as_one_made_anew(
    indexed: World, version: int
) -> None:
    fresh = contents(indexed.db)
    old = make_old(indexed, version)
    held = contents(old)
    indexed.db = old
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=str(old))
    migrated = contents(old)
    for table, rows in held.items():
        assert len(migrated[table]) == len(rows), table
    indexed.index()
    assert contents(old) == fresh


@pytest.mark.parametrize("version", range(FIRST_RELEASED, len(migrations())))
def test_schema_when_migrated_is_that_of_a_fresh_file(tmp_path: Path, version: int) -> None:
    found = []
    for name, steps in (("fresh", [len(migrations())]), ("migrated", [version, len(migrations())])):
        path = str(tmp_path / name)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for step in steps:
                sqlite.migrate(connection, migrations()[:step], application_id=APPLICATION_ID, path=path)
            found.append(sorted(connection.execute("SELECT type, name, sql FROM sqlite_schema"), key=repr))
    assert found[0] == found[1]


def test_sums_when_migrated_leave_out_what_was_gone(indexed: World) -> None:
    indexed.plex.control("remove_item", {"ratingKey": 102})
    indexed.index()
    old = make_old(indexed, FIRST_RELEASED)
    with contextlib.closing(sqlite3.connect(old, isolation_level=None)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=str(old))
        left_out = connection.execute("SELECT ratingKey, leftOut FROM files WHERE leftOut IS NOT NULL")
        assert left_out.fetchall() == [(102, "gone"), (102, "gone")]
