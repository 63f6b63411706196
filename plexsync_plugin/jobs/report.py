"""How things stand, read from plexsync.db: for *Status*, the operation *status* and the command line. Writes nothing."""

import contextlib
import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from plexsync_plugin.jobs.learned import known_pairs
from plexsync_plugin.jobs.missing import count_absent
from plexsync_plugin.jobs.state import read_state

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
    """Counts of jobs by state, what a person was told, and the newest dead letters. Times are epoch seconds."""

    waiting: int = 0
    running: int = 0
    synced: int = 0
    dead: int = 0
    missing: int = 0
    absent: int = 0
    undone: int = 0
    orders: tuple[str, ...] = ()
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
        undone=_number(connection, "SELECT count(*) FROM undone"),
        orders=tuple(
            row[0]
            for row in connection.execute("SELECT name FROM orders WHERE state = 'waiting' ORDER BY id")
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
        "SELECT scene_id, reason, message, candidates, attempts, first_at, last_at FROM dead_letters "
        "ORDER BY last_at DESC, id DESC LIMIT ?",
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
