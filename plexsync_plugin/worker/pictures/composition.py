"""What concerns pictures, for one reading of the settings: put together for a server, and the looks at missing covers."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.picture import PictureOptions, picture_options
from plexsync_plugin.jobs.picture_records import PictureRecords
from plexsync_plugin.jobs.server_records import ServerPictureRecords
from plexsync_plugin.jobs.store import RECONCILE, JobStore
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.stash.covers import StashCover
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.pictures.collection_posters import CollectionPosterGiver, FetchEntity
from plexsync_plugin.worker.pictures.covers import Covers, Fetch
from plexsync_plugin.worker.pictures.fit_cover import CoverFitter, pillow_is_there
from plexsync_plugin.worker.pictures.item_pictures import ItemPictures
from plexsync_plugin.worker.pictures.performer_photos import PerformerPhotos

NOTICES = "picture:"  # causes of notices about pictures
NO_PILLOW = (
    "The setting portrait_posters is on, but the Python package Pillow is not installed, "
    "so posters are the plain covers."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSources:
    """Where pictures come from, and where sentences about them go."""

    fetch: Fetch
    fetch_entity: FetchEntity
    asks_sign_in: Callable[[], bool]  # whether Stash hands out pictures only with a key
    notices: Notices


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPictures:
    """What gives pictures to one server."""

    records: ServerPictureRecords
    images: ItemPictures
    photos: PerformerPhotos
    posters: CollectionPosterGiver


class Pictures:
    """Without sources nothing about pictures is done: a dry run writes no state and reads no covers."""

    def __init__(
        self,
        settings: Settings,
        connection: sqlite3.Connection,
        gateway: PlexGateway,
        clock: Clock,
        sources: PictureSources | None,
    ) -> None:
        self._connection = connection
        self._covers = PictureRecords(connection)
        self._settings = settings
        self._gateway = gateway
        self._clock = clock
        self._sources = sources
        self._options = _options(settings, active=sources is not None)
        if sources is not None:
            self._announce(settings)

    def of_server(self, server: str) -> ServerPictures:
        sources, records = self._sources, ServerPictureRecords(self._connection, server)
        covers = Covers(
            self._covers, records, sources.fetch if sources else _nothing, self._options, self._clock
        )
        images = ItemPictures(
            connection=self._connection,
            records=records,
            covers=covers,
            gateway=self._gateway,
            options=self._options,
            fitter=CoverFitter(),
            tell=lambda text: self._tell("cover", text),
        )
        photos = PerformerPhotos(
            records,
            self._settings,
            sources.asks_sign_in if sources else lambda: True,
            lambda text: self._tell("photo", text),
            self._clock,
        )
        posters = CollectionPosterGiver(
            self._connection,
            server,
            self._gateway,
            sources.fetch_entity if sources else None,
            self._settings,
            lambda text: self._tell("collection", text),
            self._clock,
        )
        return ServerPictures(records=records, images=images, photos=photos, posters=posters)

    def wake_looks(self, store: JobStore) -> None:
        """Make a job for each scene without a cover that is to be looked at again now."""
        now = self._clock.now()
        due = self._covers.due_looks(now) if self._options.slots else []
        if due:
            with transaction(self._connection):
                store.bump(due, priority=RECONCILE, now=now)
                self._covers.take_looks(due)

    def _announce(self, settings: Settings) -> None:
        """Take back what was told under other settings; what is still true is told again."""
        if self._sources is not None:
            for cause in self._sources.notices.causes(NOTICES):
                self._sources.notices.clear(cause)
        if settings.portrait_posters and not self._options.portrait:
            self._tell("pillow", NO_PILLOW)

    def _tell(self, what: str, text: str) -> None:
        if self._sources is not None:
            self._sources.notices.tell(NOTICES + what, "warning", text)


def _options(settings: Settings, *, active: bool) -> PictureOptions:
    if not active:
        return PictureOptions(slots=(), portrait=False, preserve=settings.preserve_plex_edits)
    return picture_options(settings, can_compose=pillow_is_there())


def _nothing(_scene_id: int, _etag: str) -> StashCover | None:
    return None
