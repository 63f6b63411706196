"""The indexer's composition root. The Stash task and the command line both call `run_index`.

Holds the order: folder, lock, server, file, run; and lets go of everything at the end, however that comes.
"""

import contextlib
import os
from collections.abc import Callable, Iterator

from indexer.request import IndexRequest, IndexVerdict, Progress
from indexer.run import Run
from indexer.store import Store
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, IndexRefused
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.plex.gateway import PlexGateway

__all__ = ["IndexRequest", "IndexVerdict", "Progress", "run_index"]


def run_index(
    request: IndexRequest,
    clock: Clock,
    progress: Progress,
    should_yield: Callable[[], bool] = lambda: False,
) -> IndexVerdict:
    """Raises PlexSyncError and its kinds; the index is then as the last published library left it."""
    _make_folder(request.db_path)
    gateway = PlexGateway(request.connection, clock)
    with _locked(request.db_path), contextlib.closing(gateway):
        server = gateway.server()
        with contextlib.closing(Store.open(request.db_path, server, clock)) as store:
            return Run(request, clock, progress, should_yield, gateway, store).go()


def _make_folder(db_path: str) -> None:
    folder = os.path.dirname(os.path.abspath(db_path))
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"The folder {folder} for the index cannot be made: {error.strerror}.") from error


@contextlib.contextmanager
def _locked(db_path: str) -> Iterator[None]:
    lock = FileLock(f"{db_path}.lock")
    try:
        taken = lock.try_acquire()
    except OSError as error:
        raise DatabaseError(f"The index {db_path} cannot be locked: {error.strerror}.") from error
    if not taken:
        raise IndexRefused(f"Another run is already working on the index {db_path}. Wait until it has ended.")
    try:
        yield
    finally:
        lock.release()
