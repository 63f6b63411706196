"""What follows from a failure: the only reader of an error's disposition (docs/architecture.md, "Failures"). Pure.

`decide` is asked once per failure, whatever met it: a job, an order, a read for a whole batch, or a look through a listing.
It says whom the failure concerns (`Scope`) and what becomes of the work that met it (`Consequence`). Who asks obeys both
without looking at the error's class again. docs/architecture.md shows the answers as a table.

Pauses double from 5 s up to a bound. Below the bound the pause is drawn from the generator passed in, so that many jobs
which failed together do not come back together.
"""

import enum
import random
from dataclasses import dataclass

from plexsync_plugin.base import errors

LOOK_AGAIN_AFTER = (
    300.0,
    3_600.0,
    21_600.0,
    86_400.0,
)  # the file may not be scanned yet (docs/architecture.md, "Matching")
FIRST_PAUSE = 5.0
LONGEST_WAIT = 600.0  # for a server
LONGEST_BACKOFF = 3_600.0  # between two attempts
PERSON_PAUSE = 300.0  # a refused token is tried again every 5 minutes
STASH_PAUSE = 10.0  # Stash did not answer in time, as it does while its database is busy
LISTING_PAUSE = 600.0  # before missing scenes are looked for in a listing again
LONGEST_ALONE = 86_400.0  # a job that fails alone for this long is a person's business
ORDER_ATTEMPTS = 10  # with their pauses 43 minutes
LONGEST_ORDER_WAIT = 60.0


# --- what has failed -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often the work has failed in which way, before this failure. `failing_for` in seconds."""

    attempts: int
    waits: int
    looks: int
    failing_for: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherJobs:
    """What other jobs tell of Plex. `succeeds`: since this job's last attempt another item's write has worked.
    `none`: no other job is there that could."""

    succeeds: bool = False
    none: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    tries: Tries
    max_retries: int
    other_jobs: OtherJobs


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFailed:
    tries: Tries


@dataclass(frozen=True, slots=True)
class BatchReadFailed:
    """A read for several jobs at once, before any of them was begun."""


@dataclass(frozen=True, slots=True)
class ListingLookFailed:
    """A look for missing scenes in a new index or listing, which is no job's."""


Failed = JobFailed | OrderFailed | BatchReadFailed | ListingLookFailed


# --- what follows --------------------------------------------------------------------------------------------------


class Scope(enum.StrEnum):
    """Whom a failure concerns: nothing else that needs them is tried before they have been waited for."""

    WORK = "it alone"  # the job, order or look that met it
    BATCH = "this batch"
    PLEX = "Plex"  # it is probed before anything else is asked of it
    PERSON = "a person"
    STASH = "Stash"  # it is there, and cannot answer now
    STASH_AWAY = "Stash is away"
    SESSION = "Stash's session"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAt:
    """`delay` in seconds; the other three are the new counts."""

    delay: float
    attempts: int
    waits: int
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bury:
    """Onto the list of what a person must look at: a dead letter."""

    attempts: int


@dataclass(frozen=True, slots=True)
class RecordAbsent:
    """Nothing is left to do, although nothing was written."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """It stays as it was: due, and no try the poorer."""


@dataclass(frozen=True, slots=True)
class ReadSingly:
    """One job of the batch may spoil the read for all, so each is read by itself."""


@dataclass(frozen=True, slots=True)
class SettleFirst:
    """The first job of the batch is settled by this error as its own; the others have not been tried."""


Consequence = RetryAt | Bury | RecordAbsent | NotTried | ReadSingly | SettleFirst


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`hold` is how long whom it concerns is left alone, in seconds; 0 where that is found out otherwise."""

    scope: Scope
    consequence: Consequence
    hold: float = 0.0


# --- the decision --------------------------------------------------------------------------------------------------

_SCOPES = {
    errors.WAIT_FOR_PLEX: Scope.PLEX,
    errors.DOUBT_ITEM: Scope.PLEX,
    errors.WAIT_FOR_PERSON: Scope.PERSON,
    errors.WAIT_FOR_STASH: Scope.STASH,
    errors.STASH_AWAY: Scope.STASH_AWAY,
    errors.SESSION_REFUSED: Scope.SESSION,
}
_OF_STASH = (Scope.STASH, Scope.STASH_AWAY, Scope.SESSION)


def decide(error: BaseException, failed: Failed, *, rng: random.Random) -> Decision:
    """What is no PlexSyncError is a bug, and concerns the work that met it alone."""
    scope = _SCOPES.get(_disposition(error), Scope.WORK)
    if scope is Scope.WORK and isinstance(failed, BatchReadFailed):
        scope = Scope.BATCH
    return Decision(
        scope=scope, hold=_hold(error, scope), consequence=_consequence(error, failed, scope, rng)
    )


def _disposition(error: BaseException) -> str:
    return error.disposition if isinstance(error, errors.PlexSyncError) else errors.RETRY


def _hold(error: BaseException, scope: Scope) -> float:
    if scope is Scope.PERSON:
        return PERSON_PAUSE
    return STASH_PAUSE if scope is Scope.STASH else _asked_pause(error)


def _asked_pause(error: BaseException) -> float:
    """What Plex asked for itself (Retry-After)."""
    return (isinstance(error, errors.PlexBusy) and error.retry_after) or 0.0


def _consequence(error: BaseException, failed: Failed, scope: Scope, rng: random.Random) -> Consequence:
    if isinstance(failed, OrderFailed):
        return _of_order(error, failed.tries, scope, rng)
    if scope in _OF_STASH:
        return NotTried()
    if isinstance(failed, JobFailed):
        return _of_job(error, failed, rng)
    if isinstance(failed, BatchReadFailed):
        return SettleFirst() if scope is Scope.PERSON else ReadSingly()
    if scope in (Scope.PLEX, Scope.PERSON):
        return NotTried()
    return RetryAt(delay=LISTING_PAUSE, attempts=0, waits=0, looks=0)


# --- a job -----------------------------------------------------------------------------------------------------------


def _of_job(error: BaseException, failed: JobFailed, rng: random.Random) -> Consequence:
    tries, disposition = failed.tries, _disposition(error)
    if disposition == errors.BURY:
        return Bury(attempts=tries.attempts + 1)
    if disposition in _WITHOUT_ITEM:
        return _WITHOUT_ITEM[disposition](error, tries)
    if disposition == errors.WAIT_FOR_PERSON:
        return _wait(tries, PERSON_PAUSE)
    if disposition == errors.STASH_REFUSES:
        return _wait(tries, _doubled(tries.waits + 1, LONGEST_WAIT))
    if disposition == errors.WAIT_FOR_PLEX or (
        disposition == errors.DOUBT_ITEM and not failed.other_jobs.succeeds
    ):
        return _wait_for_plex(error, tries, rng, alone=failed.other_jobs.none)
    return _use_attempt(tries, failed.max_retries, rng)


def _record_absent(error: BaseException, tries: Tries) -> Consequence:  # noqa: ARG001 - one form for all
    return RecordAbsent()


def _look_later(error: BaseException, tries: Tries) -> Consequence:
    """It was not looked for at all."""
    delay = error.delay if isinstance(error, errors.SearchPostponed) else PERSON_PAUSE
    return RetryAt(delay=delay, attempts=tries.attempts, waits=tries.waits, looks=tries.looks)


def _look_again(error: BaseException, tries: Tries) -> Consequence:  # noqa: ARG001 - one form for all
    if tries.looks >= len(LOOK_AGAIN_AFTER):
        return Bury(attempts=tries.attempts)
    delay = LOOK_AGAIN_AFTER[tries.looks]
    return RetryAt(delay=delay, attempts=tries.attempts, waits=tries.waits, looks=tries.looks + 1)


_WITHOUT_ITEM = {
    errors.LOOK_AGAIN: _look_again,
    errors.LOOK_LATER: _look_later,
    errors.RECORD_ABSENT: _record_absent,
}


def _wait_for_plex(error: BaseException, tries: Tries, rng: random.Random, *, alone: bool) -> Consequence:
    # What was looked for in vain has been failing for long without ever having failed at Plex. One that says that it
    # is busy is believed, however long.
    is_ripe = tries.failing_for > LONGEST_ALONE and not tries.looks and not isinstance(error, errors.PlexBusy)
    if alone and is_ripe:
        return Bury(attempts=tries.attempts + 1)
    drawn = _jittered(_doubled(tries.waits + 1, LONGEST_WAIT), rng)
    return _wait(tries, max(_asked_pause(error), drawn))


def _use_attempt(tries: Tries, max_retries: int, rng: random.Random) -> Consequence:
    attempts = tries.attempts + 1
    if attempts >= max_retries:
        return Bury(attempts=attempts)
    delay = _jittered(_doubled(attempts, LONGEST_BACKOFF), rng)
    return RetryAt(delay=delay, attempts=attempts, waits=tries.waits, looks=tries.looks)


# --- an order --------------------------------------------------------------------------------------------------------


def _of_order(error: BaseException, tries: Tries, scope: Scope, rng: random.Random) -> Consequence:
    """Its query stays the same, so what Stash refuses may be refused for good; a bug stays one."""
    if not isinstance(error, errors.PlexSyncError):
        return Bury(attempts=tries.attempts + 1)
    if scope in (Scope.STASH_AWAY, Scope.SESSION):
        return NotTried()
    if scope is Scope.PERSON:
        return _wait(tries, 0.0)
    if scope in (Scope.PLEX, Scope.STASH):
        drawn = _jittered(_doubled(tries.waits + 1, LONGEST_WAIT), rng)
        return _wait(tries, min(drawn, LONGEST_ORDER_WAIT))
    attempts = tries.attempts + 1
    if attempts >= ORDER_ATTEMPTS:
        return Bury(attempts=attempts)
    # No jitter: there is one worker, and a person may wait for it.
    delay = _doubled(attempts, LONGEST_BACKOFF)
    return RetryAt(delay=delay, attempts=attempts, waits=tries.waits, looks=tries.looks)


# --- pauses ----------------------------------------------------------------------------------------------------------


def _wait(tries: Tries, delay: float) -> RetryAt:
    """Later, without using an attempt."""
    return RetryAt(delay=delay, attempts=tries.attempts, waits=tries.waits + 1, looks=tries.looks)


def _doubled(number: int, longest: float) -> float:
    """The bound of pause number `number`, counted from 1, in seconds."""
    steps = min(number - 1, 32)  # far beyond every bound, and still a float
    return min(FIRST_PAUSE * 2.0**steps, longest)


def _jittered(bound: float, rng: random.Random) -> float:
    """Full jitter, but never at once: between a tenth of the bound and the bound."""
    return bound * (0.1 + 0.9 * rng.random())
