"""The indexer's composition root. The Stash task and the command line both call `run_index`.

Holds the order: folder, lock, server, file, run, pictures; and lets go of everything at the end, however that comes.
"""

import contextlib
import dataclasses
import gc
import sqlite3
from collections.abc import Callable, Iterator

from indexer.file import index_file, staging
from indexer.file.store import Store
from indexer.pictures.keeper import PictureCounts, PictureKeeper, PictureWish
from indexer.reading.patience import Patience
from indexer.reading.run import Run
from indexer.reading.selection import choose
from indexer.request import IndexRequest, IndexVerdict, Progress
from plexsync_plugin.base import allocator
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, IndexBusy, PlexSyncError
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.sqlite import is_damage
from plexsync_plugin.plex.gateway import PlexGateway

# Made before garbage is looked for; Python's own 700 come about two hundred times in one answer of Plex.
OBJECTS = 100_000
BEGUN = 0.001  # of the bar; with 0 a run begins anew
READING = 0.5  # the part of the bar that stands for reading, where pictures are wanted too

__all__ = ["IndexRequest", "IndexVerdict", "Progress", "run_index"]


def run_index(
    request: IndexRequest,
    clock: Clock,
    progress: Progress,
    should_yield: Callable[[], bool] = lambda: False,
) -> IndexVerdict:
    """Bring the index up to date. `should_yield` tells that the run is to stop for another job.

    Raises PlexSyncError and its kinds; the index is then as the last published library left it.
    """
    allocator.keep_little()
    index_file.prepare(request.db_path, rebuild=request.rebuild)
    remembered = _RememberedProgress(progress)
    with (
        index_file.explaining(request.db_path),
        _locked(request.db_path),
        contextlib.closing(PlexGateway(request.connection, clock)) as gateway,
        _rare_collection(),
    ):
        try:
            verdict = _run(request, clock, remembered, should_yield, gateway)
        except (PlexSyncError, sqlite3.Error) as error:
            if not (request.rebuild and is_damage(error) and index_file.is_ours(request.db_path)):
                raise
            note = f"The damaged index is put aside as {index_file.put_aside(request.db_path)}."
            verdict = _run(request, clock, remembered, should_yield, gateway)
            verdict = dataclasses.replace(verdict, notes=(note, *verdict.notes))
    progress(1.0, "Done")
    return verdict


def _run(
    request: IndexRequest,
    clock: Clock,
    remembered: "_RememberedProgress",
    should_yield: Callable[[], bool],
    gateway: PlexGateway,
) -> IndexVerdict:
    server = gateway.server()
    with (
        _dropping_damage(request.db_path),
        contextlib.closing(Store.open(request.db_path, server, clock, remembered.waiting)) as store,
    ):
        share = READING if request.images else 1.0
        verdict = Run(request, clock, _part(remembered, 0.0, share), should_yield, gateway, store).go()
        if request.images and not verdict.yielded:
            began = clock.monotonic()
            advance = _part(remembered, share, 1.0)
            keeper = PictureKeeper(
                _wish(request, gateway, kept_before=store.keeps_pictures),
                gateway,
                store.connection,
                Patience(clock),
                advance,
                should_yield,
            )
            pictures = keeper.keep()
            verdict = _with_pictures(verdict, pictures, clock.monotonic() - began)
            if not pictures.left_out:
                store.note_pictures(episode_thumbs=request.episode_thumbs)
    return verdict


class _RememberedProgress:
    """Passes progress on, and remembers how far it is, for what is said while the run waits for another program."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0.0

    def __call__(self, done: float, text: str) -> None:
        self._done = done
        self._progress(done, text)

    def waiting(self) -> None:
        self._progress(self._done or BEGUN, "Waiting for another program to let go of the index")


def _part(progress: Progress, begin: float, end: float) -> Progress:
    """Progress of a part of the work, from 0 to 1, becomes progress of the whole, from `begin` to `end`."""

    def advance(done: float, text: str) -> None:
        progress(begin + (end - begin) * done, text)

    return advance


def _wish(request: IndexRequest, gateway: PlexGateway, *, kept_before: bool) -> PictureWish:
    return PictureWish(
        folder=request.image_folder,
        index=request.db_path,
        sections={section.key for section in choose(gateway.sections(), request.libraries)},
        art=request.art,
        episode_thumbs=request.episode_thumbs,
        parallel=request.parallel,
        again=request.rebuild,
        kept_before=kept_before,
    )


def _with_pictures(verdict: IndexVerdict, pictures: PictureCounts, seconds: float) -> IndexVerdict:
    sentence = (pictures.sentence,) if pictures.sentence else ()
    return dataclasses.replace(
        verdict,
        requests=verdict.requests + pictures.requests,
        seconds=verdict.seconds + seconds,
        notes=(*verdict.notes, *sentence, *pictures.notes),
        yielded=pictures.stopped,
        libraries_done=pictures.stopped,
    )


@contextlib.contextmanager
def _dropping_damage(db_path: str) -> Iterator[None]:
    """Throw the staging file away when a file is damaged: it may be the one, and then every later run would meet
    it again."""
    try:
        yield
    except Exception as error:
        if is_damage(error):
            staging.discard(f"{db_path}.staging")
        raise


@contextlib.contextmanager
def _locked(db_path: str) -> Iterator[None]:
    lock = FileLock(f"{db_path}.lock")
    try:
        taken = lock.try_acquire()
    except OSError as error:
        raise DatabaseError(
            f"{lock.path}, by which a run keeps others out, cannot be opened: {error.strerror}. If another user once ran "
            "PlexSync here, remove that file while no run is at work."
        ) from error
    if not taken:
        raise IndexBusy(f"Another run is already working on the index {db_path}. Wait until it has ended.")
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _rare_collection() -> Iterator[None]:
    """Let Python look for cyclic garbage less often.

    Trees and rows hold no cycles, and looking took a sixth of a run.
    """
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
