"""Who owns a value: the cases that went wrong in programs that do this job, as tables."""

from dataclasses import replace

import pytest

from plexsync_plugin.core.ledger import Record, Saved, Value
from plexsync_plugin.core.model import LISTS, SCALARS, Item, Kind, Tag
from plexsync_plugin.core.plan import ListEdit, Plan, ScalarEdit, plan

NOTHING: dict[str, Value] = dict.fromkeys(SCALARS, "") | dict.fromkeys(LISTS, ())


def tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name) for name in names)


def an_item(*locked: str, **shown: Value) -> Item:
    texts = {name: value for name, value in shown.items() if isinstance(value, str)}
    lists = {name: value for name, value in shown.items() if isinstance(value, tuple)}
    return Item(
        rating_key=7,
        section=1,
        kind=Kind.MOVIE,
        title="T",
        scalars=dict.fromkeys(SCALARS, "") | texts,
        lists=dict.fromkeys(LISTS, ()) | lists,
        locked=frozenset(locked),
    )


def planned(
    item: Item, ledger: dict[str, Record] | None = None, *, preserve: bool = False, **wanted: Value
) -> Plan:
    return plan(item, NOTHING | wanted, ledger or {}, preserve=preserve)


def wrote(value: Value, saved: Value, *, locked: bool = False) -> Record:
    return Record(wrote=(value,), saved=Saved(value=saved, locked=locked))


# --- what is written ---


def test_every_field_that_is_written_is_locked_so_that_a_refresh_keeps_it() -> None:
    found = planned(an_item(title="file", genre=tags("x")), title="T", summary="S", genre=tags("a"))
    assert all(edit.locked for edit in found.edits)
    assert [edit.field for edit in found.edits] == ["title", "summary", "genre"]


def test_a_value_that_plex_shows_unlocked_is_locked() -> None:
    assert planned(an_item(title="T"), title="T").edits == (
        ScalarEdit(field="title", value="T", locked=True),
    )


def test_nothing_is_written_when_plex_shows_all_of_it_locked() -> None:
    item = an_item("title", "genre", "actor", title="T", genre=tags("Drama"), actor=tags("J", "A"))
    found = planned(item, title="T", genre=tags("Drama"), actor=tags("J", "A"))
    assert found == Plan(edits=(), before={}, after={})


def test_lists_are_sent_whole_and_what_is_to_go_by_name() -> None:
    item = an_item("genre", genre=tags("a", "b"))
    ledger = {"genre": wrote(tags("a", "b"), ())}
    assert planned(item, ledger, genre=tags("b", "c")).edits == (
        ListEdit(field="genre", tags=tags("b", "c"), removed=tags("a"), locked=True),
    )


def test_eleven_of_twelve_tags_removed_in_stash_leave_plex() -> None:
    twelve = tags(*"abcdefghijkl")
    found = planned(an_item("genre", genre=twelve), {"genre": wrote(twelve, ())}, genre=tags("c"))
    assert found.edits == (
        ListEdit(field="genre", tags=tags("c"), removed=tags(*"abdefghijkl"), locked=True),
    )


def test_a_cast_of_two_hundred_is_sent_whole() -> None:
    cast = tags(*(f"Member {number}" for number in range(200)))
    (edit,) = planned(an_item(), actor=cast).edits
    assert isinstance(edit, ListEdit)
    assert edit.tags == cast


def test_a_member_that_plex_already_shows_keeps_the_role_and_is_sent_no_photo() -> None:
    shown = (Tag(name="Jane", role="Hero", thumb="https://image"), Tag(name="Joe"))
    (edit,) = planned(an_item(actor=shown), actor=tags("Ann", "Jane")).edits
    assert isinstance(edit, ListEdit)
    assert edit.tags == (Tag(name="Ann"), Tag(name="Jane", role="Hero"))


def test_cast_of_which_plex_shows_a_part_is_not_written_again_and_loses_what_was_not_shown() -> None:
    many = tags(*(f"P {number:03}" for number in range(230)))
    ledger = {"actor": wrote(many, ())}
    item = an_item("actor", actor=many[:200])
    assert planned(item, ledger, actor=many).edits == ()
    (edit,) = planned(item, ledger, actor=many[:5]).edits
    assert isinstance(edit, ListEdit)
    assert edit.removed == many[5:]


def test_the_order_of_the_cast_follows_stash() -> None:
    item = an_item("actor", actor=tags("A", "B"))
    (edit,) = planned(item, {"actor": wrote(tags("A", "B"), ())}, actor=tags("B", "A")).edits
    assert isinstance(edit, ListEdit)
    assert edit.tags == tags("B", "A")


# --- what a server makes of it ---


@pytest.mark.parametrize("shown", ["One. Two.", " One.\nTwo. ", "One.\n\nTwo."])
def test_white_space_that_the_server_tidied_is_not_written_again(shown: str) -> None:
    ledger = {"summary": wrote("One.\n\nTwo.", "")}
    assert planned(an_item("summary", summary=shown), ledger, summary="One.\n\nTwo.").edits == ()


def test_white_space_that_changed_in_stash_is_written() -> None:
    ledger = {"summary": wrote("One. Two.", "")}
    found = planned(an_item("summary", summary="One. Two."), ledger, summary="One.\n\nTwo.")
    assert found.edits == (ScalarEdit(field="summary", value="One.\n\nTwo.", locked=True),)


def test_order_and_capitals_that_the_server_changed_are_not_written_again() -> None:
    item = an_item("genre", genre=tags("Alpha", "Beta"))
    assert planned(item, {"genre": wrote(tags("beta", "alpha"), ())}, genre=tags("beta", "alpha")).edits == ()


def test_tag_whose_case_changed_in_stash_is_written_once() -> None:
    item = an_item("genre", genre=tags("drama"))
    first = planned(item, {"genre": wrote(tags("drama"), ())}, genre=tags("Drama"))
    assert first.edits == (ListEdit(field="genre", tags=tags("Drama"), removed=(), locked=True),)
    assert planned(item, first.after, genre=tags("Drama")).edits == ()


# --- what Stash does not have ---


def test_a_scene_without_values_touches_and_locks_nothing() -> None:
    item = an_item("studio", title="T", summary="S", studio="A person's", genre=tags("a"), actor=tags("b"))
    for preserve in (False, True):
        assert planned(item, preserve=preserve) == Plan(edits=(), before={}, after={})


def test_a_text_that_a_person_put_in_place_of_ours_stays_when_stash_has_none() -> None:
    found = planned(an_item("title", title="Theirs"), {"title": wrote("Ours", "Old")})
    assert found == Plan(edits=(), before={}, after={})


@pytest.mark.parametrize("locked", [False, True])
def test_the_text_from_before_comes_back_with_its_lock(locked: bool) -> None:
    ledger = {"title": wrote("Ours", "Old", locked=locked)}
    found = planned(an_item("title", title="Ours"), ledger)
    assert found.edits == (ScalarEdit(field="title", value="Old", locked=locked),)
    assert found.before == ledger
    assert found.after == {}


@pytest.mark.parametrize("locked", [False, True])
def test_the_list_from_before_comes_back_with_its_lock(locked: bool) -> None:
    ledger = {"genre": wrote(tags("a", "b"), tags("b", "Old"), locked=locked)}
    found = planned(an_item("genre", genre=tags("a", "b")), ledger)
    assert found.edits == (ListEdit(field="genre", tags=tags("b", "Old"), removed=tags("a"), locked=locked),)
    assert found.before == ledger
    assert found.after == {}


def test_what_a_person_added_since_stays_locked_when_the_list_from_before_comes_back() -> None:
    ledger = {"genre": wrote(tags("a"), tags("Old"))}
    found = planned(an_item("genre", genre=tags("a", "New")), ledger)
    assert found.edits == (ListEdit(field="genre", tags=tags("Old", "New"), removed=tags("a"), locked=True),)


def test_a_member_that_a_person_added_again_keeps_the_new_role() -> None:
    old, new = Tag(name="Jane", role="Hero"), Tag(name="Jane", role="Villain")
    ledger = {"actor": wrote(tags("Ann"), (old,))}
    (edit,) = planned(an_item("actor", actor=(*tags("Ann"), new)), ledger).edits
    assert isinstance(edit, ListEdit)
    assert edit.tags == (new,)


def test_nothing_is_written_when_the_list_from_before_is_back_already() -> None:
    ledger = {"genre": wrote(tags("a"), tags("Old"))}
    assert planned(an_item(genre=tags("Old")), ledger) == Plan(edits=(), before={}, after={})


def test_a_record_without_a_saved_value_gives_back_an_empty_field() -> None:
    ledger = {"title": Record(wrote=("Ours",)), "genre": Record(wrote=(tags("a"),))}
    found = planned(an_item("title", "genre", title="Ours", genre=tags("a")), ledger)
    assert found.edits == (
        ScalarEdit(field="title", value="", locked=False),
        ListEdit(field="genre", tags=(), removed=tags("a"), locked=False),
    )


# --- what is saved ---


def test_the_value_from_before_the_first_write_is_saved_and_outlives_later_writes() -> None:
    first = planned(an_item(title="File name"), title="One")
    assert first.before == first.after == {"title": wrote("One", "File name")}
    second = planned(an_item("title", title="One"), first.after, title="Two")
    assert second.after == {"title": wrote("Two", "File name")}


def test_a_person_s_text_that_is_overwritten_replaces_the_saved_one() -> None:
    found = planned(an_item("title", title="Theirs"), {"title": wrote("One", "File name")}, title="Two")
    assert found.after == {"title": wrote("Two", "Theirs", locked=True)}


def test_a_person_s_tag_that_is_overwritten_joins_the_saved_ones() -> None:
    item = an_item("genre", genre=tags("a", "Theirs"))
    found = planned(item, {"genre": wrote(tags("a"), tags("Old"))}, genre=tags("a"))
    assert found.after == {"genre": wrote(tags("a"), tags("Old", "Theirs"))}


def test_a_person_s_tag_is_saved_when_stash_comes_to_want_it_too() -> None:
    """Else it would go for good when Stash drops it again, although PlexSync never wrote it."""
    item = an_item("genre", genre=tags("a", "Theirs"))
    found = planned(item, {"genre": wrote(tags("a"), tags("Old"))}, genre=tags("a", "Theirs"))
    assert found.edits == ()
    assert found.after == {"genre": wrote(tags("a", "Theirs"), tags("Old", "Theirs"))}


# --- preserve_plex_edits ---


@pytest.mark.parametrize(
    ("locked", "ledger", "overwritten"),
    [
        (True, {}, False),
        (True, {"summary": wrote("Earlier", "")}, False),
        (True, {"summary": wrote("Shown", "")}, True),
        (False, {}, True),
        (False, {"summary": wrote("Earlier", "")}, True),
    ],
    ids=["a person's", "a person's since", "ours", "an agent's", "an agent's since"],
)
def test_preserve_mode_leaves_alone_what_is_locked_and_not_ours(
    locked: bool, ledger: dict[str, Record], overwritten: bool
) -> None:
    item = an_item(*["summary"] * locked, summary="Shown")
    found = planned(item, ledger, preserve=True, summary="Stash's")
    assert bool(found.edits) == overwritten


def test_preserve_mode_fills_a_locked_field_that_is_empty() -> None:
    found = planned(an_item("summary"), preserve=True, summary="Stash's")
    assert found.edits == (ScalarEdit(field="summary", value="Stash's", locked=True),)


def test_preserve_mode_leaves_a_star_alone_that_is_not_locked() -> None:
    item = an_item(userRating="10")
    assert planned(item, preserve=True, userRating="6").kept == ("userRating",)
    assert planned(item, preserve=True, userRating="6").edits == ()
    ours = {"userRating": Record(wrote=("10",), saved=Saved(value="", locked=False))}
    assert planned(item, ours, preserve=True, userRating="6").edits == (
        ScalarEdit(field="userRating", value="6", locked=True),
    )


def test_preserve_mode_leaves_empty_what_a_person_emptied_after_our_write() -> None:
    ledger = {"summary": Record(wrote=("Ours",), saved=Saved(value="Before", locked=False)), "genre": wrote(tags("a"), tags("b"))}  # fmt: skip
    found = planned(an_item("summary", "genre"), ledger, preserve=True, summary="New", genre=tags("c"))
    assert (found.edits, found.kept) == ((), ("summary", "genre"))
    assert found.after == ledger
    rebuilt = planned(an_item(), ledger, preserve=True, summary="New", genre=tags("c"))
    assert {edit.field for edit in rebuilt.edits} == {"summary", "genre"}


# --- the sort title ---


def test_sort_title_of_an_agent_is_saved_with_our_first_title_and_comes_back_with_the_old_one() -> None:
    first = planned(an_item(title="Old", titleSort="Zzz"), title="New")
    assert [edit.field for edit in first.edits] == ["title"]
    shown = an_item("title", title="New", titleSort="")
    assert planned(shown, first.after, title="New").edits == ()
    assert planned(shown, first.after, title="").edits == (
        ScalarEdit(field="title", value="Old", locked=False),
        ScalarEdit(field="titleSort", value="Zzz", locked=False),
    )


def test_sort_title_that_a_person_locked_is_never_touched() -> None:
    first = planned(an_item("titleSort", title="Old", titleSort="Zzz"), title="New")
    assert "titleSort" not in first.after
    later = an_item("title", "titleSort", title="New", titleSort="Mine")
    ledger = {**first.after, "titleSort": Record(wrote=("",), saved=Saved(value="Zzz", locked=False))}
    assert [edit.field for edit in planned(later, ledger, title="").edits] == ["title"]


def test_preserve_mode_replaces_an_unlocked_list_and_saves_it() -> None:
    found = planned(an_item(genre=tags("Agent's")), preserve=True, genre=tags("a"))
    assert found.edits == (ListEdit(field="genre", tags=tags("a"), removed=tags("Agent's"), locked=True),)
    assert found.after == {"genre": wrote(tags("a"), tags("Agent's"))}


def test_preserve_mode_adds_to_a_locked_list_and_leaves_a_person_s_tags_as_they_are() -> None:
    theirs = (Tag(name="DRAMA", role="kept"), Tag(name="Mine"))
    found = planned(an_item("genre", genre=theirs), preserve=True, genre=tags("drama", "a"))
    assert found.edits == (ListEdit(field="genre", tags=(*tags("a"), *theirs), removed=(), locked=True),)
    assert found.after == {"genre": wrote(tags("a"), (), locked=True)}


def test_preserve_mode_does_not_reorder_a_person_s_list() -> None:
    item = an_item("actor", actor=tags("A", "B"))
    assert planned(item, preserve=True, actor=tags("B", "A")) == Plan(edits=(), before={}, after={})


def test_preserve_mode_takes_away_what_we_wrote_and_stash_dropped() -> None:
    item = an_item("genre", genre=tags("a", "b", "Mine"))
    found = planned(item, {"genre": wrote(tags("a", "b"), ())}, preserve=True, genre=tags("a"))
    assert found.edits == (ListEdit(field="genre", tags=tags("a", "Mine"), removed=tags("b"), locked=True),)


@pytest.mark.parametrize("preserve", [False, True])
def test_collections_of_a_person_stay_whatever_the_setting(preserve: bool) -> None:
    found = planned(an_item(collection=tags("Theirs")), preserve=preserve, collection=tags("Studio"))
    assert found.edits == (
        ListEdit(field="collection", tags=tags("Studio", "Theirs"), removed=(), locked=True),
    )


# --- crashes ---


def test_before_a_write_both_values_are_known_as_ours() -> None:
    found = planned(an_item("title", title="One"), {"title": wrote("One", "Old")}, title="Two")
    assert found.before == {"title": Record(wrote=("One", "Two"), saved=Saved(value="Old", locked=False))}


@pytest.mark.parametrize("shown", ["One", "Two"], ids=["before the write", "after the write"])
def test_a_crash_never_makes_our_own_text_a_person_s(shown: str) -> None:
    crashed = {"title": Record(wrote=("One", "Two"), saved=Saved(value="Old", locked=False))}
    found = planned(an_item("title", title=shown), crashed, preserve=True, title="Two")
    assert bool(found.edits) == (shown == "One")
    assert found.after == {"title": wrote("Two", "Old")}


def test_a_crash_while_the_old_text_came_back_leaves_it_there() -> None:
    ledger = {"title": wrote("Ours", "Old")}
    assert planned(an_item(title="Old"), ledger) == Plan(edits=(), before={}, after={})


def test_a_text_that_a_person_typed_like_stash_s_stays_a_person_s() -> None:
    found = planned(an_item("title", title="T"), {"title": wrote("Earlier", "Old")}, title="T")
    assert found == Plan(edits=(), before={}, after={})


def test_fields_that_are_not_wanted_at_all_keep_their_records() -> None:
    ledger = {"title": wrote("One", "Old"), "genre": wrote(tags("a"), ())}
    item = replace(an_item("title", title="One"), lists={"genre": tags("a")})
    assert plan(item, {}, ledger, preserve=False) == Plan(edits=(), before=ledger, after=ledger)
