"""Questions in SQL to a finished index, and how every reader opens it: nothing can be changed through it."""

import csv
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, TextIO

from indexer.store import APPLICATION_ID
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import ForeignDatabase, SettingsError

ROWS_ON_A_TERMINAL = 1000
STEPS = 100_000  # of SQLite's machine between two looks for an interrupt


@contextmanager
def reading(path: str) -> Iterator[sqlite3.Connection]:
    """Raises SettingsError when there is no index, DatabaseError and its kinds when it cannot be read."""
    if not os.path.exists(path):
        raise SettingsError(
            "DB_PATH", f"There is no index {path} yet. Run plex_sync.py first, or name it with --db-path."
        )
    with closing(sqlite.connect_readonly(path)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise ForeignDatabase(f"{path} is not an index made by PlexSync. Name another with --db-path.")
        connection.execute("PRAGMA query_only = 1")
        connection.row_factory = None
        yield connection


def run_query(path: str, sql: str, out: TextIO) -> None:
    """The answer to one statement: a table on a terminal, CSV elsewhere. Raises SettingsError for SQL that fails."""
    with reading(path) as connection:
        connection.set_authorizer(_without_other_files)
        # A signal is seen between two steps; without this, Ctrl-C would wait for the whole answer.
        connection.set_progress_handler(lambda: 0, STEPS)
        try:
            cursor = connection.execute(sql)
            if cursor.description is not None:
                names = [column[0] for column in cursor.description]
                (write_table if out.isatty() else write_csv)(names, cursor, out)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise KeyboardInterrupt from None
            raise SettingsError("query", f"SQLite cannot answer this: {error}.") from error
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise SettingsError("query", f"SQLite cannot answer this: {error}.") from error


def _without_other_files(action: int, *_: Any) -> int:
    refused = action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def write_csv(names: Iterable[str], rows: Iterable[tuple[Any, ...]], out: TextIO) -> None:
    """NULL is an empty field, bytes are hexadecimal digits."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([plain(value) for value in row] for row in rows)


def plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def write_table(names: Iterable[str], rows: Iterable[tuple[Any, ...]], out: TextIO) -> None:
    import rich.console  # noqa: PLC0415 - for a terminal alone
    import rich.table  # noqa: PLC0415
    import rich.text  # noqa: PLC0415

    table = rich.table.Table()
    for name in names:
        table.add_column(rich.text.Text(name))
    cursor = iter(rows)
    for row in islice(cursor, ROWS_ON_A_TERMINAL):
        table.add_row(*(rich.text.Text("" if value is None else str(plain(value))) for value in row))
    console = rich.console.Console(file=out)
    console.print(table)
    if next(cursor, None) is not None:
        console.print(
            f"The first {ROWS_ON_A_TERMINAL} rows; send the output to a file or a pipe for all.",
            highlight=False,
        )
