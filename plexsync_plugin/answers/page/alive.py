"""Whether the worker, or a run of the index, is at work: by their locks, which the operating system drops when they end.

There is no asking about a lock, only trying it. Whoever tries holds it for a moment in which a hook takes it for the worker's, and
starts none; so when it was free and the inbox holds rows, a worker is started here.
"""

import os
from collections.abc import Mapping
from typing import Any

from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import ensure_worker
from plexsync_plugin.jobs.inbox_state import inbox_rows


def worker_is_alive(folder: DataFolder, stash: Mapping[str, Any]) -> bool:
    if not os.path.exists(folder.worker_lock):
        return False
    if _is_held(folder.worker_lock):
        return True
    if os.path.isdir(folder.spool) and inbox_rows(folder):
        ensure_worker(folder, dict(stash))
    return False


def index_is_running(folder: DataFolder) -> bool:
    """A run that has begun to read has a staging file; without one the lock is not tried, which would refuse a run that starts."""
    return os.path.exists(f"{folder.index}.staging") and _is_held(f"{folder.index}.lock")


def _is_held(path: str) -> bool:
    lock = FileLock(path)
    if not os.path.exists(path):
        return False
    if not lock.try_acquire():
        return True
    lock.release()
    return False
