"""Owns the table `servers`: which Plex server answered last at which address, so that unchanged scenes cost no request."""

import sqlite3

from plexsync_plugin.core.model import Server


class Servers:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known_server(self, url: str) -> str:
        """The machine identifier that answered there last, or ""."""
        row = self._connection.execute("SELECT machine_id FROM servers WHERE url = ?", (url,)).fetchone()
        return row[0] if row else ""

    def remember_server(self, url: str, server: Server) -> None:
        """This server answers at the address now."""
        self._connection.execute(
            "INSERT INTO servers (url, machine_id, name) VALUES (?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET machine_id = excluded.machine_id, name = excluded.name",
            (url, server.machine_id, server.name),
        )
