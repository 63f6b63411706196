"""`--export`: each table of the index as a file, complete and readable by others."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.index_runs import World, start_plex
from tests.integration.test_index_command_line import CommandLine


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    with start_plex(tmp_path) as plex:
        found = CommandLine(tmp_path / "a folder", World(plex, tmp_path))
        found.settings()
        assert found("--no-images").returncode == 0
        yield found


def stored(world: World, table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(world.db) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]
    connection.close()
    return rows


def test_json_when_exported_holds_every_row_and_value(command: CommandLine) -> None:
    command.world.plex.down()
    done = command("--export", "json")
    assert (done.returncode, done.stderr) == (0, "")
    folder = command.folder / "data" / "export"
    assert str(folder) in done.stdout
    for table in ("movies", "tv_shows", "episodes", "items", "sections", "runs"):
        assert json.loads((folder / f"{table}.json").read_text("utf-8")) == stored(command.world, table)


def test_csv_when_exported_holds_every_row_and_value(command: CommandLine) -> None:
    assert command("--export", "csv", "--to", "tables").returncode == 0
    with open(command.folder / "tables" / "movies.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = stored(command.world, "movies")
    assert rows == [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in kept
    ]
    assert rows[0]["title"].startswith("Amélie")


def test_csv_when_a_spreadsheet_opens_it_tells_its_encoding_and_json_does_not(command: CommandLine) -> None:
    for form, begins in (("csv", b"\xef\xbb\xbfratingKey,"), ("json", b"[")):
        assert command("--export", form, "--to", "tables").returncode == 0
        assert (command.folder / "tables" / f"movies.{form}").read_bytes().startswith(begins)


def test_tables_when_exported_are_all_but_those_of_the_search_index(command: CommandLine) -> None:
    with sqlite3.connect(command.world.db) as connection:
        connection.execute("CREATE VIRTUAL TABLE find_it USING fts5(title)")
    connection.close()
    command("--export", "csv", "--to", "tables")
    names = {path.stem for path in (command.folder / "tables").iterdir()}
    assert {"movies", "tv_shows", "seasons", "episodes", "artists", "albums", "tracks", "items"} <= names
    assert not [name for name in names if name.startswith(("find_it", "sqlite_"))]


def test_export_when_there_is_no_index_says_so(command: CommandLine) -> None:
    done = command("--export", "csv", "--db-path", "other.db")
    assert done.returncode == 2
    assert "There is no index" in done.stderr
    assert not (command.folder / "other.db").exists()


def test_export_when_the_folder_cannot_be_made_is_refused(command: CommandLine) -> None:
    done = command("--export", "csv", "--to", "plex_sync.py")
    assert done.returncode == 5
    assert "cannot be written" in done.stderr
