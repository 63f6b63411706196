"""When Plex is looked at for what people do there: plays, resume points, stars (settings watch_back and ratings_back).

Fifteen seconds after a play ended, where the stream of events tells of it; else every five minutes. What is read and done is
`history`'s, `counting`'s, `resume`'s and `new_stars`'.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.model import Item
from plexsync_plugin.jobs.plays import Plays
from plexsync_plugin.jobs.watched_sections import WatchedSections
from plexsync_plugin.plex.history import OWNER
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.from_plex.counting import PlayCount
from plexsync_plugin.worker.from_plex.history import HistoryReading
from plexsync_plugin.worker.from_plex.items import PlayedItems
from plexsync_plugin.worker.from_plex.new_stars import NewStars
from plexsync_plugin.worker.from_plex.resume import Resume
from plexsync_plugin.worker.from_plex.side import WatchSide
from plexsync_plugin.worker.from_plex.users import Users
from plexsync_plugin.worker.live.bell import PlayEnd
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.scenes.plex_side import PlexSide

LOOK_EVERY = 300.0  # seconds
AFTER_PLAY = 15.0  # seconds; Plex writes its history a moment after a play ends
UNKNOWN_USER = "setting:watch_users"  # the cause of the notice; it goes when the settings change

_log = logging.getLogger(__name__)


class FromPlex:
    def __init__(
        self,
        connection: sqlite3.Connection,
        notices: Notices,
        come_first: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self._come_first = come_first
        self._connection = connection
        self._notices = notices
        self._clock = clock
        self._users = Users(clock)
        self._next_look = clock.monotonic()
        self._ended: dict[int, float] = {}  # rating key -> when to look, by the monotonic clock
        self._played: set[int] = set()  # items whose resume point is to be looked at
        self._told = False  # whether a stream of events tells of each play that ends
        self._next_history = clock.monotonic()
        self._counts = True  # whether plays may be known that count

    def plays_ended(self, plex: PlexSide, stash: StashSession, plays: Sequence[PlayEnd]) -> None:  # noqa: ARG002 - a Follower's
        for play in plays:
            self.play_ended(play.rating_key)

    def items_changed(self, plex: PlexSide, stash: StashSession, items: Mapping[int, Item]) -> None:
        """A star of an item is seen where all that it shows is compared."""

    def play_ended(self, rating_key: int) -> None:
        """The stream of events tells that somebody has stopped playing this item."""
        self._ended.setdefault(rating_key, self._clock.monotonic() + AFTER_PLAY)

    def stream_tells(self, tells: bool) -> None:
        """Whether the stream of events is followed. What was missed while it was not is looked for at once."""
        if tells != self._told:
            self._next_history = self._next_look = self._clock.monotonic()
        self._told = tells

    def pause(self, seconds: float) -> None:
        """A look has failed: not before so many seconds have passed."""
        later = self._clock.monotonic() + seconds
        self._next_look = max(self._next_look, later)
        self._ended = {key: max(at, later) for key, at in self._ended.items()}

    def is_due(self, settings: Settings) -> bool:
        if not settings.watch_back:
            self._forget()
        if not settings.watch_back and not settings.ratings_back:
            return False
        now = self._clock.monotonic()
        return now >= self._next_look or any(now >= at for at in self._ended.values())

    def look(self, plex: PlexSide, stash: StashClient) -> None:
        """Whole, or as far as it comes: what it raises is met again, and nothing is counted twice.

        Raises what the gateway and Stash's client raise.
        """
        now = self._clock.monotonic()
        ended = [key for key, at in self._ended.items() if now >= at]
        scheduled = now >= self._next_look
        side = WatchSide(
            gateway=plex.gateway,
            server=plex.server(),
            stash=stash,
            connection=self._connection,
            clock=self._clock,
            come_first=self._come_first,
        )
        if plex.settings.watch_back:
            self._plays(side, plex, ended)
        if scheduled and plex.settings.ratings_back:
            for section in plex.current().finder.sections():
                NewStars(side).look(section)
        for key in ended:
            self._ended.pop(key, None)
        gave_way = bool(Plays(self._connection, side.server).to_settle(1)) and plex.settings.watch_back
        if scheduled or gave_way:
            self._next_look = self._clock.monotonic() + (0.0 if gave_way else LOOK_EVERY)

    def _plays(self, side: WatchSide, plex: PlexSide, ended: list[int]) -> None:
        chosen = self._users.chosen(side.gateway, side.server, plex.settings.watch_users)
        self._tell_unknown(chosen.unknown)
        items = PlayedItems(side.gateway)
        self._counts = True
        self._played |= set(ended)
        if ended or self._clock.monotonic() >= self._next_history:
            reading = HistoryReading(side)
            for section in plex.current().finder.sections():
                new = reading.read(section.key, chosen.accounts)
                self._played |= {play.rating_key for play in new if play.account == OWNER}
            if not self._told:
                self._next_history = self._clock.monotonic() + LOOK_EVERY
            else:
                self._next_history = float("inf")
        counting = PlayCount(side, items)
        counting.plan()
        counting.settle()
        if chosen.owner:
            Resume(side, items).follow(sorted(self._played))
        self._played.clear()

    def _forget(self) -> None:
        """Plays that happen while the setting is off do not count: when it is on again, they count from then on."""
        if self._counts:
            WatchedSections(self._connection, "").forget_plays()
        self._counts = False
        self._ended.clear()
        self._played.clear()
        self._next_history = self._clock.monotonic()

    def _tell_unknown(self, name: str) -> None:
        if name:
            self._notices.tell(
                UNKNOWN_USER,
                "warning",
                f"The setting watch_users names {name!r}, but Plex has no account of that name; the others' plays count.",
            )
        else:
            self._notices.clear(UNKNOWN_USER)
