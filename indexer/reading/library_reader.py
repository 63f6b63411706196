"""Reads one library into staging: its listings, then the details of what is new or changed. Goes on where a killed run was."""

import logging
from collections.abc import Callable

from indexer.file.staging import Staging
from indexer.file.store import Store, token
from indexer.reading.compare import compare
from indexer.reading.fetch import Fetcher
from indexer.reading.listing import ListingMoved
from indexer.rows.tables import KINDS_OF_SECTION
from plexsync_plugin.base.errors import IndexRefused, PlexBusy
from plexsync_plugin.core.model import Kind, Section

LISTING_ATTEMPTS = 3
LISTING_SHARE = 0.2  # of the work on a library, for the progress shown

log = logging.getLogger(__name__)


class LibraryReader:
    """Reads one library. `advance` is called with the share that is read (0 to 1), and may raise to stop the run."""

    def __init__(
        self,
        fetcher: Fetcher,
        store: Store,
        staging: Staging,
        section: Section,
        *,
        rebuild: bool,
        anew: bool,
        advance: Callable[[float], None],
    ) -> None:
        self._fetcher = fetcher
        self._store = store
        self._staging = staging
        self._section = section
        self._rebuild = rebuild
        self._advance = advance
        self._anew = anew
        self._token = f"{token(section)} {anew}"
        self._kinds = KINDS_OF_SECTION[section.type]
        self._gaps: dict[Kind, list[int]] = {}  # places in the listing

    @property
    def left_out(self) -> list[str]:
        """Names of the items that Plex could not list."""
        return [
            self._name(kind, place - number)
            for kind, places in self._gaps.items()
            for number, place in enumerate(sorted(places))
        ]

    @property
    def done_before(self) -> bool:
        """Whether an earlier run that was cut short has published this library already, in the state that it has
        now."""
        return all(
            self._staging.listing(self._section.key, kind, self._token).published for kind in self._kinds
        )

    def read(self, *, allow_empty: bool) -> dict[Kind, bool]:
        """For each kind, whether all of it was listed. Raises IndexRefused, PlexUnavailable and its kind."""
        complete = {}
        for place, kind in enumerate(self._kinds):
            complete[kind] = self._list(kind, place)
            if not allow_empty and not self._gaps[kind]:
                self._refuse_emptiness(kind)
        for place, kind in enumerate(self._kinds):
            self._read_details(kind, place)
        return complete

    def _list(self, kind: Kind, place: int) -> bool:
        """List one kind until all its pages belong together. False when they never did, or when Plex fails at an item of
        it: then nothing may be called lost."""
        key = self._section.key
        for _ in range(LISTING_ATTEMPTS):
            listing = self._staging.listing(key, kind, self._token)
            self._gaps[kind] = []
            if listing.complete and listing.total:
                return True
            try:
                total = self._read_pages(kind, place, listing.next_start, listing.total)
            except ListingMoved:
                log.info("library=%s kind=%s changed while being listed", key, kind.name)
                self._staging.restart(key, kind, self._token)
                continue
            if self._staging.count(key, kind) + len(self._gaps[kind]) == total:
                if self._gaps[kind]:
                    return False
                self._staging.complete(key, kind)
                return True
            self._staging.restart(key, kind, self._token)
        return self._list_as_it_is(kind, place)

    def _list_as_it_is(self, kind: Kind, place: int) -> bool:
        self._gaps[kind] = []
        try:
            self._read_pages(kind, place, 0, None)
        except ListingMoved as error:
            raise PlexBusy(
                f'The library "{self._section.title}" keeps changing while it is being listed (a scan may be running). '
                "Run the index again when Plex is done."
            ) from error
        return False

    def _read_pages(self, kind: Kind, place: int, start: int, total: int | None) -> int:
        for page in self._fetcher.pages(self._section, kind, start=start, total=total):
            known = {} if self._rebuild else self._store.known(kind, page.marks)
            if self._anew:
                known = dict.fromkeys(known, "")
            self._staging.add_page(
                self._section.key,
                kind,
                page,
                compare(page.marks, known),
            )
            total = page.total
            self._gaps[kind] += page.gaps
            log.debug("library=%s kind=%s listed=%d of %d", self._section.key, kind.name, page.stop, total)
            self._report(0.0, LISTING_SHARE, place + page.stop / max(1, total))
        return total or 0

    def _refuse_emptiness(self, kind: Kind) -> None:
        held = self._store.available(self._section.key, kind)
        if held and not self._staging.count(self._section.key, kind):
            raise IndexRefused(
                f'Plex lists nothing of {kind.name.lower()}s in the library "{self._section.title}", where the index '
                f"has {held}. It may be scanning, or the disk may be away: nothing was marked as gone. "
                "If the library really is empty, run plex_sync.py with --allow-empty."
            )

    def _name(self, kind: Kind, place: int) -> str:
        """As exactly as can be told: Plex says nothing of an item that it fails at, but lists by rating key.

        `place` is how many of those that could be listed come before it.
        """
        after, before = self._staging.around(self._section.key, kind, place)
        noun = kind.name.lower()
        if not before:
            return f"a {noun} after the rating key {after}"
        known = self._store.between(self._section.key, kind, after, before)
        if len(known) == 1:
            ((key, title),) = known.items()
            return f'"{title}" (rating key {key})'
        if before - after == 2:
            return f"the {noun} with the rating key {after + 1}"
        return f"a {noun} between the rating keys {after} and {before}"

    def _read_details(self, kind: Kind, place: int) -> None:
        wanted = self._staging.wanted(self._section.key, kind)
        done = 0
        for batch in self._fetcher.details(self._section, kind, wanted):
            self._staging.add_details(batch.rows)
            done += len(batch.asked)
            log.debug("library=%s kind=%s details=%d of %d", self._section.key, kind.name, done, len(wanted))
            self._report(LISTING_SHARE, 1 - LISTING_SHARE, place + done / len(wanted))

    def _report(self, before: float, share: float, kinds: float) -> None:
        """Tell how far the library is read.

        All kinds are listed before details are read; `kinds` are those that are done.
        """
        self._advance(before + share * kinds / len(self._kinds))
