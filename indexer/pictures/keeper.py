"""Keeps the pictures of the items in the index as WebP files: which are wanted, fetched and converted a few at a time.

Bounded: `WIDTH` threads, each with one picture in memory. Trouble with pictures never fails a run of the indexer.
"""

import contextlib
import enum
import logging
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from indexer.pictures import webp
from indexer.pictures.files import ART, FOLDERS, THUMB, PictureFiles, PlexPicture
from indexer.reading.patience import Patience
from plexsync_plugin.base.errors import (
    ItemMissing,
    PictureUnusable,
    PlexUnauthorized,
    PlexUnavailable,
    Rejected,
)
from plexsync_plugin.base.words import count
from plexsync_plugin.core.model import Kind
from plexsync_plugin.plex.gateway import PlexGateway

WIDTH = 4
QUEUED = 4  # pictures for each thread, by address alone: nobody waits for work while a slow one is the oldest
BOXES = {THUMB: (480, 720), ART: (1280, 720)}  # pixels
LARGEST_BODY = 8_000_000  # bytes
FAILURES_IN_A_ROW = 10  # then it is Plex, not a picture
ROWS_AT_ONCE = 2000

NO_PILLOW = "Pictures were left out: the Python package Pillow (with WebP) is not installed."

OTHERS = (
    "Pictures were left out: {folder} holds those of the index {owner}. Name another folder with --image-folder, or delete "
    "{folder} where that index is no more."
)
UNKNOWN = (
    "Pictures were left out: {folder} holds some already, and no note of which index they are. Name another folder with "
    "--image-folder, or delete {folder}."
)

_EPISODE_ART = (Kind.EPISODE, ART)  # no player shows it
_ITEM = re.compile(r"/library/metadata/([0-9]+)/")
_log = logging.getLogger(__name__)


class FetchResult(enum.Enum):
    SAVED = enum.auto()
    UNUSABLE = enum.auto()
    FAILED = enum.auto()


@dataclass(slots=True, kw_only=True)
class PictureCounts:
    """What was done about pictures."""

    saved: int = 0
    unusable: list[int] = field(default_factory=list)  # rating keys of items whose picture cannot be shown
    failed: int = 0  # to be fetched by the next run
    removed: int = 0
    requests: int = 0
    stopped: bool = False  # because another job waits
    left_out: bool = False  # all of them; `notes` say why
    notes: tuple[str, ...] = ()  # sentences for a person

    @property
    def sentence(self) -> str:
        """One sentence for a person; "" when nothing was done."""
        told = [f"{count(self.saved, 'picture')} saved"] if self.saved else []
        told += [f"{self.removed} removed"] if self.removed else []
        told += (
            [f"{len(self.unusable)} skipped as unusable ({_items(self.unusable)})"] if self.unusable else []
        )
        told += [f"{self.failed} to be fetched by the next run"] if self.failed else []
        return f"Artwork: {', '.join(told)}." if told else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureWish:
    """Which pictures to keep, and where."""

    folder: str
    index: str  # path of the index that they belong to
    sections: Collection[int]
    art: bool = False  # backgrounds too
    episode_thumbs: bool = False  # pictures of episodes too
    parallel: bool = True  # several requests at once
    again: bool = False  # ask anew for those that could not be used
    kept_before: bool = False  # whether the index has kept pictures already


class _PicturesRefused(Exception):
    """Plex has answered none of the last requests, so no further picture is asked for; the text says it to a person."""


class PictureKeeper:
    def __init__(
        self,
        wish: PictureWish,
        gateway: PlexGateway,
        connection: sqlite3.Connection,
        patience: Patience,
        advance: Callable[[float, str], None],
        should_yield: Callable[[], bool],
    ) -> None:
        self._wish = wish
        self._gateway = gateway
        self._connection = connection
        self._patience = patience
        self._advance = advance
        self._should_yield = should_yield
        self._files = PictureFiles(wish.folder)
        self._counts = PictureCounts()
        self._failures = 0

    def keep(self) -> PictureCounts:
        """Fetch what is missing and remove what no item shows. Only after a complete run: it removes the pictures of all
        items that the index does not have."""
        if not webp.is_there():
            return PictureCounts(notes=(NO_PILLOW,), left_out=True)
        try:
            owner = self._files.owner(self._wish.index, kept_before=self._wish.kept_before)
            if owner != self._wish.index:
                why = (OTHERS if owner else UNKNOWN).format(folder=self._wish.folder, owner=owner)
                return PictureCounts(notes=(why,), left_out=True)
            self._fetch(sum(1 for _ in self._missing()))
            if not self._counts.stopped:
                self._counts.removed = self._files.remove_orphans(self._shown())
        except OSError as error:
            self._counts.notes += (f"Pictures cannot be kept in {self._wish.folder}: {error.strerror}.",)
        except _PicturesRefused as end:
            self._counts.notes += (str(end),)
        return self._counts

    def _missing(self) -> Iterator[PlexPicture]:
        places = (THUMB, ART) if self._wish.art else (THUMB,)
        for section, picture in self._pictures():
            if section not in self._wish.sections or picture.place not in places:
                continue
            if picture.kind is Kind.EPISODE and not self._wish.episode_thumbs:
                continue
            if not self._files.is_current(picture, again=self._wish.again):
                yield picture

    def _pictures(self) -> Iterator[tuple[int, PlexPicture]]:
        """All pictures of available items, with their library. Read in pieces: an open query would hold up writers."""
        kinds, after = ", ".join(str(int(kind)) for kind in FOLDERS), 0
        while rows := self._connection.execute(
            f"SELECT ratingKey, kind, sectionKey, thumb, art FROM items WHERE ratingKey > ? AND available = 1 "
            f"AND kind IN ({kinds}) ORDER BY ratingKey LIMIT {ROWS_AT_ONCE}",
            (after,),
        ).fetchall():
            after = rows[-1][0]
            for key, kind, section, thumb, art in rows:
                for place, address in ((THUMB, thumb), (ART, art)):
                    if address and _is_own(key, address) and (kind, place) != _EPISODE_ART:
                        picture = PlexPicture(rating_key=key, kind=Kind(kind), place=place, address=address)
                        yield section, picture

    def _shown(self) -> dict[tuple[str, str], set[int]]:
        shown: dict[tuple[str, str], set[int]] = {}
        for _, picture in self._pictures():
            shown.setdefault((FOLDERS[picture.kind], picture.place), set()).add(picture.rating_key)
        return shown

    def _fetch(self, number: int) -> None:
        with contextlib.closing(self._outcomes(self._missing())) as outcomes:
            for done, (key, outcome) in enumerate(outcomes, start=1):
                self._note(key, outcome)
                self._advance(min(done / number, 1.0), f"Fetching pictures: {done} of {number}")
                if self._should_yield():
                    self._counts.stopped = True
                    return

    def _note(self, key: int, outcome: FetchResult) -> None:
        self._counts.requests += 1
        self._counts.saved += outcome is FetchResult.SAVED
        self._counts.failed += outcome is FetchResult.FAILED
        if outcome is FetchResult.UNUSABLE:
            self._counts.unusable.append(key)
        self._failures = self._failures + 1 if outcome is FetchResult.FAILED else 0
        if self._failures >= FAILURES_IN_A_ROW:
            raise _PicturesRefused("Plex hands out no pictures now; the next run goes on with them.")

    def _outcomes(self, pictures: Iterable[PlexPicture]) -> Generator[tuple[int, FetchResult], None, None]:
        """Results in the order of the pictures, with at most `WIDTH` of them in hand."""
        width = WIDTH if self._wish.parallel else 1
        waiting: deque[tuple[int, Future[FetchResult]]] = deque()

        def most() -> int:
            """While Plex hands none out, only as many wait as are in hand: it is not asked for more than it refuses anyhow."""
            return QUEUED * width if self._counts.saved and not self._failures else width

        def first() -> tuple[int, FetchResult]:
            key, future = waiting.popleft()
            return key, future.result()

        with ThreadPoolExecutor(max_workers=width, thread_name_prefix="picture") as pool:
            try:
                for picture in pictures:
                    waiting.append((picture.rating_key, pool.submit(self._take, picture)))
                    while len(waiting) > most():
                        yield first()
                while waiting:
                    yield first()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _take(self, picture: PlexPicture) -> FetchResult:
        """Fetch one picture and write its file. Raises OSError when it cannot be written."""
        width, height = BOXES[picture.place]
        try:
            with self._patience.waiting(1) as within:
                body = self._gateway.picture(
                    picture.address, width=width, height=height, limit=LARGEST_BODY, within=within
                )
            made = webp.to_webp(body, (width, height))
        except (PictureUnusable, ItemMissing, Rejected) as error:
            _log.info("picture skipped item=%d place=%s: %s", picture.rating_key, picture.place, error)
            self._files.skip_until_it_changes(picture)
            return FetchResult.UNUSABLE
        except (PlexUnavailable, PlexUnauthorized) as error:
            _log.info("picture not fetched item=%d place=%s: %s", picture.rating_key, picture.place, error)
            return FetchResult.FAILED
        self._files.save(picture, made)
        return FetchResult.SAVED


def _is_own(rating_key: int, address: str) -> bool:
    """Whether the picture is the item's own.

    A season or album without one shows its parent's, which is kept already.
    """
    found = _ITEM.match(address)
    return address.startswith("/") and (found is None or int(found[1]) == rating_key)


def _items(keys: list[int]) -> str:
    """The first few by name, for a person to look at."""
    shown = ", ".join(str(key) for key in keys[:5])
    return f"items {shown}, ..." if len(keys) > 5 else f"items {shown}"
