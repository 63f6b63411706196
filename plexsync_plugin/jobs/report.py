"""How things stand, read from plexsync.db: for *Status*, the operation *status* and the command line.

Owns what is told; each number and text is read by the module of its table. Writes nothing.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.jobs.breaker import BreakerStore
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.job_reports import JobReports
from plexsync_plugin.jobs.learned import known_pairs
from plexsync_plugin.jobs.notices import Notice, NoticeStore
from plexsync_plugin.jobs.orders import OrderStore
from plexsync_plugin.jobs.outages import Outage, OutageStore
from plexsync_plugin.jobs.reasons import ABSENT, DISCARDED, LOOKED_FOR
from plexsync_plugin.jobs.state import read_state
from plexsync_plugin.jobs.state_trouble import trouble_sentence, version_sentence
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.jobs.synced import SyncedScenes
from plexsync_plugin.jobs.undone import UndoneScenes

OUTAGES = 3  # the last ones are told of
RULES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`problem` is a sentence where not everything could be read. Counts of jobs by state, what a person was told, and the newest dead letters. Times are epoch seconds. `put_off`:
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
    problem: str = ""

    def document(self) -> dict[str, Any]:
        return asdict(self)


def read_report(path: str, *, letters: int = 10) -> Report:
    """`path` of plexsync.db; an empty report while there is none. `letters` is how many dead letters to read, -1 all. What cannot be
    read keeps its default, and `problem` says so."""
    try:
        connection = read_state(path)
    except (DatabaseError, sqlite3.Error) as error:
        return Report(problem=trouble_sentence(path, error))
    if connection is None:
        return Report()
    with contextlib.closing(connection):
        return _report(connection, path, letters)


def _report(connection: sqlite3.Connection, path: str, letters: int) -> Report:
    """Each table by itself: one that is damaged hides no other."""
    jobs, orders, dead = JobStore(connection), OrderStore(connection), DeadLetters(connection)
    told = JobReports(connection)
    readings: dict[str, Callable[[], object]] = {
        "synced": SyncedScenes(connection).count_synced,
        "dead": dead.count,
        "missing": lambda: told.count("waiting", LOOKED_FOR),
        "absent": lambda: told.count("done", [ABSENT]),
        "discarded": lambda: told.count("done", [DISCARDED]),
        "undone": UndoneScenes(connection).count,
        "orders": lambda: tuple(orders.waiting_names()),
        "put_off": lambda: tuple(orders.postponed()),
        "breaker": lambda: BreakerStore(connection).load().state,
        "next_due": jobs.next_due,
        "notices": lambda: tuple(NoticeStore(connection).standing()),
        "outages": lambda: tuple(OutageStore(connection).newest(OUTAGES)),
        "reasons": lambda: tuple(dead.numbers_by_reason()),
        "dead_letters": lambda: tuple(dead.newest(letters)),
        "learned_paths": lambda: tuple(known_pairs(connection)[:RULES]),
        "facts": lambda: tuple(Facts(connection).all_facts()),
    }
    found: dict[str, Any] = {}
    try:
        problem = version_sentence(path, connection)
    except sqlite3.Error as error:
        problem = trouble_sentence(path, error)
    for name, reading in readings.items():
        try:
            found[name] = reading()
        except sqlite3.Error as error:
            problem = problem or trouble_sentence(path, error)
    try:
        states = told.numbers_by_state()
    except sqlite3.Error as error:
        states, problem = {}, problem or trouble_sentence(path, error)
    return Report(
        waiting=states.get("waiting", 0), running=states.get("running", 0), problem=problem, **found
    )
