"""Owns the table `breaker`: one row, the circuit breaker's state, so that a restart does not forget an outage. What the
state leads to is `core.breaker`'s.
"""

import sqlite3

from plexsync_plugin.core.breaker import Breaker


class BreakerStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load(self) -> Breaker:
        """As it was saved last, or closed."""
        row = self._connection.execute("SELECT state, failures, probe_at, interval FROM breaker").fetchone()
        return Breaker(**dict(row)) if row else Breaker()

    def save(self, breaker: Breaker) -> None:
        """In place of what was saved before."""
        self._connection.execute(
            "INSERT INTO breaker (id, state, failures, probe_at, interval) VALUES (1, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, failures = excluded.failures, "
            "probe_at = excluded.probe_at, interval = excluded.interval",
            (breaker.state, breaker.failures, breaker.probe_at, breaker.interval),
        )
