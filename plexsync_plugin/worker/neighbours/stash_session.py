"""Stash as the worker sees it: the session, the settings, and whether it is still there.

The worker lives as long as Stash lives, and no process id tells that (docs/architecture.md, "Processes").
From the first refusal on it holds no lock and writes nothing, so that the next hook starts a worker with a fresh session.
"""

import enum
import logging
from collections.abc import Mapping

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    PutAside,
    SettingsError,
    StashBusy,
    StashRejected,
    StashUnauthorized,
    StashUnavailable,
)
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.stash.client import StashClient, StashState
from plexsync_plugin.stash.connection import StashConnection

LOOK_EVERY = 30.0  # seconds; renews the cookie, and is how a changed setting is noticed
LOOK_WHEN_LOST = 1.0
LOOK_WHEN_STOPPED = 1.0  # at the soonest, for edits that come while the settings let nothing be done
LOOK_WHEN_TROUBLED = 10.0
PATIENCE = 30.0  # seconds of refusals before the worker leaves

_log = logging.getLogger(__name__)


class Presence(enum.Enum):
    HERE = "here"
    LOST = "lost"
    GONE = "gone"


class StashSession:
    def __init__(
        self, connection: StashConnection, lock: FileLock, redaction: Redaction, clock: Clock
    ) -> None:
        self._connection = connection
        self._lock = lock
        self._redaction = redaction
        self._clock = clock
        self._client: StashClient | None = None
        self._next_look = clock.monotonic()
        self._asked_at = clock.monotonic()
        self._lost_since: float | None = None
        self._session_refused = False  # since the last look
        self._api_key = connection.api_key
        self.settings: Settings | SettingsError | None = None
        self.asks_sign_in = True  # until Stash has been asked
        self.refusal = ""  # what Stash said when it refused to be asked for the settings
        self._returned = False

    @property
    def client(self) -> StashClient:
        if self._client is None:
            self._client = StashClient(self._connection, self._hear, self._clock)
        return self._client

    @property
    def filter_problems(self) -> Mapping[str, str]:
        """A sentence for each saved filter of the settings, by name, of which it cannot be told what fits it."""
        return self._client.filter_problems if self._client is not None else {}

    @property
    def answers(self) -> bool:
        """Whether the last query found it there and was let in."""
        return self._lost_since is None and not self._session_refused

    @property
    def connection(self) -> StashConnection:
        """With the session as it is now."""
        return self._client.connection if self._client is not None else self._connection

    def look(self) -> Presence:
        """Ask Stash when it is time to; between two looks the last answer stands."""
        if self._clock.monotonic() < self._next_look:
            return Presence.HERE if self._lost_since is None else Presence.LOST
        self._session_refused = False
        try:
            self._ask()
        except StashUnauthorized:
            _log.warning("the session is refused, and so is the API key if there is one: leaving")
            return Presence.GONE
        except (StashBusy, StashRejected) as error:
            return self._troubled(error)
        except StashUnavailable as error:
            return self.lost(error)
        return self._found()

    def _troubled(self, error: Exception) -> Presence:
        """It is there and does not answer as it should: that is no reason to leave."""
        _log.warning("%s", error)
        self.refusal = str(error) if isinstance(error, StashRejected) else ""
        self._next_look = self._clock.monotonic() + LOOK_WHEN_TROUBLED
        return Presence.HERE if self._lost_since is None else Presence.LOST

    def look_soon(self) -> None:
        """An edit has come while nothing can be done, perhaps for a setting that has been mended: ask now, though not at every
        edit of many."""
        self._next_look = min(self._next_look, self._asked_at + LOOK_WHEN_STOPPED)

    def lost(self, error: Exception) -> Presence:
        """A request was refused: hold no lock from now on, and leave when it stays so."""
        now = self._clock.monotonic()
        if self._lost_since is None:
            _log.warning("stash lost: %s", error)
            self._lost_since = now
            self._lock.release()
        self._next_look = now + LOOK_WHEN_LOST
        return Presence.GONE if now - self._lost_since >= PATIENCE else Presence.LOST

    def session_refused(self) -> None:
        """A query was answered with 401: look at once, with the key if there is one."""
        self._session_refused = True
        self._next_look = self._clock.monotonic()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _found(self) -> Presence:
        self._next_look = self._clock.monotonic() + LOOK_EVERY
        self.refusal = ""
        if self._lost_since is not None:
            _log.info("stash answers again")
            if not self._lock.try_acquire():
                _log.info("another worker runs: leaving")
                return Presence.GONE
            self._lost_since = None
            self._returned = True
        return Presence.HERE

    def has_returned(self) -> bool:
        """Once after each time the lock was taken back: another worker may have used the files meanwhile."""
        returned, self._returned = self._returned, False
        return returned

    def _ask(self) -> None:
        self._asked_at = self._clock.monotonic()
        try:
            state = self.client.state()
        except StashUnauthorized:
            if not self._api_key:
                raise
            self.client.use_key(self._api_key)
            state = self.client.state()
        self._take(state)

    def _hear(self, state: StashState) -> None:
        """What came with scenes. Raises PutAside where the settings are others than those that the scenes were asked for under."""
        before = self.settings
        self._take(state)
        if _differ(before, self.settings):
            raise PutAside("the settings have changed")

    def _take(self, state: StashState) -> None:
        self._api_key = state.api_key
        self.asks_sign_in = state.asks_sign_in
        self._redaction.hide(state.api_key, str(state.settings.get("plex_token") or ""))
        found: Settings | SettingsError
        try:
            found = read_settings(state.settings)
        except SettingsError as error:
            found = error
        if found != self.settings:  # else the same object stays, which costs nothing to compare
            self.settings = found


def _differ(one: Settings | SettingsError | None, other: Settings | SettingsError | None) -> bool:
    """Two errors are the same when they say the same."""
    if isinstance(one, SettingsError) and isinstance(other, SettingsError):
        return str(one) != str(other)
    return one != other
