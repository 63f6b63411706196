"""Reads listings and details from Plex, several at once, never more than `width` bodies in memory.

Answers are reduced in the thread that read them (to fingerprints, to rows) and dropped there, and a batch is sized by the
bytes that its items have had so far, so that memory grows neither with the library nor with what its items hold. A request
that fails is halved, as a server that is too slow for 200 items often manages 100; an item that fails alone is retried by
the gateway and then left out. Stores nothing, decides nothing.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from xml.etree.ElementTree import Element

from indexer.reading.attempts import Attempts
from indexer.reading.listing import ListedPage, PageReader
from indexer.reading.patience import Patience
from indexer.rows.extract import extract
from indexer.rows.rows import Row
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import ItemMissing, PlexUnavailable
from plexsync_plugin.core.model import Kind, Section
from plexsync_plugin.plex.elements import rating_key
from plexsync_plugin.plex.gateway import PlexGateway

PAGE_SIZE = 500
WIDTH = 2  # bodies in memory
BODY_BYTES = 1_200_000  # of XML, what one answer with details should come to
LARGEST_BODY = 3 * BODY_BYTES  # of several items: beyond it they are asked for in halves
FIRST_BATCH = 20  # while nothing is known of how much Plex says of an item
LARGEST_BATCH = (
    500  # ids; more would come near the longest address a server takes (docs/facts/plex.md section 2.7)
)
GROWTH = 4  # times the batch before, at most

DETAILS: dict[str, str | int] = {"includeGuids": 1, "includeChapters": 1, "includeMarkers": 1}

A = TypeVar("A")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailBatch:
    """What Plex answered about a few items."""

    asked: tuple[int, ...]  # rating keys
    rows: dict[
        int, list[Row]
    ]  # by rating key; Plex left out, or could not read, what was asked for and is not here


class Fetcher:
    def __init__(self, gateway: PlexGateway, clock: Clock, *, parallel: bool) -> None:
        self._gateway = gateway
        self._patience = Patience(clock)
        self._width = WIDTH if parallel else 1
        self._pool = ThreadPoolExecutor(max_workers=self._width, thread_name_prefix="plex")
        # Of each kind its own: a season takes a hundredth of what an episode does, and a batch of as many episodes would
        # be cut and halved again and again.
        self._batches: defaultdict[Kind, _BatchSize] = defaultdict(_BatchSize)
        self._attempts = Attempts()
        self._reader = PageReader(gateway, Patience(clock), self._attempts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def requests(self) -> int:
        """Pages and batches asked for so far; the gateway's own retries are not in it."""
        return self._attempts.requests

    def pages(self, section: Section, kind: Kind, *, start: int, total: int | None) -> Iterator[ListedPage]:
        """The listing from `start` on, in order. `total` is what an earlier page said, None before the first.

        Raises ListingMoved when a page says another total, PlexUnavailable when the listing breaks off.
        """
        if total is None:
            first = self._reader.read(section, kind, start, start + PAGE_SIZE, None)
            yield first
            start, total = first.stop, first.total
        said = total
        starts = range(start, said, PAGE_SIZE)

        def read(begin: int) -> ListedPage:
            return self._reader.read(section, kind, begin, min(begin + PAGE_SIZE, said), said)

        yield from self._in_order(read, starts)

    def details(self, section: Section, kind: Kind, keys: Sequence[int]) -> Iterator[DetailBatch]:
        """Full details of `keys`, in batches whose size follows the size of the answers."""

        def read(batch: Sequence[int]) -> DetailBatch:
            return DetailBatch(asked=tuple(batch), rows=self._details(section, kind, batch))

        yield from self._in_order(read, self._batches[kind].cut(keys))

    def _in_order(self, read: Callable[[A], R], arguments: Iterable[A]) -> Iterator[R]:
        waiting: deque[Future[R]] = deque()
        try:
            for argument in arguments:
                waiting.append(self._pool.submit(read, argument))
                if len(waiting) >= self._width:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _details(self, section: Section, kind: Kind, keys: Sequence[int]) -> dict[int, list[Row]]:
        try:
            elements = self._ask(kind, keys)
        except ItemMissing:
            return {}
        except PlexUnavailable:
            if self._attempts.exhausted:
                raise
            self._batches[kind].shrink(len(keys))
            if len(keys) == 1:
                self._gateway.probe()  # raises when it is Plex that is away, and not this item that is broken
                return {}
            middle = len(keys) // 2
            return self._details(section, kind, keys[:middle]) | self._details(section, kind, keys[middle:])
        found = _rows(elements, kind, section.key, set(keys))
        rest = [key for key in keys if key not in found]
        if found and rest:
            # Items that have gone, or an answer cut short: what is left out twice is not there.
            found |= self._details(section, kind, rest)
        return found

    def _ask(self, kind: Kind, keys: Sequence[int]) -> list[Element]:
        # One item alone may be as long as any answer: it cannot be asked for in halves.
        most = LARGEST_BODY if len(keys) > 1 else None
        with self._attempts, self._patience.waiting(len(keys)) as within:
            elements = self._gateway.details(keys, query=DETAILS, within=within, most=most)
            if not elements and len(keys) > 1:  # so does a server that finds the answer too large
                raise PlexUnavailable(
                    f"Plex says nothing of {len(keys)} items that it lists. See Plex's log."
                )
        self._batches[kind].learn(len(elements), self._gateway.received)
        return elements


def _rows(elements: list[Element], kind: Kind, section: int, wanted: set[int]) -> dict[int, list[Row]]:
    """Make rows by rating key, and empty `elements` meanwhile: all elements and all rows are never in memory at once."""
    found = {}
    elements.reverse()
    while elements:
        element = elements.pop()
        key = rating_key(element)
        if key in wanted:
            found[key] = extract(element, kind, section)
    return found


class _BatchSize:
    """How many ids fit into one answer. Shared by the threads that read."""

    def __init__(self) -> None:
        self._size = FIRST_BATCH
        self._lock = threading.Lock()

    def cut(self, keys: Sequence[int]) -> Iterator[Sequence[int]]:
        place = 0
        while place < len(keys):
            with self._lock:
                size = self._size
            yield keys[place : place + size]
            place += size

    def learn(self, items: int, received: int) -> None:
        """Adapt to an answer: so many items came in so many bytes."""
        if items:
            fitting = BODY_BYTES * items // max(1, received)
            with self._lock:
                self._size = max(1, min(LARGEST_BATCH, fitting, self._size * GROWTH))

    def shrink(self, failed: int) -> None:
        with self._lock:
            self._size = max(1, min(self._size, failed // 2))
