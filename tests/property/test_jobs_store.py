"""The jobs table against a model in plain dicts, over every order of events, work, crashes and destroyed scenes."""

import sqlite3
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from plexsync_plugin.base.sqlite import migrate, transaction
from plexsync_plugin.jobs import scene_tables
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.state import APPLICATION_ID, migrations
from plexsync_plugin.jobs.store import BULK, PERSON, PRIORITIES, Job, JobStore

SCENES = st.integers(1, 3)
TIMES = st.floats(0, 100, allow_nan=False)
REASONS = st.sampled_from(["PlexUnavailable", "ItemMissing", "Ambiguous"])
BATCHES = st.sampled_from(["a", "a", "b", ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the table is to hold of one scene."""

    state: str = "waiting"
    generation: int = 1
    priority: int
    due_at: float
    attempts: int = 0
    waits: int = 0
    looks: int = 0
    first_failed_at: float | None = None
    last_tried_at: float | None = None
    reason: str = ""
    batch: str = ""


@dataclass(slots=True)
class Model:
    rows: dict[int, Row] = field(default_factory=dict)
    letters: set[int] = field(default_factory=set)

    def bump(self, scene: int, now: float, priority: int, batch: str, *, leads: bool) -> None:
        old = self.rows.get(scene)
        if old is None:
            self.rows[scene] = Row(priority=priority, due_at=now, batch=batch)
            return
        if batch and not leads and old.batch == batch:
            return
        self.letters.discard(scene)
        ended = old.state in ("done", "dead")
        self.rows[scene] = replace(
            old,
            state="running" if old.state == "running" else "waiting",
            generation=old.generation + 1,
            priority=priority if ended else min(priority, old.priority),
            due_at=now,
            attempts=0,
            waits=0,
            looks=0,
            first_failed_at=None,
            reason="",
            batch=batch,
        )

    def settle(self, job: Job, now: float, **changes: Any) -> bool:
        """False when a newer event came meanwhile, or the scene is gone."""
        row = self.rows.get(job.scene_id)
        if row is not None and row.generation == job.generation:
            self.rows[job.scene_id] = replace(row, **changes)
            return True
        if row is not None and row.state == "running":
            self.rows[job.scene_id] = replace(row, state="waiting", due_at=now)
        return False


class JobsTable(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        migrate(self.connection, migrations(), application_id=APPLICATION_ID, path=":memory:")
        self.store = JobStore(self.connection)
        self.model = Model()
        self.now = 1000.0
        self.taken: dict[int, Job] = {}

    def teardown(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()

    # --- events --------------------------------------------------------------------------------------------------

    @rule(seconds=TIMES)
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(scene=SCENES, priority=st.sampled_from(PRIORITIES))
    def one_event(self, scene: int, priority: int) -> None:
        with transaction(self.connection):
            self.store.bump([scene], priority=priority, now=self.now)
        self.model.bump(scene, self.now, priority, "", leads=True)

    @rule(scenes=st.sets(SCENES, min_size=2), batch=BATCHES, priority=st.sampled_from(PRIORITIES))
    def first_row_of_a_batch(self, scenes: set[int], batch: str, priority: int) -> None:
        with transaction(self.connection):
            self.store.bump(scenes, priority=priority, now=self.now, batch=batch, leads=True)
        for scene in scenes:
            self.model.bump(scene, self.now, priority, batch, leads=True)

    @rule(scene=SCENES, batch=BATCHES, priority=st.sampled_from(PRIORITIES))
    def later_row_of_a_batch(self, scene: int, batch: str, priority: int) -> None:
        with transaction(self.connection):
            self.store.bump([scene], priority=priority, now=self.now, batch=batch, leads=False)
        self.model.bump(scene, self.now, priority, batch, leads=False)

    @rule(scenes=st.sets(SCENES, min_size=1))
    def destroyed(self, scenes: set[int]) -> None:
        with transaction(self.connection):
            scene_tables.forget(self.connection, scenes)
        for scene in scenes:
            self.model.rows.pop(scene, None)
            self.model.letters.discard(scene)

    # --- work ----------------------------------------------------------------------------------------------------

    @rule(limit=st.integers(0, 6))
    def take_what_is_due(self, limit: int) -> None:
        found = self.store.due(self.now, limit)
        due = [
            (row.priority, row.due_at, scene)
            for scene, row in self.model.rows.items()
            if row.state == "waiting" and row.due_at <= self.now
        ]
        persons = [each for each in due if each[0] == PERSON]
        due = persons or due
        assert [job.scene_id for job in found] == [scene for _, _, scene in sorted(due)[:limit]]
        for job in found:
            row = self.model.rows[job.scene_id]
            assert (job.generation, job.priority, job.due_at) == (row.generation, row.priority, row.due_at)
            assert (job.attempts, job.waits, job.looks) == (row.attempts, row.waits, row.looks)
        self.taken = {job.scene_id: job for job in found}

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        job = self.taken[data.draw(st.sampled_from(sorted(self.taken)))]
        begun = self.store.begin(job, self.now)
        row = self.model.rows.get(job.scene_id)
        assert begun == (row is not None and row.state == "waiting" and row.generation == job.generation)
        if row is not None and begun:
            self.model.rows[job.scene_id] = replace(row, state="running", last_tried_at=self.now)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        jobs = [self.taken.pop(scene) for scene in data.draw(st.sets(st.sampled_from(sorted(self.taken))))]
        self.store.finish(jobs, self.now)
        for job in jobs:
            self.model.settle(
                job,
                self.now,
                state="done",
                attempts=0,
                waits=0,
                looks=0,
                first_failed_at=None,
                reason="",
            )

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), delay=TIMES, reason=REASONS, attempts=st.integers(0, 5))
    def retry(self, data: st.DataObject, delay: float, reason: str, attempts: int) -> None:
        job = self.taken.pop(data.draw(st.sampled_from(sorted(self.taken))))
        due_at = self.now + delay
        counts = {"attempts": attempts, "waits": job.waits + 1}
        failure = Failure(reason=reason, message="m")
        self.store.retry(job, failure, due_at=due_at, counts=counts, now=self.now)
        row = self.model.rows.get(job.scene_id)
        first = row.first_failed_at if row else None
        current = row.priority if row else 0
        self.model.settle(
            job,
            self.now,
            state="waiting",
            priority=max(current, BULK) if reason == "ItemMissing" else current,
            due_at=due_at,
            attempts=attempts,
            waits=job.waits + 1,
            looks=job.looks,
            last_tried_at=self.now,
            first_failed_at=self.now if first is None else first,
            reason=reason,
        )

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), reason=REASONS, attempts=st.integers(0, 5))
    def bury(self, data: st.DataObject, reason: str, attempts: int) -> None:
        job = self.taken.pop(data.draw(st.sampled_from(sorted(self.taken))))
        self._bury(job, reason, attempts)

    @rule(reason=REASONS)
    def take_and_bury(self, reason: str) -> None:
        """Both at once, so that dead jobs are common enough to meet every event."""
        self.take_what_is_due(1)
        for job in self.taken.values():
            self._bury(job, reason, 1)
        self.taken = {}

    def _bury(self, job: Job, reason: str, attempts: int) -> None:
        failure = Failure(reason=reason, message="m")
        buried = self.store.bury(job, failure, attempts=attempts, candidates="[]", now=self.now)
        assert buried == self.model.settle(job, self.now, state="dead", attempts=attempts, reason=reason)
        if buried:
            self.model.letters.add(job.scene_id)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        job = self.taken.pop(data.draw(st.sampled_from(sorted(self.taken))))
        self.store.release(job, self.now)
        row = self.model.rows.get(job.scene_id)
        if row is not None and row.state == "running":
            self.model.rows[job.scene_id] = replace(row, state="waiting")

    @rule()
    def crash_and_recover(self) -> None:
        self.taken = {}
        running = {scene: row for scene, row in self.model.rows.items() if row.state == "running"}
        assert self.store.recover(self.now) == len(running)
        for scene, row in running.items():
            self.model.rows[scene] = replace(row, state="waiting", due_at=self.now, attempts=row.attempts + 1)

    @rule(reasons=st.sets(REASONS, min_size=1))
    def wake(self, reasons: set[str]) -> None:
        self.store.wake(sorted(reasons), self.now)
        self._woken(lambda row: row.reason in reasons)

    @rule()
    def wake_all(self) -> None:
        self.store.wake_all(self.now)
        self._woken(lambda _: True)
        for scene, row in self.model.rows.items():
            if row.state == "dead" or (row.state == "done" and row.reason == "Absent"):
                self.model.rows[scene] = replace(
                    row,
                    state="waiting",
                    priority=max(row.priority, BULK),
                    due_at=self.now,
                    attempts=0,
                    waits=0,
                    looks=0,
                    first_failed_at=None,
                    reason="",
                )
        self.model.letters.clear()

    def _woken(self, chosen: Any) -> None:
        for scene, row in self.model.rows.items():
            if row.state == "waiting" and chosen(row):
                due_at = min(row.due_at, self.now)
                self.model.rows[scene] = replace(row, due_at=due_at, waits=0, first_failed_at=None)

    # --- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def table_is_the_model(self) -> None:
        columns = ", ".join(Row.__dataclass_fields__)
        found = {
            row["scene_id"]: Row(**{name: row[name] for name in Row.__dataclass_fields__})
            for row in self.connection.execute(f"SELECT scene_id, {columns} FROM jobs")
        }
        assert found == self.model.rows

    @invariant()
    def dead_jobs_and_letters_are_the_same_scenes(self) -> None:
        """A dead job without a letter would be a scene that nobody ever hears of."""
        letters = {row[0] for row in self.connection.execute("SELECT scene_id FROM dead_letters")}
        assert letters == self.model.letters
        assert {scene for scene, row in self.model.rows.items() if row.state == "dead"} <= letters

    @invariant()
    def readings_agree(self) -> None:
        waiting = [row for row in self.model.rows.values() if row.state == "waiting"]
        assert self.store.waiting() == len(waiting)
        assert self.store.next_due() == min((row.due_at for row in waiting), default=None)
        urgent = any(row.priority == 0 and row.due_at <= self.now for row in waiting)
        assert self.store.is_due(PERSON, self.now) == urgent
        for reason in ("PlexUnavailable", "ItemMissing"):
            assert self.store.waits_for([reason]) == any(row.reason == reason for row in waiting)


JobsTable.TestCase.settings = settings(stateful_step_count=40)
TestJobsTable = JobsTable.TestCase
