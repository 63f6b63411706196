"""Owns the table `facts`: small texts under a name, such as when the last reconcile was. What each means, its writer knows."""

import json
import sqlite3
from collections.abc import Sequence

from plexsync_plugin.jobs.stored_text import stored_json

# Per server: characters of a request that it takes for sure, its version, and when that was learned, in epoch seconds.
LONGEST_TARGET = "longest_target"
# Of the last worker: when it started, in epoch seconds, and which version of PlexSync it is.
WORKER_SINCE, WORKER_VERSION = "worker_since", "worker_version"
# Of the Plex server that answered last: its machine identifier, its name, its version, and since when it was met, in epoch seconds.
SERVER, SERVER_NAME, SERVER_VERSION, SERVER_SINCE = "server", "server_name", "server_version", "server_since"
# Per server: titles of its video libraries in its order, as JSON, and when it was asked for them, in epoch seconds.
LIBRARIES, LIBRARIES_AT = "libraries", "libraries_at"


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

    def note_libraries(self, server: str, titles: Sequence[str], now: float) -> None:
        """Call it inside a transaction."""
        self.set_fact(f"{LIBRARIES}:{server}", json.dumps(list(titles)))
        self.set_fact(f"{LIBRARIES_AT}:{server}", str(now))

    def libraries(self, server: str) -> tuple[list[str], float] | None:
        """Titles and when they were asked for, in epoch seconds; None where nobody has asked this server."""
        titles, at = self.fact(f"{LIBRARIES}:{server}"), self.fact(f"{LIBRARIES_AT}:{server}")
        return ([str(each) for each in stored_json(titles)], float(at)) if titles and at else None

    def forget_limits(self) -> None:
        """A Plex that answers again may be another version, and what stands before it may be set up anew: limits are learned
        again, which costs one refused request."""
        self._connection.execute("DELETE FROM facts WHERE name LIKE ?", (f"{LONGEST_TARGET}:%",))

    def all_facts(self) -> list[tuple[str, str]]:
        """Names and values, by name."""
        rows = self._connection.execute("SELECT name, value FROM facts ORDER BY name")
        return [(row[0], row[1]) for row in rows]
