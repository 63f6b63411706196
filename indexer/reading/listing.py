"""Reads one page of a listing. Where Plex fails at a page it is narrowed, by halves, to the items that Plex fails at.

A page is reduced to fingerprints in the thread that read it. Stores nothing, decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from indexer.reading.attempts import Attempts
from indexer.reading.patience import Patience
from indexer.rows.fingerprint import element_hash
from indexer.rows.parts import watch_state
from indexer.rows.rows import WatchRow
from plexsync_plugin.base.errors import PlexUnavailable
from plexsync_plugin.core.model import Kind, Section
from plexsync_plugin.plex.elements import rating_key
from plexsync_plugin.plex.gateway import PlexGateway

SMALLEST_PAGE = 50  # that a server may answer with nothing to, though there should be something

# `sort=id` keeps pages apart while items come and go; Guid elements are left out of listings unless asked for.
LISTING: dict[str, str | int] = {"includeGuids": 1, "sort": "id"}

# Types that an element of a listing may not have. Words that are not here (`clip`) may be what an older server calls it.
_NAMES = {kind: kind.name.lower() for kind in Kind}
_OTHERS = {kind: {*_NAMES.values(), "collection", "playlist"} - {name} for kind, name in _NAMES.items()}


class ListingMoved(Exception):
    """The library changed while it was being listed; the pages read so far do not belong together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPage:
    """One page of a listing, reduced to what is kept of it."""

    marks: dict[int, str]  # fingerprints of the listing's elements, by rating key
    watched: dict[int, WatchRow]  # of the items that somebody has watched, by rating key
    stop: int  # where the next page starts
    total: int  # items of the whole listing, as Plex says
    gaps: tuple[int, ...] = ()  # places, from 0 over the whole listing, of what Plex cannot list


@dataclass(frozen=True, slots=True)
class _Span:
    """Places in the listing. With `seam` one item of the page before is asked for again: if some have gone while others
    came, the total stands still, but then what is listed no longer adds up to it."""

    start: int
    stop: int
    seam: int

    @property
    def size(self) -> int:
        return self.stop - self.start

    def halves(self, *, seam: bool) -> "list[_Span]":
        """The second first, as the last of a list is what is asked for next."""
        middle = self.start + self.size // 2
        return [_span(middle, self.stop, seam=seam), _span(self.start, middle, seam=seam)]


def _span(start: int, stop: int, *, seam: bool) -> _Span:
    return _Span(start, stop, int(seam and start > 0))


class PageReader:
    def __init__(self, gateway: PlexGateway, patience: Patience, attempts: Attempts) -> None:
        self._gateway = gateway
        self._patience = patience
        self._attempts = attempts

    def read(self, section: Section, kind: Kind, start: int, stop: int, total: int | None) -> ListedPage:
        """One page, in as many requests as the server makes of it.

        `total` is what an earlier page said, None before the first. Raises ListingMoved when this one says another,
        PlexUnavailable when it is not single items that Plex fails at.
        """
        reading = _Reading(kind=kind, total=total, stop=stop)
        waiting = [_span(start, stop, seam=True)]
        while waiting:
            span = reading.clipped(waiting.pop())
            if span.size <= 0:
                continue
            try:
                elements, said = self._ask(section, kind, span)
            except PlexUnavailable:
                if self._attempts.exhausted:
                    raise
                waiting += self._narrowed(span, reading)
                continue
            reading.add(elements, said)
            came = max(0, len(elements) - span.seam)
            rest = reading.clipped(_span(span.start + came, span.stop, seam=span.start == 0 or span.seam > 0))
            if rest.size > 0:
                waiting += [rest] if came else _smaller(section, span, said)
        return reading.page()

    def _ask(self, section: Section, kind: Kind, span: _Span) -> tuple[list[Element], int]:
        with self._attempts, self._patience.waiting(span.size) as within:
            page = self._gateway.page(
                section.key,
                kind,
                start=span.start - span.seam,
                size=span.size + span.seam,
                filters=LISTING,
                within=within,
            )
        return page.elements, page.total

    def _narrowed(self, span: _Span, reading: "_Reading") -> list[_Span]:
        """What to ask for in place of a span that failed; without the seam, which may be what failed."""
        if span.size > 1:
            return span.halves(seam=False)
        if span.seam:
            return [_span(span.start, span.stop, seam=False)]
        self._gateway.probe()  # raises when it is Plex that is away, and not this item that is broken
        reading.broken.append(span.start)
        return []


def _smaller(section: Section, span: _Span, said: int) -> list[_Span]:
    """In place of a span that was answered with nothing, though there should be something."""
    if span.size <= SMALLEST_PAGE:
        raise PlexUnavailable(
            f'Plex lists only {span.start} of {said} items of the library "{section.title}". '
            "Try again later; see Plex's log if it stays so."
        )
    return span.halves(seam=True)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What has come of one page so far."""

    kind: Kind
    total: int | None
    stop: int
    broken: list[int] = field(default_factory=list)
    marks: dict[int, str] = field(default_factory=dict)
    watched: dict[int, WatchRow] = field(default_factory=dict)

    def clipped(self, span: _Span) -> _Span:
        return _Span(span.start, min(span.stop, self.stop), span.seam)

    def add(self, elements: Sequence[Element], said: int) -> None:
        if self.total is not None and said != self.total:
            raise ListingMoved
        self.total, self.stop = said, min(self.stop, said)
        for element in elements:
            if _is_of(element, self.kind):
                key = rating_key(element)
                self.marks[key] = element_hash(element)
                state = watch_state(element, key)
                if state is not None:
                    self.watched[key] = state

    def page(self) -> ListedPage:
        return ListedPage(
            marks=self.marks,
            watched=self.watched,
            stop=self.stop,
            total=self.total or 0,
            gaps=tuple(sorted(self.broken)),
        )


def _is_of(element: Element, kind: Kind) -> bool:
    """Whether the element is an item of the kind that was asked for: no show among episodes, no collection, a
    numeric key."""
    return rating_key(element) > 0 and element.get("type", "") not in _OTHERS[kind]
