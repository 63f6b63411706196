"""Every table of a finished index as a CSV or JSON file of its own. Reads the index, changes nothing of it."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from indexer.answers.query import plain, reading, write_csv
from plexsync_plugin.base.errors import DatabaseError

FORMS = ("csv", "json")
# Excel takes a CSV file without the mark for one in the code page of its country; other programs skip the mark.
_ENCODING = {"csv": "utf-8-sig", "json": "utf-8"}


def export_tables(path: str, form: str, folder: str) -> list[str]:
    """Paths of the files written. All tables are of one moment. Raises SettingsError, DatabaseError."""
    written = []
    write = write_csv if form == "csv" else _write_json
    with reading(path) as connection:
        connection.execute("BEGIN")
        try:
            os.makedirs(folder, exist_ok=True)
            for name in table_names(connection):
                target = os.path.join(folder, f"{name}.{form}")
                cursor = connection.execute(f'SELECT * FROM "{name}"')
                with replacing(target, _ENCODING[form]) as file:
                    write([column[0] for column in cursor.description], cursor, file)
                written.append(target)
        except OSError as error:
            raise DatabaseError(f"{folder} cannot be written: {error.strerror}.") from error
    return written


def table_names(connection: sqlite3.Connection) -> list[str]:
    """Without those that a search index keeps for itself."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name"
    ).fetchall()
    virtual = tuple(f"{name}_" for name, sql in rows if sql.upper().startswith("CREATE VIRTUAL"))
    return [name for name, sql in rows if not f"{name}_".startswith(virtual or ("\0",)) and sql is not None]


@contextlib.contextmanager
def replacing(target: str, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Text that stands at `target` when it is complete, and not before. Raises OSError."""
    if os.path.exists(target) and not os.path.isfile(target):
        # A device or a pipe is not to be replaced.
        with open(target, "w", encoding=encoding, newline="\n") as file:
            yield file
        return
    fresh = f"{target}.unfinished"
    try:
        with open(fresh, "w", encoding=encoding, newline="\n") as file:
            yield file
        os.replace(fresh, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(fresh)
        raise


def _write_json(names: Iterable[str], rows: Iterable[tuple[Any, ...]], file: TextIO) -> None:
    """A list of objects, one in a line."""
    file.write("[")
    for number, row in enumerate(rows):
        values = {name: plain(value) for name, value in zip(names, row, strict=True)}
        file.write(",\n" if number else "\n")
        file.write(json.dumps(values, ensure_ascii=False))
    file.write("\n]\n")
