"""Keeps an index fresh: listens to Plex's events and has the index read again once they have calmed down.

While the stream of events is broken, the index is read at intervals instead (two requests when nothing has changed).
How the index is read, and what is told to a person, is the caller's.
"""

import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    DatabaseError,
    IndexRefused,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
)
from plexsync_plugin.plex.event_listener import EventListener, EventSource, Patience
from plexsync_plugin.plex.events import Broken, Connected, LibraryEvent, Signal, TimelineEvent

EVENTS = "timeline,activity,status"  # what is listened for
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When the index is read, in seconds."""

    quiet: float = 5.0  # without a further event, before the index is read
    longest: float = 60.0  # after the first event, however many follow
    poll: float = (
        60.0  # between two readings while there is no stream of events, and after a reading that failed
    )
    idle: float = 3600.0  # between two readings while there is a stream
    retry: float = 5.0  # before the stream is tried again, doubling to a minute


class Watch:
    """`refresh` reads the index; `say` tells a person of trouble, and of its end. With `quiet` a beginning without trouble is not
    told."""

    def __init__(
        self,
        source: EventSource,
        refresh: Callable[[], None],
        say: Callable[[str], None],
        clock: Clock,
        pace: Pace | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        self._pace = pace or Pace()
        patience = Patience(first=self._pace.retry)
        self._listener = EventListener(source, self._hear, clock, patience)
        self._refresh = refresh
        self._say = say
        self._quiet = quiet
        self._clock = clock
        self._signals: queue.SimpleQueue[Signal] = queue.SimpleQueue()
        self._streaming: bool | None = None  # not known yet
        self._due: float | None = clock.monotonic() + self._pace.poll  # until the stream stands or fails
        self._latest = self._due  # when the index is read although events go on
        self._pending = False
        self._trouble = ""  # that the last reading ended in

    def run(self) -> None:
        """Ends with an interrupt alone, or with trouble that time does not heal (the token is refused)."""
        self._listener.start()
        try:
            while True:
                self._step()
        finally:
            self._listener.close()

    def _hear(self, signal: Signal) -> None:
        """In the listener's thread. What does not change what the index holds wakes nobody."""
        match signal:
            case Connected() | Broken() | LibraryEvent():
                self._signals.put(signal)
            case TimelineEvent() if signal.settled:
                self._signals.put(signal)
            case _:
                pass

    def _step(self) -> None:
        wait = self._due - self._clock.monotonic() if self._due is not None else self._pace.idle
        try:
            signal = self._signals.get(timeout=max(wait, 0.0)) if wait > 0 else self._signals.get_nowait()
        except queue.Empty:
            self._read()
        else:
            self._note(signal)

    def _note(self, signal: Signal) -> None:
        now = self._clock.monotonic()
        match signal:
            case TimelineEvent() | LibraryEvent():
                if not self._pending:
                    self._pending, self._latest = True, now + self._pace.longest
                self._due = min(now + self._pace.quiet, self._latest)
            case Connected():
                if self._streaming is False or (self._streaming is None and not self._quiet):
                    self._say("Listening to Plex's events.")
                self._streaming, self._due = True, now  # something may have changed while nobody listened
            case Broken(error):
                if isinstance(error, PlexUnauthorized):
                    raise error
                _log.warning("no events: %s", error)
                if self._streaming is not False:
                    self._say(f"No events from Plex: {error} Looking every {self._pace.poll:.0f} s instead.")
                    self._due = now
                self._streaming = False

    def _read(self) -> None:
        self._pending = False
        pause = self._pace.idle if self._streaming else self._pace.poll
        try:
            self._refresh()
            self._trouble = ""
        except (PlexUnavailable, IndexRefused, DatabaseError) as error:
            self._complain(error)
            pause = self._pace.poll  # what an event told of is still to be read
        self._due = self._clock.monotonic() + pause
        self._latest = self._due + self._pace.longest

    def _complain(self, error: PlexSyncError) -> None:
        """Once for trouble that lasts. That Plex is away is said when its stream breaks."""
        known = self._streaming is False and isinstance(error, PlexUnavailable)
        if known or str(error) == self._trouble:
            _log.warning("not done: %s", error)
        else:
            self._say(f"Not done: {error}")
        self._trouble = str(error)
