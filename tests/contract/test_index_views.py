"""The views for what people ask first, each on a few rows whose answer is known."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.index_file import SEEN, empty_index, leave_out, put, put_file, put_item, put_movie

HD: dict[str, Any] = {"videoResolution": "1080", "videoCodec": "h264", "audioCodec": "aac", "duration": 60}
UHD: dict[str, Any] = {"videoResolution": "4k", "videoCodec": "hevc", "audioCodec": "eac3", "duration": 50}


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(empty_index()) as connection:
        put(connection, "sections", key=2, title="Series", type="show")
        yield connection


def rows(index: sqlite3.Connection, sql: str) -> list[Any]:
    leave_out(index)
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
        put_movie(index, key, f"M{key}")
        put_file(index, key, 10 * key)
        index.execute("UPDATE items SET addedAt = ? WHERE ratingKey = ?", (added, key))
    put_movie(index, 5, "Gone")
    put_file(index, 5, 1000)
    gone(index, 5)
    put_item(index, 7, 2, sectionKey=2)
    put(index, "tv_shows", ratingKey=7, title="Show", lastSeen=SEEN)
    put_item(index, 9, 4, sectionKey=2, addedAt="2024-03-02T00:00:00Z")
    put(index, "episodes", ratingKey=9, showRatingKey=7, title="Pilot", lastSeen=SEEN)
    put_item(index, 10, 10, sectionKey=2, addedAt="2024-03-03T00:00:00Z")
    put_file(index, 10, 3, kind=10, sectionKey=2)
    assert rows(index, "SELECT * FROM growth ORDER BY library, kind, month") == [
        ("2024-01", "Films", "movie", 1, 10, 1, 10),
        ("2024-03", "Films", "movie", 2, 50, 3, 60),
        ("2024-03", "Series", "episode", 1, 0, 1, 0),
        ("2024-03", "Series", "track", 1, 3, 1, 3),
    ]


def put_files(index: sqlite3.Connection, *files: tuple[int, int]) -> None:
    """Of each rating key and size one file, in its first version."""
    for key, size in files:
        put_file(index, key, size, duration=1000 + size)


def same_guid(index: sqlite3.Connection, *keys: int) -> None:
    index.execute(f"UPDATE items SET guid = 'plex://same' WHERE ratingKey IN ({', '.join(map(str, keys))})")


DUPLICATES = (
    "SELECT reason, library, kind, copies, sizeBytes, ratingKeys, paths FROM duplicates ORDER BY ratingKeys"
)


def sorted_list(joined: str) -> str:
    """Keys joined by ", " or paths one a line, each in its order."""
    by = "\n" if "\n" in joined else ", "
    return by.join(sorted(joined.split(by)))


def test_duplicates_when_of_each_reason_are_listed_once(index: sqlite3.Connection) -> None:
    for key, title, year in (
        (1, "Twice", 1999),
        (2, "Twice", 1999),
        (3, "Once", 1999),
        (4, "Once", 2000),
        (5, "ONCE", 2000),
        (6, "Copied", 2001),
        (7, "Also copied", 2002),
    ):
        put_movie(index, key, title, year=year)
    same_guid(index, 1, 2)
    put_files(index, (1, 10), (2, 11), (3, 12), (4, 13), (5, 14), (6, 15), (7, 15))
    put_file(index, 3, 7, version=1)
    # Which copy is named first SQLite does not promise: 3.53 does it otherwise than 3.40.
    assert [(*row[:5], *map(sorted_list, row[5:])) for row in rows(index, DUPLICATES)] == [
        ("same work", "Films", "movie", 2, 21, "1, 2", "/m/1-0.mkv\n/m/2-0.mkv"),
        ("several versions", "Films", "movie", 2, 19, "3", "/m/3-0.mkv\n/m/3-1.mkv"),
        ("same title and year", "Films", "movie", 2, 27, "4, 5", "/m/4-0.mkv\n/m/5-0.mkv"),
        ("same content", "Films", "movie", 2, 30, "6, 7", "/m/6-0.mkv\n/m/7-0.mkv"),
    ]


def test_duplicates_when_in_two_libraries_name_both(index: sqlite3.Connection) -> None:
    put(index, "sections", key=3, title="Series, 4k", type="show")
    for key, section in ((7, 2), (9, 3)):
        put_item(index, key, 2, sectionKey=section, title="Show")
        put_item(index, key + 1, 4, sectionKey=section, title="Pilot", grandparentKey=key)
        put_file(index, key + 1, key, kind=4, sectionKey=section)
    index.execute("UPDATE items SET guid = 'plex://episode/same' WHERE kind = 4")
    ((library, *others),) = rows(
        index, "SELECT library, reason, kind, title, partOf, copies, sizeBytes FROM duplicates"
    )
    assert library in ("Series,Series, 4k", "Series, 4k,Series")
    assert others == ["same work", "episode", "Pilot", "Show", 2, 16]


def test_duplicates_when_titles_are_of_different_works_or_years_leave_them_out(
    index: sqlite3.Connection,
) -> None:
    for key, year in ((1, 1999), (2, 1999), (3, 1999), (4, 2000), (5, None), (6, None)):
        put_movie(index, key, "Same", year=year)
        put_files(index, (key, key))
    same_guid(index, 1, 2)
    assert rows(index, "SELECT reason, ratingKeys FROM duplicates") == [("same work", "1, 2")]


def test_duplicates_when_one_is_gone_or_local_are_none(index: sqlite3.Connection) -> None:
    for key in (1, 2, 3, 4):
        put_movie(index, key, f"M{key}")
        put_files(index, (key, key))
    same_guid(index, 1, 2)
    index.execute("UPDATE items SET guid = 'local://1' WHERE ratingKey IN (3, 4)")
    gone(index, 2)
    assert rows(index, "SELECT * FROM duplicates") == []


def test_duplicates_when_editions_of_one_work_are_none_but_within_an_edition(
    index: sqlite3.Connection,
) -> None:
    for key, edition in ((1, None), (2, "Director's Cut"), (3, "Director's Cut")):
        put_movie(index, key, "Film", year=2000)
        put_files(index, (key, key))
        index.execute("UPDATE items SET editionTitle = ? WHERE ratingKey = ?", (edition, key))
    same_guid(index, 1, 2, 3)
    assert rows(index, "SELECT reason, ratingKeys FROM duplicates") == [("same work", "2, 3")]
    gone(index, 3)
    assert rows(index, "SELECT * FROM duplicates") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files SET path = '/m/1-0.mkv'",
        "UPDATE items SET deletedAt = '2025-01-01T00:00:00Z' WHERE ratingKey = 2",
        "UPDATE versions SET deletedAt = '2025-01-01T00:00:00Z' WHERE ratingKey = 2",
        "UPDATE files SET deletedAt = '2025-01-01T00:00:00Z' WHERE ratingKey = 2",
        "UPDATE versions SET proxyType = 42 WHERE ratingKey = 2",
        "UPDATE versions SET target = 'Optimized for TV' WHERE ratingKey = 2",
        "UPDATE items SET available = 0 WHERE ratingKey = 2",
    ],
)
def test_sums_when_a_file_is_no_second_one_count_it_once(index: sqlite3.Connection, statement: str) -> None:
    for key in (1, 2):
        put_movie(index, key, "Film", year=2000)
        put_files(index, (key, 10))
    same_guid(index, 1, 2)
    assert rows(index, "SELECT reason, copies, sizeBytes FROM duplicates") == [("same content", 2, 20)]
    index.execute(statement)
    assert rows(index, "SELECT * FROM duplicates") == []
    assert rows(index, "SELECT files, sizeBytes FROM storage") == [(1, 10)]
    assert rows(index, "SELECT sizeBytes FROM growth") == [(10,)]


def test_path_when_the_item_that_counted_it_goes_counts_with_the_other(index: sqlite3.Connection) -> None:
    for key in (1, 2):
        put_movie(index, key, f"M{key}")
        put_file(index, key, 10, path="/m/shared.mkv")
    left_out = "SELECT ratingKey, leftOut FROM files ORDER BY ratingKey"
    assert rows(index, left_out) == [(1, None), (2, "same path")]
    gone(index, 1)
    assert rows(index, left_out) == [(1, "gone"), (2, None)]


def test_files_when_plex_tells_no_path_are_each_counted(index: sqlite3.Connection) -> None:
    for key in (1, 2):
        put_movie(index, key, f"M{key}")
        put_file(index, key, 10, path=None)
    assert rows(index, "SELECT files, sizeBytes FROM storage") == [(2, 20)]


def test_duplicates_when_files_have_many_reasons_never_list_a_path_twice(index: sqlite3.Connection) -> None:
    for key in range(1, 7):
        put_movie(index, key, "Film", year=2000)
        put_files(index, (key, 10 + key // 2))
        put_file(index, key, 50 + key, version=1)
    same_guid(index, 1, 2, 3)
    paths = [path for (text,) in rows(index, "SELECT paths FROM duplicates") for path in text.splitlines()]
    assert len(paths) == len(set(paths)) == 12


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
