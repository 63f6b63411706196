"""Fingerprints see every edit and nothing that watching does; comparison sorts a page."""

import pytest

from indexer.reading.compare import Comparison, compare
from indexer.rows.extract import extract
from indexer.rows.fingerprint import element_hash
from indexer.rows.rows import MovieRow
from plexsync_plugin.core.model import Kind
from tests.unit.index_items import recorded


def test_element_hash_when_read_twice_is_the_same() -> None:
    assert element_hash(recorded("movie_listing")) == element_hash(recorded("movie_listing"))


@pytest.mark.parametrize("name", ["viewCount", "lastViewedAt", "viewOffset", "skipCount", "viewedLeafCount"])
def test_element_hash_when_only_watched_stays(name: str) -> None:
    watched = recorded("movie_listing")
    watched.set(name, "3")
    assert element_hash(watched) == element_hash(recorded("movie_listing"))


@pytest.mark.parametrize(
    "name", ["title", "summary", "studio", "rating", "updatedAt", "contentRating", "thumb"]
)
def test_element_hash_when_an_attribute_is_edited_changes(name: str) -> None:
    edited = recorded("movie_listing")
    edited.set(name, "another")
    assert element_hash(edited) != element_hash(recorded("movie_listing"))


def test_element_hash_when_a_file_is_replaced_changes() -> None:
    edited = recorded("movie_listing")
    part = edited.find("Media/Part")
    assert part is not None
    part.set("size", "1")
    assert element_hash(edited) != element_hash(recorded("movie_listing"))


def test_element_hash_when_a_tag_moves_or_goes_changes() -> None:
    edited = recorded("movie_listing")
    genres = edited.findall("Genre")
    edited.remove(genres[0])
    shorter = element_hash(edited)
    edited.append(genres[0])
    assert len({shorter, element_hash(edited), element_hash(recorded("movie_listing"))}) == 3


def media_hash_of(**changes: str) -> str:
    movie = recorded("movie_detail")
    for name, value in changes.items():
        movie.set(name, value)
    (row,) = [row for row in extract(movie, Kind.MOVIE, 1) if isinstance(row, MovieRow)]
    return row.mediaHash


def test_media_hash_when_what_it_covers_changes() -> None:
    assert media_hash_of() == media_hash_of(summary="another", rating="1")
    assert len({media_hash_of(), media_hash_of(title="x"), media_hash_of(year="1999")}) == 3


def test_compare_when_a_page_holds_all_cases() -> None:
    assert compare({1: "a", 2: "b", 3: "c"}, {2: "b", 3: "x", 9: "z"}) == Comparison(
        added=(1,), changed=(3,), unchanged=(2,)
    )
