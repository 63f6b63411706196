"""Carries out what `core.retry` decides about a failed job or order: changes its row, and tells a person once per cause.

Here and not in a room, because scenes, orders and the work by itself all fail. Whom a decision concerns besides the
failed work (Plex, Stash, a person), `pauses` waits for.
"""

import json
import logging
import random
import traceback
from collections.abc import Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.retry import (
    BatchReadFailed,
    Bury,
    Decision,
    JobFailed,
    ListingLookFailed,
    NotTried,
    OrderFailed,
    OtherJobs,
    RecordAbsent,
    RetryAt,
    Tries,
    decide,
)
from plexsync_plugin.jobs.activity import Activity
from plexsync_plugin.jobs.notices import DEAD
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.reasons import Failure, reason_of
from plexsync_plugin.jobs.store import Job, JobStore
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.orders.orders import Orders

_log = logging.getLogger(__name__)


class FailureHandler:
    def __init__(
        self, store: JobStore, notices: Notices, redaction: Redaction, clock: Clock, rng: random.Random
    ) -> None:
        self._store = store
        self._notices = notices
        self._redaction = redaction
        self._clock = clock
        self._rng = rng
        self._last_write: tuple[float, int] = (0.0, 0)  # when, and of which scene

    def wrote(self, job: Job) -> None:
        """Plex has taken a write for this job: a server that others are written to is not away."""
        self._last_write = (self._clock.now(), job.scene_id)

    def remember(self, scene: Scene, activities: Sequence[Activity]) -> None:
        """What a person is told of a scene whose job fails, and what was done before it did. No transaction may be open."""
        self._store.remember(scene, activities, self._clock.now())

    def job_failed(self, job: Job, error: Exception, *, max_retries: int) -> Decision:
        """Decide about the job, and change its row accordingly."""
        now = self._clock.now()
        failure = self._failure(error)
        tries = Tries(
            attempts=job.attempts,
            waits=job.waits,
            looks=job.looks,
            failing_for=now - job.first_failed_at if job.first_failed_at else 0.0,
        )
        other_jobs = OtherJobs(succeeds=self._others_succeed(job), none=self._store.is_alone(job.scene_id))
        failed = JobFailed(tries=tries, max_retries=max_retries, other_jobs=other_jobs)
        decision = decide(error, failed, rng=self._rng)
        match decision.consequence:
            case Bury() as bury:
                self._bury(job, failure, bury, now)
            case RecordAbsent():
                _log.info("absent scene=%d reason=%s %s", job.scene_id, failure.reason, failure.message)
                self._store.record_absent(job, failure, now)
            case RetryAt() as retry:
                self._retry(job, failure, retry, now)
            case NotTried():
                self._store.release(job, now)
        return decision

    def decide(self, error: Exception, failed: BatchReadFailed | ListingLookFailed) -> Decision:
        """About what no single job has failed at, so that no row is changed."""
        return decide(error, failed, rng=self._rng)

    def order_failed(self, orders: Orders, order: Order, error: Exception) -> Decision:
        """Decide about the order, and change its row accordingly; the other orders go on meanwhile."""
        now = self._clock.now()
        failure = self._failure(error)
        tries = Tries(attempts=order.attempts, waits=order.waits, looks=0)
        decision = decide(error, OrderFailed(tries=tries), rng=self._rng)
        match decision.consequence:
            case Bury() as bury:
                self._give_up(orders, order, failure, bury)
            case RetryAt() as retry:
                due_at = now + retry.delay
                _log.info("order=%s again in=%.0fs %s", order.name, retry.delay, failure.message)
                orders.postpone(
                    order, failure.message, due_at=due_at, attempts=retry.attempts, waits=retry.waits
                )
        return decision

    def _give_up(self, orders: Orders, order: Order, failure: Failure, bury: Bury) -> None:
        _log.warning("order=%s given up reason=%s %s", order.name, failure.reason, failure.message)
        if failure.detail:
            _log.error("order=%s %s", order.name, failure.detail)
        orders.give_up(order, failure, attempts=bury.attempts)
        self._notices.tell(
            DEAD + failure.reason,
            "warning",
            f"The order {order.name} cannot be carried out: {failure.message} The task Status lists what has failed.",
        )

    def mention(self, level: str, text: str) -> None:
        """What came of an order, for Stash's log page."""
        self._notices.mention(level, text)

    def tidy(self) -> None:
        """Notices about dead letters go when the last letter of their reason is gone."""
        reasons = self._store.dead_reasons()
        for cause in self._notices.causes(DEAD):
            if cause.removeprefix(DEAD) not in reasons:
                self._notices.clear(cause)

    def _others_succeed(self, job: Job) -> bool:
        when, scene_id = self._last_write
        return job.last_tried_at is not None and scene_id != job.scene_id and when > job.last_tried_at

    def _failure(self, error: Exception) -> Failure:
        expected = isinstance(error, PlexSyncError)
        detail = "" if expected else "".join(traceback.format_exception(error))
        message = (
            str(error) if expected else f"PlexSync met a bug of its own ({type(error).__name__}: {error})."
        )
        return Failure(
            reason=reason_of(error),
            message=self._redaction.text(message),
            candidates=tuple(getattr(error, "candidates", ())),
            detail=self._redaction.text(detail),
        )

    def _retry(self, job: Job, failure: Failure, retry: RetryAt, now: float) -> None:
        counts = {"attempts": retry.attempts, "waits": retry.waits, "looks": retry.looks}
        _log.info(
            "retry scene=%d in=%.0fs reason=%s %s",
            job.scene_id,
            retry.delay,
            failure.reason,
            failure.message,
        )
        if failure.detail:
            _log.error("scene=%d %s", job.scene_id, failure.detail)
        self._store.retry(job, failure, due_at=now + retry.delay, counts=counts, now=now)

    def _bury(self, job: Job, failure: Failure, bury: Bury, now: float) -> None:
        candidates = json.dumps(list(failure.candidates))
        if not self._store.bury(job, failure, attempts=bury.attempts, candidates=candidates, now=now):
            return
        _log.warning("dead letter scene=%d reason=%s %s", job.scene_id, failure.reason, failure.message)
        if failure.detail:
            _log.error("scene=%d %s", job.scene_id, failure.detail)
        self._notices.tell(
            DEAD + failure.reason,
            "warning",
            f"Scene {job.scene_id} cannot be synced: {failure.message} The task Status lists all such scenes.",
        )
