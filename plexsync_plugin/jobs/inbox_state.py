"""What stands in the inbox and the spool, and whether they can be read: for whoever only looks. Writes nothing."""

import contextlib
import os
import sqlite3
from dataclasses import dataclass

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.file_trouble import FileTrouble, trouble_of
from plexsync_plugin.base.paths import DataFolder, is_emptied
from plexsync_plugin.jobs.inbox import TABLE

_ACKNOWLEDGED = 5  # persistqueue.sqlackqueue.AckStatus: those below wait, or are in hand
_MENDING = (
    "Edits that were in it may be lost; new ones are kept beside it. The worker puts it aside, makes it anew and compares all scenes as "
    "soon as it runs: any edit starts one, and so does the task Process Queue."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxState:
    """`rows` that no worker has taken yet, as far as they can be counted; `problem` is a sentence where they cannot."""

    rows: int = 0
    problem: str = ""


def inbox_rows(folder: DataFolder) -> int:
    """How many rows no worker has taken yet, as far as they can be counted."""
    return read_inbox(folder).rows


def read_inbox(folder: DataFolder) -> InboxState:
    """How many rows wait in the inbox and beside it, or why that cannot be told."""
    spooled = 0
    if os.path.isdir(folder.spool):
        spooled = sum(name.endswith(".json") for name in os.listdir(folder.spool))
    if not os.path.lexists(folder.inbox):
        return InboxState(rows=spooled)
    if os.path.isdir(folder.inbox):
        return InboxState(
            rows=spooled, problem=f"A folder stands in the place of the inbox {folder.inbox}. {_MENDING}"
        )
    if is_emptied(folder.inbox) and os.path.exists(folder.state):
        # Without a plexsync.db the first hook of all is just making it.
        return InboxState(rows=spooled, problem=f"The inbox {folder.inbox} was emptied. {_MENDING}")
    try:
        with contextlib.closing(sqlite.connect_readonly(folder.inbox)) as inbox:
            query = f"SELECT count(*) FROM `{TABLE}` WHERE status < ?"
            return InboxState(rows=spooled + inbox.execute(query, (_ACKNOWLEDGED,)).fetchone()[0])
    except (DatabaseError, sqlite3.Error) as error:
        return InboxState(rows=spooled, problem=_sentence(folder.inbox, error))


def _sentence(path: str, error: Exception) -> str:
    trouble, told = trouble_of(error), str(error).rstrip(".")
    if trouble is FileTrouble.DAMAGED:
        return f"The inbox {path} is damaged ({told}). {_MENDING}"
    if trouble is FileTrouble.LOCKED:
        return f"The inbox {path} is kept locked by another program. Edits that are in it already wait until that program lets it go."
    if trouble is FileTrouble.UNWRITABLE:
        return (
            f"The inbox {path} cannot be read ({told}). See that there is room on its disk, and that the user that Stash runs as may read "
            "and write the file and its folder."
        )
    return ""  # its table is just being made
