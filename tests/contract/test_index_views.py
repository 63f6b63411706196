"""The views for what people ask first, each on a few rows whose answer is known."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.index_file import SEEN, empty_index, put, put_file, put_item, put_movie

HD: dict[str, Any] = {"videoResolution": "1080", "videoCodec": "h264", "audioCodec": "aac", "duration": 60}
UHD: dict[str, Any] = {"videoResolution": "4k", "videoCodec": "hevc", "audioCodec": "eac3", "duration": 50}


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(empty_index()) as connection:
        put(connection, "sections", key=2, title="Series", type="show")
        yield connection


def rows(index: sqlite3.Connection, sql: str) -> list[Any]:
    return index.execute(sql).fetchall()


def gone(index: sqlite3.Connection, key: int) -> None:
    index.execute("UPDATE items SET available = 0 WHERE ratingKey = ?", (key,))
    index.execute("UPDATE movies SET available = 0 WHERE ratingKey = ?", (key,))


def test_storage_when_files_differ_adds_up_each_resolution_and_codec(index: sqlite3.Connection) -> None:
    for key, size, about in ((1, 10, HD), (2, 20, HD), (3, 100, UHD), (4, 5000, UHD)):
        put_movie(index, key, f"M{key}")
        put_file(index, key, size, **about)
    gone(index, 4)
    assert rows(index, "SELECT * FROM storage") == [
        ("Films", "movie", "4k", "hevc", "eac3", 1, 100, 50),
        ("Films", "movie", "1080", "h264", "aac", 2, 30, 120),
    ]


def test_growth_when_added_over_months_adds_up(index: sqlite3.Connection) -> None:
    for key, added in (
        (1, "2024-01-31T00:00:00Z"),
        (2, "2024-03-01T00:00:00Z"),
        (3, "2024-03-31T00:00:00Z"),
        (4, None),
    ):
        put_movie(index, key, f"M{key}", sizeBytes=10 * key)
        index.execute("UPDATE items SET addedAt = ? WHERE ratingKey = ?", (added, key))
    put_movie(index, 5, "Gone", sizeBytes=1000)
    gone(index, 5)
    put_item(index, 7, 2, sectionKey=2)
    put(index, "tv_shows", ratingKey=7, title="Show", lastSeen=SEEN)
    put_item(index, 9, 4, sectionKey=2, addedAt="2024-03-02T00:00:00Z")
    put(index, "episodes", ratingKey=9, showRatingKey=7, title="Pilot", lastSeen=SEEN)
    put_item(index, 10, 10, sectionKey=2, addedAt="2024-03-03T00:00:00Z")
    put(index, "tracks", ratingKey=10, title="Song", sizeBytes=3, lastSeen=SEEN)
    assert rows(index, "SELECT * FROM growth ORDER BY library, kind, month") == [
        ("2024-01", "Films", "movie", 1, 10, 1, 10),
        ("2024-03", "Films", "movie", 2, 50, 3, 60),
        ("2024-03", "Series", "episode", 1, 0, 1, 0),
        ("2024-03", "Series", "track", 1, 3, 1, 3),
    ]


def test_duplicates_when_of_each_reason_are_listed_once(index: sqlite3.Connection) -> None:
    for key, title, year in (
        (1, "Twice", 1999),
        (2, "Twice", 1999),
        (3, "Once", 1999),
        (4, "Once", 2000),
        (5, "ONCE", 2000),
    ):
        put_movie(index, key, title, year=year, sizeBytes=10)
        put_file(index, key, 10)
    index.execute("UPDATE items SET guid = 'plex://movie/same' WHERE ratingKey IN (1, 2)")
    put_file(index, 3, 7, version=1)
    assert rows(
        index,
        "SELECT reason, library, kind, copies, sizeBytes, ratingKeys FROM duplicates ORDER BY ratingKeys",
    ) == [
        ("same work", "Films", "movie", 2, 20, "1, 2"),
        ("several versions", "Films", "movie", 2, 17, "3"),
        ("same title and year", "Films", "movie", 2, 20, "4, 5"),
    ]


def test_duplicates_when_in_two_libraries_name_both(index: sqlite3.Connection) -> None:
    put(index, "sections", key=3, title="Series, 4k", type="show")
    for key, section in ((7, 2), (9, 3)):
        put_item(index, key, 2, sectionKey=section, title="Show")
        put_item(index, key + 1, 4, sectionKey=section, title="Pilot", grandparentKey=key)
    index.execute("UPDATE items SET guid = 'plex://episode/same' WHERE kind = 4")
    ((library, *others),) = rows(
        index, "SELECT library, reason, kind, title, partOf, copies, sizeBytes FROM duplicates"
    )
    assert library in ("Series,Series, 4k", "Series, 4k,Series")
    assert others == ["same work", "episode", "Pilot", "Show", 2, None]


def test_duplicates_when_titles_are_of_different_works_or_years_leave_them_out(
    index: sqlite3.Connection,
) -> None:
    for key, year in ((1, 1999), (2, 1999), (3, 1999), (4, 2000), (5, None), (6, None)):
        put_movie(index, key, "Same", year=year)
    index.execute("UPDATE items SET guid = 'plex://movie/same' WHERE ratingKey IN (1, 2)")
    assert rows(index, "SELECT reason, ratingKeys FROM duplicates") == [("same work", "1, 2")]


def test_duplicates_when_one_is_gone_or_local_are_none(index: sqlite3.Connection) -> None:
    for key in (1, 2, 3, 4):
        put_movie(index, key, f"M{key}")
    index.execute("UPDATE items SET guid = 'plex://movie/same' WHERE ratingKey IN (1, 2)")
    index.execute("UPDATE items SET guid = 'local://1' WHERE ratingKey IN (3, 4)")
    gone(index, 2)
    assert rows(index, "SELECT * FROM duplicates") == []


def test_artwork_when_addresses_have_stamps_tells_them(index: sqlite3.Connection) -> None:
    put_item(index, 1, thumb="/library/metadata/1/thumb/1700000000", art=None)
    put(index, "images", ratingKey=1, type="clearLogo", url="/library/metadata/1/clearLogo/no-number")
    assert rows(index, "SELECT * FROM artwork ORDER BY type") == [
        (1, "clearLogo", "/library/metadata/1/clearLogo/no-number", None),
        (1, "thumb", "/library/metadata/1/thumb/1700000000", 1700000000),
    ]


def test_missing_artwork_when_asked_tells_what_is_missing(index: sqlite3.Connection) -> None:
    put_item(index, 1, title="Bare", thumb=None, art=None)
    put_item(index, 2, title="No art", art=None)
    put_item(index, 3, 4, sectionKey=2, title="Episode", parentKey=8, grandparentKey=7, thumb=None, art=None)
    put_item(index, 4, 4, sectionKey=2, art=None)
    put_item(index, 5)
    put_item(index, 6, thumb=None)
    gone(index, 6)
    put_item(index, 7, 2, sectionKey=2, title="Show")
    put_item(index, 8, 3, sectionKey=2, title="Season 1", parentKey=7, thumb=None)
    assert rows(index, "SELECT * FROM missing_artwork ORDER BY ratingKey") == [
        (1, "Films", "movie", "Bare", None, "both"),
        (2, "Films", "movie", "No art", None, "background"),
        (3, "Series", "episode", "Episode", "Show", "poster"),
        (8, "Series", "season", "Season 1", "Show", "poster"),
    ]


def test_unwatched_when_asked_lists_movies_and_episodes(index: sqlite3.Connection) -> None:
    for key in (1, 2, 3, 4):
        put_movie(index, key, f"M{key}")
        put_file(index, key, 10)
    put(index, "watch_states", ratingKey=1, viewCount=1)
    put(index, "watch_states", ratingKey=2, viewOffset=500)
    gone(index, 4)
    put_item(index, 7, 2, sectionKey=2)
    put(index, "tv_shows", ratingKey=7, title="Show", lastSeen=SEEN)
    put_item(index, 9, 4, sectionKey=2, title="Pilot")
    place = {"showRatingKey": 7, "seasonNumber": 1, "episodeNumber": 3}
    put(index, "episodes", ratingKey=9, title="Pilot", lastSeen=SEEN, **place)
    assert rows(index, "SELECT * FROM unwatched ORDER BY ratingKey") == [
        (2, "Films", "movie", "M2", None, None, None, SEEN, 500, 10),
        (3, "Films", "movie", "M3", None, None, None, SEEN, None, 10),
        (9, "Series", "episode", "Pilot", "Show", 1, 3, SEEN, None, None),
    ]


def test_without_file_when_asked_lists_those_in_the_trash_too(index: sqlite3.Connection) -> None:
    for key in (1, 2, 3):
        put_movie(index, key, f"M{key}")
    put_file(index, 1, 10)
    put_file(index, 2, 10)
    index.execute("UPDATE items SET deletedAt = '2025-01-01T00:00:00Z' WHERE ratingKey = 2")
    put_item(index, 4, 2, sectionKey=2, title="Show")
    put_item(index, 5, 4, sectionKey=2, title="Pilot", grandparentKey=4)
    assert rows(index, "SELECT * FROM without_file ORDER BY ratingKey") == [
        (2, "Films", "movie", "M2", None, "2025-01-01T00:00:00Z"),
        (3, "Films", "movie", "M3", None, None),
        (5, "Series", "episode", "Pilot", "Show", None),
    ]


@pytest.mark.parametrize(
    ("view", "type_of_tag"), [("genres", "genre"), ("collections", "collection"), ("labels", "label")]
)
def test_tags_when_counted_leave_out_what_is_gone(
    index: sqlite3.Connection, view: str, type_of_tag: str
) -> None:
    put(index, "tag_names", id=1, type=type_of_tag, name="A")
    put(index, "tag_names", id=2, type="mood", name="B")
    for key in (1, 2, 3):
        put_movie(index, key, f"M{key}")
        put(index, "item_tags", ratingKey=key, tagNameId=1, position=0)
        put(index, "item_tags", ratingKey=key, tagNameId=2, position=0)
    gone(index, 3)
    assert rows(index, f"SELECT name, items FROM {view}") == [("A", 2)]
    assert rows(index, "SELECT type, name FROM tags WHERE ratingKey = 3 ORDER BY type") == sorted(
        [("mood", "B"), (type_of_tag, "A")]
    )


def test_credits_when_read_name_the_people(index: sqlite3.Connection) -> None:
    put_movie(index, 1, "M")
    put(index, "people", id=5, name="Ann", tagKey="")
    put(index, "item_people", ratingKey=1, job="actor", position=0, personId=5, role="Eve", tagId=77)
    assert rows(index, "SELECT * FROM credits") == [(1, "actor", 0, "Ann", "Eve", None, 77, 5)]
