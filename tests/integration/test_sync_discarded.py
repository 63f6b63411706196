"""Clear Failed means "forget it": what nobody asks for again stays forgotten."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.rig import Rig


def doubled(count: int) -> dict[str, Any]:
    """Plex has two copies of the first scene's file, and neither at its place."""
    library = plex_library(count)
    items = library["sections"][0]["items"]
    items[0]["file"] = "/p/a/1.mp4"
    items.append({**items[0], "ratingKey": 900, "file": "/p/b/1.mp4"})
    return library


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    """Scene 1 is ambiguous and scene 3 not in Plex; both were taken off the list of failed scenes."""
    rig = open_rig(plex=doubled(2), stash=stash_library(3, performer_ids=[1]), settings=NO_PICTURES)
    give(rig, "sync_all")
    for _ in range(4):
        rig.clock.sleep(90_000)
        rig.settle()
    assert reasons(rig) == {1: "Ambiguous", 3: "ItemMissing"}
    give(rig, "clear_failed")
    return rig


def reasons(rig: Rig) -> dict[int, str]:
    return {row["scene_id"]: row["reason"] for row in rig.stage.rows("SELECT * FROM dead_letters")}


def test_reconcile_leaves_alone_what_was_taken_off_the_list(rig: Rig) -> None:
    order = give(rig, "reconcile")
    assert order["total"] == 0
    assert "Left alone: 1 not in Plex, 1 taken off the list of failed scenes." in order["message"]
    assert reasons(rig) == {}
    found = rig.stage.operation(operation="status")
    assert (found["discarded"], found["absent"], found["dead"]) == (1, 1, 0)


def test_edited_performer_leaves_alone_what_was_taken_off_the_list(rig: Rig) -> None:
    rig.stage.gql('mutation{performerUpdate(input:{id:1,name:"Ann Renamed"}){id}}')
    rig.settle()
    assert reasons(rig) == {}
    assert rig.job(1)["reason"] == "Discarded"


def test_edit_tries_again_what_was_taken_off_the_list(rig: Rig) -> None:
    rig.stage.edit(1, title="Edited")
    rig.settle()
    assert reasons(rig) == {1: "Ambiguous"}


def test_sync_all_tries_again_what_was_taken_off_the_list(rig: Rig) -> None:
    rig.stage.plex.control("remove_item", {"ratingKey": 900})
    give(rig, "sync_all")
    assert rig.stage.item(1_001)["title"] == "Scene 1"


def test_scene_that_was_not_in_plex_comes_back_when_the_index_shows_it(rig: Rig) -> None:
    item = {"ratingKey": 1_003, "title": "item 3", "file": "/videos/3.mp4", "size": 5_003}
    rig.stage.plex.control("add_item", {"section": 1, "item": item})
    rig.stage.run_task("Index Plex Library")
    rig.run_for(10)
    assert rig.stage.item(1_003)["title"] == "Scene 3"
    assert rig.job(1)["reason"] == "Discarded"


def test_item_that_was_synced_once_and_given_up_is_no_drift(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(2), stash=stash_library(2), settings=NO_PICTURES)
    give(rig, "sync_all")
    rig.stage.plex.fault("status", status=400, match="GET /library/metadata/", times=None)
    rig.stage.edit(1, title="Refused")
    rig.settle()
    assert reasons(rig) == {1: "Rejected"}
    rig.stage.plex.clear_faults()
    give(rig, "clear_failed")
    rig.stage.edit(2, title="Goes on")
    rig.settle()
    edit = {"ratingKey": 1_001, "fields": {"title": "A Person's"}, "lock": True}
    rig.stage.plex.control("edit_item", edit)
    assert give(rig, "reconcile")["total"] == 0
    assert rig.job(1)["reason"] == "Discarded"
