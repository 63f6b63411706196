"""Which row of the inbox was taken last, kept in plexsync.db: so each of the two files tells whether the other is still the one that it
worked with, or an older one from a backup, or a new one in place of one that is gone.
"""

import sqlite3

from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.inbox import TABLE
from plexsync_plugin.jobs.inbox_trouble import of_inbox

_LAST_ROW = "inbox_row"  # the fact
_IN_HAND = 2  # persistqueue.sqlackqueue.AckStatus.unack: those up to it have not been taken
_INBOX = "{} is not the one that PlexSync had, or was emptied. Edits that were in it may have been lost, so all scenes are compared again."
_STATE = (
    "{} is not the one that PlexSync had: an older one was put in its place, or it was deleted. What only that one knew, such as what Undo "
    "needs, is lost; all scenes are compared again."
)


class TakenRows:
    """`inbox` is a connection to the file that is there now; what it raises comes as InboxTrouble."""

    def __init__(self, folder: DataFolder, facts: Facts) -> None:
        self._folder = folder
        self._facts = facts

    def note(self, number: int) -> None:
        """Call it in the transaction of what became of the row."""
        self._facts.set_fact(_LAST_ROW, str(number))

    def last_taken(self, inbox: sqlite3.Connection) -> int:
        """The number up to which no row of this file waits."""
        with of_inbox():
            query = f"SELECT min(_id) FROM `{TABLE}` WHERE status <= ?"
            first = inbox.execute(query, (_IN_HAND,)).fetchone()[0]
        return _newest(inbox) if first is None else int(first) - 1

    def inbox_is_another(self, inbox: sqlite3.Connection) -> str:
        """A sentence where rows were taken that were never put into this file."""
        known = int(self._facts.fact(_LAST_ROW) or 0)
        return _INBOX.format(self._folder.inbox) if known > _newest(inbox) else ""

    def state_is_another(self, inbox: sqlite3.Connection) -> str:
        """A sentence where rows were taken of which plexsync.db knows nothing.

        One that says nothing of the row it took last, although it says other things, is of a version that kept no number.
        """
        known = self._facts.fact(_LAST_ROW) or ("" if self._facts.all_facts() else "0")
        is_another = bool(known) and self.last_taken(inbox) > int(known)
        return _STATE.format(self._folder.state) if is_another else ""


def _newest(inbox: sqlite3.Connection) -> int:
    """The number of the row that was put in last, 0 before the first. SQLite keeps it when rows are purged."""
    with of_inbox():
        row = inbox.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (TABLE,)).fetchone()
    return int(row[0]) if row else 0
