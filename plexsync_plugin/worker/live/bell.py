"""What rang in Plex since the worker looked last: gathered in the listener's thread, handed out in the worker's.

A bell and no more: it keeps numbers of items and no data, each once, so ten thousand events of a scan are one look.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.model import Kind
from plexsync_plugin.plex.events import Broken, Connected, PlayingEvent, Signal, TimelineEvent
from plexsync_plugin.worker.live.own_writes import OwnWrites

QUIET = 0.5  # seconds without a further event, after which what rang is handed out
LONGEST = 1.5  # seconds after the first event, however many follow: 2 s until Plex has it, writing included
MOST = 50_000  # items; more are answered by a listing
_VIDEOS = (int(Kind.MOVIE), int(Kind.EPISODE), -1)  # -1: Plex does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEnd:
    """A play of an item has ended, at `at` by our clock, in epoch seconds. Whose it was, Plex's history says."""

    rating_key: int
    at: float
    view_offset: int  # milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """`updated` and `deleted` are rating keys. `connected`: the stream stands since then, and before nobody listened.

    `overflowed`: more items rang than were kept. `latest` is the newest time of an item that was told, by Plex's clock.
    """

    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    plays: tuple[PlayEnd, ...] = ()
    connected: bool = False
    overflowed: bool = False
    latest: int = 0


class Bell:
    def __init__(self, own_writes: OwnWrites, clock: Clock) -> None:
        self._own_writes = own_writes
        self._clock = clock
        self._lock = threading.Lock()
        self._items: dict[int, bool] = {}  # whether it is deleted, by rating key, in the order of the events
        self._plays: dict[int, PlayEnd] = {}
        self._connected = False
        self._overflowed = False
        self._latest = 0
        self._first = self._last = 0.0  # monotonic, of what rang since the last look
        self.heard = 0  # events about videos and plays so far
        self.rings = False  # whether anything does; read without the lock, at every turn of the worker
        self.stands = False  # whether Plex tells us what happens

    def ring(self, signal: Signal) -> None:
        """In the listener's thread."""
        match signal:
            case Connected():
                self.stands = True
                self._add(connected=True)
            case Broken():
                self.stands = False
            case TimelineEvent() if signal.settled and signal.item > 0 and signal.kind in _VIDEOS:
                explained = not signal.deleted and self._own_writes.explain(signal.item)
                items = {} if explained else {signal.item: signal.deleted}
                self._add(items=items, latest=signal.updated_at)
                self.heard += 1
            case PlayingEvent() if signal.stopped:
                end = PlayEnd(
                    rating_key=signal.rating_key, at=self._clock.now(), view_offset=signal.view_offset
                )
                self._add(plays=(end,))
                self.heard += 1
            case _:
                pass

    def take(self) -> Rung | None:
        """What rang, once it has calmed down or a look is overdue; None until then. It is handed out once."""
        if not self.rings:
            return None
        now = self._clock.monotonic()
        with self._lock:
            if now < min(self._last + QUIET, self._first + LONGEST):
                return None
            rung = Rung(
                updated=tuple(key for key, deleted in self._items.items() if not deleted),
                deleted=tuple(key for key, deleted in self._items.items() if deleted),
                plays=tuple(self._plays.values()),
                connected=self._connected,
                overflowed=self._overflowed,
                latest=self._latest,
            )
            self._items, self._plays = {}, {}
            self._connected = self._overflowed = self.rings = False
            return rung

    @property
    def latest_at_rest(self) -> int:
        """The newest time of an item that Plex told of, while nothing rings; else 0."""
        with self._lock:
            return 0 if self.rings else self._latest

    def put_back(self, rung: Rung) -> None:
        """It could not be looked at now, and is handed out again a little later."""
        items = dict.fromkeys(rung.updated, False) | dict.fromkeys(rung.deleted, True)
        with self._lock:
            newer = self._items
            self._items = {}
        self._add(items=items | newer, plays=rung.plays, connected=rung.connected, overflowed=rung.overflowed)

    def _add(
        self,
        items: dict[int, bool] | None = None,
        plays: Sequence[PlayEnd] = (),
        *,
        connected: bool = False,
        overflowed: bool = False,
        latest: int = 0,
    ) -> None:
        now = self._clock.monotonic()
        with self._lock:
            self._latest = max(self._latest, latest)
            if not (items or plays or connected or overflowed):
                return
            if not self.rings:
                self._first = now
            self._last = now
            self._items.update(items or {})
            self._plays.update({play.rating_key: play for play in plays})
            self._connected = self._connected or connected
            self._overflowed = self._overflowed or overflowed or len(self._items) > MOST
            if len(self._items) > MOST:
                self._items.clear()
            self.rings = True
