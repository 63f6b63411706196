"""The worker process before its packages: takes the lock first, then finds or installs what it needs.

Standard library alone. A worker without packages keeps its lock and stays: the rows wait in the inbox, it looks for
the packages every 30 s; pip runs again at most once an hour (base/installing.py, docs/architecture.md, "Packages").
"""

import logging
import os
from typing import Any

from plexsync_plugin.base import packages
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, PackagesMissing
from plexsync_plugin.base.folder_owner import refusal
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction, open_log
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import PLUGIN_FOLDER
from plexsync_plugin.stash import log_page, plain_http
from plexsync_plugin.stash.connection import StashConnection, connection_of
from plexsync_plugin.worker.neighbours.plugin_files import Plugin, PluginFiles, succeed

LOCK_PATIENCE = 1.0  # seconds; on Windows the lock cannot be handed on, so it may be free for a moment
LOOK_EVERY = 30.0

_log = logging.getLogger(__name__)


def run(document: dict[str, Any]) -> dict[str, object]:
    connection = connection_of(document["server_connection"])
    folder = DataFolder.of_stash(connection.folder)
    clock = Clock()
    lock = FileLock(folder.worker_lock, document["worker"].get("lock"))
    if not _take(lock, clock):
        return {"output": "another worker runs", "error": None}
    foreign = refusal(folder, connection.folder)
    if foreign:
        log_page.say(connection, "error", foreign)
        return {"output": None, "error": foreign}
    redaction = open_log(folder.log)
    redaction.hide(connection.cookie, connection.api_key)
    _log.info("worker starts pid=%d", os.getpid())
    try:
        _live(folder, connection, lock, redaction, clock)
    except Exception:  # the process boundary: nobody reads a worker's standard error
        _log.exception("worker broke")
        log_page.say(
            connection,
            "error",
            f"PlexSync's worker broke; see {folder.log}. It starts again with the next edit.",
        )
        raise
    return {"output": "ended", "error": None}


def _live(
    folder: DataFolder, connection: StashConnection, lock: FileLock, redaction: Redaction, clock: Clock
) -> None:
    """Until the worker's life ends. What a person has to mend first is said once, and waited for with the lock held:
    a worker that ended would be started again by every edit, only to end the same way.
    """
    waiting = Waiting(connection, clock)
    if not _packages_found(folder, waiting, clock):
        return
    try:
        from plexsync_plugin.worker import app  # noqa: PLC0415 - needs the packages
    except ImportError as error:
        if _is_ours(error):
            raise
        if _repaired(folder, waiting, clock, error):
            succeed(folder, lock, connection)
        return
    plugin = PluginFiles(clock, PLUGIN_FOLDER)
    while True:
        try:
            app.run(folder, connection, lock, redaction, clock)
        except DatabaseError as error:
            waiting.tell(str(error))
        else:
            return
        if not waiting.wait() or plugin.look() is Plugin.GONE:
            return
        if plugin.look() is Plugin.UPDATED:
            succeed(folder, lock, connection)
            return


def _take(lock: FileLock, clock: Clock) -> bool:
    deadline = clock.monotonic() + LOCK_PATIENCE
    while not (lock.held or lock.try_acquire()):
        if clock.monotonic() > deadline:
            return False
        clock.sleep(0.05)
    return True


class Waiting:
    """Says once what it waits for, and notices when Stash goes meanwhile."""

    def __init__(self, connection: StashConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._said = ""
        self._refusals = 0

    def tell(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        if sentence != self._said and log_page.say(self._connection, "error", sentence):
            self._said = sentence

    def over(self, sentence: str) -> None:
        if self._said:
            log_page.say(self._connection, "info", sentence)
            self._said = ""

    def wait(self) -> bool:
        """False when Stash has gone."""
        self._clock.sleep(LOOK_EVERY)
        is_there = plain_http.is_there(self._connection, seconds=5.0)
        self._refusals = 0 if is_there else self._refusals + 1
        return self._refusals < 2


def _packages_found(folder: DataFolder, waiting: Waiting, clock: Clock) -> bool:
    """True once they are importable; False when Stash has gone while we waited for them."""
    while True:
        try:
            packages.ensure(folder, clock, install=True)
        except PackagesMissing as error:
            waiting.tell(str(error))
        else:
            waiting.over("PlexSync has its Python packages now and goes on.")
            return True
        if not waiting.wait():
            return False


def _is_ours(error: ImportError) -> bool:
    return (error.name or "").partition(".")[0] in ("plexsync_plugin", "indexer")


def _repaired(folder: DataFolder, waiting: Waiting, clock: Clock, error: ImportError) -> bool:
    """True once the packages are installed anew; False when Stash has gone meanwhile. This process has halves of packages
    loaded and can only be followed by another."""
    _log.warning("the packages cannot be imported: %s", error)
    while True:
        try:
            packages.repair(folder, clock)
        except PackagesMissing as trouble:
            waiting.tell(str(trouble))
        else:
            waiting.over("PlexSync has its Python packages now and goes on.")
            return True
        if not waiting.wait():
            return False
