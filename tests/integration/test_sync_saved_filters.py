"""Saved filters of Stash as Plex collections: entered, left, kept by reconcile, and left alone where they cannot be told."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.core.saved_filter import NAMES
from tests.integration.orders import NO_PICTURES, give, stash_requests
from tests.libraries import plex_library, stash_library, tag_names
from tests.rig import Rig

ORGANIZED = {"organized": {"value": "true", "modifier": "EQUALS"}}
TAGGED = {
    "tags": {
        "value": {"items": [{"id": "1", "label": "Outdoor"}], "excluded": [], "depth": 0},
        "modifier": "INCLUDES_ALL",
    }
}
SETTINGS = {**NO_PICTURES, "collections": "filter:To watch=My , studio"}


def save(rig: Rig, object_filter: dict[str, Any] | None, name: str = "To watch", q: str = "") -> None:
    more = {} if object_filter is None else {"object_filter": object_filter, "q": q}
    rig.stage.stash.control("save_filter", {"name": name, **more})


def collections(rig: Rig, scene: int) -> list[str]:
    return tag_names(rig.stage.item(1_000 + scene), "Collection")


def collections_of_all(rig: Rig, scenes: int) -> list[list[str]]:
    return [collections(rig, scene) for scene in range(1, scenes + 1)]


def notices(rig: Rig) -> list[str]:
    return [row["text"] for row in rig.stage.rows("SELECT text FROM notices WHERE cause LIKE 'filter:%'")]


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    rig = open_rig(plex=plex_library(3), stash=stash_library(3), settings=SETTINGS)
    save(rig, ORGANIZED)
    return rig


def test_scene_enters_a_filters_collection_with_an_edit_and_leaves_it_with_another(rig: Rig) -> None:
    rig.stage.edit(1, organized=True, studio_id="2")
    rig.settle()
    assert collections(rig, 1) == ["Child", "My To watch"]
    rig.stage.edit(1, organized=False)
    rig.settle()
    assert collections(rig, 1) == ["Child"]


def test_persons_own_collection_of_an_item_stays(rig: Rig) -> None:
    rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"Collection": ["Mine"]}})
    rig.stage.edit(1, organized=True)
    rig.settle()
    rig.stage.edit(1, organized=False)
    rig.settle()
    assert collections(rig, 1) == ["Mine"]


def test_bulk_edit_asks_for_the_scenes_of_a_filter_once(open_rig: Callable[..., Rig]) -> None:
    settings = {**NO_PICTURES, "collections": "filter:To watch, filter:Tagged"}
    rig = open_rig(plex=plex_library(250), stash=stash_library(250), settings=settings)
    save(rig, ORGANIZED)
    save(rig, TAGGED, name="Tagged")
    rig.settle()
    rig.stage.bulk_edit(list(range(1, 251)), organized=True)
    rig.stage.stash.clear_log()
    rig.settle()
    assert collections(rig, 250) == ["To watch"]
    # The scenes of three batches; the saved filters, and the scenes of each, once for all batches.
    assert stash_requests(rig, "POST /graphql") in (
        6,
        7,
    )  # and a look at the settings, where its time has come


def test_edit_after_the_answer_asks_anew(rig: Rig) -> None:
    for scene in (1, 2, 3):
        rig.stage.edit(scene, organized=True)
        rig.settle()
        assert collections(rig, scene) == ["My To watch"]


def test_words_of_a_saved_filter_count(rig: Rig) -> None:
    save(rig, {}, q="Scene 2")
    give(rig, "sync_all")
    assert collections_of_all(rig, 3) == [[], ["My To watch"], []]


def test_filter_that_is_saved_anew_is_carried_over_by_reconcile(rig: Rig) -> None:
    rig.stage.edit(1, organized=True)
    rig.stage.edit(2, tag_ids=["1"])
    rig.settle()
    give(rig, "sync_all")
    assert collections_of_all(rig, 3) == [["My To watch"], [], []]
    save(rig, TAGGED)
    rig.clock.sleep(61)
    give(rig, "reconcile")
    rig.settle()
    assert collections_of_all(rig, 3) == [[], ["My To watch"], []]


@pytest.mark.parametrize(
    ("object_filter", "said"),
    [
        (None, "Stash has no filter for scenes of that name"),
        ({"custom_fields": [{"field": "a"}]}, "cannot ask Stash for: custom_fields"),
        ({"orientation": {"value": ["Round"], "modifier": "EQUALS"}}, "cannot ask Stash for: orientation"),
        (
            {"title": {"value": "(", "modifier": "NO_SUCH_MODIFIER"}},
            "Stash refuses to be asked for the scenes of the saved filter 'To watch'",
        ),
    ],
)
def test_filter_that_cannot_be_told_changes_nothing_of_its_collection_and_is_named(
    rig: Rig, object_filter: dict[str, Any] | None, said: str
) -> None:
    rig.stage.edit(1, organized=True)
    rig.settle()
    save(rig, object_filter)
    rig.stage.edit(1, title="Edited", organized=False)
    rig.stage.edit(2, title="Edited too", organized=True)
    rig.settle()
    assert rig.stage.item(1_001)["title"] == "Edited"
    assert collections_of_all(rig, 2) == [["My To watch"], []]
    (text,) = notices(rig)
    assert said in text
    assert rig.stage.rows("SELECT 1 FROM dead_letters") == []
    save(rig, ORGANIZED)
    rig.clock.sleep(61)
    give(rig, "reconcile")
    rig.settle()
    assert collections_of_all(rig, 2) == [[], ["My To watch"]]
    assert notices(rig) == []


def test_without_a_filter_in_the_settings_stash_is_asked_for_none(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(1), stash=stash_library(1), settings=NO_PICTURES)
    rig.settle()
    rig.stage.stash.clear_log()
    rig.stage.edit(1, title="Edited")
    before = stash_requests(rig, "POST /graphql")
    rig.settle()
    assert stash_requests(rig, "POST /graphql") == before + 1
    assert len(NAMES) > 40
