"""Which plays count, and from when on; and whose rating does."""

import pytest

from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.plays import begin, counts, is_before_history, newest, read_from
from plexsync_plugin.core.stars import Agreed, Verdict, compare, rating100

NOTHING = Record()


def test_begin_when_users_come_and_go_keeps_what_each_had() -> None:
    first = begin({1}, {}, 100)
    assert first == {"1": 100}
    both = begin({1, 7}, first, 200)
    assert both == {"1": 100, "7": 200}
    everybody = begin(None, both, 300)
    assert everybody == {"1": 100, "7": 200, "*": 300}
    assert begin({1, 8}, everybody, 400) == {"1": 100, "8": 300}
    assert begin({7}, {"1": 100}, 500) == {"7": 500}


@pytest.mark.parametrize(
    ("account", "at", "expected"), [(1, 100, True), (1, 99, False), (8, 300, True), (8, 299, False)]
)
def test_counts_from_the_beginning_on(account: int, at: int, expected: bool) -> None:
    assert counts(account, at, {"1": 100, "*": 300}) is expected
    assert not counts(9, at, {"1": 100})


def test_newest_when_times_lie_ahead_leaves_them_out() -> None:
    assert newest([5, 90, 7], 50.0) == 7
    assert newest([90], 50.0, 3) == 3


def test_read_from_when_the_clock_was_set_back_goes_no_further_than_needed() -> None:
    assert read_from(10_000, {"1": 5}, 20_000.0) == 6_400
    assert read_from(10_000, {"1": 5}, 8_000.0) == 4_400
    assert read_from(10_000, {"1": 9_000}, 20_000.0) == 9_000
    assert read_from(0, {"1": 0}, 20_000.0) == 0


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.39.2.7877-x", True),
        ("1.40.0.7997", True),
        ("1.40.0.7998-c29d4c0c8", False),
        ("1.43.1.1", False),
        ("", False),
    ],
)
def test_versions_in_which_marks_are_plays(version: str, expected: bool) -> None:
    assert is_before_history(version) is expected


@pytest.mark.parametrize(
    ("plex", "stash", "agreed", "record", "expected"),
    [
        ("8", "8", None, NOTHING, Verdict.EQUAL),
        ("7.55", "7.6", None, NOTHING, Verdict.EQUAL),
        ("0", "", None, NOTHING, Verdict.EQUAL),
        ("8", "", None, NOTHING, Verdict.TO_STASH),
        ("", "8", None, NOTHING, Verdict.TO_PLEX),
        ("6", "8", None, NOTHING, Verdict.BOTH),
        ("8", "8.3", Agreed(plex="8.3", stash="8.3"), NOTHING, Verdict.TO_STASH),
        ("", "8", Agreed(plex="8", stash="8"), NOTHING, Verdict.TO_STASH),
        ("8", "", Agreed(plex="8", stash="8"), NOTHING, Verdict.TO_PLEX),
        ("6", "4", Agreed(plex="8", stash="8"), NOTHING, Verdict.BOTH),
        ("6", "4", Agreed(plex="8", stash="8"), Record(wrote=("8", "6")), Verdict.TO_PLEX),
        ("9", "6", None, Record(wrote=("6",)), Verdict.TO_STASH),
        ("6", "9", None, Record(wrote=("6",)), Verdict.TO_PLEX),
    ],
)
def test_compare_says_whose_rating_counts(
    plex: str, stash: str, agreed: Agreed | None, record: Record, expected: Verdict
) -> None:
    assert compare(plex, stash, agreed, record) is expected


@pytest.mark.parametrize(
    ("star", "expected"),
    [("8", 80), ("8.3", 83), ("7.55", 76), ("0.01", 1), ("", None), ("0", None), ("x", None), ("11", None)],
)
def test_rating100_of_a_star(star: str, expected: int | None) -> None:
    assert rating100(star) == expected
