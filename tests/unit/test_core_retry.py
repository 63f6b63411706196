"""The error table of design.md section 7: what becomes of a job, by the class of what it met."""

import random
from collections.abc import Iterator

import pytest

from plexsync_plugin.base import errors
from plexsync_plugin.core.retry import (
    LOOK_AGAIN_AFTER,
    ORDER_ATTEMPTS,
    Bury,
    OtherJobs,
    RecordAbsent,
    RetryAt,
    Settle,
    Tries,
    decide,
    decide_order,
)
from plexsync_plugin.worker.neighbours.plex_health import REASONS

FRESH = Tries(attempts=0, waits=0, looks=0)
HOUR, DAY = 3_600.0, 86_400.0
SILENT = OtherJobs()  # others wait too, and nothing was written
WORKING = OtherJobs(succeeds=True)
ALONE = OtherJobs(none=True)


class Drawn(random.Random):
    """Draws what it is told."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


def decided(
    error: BaseException,
    tries: Tries = FRESH,
    *,
    draw: float = 1.0,
    other_jobs: OtherJobs = SILENT,
    most: int = 5,
) -> Settle:
    return decide(error, tries, max_retries=most, other_jobs=other_jobs, rng=Drawn(draw))


PLEX_AWAY = RetryAt(delay=5.0, attempts=0, waits=1, looks=0, pause="plex")
PERSON = RetryAt(delay=300.0, attempts=0, waits=1, looks=0, pause="person")
STASH = RetryAt(delay=5.0, attempts=0, waits=1, looks=0, pause="stash")
OWN_ATTEMPT = RetryAt(delay=5.0, attempts=1, waits=0, looks=0)

TABLE: list[tuple[BaseException, Settle]] = [
    (errors.PlexUnavailable("away"), PLEX_AWAY),
    (errors.PlexBusy("busy"), PLEX_AWAY),
    (errors.PlexTrouble("500"), PLEX_AWAY),
    (errors.PlexTooSlow("trickles"), PLEX_AWAY),
    (errors.PlexTooLong("a gigabyte"), PLEX_AWAY),
    (errors.PlexCertificate("certificate"), PLEX_AWAY),
    (errors.NotPlex("a router"), PLEX_AWAY),
    (errors.PlexUnauthorized("401"), PERSON),
    (errors.SettingsError("plex_url", "empty"), PERSON),
    (errors.PackagesMissing("pip"), PERSON),
    (errors.ItemMissing("gone"), RetryAt(delay=300.0, attempts=0, waits=0, looks=1)),
    (errors.SearchPostponed("later", 42.0), RetryAt(delay=42.0, attempts=0, waits=0, looks=0)),
    (errors.Absent("skip_unmatched"), RecordAbsent()),
    (errors.Ambiguous("two"), Bury(attempts=1)),
    (errors.Rejected("400"), Bury(attempts=1)),
    (errors.BadScene("no file"), Bury(attempts=1)),
    (errors.PictureUnusable("svg"), Bury(attempts=1)),
    (errors.IndexRefused("empty"), Bury(attempts=1)),
    (errors.IndexBusy("another run"), Bury(attempts=1)),
    (errors.StashUnavailable("down"), STASH),
    (errors.StashBusy("5xx"), STASH),
    (errors.StashUnauthorized("login"), STASH),
    (errors.StashRejected("GraphQL"), STASH),
    (errors.PictureUnavailable("404"), OWN_ATTEMPT),
    (errors.DatabaseError("disk"), OWN_ATTEMPT),
    (errors.NewerDatabase("newer"), OWN_ATTEMPT),
    (errors.ForeignDatabase("foreign"), OWN_ATTEMPT),
    (errors.PlexSyncError("something"), OWN_ATTEMPT),
    (KeyError("a bug"), OWN_ATTEMPT),
    (RecursionError(), OWN_ATTEMPT),
]


@pytest.mark.parametrize(("error", "settled"), TABLE, ids=[type(error).__name__ for error, _ in TABLE])
def test_first_failure_is_settled_by_its_cause(error: BaseException, settled: Settle) -> None:
    assert decided(error) == settled


def test_every_class_of_errors_is_in_the_table() -> None:
    in_table = {type(error) for error, _ in TABLE}
    assert {*_below(errors.PlexSyncError)} - in_table == set()


def _below(parent: type[errors.PlexSyncError]) -> Iterator[type[errors.PlexSyncError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _below(child)


@pytest.mark.parametrize(
    ("waits", "delay"),
    [(0, 5), (1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 600), (8, 600), (5_000, 600)],
)
def test_waiting_for_a_server_doubles_to_ten_minutes_and_uses_no_attempt(waits: int, delay: float) -> None:
    tries = Tries(attempts=3, waits=waits, looks=2)
    for error, pause in (
        (errors.PlexUnavailable("away"), "plex"),
        (errors.StashUnavailable("down"), "stash"),
    ):
        expected = RetryAt(delay=delay, attempts=3, waits=waits + 1, looks=2, pause=pause)
        assert decided(error, tries) == expected


@pytest.mark.parametrize(
    ("attempts", "delay"),
    [(0, 5), (1, 10), (2, 20), (8, 1_280), (9, 2_560), (10, 3_600), (11, 3_600), (5_000, 3_600)],
)
def test_a_bug_backs_off_doubling_to_an_hour(attempts: int, delay: float) -> None:
    settled = decided(KeyError("bug"), Tries(attempts=attempts, waits=1, looks=2), most=10_000)
    assert settled == RetryAt(delay=delay, attempts=attempts + 1, waits=1, looks=2)


@pytest.mark.parametrize(("draw", "delay"), [(0.0, 0.5), (0.5, 2.75), (1.0, 5.0)])
def test_jitter_draws_below_the_bound_and_never_nothing(draw: float, delay: float) -> None:
    for error in (errors.PlexUnavailable("away"), KeyError("bug")):
        settled = decided(error, draw=draw)
        assert isinstance(settled, RetryAt)
        assert settled.delay == pytest.approx(delay)


@pytest.mark.parametrize(("most", "attempts"), [(1, 0), (5, 4), (5, 7)])
def test_max_retries_is_the_number_of_attempts_before_the_dead_letters(most: int, attempts: int) -> None:
    tries = Tries(attempts=attempts, waits=0, looks=0)
    assert decided(KeyError("bug"), tries, most=most) == Bury(attempts=attempts + 1)


def test_one_attempt_less_than_max_retries_is_tried_again() -> None:
    tries = Tries(attempts=3, waits=0, looks=0)
    assert decided(KeyError("bug"), tries, most=5) == RetryAt(delay=40.0, attempts=4, waits=0, looks=0)


@pytest.mark.parametrize("error", [errors.PlexTrouble("500"), errors.PlexTooSlow("trickles")])
def test_a_poisonous_scene_uses_attempts_while_others_succeed(error: errors.PlexSyncError) -> None:
    assert decided(error, other_jobs=WORKING) == OWN_ATTEMPT
    last = Tries(attempts=4, waits=9, looks=0, failing_for=60.0)
    assert decided(error, last, other_jobs=WORKING) == Bury(attempts=5)


@pytest.mark.parametrize(
    "error",
    [
        errors.PlexUnavailable("refused"),
        errors.PlexBusy("429"),
        errors.PlexBusy("503", 1.0),
        errors.NotPlex("a router"),
        errors.PlexCertificate("of another name"),
    ],
)
def test_what_is_no_item_s_fault_uses_no_attempt_although_others_succeed(error: errors.PlexSyncError) -> None:
    last = Tries(attempts=4, waits=0, looks=0, failing_for=2 * DAY)
    settled = RetryAt(delay=5.0, attempts=4, waits=1, looks=0, pause="plex")
    assert decided(error, last, other_jobs=WORKING) == settled


@pytest.mark.parametrize(
    ("failing_for", "buried"), [(0.0, False), (DAY - 1, False), (DAY, False), (DAY + 1, True)]
)
def test_a_job_that_fails_alone_at_plex_is_a_person_s_after_a_day(failing_for: float, buried: bool) -> None:
    tries = Tries(attempts=0, waits=9, looks=0, failing_for=failing_for)
    for error in (errors.PlexTrouble("500"), errors.PlexUnavailable("breaks off")):
        assert isinstance(decided(error, tries, other_jobs=ALONE), Bury) == buried
    assert isinstance(decided(errors.PlexBusy("429"), tries, other_jobs=ALONE), RetryAt)


def test_jobs_that_fail_together_wait_however_long_it_takes() -> None:
    tries = Tries(attempts=0, waits=9, looks=0, failing_for=30 * DAY)
    assert isinstance(decided(errors.PlexTrouble("500"), tries), RetryAt)


def test_days_of_looking_for_an_item_do_not_count_as_failing_at_plex() -> None:
    tries = Tries(attempts=0, waits=0, looks=3, failing_for=2 * DAY)
    assert isinstance(decided(errors.PlexTrouble("500"), tries, other_jobs=ALONE), RetryAt)


@pytest.mark.parametrize(("asked", "delay"), [(None, 5.0), (0.0, 5.0), (2.0, 5.0), (120.0, 120.0)])
def test_a_server_that_asks_for_more_time_gets_it(asked: float | None, delay: float) -> None:
    settled = decided(errors.PlexBusy("429", asked))
    assert isinstance(settled, RetryAt)
    assert settled.delay == delay


def test_an_item_that_is_missing_is_looked_for_four_times_and_then_listed() -> None:
    delays, tries = [], FRESH
    for _ in LOOK_AGAIN_AFTER:
        settled = decided(errors.ItemMissing("none"), tries)
        assert isinstance(settled, RetryAt)
        assert (settled.attempts, settled.waits, settled.pause) == (0, 0, "")
        delays.append(settled.delay)
        tries = Tries(attempts=0, waits=0, looks=settled.looks)
    assert delays == [300.0, HOUR, 6 * HOUR, DAY]
    assert decided(errors.ItemMissing("none"), tries) == Bury(attempts=0)


def test_a_refused_token_is_tried_every_five_minutes_however_long_it_takes() -> None:
    tries = Tries(attempts=4, waits=10_000, looks=0, failing_for=30 * DAY)
    settled = decided(errors.PlexUnauthorized("401"), tries)
    assert settled == RetryAt(delay=300.0, attempts=4, waits=10_001, looks=0, pause="person")


def decided_for_order(error: BaseException, attempts: int = 0, waits: int = 0) -> Settle:
    return decide_order(error, Tries(attempts=attempts, waits=waits, looks=0), rng=Drawn(1.0))


def test_refused_order_is_tried_ten_times_in_three_quarters_of_an_hour() -> None:
    delays = []
    for attempts in range(ORDER_ATTEMPTS - 1):
        settled = decided_for_order(errors.StashRejected("GraphQL"), attempts)
        assert isinstance(settled, RetryAt)
        assert (settled.attempts, settled.pause) == (attempts + 1, "")
        delays.append(settled.delay)
    assert delays == [5.0 * 2**number for number in range(9)]
    assert decided_for_order(errors.StashRejected("GraphQL"), ORDER_ATTEMPTS - 1) == Bury(attempts=10)


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (errors.PlexUnavailable("away"), "plex"),
        (errors.PlexTrouble("500"), "plex"),
        (errors.PlexBusy("429"), "plex"),
        (errors.StashBusy("in time"), "stash"),
    ],
)
def test_order_waits_for_a_server_as_long_as_it_takes_and_a_minute_at_most(
    error: errors.PlexSyncError, pause: str
) -> None:
    assert decided_for_order(error) == RetryAt(delay=5.0, attempts=0, waits=1, looks=0, pause=pause)
    late = RetryAt(delay=60.0, attempts=3, waits=10_001, looks=0, pause=pause)
    assert decided_for_order(error, 3, 10_000) == late


def test_order_waits_for_a_person_without_a_time_of_its_own() -> None:
    for error in (errors.PlexUnauthorized("401"), errors.SettingsError("plex_library", "unknown")):
        assert decided_for_order(error) == RetryAt(delay=0.0, attempts=0, waits=1, looks=0, pause="person")


def test_bug_in_an_order_ends_it_at_once() -> None:
    assert decided_for_order(KeyError("bug")) == Bury(attempts=1)


def test_every_kind_of_unavailable_is_woken_when_plex_is_back() -> None:
    kinds, found = [errors.PlexUnavailable], set()
    while kinds:
        kind = kinds.pop()
        found.add(kind.__name__)
        kinds += kind.__subclasses__()
    assert found == set(REASONS)
