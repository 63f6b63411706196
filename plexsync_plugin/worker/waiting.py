"""Waits for what a person or another program has to do first: says once for what, and notices when Stash goes meanwhile.

Standard library alone, as `entry` is.
"""

import logging

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.stash import log_page, plain_http
from plexsync_plugin.stash.connection import StashConnection

LOOK_EVERY = 30.0  # seconds
PATIENCE = 30.0  # seconds of refusals before Stash counts as gone

_log = logging.getLogger(__name__)


class Waiting:
    def __init__(self, connection: StashConnection, clock: Clock) -> None:
        self.connection = connection
        self._clock = clock
        self._said = ""
        self._refused_since: float | None = None

    def use(self, connection: StashConnection) -> None:
        """The session as it was last renewed."""
        self.connection = connection

    def tell(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        if sentence != self._said and log_page.say(self.connection, "error", sentence):
            self._said = sentence

    def over(self, sentence: str) -> None:
        if self._said:
            log_page.say(self.connection, "info", sentence)
            self._said = ""

    def wait(self, seconds: float = LOOK_EVERY) -> bool:
        """False when Stash has gone."""
        self._clock.sleep(seconds)
        if plain_http.is_there(self.connection, seconds=5.0):
            self._refused_since = None
            return True
        now = self._clock.monotonic()
        self._refused_since = now if self._refused_since is None else self._refused_since
        return now - self._refused_since < PATIENCE
