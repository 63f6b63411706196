"""The questions of docs/questions.md on an index of 200 000 items, each asked of a file that is open and warm."""

import contextlib
import functools
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bench.measuring import Line, median, milliseconds, seconds
from indexer.file.index_file import APPLICATION_ID
from indexer.file.store import Store, migrations
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.clock import Clock
from tests import generated_index
from tests.questions import questions

TIMES = 3
KEPT = Path(__file__).resolve().parents[1] / "build"


def measure(items: int) -> list[Line]:
    path = str(generated(items))
    with contextlib.closing(sqlite.connect(path, wal=False)) as connection:
        store = Store(connection, path, Clock(), lambda: None)
        lines = [Line(what="ANALYZE, as at each publication", value=milliseconds(seconds(store.analyze)))]
        for title, sql in questions().items():
            ask = functools.partial(_ask, connection, sql)
            ask()
            worked, took = zip(*(_times(ask) for _ in range(TIMES)), strict=True)
            lines.append(
                Line(
                    what=title,
                    value=milliseconds(median(worked)),
                    compared=milliseconds(median(took)),
                    goal="<= 100 ms",
                )
            )
    return lines


def _times(ask: Callable[[], None]) -> tuple[float, float]:
    """Of the processor, and of the clock on the wall: on a busy machine the second says little of the question."""
    began = time.process_time()
    took = seconds(ask)
    return time.process_time() - began, took


def generated(items: int) -> Path:
    """An index of so many items, kept in `build/` until the schema, or what fills it, is another."""
    form = "".join((*migrations(), Path(generated_index.__file__).read_text("utf-8"), str(APPLICATION_ID)))
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
