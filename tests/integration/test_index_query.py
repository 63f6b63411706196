"""`query "SQL"`: answers, never changes; a table for a person, CSV for a program."""

import csv
import io
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.query import ROWS_ON_A_TERMINAL, run_query
from plexsync_plugin.base.errors import ForeignDatabase
from tests.integration.index_runs import World, start_plex
from tests.integration.test_index_command_line import CommandLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    with start_plex(tmp_path) as plex:
        found = CommandLine(tmp_path / "a folder", World(plex, tmp_path))
        found.settings()
        assert found("--no-images").returncode == 0
        yield found


def test_answer_when_piped_is_csv(command: CommandLine) -> None:
    done = command("query", "SELECT ratingKey, title, rating FROM movies ORDER BY 1")
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[:2] == [["ratingKey", "title", "rating"], ["101", "Amélie à Köln: „Ende“ 映画", ""]]
    assert len(rows) == 4


def test_answer_when_on_a_terminal_is_a_table(command: CommandLine) -> None:
    out = Terminal()
    run_query(str(command.world.db), "SELECT '[bold]x' AS name, x'ff00' AS bytes, NULL AS gap", out)
    assert "[bold]x" in out.getvalue()
    assert "ff00" in out.getvalue()
    assert "gap" in out.getvalue()


def test_table_when_long_ends_with_a_note(command: CommandLine) -> None:
    out = Terminal()
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1500) SELECT i FROM n"
    run_query(str(command.world.db), many, out)
    assert f"The first {ROWS_ON_A_TERMINAL} rows" in " ".join(out.getvalue().split())
    assert "1001" not in out.getvalue()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM movies",
        "UPDATE movies SET title = 'x'",
        "DROP TABLE movies",
        "CREATE TABLE mine (a)",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "SELEKT",
        "SELECT * FROM nothing",
        "SELECT 1; DELETE FROM movies",
    ],
)
def test_statement_when_it_is_no_question_is_refused(command: CommandLine, sql: str) -> None:
    before = command.world.db.read_bytes()
    done = command("query", sql)
    assert done.returncode == 2
    assert "SQLite cannot answer this" in done.stderr
    assert command.world.db.read_bytes() == before
    assert not list(command.folder.glob("*.db"))


def test_answer_when_its_reader_leaves_early_ends_quietly(command: CommandLine) -> None:
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) SELECT i FROM n"
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "query", many],
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "i\n"
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) == 0


def test_file_when_it_is_another_programs_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(ForeignDatabase):
        run_query(str(other), "SELECT 1", io.StringIO())
