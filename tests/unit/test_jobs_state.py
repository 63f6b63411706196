"""plexsync.db and what is generic in SQLite: migrations, refusals, splitting of scripts."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase, NewerDatabase
from plexsync_plugin.jobs.state import APPLICATION_ID, migrations, open_state, read_state

ID = 0x7E57
STEPS = [
    "CREATE TABLE one (a INTEGER PRIMARY KEY) STRICT;",
    "ALTER TABLE one ADD COLUMN b TEXT;\nCREATE INDEX one_b ON one (b);",
    "CREATE TRIGGER one_t AFTER INSERT ON one BEGIN UPDATE one SET b = 'x;y'; DELETE FROM one WHERE a = 0; END;",
]


def schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1, 2")
    return [(row[0], row[1], " ".join(row[2].split())) for row in rows]


def columns(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: [tuple(row) for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}


def version(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def test_migrated_equals_fresh(tmp_path: Path) -> None:
    """Step by step over several starts of the program, against all at once."""
    fresh_path, old_path = str(tmp_path / "fresh.db"), str(tmp_path / "old.db")
    steps = migrations()
    with closing(sqlite.connect(fresh_path)) as fresh:
        sqlite.migrate(fresh, steps, application_id=APPLICATION_ID, path=fresh_path)
        for number in range(1, len(steps) + 1):
            with closing(sqlite.connect(old_path)) as old:
                sqlite.migrate(old, steps[:number], application_id=APPLICATION_ID, path=old_path)
        with closing(sqlite.connect(old_path)) as old:
            assert schema(old) == schema(fresh)
            assert columns(old) == columns(fresh)
            assert (version(old), version(fresh)) == (len(steps), len(steps))


def test_generic_steps_end_alike_from_every_version(tmp_path: Path) -> None:
    found = []
    for start in range(len(STEPS) + 1):
        path = str(tmp_path / f"{start}.db")
        with closing(sqlite.connect(path)) as connection:
            sqlite.migrate(connection, STEPS[:start], application_id=ID, path=path)
            sqlite.migrate(connection, STEPS, application_id=ID, path=path)
            found.append((columns(connection), version(connection)))
    assert all(each == found[0] for each in found)


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    open_state(path).close()
    before = Path(path).read_bytes()
    open_state(path).close()
    assert Path(path).read_bytes() == before
    assert [name for name in os.listdir(tmp_path) if "backup" in name] == []


def test_file_is_backed_up_before_an_old_schema_changes(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    with closing(sqlite.connect(path)) as connection:
        sqlite.migrate(connection, STEPS[:1], application_id=ID, path=path)
        connection.execute("INSERT INTO one (a) VALUES (7)")
        sqlite.migrate(connection, STEPS, application_id=ID, path=path)
    with closing(sqlite3.connect(f"{path}.v1.backup")) as backup:
        assert backup.execute("SELECT * FROM one").fetchall() == [(7,)]
        assert version(backup) == 1


def test_nothing_of_a_migration_stays_when_it_fails(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    with closing(sqlite.connect(path)) as connection:
        sqlite.migrate(connection, STEPS[:1], application_id=ID, path=path)
        before = schema(connection)
        with pytest.raises(sqlite3.OperationalError):
            sqlite.migrate(
                connection,
                [*STEPS[:1], "CREATE TABLE two (a TEXT); CREATE TABLE one (a TEXT);"],
                application_id=ID,
                path=path,
            )
        assert (schema(connection), version(connection)) == (before, 1)


def test_newer_database_is_refused_with_both_versions(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    with closing(open_state(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerDatabase, match=rf"schema 99, this one knows {len(migrations())}"):
        open_state(path)


@pytest.mark.parametrize("pragmas", [("application_id = 5",), ("user_version = 1",)])
def test_foreign_database_is_refused(tmp_path: Path, pragmas: tuple[str, ...]) -> None:
    path = str(tmp_path / "other.db")
    with closing(sqlite3.connect(path)) as connection:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE theirs (a)")
        connection.commit()
    with pytest.raises(ForeignDatabase, match="not a file of this program"):
        open_state(path)


def test_file_that_is_no_database_is_a_database_error(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"no database" * 200)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        open_state(str(path))


def test_file_with_tables_of_another_program_is_not_taken_over(tmp_path: Path) -> None:
    """SQLite files have neither number unless their program sets one."""
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (text)")
    for opening in (open_state, read_state):
        with pytest.raises(ForeignDatabase, match="not a file of this program"):
            opening(str(path))
    with closing(sqlite3.connect(path)) as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_schema")] == ["theirs"]


def test_reader_gets_none_while_no_worker_made_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert read_state(str(path)) is None
    path.touch()
    with pytest.raises(DatabaseError, match="is empty"):
        read_state(str(path))


def test_new_file_does_not_take_what_sqlite_kept_beside_a_deleted_one(tmp_path: Path) -> None:
    """A worker was killed, and then plexsync.db alone was deleted: its log would be read into the new one."""
    path, killed = tmp_path / "plexsync.db", tmp_path / "killed"
    killed.mkdir()
    with closing(open_state(str(path))) as connection:
        connection.execute("INSERT INTO facts VALUES ('of the old one', '1')")
        shutil.copy(f"{path}-wal", killed)
    path.unlink()
    shutil.copy(killed / "plexsync.db-wal", tmp_path)
    with closing(open_state(str(path))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("SELECT count(*) FROM facts").fetchone()[0] == 0


def test_reader_cannot_write(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    with closing(open_state(path)):
        reader = read_state(path)
        assert reader is not None
        with closing(reader), pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM jobs")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such bits")
def test_state_is_private_when_the_umask_is_open(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with closing(open_state(str(tmp_path / "state.db"))):
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}


def test_writes_are_durable_and_foreign_keys_hold(tmp_path: Path) -> None:
    with closing(open_state(str(tmp_path / "state.db"))) as connection:
        found = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_writes_are_durable_again_when_relaxed_ones_have_ended(tmp_path: Path) -> None:
    with closing(open_state(str(tmp_path / "state.db"))) as connection:

        def level() -> int:
            found: int = connection.execute("PRAGMA synchronous").fetchone()[0]
            return found

        with sqlite.relaxed(connection), sqlite.transaction(connection):
            assert level() == 1
        assert level() == 2
        with pytest.raises(ZeroDivisionError), sqlite.relaxed(connection), sqlite.transaction(connection):
            raise ZeroDivisionError
        assert level() == 2


def test_every_table_is_strict() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=":memory:")
        tables = [row for row in connection.execute("PRAGMA table_list") if not row[1].startswith("sqlite_")]
    assert tables
    assert [row[1] for row in tables if not row[5]] == []


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("", 0),
        ("-- only a comment\n", 0),
        ("SELECT 1;", 1),
        ("SELECT 1;\nSELECT\n 2;\n", 2),
        ("SELECT ';';\nSELECT 2;", 2),
        ("-- a; b\nSELECT 1;", 1),
        ("CREATE TRIGGER t AFTER INSERT ON a BEGIN\n DELETE FROM b;\n DELETE FROM c;\nEND;\nSELECT 1;", 2),
        ("SELECT 1;\n-- the end\n", 1),
        (STEPS[2], 1),
    ],
)
def test_script_is_split_where_statements_end(script: str, count: int) -> None:
    found = list(sqlite.statements(script))
    assert len(found) == count
    assert all(sqlite3.complete_statement(statement) for statement in found)


def test_script_that_ends_inside_a_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="ends inside a statement"):
        list(sqlite.statements("SELECT 1;\nCREATE TABLE t (a"))


def test_two_statements_on_one_line_are_both_carried_out(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    with closing(sqlite.connect(path)) as connection:
        sqlite.migrate(connection, ["CREATE TABLE a (x); CREATE TABLE b (x);"], application_id=ID, path=path)
        assert [name for _, name, _ in schema(connection)] == ["a", "b"]


def count_and_break(connection: sqlite3.Connection) -> None:
    with sqlite.transaction(connection):
        connection.execute("INSERT INTO facts (name, value) VALUES ('x', 1)")
        raise KeyError


def test_transaction_is_rolled_back_when_its_body_raises(tmp_path: Path) -> None:
    with closing(open_state(str(tmp_path / "state.db"))) as connection:
        with pytest.raises(KeyError):
            count_and_break(connection)
        assert connection.execute("SELECT * FROM facts").fetchall() == []
