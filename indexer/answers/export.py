"""Every table of a finished index as a file of its own. Reads the index, changes nothing of it.

Which file a table becomes is here, as CSV and JSON are; workbooks and Parquet, whose packages are optional, have modules of
their own.
"""

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, TextIO

from indexer.answers.query import plain, reading, write_csv
from indexer.answers.table import Table
from plexsync_plugin.base.errors import DatabaseError, PackagesMissing
from plexsync_plugin.base.words import count

FORMS = ("csv", "json", "xlsx", "parquet")
# Excel takes a CSV file without the mark for one in the code page of its country; other programs skip the mark.
MARKED_UTF8 = "utf-8-sig"
# Optional: module of ours -> the package it needs.
_PACKAGES = {"xlsx": ("workbook", "openpyxl"), "parquet": ("parquet", "pyarrow")}
# What a spreadsheet takes for the begin of a formula (OWASP, "CSV Injection").
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Writer = Callable[[Table, str], None]


def export_tables(path: str, form: str, folder: str, requirements: str) -> list[str]:
    """Paths of the files written. All tables are of one moment. `requirements` is the file that names the optional packages.

    Raises SettingsError, DatabaseError, PackagesMissing.
    """
    written: list[str] = []
    write = _writer(form, requirements)
    with reading(path) as connection:
        connection.execute("BEGIN")
        try:
            os.makedirs(folder, exist_ok=True)
            for name in table_names(connection):
                target = os.path.join(folder, f"{name}.{form}")
                with replaced(target) as fresh:
                    write(_table(connection, name), fresh)
                written.append(target)
        except OSError as error:
            raise DatabaseError(_stopped(folder, written, error)) from error
    return written


def _writer(form: str, requirements: str) -> Writer:
    if form not in _PACKAGES:
        return _TEXT_WRITERS[form]
    module, package = _PACKAGES[form]
    # openpyxl would write by lxml where that is there, which reports a full disk as an error of its own.
    os.environ.setdefault("OPENPYXL_LXML", "False")
    try:
        writer: Writer = import_module(f"indexer.answers.{module}").write
    except ImportError as error:
        raise PackagesMissing(
            f"--export {form} needs the Python package {package} ({error}). Install it: {sys.executable} -m pip install "
            f"-r {requirements}"
        ) from error
    return writer


def _stopped(folder: str, written: list[str], error: OSError) -> str:
    names = ", ".join(os.path.basename(target) for target in written)
    whole = (
        f"{count(len(written), 'table')} had been written whole: {names}"
        if written
        else "No table had been written"
    )
    return (
        f"{folder} cannot be written: {error.strerror or error}. {whole}. "
        "What else is there is of an earlier export."
    )


def table_names(connection: sqlite3.Connection) -> list[str]:
    """Without those that a search index keeps for itself."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY name"
    ).fetchall()
    virtual = tuple(f"{name}_" for name, sql in rows if sql.upper().startswith("CREATE VIRTUAL"))
    return [name for name, sql in rows if not f"{name}_".startswith(virtual or ("\0",)) and sql is not None]


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = connection.execute(
        "SELECT name, type FROM pragma_table_info(?) ORDER BY cid", (name,)
    ).fetchall()
    names = ", ".join(f'"{column}"' for column, _ in columns)
    return Table(name=name, columns=tuple(columns), rows=connection.execute(f'SELECT {names} FROM "{name}"'))


@contextlib.contextmanager
def replaced(target: str) -> Iterator[str]:
    """The path of a file to be written, which stands at `target` when it is complete, and not before. Raises OSError."""
    if os.path.exists(target) and not os.path.isfile(target):
        yield target  # a device or a pipe is not to be replaced
        return
    fresh = f"{target}.unfinished"
    try:
        yield fresh
        os.replace(fresh, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.remove(fresh)
        raise


@contextlib.contextmanager
def replacing(target: str) -> Iterator[TextIO]:
    """Text in UTF-8 that stands at `target` when it is complete, and not before. Raises OSError."""
    with replaced(target) as fresh, open(fresh, "w", encoding="utf-8", newline="\n") as file:
        yield file


def _write_csv(table: Table, path: str) -> None:
    """A spreadsheet opens it and runs nothing of it: titles and summaries come from elsewhere."""
    rows = (tuple(map(_as_text, row)) for row in table.rows)
    with open(path, "w", encoding=MARKED_UTF8, newline="\n") as file:
        write_csv(table.names, rows, file)


def _as_text(value: Any) -> Any:
    """A text that a spreadsheet would run gets an apostrophe, by which one says that it is text; numbers stay as they are."""
    if isinstance(value, str) and value.startswith(_STARTS_FORMULA):
        return f"'{value}"
    return value


def _write_json(table: Table, path: str) -> None:
    """A list of objects, one in a line."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for number, row in enumerate(table.rows):
            values = {name: plain(value) for name, value in zip(table.names, row, strict=True)}
            file.write(",\n" if number else "\n")
            file.write(json.dumps(values, ensure_ascii=False))
        file.write("\n]\n")


_TEXT_WRITERS: Mapping[str, Writer] = {"csv": _write_csv, "json": _write_json}
