"""A table as an Excel workbook. Needs openpyxl, which is optional: only `export` imports this module, and when it is asked to.

Rows go to the disk as they come, so that memory does not grow with the table.
"""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from indexer.answers.query import plain
from indexer.answers.table import Table

# Bounds of Excel (https://support.microsoft.com: "Excel specifications and limits"); the first row holds the names.
ROWS = 1_048_576 - 1
LONGEST = 32_767  # characters of a cell
LONGEST_TITLE = 31  # characters of the name of a sheet

# Characters that XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@")


def write(table: Table, path: str) -> None:
    """Raises OSError. A text that is too long for a cell is cut at its end, with an ellipsis."""
    with _temporary_files_beside(path):
        _write(table, path)


@contextlib.contextmanager
def _temporary_files_beside(path: str) -> Iterator[None]:
    """openpyxl writes each sheet into a temporary file first. The system's folder for those may be small, or lie in memory, and where it
    is full, the folder that was asked for would be blamed."""
    before, tempfile.tempdir = tempfile.tempdir, os.path.dirname(os.path.abspath(path))
    try:
        yield
    finally:
        tempfile.tempdir = before


def _write(table: Table, path: str) -> None:
    book = Workbook(write_only=True)
    try:
        for number, rows in enumerate(_sheets(table.rows), start=1):
            suffix = f" {number}" if number > 1 else ""
            sheet = book.create_sheet(f"{table.name[: LONGEST_TITLE - len(suffix)]}{suffix}")
            sheet.freeze_panes = "A2"
            sheet.append([_heading(sheet, name) for name in table.names])
            for row in rows:
                sheet.append([_cell(sheet, value) for value in row])
        book.save(path)
    except OSError:
        for sheet in book:
            _give_up(sheet)
        raise


def _give_up(sheet: Any) -> None:
    """openpyxl would write the end of a sheet once more when it is collected, and complain on standard error."""
    for stream in (sheet._rows, sheet._writer and sheet._writer.xf):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _sheets(rows: Iterable[tuple[Any, ...]]) -> Iterator[Iterable[tuple[Any, ...]]]:
    """As many rows as a sheet takes, then the next; one sheet without rows for a table without rows."""
    left = iter(rows)
    yield islice(left, ROWS)
    for first in left:
        yield islice(chain((first,), left), ROWS)


def _heading(sheet: Any, name: str) -> Any:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, given: Any) -> Any:
    """Numbers as they are. A text that looks like a formula or an error is marked as text, or a spreadsheet would run it."""
    value = plain(given)
    if not isinstance(value, str):
        return value
    text = _FORBIDDEN.sub("\ufffd", value)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    if not text.startswith((*_FORMULA, "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
