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
from indexer.answers.terminal import LONGEST, RECORDS, ROWS
from plexsync_plugin.base.clock import Clock
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


def test_answer_when_a_value_holds_line_breaks_is_one_row(command: CommandLine) -> None:
    values = ["a\rb", "a\nb", "a\r\nb", 'a"b,c']
    columns = ", ".join(f"'{value}'" for value in values)
    out = io.StringIO(newline="")
    run_query(str(command.world.db), f"SELECT {columns}", out, Clock())
    assert list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1] == values


def test_answer_when_on_a_terminal_is_a_table(command: CommandLine) -> None:
    out = Terminal()
    run_query(str(command.world.db), "SELECT '[bold]x' AS name, x'ff00' AS bytes, NULL AS gap", out, Clock())
    assert "[bold]x" in out.getvalue()
    assert "ff00" in out.getvalue()
    assert "gap" in out.getvalue()


def test_table_when_long_ends_with_a_note(command: CommandLine) -> None:
    out = Terminal()
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1500) SELECT i FROM n"
    run_query(str(command.world.db), many, out, Clock())
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


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TEMP TABLE mine (a)",
        "CREATE TEMP VIEW mine AS SELECT 1",
        "PRAGMA query_only = 0",
        "PRAGMA hard_heap_limit = 0",
        "PRAGMA journal_mode = WAL",
        "PRAGMA temp_store_directory = '/'",
        "PRAGMA wal_checkpoint",
        "INSERT INTO search (search) VALUES ('optimize')",
        "REINDEX",
        "UPDATE sqlite_master SET sql = ''",
        "ANALYZE",
        "SELECT load_extension('libm')",
        "SELECT fts3_tokenizer('simple')",
    ],
)
def test_statement_when_it_reaches_for_more_than_the_index_is_refused(command: CommandLine, sql: str) -> None:
    before = command.world.db.read_bytes()
    done = command("query", sql)
    assert (done.returncode, done.stdout) == (2, "")
    assert "SQLite cannot answer this" in done.stderr
    assert command.world.db.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT randomblob(3000000000)",
        "SELECT zeroblob(900000000)",
        "SELECT group_concat(hex(zeroblob(20000000))) FROM items",
        "SELECT " + ", ".join(f"hex(zeroblob(30000000 + {n}))" for n in range(40)),
    ],
    ids=lambda sql: sql[:40],
)
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX tells how much memory a process took")
def test_answer_when_it_would_take_the_memory_is_refused(command: CommandLine, sql: str) -> None:
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from indexer.command.cli import run\n"
        f"code = run(Path({str(command.folder)!r}))\n"
        "kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == 'darwin' else 1)\n"
        "print(kilobytes, file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "query", sql],
        env=command.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    sentence, kilobytes = done.stderr.splitlines()
    assert done.returncode == 2
    assert (
        "The answer needs more memory than a question may take (512.0 MB, 64.0 MB for one value)." in sentence
    )
    assert int(kilobytes) < 700_000


def test_answer_when_it_takes_longer_than_allowed_ends(command: CommandLine) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    done = command("query", "--timeout", "0.5", endless)
    assert (done.returncode, done.stdout) == (2, "")
    assert "The answer was not there after 0.5 s, the limit of --timeout." in done.stderr
    in_time = command("query", "--timeout", "60", "SELECT count(*) FROM movies")
    assert (in_time.returncode, in_time.stdout) == (0, "count(*)\n3\n")


@pytest.mark.parametrize("limit", ["0", "-1", "inf", "nan", "soon"])
def test_limit_when_it_is_no_time_is_refused(command: CommandLine, limit: str) -> None:
    done = command("query", f"--timeout={limit}", "SELECT 1")
    assert done.returncode == 2
    assert "is no number of seconds above 0" in done.stderr


def test_question_when_it_looks_into_the_schema_is_answered(command: CommandLine) -> None:
    for sql in (
        "PRAGMA table_info(movies)",
        "SELECT name FROM pragma_table_info('movies')",
        "PRAGMA user_version",
        "EXPLAIN QUERY PLAN SELECT * FROM movies",
        "SELECT highlight(search, 0, '[', ']') FROM search WHERE search MATCH 'versions'",
        "SELECT value FROM json_each('[1, 2]')",
    ):
        done = command("query", sql)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout.splitlines()) > 1


def test_question_when_the_env_file_is_broken_is_answered_where_the_environment_names_the_index(
    command: CommandLine,
) -> None:
    (command.folder / ".env").write_bytes(b"PLEX_URL='\xff\nDB_PATH=\x00")
    done = command("query", "SELECT count(*) FROM movies", DB_PATH=str(command.world.db))
    assert (done.returncode, done.stdout) == (0, "count(*)\n3\n")


@pytest.mark.usefixtures("plain")
def test_value_when_endless_is_cut_on_a_terminal(command: CommandLine) -> None:
    out = Terminal()
    run_query(str(command.world.db), "SELECT hex(zeroblob(20000000)) AS x FROM items", out, Clock())
    assert len(out.getvalue()) < 15 * 2 * LONGEST
    assert "…" in out.getvalue()


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
    run_query(str(command.world.db), "SELECT * FROM movies ORDER BY ratingKey", out, Clock())
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
        run_query(str(command.world.db), f"{counted} SELECT {columns} FROM n", out, Clock())
        assert (f"The first {RECORDS} rows" in " ".join(out.getvalue().split())) is note
        assert f"row {RECORDS} " in out.getvalue()
        assert f"row {RECORDS + 1} " not in out.getvalue()


@pytest.mark.usefixtures("plain")
def test_value_when_it_would_steer_the_terminal_cannot(command: CommandLine) -> None:
    out = Terminal()
    run_query(
        str(command.world.db),
        "SELECT 'a' || char(27) || '[31m' || char(155) || 'b' || char(8238) AS x",
        out,
        Clock(),
    )
    assert "\u202e" not in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert "\x9b" not in out.getvalue()
    assert "a\ufffd[31m\ufffdb\ufffd" in out.getvalue()


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
        run_query(str(other), "SELECT 1", io.StringIO(), Clock())
