"""How old the index is, through its view `sync_server`."""

import contextlib
import os
import sqlite3
from dataclasses import dataclass

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.file_trouble import FileTrouble, trouble_of
from plexsync_plugin.base.paths import is_emptied

BUSY_SECONDS = 2.0
_OTHER = (
    "{} is no index that PlexSync can read: it is another program's, or its first run has not come to an end. Edits are synced without it. "
    "Run Index Plex Library, which brings it up to date or says what hinders it."
)
_LOST = "what it kept of plays and of former months is lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """`last_run` is when the index was last brought up to date in full (ISO 8601), "" where there is none; `problem` a sentence where
    it cannot be read."""

    last_run: str = ""
    problem: str = ""


def read_index_state(path: str) -> IndexState:
    if not os.path.lexists(path):
        return IndexState()
    if os.path.isdir(path):
        return IndexState(
            problem=f"A folder stands in the place of the index {path}. Edits are synced without it. Move the folder away, and run Index "
            "Plex Library."
        )
    if is_emptied(path):
        return IndexState(
            problem=f"The index {path} is empty. Edits are synced without it; run Index Plex Library. If it was not new, {_LOST}."
        )
    try:
        with contextlib.closing(sqlite.connect_readonly(path, busy_seconds=BUSY_SECONDS)) as connection:
            if not _is_index(connection):
                return IndexState(problem=_OTHER.format(path))
            row = connection.execute("SELECT last_complete_run FROM sync_server").fetchone()
    except (DatabaseError, sqlite3.Error) as error:
        return IndexState(problem=_sentence(path, error))
    return IndexState(last_run=str(row[0] or "") if row else "")


def _is_index(connection: sqlite3.Connection) -> bool:
    """As `views` looks at it."""
    found = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'sync_server'").fetchone()
    return bool(found[0])


def _sentence(path: str, error: Exception) -> str:
    trouble, told = trouble_of(error), str(error).rstrip(".")
    if trouble is FileTrouble.DAMAGED:
        return (
            f"The index {path} is damaged: {told}. Edits are synced without it; run Rebuild Plex Index, which puts it aside and makes it "
            f"anew: {_LOST}."
        )
    if trouble is FileTrouble.UNWRITABLE:
        return (
            f"The index {path} cannot be read: {told}. Edits are synced without it. See that the user that Stash runs as may read and "
            "write the file and its folder."
        )
    return ""  # another program has it in hand
