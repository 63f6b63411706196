"""The tables and columns that dashboards were promised, and the views that sync reads, by name."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.file.index_file import APPLICATION_ID
from indexer.file.store import migrations
from indexer.rows.tables import TABLES, Table
from plexsync_plugin.base import sqlite
from tools import schema_page

PROMISED = {
    "movies": "ratingKey title year duration durationHuman sizeBytes sizeHuman audioCodec videoCodec videoResolution genres "
    "studio writers directors producers actors summary tagline contentRating originallyAvailableAt rating audienceRating "
    "mediaHash available lastSeen",
    "tv_shows": "ratingKey title avgEpisodeDuration seasonCount totalEpisodes totalSizeBytes avgVideoResolutions "
    "avgAudioCodecs actors summary genres studio contentRating rating audienceRating originallyAvailableAt available "
    "lastSeen addedAt updatedAt",
    "seasons": "seasonRatingKey showRatingKey seasonNumber seasonTotalEpisode avgSeasonEpisodeDuration seasonSizeBytes "
    "yearRange available lastSeen",
    "episodes": "ratingKey seasonRatingKey showRatingKey episodeNumber title year duration durationHuman audioCodec "
    "videoCodec videoResolution sizeBytes sizeHuman directors writers actors rating audienceRating summary "
    "originallyAvailableAt mediaHash available lastSeen",
    "artists": "ratingKey artistName totalAlbums totalTracks totalSizeBytes yearRange summary genres available lastSeen",
    "albums": "ratingKey artistRatingKey title year tracks albumSizeBytes albumDuration albumContainers summary available "
    "lastSeen",
    "tracks": "ratingKey albumRatingKey artistRatingKey title trackNumber duration durationHuman sizeBytes sizeHuman "
    "container mediaHash summary originallyAvailableAt genres available lastSeen",
}
PARENTS = {
    "seasons": {("showRatingKey", "tv_shows", "ratingKey")},
    "episodes": {
        ("seasonRatingKey", "seasons", "seasonRatingKey"),
        ("showRatingKey", "tv_shows", "ratingKey"),
    },
    "albums": {("artistRatingKey", "artists", "ratingKey")},
    "tracks": {("albumRatingKey", "albums", "ratingKey"), ("artistRatingKey", "artists", "ratingKey")},
}


SHADOWS = {
    f"{table}_{name}" for table in ("search", "search_parts") for name in ("data", "idx", "docsize", "config")
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = str(tmp_path / "index.db")
    with contextlib.closing(sqlite.connect(path, wal=False)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)
        yield connection


def columns(index: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in index.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", PROMISED)
def test_columns_when_the_index_is_fresh_are_all_there(index: sqlite3.Connection, table: str) -> None:
    assert set(PROMISED[table].split()) <= set(columns(index, table))


@pytest.mark.parametrize("table", PROMISED)
def test_primary_key_when_the_index_is_fresh_is_the_rating_key(index: sqlite3.Connection, table: str) -> None:
    keys = [row["name"] for row in index.execute(f"PRAGMA table_info({table})") if row["pk"]]
    assert keys == ["seasonRatingKey" if table == "seasons" else "ratingKey"]


@pytest.mark.parametrize("table", PROMISED)
def test_foreign_keys_when_the_index_is_fresh_cascade(index: sqlite3.Connection, table: str) -> None:
    found = list(index.execute(f"PRAGMA foreign_key_list({table})"))
    assert PARENTS.get(table, set()) <= {(row["from"], row["table"], row["to"]) for row in found}
    assert {row["on_delete"] for row in found} == {"CASCADE"}


def test_files_when_looked_up_use_an_index(index: sqlite3.Connection) -> None:
    for condition in ("path = 'a'", "name = 'a' AND size = 1"):
        plan = index.execute(f"EXPLAIN QUERY PLAN SELECT * FROM sync_files WHERE {condition}").fetchall()
        assert any("USING INDEX files_" in row["detail"] for row in plan)


def test_views_when_read_by_sync_have_their_columns(index: sqlite3.Connection) -> None:
    assert columns(index, "sync_files") == ["rating_key", "kind", "section_key", "path", "name", "size"]
    assert columns(index, "sync_server") == ["machine_id", "name", "last_complete_run"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_when_written_have_columns_of_those_names(index: sqlite3.Connection, table: Table) -> None:
    shared = () if table.names is None else (*table.names.key, *table.names.carried)
    assert set(table.columns) - set(shared) <= set(columns(index, table.name))
    if table.names is not None:
        assert set(shared) <= set(columns(index, table.names.table))
        assert table.names.column in columns(index, table.name)


def test_tables_when_the_index_is_fresh_are_strict(index: sqlite3.Connection) -> None:
    listed = [row for row in index.execute("PRAGMA table_list") if row["type"] == "table"]
    ours = {row["name"]: row["strict"] for row in listed if not row["name"].startswith("sqlite_")}
    assert set(PROMISED) <= set(ours)
    assert set(ours.values()) == {1}


def test_application_id_when_the_index_is_fresh_names_the_program(index: sqlite3.Connection) -> None:
    assert index.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert index.execute("PRAGMA user_version").fetchone()[0] == len(migrations())


def test_schema_page_when_the_schema_changes_is_written_anew() -> None:
    # `python -m tools.schema_page` writes it.
    assert schema_page.PAGE.read_text("utf-8") == schema_page.render()


def test_schema_page_when_read_names_every_column(index: sqlite3.Connection) -> None:
    page = schema_page.render()
    found = index.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    names = [row["name"] for row in found if row["name"] not in SHADOWS]
    assert len(names) > 40
    for name in names:
        (section,) = re.findall(rf"^## {name}$(.*?)(?=^#|\Z)", page, re.M | re.S)
        assert re.findall(r"^\| `(\w+)` \| .*\w", section, re.M) == columns(index, name)


def test_schema_page_when_a_sentence_is_missing_is_refused() -> None:
    found = re.match(r"(?P<about>)(?P<name>.+)\n(?P<body>.+)", "people\n    id INTEGER PRIMARY KEY,")
    assert found is not None
    with pytest.raises(ValueError, match="table people: no sentence"):
        schema_page._table(found)
