"""The stream of events at /:/eventsource/notifications: what changed, told to everybody who listens.

Sent are `timeline`, entries in the form of recorded notifications (facts: the types and states of a library's items; a new one
is created, 0, before it is processed, 5; 9 is deleted), `playing` when a test says that somebody plays, and `ping` while nothing
happens. Query `filters` is not looked at.
"""

import json
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from tests.sim.plex.library import Library, now
from tests.sim.plex.model import Item

EVENT_SOURCE = "/:/eventsource/notifications"
STREAM_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Plex-Protocol": "1.0"}
CREATED, PROCESSED, DELETED = 0, 5, 9
PING_SECONDS = 10.0
_TYPES = {
    "movie": 1,
    "show": 2,
    "season": 3,
    "episode": 4,
    "artist": 8,
    "album": 9,
    "track": 10,
    "collection": 18,
}


class Events:
    """One writer under the application's lock, any number of listeners in threads of their own."""

    def __init__(self) -> None:
        self._told: list[bytes] = []
        self._known: set[int] = set()  # items that were there, or told of
        self._news = threading.Condition()

    def tell(self, library: Library) -> None:
        """An event for each item that has changed since the last call."""
        if not library.touched:
            return
        touched = list(library.touched.values())
        library.touched.clear()
        entries = [_entry(item, CREATED) for item in touched if item.key not in self._known]
        entries += [_entry(item, PROCESSED if item.key in library.items else DELETED) for item in touched]
        self.know(item.key for item in touched)
        self._send(_event("timeline", {"TimelineEntry": entry}) for entry in entries)

    def know(self, keys: Iterable[int]) -> None:
        """These items are not new any more."""
        self._known.update(keys)

    def play(self, said: dict[str, Any]) -> None:
        """Somebody plays an item; Plex does not say who."""
        key = int(said["ratingKey"])
        notification = {
            "sessionKey": str(said.get("sessionKey", "1")),
            "guid": "",
            "ratingKey": str(key),
            "url": "",
            "key": f"/library/metadata/{key}",
            "viewOffset": int(said.get("viewOffset", 0)),
            "state": said.get("state", "stopped"),
        }
        self._send([_event("playing", {"PlaySessionStateNotification": notification})])

    def _send(self, events: Iterable[bytes]) -> None:
        with self._news:
            self._told += events
            self._news.notify_all()

    def follow(self) -> Iterator[bytes]:
        """What is told from now on."""
        with self._news:
            place = len(self._told)
        return self._after(place)

    def _after(self, place: int) -> Iterator[bytes]:
        while True:
            with self._news:
                if len(self._told) == place:
                    self._news.wait(PING_SECONDS)
                found = self._told[place:]
            place += len(found)
            yield b"".join(found) or _event("ping", {})


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def _entry(item: Item, state: int) -> dict[str, Any]:
    return {
        "identifier": "com.plexapp.plugins.library",
        "sectionID": str(item.section),
        "itemID": str(item.key),
        "type": _TYPES.get(item.kind, -1),
        "title": item.fields.get("title", ""),
        "state": state,
        "updatedAt": now(),
    }
