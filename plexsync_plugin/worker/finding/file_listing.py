"""Lists the libraries that sync may write to, and keeps the files for a while, so that one listing answers for all scenes.

The files are in a temporary database and not in memory: a server may hold 200 000. The libraries are listed at most once in
`EVERY` seconds. A listing that broke off is dropped; one that was put aside for a person's edit goes on where it was; one
during which items vanished, or from which an item that Plex cannot list was left out, can show a file, but cannot say that a
file is not there.
"""

import contextlib
import logging
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, PlexTrouble, PlexUnavailable, PutAside
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import File, Kind, Section
from plexsync_plugin.core.pathmap import name_key
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.translate import asked_for_all
from plexsync_plugin.worker.finding.narrowing import Narrowing, left_out

EVERY = 600.0  # seconds
PAGE = 1_000
SMALLEST_PAGE = 50
# Only files and keys are read. A server that does not know the two exclusions sends everything
# (docs/facts/plex.md section 3.4).
LISTING: dict[str, str | int] = {
    "sort": "id",
    "excludeElements": "Genre,Country,Director,Writer,Role,Collection,Image,UltraBlurColors",
    "excludeFields": "summary,tagline",
}

_CREATE = "CREATE TABLE files (rating_key INTEGER, kind INTEGER, section INTEGER, title TEXT, name TEXT, path TEXT, size INTEGER)"
_INSERT = (
    "INSERT INTO files (rating_key, kind, section, title, name, path, size) VALUES (?, ?, ?, ?, ?, ?, ?)"
)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Place:
    """How far the listing of one section has come: the next page, and the total that Plex gave last."""

    section: Section
    kind: Kind
    pages: Narrowing
    said: int = -1
    ended: bool = False


class FileListing:
    def __init__(self, gateway: PlexGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._files: sqlite3.Connection | None = None
        self._began: float | None = None  # monotonic
        self._began_at = 0.0
        self._complete = False
        self.narrowed = False  # an item was left out, and will be left out again
        self._left: deque[_Place] = deque()  # sections still to be listed to their end

    @property
    def kept(self) -> bool:
        """Whether files of a listing are at hand; drops them when they are too old."""
        if self._files is not None and self._age() >= EVERY:
            self.close()
        return self._files is not None and not self._left

    @property
    def began_at(self) -> float:
        """When the last listing was begun, in epoch seconds; 0 while there was none."""
        return self._began_at

    def wait(self) -> float:
        """Seconds until the next listing may begin, or go on; 0 now."""
        return 0.0 if self._left else max(0.0, EVERY - self._age())

    def _age(self) -> float:
        """Seconds since the last listing was begun."""
        return EVERY if self._began is None else self._clock.monotonic() - self._began

    def answers(self, due_at: float) -> bool:
        """Whether a file that is not in the listing is not in Plex, for a job that is due since `due_at` (epoch
        seconds)."""
        # Where the clock was set back since, nobody knows what came first.
        return self.kept and self._complete and due_at <= self._began_at <= self._clock.now()

    def run(self, sections: Sequence[Section]) -> None:
        """List all these sections, or go on with them. Raises PlexUnavailable and its kind: then there is no listing; and
        PutAside: then it goes on with the next call."""
        try:
            if not self._left or self._age() >= EVERY:
                self._begin(sections)
            with asked_for_all():
                while self._left:
                    self._list_page(self._left[0])
                    if self._left[0].ended:
                        self._left.popleft()
            assert self._files is not None
            self._files.execute("CREATE INDEX by_name ON files (name)")
        except PutAside:
            raise
        except sqlite3.Error as error:
            self.close()
            raise DatabaseError(f"A listing of Plex cannot be kept in a temporary file: {error}.") from error
        except BaseException:
            self.close()
            raise

    def candidates(self, wanted: File) -> list[Candidate]:
        """Items of the listing that hold a file of that name. Raises DatabaseError."""
        if not self.kept or self._files is None:
            return []
        try:
            rows = self._files.execute(
                "SELECT rating_key, kind, section, title, path, size FROM files WHERE name = ?",
                (name_key(wanted.path),),
            ).fetchall()
        except sqlite3.Error as error:
            self.close()
            raise DatabaseError(
                f"A listing of Plex cannot be read from a temporary file: {error}."
            ) from error
        return [
            Candidate(
                rating_key=row[0],
                kind=Kind(row[1]),
                section=row[2],
                title=row[3],
                file=File(path=row[4], size=row[5]),
            )
            for row in rows
        ]

    def close(self) -> None:
        self._left.clear()
        if self._files is not None:
            self._files.close()
            self._files = None

    def _begin(self, sections: Sequence[Section]) -> None:
        self.close()
        self._began, self._began_at = self._clock.monotonic(), self._clock.now()
        self._complete, self.narrowed = True, False
        self._files = _new_store()
        for section in sections:
            if section.item_kind is not None:
                self._left.append(_Place(section, section.item_kind, Narrowing(largest=PAGE)))

    def _list_page(self, place: _Place) -> None:
        """The next page of this section, kept; `place` tells of the one after it."""
        section, pages = place.section, place.pages
        try:
            page = self._gateway.page(
                section.key, place.kind, start=pages.start, size=pages.size, filters=LISTING
            )
        except PlexTrouble as error:
            at = pages.start
            if pages.failed(error):
                _log.warning("%s", left_out(section, at, error))
                self._complete, self.narrowed = False, True
            return
        # Where items vanish, the later ones move up, and some are on no page.
        self._complete = self._complete and page.total >= place.said
        place.said = page.total
        if page.elements:
            self._keep(page.elements, section, place.kind)
            pages.answered(len(page.elements))
        elif pages.start < page.total and pages.size > SMALLEST_PAGE:
            pages.halve()  # a page that is too heavy comes back empty (docs/facts/plex.md section 3.2)
        elif pages.start < page.total:
            raise PlexUnavailable(
                f"Plex lists {page.total} items of {section.title!r} and shows {pages.start}."
            )
        place.ended = pages.start >= page.total
        if place.ended:
            _log.info("listed section=%d items=%d complete=%s", section.key, pages.start, self._complete)

    def _keep(self, page: Iterable[Element], section: Section, kind: Kind) -> None:
        assert self._files is not None
        with contextlib.closing(self._files.cursor()) as cursor:
            cursor.executemany(_INSERT, _rows(page, section, kind))


def _new_store() -> sqlite3.Connection:
    store = sqlite3.connect(
        "", isolation_level=None, check_same_thread=False
    )  # a temporary file, gone with it
    store.execute("PRAGMA journal_mode=OFF")
    store.execute("PRAGMA synchronous=OFF")
    store.execute(_CREATE)
    return store


def _rows(
    page: Iterable[Element], section: Section, kind: Kind
) -> Iterator[tuple[int, int, int, str, str, str, int]]:
    for element in page:
        for file in elements.files(element):
            yield (
                elements.rating_key(element),
                int(kind),
                section.key,
                element.get("title", ""),
                name_key(file.path),
                file.path,
                file.size,
            )
