"""How things stand, read from plexsync.db: for *Status*, the operation *status* and the command line. Writes nothing."""

import contextlib
import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from plexsync_plugin.jobs.learned import known_pairs
from plexsync_plugin.jobs.missing import count_absent
from plexsync_plugin.jobs.state import read_state
from plexsync_plugin.jobs.store import DISCARDED

OUTAGES = 3  # the last ones are told of
RULES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    level: str
    text: str
    blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Epoch seconds; `ended_at` None while it lasts."""

    started_at: float
    ended_at: float | None
    cause: str
    jobs_waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Counts of jobs by state, what a person was told, and the newest dead letters. Times are epoch seconds. `put_off`:
    orders that failed and are tried again, by name, reason and due time."""

    waiting: int = 0
    running: int = 0
    synced: int = 0
    dead: int = 0
    missing: int = 0
    absent: int = 0
    discarded: int = 0
    undone: int = 0
    orders: tuple[str, ...] = ()
    put_off: tuple[tuple[str, str, float], ...] = ()
    breaker: str = "closed"
    next_due: float | None = None
    notices: tuple[Notice, ...] = ()
    outages: tuple[Outage, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    dead_letters: tuple[dict[str, Any], ...] = ()
    learned_paths: tuple[dict[str, Any], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    def document(self) -> dict[str, Any]:
        return asdict(self)


def read_report(path: str, *, letters: int = 10) -> Report:
    """`path` of plexsync.db; an empty report while there is none. `letters` is how many dead letters to read, -1 all."""
    connection = read_state(path)
    if connection is None:
        return Report()
    with contextlib.closing(connection):
        return _report(connection, letters)


def _report(connection: sqlite3.Connection, letters: int) -> Report:
    states = dict(connection.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
    breaker = connection.execute("SELECT state FROM breaker").fetchone()
    return Report(
        waiting=states.get("waiting", 0),
        running=states.get("running", 0),
        synced=_number(connection, "SELECT count(*) FROM synced"),
        dead=_number(connection, "SELECT count(*) FROM dead_letters"),
        missing=_number(
            connection,
            "SELECT count(*) FROM jobs WHERE state = 'waiting' AND reason IN ('ItemMissing', 'SearchPostponed')",
        ),
        absent=count_absent(connection),
        discarded=_number(
            connection, f"SELECT count(*) FROM jobs WHERE state = 'done' AND reason = '{DISCARDED}'"
        ),
        undone=_number(connection, "SELECT count(*) FROM undone"),
        orders=tuple(
            row[0]
            for row in connection.execute("SELECT name FROM orders WHERE state = 'waiting' ORDER BY id")
        ),
        put_off=tuple(
            (row[0], row[1], row[2])
            for row in connection.execute(
                "SELECT name, message, due_at FROM orders WHERE state = 'waiting' AND due_at > 0 ORDER BY id"
            )
        ),
        breaker=breaker[0] if breaker else "closed",
        next_due=connection.execute("SELECT min(due_at) FROM jobs WHERE state = 'waiting'").fetchone()[0],
        notices=tuple(
            Notice(level=row["level"], text=row["text"], blocking=bool(row["blocking"]))
            for row in connection.execute("SELECT level, text, blocking FROM notices ORDER BY said_at")
        ),
        outages=_outages(connection),
        reasons=tuple(
            (row[0], row[1])
            for row in connection.execute(
                "SELECT reason, count(*) FROM dead_letters GROUP BY reason ORDER BY count(*) DESC, reason"
            )
        ),
        dead_letters=read_letters(connection, letters),
        learned_paths=tuple(known_pairs(connection)[:RULES]),
        facts=tuple(
            (row[0], row[1]) for row in connection.execute("SELECT name, value FROM facts ORDER BY name")
        ),
    )


def read_letters(connection: sqlite3.Connection, limit: int) -> tuple[dict[str, Any], ...]:
    """The newest first, `candidates` as a list."""
    rows = connection.execute(
        "SELECT l.scene_id, coalesce(o.name, '') AS \"order\", l.reason, l.message, l.candidates, l.attempts, l.first_at, "
        "l.last_at FROM dead_letters AS l LEFT JOIN orders AS o ON o.id = l.order_id "
        "ORDER BY l.last_at DESC, l.id DESC LIMIT ?",
        (limit,),
    )
    return tuple({**dict(row), "candidates": json.loads(row["candidates"])} for row in rows)


def _outages(connection: sqlite3.Connection) -> tuple[Outage, ...]:
    rows = connection.execute(
        "SELECT started_at, ended_at, cause, jobs_waiting FROM outages ORDER BY id DESC LIMIT ?", (OUTAGES,)
    )
    return tuple(Outage(**dict(row)) for row in rows)


def _number(connection: sqlite3.Connection, query: str) -> int:
    count: int = connection.execute(query).fetchone()[0]
    return count
