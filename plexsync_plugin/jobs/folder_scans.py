"""Owns the table `folder_scans`: which folders Plex was asked to scan, and when. Whether it is asked is
`worker.finding.folder_scans`'.
"""

import sqlite3


class FolderScanStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def asked_at(self, server: str, folder: str) -> float | None:
        """When Plex was asked last to scan this folder, in epoch seconds; None when never."""
        row = self._connection.execute(
            "SELECT asked_at FROM folder_scans WHERE server = ? AND folder = ?", (server, folder)
        ).fetchone()
        return row[0] if row else None

    def remember(self, server: str, folder: str, now: float) -> None:
        """Plex was asked just now."""
        self._connection.execute(
            "INSERT INTO folder_scans (server, folder, asked_at) VALUES (?, ?, ?) "
            "ON CONFLICT (server, folder) DO UPDATE SET asked_at = excluded.asked_at",
            (server, folder, now),
        )

    def forget_before(self, time: float) -> None:
        """What was asked for before this time, in epoch seconds, hinders no new request."""
        self._connection.execute("DELETE FROM folder_scans WHERE asked_at < ?", (time,))
