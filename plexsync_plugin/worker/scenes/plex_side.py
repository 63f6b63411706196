"""Everything that hangs on the Plex settings: gateway, finder, planner; made anew when they change."""

import logging
import sqlite3
from collections.abc import Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.model import Scene
from plexsync_plugin.jobs.learned import known_rules
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import Job, JobStore
from plexsync_plugin.plex.connection import plex_connection
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.translate import asked_for_all
from plexsync_plugin.plex.views import IndexView
from plexsync_plugin.worker.finding.finder import Finder
from plexsync_plugin.worker.finding.folder_scans import FolderScans
from plexsync_plugin.worker.finding.scene_items import FilesLike, SceneItems
from plexsync_plugin.worker.pictures.composition import Pictures, PictureSources
from plexsync_plugin.worker.scenes.scene_sync import SceneSync
from plexsync_plugin.worker.scenes.scene_work import SceneWork

_log = logging.getLogger(__name__)


class PlexSide:
    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        connection: sqlite3.Connection,
        store: JobStore,
        clock: Clock,
        gateway: PlexGateway | None = None,
        sources: PictureSources | None = None,
    ) -> None:
        """`gateway` is another than the usual one: that of a dry run. Without `sources` no picture is touched."""
        self.settings = settings
        self.gateway = gateway or PlexGateway(plex_connection(settings, folder), clock)
        self._folder = folder
        self._connection = connection
        self._store = store
        self._records = Records(connection)
        self._clock = clock
        self._pictures = Pictures(settings, connection, self.gateway, clock, sources)
        self._confirmed = ""
        self._finders: dict[str, Finder] = {}
        self.files_like: FilesLike | None = None  # to ask Stash whose a file is

    def server(self) -> str:
        """The machine identifier; asks Plex at the first call."""
        if not self._confirmed:
            with asked_for_all():
                server = self.gateway.server()
            self._records.remember_server(self.settings.plex_url, server)
            self._confirmed = server.machine_id
            _log.info("plex server=%s version=%s", server.machine_id, server.version)
        return self._confirmed

    def unsynced(self, jobs: Sequence[Job], scenes: dict[int, Scene]) -> list[SceneWork]:
        """The scenes that are not in sync; the others are finished without asking Plex anything."""
        known = self._confirmed or self._records.known_server(self.settings.plex_url)
        if known:
            work = self.sync(known).unsynced(known, jobs, scenes)
            if not work or self.server() == known:
                return work
            jobs = [entry.job for entry in work]
        return self.sync(self.server()).unsynced(self.server(), jobs, scenes)

    def finder(self, server: str) -> Finder:
        """One for the life of these settings: it remembers what was listed and how much was looked up."""
        if server not in self._finders:
            index = IndexView(self._folder.index, server)
            self._finders[server] = Finder(self.gateway, index, self.settings, self._clock)
        self._finders[server].learn(known_rules(self._connection, server))
        return self._finders[server]

    @property
    def swept_at(self) -> float:
        """When the libraries were listed last for all missing files at once, in epoch seconds; 0 for never."""
        return max((finder.listing.began_at for finder in self._finders.values()), default=0.0)

    def sync(self, server: str) -> SceneSync:
        return SceneSync(
            gateway=self.gateway,
            items=self._items(server),
            connection=self._connection,
            store=self._store,
            pictures=self._pictures,
            clock=self._clock,
            settings=self.settings,
        )

    def _items(self, server: str) -> SceneItems:
        finder = self.finder(server)
        scans = FolderScans(self.gateway, finder, self._connection, self._clock)
        return SceneItems(
            self.gateway,
            finder,
            self._connection,
            scans=scans if self.settings.scan_plex else None,
            skip_unmatched=self.settings.skip_unmatched,
            files_like=self.files_like,
        )

    def wake_looks(self) -> None:
        self._pictures.wake_looks(self._store)

    def close(self) -> None:
        for finder in self._finders.values():
            finder.listing.close()
        self.gateway.close()
