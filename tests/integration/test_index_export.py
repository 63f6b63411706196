"""`--export`: each table of the index as a file, complete and readable by others."""

import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.answers.table import Table
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
    with open(command.stands / "tables" / "movies.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = stored(command.world, "movies")
    assert rows == [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in kept
    ]
    assert rows[0]["title"].startswith("Amélie")


def test_csv_when_a_spreadsheet_opens_it_tells_its_encoding_and_json_does_not(command: CommandLine) -> None:
    for form, begins in (("csv", b"\xef\xbb\xbfratingKey,"), ("json", b"[")):
        assert command("--export", form, "--to", "tables").returncode == 0
        assert (command.stands / "tables" / f"movies.{form}").read_bytes().startswith(begins)


def test_tables_when_exported_are_all_but_those_of_the_search_index(command: CommandLine) -> None:
    with sqlite3.connect(command.world.db) as connection:
        connection.execute("CREATE VIRTUAL TABLE find_it USING fts5(title)")
    connection.close()
    command("--export", "csv", "--to", "tables")
    names = {path.stem for path in (command.stands / "tables").iterdir()}
    assert {"movies", "tv_shows", "seasons", "episodes", "artists", "albums", "tracks", "items"} <= names
    assert not [name for name in names if name.startswith(("find_it", "sqlite_"))]


HOSTILE = {
    '=HYPERLINK("http://x")': '\'=HYPERLINK("http://x")',
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "\r=1": "'\r=1",
    "#N/A": "#N/A",
    "1 = 1": "1 = 1",
}


def put_titles(world: World) -> None:
    with sqlite3.connect(world.db) as connection:
        connection.executemany(
            "INSERT INTO people (name, tagKey, thumb) VALUES (?, '', ?)",
            [(text, "\x01a" * 20_000) for text in HOSTILE],
        )
        connection.execute("UPDATE movies SET rating = -1.5, year = -7")
    connection.close()


def test_csv_when_a_spreadsheet_would_run_a_text_marks_it_as_text(command: CommandLine) -> None:
    put_titles(command.world)
    assert command("--export", "csv", "--to", "tables").returncode == 0
    with open(command.stands / "tables" / "people.csv", encoding="utf-8-sig", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert set(HOSTILE.values()) <= names
    with open(command.stands / "tables" / "movies.csv", encoding="utf-8-sig", newline="") as file:
        assert {(row["rating"], row["year"]) for row in csv.DictReader(file)} == {("-1.5", "-7")}


def test_workbook_when_exported_holds_numbers_as_numbers_and_runs_nothing(command: CommandLine) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    put_titles(command.world)
    assert command("--export", "xlsx", "--to", "tables").returncode == 0
    book = openpyxl.load_workbook(command.stands / "tables" / "people.xlsx")
    heading, *rows = book["people"].iter_rows()
    cells = {cell.value: cell for row in rows for cell in row}
    assert set(HOSTILE) - {"\t=1", "\r=1"} <= set(cells)
    assert {cells[text].data_type for text in HOSTILE if text in cells} == {"s"}
    assert cells["+1"].quotePrefix
    assert [cell.value for cell in heading] == ["id", "name", "tagKey", "thumb"]
    assert heading[0].font.bold
    (cut,) = {text for text in cells if isinstance(text, str) and text.startswith("\ufffda")}
    assert (len(cut), cut[-1]) == (32_767, "…")
    movies = openpyxl.load_workbook(command.stands / "tables" / "movies.xlsx")["movies"]
    header, first, *_ = movies.iter_rows(values_only=True)
    (kept, *_) = stored(command.world, "movies")
    assert dict(zip(header, first, strict=True)) == kept


def test_workbook_when_a_table_is_longer_than_a_sheet_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from indexer.answers import workbook

    monkeypatch.setattr(workbook, "ROWS", 3)
    for rows, sheets in ((0, [1]), (3, [4]), (7, [4, 4, 2])):
        table = Table(name="a", columns=(("n", "INTEGER"),), rows=((number,) for number in range(rows)))
        workbook.write(table, str(tmp_path / "a.xlsx"))
        book = openpyxl.load_workbook(tmp_path / "a.xlsx")
        assert [sheet.max_row for sheet in book] == sheets
    assert book.sheetnames == ["a", "a 2", "a 3"]


def test_workbook_needs_no_room_outside_its_folder_and_leaves_nothing_else_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openpyxl")
    from indexer.answers import workbook

    nowhere = str(tmp_path / "no folder for temporary files")
    monkeypatch.setattr(tempfile, "tempdir", nowhere)
    workbook.write(Table(name="a", columns=(("n", "INTEGER"),), rows=iter([(1,)])), str(tmp_path / "a.xlsx"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    assert tempfile.tempdir == nowhere


def test_parquet_when_exported_holds_every_row_value_and_type(command: CommandLine) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert command("--export", "parquet", "--to", "tables").returncode == 0
    names = {path.stem for path in (command.stands / "tables").iterdir()}
    for table in names:
        found = parquet.read_table(command.stands / "tables" / f"{table}.parquet")
        assert found.to_pylist() == stored(command.world, table)
    kinds = {
        str(field.name): str(field.type)
        for field in parquet.read_schema(command.stands / "tables" / "movies.parquet")
    }
    assert (kinds["ratingKey"], kinds["title"], kinds["rating"]) == ("int64", "string", "double")
    assert {"movies", "items", "streams"} <= names


@pytest.mark.parametrize(("form", "package"), [("xlsx", "openpyxl"), ("parquet", "pyarrow")])
def test_export_when_its_package_is_missing_says_how_to_install_it(
    command: CommandLine, form: str, package: str
) -> None:
    lacking = command.stands / "lacking"
    lacking.mkdir()
    (lacking / f"{package}.py").write_text(
        f"raise ModuleNotFoundError('No module named {package}', name='{package}')\n"
    )
    path = f"{lacking}{os.pathsep}{command.environment()['PYTHONPATH']}"
    done = command("--export", form, PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--export {form} needs the Python package {package}" in done.stderr
    assert f"-m pip install -r {command.folder / 'requirements-export.txt'}" in done.stderr
    assert not (command.folder / "data" / "export").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits the size of a process's files")
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_export_when_its_disk_is_full_tells_which_tables_are_whole(command: CommandLine, form: str) -> None:
    folder = command.stands / "tables"
    with sqlite3.connect(command.world.db) as connection:
        noise = [(random.Random(number).randbytes(200).hex(), "") for number in range(5000)]
        connection.executemany("INSERT INTO people (name, tagKey) VALUES (?, ?)", noise)
    connection.close()
    code = (
        "import resource, sys; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400 * 1024,) * 2)\n"
        "from indexer.command.cli import run\n"
        f"sys.exit(run(Path({str(command.folder)!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--export", form, "--to", str(folder)],
        env=command.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    whole = sorted(path.name for path in folder.iterdir())
    assert f"movies.{form}" in whole
    assert f"people.{form}" not in whole
    assert f"{len(whole)} tables had been written whole: {', '.join(whole)}. " in done.stderr


def test_export_when_there_is_no_index_says_so(command: CommandLine) -> None:
    done = command("--export", "csv", "--db-path", "other.db")
    assert done.returncode == 2
    assert "There is no index" in done.stderr
    assert not (command.stands / "other.db").exists()


def test_export_when_the_folder_cannot_be_made_is_refused(command: CommandLine) -> None:
    done = command("--export", "csv", "--to", str(command.folder / "plex_sync.py"))
    assert done.returncode == 5
    assert "cannot be written" in done.stderr
