"""`query "SQL"`: answers, never changes; a table for a person, CSV for a program."""

import csv
import io
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.answers.query import run_query
from indexer.answers.terminal import RECORDS, ROWS
from plexsync_plugin.base.errors import ForeignDatabase
from tests.index_runs import World, start_plex
from tests.integration.test_index_command_line import CommandLine

TITLE = "Amélie à Köln: „Ende“ 映画"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 60 columns without colours."""
    for name, value in (("TERM", "dumb"), ("COLUMNS", "60"), ("LINES", "50")):
        monkeypatch.setenv(name, value)


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
    assert rows[:2] == [["ratingKey", "title", "rating"], ["101", TITLE, ""]]
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
    assert f"The first {ROWS} rows" in " ".join(out.getvalue().split())
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


@pytest.mark.parametrize("sql", ["", "-- nothing", "BEGIN"])
def test_statement_when_it_asks_for_nothing_is_said(command: CommandLine, sql: str) -> None:
    done = command("query", sql)
    assert (done.returncode, done.stdout) == (2, "")
    assert "This asks for nothing. The index is only read here: ask with SELECT." in done.stderr


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE movies SET title = 'x'", "The index is only read here: ask with SELECT."),
        ("PRAGMA user_version = 5", "The index is only read here"),
        ("SELECT * FROM films", "no such table: films. docs/schema.md lists every table"),
        ("SELECT nonsense", "no such column: nonsense. docs/schema.md"),
        ("SELECT 1; SELECT 2", "one statement at a time.\n"),
    ],
)
def test_statement_when_it_fails_says_what_would_do(command: CommandLine, sql: str, words: str) -> None:
    done = command("query", sql)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("plain")
def test_answer_when_too_wide_for_the_terminal_stands_row_by_row(command: CommandLine) -> None:
    out = Terminal()
    run_query(str(command.world.db), "SELECT * FROM movies ORDER BY ratingKey", out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("row 1 ")
    assert [line.split() for line in lines[1:3]] == [["ratingKey", "101"], ["title", *TITLE.split()]]
    assert command.world.value("SELECT mediaHash FROM movies WHERE ratingKey = 101") in "".join(
        line.split()[-1] for line in lines if line.strip()
    )
    assert max(map(len, lines)) <= 60


@pytest.mark.usefixtures("plain")
def test_rows_when_many_stand_below_each_other_end_with_a_note(command: CommandLine) -> None:
    columns = ", ".join(f"i + {n} AS c{n}" for n in range(20))
    for rows, note in ((RECORDS, False), (RECORDS + 1, True), (ROWS + 1, True)):
        out = Terminal()
        counted = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {rows})"
        run_query(str(command.world.db), f"{counted} SELECT {columns} FROM n", out)
        assert (f"The first {RECORDS} rows" in " ".join(out.getvalue().split())) is note
        assert f"row {RECORDS} " in out.getvalue()
        assert f"row {RECORDS + 1} " not in out.getvalue()


@pytest.mark.usefixtures("plain")
def test_value_when_it_would_steer_the_terminal_cannot(command: CommandLine) -> None:
    out = Terminal()
    run_query(str(command.world.db), "SELECT 'a' || char(27) || '[31m' || char(155) || 'b' AS x", out)
    assert "\x1b" not in out.getvalue()
    assert "\x9b" not in out.getvalue()
    assert "a\ufffd[31m\ufffdb" in out.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("options", [("query", "SELECT * FROM items"), ("--no-images",)], ids=str)
def test_output_when_it_cannot_be_written_is_said(command: CommandLine, options: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, str(command.folder / "plex_sync.py"), *options],
            env=command.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 5
    assert done.stderr == "Not done: the output cannot be written: No space left on device.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a locale of POSIX")
def test_answer_when_the_system_knows_ascii_alone_is_utf_8(command: CommandLine) -> None:
    done = command(
        "query", f"SELECT title FROM movies WHERE title = '{TITLE}'",
        LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"title\n{TITLE}\n"


def test_file_when_named_after_the_question_is_asked(command: CommandLine) -> None:
    asked = command(
        "query", "SELECT count(*) FROM movies", "--db-path", str(command.world.db), DB_PATH="none.db"
    )
    assert asked.stdout == "count(*)\n3\n"


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt as a terminal does")
def test_question_when_interrupted_promises_nothing(command: CommandLine) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "query", endless],
        env=command.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "i\n"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, said) == (130, "Interrupted.\n")


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
