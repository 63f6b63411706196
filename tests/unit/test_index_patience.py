"""How long an answer about many items is waited for follows what answers took lately."""

import contextlib
from collections.abc import Sequence
from typing import cast
from xml.etree.ElementTree import Element

import pytest

from indexer.reading.fetch import Fetcher
from indexer.reading.patience import FIRST, SHORTEST, Patience
from plexsync_plugin.base.errors import ItemMissing, PlexTooSlow, PlexUnavailable
from plexsync_plugin.core.model import Kind, Section
from plexsync_plugin.plex.gateway import PlexGateway
from tests.clocks import HandClock


class Waits:
    """A patience, and requests that take as long as is said here."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.patience = Patience(self.clock)

    def answered(self, items: int, seconds: float) -> None:
        with self.patience.waiting(items):
            self.clock.time += seconds

    def failed(self, error: Exception, *, times: int = 1) -> None:
        for _ in range(times):
            with contextlib.suppress(type(error)), self.patience.waiting(1):
                self.clock.time += 500
                raise error

    def within(self, items: int) -> float:
        """What the next request would be given; one that fails for another reason teaches nothing."""
        with contextlib.suppress(PlexUnavailable), self.patience.waiting(items) as within:
            raise PlexUnavailable
        return within


@pytest.fixture
def waits() -> Waits:
    return Waits()


def test_wait_when_nothing_is_known_is_the_first(waits: Waits) -> None:
    assert [waits.within(1), waits.within(500)] == [FIRST, FIRST]
    waits.failed(PlexTooSlow("cut"), times=3)
    assert waits.within(1) == FIRST


def test_wait_when_answers_are_quick_is_the_shortest(waits: Waits) -> None:
    waits.answered(200, 1.0)
    assert [waits.within(1), waits.within(200)] == [SHORTEST, SHORTEST]


def test_wait_when_answers_take_long_grows_with_the_number_of_items(waits: Waits) -> None:
    waits.answered(50, 12.0)
    assert [waits.within(200), waits.within(50)] == [pytest.approx(480.0), pytest.approx(120.0)]
    assert waits.within(1) == SHORTEST


def test_wait_when_one_answer_was_odd_is_not_led_by_it(waits: Waits) -> None:
    for seconds in (20.0, 20.0, 5000.0, 20.0):
        waits.answered(100, seconds)
    assert waits.within(100) == pytest.approx(200.0)


def test_wait_when_the_server_has_become_slower_follows(waits: Waits) -> None:
    for seconds in [1.0] * 100 + [40.0] * 32:
        waits.answered(100, seconds)
    assert waits.within(100) == pytest.approx(400.0)


def test_wait_after_each_cut_is_doubled_within_reason(waits: Waits) -> None:
    waits.answered(200, 1.0)
    found = []
    for _ in range(5):
        found.append(waits.within(1))
        waits.failed(PlexTooSlow("cut"))
    assert found == [SHORTEST, 2 * SHORTEST, 4 * SHORTEST, 8 * SHORTEST, 8 * SHORTEST]
    waits.answered(200, 1.0)
    assert waits.within(1) == SHORTEST


@pytest.mark.parametrize("error", [PlexUnavailable("500"), ItemMissing("404")])
def test_wait_after_another_failure_is_as_before(waits: Waits, error: Exception) -> None:
    waits.answered(200, 1.0)
    waits.failed(error, times=40)
    assert waits.within(200) == SHORTEST


class HangingPlex:
    """Answers in 10 ms an item, and never when one of `stuck` is among them."""

    def __init__(self, stuck: set[int]) -> None:
        self.clock = HandClock()
        self._stuck = stuck

    received = 10_000

    def details(
        self, keys: Sequence[int], *, query: object, within: float, most: int | None
    ) -> list[Element]:
        if self._stuck & set(keys):
            self.clock.time += within
            raise PlexTooSlow
        self.clock.time += 0.01 * len(keys)
        return [Element("Video", ratingKey=str(key), type="movie") for key in keys]

    def probe(self) -> str:
        return "machine"


@pytest.mark.parametrize("stuck", [{1}, {2_000}, {7_777}, {20_000}])
def test_item_that_plex_hangs_at_costs_a_run_minutes(stuck: set[int]) -> None:
    plex = HangingPlex(stuck)
    keys = range(1, 20_001)
    section = Section(key=1, type="movie", title="Films", locations=())
    read: set[int] = set()
    with Fetcher(cast(PlexGateway, plex), plex.clock, parallel=False) as fetcher:
        for batch in fetcher.details(section, Kind.MOVIE, keys):
            read |= set(batch.rows)
    assert read == set(keys) - stuck
    answers = 0.01 * len(keys)
    assert plex.clock.time - 1000 - answers < 10 * 60
