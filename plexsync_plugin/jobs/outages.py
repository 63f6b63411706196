"""Owns the table `outages`: when Plex was away, why, and how much waited. When it counts as away is `core.breaker`'s."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Epoch seconds; `ended_at` None while it lasts."""

    started_at: float
    ended_at: float | None
    cause: str
    jobs_waiting: int


_OUTAGE = "started_at, ended_at, cause, jobs_waiting"


class OutageStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, cause: str, jobs_waiting: int, now: float) -> None:
        """Plex is away from now on, in epoch seconds."""
        self._connection.execute(
            "INSERT INTO outages (started_at, cause, jobs_waiting) VALUES (?, ?, ?)",
            (now, cause, jobs_waiting),
        )

    def end(self, now: float) -> None:
        """Plex is back."""
        self._connection.execute("UPDATE outages SET ended_at = ? WHERE ended_at IS NULL", (now,))

    def newest(self, limit: int) -> list[Outage]:
        """The last ones, the newest first."""
        rows = self._connection.execute(f"SELECT {_OUTAGE} FROM outages ORDER BY id DESC LIMIT ?", (limit,))
        return [Outage(**dict(row)) for row in rows]
