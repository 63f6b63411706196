"""Reads listings and details from Plex, several at once, never more than `width` bodies in memory.

Answers are reduced in the thread that read them (to fingerprints, to rows) and dropped there, so that memory does not
grow with the library. A request that fails is halved, as a server that is too slow for 200 items often manages 100;
a page or an item that fails alone is retried by the gateway and then counts as trouble of its own.
Stores nothing, decides nothing.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from xml.etree.ElementTree import Element, tostring

from indexer.reading.patience import Patience
from indexer.rows.extract import extract
from indexer.rows.fingerprint import element_hash
from indexer.rows.parts import watch_state
from indexer.rows.rows import Row, WatchRow
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import ItemMissing, PlexUnavailable
from plexsync_plugin.core.model import Kind, Section
from plexsync_plugin.plex.elements import rating_key
from plexsync_plugin.plex.gateway import PlexGateway

PAGE_SIZE = 1000
WIDTH = 4  # bodies in memory
SMALLEST_PAGE = 50
BODY_BYTES = 2_000_000  # of XML, what one answer with details should come to
FIRST_BATCH = 200
LARGEST_BATCH = (
    500  # ids; more would come near the longest address a server takes (docs/facts/plex.md section 2.7)
)
FAILURES_IN_A_ROW = 10  # more than halving 500 down to 1 takes: then it is Plex, not an item

# `sort=id` keeps pages apart while items come and go; Guid elements are left out of listings unless asked for.
LISTING: dict[str, str | int] = {"includeGuids": 1, "sort": "id"}
DETAILS: dict[str, str | int] = {"includeGuids": 1, "includeChapters": 1, "includeMarkers": 1}

# Types that an element of a listing may not have. Words that are not here (`clip`) may be what an older server calls it.
_NAMES = {kind: kind.name.lower() for kind in Kind}
_OTHERS = {kind: {*_NAMES.values(), "collection", "playlist"} - {name} for kind, name in _NAMES.items()}

A = TypeVar("A")
R = TypeVar("R")


class ListingMoved(Exception):
    """The library changed while it was being listed; the pages read so far do not belong together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """One page of a listing, reduced to what is kept of it."""

    marks: dict[int, str]  # fingerprints of the listing's elements, by rating key
    watched: dict[int, WatchRow]  # of the items that somebody has watched, by rating key
    stop: int  # where the next page starts
    total: int  # items of the whole listing, as Plex says


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
        self._batch = _BatchSize(FIRST_BATCH if parallel else FIRST_BATCH // 2)
        self._count = _RequestCount()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    @property
    def requests(self) -> int:
        """Pages and batches asked for so far; the gateway's own retries are not in it."""
        return self._count.requests

    def pages(self, section: Section, kind: Kind, *, start: int, total: int | None) -> Iterator[ListedPage]:
        """The listing from `start` on, in order. `total` is what an earlier page said, None before the first.

        Raises ListingMoved when a page says another total, PlexUnavailable when the listing breaks off.
        """
        if total is None:
            first = self._page(section, kind, start, start + PAGE_SIZE, None)
            yield first
            start, total = first.stop, first.total
        said = total
        starts = range(start, said, PAGE_SIZE)

        def read(begin: int) -> ListedPage:
            return self._page(section, kind, begin, min(begin + PAGE_SIZE, said), said)

        yield from self._in_order(read, starts)

    def details(self, section: Section, kind: Kind, keys: Sequence[int]) -> Iterator[DetailBatch]:
        """Full details of `keys`, in batches whose size follows the size of the answers."""

        def read(batch: Sequence[int]) -> DetailBatch:
            return DetailBatch(asked=tuple(batch), rows=self._details(section, kind, batch))

        yield from self._in_order(read, self._batch.cut(keys))

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

    def _page(self, section: Section, kind: Kind, start: int, stop: int, total: int | None) -> ListedPage:
        """One page; asks again for the rest when the server gives less, in smaller steps when it gives nothing."""
        marks: dict[int, str] = {}
        watched: dict[int, WatchRow] = {}
        step = stop - start
        place = start
        while place < stop:
            size = min(step, stop - place)
            # One item of the page before is asked for again: if some have gone while others came, the total stands
            # still, but then what is listed no longer adds up to it.
            seam = 1 if place else 0
            elements, said = self._piece(section, kind, place - seam, size + seam)
            if total is not None and said != total:
                raise ListingMoved
            total, stop = said, min(stop, said)
            if len(elements) <= seam and place < stop:
                if step <= SMALLEST_PAGE:
                    raise PlexUnavailable(
                        f'Plex lists only {place} of {said} items of the library "{section.title}". '
                        "Try again later; see Plex's log if it stays so."
                    )
                step = max(SMALLEST_PAGE, step // 2)
            place += max(0, len(elements) - seam)
            elements = [element for element in elements if _is_of(element, kind)]
            marks |= {rating_key(element): element_hash(element) for element in elements}
            watched |= _watched(elements)
        return ListedPage(marks=marks, watched=watched, stop=place, total=total or 0)

    def _piece(self, section: Section, kind: Kind, start: int, size: int) -> tuple[list[Element], int]:
        """A page, of half the size when the server does not manage it (then the rest is for the caller)."""
        while True:
            try:
                with self._count:
                    page = self._gateway.page(section.key, kind, start=start, size=size, filters=LISTING)
            except PlexUnavailable:
                if size <= SMALLEST_PAGE or self._count.too_many_failures:
                    raise
                size = max(SMALLEST_PAGE, size // 2)
            else:
                return page.elements, page.total

    def _details(self, section: Section, kind: Kind, keys: Sequence[int]) -> dict[int, list[Row]]:
        try:
            elements = self._ask(keys)
        except ItemMissing:
            return {}
        except PlexUnavailable:
            if self._count.too_many_failures:
                raise
            self._batch.shrink(len(keys))
            if len(keys) == 1:
                self._gateway.probe()  # raises when it is Plex that is away, and not this item that is broken
                return {}
            middle = len(keys) // 2
            return self._details(section, kind, keys[:middle]) | self._details(section, kind, keys[middle:])
        self._batch.learn(elements)
        wanted = set(keys)
        found = {
            rating_key(element): extract(element, kind, section.key)
            for element in elements
            if rating_key(element) in wanted
        }
        rest = [key for key in keys if key not in found]
        if found and rest:
            # Items that have gone, or an answer cut short: what is left out twice is not there.
            found |= self._details(section, kind, rest)
        return found

    def _ask(self, keys: Sequence[int]) -> list[Element]:
        with self._count, self._patience.waiting(len(keys)) as within:
            elements = self._gateway.details(keys, query=DETAILS, within=within)
            if not elements and len(keys) > 1:  # so does a server that finds the answer too large
                raise PlexUnavailable(
                    f"Plex says nothing of {len(keys)} items that it lists. See Plex's log."
                )
        return elements


def _is_of(element: Element, kind: Kind) -> bool:
    """Whether the element is an item of the kind that was asked for: no show among episodes, no collection, a
    numeric key."""
    return rating_key(element) > 0 and element.get("type", "") not in _OTHERS[kind]


def _watched(elements: Iterable[Element]) -> dict[int, WatchRow]:
    rows = (watch_state(element, rating_key(element)) for element in elements)
    return {row.ratingKey: row for row in rows if row is not None}


class _BatchSize:
    """How many ids fit into one answer. Shared by the threads that read."""

    def __init__(self, first: int) -> None:
        self._size = first
        self._lock = threading.Lock()

    def cut(self, keys: Sequence[int]) -> Iterator[Sequence[int]]:
        place = 0
        while place < len(keys):
            with self._lock:
                size = self._size
            yield keys[place : place + size]
            place += size

    def learn(self, elements: Sequence[Element]) -> None:
        """Adapt to the size of an answer, estimated by a few of its elements: measuring all would cost more than
        reading."""
        sample = elements[:: max(1, len(elements) // 3)]
        if not sample:
            return
        each = sum(len(tostring(element)) for element in sample) / len(sample)
        with self._lock:
            self._size = max(1, min(LARGEST_BATCH, int(BODY_BYTES / each), self._size * 2))

    def shrink(self, failed: int) -> None:
        with self._lock:
            self._size = max(1, min(self._size, failed // 2))


class _RequestCount:
    """Counts requests, and how many of the last failed in a row, over all threads. Put it around one request, with `with`."""

    def __init__(self) -> None:
        self.requests = 0
        self._failures = 0
        self._lock = threading.Lock()

    @property
    def too_many_failures(self) -> bool:
        return self._failures >= FAILURES_IN_A_ROW

    def __enter__(self) -> None:
        with self._lock:
            self.requests += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            failed = kind is not None and issubclass(kind, PlexUnavailable)
            self._failures = self._failures + 1 if failed else 0
