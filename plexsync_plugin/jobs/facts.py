"""Owns the table `facts`: small texts under a name, such as when the last reconcile was. What each means, its writer knows."""

import sqlite3

# Per server: characters of a request that it takes for sure, its version, and when that was learned, in epoch seconds.
LONGEST_TARGET = "longest_target"
# Of the last worker: when it started, in epoch seconds, and which version of PlexSync it is.
WORKER_SINCE, WORKER_VERSION = "worker_since", "worker_version"
# Of the Plex server that answered last: its machine identifier, its name, its version, and since when it was met, in epoch seconds.
SERVER, SERVER_NAME, SERVER_VERSION, SERVER_SINCE = "server", "server_name", "server_version", "server_since"


class Facts:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fact(self, name: str) -> str:
        """What is kept under this name, or ""."""
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_fact(self, name: str, value: str) -> None:
        """Keep this under the name, in place of what was kept before."""
        self._connection.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def forget_limits(self) -> None:
        """A Plex that answers again may be another version, and what stands before it may be set up anew: limits are learned
        again, which costs one refused request."""
        self._connection.execute("DELETE FROM facts WHERE name LIKE ?", (f"{LONGEST_TARGET}:%",))

    def all_facts(self) -> list[tuple[str, str]]:
        """Names and values, by name."""
        rows = self._connection.execute("SELECT name, value FROM facts ORDER BY name")
        return [(row[0], row[1]) for row in rows]
