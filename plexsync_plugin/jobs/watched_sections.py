"""Owns the table `watched_sections`: from when on plays count in each library, and how far its history and stars were read."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedSection:
    """Epoch seconds by Plex's clock. `begins` as `core.plays` makes them; empty: no play counts yet."""

    begins: Mapping[str, int]
    played_to: int = 0
    rated_to: int = 0


class WatchedSections:
    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        self._connection = connection
        self._server = server

    def get(self, section: int) -> WatchedSection:
        """What is known of the library; nothing at first."""
        row = self._connection.execute(
            "SELECT accounts, played_to, rated_to FROM watched_sections WHERE server = ? AND section = ?",
            (self._server, section),
        ).fetchone()
        if row is None:
            return WatchedSection(begins={})
        begins = json.loads(row["accounts"]) if row["accounts"] else {}
        return WatchedSection(begins=begins, played_to=row["played_to"], rated_to=row["rated_to"])

    def count_plays(self) -> bool:
        """Whether plays count in any library."""
        row = self._connection.execute(
            "SELECT 1 FROM watched_sections WHERE server = ? AND accounts <> ''", (self._server,)
        ).fetchone()
        return row is not None

    def put_plays(self, section: int, begins: Mapping[str, int], played_to: int) -> None:
        """Plays count from then on, and were read up to there."""
        self._connection.execute(
            "INSERT INTO watched_sections (server, section, accounts, played_to) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (server, section) DO UPDATE SET accounts = excluded.accounts, played_to = excluded.played_to",
            (self._server, section, json.dumps(dict(begins)), played_to),
        )

    def put_stars(self, section: int, rated_to: int) -> None:
        """Stars were read up to there."""
        self._connection.execute(
            "INSERT INTO watched_sections (server, section, rated_to) VALUES (?, ?, ?) "
            "ON CONFLICT (server, section) DO UPDATE SET rated_to = excluded.rated_to",
            (self._server, section, rated_to),
        )

    def forget_plays(self) -> int:
        """Plays do not count any more, on any server: they begin anew when they do again. How many libraries that concerned."""
        return self._connection.execute(
            "UPDATE watched_sections SET accounts = '', played_to = 0 WHERE accounts <> ''"
        ).rowcount
