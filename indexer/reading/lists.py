"""Brings collections and playlists into the index: their listings, and the members of those that are new or changed.

No counter of Plex tells of a playlist, and none for certain of a collection, so both are listed whenever a library has
been, which is at least once a day; a run that finds nothing changed asks for neither. Trouble with them never fails a run.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from indexer.file.list_store import KnownList, ListStore
from indexer.rows import lists
from indexer.rows.lists import COLLECTION, PLAYLIST, ListedList, Members
from plexsync_plugin.base.clock import Clock, utc_text
from plexsync_plugin.base.errors import ItemMissing, PlexUnauthorized, PlexUnavailable, Rejected
from plexsync_plugin.core.model import Section
from plexsync_plugin.plex.gateway import Page, PlexGateway

PAGE_SIZE = 500
# After so many seconds members are read again although the listing shows no change. A filter finds other items without
# any trace of it there; and that each exchange of members leaves one is not known.
OLD_SMART, OLD = 24 * 3600.0, 7 * 24 * 3600.0
AT_ONCE = 100_000  # members, before what has been read is written
MOST_FAILURES = 3  # lists in a row whose members Plex does not give; then it is not the lists

ALL_PLAYLISTS = 15  # Plex's number of the type: without it, it lists folders of playlists in their place
# Of a member its key and title are wanted, the rest would be megabytes. A server may ignore the wish.
BRIEF: Mapping[str, str | int] = {
    "excludeElements": "Media,Genre,Country,Director,Writer,Role,Collection,Guid,Image,UltraBlurColors",
    "excludeFields": "summary,tagline",
}

_MISSING = (PlexUnauthorized, ItemMissing, Rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """All collections of a library, or all playlists."""

    what: str  # for a person
    lists: Mapping[int, ListedList]  # by rating key
    complete: bool  # whether they are as many as Plex says; else nothing may be called gone


class ListReader:
    """`requests` are those sent, `notes` what a person should know of trouble; `stopped`: because another job waits."""

    def __init__(
        self,
        gateway: PlexGateway,
        store: ListStore,
        clock: Clock,
        should_yield: Callable[[], bool],
        *,
        anew: bool,
    ) -> None:
        """`anew`: all members are read, whatever is known."""
        self._gateway = gateway
        self._store = store
        self._clock = clock
        self._should_yield = should_yield
        self._anew = anew
        self.requests = 0
        self.notes: list[str] = []
        self.stopped = False

    def read(self, sections: Collection[Section], read_now: Collection[int]) -> None:
        """What is due, of these libraries and of playlists. `read_now`: keys of the libraries that this run has listed.

        Raises PlexUnavailable where Plex is away.
        """
        due = self._store.collections_due([section.key for section in sections], read_now)
        for section in sections:
            if section.key in due and not self.stopped:
                self._read_collections(section)
        if not self.stopped and (read_now or self._store.playlists_due()):
            self._read_playlists()

    def _read_collections(self, section: Section) -> None:
        listing = self._list(
            f'The collections of "{section.title}"',
            f"/library/sections/{section.key}/collections",
            {},
            lambda element: lists.collection(element, section.key),
        )
        if listing is not None:
            self._take(listing, COLLECTION, section.key)

    def _read_playlists(self) -> None:
        listing = self._list("The playlists", "/playlists", {"type": ALL_PLAYLISTS}, lists.playlist)
        if listing is not None:
            self._take(listing, PLAYLIST, None)

    def _list(
        self, what: str, path: str, query: Mapping[str, str | int], made: Callable[[Element], ListedList]
    ) -> _Listing | None:
        """None where Plex does not give it."""
        found: dict[int, ListedList] = {}
        total = 0
        try:
            for page in self._pages(path, query):
                listed = [made(element) for element in page.elements]
                found |= {each.row.ratingKey: each for each in listed if each.row.ratingKey > 0}
                total = page.total
        except _MISSING as error:
            self.notes.append(f"{what} are not in the index, as Plex does not show them: {error}")
            return None
        except PlexUnavailable as trouble:
            self._gateway.probe()  # raises when it is Plex that is away
            self.notes.append(f"{what} could not be read, the next run asks again: {trouble}")
            return None
        return _Listing(what=what, lists=found, complete=len(found) == total)

    def _take(self, listing: _Listing, kind: str, section: int | None) -> None:
        known = {} if self._anew else self._store.known(kind, section)
        fresh: dict[int, tuple[ListedList, Members | None]] = {}
        due = [each for each in listing.lists.values() if self._is_due(each, known.get(each.row.ratingKey))]
        failed: list[str] = []
        in_row = 0
        for listed in due:
            if self._should_yield():
                self.stopped = True
                break
            members = self._members(listed) if in_row < MOST_FAILURES else None
            in_row = in_row + 1 if members is None else 0
            if members is None:
                failed.append(listed.row.title)
            fresh[listed.row.ratingKey] = (listed, members)
            if sum(len(each.keys) for _, each in fresh.values() if each) >= AT_ONCE:
                self._store.write(fresh, self._now())
                fresh = {}
        self._store.write(fresh, self._now())
        if not self.stopped:
            self._store.finish(kind, section, listing.lists if listing.complete else None, self._now())
        if failed:
            others = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
            self.notes.append(
                f'{listing.what}: Plex does not say what is in "{failed[0]}"{others}; a later run asks again.'
            )

    def _is_due(self, listed: ListedList, known: KnownList | None) -> bool:
        if known is None or known.mark != listed.mark:
            return True
        now, old = self._clock.now(), OLD_SMART if listed.row.smart else OLD
        return not utc_text(now - old) <= known.read_at <= utc_text(now)

    def _members(self, listed: ListedList) -> Members | None:
        """What is in it; None where Plex does not say so."""
        members = Members()
        if not listed.path:
            return members
        machine_id = self._gateway.server().machine_id
        try:
            for page in self._pages(listed.path, BRIEF):
                keys = lists.member_keys(page.elements, machine_id)
                held = self._store.held(keys)
                for element, key in zip(page.elements, keys, strict=True):
                    if key not in held and element.get("title"):
                        members.titles[len(members.keys)] = element.get("title", "")
                    members.keys.append(key)
        except PlexUnavailable:
            self._gateway.probe()  # raises when it is Plex that is away, and not this list that is broken
            return None
        except _MISSING:
            return None
        return members

    def _pages(self, path: str, query: Mapping[str, str | int]) -> Iterator[Page]:
        start = 0
        while True:
            self.requests += 1
            page = self._gateway.listing(path, query=query, start=start, size=PAGE_SIZE)
            yield page
            start += len(page.elements)
            if not page.elements or start >= page.total:
                return

    def _now(self) -> str:
        return utc_text(self._clock.now())
