"""A listing that fails at one item goes on behind it; one that fails everywhere ends."""

import pytest

from plexsync_plugin.base.errors import PlexTrouble
from plexsync_plugin.worker.finding.narrowing import ADJACENT, Narrowing


def listed(total: int, broken: set[int], largest: int = 100) -> tuple[list[int], list[int], int]:
    """The places that were shown, those left out, and the number of requests."""
    place, asked = Narrowing(largest=largest), 0
    shown: list[int] = []
    left: list[int] = []
    while place.start < total:
        page = range(place.start, min(total, place.start + place.size))
        asked += 1
        if broken & set(page):
            at = place.start
            if place.failed(PlexTrouble("broken")):
                left.append(at)
            continue
        shown += page
        place.answered(len(page))
    return shown, left, asked


def test_listing_without_trouble_is_read_in_large_pages() -> None:
    assert listed(250, set()) == (list(range(250)), [], 3)


@pytest.mark.parametrize("broken", [{0}, {57}, {249}, {3, 200}, {10, 11}])
def test_only_the_items_that_fail_are_left_out(broken: set[int]) -> None:
    shown, left, asked = listed(250, broken)
    assert left == sorted(broken)
    assert shown == [place for place in range(250) if place not in broken]
    assert asked < 20 * (1 + len(broken))


def test_several_items_in_a_row_that_fail_are_plex_itself() -> None:
    with pytest.raises(PlexTrouble):
        listed(250, set(range(40, 40 + ADJACENT)))


def test_page_that_is_too_large_stays_small() -> None:
    place = Narrowing(largest=100)
    place.halve()
    place.answered(50)
    assert (place.start, place.size) == (50, 50)
