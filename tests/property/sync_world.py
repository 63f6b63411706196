"""A Stash, a Plex and a worker in this process, over real sockets, in a time of their own: hundreds of histories in minutes.

Stash's hooks are carried out in the thread of the request, with the document that Stash would write; everything else is
what runs outside tests. `Killed` ends the worker at any reading of its clock, of which there is one round every request,
transaction and step.
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
from typing import Any

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.hook import row_of
from plexsync_plugin.jobs import inbox
from plexsync_plugin.stash.connection import connection_of
from plexsync_plugin.worker.app import assemble
from plexsync_plugin.worker.loop import Worker
from tests.sim.message import Request, Response
from tests.sim.plex.application import PlexApplication
from tests.sim.plex.library import Library
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
START = 1_800_000_000.0
TURNS = 4_000
IDLE = 3  # turns without work after which nothing is due


class Killed(BaseException):
    """As SIGKILL: nothing of the worker may go on."""


class WorldClock(Clock):
    """Stands still but for sleeps and a millisecond per reading. `fuse`: readings by its maker's thread until it is Killed."""

    def __init__(self) -> None:
        self._time = START
        self._wrong = 0.0
        self._thread = threading.get_ident()
        self.fuse: int | None = None

    def _read(self) -> float:
        if threading.get_ident() == self._thread:
            if self.fuse is not None:
                self.fuse -= 1
                if self.fuse < 0:
                    self.fuse = None
                    raise Killed
            self._time += 0.001
        return self._time

    def now(self) -> float:
        return self._read() + self._wrong

    def set_wall_clock(self, ahead: float) -> None:
        """Somebody sets the computer's clock so many seconds ahead of the right time, or back; no time passes by it."""
        self._wrong = ahead

    def monotonic(self) -> float:
        return self._read()

    def sleep(self, seconds: float) -> None:
        self._time += seconds

    def restart(self) -> None:
        self._time, self._wrong = START, 0.0

    def peek(self) -> float:
        """What the computer's clock shows, for everybody but the worker."""
        return self._time + self._wrong

    def steady(self) -> float:
        """As `monotonic`, and no time passes by it."""
        return self._time


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
        self.before(request)
        response = self.plex.answer(request)
        self.after(request, response)
        return response

    def control(self, name: str, payload: Any) -> Any:
        return self.plex.control(name, payload)


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
        self.worker: Worker | None = None
        self.listens = True  # to Plex's events, from the next worker on

    def _count(self, _request: Request) -> bool:
        """In place of a log of them all."""
        self.requests += 1
        return True

    def close(self) -> None:
        stash_clock.source[0] = self._clock_before
        self._opened.close()
        for server in (self.plex_server, self.stash_server):
            server.shutdown()
            server.server_close()

    # --- a new history --------------------------------------------------------------------------------------------

    def begin(self, plex: dict[str, Any], stash: dict[str, Any], settings: Mapping[str, Any]) -> None:
        self._opened.close()
        self.worker = None
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
        self._opened.close()
        lock = self._opened.enter_context(contextlib.closing(_Held(self.folder)))
        connection = connection_of(
            {
                "Scheme": "http",
                "Host": "127.0.0.1",
                "Port": self.port,
                "Dir": str(self._root / "stash"),
                "SessionCookie": {"Name": "session", "Value": ""},
            }
        )
        worker = self._opened.enter_context(
            assemble(
                self.folder,
                connection,
                lock.lock,
                Redaction(),
                self.clock,
                self._plugin,
                listens=self.listens,
            )
        )
        worker._recover()
        self.worker = worker

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

    def turns(self, count: int, fuse: int | None = None) -> bool:
        """So many turns; with `fuse` the worker may be killed on the way, and another starts. Whether it was."""
        self.clock.fuse = fuse
        try:
            for _ in range(count):
                assert self.worker is not None
                ending = self.worker.turn()
                assert not ending, ending
        except Killed:
            self.start()
            return True
        finally:
            self.clock.fuse = None
        return False

    def settle(self) -> None:
        """Until nothing waits for any time to come but a person."""
        assert self.worker is not None
        idle, rested = 0, False
        for _ in range(TURNS):
            before = self.clock.peek()
            ending = self.worker.turn()
            assert not ending, ending
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
        (row,) = self.rows(
            "SELECT min(at) AS at FROM (SELECT min(due_at) AS at FROM jobs WHERE state = 'waiting' "
            "UNION ALL SELECT min(due_at) FROM orders WHERE state = 'waiting' "
            "UNION ALL SELECT probe_at FROM breaker WHERE probe_at > 0)"
        )
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
        connection = sqlite3.connect(self.folder.state, timeout=10)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]
        finally:
            connection.close()


class _Held:
    """The worker's lock, taken as long as a worker lives."""

    def __init__(self, folder: DataFolder) -> None:
        self.lock = FileLock(folder.worker_lock)
        assert self.lock.try_acquire()

    def close(self) -> None:
        self.lock.release()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[SyncWorld]:
    world = SyncWorld(folder)
    try:
        yield world
    finally:
        world.close()
