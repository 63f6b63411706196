"""What a listing proves to have changed, and what it cannot prove."""

from dataclasses import replace

import pytest

from plexsync_plugin.core.drift import changed_fields, files_mark, listing_mark
from plexsync_plugin.core.ledger import MADE_BY_PLEX, Record, Value
from plexsync_plugin.core.model import LISTS, SCALARS, SORT_TITLE, File, Item, Kind, Tag


def tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name) for name in names)


def listed(**values: Value) -> Item:
    item = Item(
        rating_key=7,
        section=0,
        kind=Kind.MOVIE,
        title="an item",
        scalars=dict.fromkeys(SCALARS, ""),
        lists=dict.fromkeys(LISTS, ()),
    )
    for name, value in values.items():
        if isinstance(value, str):
            item.scalars[name] = value
        else:
            item.lists[name] = value
    return item


def wrote(**values: Value) -> dict[str, Record]:
    return {name: Record(wrote=(value,)) for name, value in values.items()}


def test_value_that_is_shown_as_written_is_no_drift() -> None:
    assert changed_fields(listed(title="A", summary="one two"), wrote(title="A", summary="one\n\ntwo")) == ()


@pytest.mark.parametrize("shown", ["B", ""])
def test_other_or_missing_text_is_drift(shown: str) -> None:
    assert changed_fields(listed(title=shown), wrote(title="A")) == ("title",)


def test_field_that_was_never_written_is_nobodys_drift() -> None:
    assert changed_fields(listed(studio="Somebody's"), wrote(title="")) == ()


def test_field_that_the_settings_leave_alone_is_not_compared() -> None:
    assert changed_fields(listed(title="B"), wrote(title="A"), skipped={"title"}) == ()


def test_either_value_of_a_write_that_was_cut_off_counts_as_written() -> None:
    ledger = {"title": Record(wrote=("before", "after"))}
    assert changed_fields(listed(title="before"), ledger) == ()
    assert changed_fields(listed(title="else"), ledger) == ("title",)


@pytest.mark.parametrize(
    ("shown", "drifted"),
    [
        (("a", "b"), False),  # cut: a listing shows two
        (("D", "c"), False),  # any two, in any order and case
        (("a",), True),  # four were written, so one alone means that others are gone
        ((), True),
        (("a", "x"), True),  # one that nobody wrote
        (("a", "b", "c"), False),  # some servers show three
    ],
)
def test_list_of_which_a_listing_shows_two(shown: tuple[str, ...], drifted: bool) -> None:
    found = changed_fields(listed(genre=tags(*shown)), wrote(genre=tags("a", "b", "c", "d")))
    assert found == (("genre",) if drifted else ())


def test_of_a_cast_three_are_shown() -> None:
    ledger = wrote(actor=tags("a", "b", "c", "d"))
    assert changed_fields(listed(actor=tags("a", "b")), ledger) == ("actor",)
    assert changed_fields(listed(actor=tags("a", "b", "c")), ledger) == ()


@pytest.mark.parametrize(
    ("shown", "drifted"),
    [
        (("ours",), False),
        (("ours", "a person's"), False),
        (("a person's", "another"), False),  # cut: ours may be behind them
        (("a person's",), True),
        ((), True),
    ],
)
def test_collections_of_a_person_are_no_drift(shown: tuple[str, ...], drifted: bool) -> None:
    found = changed_fields(listed(collection=tags(*shown)), wrote(collection=tags("ours")))
    assert found == (("collection",) if drifted else ())


def test_tags_that_a_person_added_are_no_drift_where_plex_edits_are_preserved() -> None:
    ledger, item = wrote(genre=tags("ours")), listed(genre=tags("ours", "a person's"))
    assert changed_fields(item, ledger) == ("genre",)
    assert changed_fields(item, ledger, preserve=True) == ()


def test_mark_tells_listings_apart_by_the_fields_that_are_asked_for() -> None:
    one, other = listed(title="A", genre=tags("a", "b")), listed(title="A", genre=tags("a", "c"))
    assert listing_mark(one, ("title",)) == listing_mark(other, ("title",))
    assert listing_mark(one, ("title", "genre")) != listing_mark(other, ("title", "genre"))
    assert listing_mark(one, ("genre",)) == listing_mark(listed(genre=tags("B", "a")), ("genre",))


def test_mark_of_files_does_not_depend_on_their_order() -> None:
    one, other = File(path="/a", size=1), File(path="/b", size=2)
    assert files_mark((one, other)) == files_mark((other, one))
    assert files_mark((one,)) != files_mark((replace(one, size=3),))
    assert files_mark((one,)) != files_mark((one, other))


def test_of_directors_two_are_shown() -> None:
    ledger = wrote(director=tags("a", "b", "c"))
    assert changed_fields(listed(director=tags("a")), ledger) == ("director",)
    assert changed_fields(listed(director=tags("a", "b")), ledger) == ()


def test_two_collections_of_a_person_may_hide_ours() -> None:
    ledger = wrote(collection=tags("ours"))
    assert changed_fields(listed(collection=tags("x")), ledger) == ("collection",)
    assert changed_fields(listed(collection=tags("x", "y")), ledger) == ()


def test_sort_title_that_plex_makes_of_the_title_is_never_drift() -> None:
    shown = listed(**{SORT_TITLE: "film, the"})
    assert changed_fields(shown, {SORT_TITLE: Record(wrote=(MADE_BY_PLEX,))}) == ()
    assert changed_fields(shown, {SORT_TITLE: Record(wrote=("Another",))}) == (SORT_TITLE,)


def test_field_that_no_listing_shows_is_not_compared() -> None:
    assert changed_fields(listed(), {"a field of another version": Record(wrote=("A",))}) == ()
