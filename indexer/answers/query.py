"""Questions in SQL to a finished index, and how every reader opens it: nothing can be changed through it."""

import csv
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TextIO

from indexer.answers.terminal import write_for_terminal
from indexer.file.index_file import TROUBLE, explaining
from indexer.file.store import APPLICATION_ID
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import ForeignDatabase, SettingsError
from plexsync_plugin.base.sqlite import error_code

STEPS = 100_000  # of SQLite's machine between two looks for an interrupt

_ONLY_READS = "The index is only read here: ask with SELECT."
_REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH)


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


def run_query(path: str, sql: str, out: TextIO) -> None:
    """The answer to one statement: for a person on a terminal, CSV elsewhere. Raises SettingsError for SQL that fails."""
    with reading(path) as connection:
        connection.set_authorizer(_without_other_files)
        # A signal is seen between two steps; without this, Ctrl-C would wait for the whole answer.
        connection.set_progress_handler(lambda: 0, STEPS)
        try:
            cursor = connection.execute(sql)
            if cursor.description is None:
                raise SettingsError("query", f"This asks for nothing. {_ONLY_READS}")
            _write([column[0] for column in cursor.description], cursor, out)
        except (sqlite3.Error, sqlite3.Warning) as error:
            code = error_code(error)
            if code == sqlite3.SQLITE_INTERRUPT:
                raise KeyboardInterrupt from None
            if code in TROUBLE and code not in _REFUSED:
                raise
            raise SettingsError("query", _sentence(error, code)) from error


def _without_other_files(action: int, *_: Any) -> int:
    refused = action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _sentence(error: Exception, code: int) -> str:
    text = f"SQLite cannot answer this: {str(error).rstrip('.')}."
    if code in _REFUSED:
        return f"{text} {_ONLY_READS}"
    return f"{text} docs/schema.md lists every table and column." if "no such" in text else text


def _write(names: list[str], rows: Iterable[tuple[Any, ...]], out: TextIO) -> None:
    if out.isatty():
        try:
            write_for_terminal(names, rows, out)
        except ImportError:
            write_csv(names, rows, out)
    else:
        write_csv(names, rows, out)


def write_csv(names: Iterable[str], rows: Iterable[tuple[Any, ...]], out: TextIO) -> None:
    """NULL is an empty field, bytes are hexadecimal digits."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([plain(value) for value in row] for row in rows)


def plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
