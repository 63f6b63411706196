"""The worker process before its packages: takes the lock first, then finds or installs what it needs.

Standard library alone. A worker without packages keeps its lock and stays: the rows wait in the inbox, it looks for
the packages every 30 s; pip runs again at most once an hour (base/installing.py, docs/architecture.md, "Packages").
"""

import logging
import os
import sqlite3
from collections.abc import Callable
from typing import Any

from plexsync_plugin.base import packages
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, PackagesMissing
from plexsync_plugin.base.file_trouble import FilesReplaced
from plexsync_plugin.base.folder_owner import refusal
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction, open_log
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import PLUGIN_FOLDER
from plexsync_plugin.stash import log_page
from plexsync_plugin.stash.connection import StashConnection, connection_of
from plexsync_plugin.worker.mending import Mending
from plexsync_plugin.worker.neighbours.plugin_files import Plugin, PluginFiles, succeed
from plexsync_plugin.worker.waiting import Waiting

LOCK_PATIENCE = 1.0  # seconds; on Windows the lock cannot be handed on, so it may be free for a moment

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
    _serve(app.run, folder, lock, waiting, redaction, clock)


def _serve(
    run_worker: Callable[..., None],
    folder: DataFolder,
    lock: FileLock,
    waiting: Waiting,
    redaction: Redaction,
    clock: Clock,
) -> None:
    """Put the worker together as often as its own files allow it."""
    plugin = PluginFiles(clock, PLUGIN_FOLDER)
    mending = Mending(folder, waiting, clock)
    held: FileLock | None = lock
    while held is not None:
        try:
            run_worker(folder, waiting, held, redaction, clock)
        except FilesReplaced:
            held = _followed(mending, held)
            continue
        except (DatabaseError, sqlite3.Error, OSError) as error:
            if not mending.mend(error):
                return
            _log.info(
                "worker goes on pid=%d", os.getpid()
            )  # the first word of one whose disk took none before
        else:
            return
        if plugin.look() is Plugin.GONE:
            return
        if plugin.look() is Plugin.UPDATED:
            succeed(folder, held, waiting.connection)
            return


def _followed(mending: Mending, lock: FileLock) -> FileLock | None:
    """As `follow`; files that are there now may be read-only themselves, and are waited for."""
    while True:
        try:
            return mending.follow(lock)
        except OSError as error:
            if not mending.mend(error):
                return None


def _take(lock: FileLock, clock: Clock) -> bool:
    deadline = clock.monotonic() + LOCK_PATIENCE
    while not (lock.held or lock.try_acquire()):
        if clock.monotonic() > deadline:
            return False
        clock.sleep(0.05)
    return True


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
