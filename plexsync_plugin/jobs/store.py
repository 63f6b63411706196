"""Owns the table `jobs`: one row per scene, with order, due time, attempts and reason. What a failure leads to is
`core.retry`'s, the list of failed scenes is `dead_letters`'.

All times are given by the caller, in epoch seconds.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.model import Scene
from plexsync_plugin.jobs.activity import ABSENT as SEEN_ABSENT
from plexsync_plugin.jobs.activity import FAILED, Activity, ActivityStore
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.hourly import Hourly
from plexsync_plugin.jobs.reasons import ABSENT, AMBIGUOUS, DISCARDED, ITEM_MISSING, LOOKED_FOR, Failure
from plexsync_plugin.jobs.scene_files import SceneFiles

PERSON, BULK, RECONCILE = 0, 1, 2
PRIORITIES = (PERSON, BULK, RECONCILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    scene_id: int
    generation: int
    priority: int
    due_at: float
    attempts: int
    waits: int
    looks: int
    first_failed_at: float | None
    last_tried_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobNumbers:
    """`open` are due or in hand, `later` wait for a time to come, `dead` are on the list of failed scenes."""

    total: int = 0
    open: int = 0
    later: int = 0
    dead: int = 0


_JOB = "scene_id, generation, priority, due_at, attempts, waits, looks, first_failed_at, last_tried_at"

# What a job that starts afresh forgets: how often it failed, and why.
_NO_TRIES = "attempts = 0, waits = 0, looks = 0, first_failed_at = NULL"
_NO_REASON = "reason = '', message = ''"
_AFRESH = f"{_NO_TRIES}, {_NO_REASON}"

_LOOKED_FOR = ", ".join(f"'{reason}'" for reason in LOOKED_FOR)
_WITHOUT_ITEM = (
    f"((state = 'waiting' AND reason IN ({_LOOKED_FOR})) "
    f"OR (state = 'done' AND reason = '{ABSENT}') OR (state = 'dead' AND reason = '{ITEM_MISSING}'))"
)
_UNMATCHED = f"({_WITHOUT_ITEM} OR (state = 'dead' AND reason = '{AMBIGUOUS}'))"
_BY_MACHINE = f"priority = max(priority, {BULK})"  # what is looked at again, whoever edited it first
# What is woken by a machine: what a person has undone is left alone until it is edited.
_MAKE_DUE = (
    f"UPDATE jobs SET state = 'waiting', due_at = :now, {_BY_MACHINE}, {_AFRESH}, changed_at = :now "
    "WHERE scene_id NOT IN (SELECT scene_id FROM undone) AND "
)

# A new event starts the job afresh: its attempts, waits and look-ups are those of a state that is no more.
# A running job stays running; that its generation moved on is seen when it is settled.
_BUMP = f"""
INSERT INTO jobs (scene_id, state, priority, due_at, batch, order_id, changed_at)
VALUES (:scene_id, 'waiting', :priority, :now, :batch, :order_id, :now)
ON CONFLICT (scene_id) DO UPDATE SET
    generation = generation + 1,
    priority = CASE WHEN state IN ('done', 'dead') THEN :priority ELSE min(priority, :priority) END,
    state = CASE WHEN state = 'running' THEN 'running' ELSE 'waiting' END,
    due_at = :now, {_AFRESH},
    batch = :batch, order_id = coalesce(:order_id, order_id), changed_at = :now
WHERE :batch = '' OR :leads OR batch <> :batch
"""


class JobStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._letters = DeadLetters(connection)
        self._activity, self._hourly = ActivityStore(connection), Hourly(connection)

    # --- events --------------------------------------------------------------------------------------------------

    def bump(
        self,
        scene_ids: Iterable[int],
        *,
        priority: int,
        now: float,
        batch: str = "",
        leads: bool = True,
        order_id: int | None = None,
    ) -> None:
        """Make jobs due, new or again. Call it inside a transaction.

        `batch` names a multi-id event; with `leads` false a job that this event bumped last is left alone.
        """
        common = {"priority": priority, "now": now, "batch": batch, "leads": leads, "order_id": order_id}
        numbers = list(scene_ids)
        self._connection.executemany(_BUMP, [{"scene_id": number, **common} for number in numbers])
        self._letters.drop_revived(numbers)  # a job that was left alone, and is dead, keeps its letter

    # --- work ----------------------------------------------------------------------------------------------------

    def due(self, now: float, limit: int) -> list[Job]:
        """The jobs to do next: a person's edits, alone; without any, bulk work before reconcile, then by due time."""
        found: list[Job] = []
        for priority in PRIORITIES:
            found += [
                Job(**dict(row))
                for row in self._connection.execute(
                    f"SELECT {_JOB} FROM jobs WHERE state = 'waiting' AND priority = ? AND due_at <= ? "
                    "ORDER BY due_at, scene_id LIMIT ?",
                    (priority, now, limit - len(found)),
                )
            ]
            if priority == PERSON and found:
                break
        return found

    def is_due(self, priority: int, now: float) -> bool:
        """Whether a job of this priority is due."""
        query = "SELECT 1 FROM jobs WHERE state = 'waiting' AND priority = ? AND due_at <= ? LIMIT 1"
        return self._connection.execute(query, (priority, now)).fetchone() is not None

    def is_in_hand(self, job: Job) -> bool:
        """Whether the job that was begun is the same still: its scene neither edited again nor destroyed."""
        row = self._connection.execute(
            "SELECT 1 FROM jobs WHERE scene_id = ? AND generation = ?", (job.scene_id, job.generation)
        ).fetchone()
        return row is not None

    def begin(self, job: Job, now: float) -> bool:
        """Mark the job in hand, so that a crash leaves a trace of it; False when it is not the same any more.

        A newer event came, or the scene was destroyed, after the batch was read.
        """
        with relaxed(self._connection):
            begun = self._connection.execute(
                "UPDATE jobs SET state = 'running', last_tried_at = ?, changed_at = ? "
                "WHERE scene_id = ? AND generation = ? AND state = 'waiting'",
                (now, now, job.scene_id, job.generation),
            ).rowcount
        return bool(begun)

    def finish(self, jobs: Sequence[Job], now: float, activities: Iterable[Activity] = ()) -> None:
        """Done, by these activities, unless a newer event came meanwhile: then the job goes round again."""
        if not jobs:
            return
        with relaxed(self._connection), transaction(self._connection):
            self._activity.add(activities, now)
            self._hourly.count(now, ok=len(jobs))
            for job in jobs:
                done = self._connection.execute(
                    f"UPDATE jobs SET state = 'done', {_AFRESH}, changed_at = ? "
                    "WHERE scene_id = ? AND generation = ?",
                    (now, job.scene_id, job.generation),
                ).rowcount
                if not done:
                    self._go_round(job, now)

    def record_absent(self, job: Job, failure: Failure, now: float) -> None:
        """Done, with the reason why nothing was; a newer event makes the job go round again."""
        with transaction(self._connection):
            done = self._connection.execute(
                f"UPDATE jobs SET state = 'done', {_NO_TRIES}, last_tried_at = ?, "
                "reason = ?, message = ?, changed_at = ? WHERE scene_id = ? AND generation = ?",
                (now, failure.reason, failure.message, now, job.scene_id, job.generation),
            ).rowcount
            if not done:
                self._go_round(job, now)
            elif job.priority == PERSON:  # else a library that Plex holds in part would push out all the rest
                activity = Activity(scene_id=job.scene_id, outcome=SEEN_ABSENT, text=failure.message)
                self._activity.add([activity], now)

    def remember(self, scene: Scene, activities: Sequence[Activity], now: float) -> None:
        """What a person is told of a scene that fails, and what was done before it did. No transaction may be open."""
        SceneFiles(self._connection).note(scene)
        if activities:
            with relaxed(self._connection), transaction(self._connection):
                self._activity.add(activities, now)

    def retry(self, job: Job, failure: Failure, *, due_at: float, counts: dict[str, int], now: float) -> None:
        """Later. `counts` are the new values of attempts, waits and looks. What Plex lacks is looked for again behind edits."""
        with transaction(self._connection):
            later = self._connection.execute(
                "UPDATE jobs SET state = 'waiting', due_at = :due_at, attempts = :attempts, waits = :waits, "
                f"looks = :looks, {f'{_BY_MACHINE},' if failure.reason == ITEM_MISSING else ''} "
                "last_tried_at = :now, first_failed_at = coalesce(first_failed_at, :now), reason = :reason, "
                "message = :message, changed_at = :now WHERE scene_id = :scene_id AND generation = :generation",
                {
                    "due_at": due_at,
                    "attempts": counts.get("attempts", job.attempts),
                    "waits": counts.get("waits", job.waits),
                    "looks": counts.get("looks", job.looks),
                    "now": now,
                    "reason": failure.reason,
                    "message": failure.message,
                    "scene_id": job.scene_id,
                    "generation": job.generation,
                },
            ).rowcount
            if not later:
                self._go_round(job, now)

    def bury(self, job: Job, failure: Failure, *, attempts: int, candidates: str, now: float) -> bool:
        """Onto the dead-letter list; False when a newer event came meanwhile and the job goes round again."""
        with transaction(self._connection):
            dead = self._connection.execute(
                "UPDATE jobs SET state = 'dead', attempts = ?, reason = ?, message = ?, changed_at = ? "
                "WHERE scene_id = ? AND generation = ?",
                (attempts, failure.reason, failure.message, now, job.scene_id, job.generation),
            ).rowcount
            if not dead:
                self._go_round(job, now)
                return False
            self._letters.put_scene(
                job.scene_id,
                failure,
                candidates=candidates,
                attempts=attempts,
                first_at=job.first_failed_at or now,
                now=now,
            )
            self._activity.add([Activity(scene_id=job.scene_id, outcome=FAILED, text=failure.message)], now)
            self._hourly.count(now, failed=1)
        return True

    def recover(self, now: float) -> int:
        """At the start of a worker: what was in hand when the last one died is due again, one attempt poorer."""
        with transaction(self._connection):
            return self._connection.execute(
                "UPDATE jobs SET state = 'waiting', due_at = ?, attempts = attempts + 1, changed_at = ? "
                "WHERE state = 'running'",
                (now, now),
            ).rowcount

    def release(self, job: Job, now: float) -> None:
        """Back to waiting without any consequence: the job was not tried."""
        self._connection.execute(
            "UPDATE jobs SET state = 'waiting', changed_at = ? WHERE scene_id = ? AND state = 'running'",
            (now, job.scene_id),
        )

    def _go_round(self, job: Job, now: float) -> None:
        """A newer event came while the job was in hand: it is due again."""
        self._connection.execute(
            "UPDATE jobs SET state = 'waiting', due_at = ?, changed_at = ? WHERE scene_id = ? AND state = 'running'",
            (now, now, job.scene_id),
        )

    # --- waking --------------------------------------------------------------------------------------------------

    def wake_all(self, now: float) -> None:
        """Another Plex, or another way to it: every job that waits or has failed, or whose scene was absent, is due now; how
        long it failed before counts no more. What a person discarded stays. No transaction may be open."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE jobs SET due_at = min(due_at, ?), waits = 0, first_failed_at = NULL WHERE state = 'waiting'",
                (now,),
            )
            self._connection.execute(
                f"{_MAKE_DUE} (state = 'dead' OR (state = 'done' AND reason = '{ABSENT}'))", {"now": now}
            )
            self._letters.drop_all_revived()

    def wake(self, reasons: Sequence[str], now: float) -> int:
        """Make waiting jobs with one of these reasons due now; how long it failed before counts no more."""
        marks = ",".join("?" * len(reasons))
        return self._connection.execute(
            "UPDATE jobs SET due_at = min(due_at, ?), waits = 0, first_failed_at = NULL "
            f"WHERE state = 'waiting' AND reason IN ({marks})",
            (now, *reasons),
        ).rowcount

    def wake_without_item(self, scene_ids: Iterable[int], now: float) -> int:
        """Make those of these scenes due that have no Plex item, as if they had never been looked for; how many."""
        rows = [{"now": now, "scene_id": scene_id} for scene_id in scene_ids]
        query = f"{_MAKE_DUE} scene_id = :scene_id AND {_WITHOUT_ITEM}"
        return max(self._connection.executemany(query, rows).rowcount, 0)

    def wake_unmatched(self, now: float) -> int:
        """Make every scene due that has no Plex item, or several that could be meant; how many."""
        return self._connection.execute(f"{_MAKE_DUE} {_UNMATCHED}", {"now": now}).rowcount

    # --- by hand -------------------------------------------------------------------------------------------------

    def discard(self, scene_ids: Iterable[int], now: float) -> None:
        """Failed jobs that a person wants to hear no more of. One whose scene is not in Plex counts as absent from now on."""
        self._connection.execute(
            f"UPDATE jobs SET state = 'done', {_NO_TRIES}, order_id = NULL, "
            "reason = CASE reason WHEN :item_missing THEN :absent ELSE :discarded END, changed_at = :now "
            "WHERE state = 'dead' AND scene_id IN (SELECT value FROM json_each(:scenes))",
            {
                "item_missing": ITEM_MISSING,
                "absent": ABSENT,
                "discarded": DISCARDED,
                "now": now,
                "scenes": json.dumps(list(scene_ids)),
            },
        )

    def drop_waiting(self, before: float) -> int:
        """Take out of the queue what came before that time, also where it was tried since; how many jobs."""
        query = "DELETE FROM jobs WHERE state = 'waiting' AND (changed_at < ? OR changed_at = last_tried_at)"
        return self._connection.execute(query, (before,)).rowcount

    def settle_undone(self, scene_ids: Iterable[int], now: float) -> None:
        """The waiting jobs of these scenes are done: what they would write is being undone."""
        self._connection.execute(
            f"UPDATE jobs SET state = 'done', {_AFRESH}, changed_at = :now "
            "WHERE state = 'waiting' AND scene_id IN (SELECT value FROM json_each(:scenes))",
            {"now": now, "scenes": json.dumps(list(scene_ids))},
        )

    # --- readings ------------------------------------------------------------------------------------------------

    def waits_for(self, reasons: Sequence[str]) -> bool:
        """Whether a waiting job has one of these reasons."""
        marks = ",".join("?" * len(reasons))
        query = f"SELECT 1 FROM jobs WHERE state = 'waiting' AND reason IN ({marks}) LIMIT 1"
        return self._connection.execute(query, tuple(reasons)).fetchone() is not None

    def waiting_of(self, scene_ids: Iterable[int]) -> list[int]:
        """Those of these scenes whose job waits."""
        rows = self._connection.execute(
            "SELECT scene_id FROM jobs WHERE state = 'waiting' AND scene_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(scene_ids)),),
        )
        return [row[0] for row in rows]

    def is_alone(self, scene_id: int) -> bool:
        """Whether no other job waits to be written; those without an item are none."""
        query = (
            "SELECT 1 FROM jobs WHERE state = 'waiting' AND scene_id <> ? "
            f"AND reason NOT IN ({_LOOKED_FOR}) LIMIT 1"
        )
        return self._connection.execute(query, (scene_id,)).fetchone() is None

    def dead_reasons(self) -> set[str]:
        """The reasons of everything on the list of failed scenes."""
        return self._letters.reasons()

    def next_due(self) -> float | None:
        """When the first of the waiting jobs is due, in epoch seconds; None when none waits."""
        query = "SELECT min(due_at) FROM jobs WHERE state = 'waiting'"
        due: float | None = self._connection.execute(query).fetchone()[0]
        return due

    def waiting(self) -> int:
        """How many jobs wait, due or not."""
        query = "SELECT count(*) FROM jobs WHERE state = 'waiting'"
        count: int = self._connection.execute(query).fetchone()[0]
        return count

    def numbers(self, now: float, order_id: int | None = None) -> JobNumbers:
        """Of the jobs that this order has put in, or with None of all."""
        row = self._connection.execute(
            "SELECT count(*) AS total, "
            "count(*) FILTER (WHERE state = 'running' OR (state = 'waiting' AND due_at <= :now)) AS open, "
            "count(*) FILTER (WHERE state = 'waiting' AND due_at > :now) AS later, "
            "count(*) FILTER (WHERE state = 'dead') AS dead "
            f"FROM jobs {'' if order_id is None else 'WHERE order_id = :order_id'}",
            {"now": now, "order_id": order_id},
        ).fetchone()
        return JobNumbers(**dict(row))

    def states_between(self, after: int, last: int) -> dict[int, str]:
        """By scene, with ids above `after`, up to `last`: the column `state`, or "absent" for a scene that is known not to be
        in Plex, "discarded" for one that a person took off the list of failed scenes."""
        rows = self._connection.execute(
            "SELECT scene_id, CASE WHEN state = 'done' AND reason = ? THEN 'absent' "
            "WHEN state = 'dead' AND reason = ? THEN 'absent' "
            "WHEN state = 'done' AND reason = ? THEN 'discarded' ELSE state END "
            "FROM jobs WHERE scene_id > ? AND scene_id <= ?",
            (ABSENT, ITEM_MISSING, DISCARDED, after, last),
        )
        return {row[0]: row[1] for row in rows}

    def lacking_between(self, after: int, last: int) -> set[int]:
        """Scenes with ids above `after`, up to `last`, of which a file has no Plex item, or several that could be meant."""
        rows = self._connection.execute(
            f"SELECT scene_id FROM jobs WHERE scene_id > ? AND scene_id <= ? AND {_UNMATCHED}", (after, last)
        )
        return {row[0] for row in rows}

    def without_item_after(self, scene_id: int, limit: int) -> list[int]:
        """The next scenes without a Plex item, by id."""
        rows = self._connection.execute(
            f"SELECT scene_id FROM jobs WHERE scene_id > ? AND {_WITHOUT_ITEM} ORDER BY scene_id LIMIT ?",
            (scene_id, limit),
        )
        return [row[0] for row in rows]
