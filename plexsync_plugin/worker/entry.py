"""The worker process before its packages: takes the lock first, then finds or installs what it needs.

Standard library alone. A worker without packages keeps its lock and stays: the rows wait in the inbox, it looks for
the packages every 30 s and runs pip again at most once an hour (design.md section 12).
"""

import logging
import os
import urllib.request
from typing import Any

from plexsync_plugin.base import packages
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PackagesMissing
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import open_log
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.stash import voice
from plexsync_plugin.stash.connection import StashConnection, connection_of

LOCK_PATIENCE = 1.0  # seconds; on Windows the lock cannot be handed on, so it may be free for a moment
LOOK_EVERY = 30.0
PIP_EVERY = 3_600.0

_log = logging.getLogger(__name__)


def run(document: dict[str, Any]) -> dict[str, object]:
    connection = connection_of(document["server_connection"])
    folder = DataFolder.of_stash(connection.folder)
    clock = Clock()
    lock = FileLock(folder.worker_lock, document["worker"].get("lock"))
    if not _take(lock, clock):
        return {"output": "another worker runs", "error": None}
    redaction = open_log(folder.log)
    redaction.hide(connection.cookie, connection.api_key)
    _log.info("worker starts pid=%d", os.getpid())
    try:
        if _packages_found(folder, connection, clock):
            from plexsync_plugin.worker import app  # noqa: PLC0415 - needs the packages

            app.run(folder, connection, lock, redaction, clock)
    except Exception:  # the process boundary: nobody reads a worker's standard error
        _log.exception("worker broke")
        voice.say(
            connection,
            "error",
            f"PlexSync's worker broke; see {folder.log}. It starts again with the next edit.",
        )
        raise
    return {"output": "ended", "error": None}


def _take(lock: FileLock, clock: Clock) -> bool:
    deadline = clock.monotonic() + LOCK_PATIENCE
    while not (lock.held or lock.try_acquire()):
        if clock.monotonic() > deadline:
            return False
        clock.sleep(0.05)
    return True


def _packages_found(folder: DataFolder, connection: StashConnection, clock: Clock) -> bool:
    """True once they are importable; False when Stash has gone while we waited for them."""
    next_pip, told, refusals = clock.monotonic(), "", 0
    while True:
        install = clock.monotonic() >= next_pip
        if install:
            next_pip = clock.monotonic() + PIP_EVERY
        try:
            packages.ensure(folder, clock, install=install)
        except PackagesMissing as error:
            _log.warning("%s", error)
            if not told:
                voice.say(connection, "error", str(error))
            told = told or str(error)
        else:
            if told:
                voice.say(connection, "info", "PlexSync has its Python packages now and goes on.")
            return True
        clock.sleep(LOOK_EVERY)
        refusals = 0 if _answers(connection) else refusals + 1
        if refusals >= 2:
            return False


def _answers(connection: StashConnection) -> bool:
    """`/healthz` is served before sign-in (facts/stash.md section 5)."""
    try:
        with urllib.request.urlopen(f"{connection.address}/healthz", timeout=5):
            return True
    except OSError as error:
        # A certificate that does not verify is an answer too.
        return "certificate" in str(error).lower()
