"""One batch of due jobs after the other: read the scenes, leave out what is in sync, find, read the items, write.

Reads are shared by the whole batch (one query to Stash, one detail request per 100 items to Plex), writes are one by
one. Every job ends by itself, done or failed: what one scene meets never stops the others, except what concerns Plex,
Stash or a person, which ends the batch and leaves the rest waiting. What is done to a scene is `scene_sync`'s.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError, PutAside
from plexsync_plugin.base.file_trouble import concerns_own_files
from plexsync_plugin.core.model import Item
from plexsync_plugin.core.retry import BatchReadFailed, Decision, ReadSingly, SettleFirst
from plexsync_plugin.jobs.store import PERSON, Job, JobStore
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.neighbours.plex_health import REASONS, PlexHealth
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from plexsync_plugin.worker.scenes.ready_scenes import ReadyScene
from plexsync_plugin.worker.scenes.scene_sync import FRESH, SceneSync
from plexsync_plugin.worker.scenes.scene_work import SceneWork

BATCH = 100  # jobs
AHEAD = 4  # scenes at most that are made ready at once, in one commit that waits for the disk

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Batches:
    def __init__(
        self,
        store: JobStore,
        health: PlexHealth,
        pauses: Pauses,
        failures: FailureHandler,
        clock: Clock,
        interruptions: Interruptions,
    ) -> None:
        self._store = store
        self._health = health
        self._pauses = pauses
        self._failures = failures
        self._clock = clock
        self._interruptions = interruptions
        self._limit = BATCH  # jobs in the next batch
        self._unsettled: SceneWork | None = None  # written, and what came of it is not stored yet
        self._asks_ahead = True  # for covers; not where Stash has failed at one of this batch
        self._next_cover = (
            0  # place in the batch of the scene that is looked at next for its cover: each once
        )
        self._singly = 0  # so many jobs are to be read one by one, to find out which of them fails

    def carry_out(self, plex: PlexSide, stash: StashSession) -> bool:
        """What is due, as far as one batch reaches. True when something was done and more may be due at once."""
        limit = 1 if self._health.cautious or self._singly else self._limit
        jobs = self._store.due(self._clock.now(), limit)
        if not jobs:
            self._nothing_due()
            plex.wake_looks()
            return self._give_a_collection_poster(plex)
        self._singly = max(0, self._singly - len(jobs))
        # A batch holds persons' jobs alone, or none of them.
        yields = jobs[0].priority > PERSON
        try:
            with self._interruptions.yielding() if yields else contextlib.nullcontext():
                self._read_and_write(plex, stash, jobs)
            self._limit = BATCH
        except PutAside:
            # Else a person's edit every second would let no bulk work get as far as its first write.
            if yields and self._interruptions.person_waits():
                self._limit = max(1, len(jobs) // 4)
        return self._pauses.let_stash_work

    def _nothing_due(self) -> None:
        if self._health.cautious and self._health.lets_work and not self._store.waits_for(REASONS):
            self._health.nothing_waits()
        self._failures.tidy()

    def _give_a_collection_poster(self, plex: PlexSide) -> bool:
        """When no scene is due: posters of collections delay none, and fail none."""
        try:
            with self._interruptions.yielding():
                return plex.give_a_collection_poster()
        except PutAside:
            return True

    # --- reading -------------------------------------------------------------------------------------------------

    def _read_and_write(self, plex: PlexSide, stash: StashSession, jobs: Sequence[Job]) -> None:
        max_retries = plex.settings.max_retries
        batch = self._read(jobs, max_retries, partial(_unsynced, plex, stash, jobs))
        if not batch:
            return
        sync = plex.current().scenes
        with sync.looking_up():
            found = self._find(sync, batch, max_retries)
        if not found:
            return
        jobs = [work.job for work in found]
        items = self._read(jobs, max_retries, partial(_read_items, sync, found))
        if items is None:
            return
        read_at = self._clock.monotonic()  # a listing takes its time
        if self._read(jobs, max_retries, partial(_look_ahead, sync, found, items)):
            with self._turns(sync, max_retries):
                whole = self._write(sync, found, items, fresh_until=read_at + FRESH, max_retries=max_retries)
            self._look_again(sync, whole=whole and jobs[0].priority > PERSON)

    def _find(self, sync: SceneSync, batch: Sequence[SceneWork], max_retries: int) -> list[SceneWork]:
        """The scenes whose items are known now; none of them when the batch has to end."""
        if not self._read([work.job for work in batch], max_retries, partial(_look_ahead, sync, batch)):
            return []
        found: list[SceneWork] = []
        for work in batch:
            is_found = self._attempt(work, max_retries, partial(sync.find_items, work)) is not None
            if is_found:
                found.append(work)
            # Where nobody was asked no time has passed.
            if (work.looked_for or not is_found) and self._ends(work.job):
                return []
        return found

    def _read(self, jobs: Sequence[Job], max_retries: int, read: Callable[[], T]) -> T | None:
        """A read for all these jobs. None when it failed: then the failure is dealt with, and the batch ends."""
        try:
            return read()
        except PlexSyncError as error:
            if len(jobs) == 1:
                self._failed(jobs[0], max_retries, error)
                return None
            decision = self._failures.decide(error, BatchReadFailed())
            if isinstance(decision.consequence, SettleFirst):
                self._failed(jobs[0], max_retries, error)
                return None
            self._obey_for_all(decision, error, len(jobs))
            return None

    def _obey_for_all(self, decision: Decision, error: PlexSyncError, jobs: int) -> None:
        if isinstance(decision.consequence, ReadSingly):
            self._singly = jobs
        self._pauses.obey(decision, error)

    # --- writing -------------------------------------------------------------------------------------------------

    def _write(
        self,
        sync: SceneSync,
        found: Sequence[SceneWork],
        items: dict[int, Item],
        *,
        fresh_until: float,
        max_retries: int,
    ) -> bool:
        """Store what came of one scene and make the next ones ready while Plex works on the one between them. Whether nobody waits, be it
        that all had their turn or that what was read is too old for the others."""
        self._asks_ahead, self._next_cover = True, 0
        touched: set[int] = set()  # items that this batch may have changed since they were read
        for place, work in enumerate(found):
            if self._clock.monotonic() > fresh_until:
                return True
            if not self._store.begin(work.job, self._clock.now()):
                sync.ready.take_back([work])  # edited again or destroyed since it was read
                continue
            changed = touched & set(work.keys)
            if changed:  # what is known of the item is needed before it is compared
                self._settle_last(sync, max_retries)

            def meanwhile(place: int = place) -> None:
                with self._interruptions.under_way():
                    self._settle_last(sync, max_retries)
                    if self._clock.monotonic() > fresh_until:
                        return  # no other has its turn in this batch
                    self._ask_ahead(sync, found, place + 1, items)
                    if not sync.ready:
                        taken = touched | set(found[place].keys)
                        self._make_ready(sync, taken, found[place + 1 : place + 1 + AHEAD], items)

            with self._interruptions.writing(work.job), sync.while_waiting(meanwhile):
                action = partial(sync.sync, work, items, fresh_until, changed)
                written = self._attempt(work, max_retries, action)
            touched.update(work.keys)
            if written is not None:
                self._succeeded(sync, work, written, max_retries)
            if self._ends(work.job):
                return False
        return True

    def _ask_ahead(
        self, sync: SceneSync, found: Sequence[SceneWork], place: int, items: dict[int, Item]
    ) -> None:
        """Where Stash must be asked for the covers of those from `place` on, two are asked for: one for each write, and a lead."""
        following = found[place : place + 2 * AHEAD]
        self._next_cover = max(self._next_cover, place)
        asked = 0
        while asked < 2 and self._asks_ahead and self._next_cover < place + len(following):
            work = found[self._next_cover]
            self._next_cover += 1
            was_asked = self._ahead(work, partial(sync.ready.ask_for_cover, work, items, following))
            self._asks_ahead = was_asked is not None and not (work.pictures and work.pictures.trouble)
            asked += bool(was_asked)

    def _look_again(self, sync: SceneSync, *, whole: bool) -> None:
        """What fails here is asked one by one with the next edit of these items, so it is no job's failure."""
        if not whole:
            sync.forget_pictures()
            return
        try:
            sync.look_at_pictures_again()
        except PlexSyncError as error:
            _log.info("pictures are not looked at again: %s", type(error).__name__)

    def _make_ready(
        self, sync: SceneSync, taken: set[int], following: Sequence[SceneWork], items: dict[int, Item]
    ) -> None:
        """Those that follow, as far as they are plain. `taken` are items of the scenes before: what an item of two scenes needs is not
        known before it is known what came of the first."""
        ready: list[ReadyScene] = []
        for work in following:
            if taken & set(work.keys):
                break
            laid_out = self._ahead(work, partial(sync.ready.lay_out, work, items))
            if laid_out is None:
                break
            taken |= set(work.keys)
            ready.append(laid_out)
        if ready:
            sync.ready.add(ready)

    def _ahead(self, work: SceneWork, action: Callable[[], T]) -> T | None:
        """Something for a scene before its turn; None where it failed. That is no failure yet: in its turn the scene meets it again, and there
        it is its job's."""
        try:
            return action()
        except Exception as error:
            # A job boundary, as in `_attempt`.
            if concerns_own_files(error):
                raise
            _log.debug("scene=%d is left for its turn: %s", work.scene.id, type(error).__name__)
            return None

    @contextlib.contextmanager
    def _turns(self, sync: SceneSync, max_retries: int) -> Iterator[None]:
        """Afterwards what was written is stored, and what was made ready and not sent is taken back; not where our own files failed."""
        try:
            yield
        except PutAside:
            self._end_turns(sync, max_retries)
            sync.forget_pictures()  # who knows when the next batch comes
            raise
        self._end_turns(sync, max_retries)

    def _end_turns(self, sync: SceneSync, max_retries: int) -> None:
        sync.ready.take_back()
        self._settle_last(sync, max_retries)

    def _attempt(self, work: SceneWork, max_retries: int, action: Callable[[], int | None]) -> int | None:
        """The job boundary: whatever the action raises is this job's failure alone. None when it failed.

        Raises PutAside, and the job waits as if it had not been begun; and what our own files raise, which is no job's failure.
        """
        try:
            return action() or 0
        except PutAside:
            self._store.release(work.job, self._clock.now())
            if work.activities:
                self._failures.remember(work.scene, work.activities)
            raise
        except Exception as error:
            # The job boundary; the traceback is kept with the job.
            if concerns_own_files(error):
                raise
            self._failed(work.job, max_retries, error, work)
            return None

    def _succeeded(self, sync: SceneSync, work: SceneWork, written: int, max_retries: int) -> None:
        if written:
            self._failures.wrote(work.job)
        self._settle_last(sync, max_retries)
        self._unsettled = work
        if work.unsettled is None:
            self._settle_last(sync, max_retries)

    def _settle_last(self, sync: SceneSync, max_retries: int) -> None:
        """Store what came of the scene that was written last, unless that was done."""
        work, self._unsettled = self._unsettled, None
        if work is None:
            return
        self._pauses.plex_took_a_write()
        if self._attempt(work, max_retries, partial(sync.settle, work)) is None:
            return
        if work.left is not None:
            self._failed(work.job, max_retries, work.left, work)  # the files that have no item yet
        else:
            self._store.finish([work.job], self._clock.now(), work.activities)

    def _failed(self, job: Job, max_retries: int, error: Exception, work: SceneWork | None = None) -> None:
        """`work` None: the scene has not been read."""
        if work is not None:
            self._failures.remember(work.scene, work.activities)
        decision = self._failures.job_failed(job, error, max_retries=max_retries)
        self._pauses.obey(decision, error)

    def _ends(self, job: Job) -> bool:
        """Between two jobs: whether the batch must end, for somebody has to be waited for or something else comes first."""
        waits = not (self._pauses.let_plex_work and self._pauses.let_stash_work)
        return waits or self._interruptions.come_first(job)


def _unsynced(plex: PlexSide, stash: StashSession, jobs: Sequence[Job]) -> list[SceneWork]:
    ids, since = [job.scene_id for job in jobs], max(job.due_at for job in jobs)
    return plex.unsynced(jobs, stash.client.scenes(ids, since=since))


def _read_items(sync: SceneSync, found: Sequence[SceneWork]) -> dict[int, Item]:
    return sync.read_items(key for work in found for key in work.keys)


def _look_ahead(sync: SceneSync, batch: Sequence[SceneWork], items: dict[int, Item] | None = None) -> bool:
    sync.look_ahead(batch, items)
    return True
