"""Owns the table `hourly`: how many scenes were settled well and badly in each hour of the last 30 days."""

import sqlite3

HOUR = 3_600
KEPT = 30 * 24  # hours


class Hourly:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, now: float, *, ok: int = 0, failed: int = 0) -> None:
        """So many more in this hour. `now` in epoch seconds. Call it inside the transaction that settles them."""
        if not ok + failed:
            return
        hour = hour_of(now)
        self._connection.execute(
            "INSERT INTO hourly (hour, ok, failed) VALUES (?, ?, ?) "
            "ON CONFLICT (hour) DO UPDATE SET ok = ok + excluded.ok, failed = failed + excluded.failed",
            (hour, ok, failed),
        )
        # Hours to come were counted by a clock that was ahead.
        self._connection.execute("DELETE FROM hourly WHERE hour < ? OR hour > ?", (hour - KEPT * HOUR, hour))

    def last(self, hours: int, now: float) -> list[tuple[int, int, int]]:
        """The begin of each of the last hours, this one among them, with its numbers; the oldest first."""
        last = hour_of(now)
        first = last - (hours - 1) * HOUR
        rows = self._connection.execute(
            "SELECT hour, ok, failed FROM hourly WHERE hour BETWEEN ? AND ?", (first, last)
        )
        found = {row[0]: (row[1], row[2]) for row in rows}
        return [(hour, *found.get(hour, (0, 0))) for hour in range(first, last + HOUR, HOUR)]


def hour_of(now: float) -> int:
    """The begin of the hour in which a time lies, in epoch seconds."""
    return int(now // HOUR) * HOUR
