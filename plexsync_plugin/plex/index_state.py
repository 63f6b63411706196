"""How old the index is, through its view `sync_server`."""

import contextlib
import os
import sqlite3
from dataclasses import dataclass

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError

BUSY_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """`last_run` is when the index was last brought up to date in full (ISO 8601), "" where there is none; `problem` a sentence where
    it cannot be read."""

    last_run: str = ""
    problem: str = ""


def read_index_state(path: str) -> IndexState:
    if not os.path.exists(path):
        return IndexState()
    try:
        with contextlib.closing(sqlite.connect_readonly(path, busy_seconds=BUSY_SECONDS)) as connection:
            row = connection.execute("SELECT last_complete_run FROM sync_server").fetchone()
    except (DatabaseError, sqlite3.Error) as error:
        if sqlite.is_damage(error):
            return IndexState(
                problem=f"The index {path} is damaged: {error}. Edits are synced without it; run Rebuild Plex Index."
            )
        return IndexState()
    return IndexState(last_run=str(row[0] or "") if row else "")
