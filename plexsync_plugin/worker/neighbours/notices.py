"""What a person must know, said once per cause on Stash's log page and kept in plexsync.db while it is true."""

import logging
import sqlite3
from collections.abc import Callable

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.log import Redaction

REPEAT_EVERY = 30.0  # seconds between tries to say what Stash did not take

_log = logging.getLogger(__name__)

SETTING = "setting:"  # causes of notices about settings

Say = Callable[[str, str], bool]  # level, text -> whether Stash took it


def cause_of(error: Exception) -> str:
    """What a notice about this error is known by: the setting that is wrong, or the kind of error."""
    return f"{SETTING}{error.setting}" if isinstance(error, SettingsError) else type(error).__name__


class Notices:
    def __init__(self, connection: sqlite3.Connection, say: Say, redaction: Redaction, clock: Clock) -> None:
        self._connection = connection
        self._say = say
        self._redaction = redaction
        self._clock = clock
        self._next_repeat = 0.0

    def tell(self, cause: str, level: str, text: str, *, blocking: bool = False) -> None:
        """Say it, unless this cause has been told of and still stands."""
        if self._connection.execute("SELECT 1 FROM notices WHERE cause = ?", (cause,)).fetchone():
            return
        delivered = self.mention(level, text)
        self._connection.execute(
            "INSERT INTO notices (cause, level, text, blocking, said_at, delivered) VALUES (?, ?, ?, ?, ?, ?)",
            (cause, level, self._redaction.text(text), blocking, self._clock.now(), delivered),
        )

    def repeat(self) -> None:
        """Say again what Stash did not take: it was starting, busy, or the session had ended."""
        if self._clock.monotonic() < self._next_repeat:
            return
        self._next_repeat = self._clock.monotonic() + REPEAT_EVERY
        rows = self._connection.execute(
            "SELECT cause, level, text FROM notices WHERE NOT delivered"
        ).fetchall()
        for cause, level, text in rows:
            if self.mention(level, text):
                self._connection.execute("UPDATE notices SET delivered = 1 WHERE cause = ?", (cause,))

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

    def mention(self, level: str, text: str) -> bool:
        """Say something that is no lasting state; whether Stash took it."""
        safe = self._redaction.text(text)
        _log.log(logging.getLevelName(level.upper()) if level != "trace" else logging.DEBUG, "%s", safe)
        return self._say(level, safe)
