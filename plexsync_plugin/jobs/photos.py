"""Owns the table `photos`: the photo that Plex was given of each performer. Plex shares it between all items."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """What is known of a performer's photo in Plex. `given` is the address that Plex was seen to show, `sent` one that it took
    and was not seen to show yet, `sends` how often it took that; each "" and 0 where there is none."""

    given: str = ""
    sent: str = ""
    sends: int = 0


class Photos:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def photo(self, server: str, name: str) -> Photo:
        """What is known of this performer's."""
        row = self._connection.execute(
            "SELECT address AS given, sent, sends FROM photos WHERE server = ? AND name = ?",
            (server, name.casefold()),
        ).fetchone()
        return Photo(**dict(row)) if row else Photo()

    def put_photo(self, server: str, name: str, photo: Photo) -> None:
        """This is known of the performer's from now on."""
        self._connection.execute(
            "INSERT INTO photos (server, name, address, sent, sends) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (server, name) DO UPDATE SET address = excluded.address, sent = excluded.sent, "
            "sends = excluded.sends",
            (server, name.casefold(), photo.given, photo.sent, photo.sends),
        )

    def save_photo_before(self, server: str, name: str, before: str) -> None:
        """What Plex showed of the performer before our first photo is about to go there; the first word counts."""
        self._connection.execute(
            "INSERT INTO photos (server, name, address, before) VALUES (?, ?, '', ?) "
            "ON CONFLICT (server, name) DO UPDATE SET before = excluded.before "
            "WHERE before IS NULL AND address <> excluded.before AND sent <> excluded.before",
            (server, name.casefold(), before),
        )

    def photos_before(self, server: str) -> dict[str, tuple[tuple[str, ...], str]]:
        """By the performer's name in lower case: our addresses that Plex may show, and what it showed before."""
        rows = self._connection.execute(
            "SELECT name, address, sent, before FROM photos WHERE server = ? AND before IS NOT NULL",
            (server,),
        )
        return {row[0]: (tuple(filter(None, (row[1], row[2]))), row[3]) for row in rows}

    def forget_photos(self, server: str) -> None:
        """All are given back: each may be given again."""
        self._connection.execute("DELETE FROM photos WHERE server = ?", (server,))
