"""How far the worker is with what a task put in, read from its files: never written here."""

import contextlib
import os
import sqlite3
from dataclasses import dataclass

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.words import span
from plexsync_plugin.jobs.inbox import TABLE
from plexsync_plugin.jobs.notices import NoticeStore
from plexsync_plugin.jobs.state import read_state

SOON = 15.0  # seconds; what is tried again sooner is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Numbers of scenes. `open` are due or in hand, `later` wait for a time to come. `taken` false: the order is not
    yet carried out to its end; `put_off` then says why it is tried again later, where that is not soon. `left` had been put in by the order and are not its jobs any more. `message` is what the
    order says of itself. `blocked` is the sentence of what keeps every job waiting, or ""."""

    taken: bool
    total: int
    open: int
    later: int
    dead: int
    left: int = 0
    message: str = ""
    blocked: str = ""
    refused: str = ""
    put_off: str = ""

    @property
    def done(self) -> float:
        return 1.0 - self.open / self.total if self.total else 0.0

    @property
    def ended(self) -> bool:
        return bool(self.refused or self.put_off) or (self.taken and not self.open)


def inbox_rows(folder: DataFolder) -> int:
    """Rows that no worker has taken yet."""
    count: int = sum(name.endswith(".json") for name in os.listdir(folder.spool))
    try:
        with contextlib.closing(sqlite.connect_readonly(folder.inbox)) as inbox:
            count += inbox.execute(f"SELECT count(*) FROM `{TABLE}` WHERE status < 5").fetchone()[0]
    except (DatabaseError, sqlite3.OperationalError):
        return count  # no inbox yet
    return count


def read_progress(folder: DataFolder, ticket: str, now: float) -> Progress:
    """Of the order with this ticket, or with "" of everything there is. `now` in epoch seconds."""
    connection = read_state(folder.state)
    if connection is None:
        return Progress(taken=False, total=0, open=0, later=0, dead=0)
    with contextlib.closing(connection):
        return _read(connection, folder, ticket, now)


def _read(connection: sqlite3.Connection, folder: DataFolder, ticket: str, now: float) -> Progress:
    order = None
    where, taken = "1", not ticket and inbox_rows(folder) == 0
    if ticket:
        order = connection.execute(
            "SELECT id, state, message, total, due_at FROM orders WHERE ticket = ?", (ticket,)
        ).fetchone()
        where = f"order_id = {order['id']}" if order else "0"
        taken = order is not None and order["state"] != "waiting"
    row = connection.execute(
        f"SELECT count(*), "
        f"count(*) FILTER (WHERE state = 'running' OR (state = 'waiting' AND due_at <= ?)), "
        f"count(*) FILTER (WHERE state = 'waiting' AND due_at > ?), "
        f"count(*) FILTER (WHERE state = 'dead') FROM jobs WHERE {where}",
        (now, now),
    ).fetchone()
    return Progress(
        taken=taken,
        total=row[0],
        open=row[1],
        later=row[2],
        dead=row[3],
        left=max(0, order["total"] - row[0]) if order else 0,
        message=order["message"] if order and order["state"] == "done" else "",
        blocked=NoticeStore(connection).blocking(),
        refused=order["message"] if order and order["state"] == "failed" else "",
        put_off=_put_off(order, now) if order and order["state"] == "waiting" else "",
    )


def _put_off(order: sqlite3.Row, now: float) -> str:
    delay = order["due_at"] - now
    return f"{order['message']} It is tried again in {span(delay)}, by itself." if delay > SOON else ""
