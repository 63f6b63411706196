"""Which of several candidates is the scene's file, and what a match teaches."""

import pytest

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.match import (
    BY_FOLDER,
    BY_NAME,
    BY_PATH,
    BY_SIZE,
    Candidate,
    Exact,
    FileMatch,
    Missing,
    Unclear,
    Wanted,
    best_guess,
    choose,
    grounds_mark,
    holds,
    lesson,
    search_mark,
    wanted_file,
)
from plexsync_plugin.core.model import File, Kind
from plexsync_plugin.core.pathmap import PathMap

RULED = PathMap(rules=(PathRule(stash="/data", plex="/plex"),))
LEARNED = PathMap(learned=(PathRule(stash="/data", plex="/plex"),))
PLAIN = PathMap()


def wanted(path: str = "/data/a/b.mp4", size: int = 10, paths: PathMap = PLAIN) -> Wanted:
    return wanted_file(File(path=path, size=size), paths)


def candidate(key: int, path: str, size: int = 10) -> Candidate:
    return Candidate(rating_key=key, section=1, kind=Kind.MOVIE, file=File(path=path, size=size))


def exact(file: Wanted, *candidates: Candidate) -> tuple[int, int]:
    """Key and grounds."""
    match = choose(file, candidates)
    assert isinstance(match, Exact)
    return match.candidate.rating_key, match.grounds


def test_same_path_beats_same_name_and_size() -> None:
    assert exact(wanted(), candidate(1, "/x/b.mp4"), candidate(2, "/data/a/b.mp4", 99)) == (2, BY_PATH)


def test_place_of_a_rule_beats_the_path_itself() -> None:
    here, there = candidate(1, "/data/a/b.mp4"), candidate(2, "/plex/a/b.mp4")
    assert exact(wanted(paths=RULED), here, there) == (2, BY_PATH)


def test_rule_of_the_user_makes_the_size_unimportant() -> None:
    assert exact(wanted(paths=RULED), candidate(1, "/plex/a/b.mp4", 99)) == (1, BY_PATH)


def test_learned_rule_does_not_make_the_size_unimportant() -> None:
    assert isinstance(choose(wanted(paths=LEARNED), [candidate(1, "/plex/a/b.mp4", 99)]), Missing)
    duplicates = candidate(1, "/plex/a/b.mp4"), candidate(2, "/other/b.mp4")
    assert exact(wanted(paths=LEARNED), *duplicates) == (1, BY_PATH)


def test_path_itself_is_uncertain_where_a_rule_says_otherwise() -> None:
    assert isinstance(choose(wanted(paths=RULED), [candidate(1, "/data/a/b.mp4", 99)]), Missing)


@pytest.mark.parametrize(
    ("mine", "theirs", "grounds"), [(10, 10, BY_SIZE), (0, 10, BY_NAME), (10, 0, BY_NAME)]
)
def test_name_counts_only_with_a_size_that_does_not_contradict(mine: int, theirs: int, grounds: int) -> None:
    assert exact(wanted(size=mine), candidate(1, "/x/B.mp4", theirs)) == (1, grounds)


def test_same_name_of_another_size_is_missing_but_near() -> None:
    other = candidate(1, "/x/b.mp4", 99)
    assert choose(wanted(), [other, candidate(2, "/x/bb.mp4")]) == Missing(near=(other,))


def test_several_of_one_worth_are_unclear() -> None:
    one, two = candidate(1, "/x/b.mp4"), candidate(2, "/y/b.mp4")
    assert choose(wanted(), [one, two, candidate(3, "/z/b.mp4", 0)]) == Unclear(candidates=(one, two))


def test_item_that_shows_the_file_twice_is_one_item() -> None:
    assert exact(wanted(), candidate(1, "/x/b.mp4"), candidate(1, "/y/b.mp4")) == (1, BY_SIZE)


def test_windows_path_is_the_same_without_regard_to_case() -> None:
    paths = PathMap(rules=(PathRule(stash="/data", plex="D:\\Media"),))
    found = candidate(1, "d:\\media\\A\\B.mp4", 99)
    assert exact(wanted(paths=paths), found) == (1, BY_PATH)


def test_best_guess_is_the_longest_suffix_then_the_lowest_key() -> None:
    far, near, also = candidate(1, "/x/b.mp4"), candidate(3, "/y/a/b.mp4"), candidate(2, "/z/a/b.mp4")
    assert best_guess(wanted(), [far, near, also]) == (also,)


def test_best_guess_counts_the_suffix_of_every_place() -> None:
    ruled, plain = candidate(2, "/mnt/plex/a/b.mp4"), candidate(1, "/y/a/b.mp4")
    assert best_guess(wanted(paths=RULED), [plain, ruled]) == (ruled,)


def test_item_holds_the_file_at_any_place_of_it() -> None:
    assert holds([File(path="/x/c.mp4"), File(path="/plex/a/b.mp4", size=99)], wanted(paths=RULED))
    assert not holds([File(path="/x/b.mp4", size=99)], wanted(paths=RULED))


def match_of(file: Wanted, found: Candidate) -> Exact:
    match = choose(file, [found])
    assert isinstance(match, Exact)
    return match


def test_match_by_name_and_size_teaches_the_folders() -> None:
    assert lesson(wanted(), match_of(wanted(), candidate(1, "/x/a/b.mp4"))) == PathRule(
        stash="/data", plex="/x"
    )


def test_match_by_a_learned_rule_supports_it() -> None:
    file = wanted(paths=LEARNED)
    assert lesson(file, match_of(file, candidate(1, "/plex/a/b.mp4"))) == PathRule(
        stash="/data", plex="/plex"
    )


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (wanted(), candidate(1, "/data/a/b.mp4")),
        (wanted(paths=RULED), candidate(1, "/plex/a/b.mp4")),
        (wanted(size=0), candidate(1, "/x/a/b.mp4")),
    ],
)
def test_match_by_what_is_known_or_by_the_name_alone_teaches_nothing(file: Wanted, found: Candidate) -> None:
    assert lesson(file, match_of(file, found)) is None


def test_guess_teaches_nothing() -> None:
    assert lesson(wanted(), Exact(candidates=(candidate(1, "/x/a/b.mp4"),), grounds=0)) is None


def trashed(key: int, path: str, size: int = 10) -> Candidate:
    return Candidate(
        rating_key=key, section=1, kind=Kind.MOVIE, file=File(path=path, size=size, trashed=True)
    )


def test_folder_that_agrees_beats_name_and_size_alone() -> None:
    assert exact(wanted(), candidate(1, "/x/z/b.mp4"), candidate(2, "/x/a/b.mp4")) == (2, BY_FOLDER)


def test_longest_common_end_decides_between_copies() -> None:
    file = wanted("/data/c/a/b.mp4")
    assert exact(file, candidate(1, "/x/a/b.mp4"), candidate(2, "/x/c/a/b.mp4")) == (2, BY_FOLDER)


def test_items_with_the_very_same_path_are_one_file() -> None:
    match = choose(wanted(), [candidate(1, "/x/a/b.mp4"), candidate(2, "/x/a/b.mp4")])
    assert isinstance(match, Exact)
    assert [found.rating_key for found in match.candidates] == [1, 2]


def test_item_in_the_trash_is_no_candidate_while_another_holds_the_file() -> None:
    assert exact(wanted(), trashed(1, "/data/a/b.mp4"), candidate(2, "/x/y/b.mp4")) == (2, BY_SIZE)


def test_item_in_the_trash_counts_at_the_exact_place_alone() -> None:
    assert exact(wanted(), trashed(1, "/data/a/b.mp4")) == (1, BY_PATH)
    assert isinstance(choose(wanted(), [trashed(1, "/x/a/b.mp4")]), Missing)


def test_mark_of_a_search_follows_the_rules_of_the_user_and_the_libraries_and_no_learned_rule() -> None:
    file = File(path="/data/a/b.mp4", size=10)
    plain = search_mark(file, PLAIN, ["films"])
    assert search_mark(file, LEARNED, ["films"]) == plain
    assert len({plain, search_mark(file, RULED, ["films"]), search_mark(file, PLAIN, ["series"])}) == 3


def test_mark_of_the_grounds_follows_server_items_sections_and_grounds() -> None:
    found = FileMatch(path="/a", rating_key=1, grounds=BY_SIZE, mark="m")
    better = FileMatch(path="/a", rating_key=1, grounds=BY_PATH, mark="m")
    none = FileMatch(path="/b", rating_key=0, grounds=0, mark="m")
    marks = [
        grounds_mark("s", [found], [(1, 1)]),
        grounds_mark("t", [found], [(1, 1)]),
        grounds_mark("s", [better], [(1, 1)]),
        grounds_mark("s", [found], [(1, 2)]),
    ]
    assert len(set(marks)) == 4
    assert grounds_mark("s", [found, none], [(1, 1)]) == marks[0]
