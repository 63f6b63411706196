"""Databases as every earlier version made them open in today's program, with what they hold, in today's shape."""

import contextlib
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.file import index_file
from indexer.file import store as index_store
from plexsync_plugin.base import levelling, sqlite
from plexsync_plugin.jobs import state
from tests.sim.process import ROOT

FIXTURES = sorted((ROOT / "tests" / "data" / "upgrades").glob("*.sql"))
Opened = Callable[[str], sqlite3.Connection]


def opened(kind: str, path: str) -> sqlite3.Connection:
    """As the program opens it, but for what the index asks of Plex."""
    if kind == "state":
        return state.open_state(path)
    connection = sqlite.connect(path, wal=False)
    levelling.level(connection, index_store.migrations(), path=path)
    sqlite.migrate(connection, index_store.migrations(), application_id=index_file.APPLICATION_ID, path=path)
    return connection


def laid(fixture: Path, folder: Path) -> Path:
    path = folder / "old.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(fixture.read_text(encoding="utf-8"))
    return path


def shape(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    )
    return {row[0]: re.sub(r"\s+", "", re.sub(r"--[^\n]*", "", row[1])) for row in rows}


def held(connection: sqlite3.Connection, table: str) -> set[tuple[object, ...]]:
    return {tuple(row) for row in connection.execute(table)}


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_old_database_opens_in_the_shape_of_a_fresh_one(fixture: Path, tmp_path: Path) -> None:
    kind = fixture.stem.partition("-")[0]
    path = laid(fixture, tmp_path)
    with contextlib.closing(opened(kind, str(path))) as old:
        with contextlib.closing(opened(kind, str(tmp_path / "fresh.db"))) as fresh:
            assert shape(old) == shape(fresh)
            assert [
                old.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")
            ] == [
                fresh.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")
            ]
        assert old.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert old.execute("PRAGMA foreign_key_check").fetchall() == []
        assert old.execute("PRAGMA foreign_keys").fetchone()[0] == 1


@pytest.mark.parametrize(
    "fixture", [path for path in FIXTURES if path.stem.startswith("state")], ids=lambda path: path.stem
)
def test_what_was_written_to_plex_and_what_waits_is_still_known(fixture: Path, tmp_path: Path) -> None:
    path = laid(fixture, tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        jobs = held(connection, "SELECT scene_id, state FROM jobs")
        ledger = held(connection, "SELECT rating_key FROM ledger")
        matches = held(connection, "SELECT scene_id, rating_key FROM matches")
    assert jobs
    assert ledger
    with contextlib.closing(state.open_state(str(path))) as connection:
        assert held(connection, "SELECT scene_id, state FROM jobs") == jobs
        assert held(connection, "SELECT rating_key FROM ledger") == ledger
        assert held(connection, "SELECT scene_id, rating_key FROM matches") == matches


@pytest.mark.parametrize(
    "fixture",
    [path for path in FIXTURES if 'INSERT INTO "movies"' in path.read_text("utf-8")],
    ids=lambda path: path.stem,
)
def test_movies_of_an_old_index_are_still_there(fixture: Path, tmp_path: Path) -> None:
    path = laid(fixture, tmp_path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        movies = held(connection, "SELECT ratingKey, title, sizeBytes, mediaHash, available FROM movies")
    assert movies
    with contextlib.closing(opened("index", str(path))) as connection:
        assert (
            held(connection, "SELECT ratingKey, title, sizeBytes, mediaHash, available FROM movies") == movies
        )


def test_database_of_today_is_left_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "plexsync.db")
    with contextlib.closing(state.open_state(path)) as connection:
        connection.execute("CREATE INDEX of_a_person ON jobs (reason)")
        assert not levelling.level(connection, state.migrations(), path=path)
        assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'of_a_person'").fetchone()
    assert [file.name for file in tmp_path.iterdir() if "backup" in file.name] == []


# Migrations that came together have the last one's number: of the index 4 to 9 and 10 to 12, of the state 2 to 4 and 5 to 10.
PUBLISHED = {"state": {1, 4, 10}, "index": {1, 3, 9, 12}}


def test_every_published_number_of_a_schema_has_a_fixture() -> None:
    """Who publishes a schema adds its number above, and the file as it was."""
    numbers = {
        kind: {int(found[1]) for path in FIXTURES if (found := re.match(rf"{kind}-(\d+)", path.stem))}
        for kind in ("state", "index")
    }
    assert numbers == PUBLISHED
    assert len(state.migrations()) >= max(PUBLISHED["state"])
    assert len(index_store.migrations()) >= max(PUBLISHED["index"])
