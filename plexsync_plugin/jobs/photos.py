"""Owns the table `photos`: the photo that Plex was given of each performer. Plex shares it between all items."""

import sqlite3


class Photos:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def photo(self, server: str, name: str) -> str:
        """The address that Plex was given last, or ""."""
        row = self._connection.execute(
            "SELECT address FROM photos WHERE server = ? AND name = ?", (server, name.casefold())
        ).fetchone()
        return row[0] if row else ""

    def put_photo(self, server: str, name: str, address: str) -> None:
        """Plex was given this address for the performer."""
        self._connection.execute(
            "INSERT INTO photos (server, name, address) VALUES (?, ?, ?) "
            "ON CONFLICT (server, name) DO UPDATE SET address = excluded.address",
            (server, name.casefold(), address),
        )
