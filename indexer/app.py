"""One run of the indexer, from request to verdict. The Stash task and the command line both call `run_index`.

Puts the parts together and holds the order: lock, server, file, libraries one by one, each published when it is read.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from indexer.fetch import Fetcher
from indexer.publish import Counts, Publication, publish, retire
from indexer.rows import KINDS_OF_SECTION
from indexer.selection import choose, is_unchanged
from indexer.staging import RunMark, Staging
from indexer.store import Store
from indexer.sweep import Sweep
from plexsync_plugin.base.clock import Clock, utc_text
from plexsync_plugin.base.errors import DatabaseError, IndexRefused
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.core.model import Section
from plexsync_plugin.plex.gateway import Connection, PlexGateway


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRequest:
    """`libraries` are titles, none for all. `full_sweep` lists even where Plex's counters say that nothing changed;
    `rebuild` reads everything anew and drops what Plex no longer lists."""

    connection: Connection
    db_path: str
    image_folder: str
    libraries: tuple[str, ...] = ()
    parallel: bool = True
    images: bool = True
    rebuild: bool = False
    allow_empty: bool = False
    full_sweep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVerdict:
    """`counts` by table of the index. `yielded`: stopped for another job; the next run goes on from there."""

    counts: Mapping[str, Counts] = field(default_factory=dict)
    requests: int
    sections_read: int
    sections_unchanged: int
    seconds: float
    notes: tuple[str, ...] = ()
    yielded: bool = False

    @property
    def total(self) -> Counts:
        return sum(self.counts.values(), Counts())

    @property
    def sentence(self) -> str:
        total, cost = self.total, f"{self.requests} requests, {self.seconds:.1f} s"
        if self.yielded:
            text = f"Index paused for another job; the next run goes on from here ({cost})."
        elif not self.sections_read:
            text = f"Index up to date: nothing has changed in {_libraries(self.sections_unchanged)} ({cost})."
        else:
            text = (
                f"Index up to date: {total.seen} items seen, {total.added} added, {total.changed} changed, "
                f"{total.lost} gone; {_libraries(self.sections_read)} read, {self.sections_unchanged} unchanged ({cost})."
            )
        return " ".join((text, *self.notes))


def _libraries(number: int) -> str:
    return f"{number} library" if number == 1 else f"{number} libraries"


class Progress(Protocol):
    def __call__(self, done: float, text: str) -> None:
        """`done` from 0 to 1."""


class _Yielded(Exception):
    """Another job waits."""


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
            return _Run(request, clock, progress, should_yield, gateway, store).go()


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


class _Run:
    def __init__(
        self,
        request: IndexRequest,
        clock: Clock,
        progress: Progress,
        should_yield: Callable[[], bool],
        gateway: PlexGateway,
        store: Store,
    ) -> None:
        self._request = request
        self._clock = clock
        self._progress = progress
        self._should_yield = should_yield
        self._gateway = gateway
        self._store = store
        self._started = clock.now()
        self._monotonic = clock.monotonic()
        self._requests = 2  # the server and its libraries
        self._counts: dict[str, Counts] = {}
        self._read: list[int] = []
        self._notes: list[str] = []
        self._refusals: list[IndexRefused] = []

    def go(self) -> IndexVerdict:
        self._progress(0.0, "Asking Plex for its libraries")
        sections = self._gateway.sections()
        wanted = self._known_types(choose(sections, self._request.libraries))
        self._retire(sections)
        changed = [section for section in wanted if not self._is_skipped(section)]
        yielded = False
        if changed:
            try:
                self._read_all(changed)
            except _Yielded:
                yielded = True
        return self._finish(wanted, yielded=yielded)

    def _known_types(self, sections: Sequence[Section]) -> list[Section]:
        for section in sections:
            if section.type not in KINDS_OF_SECTION:
                self._notes.append(f'The library "{section.title}" ({section.type}) is left out.')
        return [section for section in sections if section.type in KINDS_OF_SECTION]

    def _retire(self, sections: Sequence[Section]) -> None:
        there = {section.key for section in sections}
        gone = [
            known for known in self._store.sections().values() if known.available and known.key not in there
        ]
        if not gone:
            return
        if not there and not self._request.allow_empty:
            raise IndexRefused(
                "Plex lists no library at all, where the index has some. The token may belong to someone who may not "
                "see them: nothing was marked as gone. If they really are gone, run plex_sync.py with --allow-empty."
            )
        self._store.write(lambda: self._count_lost(retire(self._store, [known.key for known in gone])))
        self._notes += [f'Plex no longer has the library "{known.title}".' for known in gone]

    def _count_lost(self, lost: Mapping[str, int]) -> None:
        for table, number in lost.items():
            self._count({table: Counts(lost=number)})

    def _count(self, counts: Mapping[str, Counts]) -> None:
        for table, each in counts.items():
            self._counts[table] = self._counts.get(table, Counts()) + each

    def _is_skipped(self, section: Section) -> bool:
        if self._request.full_sweep or self._request.rebuild:
            return False
        return is_unchanged(section, self._store.sections().get(section.key), self._started)

    def _read_all(self, sections: Sequence[Section]) -> None:
        mark = RunMark(
            index_id=self._store.identifier, rebuild=self._request.rebuild, started_at=self._started
        )
        staging = Staging.open(f"{self._request.db_path}.staging", mark)
        try:
            with Fetcher(self._gateway, parallel=self._request.parallel) as fetcher:
                try:
                    for place, section in enumerate(sections):
                        self._read_one(fetcher, staging, section, place / len(sections), 1 / len(sections))
                finally:
                    self._requests += fetcher.requests
            staging.discard()
        finally:
            staging.close()

    def _read_one(
        self, fetcher: Fetcher, staging: Staging, section: Section, before: float, share: float
    ) -> None:
        def advance(done: float) -> None:
            self._progress(before + share * done, f'Reading "{section.title}"')
            if self._should_yield():
                raise _Yielded

        sweep = Sweep(fetcher, self._store, staging, section, rebuild=self._request.rebuild, advance=advance)
        if sweep.done_before:
            return
        try:
            complete = sweep.read(allow_empty=self._request.allow_empty)
        except IndexRefused as refusal:
            self._refusals.append(refusal)
            return
        publication = Publication(
            section=section,
            now=utc_text(self._clock.now()),
            staging_path=staging.path,
            rebuild=self._request.rebuild,
            complete=complete,
        )
        counts = publish(self._store, publication)
        staging.publish(section.key)
        self._count(counts)
        self._read.append(section.key)
        self._note_gaps(section, counts, complete=all(complete.values()))

    def _note_gaps(self, section: Section, counts: Mapping[str, Counts], *, complete: bool) -> None:
        missing = sum(each.missing for each in counts.values())
        if missing:
            self._notes.append(
                f'Plex gave no details of {missing} items of "{section.title}"; the next run asks again.'
            )
        if not complete:
            self._notes.append(
                f'The listing of "{section.title}" does not add up to what Plex says it holds; nothing was marked as gone.'
            )

    def _finish(self, wanted: Sequence[Section], *, yielded: bool) -> IndexVerdict:
        unchanged = [section.key for section in wanted if section.key not in self._read]
        verdict = IndexVerdict(
            counts=dict(self._counts),
            requests=self._requests,
            sections_read=len(self._read),
            sections_unchanged=len(unchanged) - len(self._refusals),
            seconds=self._clock.monotonic() - self._monotonic,
            notes=tuple(self._notes),
            yielded=yielded,
        )
        whole = not yielded and not self._refusals
        self._store.write(lambda: self._record(verdict, unchanged if whole else [], whole=whole))
        if self._refusals:
            raise IndexRefused(" ".join(str(refusal) for refusal in self._refusals)) from self._refusals[0]
        self._progress(1.0, verdict.sentence)
        return verdict

    def _record(self, verdict: IndexVerdict, unchanged: Sequence[int], *, whole: bool) -> None:
        ended, total = utc_text(self._clock.now()), verdict.total
        self._store.count_skipped(unchanged)
        if whole:
            self._store.note("lastCompleteRun", ended)
        self._store.record_run(
            {
                "startedAt": utc_text(self._started),
                "endedAt": ended,
                "requests": verdict.requests,
                "sectionsRead": verdict.sections_read,
                "sectionsUnchanged": verdict.sections_unchanged,
                "seen": total.seen,
                "added": total.added,
                "changed": total.changed,
                "lost": total.lost,
            }
        )
