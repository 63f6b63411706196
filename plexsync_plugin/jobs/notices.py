"""Owns the table `notices`: what a person has been told and is still true, one row per cause. Who says it, and when, is
`worker.neighbours.notices`'.
"""

import sqlite3
from dataclasses import dataclass

DEAD = "dead:"  # how causes of notices about dead letters begin, the reason after it
ONCE = "once:"  # how causes begin of what has happened and is over: it goes when a person has been told


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`level` is one of Stash's log; `blocking`: no job is done while it is true."""

    level: str
    text: str
    blocking: bool


class NoticeStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def stands(self, cause: str) -> bool:
        """Whether a person has been told of this cause, and it is still true."""
        row = self._connection.execute("SELECT 1 FROM notices WHERE cause = ?", (cause,)).fetchone()
        return row is not None

    def add(self, cause: str, notice: Notice, now: float, *, delivered: bool) -> None:
        """A person was told; `delivered` false: Stash did not take it, and it is to be said again. `now` in epoch seconds."""
        self._connection.execute(
            "INSERT INTO notices (cause, level, text, blocking, said_at, delivered) VALUES (?, ?, ?, ?, ?, ?)",
            (cause, notice.level, notice.text, notice.blocking, now, delivered),
        )

    def undelivered(self) -> dict[str, Notice]:
        """What Stash did not take, by cause."""
        rows = self._connection.execute(
            "SELECT cause, level, text, blocking FROM notices WHERE NOT delivered"
        )
        return {row["cause"]: _notice(row) for row in rows}

    def set_text(self, cause: str, text: str) -> None:
        """What stands has changed: *Status* shows this from now on."""
        self._connection.execute("UPDATE notices SET text = ? WHERE cause = ?", (text, cause))

    def set_delivered(self, cause: str) -> None:
        """Stash has taken it."""
        self._connection.execute("UPDATE notices SET delivered = 1 WHERE cause = ?", (cause,))

    def causes(self, prefix: str) -> list[str]:
        """Causes that begin so, of notices that stand."""
        rows = self._connection.execute(
            "SELECT cause FROM notices WHERE substr(cause, 1, ?) = ?", (len(prefix), prefix)
        )
        return [row[0] for row in rows]

    def drop(self, cause: str) -> bool:
        """It is true no more; False when nobody had been told."""
        return bool(self._connection.execute("DELETE FROM notices WHERE cause = ?", (cause,)).rowcount)

    def standing(self) -> list[Notice]:
        """What a person was told and is still true, in the order in which it was said; without what the list of failed scenes tells."""
        return [notice for cause, notice in self.by_cause().items() if not cause.startswith(DEAD)]

    def by_cause(self) -> dict[str, Notice]:
        """Everything that a person was told and is still true, in the same order."""
        rows = self._connection.execute("SELECT cause, level, text, blocking FROM notices ORDER BY said_at")
        return {row["cause"]: _notice(row) for row in rows}

    def blocking(self) -> str:
        """The oldest sentence of what keeps every job waiting, or ""."""
        row = self._connection.execute(
            "SELECT text FROM notices WHERE blocking ORDER BY said_at LIMIT 1"
        ).fetchone()
        return row[0] if row else ""


def _notice(row: sqlite3.Row) -> Notice:
    return Notice(level=row["level"], text=row["text"], blocking=bool(row["blocking"]))
