"""The questions of docs/questions.md on an index of 200 000 items, each asked of a file that is open and warm."""

import contextlib
import functools
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.measuring import RUNS, Line
from indexer.file.store import Store
from plexsync_plugin.base.clock import Clock
from tests.generated_index import generate
from tests.questions import questions

MOST = 100  # milliseconds


def measure(items: int = 200_000, turns: int = RUNS) -> list[Line]:
    group = f"Questions in SQL, {items} items"
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "index.db"))
        with contextlib.closing(generate(path, items)) as connection:
            store = Store(connection, path, Clock(), lambda: None)
            counted = tuple(_milliseconds(store.analyze) for _ in range(turns))
            lines = [Line(group=group, name="ANALYZE, as at each publication", unit="ms", ours=counted)]
            for title, sql in questions().items():
                ask = functools.partial(_ask, connection, sql)
                taken = tuple(_milliseconds(ask) for _ in range(turns))
                lines.append(Line(group=group, name=title, unit="ms", ours=taken, goal=MOST))
    return lines


def _ask(connection: sqlite3.Connection, sql: str) -> None:
    connection.execute(sql).fetchall()


def _milliseconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000
