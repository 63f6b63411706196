"""What an item goes back to: the last values that PlexSync did not write."""

from dataclasses import replace

import pytest
from hypothesis import given

from plexsync_plugin.core.ledger import Record, Saved
from plexsync_plugin.core.model import LISTS, SCALARS, Item, Kind, Tag
from plexsync_plugin.core.plan import Desired, ListEdit, ScalarEdit, plan
from plexsync_plugin.core.undo import restore
from tests.property.plex_item import Server, applied, desires, items

APPENDS = Server(appends=True, tidies=False)


def tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name) for name in names)


def item(locked: frozenset[str] = frozenset(), **values: object) -> Item:
    scalars = dict.fromkeys(SCALARS, "") | {name: str(v) for name, v in values.items() if name in SCALARS}
    lists: dict[str, tuple[Tag, ...]] = dict.fromkeys(LISTS, ())
    lists |= {name: v for name, v in values.items() if isinstance(v, tuple)}
    return Item(
        rating_key=7,
        section=1,
        kind=Kind.MOVIE,
        title="an item",
        scalars=scalars,
        lists=lists,
        locked=locked,
    )


def test_text_goes_back_with_the_lock_it_had() -> None:
    for locked in (False, True):
        ledger = {"title": Record(wrote=("ours",), saved=Saved(value="before", locked=locked))}
        (edit,) = restore(item(frozenset({"title"}), title="ours"), ledger)
        assert edit == ScalarEdit(field="title", value="before", locked=locked)


def test_text_that_a_person_changed_since_stays() -> None:
    ledger = {"title": Record(wrote=("ours",), saved=Saved(value="before", locked=False))}
    assert restore(item(frozenset({"title"}), title="a person's"), ledger) == ()


def test_our_tags_go_the_saved_come_back_and_a_persons_stay() -> None:
    before = (Tag(name="Old", role="Hero"),)
    ledger = {"actor": Record(wrote=(tags("ours", "also"),), saved=Saved(value=before, locked=False))}
    (edit,) = restore(item(frozenset({"actor"}), actor=tags("ours", "also", "a person's")), ledger)
    assert isinstance(edit, ListEdit)
    assert edit.tags == (*before, Tag(name="a person's"))
    assert {tag.name for tag in edit.removed} == {"ours", "also"}


def test_of_collections_only_ours_go() -> None:
    ledger = {"collection": Record(wrote=(tags("ours"),), saved=Saved(value=(), locked=False))}
    (edit,) = restore(item(frozenset({"collection"}), collection=tags("a person's", "ours")), ledger)
    assert isinstance(edit, ListEdit)
    assert (edit.tags, edit.removed) == (tags("a person's"), tags("ours"))


def test_nothing_written_is_nothing_to_restore() -> None:
    assert restore(item(frozenset({"title"}), title="a person's"), {}) == ()


@pytest.mark.parametrize("preserve", [False, True])
@given(start=items(), wanted=desires(), then=desires())
def test_undo_after_any_syncs_shows_what_was_there_before(
    preserve: bool, start: Item, wanted: Desired, then: Desired
) -> None:
    first = plan(start, wanted, {}, preserve=preserve)
    between = applied(start, first.edits, APPENDS)
    second = plan(between, then, first.after, preserve=preserve)
    synced = applied(between, second.edits, APPENDS)
    restored = applied(synced, restore(synced, second.after), APPENDS)
    assert restored.scalars == start.scalars
    for name in LISTS:
        assert {tag.key for tag in restored.lists[name]} == {tag.key for tag in start.lists[name]}
    # A person's collections may have been added since, and that is an edit: they stay locked.
    loose = {"collection"} if restored.lists["collection"] else set()
    assert restored.locked - loose == start.locked - loose


@given(start=items(), wanted=desires())
def test_undo_of_what_is_undone_changes_nothing(start: Item, wanted: Desired) -> None:
    done = plan(start, wanted, {}, preserve=False)
    synced = applied(start, done.edits, APPENDS)
    for cut in range(len(restore(synced, done.after)) + 1):  # a crash may leave any part of it in Plex
        partly = applied(synced, restore(synced, done.after)[:cut], APPENDS)
        restored = applied(partly, restore(partly, done.after), APPENDS)
        assert restore(restored, done.after) == ()
        assert replace(restored, lists={}) == replace(
            applied(synced, restore(synced, done.after), APPENDS), lists={}
        )
