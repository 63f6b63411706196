"""Names that differ in how their letters are composed: levelled once and for all, and matched from either side."""

import unicodedata
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.match import Candidate, Exact, choose, holds, wanted_file
from plexsync_plugin.core.model import File, Kind
from plexsync_plugin.core.pathmap import (
    PathMap,
    common_suffix,
    file_name,
    folded,
    levelled,
    parts,
    same_name,
    same_path,
    spellings,
    to_plex,
)

Form = Callable[[str], str]

# Letters with accents, in one piece and in two, Hangul, and letters that Unicode writes in two ways for no reason.
LETTERS = st.one_of(
    st.characters(codec="utf-8", exclude_characters="/\\\0"),
    st.sampled_from("éèàçñöüÅÉabcK한글가İıßςσ\u0301\u0308\u0327\u0345\u212b\u1100\u1161"),
)
NAMES = st.text(LETTERS, min_size=1, max_size=8)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda pieces: "/" + "/".join(pieces))


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def as_it_stands(text: str) -> str:
    return text


FORMS = st.sampled_from([as_it_stands, composed, decomposed])


@given(NAMES)
def test_levelling_twice_is_levelling_once(text: str) -> None:
    assert levelled(levelled(text)) == levelled(text)
    assert folded(folded(text)) == folded(text)


@given(PATHS, FORMS, FORMS)
@example("/\u1e69", composed, decomposed)
def test_every_spelling_of_a_path_is_the_same_path(path: str, mine: Form, theirs: Form) -> None:
    one, other = mine(path), theirs(path)
    assert same_path(one, other)
    assert same_name(one, other)
    assert common_suffix(one, other) == len(parts(path))
    assert levelled(one) == levelled(other)
    assert folded(one) == folded(other)


@given(PATHS, FORMS, FORMS)
def test_what_is_looked_for_in_another_spelling_is_among_the_spellings(
    path: str, mine: Form, theirs: Form
) -> None:
    if theirs is not as_it_stands or mine is as_it_stands:
        assert theirs(file_name(path)) in spellings(mine(file_name(path)))
    assert spellings(path)[0] == path
    assert len(spellings(path)) == 1 if path.isascii() else len(set(spellings(path))) == len(spellings(path))


@given(PATHS, PATHS)
def test_matching_is_symmetric(one: str, other: str) -> None:
    assert same_path(one, other) == same_path(other, one)
    assert same_name(one, other) == same_name(other, one)
    assert common_suffix(one, other) == common_suffix(other, one)
    mine, theirs = File(path=one, size=5), File(path=other, size=5)
    assert holds([theirs], wanted_file(mine, PathMap())) == holds([mine], wanted_file(theirs, PathMap()))


@given(NAMES, PATHS, FORMS, FORMS, FORMS)
def test_rule_leads_to_the_file_however_folder_rule_and_file_are_spelt(
    folder: str, rest: str, mine: Form, typed: Form, theirs: Form
) -> None:
    rule = PathRule(stash=typed(f"/data/{folder}"), plex=typed(f"/plex/{folder}"))
    wanted = wanted_file(File(path=mine(f"/data/{folder}{rest}"), size=5), PathMap(rules=(rule,)))
    (mapped,) = to_plex(wanted.file.path, [rule])
    right = theirs(f"/plex/{folder}{rest}")
    assert same_path(mapped, right)
    there = [
        Candidate(rating_key=1, section=1, kind=Kind.MOVIE, file=File(path=f"/other{rest}", size=5)),
        Candidate(rating_key=2, section=1, kind=Kind.MOVIE, file=File(path=right, size=9)),
    ]
    match = choose(wanted, there)
    assert isinstance(match, Exact)
    assert match.candidate.rating_key == 2
