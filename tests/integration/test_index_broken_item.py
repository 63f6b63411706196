"""An item that Plex cannot list costs itself: the page is narrowed to it, it is named and left out, and nothing is called gone."""

from typing import Any

import pytest

from indexer.file.publish import Counts
from tests.index_runs import World

MANY = 1250  # three pages of 500; the rating keys are 1 to 1250
PAGE = "GET /library/sections/1/all"
# Halving 501 down to 1 fails nine times, each asked twice by the gateway, and each other half is one request; the page behind
# it may fail at the item once more, which it asks for again, and is then read in halves.
NARROWING = 9 * 3 + 2 + 3


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def generated() -> str:
    return f"movies={MANY}"


def unlistable(world: World, *keys: int, milliseconds: int = 0) -> None:
    world.plex.control("set", {"unlistable": list(keys), "unlistable_ms": milliseconds})


def pages(world: World) -> int:
    return len([target for target in world.targets() if target.startswith(PAGE)])


@pytest.mark.parametrize("parallel", [True, False])
@pytest.mark.parametrize("broken", [1, 137, 500, 501, MANY])
def test_item_when_it_breaks_its_page_is_named_and_left_out(
    world: World, broken: int, parallel: bool
) -> None:
    unlistable(world, broken)
    verdict = world.index(parallel=parallel)
    assert verdict.total == Counts(seen=MANY - 1, added=MANY - 1)
    held = world.rows("SELECT ratingKey FROM movies")
    assert {key for (key,) in held} == set(range(1, MANY + 1)) - {broken}
    assert pages(world) <= 3 + NARROWING
    (note,) = verdict.notes
    assert note.startswith(
        'Plex fails at 1 item(s) of "Movies", which are left out: a movie after'
        if broken == MANY
        else f'Plex fails at 1 item(s) of "Movies", which are left out: the movie with the rating key {broken}.'
    )


def test_item_when_plex_lists_it_again_comes_with_the_next_run(world: World) -> None:
    unlistable(world, 137)
    world.index()
    unlistable(world)
    world.plex.clear_log()
    verdict = world.index()
    assert verdict.total == Counts(seen=MANY, added=1)
    assert verdict.notes == ()
    assert world.details() == [{137}]
    assert world.index().sections_unchanged == 1


def test_listing_when_an_item_breaks_it_calls_nothing_gone(indexed: World) -> None:
    title = indexed.value("SELECT title FROM items WHERE ratingKey = 137")
    indexed.plex.control("remove_item", {"ratingKey": 900})
    unlistable(indexed, 137)
    verdict = indexed.index(rebuild=True)
    assert verdict.total.lost == 0
    assert f'"{title}" (rating key 137)' in verdict.sentence
    assert "Nothing was marked as gone" in verdict.sentence
    assert indexed.value("SELECT count(*) FROM movies WHERE available = 1") == MANY
    unlistable(indexed)
    assert indexed.index().total.lost == 1
    assert indexed.value("SELECT available FROM movies WHERE ratingKey = 137") == 1


def test_items_when_several_break_their_pages_are_all_left_out(world: World) -> None:
    broken = {1, 2, 3, 499, 500, 501, 502, 900, MANY - 1}
    unlistable(world, *broken)
    verdict = world.index()
    assert verdict.total == Counts(seen=MANY - len(broken), added=MANY - len(broken))
    assert "9 item(s)" in verdict.sentence
    assert "and 4 more" in verdict.sentence


def test_item_when_listing_it_takes_for_ever_is_left_out(world: World) -> None:
    unlistable(world, 700, milliseconds=3000)
    world.total_timeout = 1.5
    verdict = world.index()
    assert verdict.total == Counts(seen=MANY - 1, added=MANY - 1)
    assert "the movie with the rating key 700" in verdict.sentence
    # What took too long is not asked for again as it was.
    assert pages(world) <= 3 + 2 * 9 + 2


def test_library_when_all_it_has_breaks_the_listing_is_kept(indexed: World) -> None:
    for key in range(2, MANY + 1):
        indexed.plex.control("remove_item", {"ratingKey": key})
    unlistable(indexed, 1)
    verdict = indexed.index()
    assert "1 item(s)" in verdict.sentence
    assert indexed.value("SELECT count(*) FROM movies WHERE available = 1") == MANY
