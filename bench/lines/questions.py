"""The questions of docs/questions.md on an index of 200 000 items, each asked of a file that is open and warm."""

import contextlib
import functools
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bench.measuring import RUNS, Line
from indexer.file.store import Store, migrations
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.clock import Clock
from tests import generated_index
from tests.questions import questions

MOST = 100  # milliseconds
KEPT = Path(__file__).resolve().parents[2] / "build"


def measure(items: int = 200_000, turns: int = RUNS) -> list[Line]:
    group = f"Questions in SQL, {items} items"
    path = str(generated(items))
    with contextlib.closing(sqlite.connect(path, wal=False)) as connection:
        store = Store(connection, path, Clock(), lambda: None)
        counted = tuple(_milliseconds(store.analyze) for _ in range(turns))
        lines = [Line(group=group, name="ANALYZE, as at each publication", unit="ms", ours=counted)]
        for title, sql in questions().items():
            ask = functools.partial(_ask, connection, sql)
            ask()
            taken = tuple(_milliseconds(ask) for _ in range(turns))
            lines.append(Line(group=group, name=title, unit="ms", ours=taken, goal=MOST))
    return lines


def generated(items: int) -> Path:
    """An index of so many items, kept in `build/` until the schema, or what fills it, is another."""
    form = "".join((*migrations(), Path(generated_index.__file__).read_text("utf-8")))
    path = KEPT / f"index-{items}-{hashlib.sha256(form.encode()).hexdigest()[:12]}.db"
    if not path.exists():
        KEPT.mkdir(exist_ok=True)
        for old in KEPT.glob(f"index-{items}-*"):
            old.unlink()
        unfinished = path.with_suffix(".unfinished")
        generated_index.generate(str(unfinished), items).close()
        os.replace(unfinished, path)
    return path


def _ask(connection: sqlite3.Connection, sql: str) -> None:
    connection.execute(sql).fetchall()


def _milliseconds(action: Callable[[], object]) -> float:
    """Of the processor: on a busy machine the clock on the wall says little of the question."""
    began = time.process_time()
    action()
    return (time.process_time() - began) * 1000
