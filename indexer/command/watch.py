"""Keeps an index fresh: listens to Plex's events and has the index read again once they have calmed down.

While the stream of events is broken, the index is read at intervals instead (two requests when nothing has changed).
How the index is read, and what is told to a person, is the caller's.
"""

import json
import logging
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    DatabaseError,
    IndexRefused,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
)

EVENTS = "/:/eventsource/notifications?filters=timeline,activity,status"
LONGEST_EVENT = 1_000_000  # characters
# Of an event; Plex's have a few. Alpine gives a thread 1 MB of stack: Python 3.13's parser dies there at 8,000 levels,
# before Python counts so many.
MOST_BRACKETS = 2_000

# States of a timeline entry after which an item is another: 5 processed, 9 deleted (docs/facts/plex.md section 5).
# The other states come on the way there.
_SETTLED = frozenset({"5", "9"})
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
    retry: float = 15.0  # before the stream is tried again
    silence: float = 120.0  # of the stream, before it counts as broken; Plex sends a ping every few seconds


class EventSource(Protocol):
    def events(self, target: str, *, silence: float) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True)
class _Connected:
    pass


@dataclass(frozen=True, slots=True)
class _Changed:
    pass


@dataclass(frozen=True, slots=True)
class _Broken:
    error: PlexSyncError


_Signal = _Connected | _Changed | _Broken


class Watch:
    """`refresh` reads the index; `say` tells a person of trouble, and of its end."""

    def __init__(
        self,
        source: EventSource,
        refresh: Callable[[], None],
        say: Callable[[str], None],
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._source = source
        self._refresh = refresh
        self._say = say
        self._clock = clock
        self._pace = pace or Pace()
        self._signals: queue.SimpleQueue[_Signal] = queue.SimpleQueue()
        self._over = threading.Event()
        self._streaming: bool | None = None  # not known yet
        self._due: float | None = clock.monotonic() + self._pace.poll  # until the stream stands or fails
        self._latest = self._due  # when the index is read although events go on
        self._pending = False
        self._trouble = ""  # that the last reading ended in

    def run(self) -> None:
        """Ends with an interrupt alone, or with trouble that time does not heal (the token is refused)."""
        listener = threading.Thread(target=self._listen, name="events", daemon=True)
        listener.start()
        try:
            while True:
                self._step()
        finally:
            self._over.set()

    def _step(self) -> None:
        wait = self._due - self._clock.monotonic() if self._due is not None else self._pace.idle
        try:
            signal = self._signals.get(timeout=max(wait, 0.0)) if wait > 0 else self._signals.get_nowait()
        except queue.Empty:
            self._read()
        else:
            self._note(signal)

    def _note(self, signal: _Signal) -> None:
        now = self._clock.monotonic()
        match signal:
            case _Changed():
                if not self._pending:
                    self._pending, self._latest = True, now + self._pace.longest
                self._due = min(now + self._pace.quiet, self._latest)
            case _Connected():
                if not self._streaming:
                    self._say("Listening to Plex's events.")
                self._streaming, self._due = True, now  # something may have changed while nobody listened
            case _Broken(error):
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

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                for signal in signals(self._source.events(EVENTS, silence=self._pace.silence)):
                    self._signals.put(signal)
            except PlexSyncError as error:
                self._signals.put(_Broken(error))
            self._over.wait(self._pace.retry)


def signals(lines: Iterable[str]) -> Iterator[_Signal]:
    """What the lines of an event stream say: that it stands (at its first line), and each change of a library."""
    data, size = [], 0
    for number, line in enumerate(lines):
        if number == 0:
            yield _Connected()
        if line.startswith("data:"):
            size += len(line)
            if size <= LONGEST_EVENT:
                data.append(line.removeprefix("data:"))
        elif not line:
            if data and tells_change("\n".join(data)):
                yield _Changed()
            data, size = [], 0


def tells_change(text: str) -> bool:
    """Whether an event says that items of a library have changed. What it does not understand is no change."""
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        return False
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(event, dict):
        return False
    container = event.get("NotificationContainer")
    body: dict[str, Any] = container if isinstance(container, dict) else event
    return (
        any(_is_settled(entry) for entry in _entries(body, "TimelineEntry"))
        or any(_is_finished(entry) for entry in _entries(body, "ActivityNotification"))
        or any(e.get("notificationName") == "LIBRARY_UPDATE" for e in _entries(body, "StatusNotification"))
    )


def _entries(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """One entry comes alone or in a list."""
    found = body.get(name)
    return [entry for entry in (found if isinstance(found, list) else [found]) if isinstance(entry, dict)]


def _is_settled(entry: dict[str, Any]) -> bool:
    return str(entry.get("state")) in _SETTLED and not str(entry.get("identifier", "")).startswith("tv.plex.")


def _is_finished(entry: dict[str, Any]) -> bool:
    activity = entry.get("Activity")
    kind = str(activity.get("type", "")) if isinstance(activity, dict) else ""
    return entry.get("event") == "ended" and kind.startswith("library.")
