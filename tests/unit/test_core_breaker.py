"""The breaker's way from closed to open and back, step by step."""

import pytest

from plexsync_plugin.core.breaker import CLOSED, HALF_OPEN, OPEN, Breaker

NOW = 1_700_000_000.0


def opened(at: float = NOW) -> Breaker:
    breaker = Breaker().request_failed(at)
    for _ in range(3):
        breaker = breaker.probe_failed(at)
    return breaker


def test_fresh_breaker_lets_work_and_owes_no_probe() -> None:
    assert Breaker().lets_work
    assert not Breaker().probe_due(NOW)


def test_failed_request_stops_work_and_is_probed_at_once() -> None:
    breaker = Breaker().request_failed(NOW)
    assert not breaker.lets_work
    assert breaker.state == CLOSED
    assert breaker.probe_due(NOW)


def test_more_failed_requests_do_not_count_and_do_not_postpone_the_probe() -> None:
    breaker = Breaker().request_failed(NOW)
    for later in range(1, 100):
        assert breaker.request_failed(NOW + later) == breaker
    assert opened().request_failed(NOW + 1) == opened()


def test_answered_probe_of_a_closed_breaker_lets_work_again() -> None:
    breaker = Breaker().request_failed(NOW).probe_failed(NOW).probe_failed(NOW + 1).probe_answered()
    assert breaker == Breaker()


def test_failing_probes_follow_after_one_and_two_seconds_and_the_third_opens() -> None:
    breaker = Breaker().request_failed(NOW).probe_failed(NOW)
    assert (breaker.state, breaker.probe_at) == (CLOSED, NOW + 1)
    breaker = breaker.probe_failed(NOW + 1)
    assert (breaker.state, breaker.probe_at) == (CLOSED, NOW + 3)
    breaker = breaker.probe_failed(NOW + 3)
    assert (breaker.state, breaker.probe_at) == (OPEN, NOW + 8)


def test_open_breaker_probes_after_five_seconds_doubling_to_sixty() -> None:
    breaker, at, gaps = opened(), NOW, []
    for _ in range(7):
        gaps.append(breaker.probe_at - at)
        at = breaker.probe_at
        breaker = breaker.probe_failed(at)
    assert gaps == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 60.0]


def test_answered_probe_half_opens_until_a_write_succeeds() -> None:
    breaker = opened().probe_answered()
    assert breaker.state == HALF_OPEN
    assert breaker.lets_work
    assert breaker.probe_answered() == breaker
    assert breaker.write_succeeded() == Breaker()


def test_half_open_breaker_opens_again_after_three_more_failing_probes() -> None:
    breaker = opened().probe_answered().request_failed(NOW)
    assert not breaker.lets_work
    breaker = breaker.probe_failed(NOW).probe_failed(NOW)
    assert breaker.state == HALF_OPEN
    breaker = breaker.probe_failed(NOW)
    assert (breaker.state, breaker.interval) == (OPEN, 5.0)


def test_trial_that_fails_while_identity_answers_is_probed_and_tried_again() -> None:
    breaker = opened().probe_answered().request_failed(NOW).probe_answered()
    assert breaker == Breaker(state=HALF_OPEN)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (NOW, False),
        (NOW + 4.9, False),
        (NOW + 5, True),
        (NOW + 1e9, True),
        (NOW - 0.5, True),
        (NOW - 86_400, True),
        (1.0, True),
    ],
)
def test_clock_set_back_does_not_keep_the_breaker_open(now: float, due: bool) -> None:
    assert opened().probe_due(now) == due
