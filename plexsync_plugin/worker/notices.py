"""What a person must know, said once per cause on Stash's log page and kept in plexsync.db while it is true."""

import logging
import sqlite3
from collections.abc import Callable

from plexsync_plugin.base.clock import Clock

_log = logging.getLogger(__name__)

Say = Callable[[str, str], bool]  # level, text -> whether Stash took it


class Notices:
    def __init__(self, connection: sqlite3.Connection, say: Say, clock: Clock) -> None:
        self._connection = connection
        self._say = say
        self._clock = clock

    def tell(self, cause: str, level: str, text: str, *, blocking: bool = False) -> None:
        """Say it, unless this cause has been told of and still stands."""
        if self._connection.execute("SELECT 1 FROM notices WHERE cause = ?", (cause,)).fetchone():
            return
        self._connection.execute(
            "INSERT INTO notices (cause, level, text, blocking, said_at) VALUES (?, ?, ?, ?, ?)",
            (cause, level, text, blocking, self._clock.now()),
        )
        self.mention(level, text)

    def causes(self, prefix: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT cause FROM notices WHERE substr(cause, 1, ?) = ?", (len(prefix), prefix)
        )
        return [row[0] for row in rows]

    def clear(self, cause: str, text: str = "") -> None:
        """The cause is gone; `text`, when given, is said if it had been said to stand."""
        gone = self._connection.execute("DELETE FROM notices WHERE cause = ?", (cause,)).rowcount
        if gone and text:
            self.mention("info", text)

    def mention(self, level: str, text: str) -> None:
        """Say something that is no lasting state."""
        _log.log(logging.getLevelName(level.upper()) if level != "trace" else logging.DEBUG, "%s", text)
        self._say(level, text)
