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

    def save_photo_before(self, server: str, name: str, before: str) -> None:
        """What Plex showed of the performer before our first photo is about to go there; the first word counts."""
        self._connection.execute(
            "INSERT INTO photos (server, name, address, before) VALUES (?, ?, '', ?) "
            "ON CONFLICT (server, name) DO UPDATE SET before = excluded.before "
            "WHERE before IS NULL AND address <> excluded.before",
            (server, name.casefold(), before),
        )

    def photos_before(self, server: str) -> dict[str, tuple[str, str]]:
        """By the performer's name in lower case: the address that was given, and what Plex showed before."""
        rows = self._connection.execute(
            "SELECT name, address, before FROM photos WHERE server = ? AND before IS NOT NULL", (server,)
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def forget_photos(self, server: str) -> None:
        """All are given back: each may be given again."""
        self._connection.execute("DELETE FROM photos WHERE server = ?", (server,))
