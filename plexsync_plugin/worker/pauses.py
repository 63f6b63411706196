"""Whom the worker waits for before it goes on: Plex, a person, Stash. Obeys the scope of each decision of `core.retry`.

What becomes of the job or order that failed is `failures`'.
"""

import logging

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.retry import Decision, Scope
from plexsync_plugin.worker.neighbours.notices import Notices, cause_of
from plexsync_plugin.worker.neighbours.plex_health import PlexHealth
from plexsync_plugin.worker.neighbours.stash_session import StashSession

_log = logging.getLogger(__name__)


class Pauses:
    def __init__(self, stash: StashSession, health: PlexHealth, notices: Notices, clock: Clock) -> None:
        self._stash = stash
        self._health = health
        self._notices = notices
        self._clock = clock
        self._plex_until = 0.0  # monotonic; a person has to act first, or Plex asked to be left alone
        self._stash_until = 0.0  # monotonic

    @property
    def let_plex_work(self) -> bool:
        """Whether Plex may be asked for anything but a probe."""
        return self._clock.monotonic() >= self._plex_until and self._health.lets_work

    @property
    def let_stash_work(self) -> bool:
        """Whether Stash may be asked for anything but its settings."""
        return self._clock.monotonic() >= self._stash_until and self._stash.answers

    def ends(self) -> tuple[float, float]:
        """When the two pauses end, by the monotonic clock; times gone by where there is none."""
        return self._plex_until, self._stash_until

    def obey(self, decision: Decision, error: Exception) -> None:
        """`error` is what the decision is about; it is told to those whom it concerns."""
        match decision.scope:
            case Scope.PLEX:
                self._health.request_failed(error)
                self._hold_plex(decision.hold)
            case Scope.PERSON:
                self._hold_plex(decision.hold)
                self._notices.tell(cause_of(error), "error", f"{error} Until then edits wait.", blocking=True)
            case Scope.STASH:
                _log.warning("%s", error)
                self._stash_until = self._clock.monotonic() + decision.hold
            case Scope.STASH_AWAY:
                self._stash.lost(error)
            case Scope.SESSION:
                self._stash.session_refused()
            case Scope.WORK | Scope.BATCH:
                pass  # nobody else is concerned

    def plex_took_a_write(self) -> None:
        self._notices.clear("PlexUnauthorized", "Plex accepts the token again.")
        self._health.write_succeeded()

    def end_for_settings(self, *, another_plex: bool) -> None:
        """A person has changed the settings: what waited for that is tried at once. `another_plex`: its address or token."""
        self._plex_until = 0.0
        if another_plex:
            self._health.reset()
            self._notices.clear("PlexUnauthorized")

    def _hold_plex(self, seconds: float) -> None:
        if seconds:
            self._plex_until = max(self._plex_until, self._clock.monotonic() + seconds)
