"""When Stash is asked which scenes fit the saved filters of the settings, and how long its answers hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from plexsync_plugin.base.errors import StashRejected
from plexsync_plugin.core.model import Scene
from plexsync_plugin.stash import shapes
from plexsync_plugin.stash.saved_filters import FITTING, KEPT, SAVED, SavedFilters
from tests.clocks import HandClock

DATA = Path(__file__).parents[1] / "data" / "stash"
SCENES = (Scene(id=1), Scene(id=2))


class Stash:
    """Has the filters Even and Text; `refuses` is a query that it refuses."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any] | None] = []
        self.refuses = ""
        self.text: str | None = None

    def read(self, shape: object, query: str, variables: Mapping[str, Any] | None) -> Any:
        self.asked.append(variables)
        if query == self.refuses:
            raise StashRejected("Stash refused a query: no.")
        if query == SAVED:
            assert shape is shapes.SAVED_FILTERS
            number = {"rating100": {"value": {"value": 2}, "modifier": "EQUALS"}}
            return {
                "findSavedFilters": [
                    {"name": "even", "find_filter": None, "object_filter": number},
                    {"name": "Text", "find_filter": {"q": self.text}, "object_filter": None},
                ]
            }
        return {"findScenes": {"scenes": [{"id": 2}]}}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def stash() -> Stash:
    return Stash()


@pytest.fixture
def filters(stash: Stash, clock: HandClock) -> SavedFilters:
    return SavedFilters(stash.read, clock)


@pytest.mark.parametrize("version", ["v0.27.2", "v0.30.1"])
def test_queries_are_valid(version: str) -> None:
    schema = build_schema((DATA / f"schema-{version}.graphql").read_text(encoding="utf-8"))
    for query in (SAVED, FITTING):
        assert validate(schema, parse(query)) == []


def test_scenes_come_with_the_filters_that_they_fit(filters: SavedFilters, stash: Stash) -> None:
    stash.text = "word"
    one, two = filters.mark(SCENES, ["Even", "Text", "Gone"], since=None)
    assert (one.filters, two.filters) == ((), ("Even", "Text"))
    assert one.unsure_filters == two.unsure_filters == ("Gone",)
    assert list(filters.problems) == ["Gone"]
    assert stash.asked == [
        None,
        {"where": {"rating100": {"value": 2, "modifier": "EQUALS"}}, "text": None},
        {"where": {}, "text": "word"},
    ]


def test_answers_hold_for_what_was_changed_before_they_were_asked_for_a_minute(
    filters: SavedFilters, stash: Stash, clock: HandClock
) -> None:
    def asks(since: float | None, *names: str) -> int:
        before = len(stash.asked)
        filters.mark(SCENES, names or ("Even",), since=since)
        return len(stash.asked) - before

    assert asks(clock.time) == 2
    assert asks(clock.time) == asks(clock.time - 5) == asks(None) == 0
    clock.time += 1
    assert asks(None) == 0
    assert asks(clock.time) == 2
    clock.time += KEPT
    assert asks(None) == 2
    assert asks(None, "Even", "Text") == 3
    clock.time -= 3_600  # somebody sets the clock back
    assert asks(None, "Even", "Text") == 3


def test_without_names_nothing_is_asked_and_no_problem_stands(filters: SavedFilters, stash: Stash) -> None:
    filters.mark(SCENES, ["Gone"], since=None)
    asked = len(stash.asked)
    assert filters.mark(SCENES, [], since=None) == list(SCENES)
    assert (filters.problems, len(stash.asked)) == ({}, asked)


@pytest.mark.parametrize("query", [SAVED, FITTING])
def test_refused_query_makes_its_filters_unsure(filters: SavedFilters, stash: Stash, query: str) -> None:
    stash.refuses = query
    one, _ = filters.mark(SCENES, ["Even", "Text"], since=None)
    assert (one.filters, one.unsure_filters) == ((), ("Even", "Text"))
    assert all("Stash refused a query: no." in text for text in filters.problems.values())
