"""A Stash, a Plex and a worker in this process, over real sockets, in a time of their own: hundreds of histories in minutes.

Stash's hooks are carried out in the thread of the request, with the document that Stash would write; everything else is
what runs outside tests. The worker is killed as `sync_clock` says; where its own files are damaged or replaced it is put together
again as `worker.entry` does it.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.file_trouble import FilesReplaced
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.hook import row_of
from plexsync_plugin.jobs import inbox
from plexsync_plugin.stash.connection import StashConnection, connection_of
from plexsync_plugin.worker.app import assemble
from plexsync_plugin.worker.loop import Worker
from plexsync_plugin.worker.mending import Mending
from plexsync_plugin.worker.waiting import Waiting
from tests.in_memory import memory_folder
from tests.property.sync_clock import CallFuse, Killed, WorldClock
from tests.sim.faults import Fault, Faults
from tests.sim.message import Request, Response
from tests.sim.plex.application import PlexApplication
from tests.sim.plex.library import Library, let_pass
from tests.sim.plex.listing import Listings
from tests.sim.plex.loading import load_library as load_plex
from tests.sim.plex.world import World
from tests.sim.process import ROOT
from tests.sim.server import Server
from tests.sim.stash import clock as stash_clock
from tests.sim.stash.application import Stash
from tests.sim.stash.connection import watched_server
from tests.sim.stash.control import load_library as load_stash
from tests.sim.stash.documents import hook_arguments
from tests.sim.stash.gojson import dump
from tests.sim.stash.installation import Context, Installation
from tests.sim.stash.plugin_process import Result
from tests.sim.stash.runner import Caller, Event, Runner

TOKEN = "world-token-51ab"
TURNS = 4_000
IDLE = 3  # turns without work
WAITING = (
    "SELECT min(at) AS at FROM (SELECT min(due_at) AS at FROM jobs WHERE state = 'waiting' "
    "UNION ALL SELECT min(due_at) FROM orders WHERE state = 'waiting' "
    "UNION ALL SELECT probe_at FROM breaker WHERE probe_at > 0)"
)


class HookRunner(Runner):
    """`say` and hooks without a process each; what a hook does is the plugin's own code."""

    def bind(self, folder: DataFolder, said: list[str]) -> None:
        self._folder, self._said = folder, said

    def fire(self, caller: Caller, event: Event) -> None:
        for plugin in self._plugins.enabled():
            if any(event.type in hook.triggered_by for hook in plugin.hooks):
                written = hook_arguments({}, event.type, event.id, event.given, list(event.fields))
                row = row_of(json.loads(dump(written))["hookContext"])
                assert row is not None
                inbox.put(self._folder, row, Clock())

    def run_operation(self, caller: Caller, plugin: Any, given: dict[str, Any]) -> Result:
        self._said.append(str(given.get("text")))
        return Result("said")


class WatchedPlex:
    """The application, with somebody who sees every request that writes."""

    def __init__(self, world: World) -> None:
        self.plex = PlexApplication(world)
        self.before: Callable[[Request], None] = lambda _request: None
        self.after: Callable[[Request, Response], None] = lambda _request, _response: None
        self.spoil: Callable[[Response], None] = lambda _response: (
            None
        )  # what becomes of answers on their way

    def answer(self, request: Request) -> Response:
        response = self._answer(request)
        self.spoil(response)
        return response

    def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            return self.plex.answer(request)
        let_pass(1)  # Plex stamps whole seconds, and a history is over in one
        self.before(request)
        response = self.plex.answer(request)
        self.after(request, response)
        return response

    def control(self, name: str, payload: Any) -> Any:
        return self.plex.control(name, payload)


class ToldFaults(Faults):
    """With somebody who hears of every request, and what fault it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Callable[[str, Fault | None], None] = lambda _line, _fault: None

    def take(self, line: str) -> Fault | None:
        fault = super().take(line)
        self.told(line, fault)
        return fault


class SyncWorld:
    def __init__(self, folder: Path) -> None:
        self._root = folder
        self.clock = WorldClock()
        self._clock_before = stash_clock.source[0]
        stash_clock.source[0] = self.clock.peek
        config = folder / "stash"
        plugin = config / "plugins" / "PlexSync"
        plugin.mkdir(parents=True)
        shutil.copy2(ROOT / "PlexSync.yml", plugin)
        # What the worker watches of its own files: this is no test of updates.
        (plugin / "plexsync_plugin").mkdir()
        (plugin / "plexsync_plugin" / "start.py").touch()
        self._plugin = str(plugin)
        self.folder = DataFolder(str(config / "plexsync"))
        self.said: list[str] = []
        self.requests = 0  # to either server
        self.world = World()
        self.plex = WatchedPlex(self.world)
        self.plex_server = Server(self.plex, 0, self._count)
        self.plex_server.faults = self.faults = ToldFaults()
        self.stash = Installation("v0.30.1", config, config / "plugins", None)
        runner = HookRunner(
            self.stash.plugins, self.stash.sessions, self.stash.log, self.stash.connection, None
        )
        runner.bind(self.folder, self.said)
        self.stash.runner = runner
        self.stash_application = Stash(self.stash)
        server_class = watched_server(lambda port: setattr(self.stash.connection, "port", port))
        self.stash_server = server_class(self.stash_application, 0, self._count)
        for server in (self.plex_server, self.stash_server):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.port = int(self.stash_server.server_address[1])
        self._opened = contextlib.ExitStack()
        self._lock: FileLock | None = None  # the worker's, as long as one lives
        self.worker: Worker | None = None
        self.harmed = False  # somebody has done something to the worker's files
        self.losses: list[str] = []  # what a person is told of what they held
        self.lost: Callable[[str], None] = lambda _sentence: None
        self.listens = True  # to Plex's events, from the next worker on

    def _count(self, _request: Request) -> bool:
        """In place of a log of them all."""
        self.requests += 1
        return True

    def close(self) -> None:
        stash_clock.source[0] = self._clock_before
        self.stop()
        for server in (self.plex_server, self.stash_server):
            server.shutdown()
            server.server_close()

    # --- a new history --------------------------------------------------------------------------------------------

    def begin(self, plex: dict[str, Any], stash: dict[str, Any], settings: Mapping[str, Any]) -> None:
        self.stop()
        self.harmed = False
        self.losses.clear()
        self.lost = lambda _sentence: None
        shutil.rmtree(self.folder.root, ignore_errors=True)
        os.makedirs(self.folder.root)
        self.folder.make()
        self.plex_server.faults.clear()
        self.clock.fuse = None
        self.clock.restart()
        self.said.clear()
        library = Library()
        load_plex(library, plex)
        self.world.library = library
        self.world.settings.change(
            {"token": TOKEN, "tag_mode": "append", "missing_id_status": 404, "upload_locks": True}
        )
        self.world.listings = Listings(library, self.world.settings)
        self.stash.library.load({})
        load_stash(Context(stash=self.stash), stash)
        self.stored: dict[str, Any] = {}
        self.configure(
            {
                "plex_url": f"http://127.0.0.1:{self.plex_server.server_address[1]}",
                "plex_token": TOKEN,
                "index_interval": -1,
                "reconcile_interval": -1,
                **settings,
            }
        )
        self.start()

    def start(self) -> None:
        """A worker on the files as they are, the one before it gone."""
        self.stop()
        self._take(FileLock(self.folder.worker_lock))
        self._put_together()

    def stop(self) -> None:
        """No worker lives."""
        self._opened.close()
        if self._lock is not None:
            self._lock.release()
        self._lock = self.worker = None

    def _take(self, lock: FileLock) -> None:
        assert lock.try_acquire()
        self._lock = lock

    def _put_together(self) -> None:
        """As often as its own files allow it."""
        while self.worker is None:
            assert self._lock is not None
            try:
                worker = self._opened.enter_context(
                    assemble(
                        self.folder,
                        self._connection(),
                        self._lock,
                        Redaction(),
                        self.clock,
                        self._plugin,
                        listens=self.listens,
                    )
                )
                worker._recover()
            except (DatabaseError, sqlite3.Error, OSError) as error:
                self._mend(error)
            else:
                self.worker = worker
        self._hear_of_losses()

    def _connection(self) -> StashConnection:
        return connection_of(
            {
                "Scheme": "http",
                "Host": "127.0.0.1",
                "Port": self.port,
                "Dir": str(self._root / "stash"),
                "SessionCookie": {"Name": "session", "Value": ""},
            }
        )

    # --- its files ------------------------------------------------------------------------------------------------

    def _mending(self) -> Mending:
        return Mending(self.folder, Waiting(self._connection(), self.clock), self.clock)

    def _mend(self, error: Exception) -> None:
        if not self.harmed:
            raise error
        self._opened.close()
        self.worker = None
        assert self._mending().mend(error)

    def _follow(self) -> None:
        """Other files stand where the worker's were."""
        self._opened.close()
        assert self.harmed
        assert self._lock is not None
        self.worker, self._lock = None, self._mending().follow(self._lock)

    def _hear_of_losses(self) -> None:
        for row in self.rows("SELECT text FROM notices WHERE text LIKE '%was damaged and is made anew%'"):
            if row["text"] not in self.losses:
                self.losses.append(row["text"])
                self.lost(row["text"])

    # --- Stash ----------------------------------------------------------------------------------------------------

    def gql(self, query: str, **variables: Any) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.loads(response.read())
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def configure(self, settings: Mapping[str, Any]) -> None:
        self.stored |= settings
        self.gql('mutation($i:Map!){configurePlugin(plugin_id:"PlexSync",input:$i)}', i=self.stored)

    def stash_control(self, name: str, payload: dict[str, Any]) -> Any:
        return self.stash_application.control(name, payload)

    @property
    def settings(self) -> Settings:
        return read_settings(self.stored)

    # --- the worker -----------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        assert self.worker is not None
        try:
            ending = self.worker.turn()
        except FilesReplaced:
            self._follow()
            self._put_together()
        except (DatabaseError, sqlite3.Error, OSError) as error:
            self._mend(error)
            self._put_together()
        else:
            assert not ending, ending

    def turns(self, count: int, fuse: int | None = None, at: CallFuse | None = None) -> bool:
        """So many turns; with `fuse` or `at` the worker may be killed on the way, and another starts. Whether it was."""
        self.clock.fuse = fuse
        try:
            with at or contextlib.nullcontext():
                for _ in range(count):
                    self._turn()
        except Killed:
            self.start()
            return True
        finally:
            self.clock.fuse = None
        return False

    def settle(self) -> None:
        """Until nothing waits for any time to come but a person."""
        idle, rested = 0, False
        for _ in range(TURNS):
            before = self.clock.peek()
            self._turn()
            idle = idle + 1 if self.clock.peek() - before >= 0.24 else 0
            if idle < IDLE:
                continue
            due = self._next_due()
            if due is None and rested:
                return
            # Where Stash has just been in trouble, it is asked again ten seconds later.
            self.clock.sleep(12.0 if due is None else max(due - self.clock.peek(), 0.0) + 0.01)
            idle, rested = 0, due is None
        raise AssertionError(
            f"{TURNS} turns and still {self.rows('SELECT * FROM jobs')} {self.rows('SELECT * FROM orders WHERE state = ?', 'waiting')}"
        )

    def _next_due(self) -> float | None:
        try:
            (row,) = self.rows(WAITING)
        except sqlite3.DatabaseError:  # the worker will meet it, too
            if not self.harmed:
                raise
            return self.clock.peek()
        worker = self.worker
        assert worker is not None
        later = [row["at"]] if row["at"] is not None else []
        later += [
            self.clock.peek() + pause - self.clock.steady()
            for pause in worker.pauses.ends()
            if pause > self.clock.steady()
        ]
        return max([min(later), self.clock.peek() + 0.5]) if later else None

    def order(self, name: str, *ids: int, **args: Any) -> None:
        ticket = f"{name}-{self.clock.peek()}"
        row = {"v": 1, "kind": "command", "name": name, "ids": list(ids), "args": {**args, "ticket": ticket}}
        inbox.put(self.folder, row, Clock())
        self.clock.sleep(0.01)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with contextlib.closing(sqlite3.connect(self.folder.state, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]


@contextlib.contextmanager
def opened() -> Iterator[SyncWorld]:
    """Its files are in memory where the system has a folder there."""
    with TemporaryDirectory(dir=memory_folder()) as folder:
        world = SyncWorld(Path(folder))
        try:
            yield world
        finally:
            world.close()
