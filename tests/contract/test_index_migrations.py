"""An index that an older program left, brought up to date, is the one that this program would have made."""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from indexer.file.index_file import APPLICATION_ID
from indexer.file.store import Store, migrations
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.model import Server
from tests.contract.test_index_stored import PLAIN, RICH
from tests.index_runs import ARTIST, MACHINE, SHOW, World, movie_section, start_plex

FIRST = 3  # migrations that the first program with an index had
READ_ANEW = 4  # migrations after which no details need to be read once more
AUDIO = {"id": 9, "streamType": 2, "codec": "truehd", "channels": 8, "bitDepth": 24}
FILMS: list[dict[str, Any]] = [
    {**RICH, "Guid": ["imdb://tt0165832", "tmdb://20", "tmdb://9", "tmdb://tt7", "tvdb://33", "imdb://nm1"]},
    PLAIN,
    {
        "ratingKey": 403,
        "title": "千と千尋の神隠し",
        "summary": "神隠し。",
        "Role": ["Søren Malling"],
        "Media": [
            {
                "id": 90,
                "audioChannels": 8,
                "Part": [{"id": 91, "file": "/a.mkv", "size": 1, "Stream": [{**AUDIO, "title": "TrueHD Atmos 7.1"}]}],
            }
        ],
    },
    {
        "ratingKey": 404,
        "title": "Zero",
        "duration": 0,
        "Media": [{"id": 92, "duration": 0, "Part": [{"id": 93, "file": "/b.mkv", "size": 0, "Stream": [AUDIO]}]}],
    },
]  # fmt: skip
SECTIONS: list[dict[str, Any]] = [
    movie_section(1, "Films", FILMS),
    {"key": 2, "type": "show", "title": "Serien", "items": [{**SHOW, "Guid": ["tvdb://81189"]}]},
    {
        "key": 3,
        "type": "artist",
        "title": "Musik",
        "items": [{**ARTIST, "Guid": ["mbid://b-1", "mbid://a-1"]}],
    },
]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh")
    with start_plex(folder, SECTIONS) as plex:
        world = World(plex, folder)
        world.index()
        return world.db


def tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
    return [name for (name,) in found if not name.startswith("sqlite_")]


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))]


def contents(path: Path) -> dict[str, Any]:
    """Schema, rows and words of an index."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found: dict[str, Any] = {
            name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}")))
            for name in tables(connection)
        }
        found["schema"] = connection.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"
        ).fetchall()
        found["words"] = [
            connection.execute(
                f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY 1", (word,)
            ).fetchall()
            for index, word in (
                ("search", "montmartre OR rich"),
                ("search", '"千尋"'),
                ("search_parts", '"神隠し"'),
                ("search_parts", '"lai"'),
            )
        ]
        for index in ("search", "search_parts"):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        found["user_version"] = connection.execute("PRAGMA user_version").fetchone()
    return found


def leave_as_before(fresh: Path, path: Path, version: int) -> None:
    """The same rows in a file of an older schema, as far as it has room for them."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        sqlite.migrate(old, migrations()[:version], application_id=APPLICATION_ID, path=str(path))
        old.execute("ATTACH DATABASE ? AS fresh", (str(fresh),))
        for table in tables(old):
            names = ", ".join(f'"{name}"' for name in columns(old, table))
            old.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM fresh.{table}")
        old.execute("DELETE FROM main.meta WHERE name = 'searchForm'")


def tables_of(version: int) -> set[str]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as old:
        sqlite.migrate(old, migrations()[:version], application_id=APPLICATION_ID, path=":memory:")
        return set(tables(old))


@pytest.mark.parametrize("version", range(FIRST, len(migrations()) + 1))
def test_index_when_migrated_equals_a_fresh_one(fresh: Path, tmp_path: Path, version: int) -> None:
    path = tmp_path / "plex.db"
    leave_as_before(fresh, path, version)
    server = Server(machine_id=MACHINE, name="Den", version="")
    with contextlib.closing(sqlite3.connect(fresh)) as connection:
        facts = dict(connection.execute("SELECT name, value FROM meta"))
    server = Server(machine_id=facts["machineId"], name=facts["serverName"], version=facts["serverVersion"])
    Store.open(str(path), server, Clock()).close()
    expected = tmp_path / "expected.db"
    shutil.copyfile(fresh, expected)
    if version < READ_ANEW:  # what it has no room for comes from Plex
        with contextlib.closing(sqlite3.connect(expected, isolation_level=None)) as connection:
            connection.execute("UPDATE sections SET contentChangedAt = NULL, lastDetailsAt = NULL")
    if "statistics" not in tables_of(version):  # the next run makes them
        with contextlib.closing(sqlite3.connect(expected, isolation_level=None)) as connection:
            connection.execute("DELETE FROM statistics")
    assert contents(path) == contents(expected)


def test_index_when_migrated_keeps_what_it_was_in_a_backup(fresh: Path, tmp_path: Path) -> None:
    path = tmp_path / "plex.db"
    leave_as_before(fresh, path, FIRST)
    before = path.read_bytes()
    Store.open(str(path), Server(machine_id=MACHINE, name="Den", version=""), Clock()).close()
    with contextlib.closing(sqlite3.connect(f"{path}.v{FIRST}.backup")) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (FIRST,)
        assert backup.execute("SELECT count(*) FROM items").fetchone() == (16,)
    assert len(before) == Path(f"{path}.v{FIRST}.backup").stat().st_size


def test_columns_when_filled_tell_identifiers_and_quality(fresh: Path) -> None:
    with contextlib.closing(sqlite3.connect(fresh)) as connection:
        assert connection.execute(
            "SELECT ratingKey, imdb, tmdb, tvdb, hdr, dolbyVisionProfile, bitDepth, audioChannels, atmos, duration "
            "FROM movies WHERE ratingKey <> 402 ORDER BY ratingKey"
        ).fetchall() == [
            (401, "tt0165832", 9, 33, "Dolby Vision", 8, 10, None, 0, 9000),
            (403, None, None, None, None, None, 24, 8, 1, None),
            (404, None, None, None, None, None, 24, None, 0, 0),
        ]
        assert connection.execute("SELECT tvdb FROM tv_shows").fetchone() == (81189,)
        assert connection.execute("SELECT musicbrainz FROM artists").fetchone() == ("a-1",)
        assert connection.execute("SELECT DISTINCT duration FROM files WHERE ratingKey = 404").fetchall() == [
            (0,)
        ]
