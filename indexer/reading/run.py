"""One run over the libraries of a server: which to read, each published when it is read, and the verdict at the end.

The server, the open index and the lock are its caller's.
"""

from collections.abc import Callable, Mapping, Sequence

from indexer.file.list_store import ListStore
from indexer.file.play_store import PlayStore
from indexer.file.publish import Counts, Publication, publish, retire
from indexer.file.staging import RunMark, Staging, discard_old
from indexer.file.statistics import Row, has_statistics, read_statistics, write_statistics
from indexer.file.store import Store
from indexer.reading.fetch import Fetcher
from indexer.reading.history import HistoryReader
from indexer.reading.library_reader import LibraryReader
from indexer.reading.lists import ListReader
from indexer.reading.selection import choose, details_are_old, is_unchanged
from indexer.request import IndexRequest, IndexVerdict, Progress
from indexer.rows.tables import KINDS_OF_SECTION
from plexsync_plugin.base.clock import Clock, utc_text
from plexsync_plugin.base.errors import (
    IndexRefused,
    ItemMissing,
    PlexSyncError,
    PlexTrouble,
    Rejected,
)
from plexsync_plugin.core.model import Section
from plexsync_plugin.plex.gateway import PlexGateway

NAMED = 5  # items that Plex fails at, in one sentence


class _Yielded(Exception):
    """Raised to end a run because another job waits."""


class Run:
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
        self._unchanged: list[int] = []
        self._notes: list[str] = []
        self._failures: list[PlexSyncError] = []  # one per library that could not be read

    def go(self) -> IndexVerdict:
        self._progress(0.0, "Asking Plex for its libraries")
        sections = self._gateway.sections()
        wanted = self._known_types(choose(sections, self._request.libraries))
        self._retire(sections)
        self._forget_retired()
        changed = [section for section in wanted if not self._is_skipped(section)]
        self._unchanged = [section.key for section in wanted if section not in changed]
        yielded = libraries_done = False
        if changed:
            try:
                self._read_all(changed)
            except _Yielded:
                yielded = True
        else:
            discard_old(f"{self._request.db_path}.staging", self._started)
        if self._request.lists and not yielded:
            yielded = libraries_done = self._read_lists(wanted)
        if self._request.history and not yielded:
            self._read_history()
        return self._finish(yielded=yielded, libraries_done=libraries_done)

    def _read_lists(self, sections: Sequence[Section]) -> bool:
        """Whether that was stopped for another job."""
        self._progress(1.0, "Reading collections and playlists")
        store = ListStore(self._store)
        reader = ListReader(self._gateway, store, self._clock, self._should_yield, anew=self._request.rebuild)
        try:
            reader.read(sections, self._read)
        finally:
            self._requests += reader.requests
        self._notes += reader.notes
        return reader.stopped

    def _read_history(self) -> None:
        self._progress(1.0, "Reading the play history")
        reader = HistoryReader(self._gateway, PlayStore(self._store), self._clock)
        try:
            reader.read(anew=self._request.rebuild)
        finally:
            self._requests += reader.requests
        if reader.added:
            self._notes.append(f"{reader.added} plays added.")
        if reader.note:
            self._notes.append(reader.note)

    def _known_types(self, sections: Sequence[Section]) -> list[Section]:
        for section in sections:
            if section.type not in KINDS_OF_SECTION:
                self._notes.append(f'The library "{section.title}" ({section.type}) is left out.')
        return [section for section in sections if section.type in KINDS_OF_SECTION]

    def _retire(self, sections: Sequence[Section]) -> None:
        there = {section.key for section in sections if section.type in KINDS_OF_SECTION}
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

    def _forget_retired(self) -> None:
        """Drop libraries that Plex no longer has: in a rebuild that covers all libraries."""
        # Even a write that finds nothing to do would wait for readers, for minutes, before anything is read from Plex.
        retired = any(not known.available for known in self._store.sections().values())
        if retired and self._request.rebuild and not self._request.libraries:
            self._store.drop_retired()

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
            with Fetcher(self._gateway, self._clock, parallel=self._request.parallel) as fetcher:
                try:
                    for place, section in enumerate(sections):
                        self._read_one(fetcher, staging, section, place / len(sections), 1 / len(sections))
                finally:
                    self._requests += fetcher.requests
            if not any(isinstance(failure, PlexTrouble) for failure in self._failures):
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

        anew = details_are_old(self._store.sections().get(section.key), self._started)
        sweep = LibraryReader(
            fetcher, self._store, staging, section, rebuild=self._request.rebuild, anew=anew, advance=advance
        )
        if sweep.done_before:
            self._unchanged.append(section.key)
            return
        try:
            complete = sweep.read(allow_empty=self._request.allow_empty)
        except IndexRefused as refusal:
            self._failures.append(refusal)
            return
        except (PlexTrouble, ItemMissing, Rejected) as trouble:
            self._gateway.probe()  # raises when it is Plex that is away, and not this library that is broken
            self._failures.append(PlexTrouble(f'The library "{section.title}" could not be read: {trouble}'))
            return
        publication = Publication(
            section=section,
            now=utc_text(self._clock.now()),
            staging_path=staging.path,
            rebuild=self._request.rebuild,
            complete=complete,
            anew=anew or self._request.rebuild,
        )
        left_out = sweep.left_out
        counts = publish(self._store, publication)
        staging.publish(section.key)
        self._count(counts)
        self._read.append(section.key)
        self._note_gaps(section, counts, left_out, complete=all(complete.values()))

    def _note_gaps(
        self, section: Section, counts: Mapping[str, Counts], left_out: Sequence[str], *, complete: bool
    ) -> None:
        missing = sum(each.missing for each in counts.values())
        if missing:
            self._notes.append(
                f'Plex gave no details of {missing} item(s) of "{section.title}"; the next run asks again.'
            )
        if left_out:
            others = len(left_out) - NAMED
            named = ", ".join(left_out[:NAMED]) + (f" and {others} more" if others > 0 else "")
            self._notes.append(
                f'Plex fails at {len(left_out)} item(s) of "{section.title}", which are left out: {named}. Open and refresh '
                "them in Plex. Nothing was marked as gone, and the next run asks again."
            )
        elif not complete:
            self._notes.append(
                f'The listing of "{section.title}" does not add up to what Plex says it holds; nothing was marked as gone.'
            )

    def _finish(self, *, yielded: bool, libraries_done: bool) -> IndexVerdict:
        verdict = IndexVerdict(
            counts=dict(self._counts),
            requests=self._requests,
            sections_read=len(self._read),
            sections_unchanged=len(self._unchanged),
            seconds=self._clock.monotonic() - self._monotonic,
            notes=tuple(self._notes),
            yielded=yielded,
            libraries_done=libraries_done,
        )
        whole = not yielded and not self._failures
        statistics = self._statistics()
        self._store.write(lambda: self._record(verdict, statistics, whole=whole))
        if self._failures:
            sentences = [str(failure) for failure in self._failures]
            others = len(self._read) + len(self._unchanged)
            if others and not yielded:
                sentences.append(
                    f"The other {'library is' if others == 1 else f'{others} libraries are'} up to date."
                )
            refused = any(isinstance(failure, IndexRefused) for failure in self._failures)
            kind = IndexRefused if refused else PlexTrouble
            raise kind(" ".join(sentences)) from self._failures[0]
        return verdict

    def _statistics(self) -> list[Row]:
        """Empty where they are as they were."""
        changed = any(each.added or each.changed or each.lost for each in self._counts.values())
        return read_statistics(self._store) if changed or not has_statistics(self._store) else []

    def _record(self, verdict: IndexVerdict, statistics: list[Row], *, whole: bool) -> None:
        ended, total = utc_text(self._clock.now()), verdict.total
        if statistics:
            write_statistics(self._store, statistics)
        self._store.count_skipped(self._unchanged)
        if whole:
            self._store.note({"lastCompleteRun": ended})
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
