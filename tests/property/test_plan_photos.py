"""A performer's photo that is new makes the plan write the cast, once (docs/architecture.md, "Who owns a value")."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.core.ledger import Ledger
from plexsync_plugin.core.model import Item, Kind, Tag
from plexsync_plugin.core.plan import Desired, ListEdit, plan
from tests.property.plex_item import Server, applied, desires, items, ledgers, servers

ADDRESSES = ("", "http://stash/performer/1/image?t=1", "http://stash/performer/1/image?t=2")


def with_photos(desired: Desired, address: str) -> dict[str, object]:
    cast = desired["actor"]
    assert isinstance(cast, tuple)
    return {**desired, "actor": tuple(dataclasses.replace(tag, thumb=address) for tag in cast)}


@given(items(), desires(), ledgers(), st.sampled_from(ADDRESSES), st.booleans(), servers)
def test_plan_with_photos_is_empty_when_made_against_its_own_result(
    item: Item, desired: Desired, ledger: Ledger, address: str, preserve: bool, server: Server
) -> None:
    wanted: Desired = with_photos(desired, address)  # type: ignore[assignment] # values are tags again
    first = plan(item, wanted, ledger, preserve=preserve)
    shown = applied(item, first.edits, server)
    again = plan(shown, wanted, first.after, preserve=preserve)
    assert again.edits == ()
    # The photos have been given: they are left out of what is wanted from then on.
    assert plan(shown, desired, first.after, preserve=preserve).edits == ()


def item_with(thumb: str) -> Item:
    return Item(
        rating_key=7,
        section=1,
        kind=Kind.MOVIE,
        title="an item",
        scalars={},
        lists={"actor": (Tag(name="Ann", role="Hero", thumb=thumb), Tag(name="Bea"))},
        locked=frozenset({"actor"}),
    )


def wanted(thumb: str) -> Desired:
    return {"actor": (Tag(name="Ann", thumb=thumb), Tag(name="Bea"))}


def test_photo_that_differs_writes_the_cast_and_keeps_roles() -> None:
    (edit,) = plan(item_with("http://old"), wanted("http://new"), {}, preserve=False).edits
    assert isinstance(edit, ListEdit)
    assert edit.tags == (Tag(name="Ann", role="Hero", thumb="http://new"), Tag(name="Bea"))
    assert edit.removed == ()


def test_photo_that_is_shown_already_writes_nothing() -> None:
    assert plan(item_with("http://new"), wanted("http://new"), {}, preserve=False).edits == ()


def test_scene_without_a_photo_leaves_the_one_in_plex() -> None:
    assert plan(item_with("http://old"), wanted(""), {}, preserve=False).edits == ()


def test_photo_is_not_kept_in_the_ledger() -> None:
    planned = plan(item_with("http://old"), wanted("http://new"), {}, preserve=False)
    assert planned.after["actor"].wrote == ((Tag(name="Ann"), Tag(name="Bea")),)


def test_members_that_a_person_locked_get_no_photo() -> None:
    assert plan(item_with("http://old"), wanted("http://new"), {}, preserve=True).edits == ()
