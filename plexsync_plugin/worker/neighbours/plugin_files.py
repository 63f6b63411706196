"""Notices that the plugin's own files were updated or removed, and starts the worker anew on the new ones."""

import enum
import json
import os
import sys

from plexsync_plugin.base import spawn
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.stash.connection import StashConnection

LOOK_EVERY = 30.0  # seconds
STILL_FOR = 10.0  # an update is not atomic: wait until nothing has moved for this long
GONE_FOR = 60.0
_WATCHED = ("plexsync_plugin", "indexer")
_ENDINGS = (".py", ".sql", ".yml", ".txt")

Fingerprint = tuple[tuple[str, int, int], ...]


class Plugin(enum.Enum):
    SAME = "same"
    UPDATED = "updated"
    GONE = "gone"


class PluginFiles:
    def __init__(self, clock: Clock, folder: str) -> None:
        self._clock = clock
        self._folder = folder
        self._at_start = fingerprint(folder)
        self._last = self._at_start
        self._still_since = clock.monotonic()
        self._gone_since: float | None = None
        self._next_look = clock.monotonic() + LOOK_EVERY

    def look(self) -> Plugin:
        now = self._clock.monotonic()
        if now < self._next_look:
            return Plugin.SAME
        if not os.path.exists(os.path.join(self._folder, "plexsync_plugin", "start.py")):
            return self._missing(now)
        self._gone_since = None
        current = fingerprint(self._folder)
        if current != self._last:
            self._last, self._still_since = current, now
        if current == self._at_start:
            self._next_look = now + LOOK_EVERY
            return Plugin.SAME
        self._next_look = now + 1.0
        return Plugin.UPDATED if now - self._still_since >= STILL_FOR else Plugin.SAME

    def _missing(self, now: float) -> Plugin:
        self._gone_since = now if self._gone_since is None else self._gone_since
        self._next_look = now + 1.0
        return Plugin.GONE if now - self._gone_since >= GONE_FOR else Plugin.SAME


def fingerprint(folder: str) -> Fingerprint:
    """Name, size and time of every file that makes up the program."""
    found = []
    for top in _WATCHED:
        for root, _, names in os.walk(os.path.join(folder, top)):
            found += [os.path.join(root, name) for name in names if name.endswith(_ENDINGS)]
    found += [os.path.join(folder, name) for name in ("PlexSync.yml", "requirements.txt")]
    return tuple(sorted(entry for path in found if (entry := _entry(path)) is not None))


def _entry(path: str) -> tuple[str, int, int] | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return (path, status.st_size, status.st_mtime_ns)


def succeed(folder: DataFolder, lock: FileLock, connection: StashConnection) -> None:
    """Become the new version (POSIX: same process, lock kept), or start it and return (Windows)."""
    if sys.platform == "win32":
        lock.release()
        spawn.ensure_worker(folder, connection.document())
        return
    document = {"server_connection": connection.document(), "worker": {"lock": lock.descriptor}}
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(json.dumps(document).encode())
    os.dup2(reader, 0)
    if lock.descriptor is not None:
        os.set_inheritable(lock.descriptor, True)
    command = spawn.command()
    os.execv(command[0], command)
