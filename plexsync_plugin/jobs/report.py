"""How things stand, read from plexsync.db: for *Status*, the operation *status* and the following of tasks."""

import contextlib
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.state import read_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    level: str
    text: str
    blocking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Counts of jobs by state, what a person was told, and the newest dead letters. Times are epoch seconds."""

    waiting: int = 0
    running: int = 0
    synced: int = 0
    dead: int = 0
    missing: int = 0
    breaker: str = "closed"
    next_due: float | None = None
    notices: tuple[Notice, ...] = ()
    dead_letters: tuple[dict[str, Any], ...] = ()

    def document(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> list[str]:
        """For a person, one fact a line."""
        found = [
            f"In sync: {count(self.synced, 'scene')}. Waiting: {self.waiting}"
            + (f" ({self.missing} of them for Plex to show their file)" if self.missing else "")
            + f". In hand: {self.running}. Failed: {self.dead}."
        ]
        if self.waiting and self.next_due is not None:
            found.append(f"The next is due at {utc_text(self.next_due)}.")
        if self.breaker != "closed":
            found.append("Plex is away; PlexSync looks for it every minute and goes on by itself.")
        found += [notice.text for notice in self.notices]
        found += [f"Failed: {_letter_line(letter)}" for letter in self.dead_letters]
        return found


def _letter_line(letter: dict[str, Any]) -> str:
    who = f"scene {letter['scene_id']}" if letter["scene_id"] else "a row of the inbox"
    return f"{who}: {letter['message']}"


def read_report(path: str, *, letters: int = 10) -> Report:
    """`path` of plexsync.db; an empty report while there is none."""
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
            connection, "SELECT count(*) FROM jobs WHERE state = 'waiting' AND reason = 'ItemMissing'"
        ),
        breaker=breaker[0] if breaker else "closed",
        next_due=connection.execute("SELECT min(due_at) FROM jobs WHERE state = 'waiting'").fetchone()[0],
        notices=tuple(
            Notice(level=row["level"], text=row["text"], blocking=bool(row["blocking"]))
            for row in connection.execute("SELECT level, text, blocking FROM notices ORDER BY said_at")
        ),
        dead_letters=tuple(
            dict(row)
            for row in connection.execute(
                "SELECT scene_id, reason, message, candidates, attempts, first_at, last_at FROM dead_letters "
                "ORDER BY last_at DESC LIMIT ?",
                (letters,),
            )
        ),
    )


def _number(connection: sqlite3.Connection, query: str) -> int:
    count: int = connection.execute(query).fetchone()[0]
    return count
