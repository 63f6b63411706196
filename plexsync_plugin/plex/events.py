"""What a Plex server says in its stream of events, as typed values (docs/facts/plex.md sections 5 and 13).

An event is a bell and no more: it says where to look, and what is there is read. What is not understood is no event.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base.errors import PlexSyncError

LONGEST_EVENT = 1_000_000  # characters
# Of an event; Plex's have a few. Alpine gives a thread 1 MB of stack: Python 3.13's parser dies there at 8,000 levels,
# before Python counts so many.
MOST_BRACKETS = 2_000

# States of a timeline entry; the others come on the way there.
PROCESSED, DELETED = 5, 9
STOPPED = "stopped"  # the state of a `playing` event at a play's end


@dataclass(frozen=True, slots=True)
class Connected:
    """The stream stands; what happened before it did was not told."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The stream has ended, or was refused; it is tried again."""

    error: PlexSyncError


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """An item has come into this state. `kind` is Plex's number of its type, -1 where it gives none; 0: no such number."""

    item: int
    state: int
    section: int = 0
    kind: int = -1
    parent: int = 0
    root: int = 0
    updated_at: int = 0  # epoch seconds by Plex's clock

    @property
    def settled(self) -> bool:
        """Whether the item is another from now on: processed, or deleted."""
        return self.state in (PROCESSED, DELETED)

    @property
    def deleted(self) -> bool:
        return self.state == DELETED


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayingEvent:
    """Somebody plays an item; Plex does not say who. `session` may be another at the stop than before.

    `state` is Plex's word: playing, paused, buffering, stopped. `view_offset` in milliseconds.
    """

    session: str
    state: str
    rating_key: int
    view_offset: int = 0

    @property
    def stopped(self) -> bool:
        return self.state == STOPPED


@dataclass(frozen=True, slots=True)
class LibraryEvent:
    """Work on a library has ended: a scan, or a refresh of items."""


Event = TimelineEvent | PlayingEvent | LibraryEvent
Signal = Connected | Broken | Event


def signals(lines: Iterable[str]) -> Iterator[Signal]:
    """What the lines of a stream say: that it stands (at its first line), and each event."""
    data: list[str] = []
    size = 0
    for number, line in enumerate(lines):
        if number == 0:
            yield Connected()
        if line.startswith("data:"):
            size += len(line)
            if size <= LONGEST_EVENT:
                data.append(line.removeprefix("data:"))
        elif not line:
            if data and size <= LONGEST_EVENT:
                yield from parse("\n".join(data))
            data, size = [], 0


def parse(text: str) -> Iterator[Event]:
    """The events that the data of one message holds; none where it cannot be read."""
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        return
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(message, dict):
        return
    container = message.get("NotificationContainer")
    body: dict[str, Any] = container if isinstance(container, dict) else message
    for entry in _entries(body, "TimelineEntry"):
        yield from _timeline(entry)
    for entry in _entries(body, "PlaySessionStateNotification"):
        yield from _playing(entry)
    ended = any(_is_finished(entry) for entry in _entries(body, "ActivityNotification"))
    if ended or any(
        entry.get("notificationName") == "LIBRARY_UPDATE" for entry in _entries(body, "StatusNotification")
    ):
        yield LibraryEvent()


def _entries(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """One entry comes alone or in a list."""
    found = body.get(name)
    return [entry for entry in (found if isinstance(found, list) else [found]) if isinstance(entry, dict)]


def _timeline(entry: dict[str, Any]) -> Iterator[TimelineEvent]:
    """None of a tuner's recordings, which have no items."""
    if str(entry.get("identifier", "")).startswith("tv.plex."):
        return
    yield TimelineEvent(
        item=_number(entry.get("itemID")),
        state=_number(entry.get("state"), -1),
        section=_number(entry.get("sectionID")),
        kind=_number(entry.get("type"), -1),
        parent=_number(entry.get("parentItemID")),
        root=_number(entry.get("rootItemID")),
        updated_at=_number(entry.get("updatedAt")),
    )


def _playing(entry: dict[str, Any]) -> Iterator[PlayingEvent]:
    rating_key = _number(entry.get("ratingKey"))
    if rating_key > 0:
        yield PlayingEvent(
            session=str(entry.get("sessionKey", "")),
            state=str(entry.get("state", "")),
            rating_key=rating_key,
            view_offset=max(_number(entry.get("viewOffset")), 0),
        )


def _is_finished(entry: dict[str, Any]) -> bool:
    activity = entry.get("Activity")
    kind = str(activity.get("type", "")) if isinstance(activity, dict) else ""
    return entry.get("event") == "ended" and kind.startswith("library.")


def _number(value: object, otherwise: int = 0) -> int:
    """Plex gives numbers as numbers or as text."""
    try:
        found = int(value)  # type: ignore[call-overload] # whatever else comes is caught
    except (TypeError, ValueError, OverflowError):
        return otherwise
    return found if -1 <= found < 1 << 63 else otherwise
