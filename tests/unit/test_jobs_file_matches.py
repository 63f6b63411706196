"""The table of what each file of a scene was found to be, and on what grounds."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.core.match import BY_PATH, BY_SIZE, FileMatch
from plexsync_plugin.jobs.file_matches import FileMatches
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


@pytest.fixture
def matches(connection: sqlite3.Connection) -> FileMatches:
    """Scene 1 with an item for one of two files, scene 2 with one for its only file, scene 3 with none; on another server too."""
    found = FileMatches(connection)
    found.set_file_matches("M", 1, [match("/a.mp4", 7), match("/b.mp4", 0, 0)])
    found.set_file_matches("M", 2, [match("/c.mp4", 8, BY_SIZE)])
    found.set_file_matches("M", 3, [match("/d.mp4", 0, 0)])
    found.set_file_matches("N", 2, [match("/c.mp4", 9)])
    return found


def match(path: str, rating_key: int, grounds: int = BY_PATH) -> FileMatch:
    return FileMatch(path=path, rating_key=rating_key, grounds=grounds, mark="under")


def test_files_of_a_scene_are_read_as_they_were_stored_on_that_server(matches: FileMatches) -> None:
    assert matches.file_matches("M", 1) == [match("/a.mp4", 7), match("/b.mp4", 0, 0)]
    assert matches.file_matches("N", 2) == [match("/c.mp4", 9)]
    assert matches.file_matches("N", 1) == []


def test_what_is_stored_anew_replaces_what_was_known(matches: FileMatches) -> None:
    matches.set_file_matches("M", 1, [match("/b.mp4", 5)])
    assert matches.file_matches("M", 1) == [match("/b.mp4", 5)]
    assert matches.file_matches("M", 2) == [match("/c.mp4", 8, BY_SIZE)]


def test_range_of_scenes_begins_behind_the_first_number_and_holds_the_last(matches: FileMatches) -> None:
    assert set(matches.file_matches_between("M", 1, 3)) == {2, 3}
    assert matches.file_matches_between("N", 0, 9) == {2: [match("/c.mp4", 9)]}


def test_scene_is_partly_found_when_one_file_has_an_item_and_another_none(matches: FileMatches) -> None:
    assert matches.scenes_partly_found(0, 3) == {1}
    assert matches.scenes_partly_found(1, 3) == set()


def test_paths_are_those_of_these_scenes_each_once(matches: FileMatches) -> None:
    assert matches.paths_of([2, 1]) == ["/c.mp4", "/a.mp4", "/b.mp4"]


def test_claim_at_the_exact_place_voids_weaker_ones_of_other_scenes_alone(matches: FileMatches) -> None:
    matches.set_file_matches("M", 4, [match("/e.mp4", 8)])
    assert matches.drop_weaker("M", 4, {7: BY_PATH, 8: BY_PATH}) == [2]
    assert matches.file_matches("M", 2) == []
    assert matches.file_matches("M", 1)[0] == match("/a.mp4", 7)
    assert matches.file_matches("M", 4) == [match("/e.mp4", 8)]
    assert matches.drop_weaker("N", 1, {9: BY_PATH}) == []
