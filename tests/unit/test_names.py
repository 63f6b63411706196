"""Names in settings: commas inside of them, quotes around them, and which name is meant where that is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.base.names import NameList, parse_names, plain
from plexsync_plugin.base.rules import CollectionRule, parse_collections


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("", ()),
        (" , ,", ()),
        ("One, Two", (("One", "Two"),)),
        ('"Private, Family", Old', (("Private, Family",), ("Old",))),
        ('Old, "Private, Family"', (("Old",), ("Private, Family",))),
        ("Old , “Private, Family” ,New", (("Old",), ("Private, Family",), ("New",))),
        ('12" Remix, Old', (('12" Remix', "Old"),)),
        ('""', ()),
    ],
)
def test_quotes_keep_a_name_together(text: str, runs: tuple[tuple[str, ...], ...]) -> None:
    assert parse_names(text).runs == runs


def test_quote_that_is_never_closed_is_refused() -> None:
    with pytest.raises(ValueError, match="never closed"):
        parse_names('"Private, Family')


@pytest.mark.parametrize(
    ("text", "existing", "found", "unknown"),
    [
        ("Films, Series", {"films", "series"}, ("films", "series"), ""),
        ("Clips, Trailers", {"clips,trailers", "clips"}, ("clips,trailers",), ""),
        ("Clips, Trailers", {"clips", "trailers"}, ("clips", "trailers"), ""),
        ('"Clips, Trailers"', {"clips", "trailers"}, (), "Clips, Trailers"),
        ("Old, Clips, Trailers", {"clips,trailers"}, ("clips,trailers",), "Old"),
    ],
)
def test_without_quotes_the_longest_name_that_exists_is_meant(
    text: str, existing: set[str], found: tuple[str, ...], unknown: str
) -> None:
    names = parse_names(text)
    assert (names.found_in(existing), names.unknown(existing)) == (found, unknown)


def test_spellings_are_all_that_could_be_meant() -> None:
    assert parse_names("A, B, C").spellings == {"a", "b", "c", "a,b", "b,c", "a,b,c"}
    assert parse_names('A, "B, C"').spellings == {"a", "b,c"}


_NAME = st.text("aB ,é", min_size=1, max_size=6).map(str.strip).filter(lambda name: name.strip(", "))


@given(st.lists(_NAME, max_size=4))
def test_what_is_shown_is_read_as_the_same(names: list[str]) -> None:
    typed = NameList(runs=tuple((name,) for name in names))
    again = parse_names(str(typed))
    assert again.found_in({plain(name) for name in names}) == tuple(dict.fromkeys(map(plain, names)))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("tag:Private, Family", (CollectionRule(source="tag", name="Private, Family"),)),
        ('tag:"Private, Family"=My ', (CollectionRule(source="tag", name="Private, Family", prefix="My "),)),
        ('tag:"studio, old", studio', (CollectionRule(source="tag", name="studio, old"), CollectionRule(source="studio"))),
        ('filter:"To watch, soon"=My ', (CollectionRule(source="filter", name="To watch, soon", prefix="My "),)),
        ("filter:To watch, soon", (CollectionRule(source="filter", name="To watch, soon"),)),
        ("tag:Old, Filter : New, groups", (
            CollectionRule(source="tag", name="Old"), CollectionRule(source="filter", name="New"), CollectionRule(source="groups"),
        )),
        ("tag:Old, studio=S: ", (CollectionRule(source="tag", name="Old"), CollectionRule(source="studio", prefix="S: "))),
    ],
)  # fmt: skip
def test_collections_of_a_tag_or_filter_whose_name_has_a_comma(
    text: str, rules: tuple[CollectionRule, ...]
) -> None:
    assert parse_collections(text) == rules


def test_collection_after_a_prefix_must_be_a_source() -> None:
    with pytest.raises(ValueError, match="none of"):
        parse_collections("tag:Old=X, Family")
