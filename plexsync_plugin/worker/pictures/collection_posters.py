"""Gives collections the pictures of the studios and groups that they are made of, one at a time, while no scene is due.

Stash is asked when a collection was entered for the first time, and after events of its studio or group; Plex, when Stash's
picture is another than the one that the collection has. What stands there is a person's or an agent's unless we know the
bytes as ours. Their names are stored before they are sent, so that a crash in between is recognised.
"""

import dataclasses
import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    ItemMissing,
    PictureUnavailable,
    PictureUnusable,
    PlexSyncError,
    Rejected,
)
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.collection_poster import CollectionPoster, pictured_collections
from plexsync_plugin.core.model import Entity, Scene
from plexsync_plugin.core.picture import POSTERS, digest, upload_key
from plexsync_plugin.jobs.collection_posters import CollectionPosters
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.stash.covers import StashCover
from plexsync_plugin.worker.pictures.fit_cover import CoverFitter
from plexsync_plugin.worker.pictures.restore_pictures import select_saved

FetchEntity = Callable[
    [str, int, str], StashCover | None
]  # kind, id, ETag -> the picture, None while unchanged
Place = tuple[int, str]  # section, and the collection's name in lower case

PAGE_SIZE = 500  # collections per request
LISTING_HOLDS = 60.0  # seconds in which a listing's word that a collection shows no picture counts
# Seconds. Plex may make a collection a while after its first member has got the tag.
LOOK_AGAIN_AFTER = (60.0, 600.0, 3_600.0)
PAUSES = (60.0, 600.0, 3_600.0)  # seconds without another try after trouble of a server

_log = logging.getLogger(__name__)
_OF_ONE_PICTURE = (PictureUnavailable, PictureUnusable, Rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """Collections of one section by name: rating key, and whether it shows a picture of its own."""

    found: Mapping[str, tuple[int, bool]]
    began_at: float  # monotonic


class CollectionPosterGiver:
    """Bound to one server and one reading of the settings. `tell` takes a sentence for a person. Without `fetch` nothing is
    given."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        server: str,
        gateway: PlexGateway,
        fetch: FetchEntity | None,
        settings: Settings,
        tell: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._records = CollectionPosters(connection)
        self._matches = Matches(connection)
        self._server = server
        self._gateway = gateway
        self._fetch = fetch if settings.collection_posters else None
        self._fitter = CoverFitter()
        self._rules = settings.collections
        self._preserve = settings.preserve_plex_edits
        self._tell = tell
        self._clock = clock
        self._known: dict[Place, Entity] | None = None
        self._bare: set[Place] = set()  # those of them whose studio or group had no picture when asked for
        self._listings: dict[int, _Listing] = {}
        self._later: dict[Place, tuple[int, float]] = {}  # looks in vain, and when to look again
        self._pauses, self._paused_until = 0, 0.0
        if self._fetch and not self._preserve:
            self._records.look_at_left_again(server)

    def note(self, scene: Scene) -> None:
        """The scene is in sync, and so in its collections: those that are new wait for their posters from now on."""
        wanted = pictured_collections(scene, self._rules) if self._fetch else {}
        if not wanted:
            return
        known = self._all_known()
        sections = {section for _, section in self._matches.matched_sections_of(self._server, scene.id)}
        for section in sections:
            for name, entity in wanted.items():
                place = (section, name)
                if place not in known or (place in self._bare and known[place] != entity):
                    known[place] = entity
                    self._bare.discard(place)
                    self._listings.pop(section, None)
                    self._records.put(
                        self._server,
                        CollectionPoster(section=section, name=name, kind=entity.kind, entity_id=entity.id),
                    )

    def give_next(self, confirm: Callable[[], str]) -> bool:
        """Settle one collection; whether another may be due. `confirm` asks which server answers.

        Trouble ends here: it is told, and what is not settled waits.
        """
        now = self._clock.monotonic()
        if self._fetch is None or now < self._paused_until:
            return False
        waits = {place for place, (_, until) in self._later.items() if now < until}
        due = self._records.due(self._server, len(waits) + 1)
        poster = next((each for each in due if (each.section, each.name) not in waits), None)
        if poster is None:
            return False
        try:
            if confirm() != self._server:
                return False
            self._settle(poster, self._fetch)
        except _OF_ONE_PICTURE as error:
            _log.warning("collection poster %s %d: %s", poster.kind, poster.entity_id, error)
            self._tell(
                f"The picture of {poster.kind} {poster.entity_id} cannot be given to its collection: {error}"
            )
            self._put(poster, due=False, etag="")
        except PlexSyncError as error:
            self._pause(poster, error)
            return False
        self._pauses = 0
        return True

    @property
    def are_any(self) -> bool:
        """Whether anything is known of posters of collections on this server."""
        return bool(self._records.all_of(self._server))

    def take_back_next(self, *, pass_over: bool) -> int:
        """Give the next collection the poster that it had before ours; how many have got one. `pass_over`: Plex fails at this one
        again and again, and it is forgotten as it is.

        Raises what the gateway raises, and then nothing is forgotten.
        """
        given_back = 0
        for poster in self._records.all_of(self._server)[:1]:
            try:
                given_back = 0 if pass_over else self._give_back(poster)
            except Rejected as error:
                _log.warning("collection poster not given back item=%d %s", poster.rating_key, error)
            self._records.drop(self._server, poster)
        self._known = None
        self._bare.clear()
        self._later.clear()
        return given_back

    def _all_known(self) -> dict[Place, Entity]:
        if self._known is None:
            posters = self._records.all_of(self._server)
            self._known = {(each.section, each.name): each.entity for each in posters}
            self._bare = {
                (each.section, each.name)
                for each in posters
                if not (each.due or each.given.is_ours or each.etag)
            }
        return self._known

    def _pause(self, poster: CollectionPoster, error: PlexSyncError) -> None:
        """A server's trouble: everything waits, and this one goes behind the others."""
        pause = PAUSES[min(self._pauses, len(PAUSES) - 1)]
        now = self._clock.monotonic()
        self._pauses += 1
        self._paused_until = now + pause
        self._later[(poster.section, poster.name)] = (0, now + 2 * pause)
        _log.warning("collection posters wait %.0f s: %s", pause, error)
        if self._pauses == len(PAUSES):
            self._tell(
                f"Posters of collections cannot be given yet, and are tried again once an hour: {error}"
            )

    def _put(self, poster: CollectionPoster, **changes: object) -> CollectionPoster:
        after = dataclasses.replace(poster, **changes)  # type: ignore[arg-type] # the caller names the fields
        self._records.put(self._server, after)
        if not after.due:
            self._later.pop((poster.section, poster.name), None)
        return after

    # --- one collection ------------------------------------------------------------------------------------------

    def _settle(self, poster: CollectionPoster, fetch: FetchEntity) -> None:
        picture = fetch(poster.kind, poster.entity_id, poster.etag)
        if picture is None:
            self._put(poster, due=False)
        elif picture.is_default:
            self._give_back(poster)
            self._bare.add((poster.section, poster.name))
            self._put(poster, due=False, etag="", is_left=False, sha1="", sending="", saved=None)
        else:
            self._give(poster, picture)

    def _give(self, poster: CollectionPoster, picture: StashCover) -> None:
        data = self._fitter.plain(picture.data)
        sha1 = digest(data)
        if sha1 == poster.sha1 and not poster.sending and not poster.is_left:
            self._put(poster, due=False, etag=picture.etag)
            return
        placed = self._placed(poster)
        if placed is None:
            self._look_later(poster)
            return
        poster, there = placed
        selected = _selected(there)
        if not self._is_to_replace(poster, selected):
            self._put(poster, due=False, etag=picture.etag, is_left=True)
            return
        if not poster.given.wrote(selected) and (selected or poster.saved is None):
            poster = dataclasses.replace(poster, saved=selected)
        names = ",".join(dict.fromkeys((*poster.given.under_way, sha1)))
        poster = self._put(poster, sending=names, is_left=False)
        ours = upload_key(POSTERS.element, sha1)
        if ours not in there:
            self._gateway.upload_picture(poster.rating_key, POSTERS, data)
        elif not there[ours]:
            self._gateway.select_picture(poster.rating_key, POSTERS, ours)
        self._put(poster, due=False, etag=picture.etag, sha1=sha1, sending="")
        _log.info("collection poster %s=%d item=%d", poster.kind, poster.entity_id, poster.rating_key)

    def _is_to_replace(self, poster: CollectionPoster, selected: str) -> bool:
        """With preserve_plex_edits only our own poster is, or none where none was chosen since ours."""
        if not self._preserve or poster.given.wrote(selected):
            return True
        return not selected and not poster.given.is_ours

    def _placed(self, poster: CollectionPoster) -> tuple[CollectionPoster, dict[str, bool]] | None:
        """The poster with the collection's rating key of now, and the pictures there by key, with which is selected. None: Plex
        has no such collection.

        A key that is remembered counts while our picture is there: Plex may give it to another item.
        """
        if poster.rating_key and poster.given.is_ours:
            there = self._there(poster.rating_key)
            if there is not None and poster.given.wrote(_selected(there)):
                return poster, there
            self._listings.pop(poster.section, None)
        listing = self._listing(poster.section)
        key, shows = listing.found.get(poster.name, (0, False))
        if not key:
            return None
        if key != poster.rating_key:
            poster = dataclasses.replace(poster, rating_key=key, sha1="", sending="", saved=None)
        fresh = self._clock.monotonic() - listing.began_at <= LISTING_HOLDS
        if not shows and fresh and not poster.given.is_ours:
            return poster, {}
        found = self._there(key)
        return None if found is None else (poster, found)

    def _look_later(self, poster: CollectionPoster) -> None:
        place = (poster.section, poster.name)
        looks, _ = self._later.get(place, (0, 0.0))
        self._listings.pop(poster.section, None)
        if looks == len(LOOK_AGAIN_AFTER):
            self._put(poster, due=False)
        else:
            self._later[place] = (looks + 1, self._clock.monotonic() + LOOK_AGAIN_AFTER[looks])

    def _there(self, rating_key: int) -> dict[str, bool] | None:
        try:
            return {shown.key: shown.selected for shown in self._gateway.pictures(rating_key, POSTERS)}
        except ItemMissing:
            return None

    def _listing(self, section: int) -> _Listing:
        """What was listed last, or one listing of the section's collections."""
        known = self._listings.get(section)
        if known is not None:
            return known
        began_at = self._clock.monotonic()
        found: dict[str, tuple[int, bool]] = {}
        start, total = 0, 1
        while start < total:
            page = self._gateway.listing(
                f"/library/sections/{section}/collections", query={}, start=start, size=PAGE_SIZE
            )
            for element in page.elements:
                # Of a collection without a poster the address is of a picture that Plex composes of its members'.
                thumb = element.get("thumb", "")
                shows = bool(thumb) and "/composite/" not in thumb
                name = element.get("title", "").casefold()
                found.setdefault(name, (elements.number(element, "ratingKey"), shows))
            start, total = start + max(len(page.elements), 1), page.total
        self._listings[section] = _Listing(found=found, began_at=began_at)
        return self._listings[section]

    def _give_back(self, poster: CollectionPoster) -> int:
        """Select what was there before ours, unless another has been chosen since; the number of requests that wrote."""
        if not poster.given.is_ours:
            return 0
        there = self._there(poster.rating_key)
        if there is None:
            return 0
        selected = _selected(there)
        if not poster.given.wrote(selected):
            return 0
        return select_saved(poster.given, selected, list(there), self._gateway)


def _selected(there: Mapping[str, bool]) -> str:
    return next((key for key, chosen in there.items() if chosen), "")
