"""The worker's ear at Plex: one stream of events while there is a Plex to work with, and what follows from what rings.

The stream is read in a thread of its own, which only marks what rang; everything else is done here, in the worker's thread,
between two pieces of work. Without a stream the worker does what it does at its own times.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError, PutAside
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.model import Item
from plexsync_plugin.core.retry import ListingLookFailed, RetryAt
from plexsync_plugin.plex.event_listener import EventListener, EventSource
from plexsync_plugin.plex.events import Broken, Connected, Signal
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.live.bell import Bell, PlayEnd, Rung
from plexsync_plugin.worker.live.catch_up import CatchUp
from plexsync_plugin.worker.live.looks import Looks
from plexsync_plugin.worker.live.own_writes import OwnWrites
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide

FILTERS = "timeline,playing"
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0  # seconds after a look that failed, doubling

_log = logging.getLogger(__name__)


class Follower(Protocol):
    """A part of the worker that has more to do about what rang. Called in the worker's thread; may raise PlexSyncError, and is
    called again with the same then."""

    def plays_ended(self, plex: PlexSide, stash: StashSession, plays: Sequence[PlayEnd]) -> None: ...

    def items_changed(self, plex: PlexSide, stash: StashSession, items: Mapping[int, Item]) -> None:
        """Items of scenes, by rating key, as they are now; not those that only our own writes have changed."""


class Live:
    """`open_stream` makes the stream of the Plex that the settings name; None: there is none to be listened to."""

    def __init__(
        self,
        looks: Looks,
        catch_up: CatchUp,
        failures: FailureHandler,
        pauses: Pauses,
        interruptions: Interruptions,
        *,
        open_stream: Callable[[Settings], EventSource] | None,
        clock: Clock,
    ) -> None:
        self._looks = looks
        self._catch_up = catch_up
        self._failures = failures
        self._pauses = pauses
        self._interruptions = interruptions
        self._open_stream = open_stream
        self._followers: list[Follower] = []
        self._clock = clock
        self._own_writes = OwnWrites(clock)
        self.bell = Bell(self._own_writes, clock)
        self._plex: PlexSide | None = None
        self._listener: EventListener | None = None
        self._not_before = 0.0  # monotonic; after a look that failed
        self._failed = 0  # looks in a row

    def also_tell(self, follower: Follower) -> None:
        """From now on."""
        self._followers.append(follower)

    def wrote(self, rating_key: int) -> None:
        """A request that changes this item is about to go out."""
        self._own_writes.wrote(rating_key)
        if self._plex is not None:
            self._plex.forget_details(rating_key)

    def follow(self, plex: PlexSide | None) -> None:
        """Listen to this Plex from now on, and to no other."""
        if plex is self._plex:
            return
        if plex is None or self._plex is None or _address(plex) != _address(self._plex):
            self._stop()
            if plex is not None and self._open_stream is not None:
                self._listener = EventListener(self._open_stream(plex.settings), self._hear, self._clock)
                self._listener.start()
        self._plex = plex

    def look(self, plex: PlexSide, stash: StashSession) -> bool:
        """At what rang, if it has calmed down. True when there was anything."""
        if self._clock.monotonic() < self._not_before:
            return False
        rung = self.bell.take()
        if rung is None:
            self._note_quiet(plex)
            return False
        try:
            with self._interruptions.yielding():
                self._answer(rung, plex, stash)
            self._failed = 0
        except PutAside:
            self.bell.put_back(rung)
        except PlexSyncError as error:
            self._put_off(rung, error)
        return True

    def close(self) -> None:
        self._stop()

    def _answer(self, rung: Rung, plex: PlexSide, stash: StashSession) -> None:
        if rung.connected:
            self._catch_up.run(plex)
        items = self._looks.look(rung, plex)
        for follower in self._followers:
            if items:
                follower.items_changed(plex, stash, items)
            if rung.plays:
                follower.plays_ended(plex, stash, rung.plays)
        self._catch_up.heard(plex.server(), rung.latest, at_rest=False)

    def _put_off(self, rung: Rung, error: PlexSyncError) -> None:
        decision = self._failures.decide(error, ListingLookFailed())
        if isinstance(decision.consequence, RetryAt):
            _log.warning("what rang in Plex was not looked at: %s", error)  # its schedule finds it
        else:
            self.bell.put_back(rung)
        self._failed += 1
        pause = min(FIRST_PAUSE * 2.0 ** (self._failed - 1), LONGEST_PAUSE)
        self._not_before = self._clock.monotonic() + pause
        self._pauses.obey(decision, error)

    def _note_quiet(self, plex: PlexSide) -> None:
        """Events of our own writes move on what has been heard."""
        latest = self.bell.latest_at_rest
        if latest and plex.known_server:
            self._catch_up.heard(plex.known_server, latest, at_rest=True)

    def _hear(self, signal: Signal) -> None:
        """In the listener's thread."""
        match signal:
            case Connected():
                _log.info("listening to Plex's events")
            case Broken(error):
                _log.info("no events from Plex: %s", error)
            case _:
                pass
        self.bell.ring(signal)

    def _stop(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None


def _address(plex: PlexSide) -> tuple[object, ...]:
    settings = plex.settings
    return (
        settings.plex_url,
        settings.plex_token.get_secret_value(),
        settings.connect_timeout,
    )
