"""How old the index is, through its view `sync_server`."""

import contextlib
import sqlite3

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError

BUSY_SECONDS = 2.0


def last_index_run(path: str) -> str:
    """When the index was last brought up to date in full (ISO 8601), or "" where there is no index to read."""
    try:
        with contextlib.closing(sqlite.connect_readonly(path, busy_seconds=BUSY_SECONDS)) as connection:
            row = connection.execute("SELECT last_complete_run FROM sync_server").fetchone()
    except (DatabaseError, sqlite3.Error):
        return ""
    return str(row[0] or "") if row else ""
