"""Everything that hangs on the Plex settings: gateway, finder, planner; made anew when they change."""

import logging
import os
import sqlite3
import uuid
from collections.abc import Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.model import Scene
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import Job, JobStore
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from plexsync_plugin.plex.views import IndexView
from plexsync_plugin.worker.find import Finder
from plexsync_plugin.worker.scene_sync import SceneSync, Work

_log = logging.getLogger(__name__)


def client_id(folder: DataFolder) -> str:
    """The identifier that Plex knows this installation by; kept, or each start would be a new device."""
    try:
        with open(folder.client_id, encoding="ascii") as file:
            kept = file.read().strip()
    except FileNotFoundError:
        kept = ""
    if kept:
        return kept
    fresh = str(uuid.uuid4())
    temporary = f"{folder.client_id}.{os.getpid()}"
    with open(temporary, "w", encoding="ascii") as file:
        file.write(fresh)
    os.replace(temporary, folder.client_id)
    return fresh


def plex_connection(settings: Settings, folder: DataFolder, *, read_attempts: int = 2) -> Connection:
    return Connection(
        url=settings.plex_url,
        token=settings.plex_token.get_secret_value(),
        client_id=client_id(folder),
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        read_attempts=read_attempts,
    )


class PlexSide:
    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        connection: sqlite3.Connection,
        store: JobStore,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.gateway = PlexGateway(plex_connection(settings, folder), clock)
        self._folder = folder
        self._connection = connection
        self._store = store
        self._records = Records(connection)
        self._clock = clock
        self._confirmed = ""

    def server(self) -> str:
        """The machine identifier; asks Plex at the first call."""
        if not self._confirmed:
            server = self.gateway.server()
            self._records.remember_server(self.settings.plex_url, server)
            self._confirmed = server.machine_id
            _log.info("plex server=%s version=%s", server.machine_id, server.version)
        return self._confirmed

    def unsynced(self, jobs: Sequence[Job], scenes: dict[int, Scene]) -> list[Work]:
        """The scenes that are not in sync; the others are finished without asking Plex anything."""
        known = self._confirmed or self._records.known_server(self.settings.plex_url)
        if known:
            work = self.sync(known).unsynced(known, jobs, scenes)
            if not work or self.server() == known:
                return work
            jobs = [entry.job for entry in work]
        return self.sync(self.server()).unsynced(self.server(), jobs, scenes)

    def sync(self, server: str) -> SceneSync:
        finder = Finder(
            self.gateway,
            IndexView(self._folder.index, server),
            self.settings.plex_library,
            strict=self.settings.strict_matching,
        )
        return SceneSync(
            gateway=self.gateway,
            finder=finder,
            connection=self._connection,
            store=self._store,
            records=self._records,
            clock=self._clock,
            settings=self.settings,
        )

    def close(self) -> None:
        self.gateway.close()
