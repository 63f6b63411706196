"""A stage with everything a user has: a Plex, a Stash with the plugin installed and configured, and their files.

Both servers are the simulators, in processes of their own; the plugin is a copy in Stash's plugins folder, run by
Stash. Closing the stage leaves no process and no file behind.
"""

import atexit
import contextlib
import functools
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.in_memory import memory_folder
from tests.sim.process import ROOT, SimProcess

TOKEN = "stage-token-7c1f"
PLUGIN_FILES = ("PlexSync.yml", "requirements.txt", "plexsync_plugin", "indexer")
CONNECTING = ("GET /", "GET /library/sections", "GET /:/eventsource/notifications")
PATIENCE = 30.0  # seconds that `wait` waits; a bound for broken code, not a measurement

SCENE_FILES = [{"path": f"/data/videos/scene {n}.mp4", "size": 1_000_000 + n} for n in range(1, 41)]
PLEX_LIBRARY: dict[str, Any] = {
    "sections": [
        {
            "key": 1,
            "type": "movie",
            "title": "Scenes",
            "locations": ["/media/videos"],
            "items": [
                {
                    "ratingKey": 100 + n,
                    "title": f"scene {n}",
                    "summary": "What the agent found.",
                    "Genre": ["Drama", "Comedy", "Crime"],
                    "Role": [{"tag": "Old Actor", "role": "Somebody"}],
                    "file": f"/media/videos/scene {n}.mp4",
                    "size": 1_000_000 + n,
                }
                for n in range(1, 41)
            ],
        }
    ]
}
STASH_LIBRARY: dict[str, Any] = {
    "scenes": [{"id": n, "files": [SCENE_FILES[n - 1]]} for n in range(1, 41)],
    "studios": [{"id": 1, "name": "Studio One"}, {"id": 2, "name": "Studio Two"}],
    "performers": [{"id": 1, "name": "Ann Alpha"}, {"id": 2, "name": "Bea Beta"}],
    "tags": [{"id": 1, "name": "Outdoor"}, {"id": 2, "name": "Comma, Inside"}],
}


def item_key(scene: int) -> int:
    """The rating key of the item that holds a scene's file in `PLEX_LIBRARY`."""
    return 100 + scene


class Stage:
    """Use it as a context manager. `settings` are laid over address, token and library; `install` puts the plugin into its folder
    in another way than a copy."""

    stash_options: tuple[str, ...] = ()  # of the simulated Stash, besides those that every stage has
    api_key = ""  # with which the stage asks a Stash that wants a sign-in

    def __init__(
        self,
        *,
        plex: Mapping[str, Any] = PLEX_LIBRARY,
        stash: Mapping[str, Any] = STASH_LIBRARY,
        settings: Mapping[str, Any] | None = None,
        version: str = "v0.30.1",
        generate: str = "",
        python: str = sys.executable,
        install: Callable[[Path], object] | None = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="plexsync-", dir=memory_folder()))
        self.config = self.folder / "stash"
        self.data = self.config / "plexsync"
        self._write("plex.json", plex)
        self._write("stash.json", stash)
        (install or install_plugin)(self.config / "plugins" / "PlexSync")
        extra = ["--generate", generate] if generate else []
        self.plex = SimProcess(
            "tests.sim.plex", "--token", TOKEN, "--library", str(self.folder / "plex.json"), *extra
        )
        self.stash = SimProcess(
            "tests.sim.stash", "--config-dir", str(self.config), "--library", str(self.folder / "stash.json"),
            "--version", version, "--python", python, *self.stash_options,
        )  # fmt: skip
        self.settings = {
            "plex_url": self.plex.url,
            "plex_token": TOKEN,
            "plex_library": "Scenes",
            **(settings or {}),
        }
        self.configure(self.settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.stash.stop()
        self.kill_workers()
        self.plex.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- Stash ---------------------------------------------------------------------------------------------------

    def gql(self, query: str, **variables: Any) -> Any:
        """The `data` of Stash's answer; an error of Stash is an AssertionError."""
        request = urllib.request.Request(
            f"{self.stash.url}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"ApiKey": self.api_key} if self.api_key else {}),
            },
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            answer = json.loads(response.read())
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def configure(self, settings: Mapping[str, Any]) -> None:
        self.gql('mutation($i:Map!){configurePlugin(plugin_id:"PlexSync",input:$i)}', i=dict(settings))

    def edit(self, scene: int, **fields: Any) -> None:
        """A person's save of one scene; returns when Stash's answer is there, all its hooks run."""
        self.gql("mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}", i={"id": str(scene), **fields})

    def bulk_edit(self, scenes: list[int], **fields: Any) -> None:
        ids = [str(scene) for scene in scenes]
        self.gql(
            "mutation($i:BulkSceneUpdateInput!){bulkSceneUpdate(input:$i){id}}", i={"ids": ids, **fields}
        )

    def run_task(self, name: str) -> None:
        """Start a task of the plugin and wait until Stash's job queue is empty."""
        self.gql('mutation($n:String){runPluginTask(plugin_id:"PlexSync",task_name:$n)}', n=name)
        self.wait(lambda: not self.gql("{jobQueue{id}}")["jobQueue"], f"the end of the task {name}")

    def operation(self, **args: Any) -> Any:
        query = 'mutation($a:Map){runPluginOperation(plugin_id:"PlexSync",args:$a)}'
        return self.gql(query, a=args)["runPluginOperation"]

    def log_lines(self) -> list[str]:
        """What a person reads on Stash's log page, of the plugin alone."""
        entries = self.stash.control("plugin_log", {"level": "Info"})
        return [entry["message"].partition("] ")[2] for entry in entries if entry.get("plugin") == "PlexSync"]

    # --- Plex ----------------------------------------------------------------------------------------------------

    def item(self, rating_key: int) -> dict[str, Any]:
        found: dict[str, Any] = self.plex.control("item", {"ratingKey": rating_key})
        return found

    def plex_requests(self) -> list[str]:
        return [f"{entry['method']} {entry['target']}" for entry in self.plex.log()]

    def plex_paths(self) -> list[str]:
        """The requests without queries, and without what each new connection asks before it serves anybody."""
        asked = [request.partition("?")[0] for request in self.plex_requests()]
        return [request for request in asked if request not in CONNECTING]

    def puts(self) -> list[str]:
        return [request for request in self.plex_requests() if request.startswith("PUT ")]

    def wait_title(self, scene: int, title: str) -> dict[str, Any]:
        self.wait(lambda: self.item(item_key(scene)).get("title") == title, f"the title {title!r} in Plex")
        return self.item(item_key(scene))

    # --- the plugin's state --------------------------------------------------------------------------------------

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """From plexsync.db."""
        path = self.data / "plexsync.db"
        if not path.exists():
            return []
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            if not connection.execute("PRAGMA user_version").fetchone()[0]:
                return []  # a worker is just making it
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]
        finally:
            connection.close()

    def wait_synced(self, count: int) -> None:
        """Until so many scenes are done and nothing is due."""
        query = "SELECT count(*) AS n FROM jobs WHERE state = 'done'"
        self.wait(lambda: self.rows(query)[:1] == [{"n": count}], f"{count} scenes in sync")

    def wait(self, condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, (
                f"waited {patience:.0f} s for {what}; worker log:\n{self.worker_log()}"
            )
            time.sleep(0.02)

    def worker_log(self) -> str:
        path = self.data / "log" / "worker.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else "(none)"

    def workers(self) -> list[int]:
        """Process ids of the workers that started on this stage and still run."""
        started = [int(pid) for pid in re.findall(r"worker (?:starts|goes on) pid=(\d+)", self.worker_log())]
        return [pid for pid in dict.fromkeys(started) if is_running(pid)]

    def kill_workers(self) -> None:
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):  # it ended by itself in between
                os.kill(pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
            self.wait(partial(has_ended, pid), f"the end of worker {pid}")

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        (self.folder / name).write_text(json.dumps(content), encoding="utf-8")


def install_plugin(target: Path) -> None:
    """As a user does: a copy of the plugin's files into a folder below Stash's plugins folder.

    What Python has compiled of them is copied too, as if they had run there before: hundreds of modules for each copy take longer
    than most tests. Python takes none whose source has another time or size. And as the copying of so many files takes long too, files
    are linked to one copy, where the system can do that.
    """
    target.mkdir(parents=True)
    for name in PLUGIN_FILES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, copy_function=_link)
        else:
            _link(source, target / name)


@functools.cache
def _copies() -> Path:
    """The one copy that is linked to, for as long as these tests run."""
    folder = Path(tempfile.mkdtemp(prefix="plexsync-copy-", dir=memory_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_marks: dict[str, tuple[int, int]] = {}  # of the files there


def _link(source: "str | Path", target: "str | Path") -> None:
    """A test that changes its file in place changes the copy, too: then the next gets another."""
    name = os.path.relpath(source, ROOT)
    copy = os.path.join(_copies(), name)
    if name not in _marks or _marks[name] != _mark(copy):
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.remove(copy)
        shutil.copy2(source, copy)
        _marks[name] = _mark(copy)
    try:
        os.link(copy, target)
    except OSError:  # another disk, or one without links
        shutil.copy2(copy, target)


def _mark(path: str) -> tuple[int, int]:
    there = os.stat(path)
    return there.st_mtime_ns, there.st_size


def has_ended(pid: int) -> bool:
    return not is_running(pid)


def is_running(pid: int) -> bool:
    """Not a zombie either: in a container nobody may be there to reap it. Its first thread may be one while others still end, and with
    them the locks that it holds."""
    if sys.platform == "win32":
        # os.kill(pid, 0) would send Ctrl-C there.
        listed = subprocess.run(
            ["tasklist", "/FI", f"PID eq {pid}"], capture_output=True, text=True, check=True
        )
        return str(pid) in listed.stdout
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        is_zombie = status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"
        return not is_zombie or len(os.listdir(f"/proc/{pid}/task")) > 1
    except OSError:
        return False
