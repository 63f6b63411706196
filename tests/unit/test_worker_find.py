"""Listing the libraries and looking files up, against a Plex of plain lists: moving, heavy and growing ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from xml.etree.ElementTree import Element, SubElement

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexUnavailable, PutAside, SearchPostponed, SettingsError
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.core.match import Exact, Missing
from plexsync_plugin.core.model import File, Section
from plexsync_plugin.plex.gateway import Page, PlexGateway
from plexsync_plugin.plex.views import IndexView
from plexsync_plugin.worker.finding.file_listing import EVERY, PAGE, SMALLEST_PAGE, FileListing
from plexsync_plugin.worker.finding.finder import MANY, RESERVE, WINDOW, Finder
from tests.clocks import HandClock

FILMS = Section(key=1, title="Films", type="movie")
SERIES = Section(key=2, title="Series", type="show")


def element(number: int) -> Element:
    found = Element("Video", ratingKey=str(number), title=f"item {number}")
    SubElement(SubElement(found, "Media"), "Part", file=f"/media/{number}.mp4", size=str(number))
    return found


@dataclass
class Lists:
    """Sections with the numbers of their items. `heavy` is the size from which on a page comes back empty; `losses` are
    taken away from the front, one before each page but the first."""

    there: dict[Section, list[int]]
    heavy: int = 10_000
    losses: int = 0
    asked: list[tuple[int, int, int]] = field(default_factory=list)  # section, start, size
    names: list[str] = field(default_factory=list)
    section_reads: int = 0

    def sections(self, *, fresh: bool = False) -> tuple[Section, ...]:
        self.section_reads += fresh
        return tuple(self.there)

    def page(
        self, section: int, kind: int, *, start: int, size: int, filters: Mapping[str, str | int]
    ) -> Page:
        items = next(found for key, found in self.there.items() if key.key == section)
        if "file" in filters:
            self.names.append(str(filters["file"]))
            shown = [number for number in items if str(filters["file"]) in f"/media/{number}.mp4"]
            return Page(elements=[element(number) for number in shown], offset=start, total=len(shown))
        self.asked.append((section, start, size))
        if start and self.losses:
            self.losses -= 1
            items.pop(0)
        shown = [] if size >= self.heavy else items[start : start + size]
        return Page(elements=[element(number) for number in shown], offset=start, total=len(items))

    @property
    def gateway(self) -> PlexGateway:
        return cast(PlexGateway, self)


def settings(**more: object) -> Settings:
    return read_settings({"plex_url": "http://plex:32400", "plex_token": "t", **more})


def finder(lists: Lists, clock: Clock, **more: object) -> Finder:
    return Finder(lists.gateway, IndexView("/nowhere/index.db", "machine"), settings(**more), clock)


def wanted(number: int) -> File:
    return File(path=f"/data/{number}.mp4", size=number)


def test_listing_is_paged_to_its_end_and_answers_for_ten_minutes() -> None:
    lists, clock = Lists({FILMS: list(range(1, PAGE + 2)), SERIES: [5_000]}), HandClock()
    sweep = FileListing(lists.gateway, clock)
    sweep.run([FILMS, SERIES])
    assert lists.asked == [(1, 0, PAGE), (1, PAGE, PAGE), (2, 0, PAGE)]
    assert [found.rating_key for found in sweep.candidates(wanted(PAGE + 1))] == [PAGE + 1]
    assert [found.kind for found in sweep.candidates(wanted(5_000))] == [4]
    assert (sweep.answers(clock.now()), sweep.answers(clock.now() + 1)) == (True, False)
    clock.time += EVERY
    assert (sweep.wait(), sweep.answers(0.0), sweep.candidates(wanted(1))) == (0.0, False, [])


def test_listing_during_which_items_vanish_says_nothing_of_what_it_lacks() -> None:
    lists, clock = Lists({FILMS: list(range(1, 2 * PAGE + 2))}, losses=1), HandClock()
    sweep = FileListing(lists.gateway, clock)
    sweep.run([FILMS])
    assert sweep.candidates(wanted(PAGE + 1)) == []  # it moved up onto the page that had been read
    assert [found.rating_key for found in sweep.candidates(wanted(PAGE + 2))] == [PAGE + 2]
    assert not sweep.answers(0.0)


def test_page_that_is_too_heavy_is_halved() -> None:
    lists, clock = Lists({FILMS: list(range(1, 301))}, heavy=300), HandClock()
    sweep = FileListing(lists.gateway, clock)
    sweep.run([FILMS])
    assert lists.asked == [(1, 0, 1_000), (1, 0, 500), (1, 0, 250), (1, 250, 250)]
    assert sweep.answers(0.0)


def test_listing_that_stays_empty_before_its_end_is_an_error() -> None:
    lists, clock = Lists({FILMS: [1, 2, 3]}, heavy=SMALLEST_PAGE // 2), HandClock()
    sweep = FileListing(lists.gateway, clock)
    with pytest.raises(PlexUnavailable):
        sweep.run([FILMS])
    assert (sweep.kept, sweep.answers(0.0)) == (False, False)
    assert sweep.wait() == EVERY


def test_look_ups_of_ten_minutes_ago_count_no_more() -> None:
    lists, clock = Lists({FILMS: list(range(1, 200))}), HandClock()
    search = finder(lists, clock)
    for number in range(1, MANY + 1):
        assert isinstance(search.search(wanted(number)), Exact)
        clock.time += WINDOW / MANY
    assert isinstance(search.search(wanted(150)), Exact)
    assert (len(lists.names), lists.asked) == (MANY + 1, [])


def test_search_after_fifty_lists_and_then_waits_for_the_next_listing() -> None:
    lists, clock = Lists({FILMS: list(range(1, 60))}), HandClock()
    search = finder(lists, clock)
    for number in range(1, MANY + 1):
        search.search(wanted(number))
    assert isinstance(search.search(wanted(51)), Exact)
    assert isinstance(search.search(wanted(900), since=clock.now()), Missing)
    assert (len(lists.names), len(lists.asked)) == (MANY, 1)
    clock.time += 100
    with pytest.raises(SearchPostponed) as postponed:
        search.search(wanted(900), since=clock.now(), bulk=True)
    assert postponed.value.delay == EVERY - 100


def test_persons_own_edits_are_looked_up_singly_beyond_the_fifty_until_the_next_listing() -> None:
    lists, clock = Lists({FILMS: list(range(1, MANY + 2))}), HandClock()
    search = finder(lists, clock)
    for number in range(1, MANY + 2):
        search.search(wanted(number), since=clock.now())
    clock.time += 1
    lists.there[FILMS] += range(100, 100 + RESERVE + 1)  # new since the listing
    for number in range(100, 100 + RESERVE):
        assert isinstance(search.search(wanted(number), since=clock.now()), Exact)
    assert (len(lists.names), len(lists.asked)) == (MANY + RESERVE, 1)
    with pytest.raises(SearchPostponed):
        search.search(wanted(100 + RESERVE), since=clock.now())


def test_listing_that_was_put_aside_goes_on_and_answers_from_its_end_on() -> None:
    lists, clock = Lists({FILMS: list(range(1, PAGE + 2)), SERIES: [5_000]}), HandClock()
    page, left = lists.page, iter([True, False, False, True])

    def put_aside(*where: int, **more: Any) -> Page:
        if not next(left, True):
            raise PutAside("a person comes first")
        return page(*where, **more)

    lists.page = put_aside  # type: ignore[method-assign]
    sweep = FileListing(lists.gateway, clock)
    for _ in range(2):
        with pytest.raises(PutAside):
            sweep.run([FILMS, SERIES])
        assert (sweep.kept, sweep.answers(0.0), sweep.wait()) == (False, False, 0.0)
        clock.time += 60
    sweep.run([FILMS, SERIES])
    assert lists.asked == [(1, 0, PAGE), (1, PAGE, PAGE), (2, 0, PAGE)]
    assert sweep.candidates(wanted(PAGE + 1))
    began = clock.now() - 120
    assert (sweep.answers(began), sweep.answers(began + 1), sweep.wait()) == (True, False, EVERY - 120)


def test_listing_that_was_put_aside_for_too_long_begins_anew() -> None:
    lists, clock = Lists({FILMS: list(range(1, PAGE + 2))}), HandClock()
    page, left = lists.page, iter([True, False])

    def put_aside(*where: int, **more: Any) -> Page:
        if not next(left, True):
            raise PutAside("a person comes first")
        return page(*where, **more)

    lists.page = put_aside  # type: ignore[method-assign]
    sweep = FileListing(lists.gateway, clock)
    with pytest.raises(PutAside):
        sweep.run([FILMS])
    clock.time += EVERY
    sweep.run([FILMS])
    assert lists.asked == [(1, 0, PAGE), (1, 0, PAGE), (1, PAGE, PAGE)]
    assert sweep.answers(clock.now())


def test_listing_of_a_clock_that_was_ahead_does_not_say_that_a_file_is_missing() -> None:
    lists, clock = Lists({FILMS: [1]}), HandClock()
    sweep = FileListing(lists.gateway, clock)
    sweep.run([FILMS])
    clock.time -= 10
    assert not sweep.answers(clock.now())


def test_what_was_missing_in_a_recent_listing_waits_for_the_next() -> None:
    lists, clock = Lists({FILMS: [1]}), HandClock()
    search = finder(lists, clock)
    search.expect(MANY + 1)
    clock.time += 300
    with pytest.raises(SearchPostponed):
        search.search(wanted(9), since=clock.now(), again=True)
    assert lists.names == []
    clock.time += 300
    assert isinstance(search.search(wanted(9), since=clock.now(), again=True), Missing)
    assert lists.names == ["9.mp4"]


def test_key_that_was_refuted_is_not_found_again() -> None:
    search = finder(Lists({FILMS: [1]}), HandClock())
    assert isinstance(search.search(wanted(1), refuted={1}), Missing)


def test_library_that_is_younger_than_the_worker_is_searched_too() -> None:
    lists, clock = Lists({FILMS: []}), HandClock()
    search = finder(lists, clock)
    assert isinstance(search.search(wanted(1)), Missing)
    assert lists.section_reads == 0
    clock.time += WINDOW
    search.search(wanted(1))
    search.search(wanted(1))
    assert lists.section_reads == 1


def test_library_that_plex_lacks_is_asked_for_anew_before_the_setting_is_blamed() -> None:
    lists = Lists({FILMS: [1]})
    with pytest.raises(SettingsError, match=r"'Series'.*It has: Films\."):
        finder(lists, HandClock(), plex_library="Films, Series").sections()
    assert lists.section_reads == 1
    lists.there[SERIES] = []
    assert finder(lists, HandClock(), plex_library="series").sections() == [SERIES]


def test_section_is_allowed_by_its_title_or_where_none_is_named() -> None:
    lists = Lists({FILMS: [], SERIES: []})
    named = finder(lists, HandClock(), plex_library="Series")
    assert (named.allows(1), named.allows(2)) == (False, True)
    assert finder(lists, HandClock()).allows(1)
