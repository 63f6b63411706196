"""The questions of docs/questions.md on an index of 200 000 items, each asked of a file that is open and warm."""

import contextlib
import functools
import sqlite3
import tempfile
from pathlib import Path

from bench.measuring import Line, median, milliseconds, seconds
from indexer.file.store import Store
from plexsync_plugin.base.clock import Clock
from tests.generated_index import generate
from tests.questions import questions

TIMES = 3


def measure(items: int) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "index.db"))
        with contextlib.closing(generate(path, items)) as connection:
            store = Store(connection, path, Clock(), lambda: None)
            made = [("ANALYZE, as at each publication", seconds(store.analyze))]
            for title, sql in questions().items():
                ask = functools.partial(_ask, connection, sql)
                made.append((title, median([seconds(ask) for _ in range(TIMES)])))
    return [Line(what=title, value=milliseconds(value), goal="<= 100 ms") for title, value in made]


def _ask(connection: sqlite3.Connection, sql: str) -> None:
    connection.execute(sql).fetchall()
