"""Files that Plex has told of lately: candidates for the scenes that wait for them, without a request.

Such a file can be found here, and never be missing because it is not here. An item that was read in full for it is handed on
once, as long as it is fresh.
"""

from collections.abc import Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import File, Item
from plexsync_plugin.core.pathmap import name_key

KEPT = 600.0  # seconds
MOST = 20_000  # files; the oldest go first
MOST_DETAILS = 1_000  # items
FRESH = 5.0  # seconds in which an item's details are handed on


class AppearedFiles:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, list[tuple[float, Candidate]]] = {}  # by folded name, the oldest name first
        self._details: dict[int, tuple[float, Item]] = {}

    def add(self, item: Item, *, in_full: bool) -> None:
        """`in_full`: from its details, and not from a listing."""
        now = self._clock.monotonic()
        for file in item.files:
            candidate = Candidate.of(item, file)
            name = name_key(file.path)
            others = [each for each in self._files.pop(name, ()) if each[1].rating_key != item.rating_key]
            self._files[name] = [*others, (now, candidate)]
        if in_full:
            self.keep_details(item)
        while len(self._files) > MOST:
            del self._files[next(iter(self._files))]

    def keep_details(self, item: Item) -> None:
        """Just read in full, for the one who needs them next."""
        self._details[item.rating_key] = (self._clock.monotonic(), item)
        while len(self._details) > MOST_DETAILS:
            del self._details[next(iter(self._details))]

    def candidates(self, file: File) -> Sequence[Candidate]:
        """What was told of files of that name."""
        oldest = self._clock.monotonic() - KEPT
        return [candidate for told, candidate in self._files.get(name_key(file.path), ()) if told >= oldest]

    def take(self, rating_key: int) -> Item | None:
        """The item's details where they were read a moment ago; the next one has to read them itself."""
        told, item = self._details.pop(rating_key, (0.0, None))
        return item if item is not None and self._clock.monotonic() - told <= FRESH else None

    def forget_details(self, rating_key: int) -> None:
        """The item is about to be another."""
        self._details.pop(rating_key, None)
