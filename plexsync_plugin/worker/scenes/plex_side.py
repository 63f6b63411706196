"""Plex for one reading of the settings: the gateway, which server answers, and what is bound to that server."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.match import grounds_mark
from plexsync_plugin.core.model import Scene, Server
from plexsync_plugin.core.options import scope
from plexsync_plugin.core.scene import out_of_scope
from plexsync_plugin.jobs.facts import SERVER, SERVER_NAME, SERVER_SINCE, SERVER_VERSION
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.jobs.store import Job, JobStore
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.translate import asked_for_all
from plexsync_plugin.plex.views import IndexView
from plexsync_plugin.worker.finding.finder import Finder
from plexsync_plugin.worker.finding.folder_scans import FolderScans
from plexsync_plugin.worker.finding.owners import Owners
from plexsync_plugin.worker.finding.scene_items import SceneItems
from plexsync_plugin.worker.pictures.composition import Pictures, ServerPictures
from plexsync_plugin.worker.scenes.scene_sync import SceneSync
from plexsync_plugin.worker.scenes.scene_work import SceneWork
from plexsync_plugin.worker.scenes.stash_sources import StashSources

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSide:
    """What is bound to one server and one reading of the settings. The finder remembers what was listed and how much was
    looked up singly."""

    machine_id: str
    records: ServerRecords
    finder: Finder
    pictures: ServerPictures
    scenes: SceneSync


class PlexSide:
    """Made anew when the settings change; what is bound to a server, when another one answers at the address."""

    def __init__(
        self,
        settings: Settings,
        gateway: PlexGateway,
        connection: sqlite3.Connection,
        clock: Clock,
        *,
        index: str,
        sources: StashSources,
    ) -> None:
        """`index` is the path of the index file, which need not exist."""
        self.settings = settings
        self.gateway = gateway
        self._connection = connection
        self._index = index
        self._records = Records(connection)
        self._clock = clock
        self._sources = sources
        self._pictures = Pictures(settings, connection, gateway, clock, sources.pictures)
        self._confirmed = ""
        self._bound: ServerSide | None = None

    def server(self) -> str:
        """The machine identifier; asks Plex at the first call, and when a probe was answered by another server. Raises what
        the gateway raises."""
        with asked_for_all():
            server = self.gateway.server()
        if server.machine_id != self._confirmed:
            self._meet(server)
        return self._confirmed

    def _meet(self, server: Server) -> None:
        """A server that was not met before in this life. Another one than before may have what the other one lacked."""
        before = self._confirmed or self._records.known_server(self.settings.plex_url)
        with transaction(self._connection):
            self._records.remember_server(self.settings.plex_url, server)
            self._note_server(server)
        ServerRecords(self._connection, server.machine_id).forget_limit_of_another(server.version)
        self._confirmed = server.machine_id
        _log.info("plex server=%s version=%s", server.machine_id, server.version)
        if before and before != server.machine_id:
            JobStore(self._connection).wake_all(self._clock.now())

    def _note_server(self, server: Server) -> None:
        if self._records.fact(SERVER) != server.machine_id:
            self._records.set_fact(SERVER_SINCE, str(self._clock.now()))
        for name, value in (
            (SERVER, server.machine_id),
            (SERVER_NAME, server.name),
            (SERVER_VERSION, server.version),
        ):
            self._records.set_fact(name, value)

    def current(self) -> ServerSide:
        """What is bound to the server that answers. Raises as `server` does."""
        return self._bind(self.server())

    def unsynced(self, jobs: Sequence[Job], scenes: dict[int, Scene]) -> list[SceneWork]:
        """The scenes that are not in sync; the others are finished without asking Plex anything.

        Plex has been asked who it is when there are any. Raises what the gateway raises.
        """
        known = self.server() if self._confirmed else self._records.known_server(self.settings.plex_url)
        if known:
            side = self._bind(known)
            self.learn_rules()
            work = side.scenes.unsynced(jobs, scenes)
            if not work or self.server() == known:
                return work
            jobs = [each.job for each in work]
        return self.current().scenes.unsynced(jobs, scenes)

    def grounds_between(self, after: int, last: int) -> Callable[[Scene], str]:
        """For scenes with ids above `after`, up to `last`: what their being in sync rests on, as `unsynced` compares it."""
        side = self.current()
        matches = self._records.file_matches_between(side.machine_id, after, last)
        sections = self._records.matched_sections_between(side.machine_id, after, last)

        def mark(scene: Scene) -> str:
            now = side.finder.as_of_now(scene, matches.get(scene.id, ()))
            return grounds_mark(side.machine_id, now, sections.get(scene.id, ()))

        return mark

    def learn_rules(self) -> None:
        """Path rules that were learned since, and what a person has chosen since, hold from now on."""
        if self._bound is not None:
            self._bound.finder.learn(self._bound.records.known_rules(), self._bound.records.choices())

    @property
    def known_server(self) -> str:
        """The machine identifier of the server that has answered last; "" while none has."""
        return self._confirmed

    def forget_details(self, rating_key: int) -> None:
        """The item is about to be another: what was read of it is not handed on."""
        if self._bound is not None:
            self._bound.finder.appeared.forget_details(rating_key)

    @property
    def listed_at(self) -> float:
        """When the libraries were listed last for all missing files at once, in epoch seconds; 0 for never."""
        return self._bound.finder.listing.began_at if self._bound is not None else 0.0

    def wake_looks(self) -> None:
        self._pictures.wake_looks(JobStore(self._connection))

    def give_a_collection_poster(self) -> bool:
        """The next poster of a collection that is due; True when another may be. Raises PutAside; trouble is the posters' own."""
        known = self._confirmed or self._records.known_server(self.settings.plex_url)
        return bool(known) and self._bind(known).pictures.posters.give_next(self.server)

    def close(self) -> None:
        self._unbind()
        self.gateway.close()

    def _unbind(self) -> None:
        if self._bound is not None:
            self._bound.finder.listing.close()
            self._bound = None

    def _bind(self, machine_id: str) -> ServerSide:
        if self._bound is None or self._bound.machine_id != machine_id:
            self._unbind()
            self._bound = self._made(machine_id)
        return self._bound

    def _made(self, machine_id: str) -> ServerSide:
        records = ServerRecords(self._connection, machine_id)
        finder = Finder(
            self.gateway, IndexView(self._index, machine_id, self._sources.tell), self.settings, self._clock
        )
        finder.learn(records.known_rules(), records.choices())
        scans = FolderScans(self.gateway, finder, self._connection, machine_id, self._clock)
        items = SceneItems(
            self.gateway,
            finder,
            records,
            scans=scans if self.settings.scan_plex else None,
            skip_unmatched=self.settings.skip_unmatched,
            takes_back=self.settings.take_back,
            owners=Owners(finder, self._sources.files_like, self._is_left_out),
        )
        pictures = self._pictures.of_server(machine_id)
        scenes = SceneSync(
            gateway=self.gateway,
            items=items,
            records=records,
            pictures=pictures,
            clock=self._clock,
            settings=self.settings,
            sources=self._sources,
        )
        return ServerSide(
            machine_id=machine_id, records=records, finder=finder, pictures=pictures, scenes=scenes
        )

    def _is_left_out(self, scene_id: int) -> bool:
        scene = self._sources.scenes([scene_id]).get(scene_id) if self._sources.scenes else None
        return scene is not None and bool(out_of_scope(scene, scope(self.settings)))
