"""Questions in SQL to a finished index, and how every reader opens it: nothing can be changed through it.

A question may come from a script that puts in what others typed: it can only read, holds only so much memory, and ends
at a time limit where one is set.
"""

import csv
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TextIO

from indexer.answers.terminal import write_for_terminal
from indexer.file.index_file import APPLICATION_ID, TROUBLE, explaining
from indexer.file.store import migrations
from indexer.rows.values import size_text
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase, NewerDatabase, SettingsError
from plexsync_plugin.base.sqlite import error_code

STEPS = 1_000  # of SQLite's machine between two looks at the clock and for an interrupt; looking costs 2 %
LONGEST_VALUE = 64_000_000  # bytes of one value; no column of an index comes near it
MEMORY = 512_000_000  # bytes that SQLite may hold

_ONLY_READS = "The index is only read here: ask with SELECT."
_REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH)
_TOO_LARGE = (
    f"The answer needs more memory than a question may take ({size_text(MEMORY)}, {size_text(LONGEST_VALUE)} for one value). "
    "Ask for less at once."
)
_HARMLESS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE, sqlite3.SQLITE_TRANSACTION}
)
# They run code of a file, or hand out addresses of memory.
_FOREIGN_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})
# Pragmas that only tell, whatever they are given; and those that tell a value unless they are given one.
_PRAGMAS = frozenset(
    {
        "collation_list",
        "compile_options",
        "database_list",
        "data_version",
        "foreign_key_check",
        "foreign_key_list",
        "freelist_count",
        "function_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "module_list",
        "page_count",
        "pragma_list",
        "quick_check",
        "table_info",
        "table_list",
        "table_xinfo",
    }
)
_VALUES = frozenset(
    {"application_id", "encoding", "journal_mode", "page_size", "schema_version", "user_version"}
)


@contextmanager
def reading(path: str) -> Iterator[sqlite3.Connection]:
    """Raises SettingsError when there is no index, DatabaseError and its kinds when it cannot be read."""
    if not os.path.isfile(path):
        raise _none_yet(path)
    with explaining(path), closing(sqlite.connect_readonly(path)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                raise _none_yet(path)  # made by a first run that was killed at once
            raise ForeignDatabase(f"{path} is not an index made by PlexSync. Name another with --db-path.")
        connection.execute("PRAGMA query_only = 1")
        connection.row_factory = None
        yield connection


def _none_yet(path: str) -> SettingsError:
    return SettingsError(
        "DB_PATH", f"There is no index {path} yet. Run plex_sync.py first, or name it with --db-path."
    )


def check_schema(connection: sqlite3.Connection, path: str) -> None:
    """A question in SQL may be put to an index of any version; questions of ours fit this one alone.

    Raises NewerDatabase, DatabaseError.
    """
    version, known = connection.execute("PRAGMA user_version").fetchone()[0], len(migrations())
    if version > known:
        raise NewerDatabase(
            f"{path} was written by a newer PlexSync (schema {version}, this one knows {known}). Update PlexSync."
        )
    if version < known:
        raise DatabaseError(
            f"{path} was written by an older PlexSync (schema {version}, this one knows {known}). Run plex_sync.py "
            "once: that brings it up to date."
        )


def run_query(path: str, sql: str, out: TextIO, clock: Clock, *, limit: float = 0.0) -> None:
    """The answer to one statement: for a person on a terminal, CSV elsewhere. `limit` in seconds; 0 for none.

    Raises SettingsError for SQL that fails, takes too long or wants too much memory.
    """
    with reading(path) as connection:
        deadline = _Deadline(clock, limit)
        _confine(connection)
        # A signal is seen between two steps; without this, Ctrl-C would wait for the whole answer.
        connection.set_progress_handler(deadline.is_over, STEPS)
        try:
            cursor = connection.execute(sql)
            if cursor.description is None:
                raise SettingsError("query", f"This asks for nothing. {_ONLY_READS}")
            write_answer([column[0] for column in cursor.description], cursor, out)
        except MemoryError as error:
            raise SettingsError("query", _TOO_LARGE) from error
        except (sqlite3.Error, sqlite3.Warning) as error:
            code = error_code(error)
            if code == sqlite3.SQLITE_INTERRUPT:
                if deadline.was_met:
                    raise SettingsError("query", deadline.sentence) from error
                raise KeyboardInterrupt from None
            if code in TROUBLE and code not in _REFUSED:
                raise
            raise SettingsError("query", _sentence(error, code)) from error


class _Deadline:
    """`limit` in seconds; 0 for none."""

    def __init__(self, clock: Clock, limit: float) -> None:
        self._clock = clock
        self._limit = limit
        self._end = clock.monotonic() + limit
        self.was_met = False

    def is_over(self) -> bool:
        self.was_met = self._limit > 0 and self._clock.monotonic() >= self._end
        return self.was_met

    @property
    def sentence(self) -> str:
        return f"The answer was not there after {self._limit:g} s, the limit of --timeout. Ask for less, or give more time."


def _confine(connection: sqlite3.Connection) -> None:
    """The file is open for reading alone; this keeps a statement from other files, other programs and the memory."""
    connection.execute(f"PRAGMA hard_heap_limit = {MEMORY}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_only_reading)


def _only_reading(action: int, first: str | None, second: str | None, *_: Any) -> int:
    """What is not known to be harmless is refused (https://sqlite.org/c3ref/c_alter_table.html)."""
    if action == sqlite3.SQLITE_UPDATE:
        # So SQLite names the making of a virtual table that it has built in, like json_each; a real one is refused anyway.
        allowed = first == "sqlite_master"
    elif action == sqlite3.SQLITE_FUNCTION:
        allowed = second not in _FOREIGN_FUNCTIONS
    elif action == sqlite3.SQLITE_PRAGMA:
        allowed = first in _PRAGMAS or (first in _VALUES and second is None)
    else:
        allowed = action in _HARMLESS
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _sentence(error: Exception, code: int) -> str:
    if code == sqlite3.SQLITE_TOOBIG:
        return _TOO_LARGE
    text = f"SQLite cannot answer this: {str(error).rstrip('.')}."
    if code in _REFUSED:
        return f"{text} {_ONLY_READS}"
    return f"{text} docs/schema.md lists every table and column." if "no such" in text else text


def write_answer(names: list[str], rows: Iterable[tuple[Any, ...]], out: TextIO) -> None:
    """A table on a terminal, CSV elsewhere."""
    if out.isatty():
        try:
            write_for_terminal(names, rows, out)
        except ImportError:
            write_csv(names, rows, out)
    else:
        write_csv(names, rows, out)


def write_csv(names: Iterable[str], rows: Iterable[tuple[Any, ...]], out: TextIO) -> None:
    """NULL is an empty field, bytes are hexadecimal digits. Lines end as on POSIX, whatever the values hold."""
    writer = csv.writer(_LineFeeds(out))
    writer.writerow(names)
    writer.writerows([plain(value) for value in row] for row in rows)


class _LineFeeds:
    """Given that lines end with both characters, Python before 3.13 puts values with either of them in quotes."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, line: str) -> None:
        self._out.write(f"{line[:-2]}\n")


def plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
