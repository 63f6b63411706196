"""An answer in SQL as a person reads it on a terminal: a table where the columns fit beside each other, else row by row.

rich is imported here alone for answers, and only when there is a terminal. Reads no database.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

from plexsync_plugin.base.shown_text import STEERING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

ROWS = 1000  # of a table
RECORDS = 100  # rows that stand one below the other
NARROWEST = 12  # characters that a column needs where its values are longer
LONGEST = 10_000  # characters of a value; more is for a file
CHARACTERS = 10_000_000  # in all

# Titles come from elsewhere: what steers a terminal is not to reach it. Line breaks stay.
_HARMLESS = {code: "\ufffd" for code in STEERING if chr(code) not in "\t\n"}


def write_for_terminal(names: Iterable[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """Raises ImportError where there is no rich, before anything is written."""
    from rich.console import Console  # noqa: PLC0415 - for a terminal alone

    console = Console(file=out)
    headings, cursor = [_text(name) for name in names], iter(rows)
    shown = _first(cursor)
    if _fits(headings, shown, console.width):
        console.print(_table(headings, shown))
    else:
        shown, left = shown[:RECORDS], shown[RECORDS:]
        cursor = iter([*left, *islice(cursor, 1)])
        _print_records(console, headings, shown)
    if next(cursor, None) is not None:
        console.print(
            f"The first {len(shown)} rows; send the output to a file or a pipe for all.", highlight=False
        )


def _first(rows: Iterator[Sequence[Any]]) -> list[list[str]]:
    """As many as a person looks at and the memory holds, whatever is in them."""
    shown: list[list[str]] = []
    room = CHARACTERS
    for row in islice(rows, ROWS):
        shown.append([_text(value) for value in row])
        room -= sum(map(len, shown[-1]))
        if room < 0:
            break
    return shown


def _text(value: Any) -> str:
    text = "" if value is None else value.hex() if isinstance(value, bytes) else str(value)
    return (text if len(text) <= LONGEST else f"{text[:LONGEST]}…").translate(_HARMLESS)


def _fits(headings: list[str], rows: list[list[str]], width: int) -> bool:
    """Whether each column has room for its values or for a readable part of them."""
    needed = 1
    for place, heading in enumerate(headings):
        longest = max(len(heading), *(len(row[place]) for row in rows)) if rows else len(heading)
        needed += min(longest, NARROWEST) + 3  # a line and a space on each side
    return needed <= width


def _table(headings: list[str], rows: list[list[str]]) -> "Table":
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table()
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _print_records(console: "Console", headings: list[str], rows: list[list[str]]) -> None:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    for number, row in enumerate(rows, start=1):
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for heading, value in zip(headings, row, strict=True):
            grid.add_row(Text(heading), Text(value))
        console.rule(f"row {number}", align="left")
        console.print(grid)
