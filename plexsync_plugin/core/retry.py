"""What becomes of a job that failed: the only reader of an error's disposition (docs/architecture.md, "Failures"). Pure.

Backoff is exponential with full jitter: the bound comes from tenacity, the draw below it from the generator passed
in (tenacity's own jitter uses the global one).
"""

import random
from dataclasses import dataclass

import tenacity

from plexsync_plugin.base import errors

LOOK_AGAIN_AFTER = (
    300.0,
    3_600.0,
    21_600.0,
    86_400.0,
)  # the file may not be scanned yet (docs/architecture.md, "Matching")
PERSON_PAUSE = 300.0  # a refused token is tried again every 5 minutes
LONGEST_ALONE = 86_400.0  # a job that fails alone for this long is a person's business
ORDER_ATTEMPTS = 10  # with their pauses 43 minutes
LONGEST_ORDER_WAIT = 60.0
_WAIT = tenacity.wait_exponential(multiplier=5, max=600)
_BACKOFF = tenacity.wait_exponential(multiplier=5, max=3_600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """How often the job has failed in which way, before this failure. `failing_for` in seconds."""

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
class RetryAt:
    """`pause` tells that the cause concerns every job, not this one alone: "plex", "person", "stash" or ""."""

    delay: float
    attempts: int
    waits: int
    looks: int
    pause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bury:
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAbsent:
    """Nothing is left to do, although nothing was written."""


Settle = RetryAt | Bury | RecordAbsent


def decide(
    error: BaseException, tries: Tries, *, max_retries: int, other_jobs: OtherJobs, rng: random.Random
) -> Settle:
    disposition = getattr(error, "disposition", errors.RETRY)
    if disposition == errors.BURY:
        return Bury(attempts=tries.attempts + 1)
    if disposition in _WITHOUT_ITEM:
        return _WITHOUT_ITEM[disposition](error, tries)
    if disposition == errors.WAIT_FOR_PERSON:
        return _again(tries, delay=PERSON_PAUSE, pause="person")
    if disposition == errors.WAIT_FOR_STASH:
        return _again(tries, delay=_bound(_WAIT, tries.waits + 1), pause="stash")
    if disposition == errors.WAIT_FOR_PLEX or (disposition == errors.DOUBT_ITEM and not other_jobs.succeeds):
        return _wait_for_plex(error, tries, rng, alone=other_jobs.none)
    return _use_attempt(tries, max_retries, rng)


def decide_order(error: BaseException, tries: Tries, *, rng: random.Random) -> Settle:
    """Of an order. Its query stays the same, so what Stash refuses may be refused for good; a bug stays one."""
    if not isinstance(error, errors.PlexSyncError):
        return Bury(attempts=tries.attempts + 1)
    pause = _PAUSES.get(error.disposition, "")
    if pause == "person":
        return _again(tries, delay=0.0, pause=pause)
    if pause and not isinstance(error, errors.StashRejected):
        delay = min(_jittered(_bound(_WAIT, tries.waits + 1), rng), LONGEST_ORDER_WAIT)
        return _again(tries, delay=delay, pause=pause)
    attempts = tries.attempts + 1
    if attempts >= ORDER_ATTEMPTS:
        return Bury(attempts=attempts)
    # No jitter: there is one worker, and a person may wait for it.
    return RetryAt(delay=_bound(_BACKOFF, attempts), attempts=attempts, waits=tries.waits, looks=tries.looks)


_PAUSES = {
    errors.WAIT_FOR_PLEX: "plex",
    errors.DOUBT_ITEM: "plex",
    errors.WAIT_FOR_STASH: "stash",
    errors.WAIT_FOR_PERSON: "person",
}


def _record_absent(error: BaseException, tries: Tries) -> Settle:  # noqa: ARG001 - one form for all
    return RecordAbsent()


def _look_later(error: BaseException, tries: Tries) -> Settle:
    """It was not looked for at all."""
    delay: float = getattr(error, "delay", PERSON_PAUSE)
    return RetryAt(delay=delay, attempts=tries.attempts, waits=tries.waits, looks=tries.looks)


def _look_again(error: BaseException, tries: Tries) -> Settle:  # noqa: ARG001 - one form for all
    if tries.looks >= len(LOOK_AGAIN_AFTER):
        return Bury(attempts=tries.attempts)
    delay = LOOK_AGAIN_AFTER[tries.looks]
    return RetryAt(delay=delay, attempts=tries.attempts, waits=tries.waits, looks=tries.looks + 1)


_WITHOUT_ITEM = {
    errors.LOOK_AGAIN: _look_again,
    errors.LOOK_LATER: _look_later,
    errors.RECORD_ABSENT: _record_absent,
}


def _wait_for_plex(error: BaseException, tries: Tries, rng: random.Random, *, alone: bool) -> Settle:
    # What was looked for in vain has been failing for long without ever having failed at Plex. One that says that it
    # is busy is believed, however long.
    is_ripe = tries.failing_for > LONGEST_ALONE and not tries.looks and not isinstance(error, errors.PlexBusy)
    if alone and is_ripe:
        return Bury(attempts=tries.attempts + 1)
    asked = getattr(error, "retry_after", None) or 0.0
    delay = max(asked, _jittered(_bound(_WAIT, tries.waits + 1), rng))
    return _again(tries, delay=delay, pause="plex")


def _use_attempt(tries: Tries, max_retries: int, rng: random.Random) -> Settle:
    attempts = tries.attempts + 1
    if attempts >= max_retries:
        return Bury(attempts=attempts)
    delay = _jittered(_bound(_BACKOFF, attempts), rng)
    return RetryAt(delay=delay, attempts=attempts, waits=tries.waits, looks=tries.looks)


def _again(tries: Tries, *, delay: float, pause: str) -> RetryAt:
    return RetryAt(
        delay=delay, attempts=tries.attempts, waits=tries.waits + 1, looks=tries.looks, pause=pause
    )


def _jittered(bound: float, rng: random.Random) -> float:
    """Full jitter, but never at once: between a tenth of the bound and the bound."""
    return bound * (0.1 + 0.9 * rng.random())


def _bound(wait: tenacity.wait_exponential, attempt: int) -> float:
    """Seconds before attempt number `attempt` + 1 at the latest."""
    state = tenacity.RetryCallState(retry_object=tenacity.Retrying(), fn=None, args=(), kwargs={})
    state.attempt_number = attempt
    return wait(state)
