"""What a person must know, said once per cause on Stash's log page, and again where Stash did not take it.

Owns who says it, and when; what stands is kept by `jobs.notices`.
"""

import logging
import sqlite3
from collections.abc import Callable

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.jobs.notices import ONCE, Notice, NoticeStore
from plexsync_plugin.jobs.reasons import reason_of

REPEAT_EVERY = 30.0  # seconds between tries to say what Stash did not take

_log = logging.getLogger(__name__)

SETTING = "setting:"  # causes of notices about settings

Say = Callable[[str, str], bool]  # level, text -> whether Stash took it


def cause_of(error: Exception) -> str:
    """What a notice about this error is known by: the setting that is wrong, or the kind of error."""
    return f"{SETTING}{error.setting}" if isinstance(error, SettingsError) else reason_of(error)


class Notices:
    def __init__(self, connection: sqlite3.Connection, say: Say, redaction: Redaction, clock: Clock) -> None:
        self._notices = NoticeStore(connection)
        self._say = say
        self._redaction = redaction
        self._clock = clock
        self._next_repeat = 0.0

    def tell(self, cause: str, level: str, text: str, *, blocking: bool = False) -> None:
        """Say it, unless this cause has been told of and still stands."""
        if self._notices.stands(cause):
            return
        delivered = self.mention(level, text)
        notice = Notice(level=level, text=self._redaction.text(text), blocking=blocking)
        self._notices.add(cause, notice, self._clock.now(), delivered=delivered)

    def amend(self, cause: str, level: str, text: str) -> None:
        """Say it, or where this cause has been told of, have *Status* show it as it is now. "": the cause is gone."""
        if not text:
            self.clear(cause)
        elif self._notices.stands(cause):
            self._notices.set_text(cause, self._redaction.text(text))
        else:
            self.tell(cause, level, text)

    def repeat(self) -> None:
        """Say again what Stash did not take: it was starting, busy, or the session had ended."""
        if self._clock.monotonic() < self._next_repeat:
            return
        self._next_repeat = self._clock.monotonic() + REPEAT_EVERY
        for cause, notice in self._notices.undelivered().items():
            if not self.mention(notice.level, notice.text):
                continue
            if cause.startswith(ONCE):
                self._notices.drop(cause)
            else:
                self._notices.set_delivered(cause)

    def causes(self, prefix: str) -> list[str]:
        """Causes that begin so, of what a person has been told and still stands."""
        return self._notices.causes(prefix)

    def clear(self, cause: str, text: str = "") -> None:
        """The cause is gone; `text`, when given, is said if it had been said to stand."""
        if self._notices.drop(cause) and text:
            self.mention("info", text)

    def mention(self, level: str, text: str) -> bool:
        """Say something that is no lasting state; whether Stash took it."""
        safe = self._redaction.text(text)
        _log.log(logging.getLevelName(level.upper()) if level != "trace" else logging.DEBUG, "%s", safe)
        return self._say(level, safe)
