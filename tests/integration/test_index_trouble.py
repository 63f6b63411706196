"""A server that fails, dawdles, caps its pages or changes under the run: nothing is lost, nothing is called gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.file.publish import Counts
from plexsync_plugin.base.errors import PlexBusy, PlexSyncError, PlexUnauthorized, PlexUnavailable
from tests.index_runs import World, start_plex

MANY = 1250  # three pages
STUCK = 137  # one of 300
PAGE = "GET /library/sections/1/all"
DETAILS = "GET /library/metadata/"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[World]:
    with start_plex(tmp_path) as plex:
        yield World(plex, tmp_path)


@pytest.fixture
def medium(tmp_path: Path) -> Iterator[World]:
    with start_plex(tmp_path, [], "--generate", "movies=300") as plex:
        yield World(plex, tmp_path)


@pytest.fixture
def large(tmp_path: Path) -> Iterator[World]:
    with start_plex(tmp_path, [], "--generate", f"movies={MANY}") as plex:
        yield World(plex, tmp_path)


def test_listing_when_it_breaks_off_leaves_availability_alone(large: World) -> None:
    large.index()
    gone = large.rows("SELECT ratingKey FROM movies ORDER BY 1 LIMIT 3")
    for (key,) in gone:
        large.plex.control("remove_item", {"ratingKey": key})
    large.plex.fault("status", status=500, match=PAGE, skip=1, times=None)
    with pytest.raises(PlexUnavailable):
        large.index()
    assert large.rows("SELECT available, count(*) FROM movies GROUP BY 1") == [(1, MANY)]
    large.plex.clear_faults()
    assert large.index().total == Counts(seen=MANY - 3, lost=3)


def test_listing_when_it_broke_off_goes_on_from_the_page_it_was_at(large: World) -> None:
    large.plex.fault("status", status=500, match=PAGE, skip=1, times=None)
    with pytest.raises(PlexUnavailable):
        large.index()
    large.plex.clear_faults()
    large.plex.clear_log()
    assert large.index().total == Counts(seen=MANY, added=MANY)
    assert len([target for target in large.targets() if target.startswith(PAGE)]) == 2


def test_details_when_too_many_for_the_server_are_asked_for_in_halves(large: World) -> None:
    # The gateway asks twice; then the batch is cut.
    large.plex.fault("status", status=500, match=DETAILS, times=4)
    verdict = large.index(parallel=False)
    assert verdict.total == Counts(seen=MANY, added=MANY)
    assert [len(batch) for batch in large.details()[:5]] == [20, 20, 10, 10, 5]
    assert verdict.notes == ()


def test_page_when_too_large_for_the_server_is_asked_for_in_halves(large: World) -> None:
    large.plex.fault("status", status=500, match=PAGE, times=2)
    assert large.index().total == Counts(seen=MANY, added=MANY)


def test_item_when_it_alone_breaks_the_answer_is_noted_and_asked_for_again(small: World) -> None:
    small.plex.fault("status", status=500, match=r"GET /library/metadata/[0-9,]*102\b", times=None)
    verdict = small.index()
    assert verdict.counts["movies"] == Counts(seen=3, added=2, missing=1)
    assert "no details of 1 item(s)" in verdict.sentence
    assert small.rows("SELECT ratingKey FROM movies ORDER BY 1") == [(101,), (103,)]
    small.plex.clear_faults()
    verdict = small.index()
    assert verdict.counts["movies"] == Counts(seen=3, added=1)
    assert verdict.sections_unchanged == 2


@pytest.mark.parametrize("parallel", [True, False])
def test_item_when_it_makes_answers_trickle_is_noted_and_asked_for_again(
    medium: World, parallel: bool
) -> None:
    medium.plex.fault("trickle", seconds=0.1, match=rf"GET /library/metadata/(\d+,)*{STUCK}[,?]", times=None)
    medium.total_timeout = 1.0
    verdict = medium.index(parallel=parallel)
    assert verdict.total == Counts(seen=300, added=299, missing=1)
    assert "no details of 1 item(s)" in verdict.sentence
    assert medium.rows("SELECT count(*) FROM movies WHERE ratingKey = ?", STUCK) == [(0,)]
    medium.plex.clear_faults()
    medium.plex.clear_log()
    assert medium.index(parallel=parallel).total == Counts(seen=300, added=1)
    assert medium.details() == [{STUCK}]


def test_details_when_plex_has_none_of_them_any_more_are_left_for_the_next_run(small: World) -> None:
    small.plex.fault("status", status=404, match=r"GET /library/metadata/101,", times=None)
    assert small.index().counts["movies"] == Counts(seen=3, missing=3)
    small.plex.clear_faults()
    assert small.index().counts["movies"] == Counts(seen=3, added=3)


def test_item_when_its_new_details_are_missing_keeps_the_old_and_stays_available(small: World) -> None:
    small.index()
    small.plex.control("edit_item", {"ratingKey": 101, "fields": {"summary": "new"}})
    small.plex.fault("status", status=404, match=DETAILS, times=None)
    small.index()
    movie = small.row("movies", 101)
    assert (movie["summary"], movie["available"]) == ("First summary", 1)
    small.plex.clear_faults()
    small.index()
    assert small.row("movies", 101)["summary"] == "new"


@pytest.mark.parametrize(("status", "body"), [(401, ""), (503, ""), (200, "<html/>")])
def test_trouble_when_many_items_were_asked_for_is_said_without_their_numbers(
    large: World, status: int, body: str
) -> None:
    large.plex.fault("status", status=status, match="GET /library/metadata/", times=None, body=body)
    with pytest.raises(PlexSyncError) as caught:
        large.index()
    assert len(str(caught.value)) < 300


def test_details_when_answered_in_another_order_are_matched_by_key(large: World) -> None:
    large.plex.control("set", {"shuffle_details": True})
    large.index()
    shown = large.plex.control("item", {"ratingKey": 700})
    assert large.row("movies", 700)["title"] == shown["title"]
    assert large.value("SELECT count(*) FROM movies") == MANY


@pytest.mark.parametrize("parallel", [True, False])
def test_listing_when_the_server_caps_its_pages_is_still_whole(large: World, parallel: bool) -> None:
    large.plex.control("set", {"page_cap": 300, "strict_paging": True})
    assert large.index(parallel=parallel).total == Counts(seen=MANY, added=MANY)


def test_listing_when_the_library_grows_meanwhile_starts_again(large: World) -> None:
    added: list[int] = []

    def progress(done: float, _text: str) -> None:
        if done > 0 and not added:
            item = {"title": "Late", "file": "/media/late.mkv"}
            added.append(large.plex.control("add_item", {"section": 1, "item": item})["ratingKey"])

    large.progress = progress
    verdict = large.index(parallel=False)
    assert verdict.total == Counts(seen=MANY + 1, added=MANY + 1)
    assert large.row("movies", added[0])["title"] == "Late"


def test_listing_when_the_library_never_stands_still_says_so(large: World) -> None:
    large.index()

    def progress(done: float, _text: str) -> None:
        if done > 0:
            large.plex.control("add_item", {"section": 1, "item": {"title": "Late", "file": "/media/l.mkv"}})

    large.progress = progress
    with pytest.raises(PlexBusy, match="keeps changing"):
        large.index(parallel=False, full_sweep=True)
    assert large.rows("SELECT available, count(*) FROM movies GROUP BY 1") == [(1, MANY)]


def test_plex_when_away_or_refusing_leaves_the_index_as_it_was(small: World) -> None:
    small.index()
    before = small.rows("SELECT * FROM movies")
    with pytest.raises(PlexUnauthorized):
        small.index(token="another")
    small.plex.control("set", {"maintenance": True})
    with pytest.raises(PlexBusy):
        small.index()
    small.plex.down()
    with pytest.raises(PlexUnavailable):
        small.index()
    small.plex.up()
    assert small.rows("SELECT * FROM movies") == before


def test_file_when_plex_was_never_reached_is_not_made(small: World) -> None:
    with pytest.raises(PlexUnauthorized):
        small.index(token="another")
    assert not small.db.exists()


def test_run_when_another_job_waits_pauses_and_goes_on(large: World) -> None:
    large.should_yield = lambda: len(large.details()) >= 2
    paused = large.index(parallel=False)
    assert paused.yielded
    assert "paused" in paused.sentence
    assert large.value("SELECT count(*) FROM movies") == 0
    assert large.value("SELECT count(*) FROM meta WHERE name = 'lastCompleteRun'") == 0
    before = set().union(*large.details())
    large.plex.clear_log()
    large.should_yield = lambda: False
    verdict = large.index(parallel=False)
    assert verdict.total == Counts(seen=MANY, added=MANY)
    assert [target for target in large.targets() if target.startswith(PAGE)] == []
    again = set().union(*large.details())
    assert len(again) == MANY - len(before)
    assert not again & before


def test_pages_when_libraries_are_large_cost_few_requests(large: World) -> None:
    # Two for the server, two pages, and batches of 200 ids and more, never one request per item.
    assert large.index().requests <= 2 + 2 + 7
    assert max(len(batch) for batch in large.details()) <= 500


def test_listing_when_it_never_adds_up_calls_nothing_gone(small: World) -> None:
    small.index()
    small.plex.control("remove_item", {"ratingKey": 102})
    films = "".join(f'<Video ratingKey="{key}" type="movie" title="T"/>' for key in (101, 103))
    body = f'<MediaContainer size="2" totalSize="3" offset="0">{films}</MediaContainer>'
    headers = {"Content-Type": "text/xml;charset=utf-8"}
    small.plex.fault("status", status=200, match=PAGE, times=None, body=body, headers=headers)
    verdict = small.index()
    assert "does not add up" in verdict.sentence
    assert small.rows("SELECT ratingKey, available FROM movies ORDER BY 1") == [(101, 1), (102, 1), (103, 1)]
    small.index(rebuild=True)
    assert small.value("SELECT count(*) FROM movies") == 3
    small.plex.clear_faults()
    assert small.index().counts["movies"].lost == 1


def test_listing_when_the_server_stops_giving_anything_is_an_error(small: World) -> None:
    small.index()
    body = '<MediaContainer size="0" totalSize="3" offset="0"></MediaContainer>'
    small.plex.fault("status", status=200, match=PAGE, times=None, body=body)
    with pytest.raises(PlexUnavailable, match="lists only 0 of 3 items"):
        small.index(full_sweep=True)
    assert small.rows("SELECT DISTINCT available FROM movies") == [(1,)]
