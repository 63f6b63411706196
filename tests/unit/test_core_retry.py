"""The error table of docs/architecture.md, "Failures": whom a failure concerns and what becomes of the work, by the error's class."""

import random
from collections.abc import Iterator

import pytest

from plexsync_plugin.base import errors
from plexsync_plugin.core.retry import (
    LOOK_AGAIN_AFTER,
    ORDER_ATTEMPTS,
    BatchReadFailed,
    Bury,
    Consequence,
    Decision,
    JobFailed,
    ListingLookFailed,
    NotTried,
    OrderFailed,
    OtherJobs,
    ReadSingly,
    RecordAbsent,
    RetryAt,
    Scope,
    SettleFirst,
    Tries,
    decide,
)
from plexsync_plugin.worker.neighbours.plex_health import REASONS
from tools import decision_table

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
) -> Consequence:
    """What becomes of a job."""
    return decision(error, tries, draw=draw, other_jobs=other_jobs, most=most).consequence


def decision(
    error: BaseException,
    tries: Tries = FRESH,
    *,
    draw: float = 1.0,
    other_jobs: OtherJobs = SILENT,
    most: int = 5,
) -> Decision:
    failed = JobFailed(tries=tries, max_retries=most, other_jobs=other_jobs)
    return decide(error, failed, rng=Drawn(draw))


WAIT = RetryAt(delay=5.0, attempts=0, waits=1, looks=0)
PLEX_AWAY = Decision(scope=Scope.PLEX, consequence=WAIT)
PERSON = Decision(
    scope=Scope.PERSON, consequence=RetryAt(delay=300.0, attempts=0, waits=1, looks=0), hold=300.0
)
OWN_ATTEMPT = RetryAt(delay=5.0, attempts=1, waits=0, looks=0)


def alone(consequence: Consequence) -> Decision:
    """It concerns nothing but the job that met it."""
    return Decision(scope=Scope.WORK, consequence=consequence)


def untried(scope: Scope, hold: float = 0.0) -> Decision:
    return Decision(scope=scope, consequence=NotTried(), hold=hold)


TABLE: list[tuple[BaseException, Decision]] = [
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
    (errors.ItemMissing("gone"), alone(RetryAt(delay=300.0, attempts=0, waits=0, looks=1))),
    (errors.SearchPostponed("later", 42.0), alone(RetryAt(delay=42.0, attempts=0, waits=0, looks=0))),
    (errors.Absent("skip_unmatched"), alone(RecordAbsent())),
    (errors.Ambiguous("two"), alone(Bury(attempts=1))),
    (errors.Rejected("400"), alone(Bury(attempts=1))),
    (errors.BadScene("no file"), alone(Bury(attempts=1))),
    (errors.PictureUnusable("svg"), alone(Bury(attempts=1))),
    (errors.IndexRefused("empty"), alone(Bury(attempts=1))),
    (errors.IndexBusy("another run"), alone(Bury(attempts=1))),
    (errors.StashUnavailable("down"), untried(Scope.STASH_AWAY)),
    (errors.StashBusy("5xx"), untried(Scope.STASH, 10.0)),
    (errors.StashUnauthorized("login"), untried(Scope.SESSION)),
    (errors.StashRejected("GraphQL"), alone(WAIT)),
    (errors.PictureUnavailable("404"), alone(OWN_ATTEMPT)),
    (errors.DatabaseError("disk"), alone(OWN_ATTEMPT)),
    (errors.NewerDatabase("newer"), alone(OWN_ATTEMPT)),
    (errors.ForeignDatabase("foreign"), alone(OWN_ATTEMPT)),
    (errors.PlexSyncError("something"), alone(OWN_ATTEMPT)),
    (KeyError("a bug"), alone(OWN_ATTEMPT)),
    (RecursionError(), alone(OWN_ATTEMPT)),
]


@pytest.mark.parametrize(("error", "settled"), TABLE, ids=[type(error).__name__ for error, _ in TABLE])
def test_first_failure_is_settled_by_its_cause(error: BaseException, settled: Decision) -> None:
    assert decision(error) == settled


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
    for error in (errors.PlexUnavailable("away"), errors.StashRejected("GraphQL")):
        expected = RetryAt(delay=delay, attempts=3, waits=waits + 1, looks=2)
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
    settled = decision(error, last, other_jobs=WORKING)
    assert settled.scope is Scope.PLEX
    assert settled.consequence == RetryAt(delay=5.0, attempts=4, waits=1, looks=0)


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
    settled = decision(errors.PlexBusy("429", asked))
    assert isinstance(settled.consequence, RetryAt)
    assert settled.consequence.delay == delay
    assert settled.hold == (asked or 0.0)  # for all jobs


def test_an_item_that_is_missing_is_looked_for_four_times_and_then_listed() -> None:
    delays, tries = [], FRESH
    for _ in LOOK_AGAIN_AFTER:
        settled = decided(errors.ItemMissing("none"), tries)
        assert isinstance(settled, RetryAt)
        assert (settled.attempts, settled.waits) == (0, 0)
        delays.append(settled.delay)
        tries = Tries(attempts=0, waits=0, looks=settled.looks)
    assert delays == [300.0, HOUR, 6 * HOUR, DAY]
    assert decided(errors.ItemMissing("none"), tries) == Bury(attempts=0)


def test_a_refused_token_is_tried_every_five_minutes_however_long_it_takes() -> None:
    tries = Tries(attempts=4, waits=10_000, looks=0, failing_for=30 * DAY)
    settled = decision(errors.PlexUnauthorized("401"), tries)
    assert (settled.scope, settled.hold) == (Scope.PERSON, 300.0)
    assert settled.consequence == RetryAt(delay=300.0, attempts=4, waits=10_001, looks=0)


def decided_for_order(error: BaseException, attempts: int = 0, waits: int = 0) -> Decision:
    failed = OrderFailed(tries=Tries(attempts=attempts, waits=waits, looks=0))
    return decide(error, failed, rng=Drawn(1.0))


def test_refused_order_is_tried_ten_times_in_three_quarters_of_an_hour() -> None:
    delays = []
    for attempts in range(ORDER_ATTEMPTS - 1):
        settled = decided_for_order(errors.StashRejected("GraphQL"), attempts)
        assert settled.scope is Scope.WORK
        assert isinstance(settled.consequence, RetryAt)
        assert settled.consequence.attempts == attempts + 1
        delays.append(settled.consequence.delay)
    assert delays == [5.0 * 2**number for number in range(9)]
    last = decided_for_order(errors.StashRejected("GraphQL"), ORDER_ATTEMPTS - 1)
    assert last == alone(Bury(attempts=10))


@pytest.mark.parametrize(
    ("error", "scope", "hold"),
    [
        (errors.PlexUnavailable("away"), Scope.PLEX, 0.0),
        (errors.PlexTrouble("500"), Scope.PLEX, 0.0),
        (errors.PlexBusy("429", 2.0), Scope.PLEX, 2.0),
        (errors.StashBusy("in time"), Scope.STASH, 10.0),
    ],
)
def test_order_waits_for_a_server_as_long_as_it_takes_and_a_minute_at_most(
    error: errors.PlexSyncError, scope: Scope, hold: float
) -> None:
    assert decided_for_order(error) == Decision(scope=scope, consequence=WAIT, hold=hold)
    late = RetryAt(delay=60.0, attempts=3, waits=10_001, looks=0)
    assert decided_for_order(error, 3, 10_000).consequence == late


def test_order_waits_for_a_person_without_a_time_of_its_own() -> None:
    for error in (errors.PlexUnauthorized("401"), errors.SettingsError("plex_library", "unknown")):
        settled = decided_for_order(error)
        assert (settled.scope, settled.hold) == (Scope.PERSON, 300.0)
        assert settled.consequence == RetryAt(delay=0.0, attempts=0, waits=1, looks=0)


@pytest.mark.parametrize(
    ("error", "scope"),
    [
        (errors.StashUnavailable("down"), Scope.STASH_AWAY),
        (errors.StashUnauthorized("login"), Scope.SESSION),
    ],
)
def test_order_that_stash_was_away_for_was_not_tried(error: errors.PlexSyncError, scope: Scope) -> None:
    assert decided_for_order(error, 3, 7) == untried(scope)


def test_bug_in_an_order_ends_it_at_once() -> None:
    assert decided_for_order(KeyError("bug")) == alone(Bury(attempts=1))


def decided_for_batch(error: BaseException) -> Decision:
    return decide(error, BatchReadFailed(), rng=Drawn(1.0))


@pytest.mark.parametrize(
    ("error", "scope", "hold"),
    [
        (errors.PlexTrouble("500"), Scope.PLEX, 0.0),
        (errors.PlexBusy("429", 120.0), Scope.PLEX, 120.0),
        (errors.StashRejected("GraphQL"), Scope.BATCH, 0.0),
        (errors.Rejected("400"), Scope.BATCH, 0.0),
        (errors.DatabaseError("disk"), Scope.BATCH, 0.0),
    ],
)
def test_batch_that_one_of_its_jobs_may_spoil_is_read_singly(
    error: errors.PlexSyncError, scope: Scope, hold: float
) -> None:
    assert decided_for_batch(error) == Decision(scope=scope, consequence=ReadSingly(), hold=hold)


@pytest.mark.parametrize("error", [errors.PlexUnauthorized("401"), errors.SettingsError("plex_library", "?")])
def test_batch_that_waits_for_a_person_says_so_at_its_first_job(error: errors.PlexSyncError) -> None:
    assert decided_for_batch(error) == Decision(scope=Scope.PERSON, consequence=SettleFirst(), hold=300.0)


def test_batch_that_stash_did_not_answer_stays_a_batch() -> None:
    assert decided_for_batch(errors.StashBusy("in time")) == untried(Scope.STASH, 10.0)
    assert decided_for_batch(errors.StashUnavailable("down")) == untried(Scope.STASH_AWAY)


def test_look_for_missing_scenes_that_is_refused_is_made_again_in_ten_minutes() -> None:
    again = alone(RetryAt(delay=600.0, attempts=0, waits=0, looks=0))
    assert decide(errors.StashRejected("GraphQL"), ListingLookFailed(), rng=Drawn(1.0)) == again


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.PlexUnavailable("away"), untried(Scope.PLEX)),
        (errors.PlexUnauthorized("401"), untried(Scope.PERSON, 300.0)),
        (errors.StashBusy("in time"), untried(Scope.STASH, 10.0)),
    ],
)
def test_look_for_missing_scenes_waits_for_servers_and_persons(
    error: errors.PlexSyncError, expected: Decision
) -> None:
    assert decide(error, ListingLookFailed(), rng=Drawn(1.0)) == expected


def test_every_kind_of_unavailable_is_woken_when_plex_is_back() -> None:
    kinds, found = [errors.PlexUnavailable], set()
    while kinds:
        kind = kinds.pop()
        found.add(kind.reason)
        kinds += kind.__subclasses__()
    assert found == set(REASONS)


def test_table_of_decisions_in_the_architecture_page_is_what_the_code_decides() -> None:
    # `python -m tools.decision_table` writes it.
    assert decision_table.render() in decision_table.PAGE.read_text("utf-8")


def test_table_of_decisions_names_every_class_of_errors() -> None:
    met = {type(error) for case in decision_table.CASES for error in case.met}
    assert {*_below(errors.PlexSyncError)} - met == set()
