"""Orders that cannot be carried out: the others go on, and what is given up is listed with its reason."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.core.retry import ORDER_ATTEMPTS
from plexsync_plugin.jobs import inbox
from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.rig import Rig
from tests.stage import Stage

REFUSAL = {"containing": "findScenes(scene_filter:{id:", "message": "no such column: scenes.oops"}


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    """Six scenes that were never synced; the query by which *Sync All Scenes* asks for them is refused by Stash."""
    stash = stash_library(6, performer_ids=[1])
    rig = open_rig(plex=plex_library(6), stash=stash, settings=NO_PICTURES)
    rig.settle()
    rig.stage.stash.control("refuse", REFUSAL)
    return rig


def put(rig: Rig, name: str) -> None:
    row = {"v": 1, "kind": "command", "name": name, "ids": [], "args": {"ticket": f"the {name}"}}
    inbox.put(rig.folder, row, rig.clock)


def order(rig: Rig, name: str) -> dict[str, Any]:
    (row,) = rig.stage.rows("SELECT * FROM orders WHERE name = ?", name)
    return row


def questions(rig: Rig) -> int:
    return len([entry for entry in rig.stage.stash.log() if "/graphql" in entry["path"]])


def wait_until_given_up(rig: Rig) -> None:
    for _ in range(20):
        rig.clock.sleep(3_600)
        rig.settle()


def test_orders_behind_a_refused_one_and_the_jobs_are_done(rig: Rig) -> None:
    put(rig, "sync_all")
    put(rig, "sync_recent")
    rig.run_for(1)
    assert (order(rig, "sync_all")["state"], order(rig, "sync_recent")["state"]) == ("waiting", "done")
    assert [rig.stage.item(1_000 + scene)["title"] for scene in range(1, 7)] == [
        f"Scene {scene}" for scene in range(1, 7)
    ]


def test_refused_order_is_tried_again_with_growing_pauses_and_then_given_up(rig: Rig) -> None:
    put(rig, "sync_all")
    rig.stage.stash.clear_log()
    rig.run_for(300)
    asked = questions(rig) - 300 / 30  # it asks Stash for the settings every 30 s
    assert 4 <= asked <= ORDER_ATTEMPTS
    assert order(rig, "sync_all")["state"] == "waiting"
    wait_until_given_up(rig)
    failed = order(rig, "sync_all")
    assert failed["state"] == "failed"
    assert "Stash refused a query: no such column: scenes.oops" in failed["message"]
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert (letter["scene_id"], letter["order_id"]) == (None, failed["id"])
    assert (letter["reason"], letter["attempts"]) == ("StashRejected", ORDER_ATTEMPTS)


def test_order_that_is_refused_for_a_while_is_carried_out_in_the_end(rig: Rig) -> None:
    put(rig, "sync_all")
    rig.run_for(60)
    assert order(rig, "sync_all")["attempts"] >= 3
    rig.stage.stash.control("refuse", {})
    rig.clock.sleep(3_600)
    rig.settle()
    done = order(rig, "sync_all")
    assert (done["state"], done["total"], done["message"]) == ("done", 6, "")
    assert rig.stage.item(1_006)["title"] == "Scene 6"


def test_order_that_was_given_up_is_listed_and_told_once(rig: Rig) -> None:
    put(rig, "sync_all")
    rig.run_for(60)
    found = rig.stage.operation(operation="status")
    assert [entry[:2] for entry in found["put_off"]] == [
        ["sync_all", "Stash refused a query: no such column: scenes.oops"]
    ]
    wait_until_given_up(rig)
    found = rig.stage.operation(operation="status")
    assert (found["dead"], found["put_off"], found["orders"]) == (1, [], [])
    (letter,) = found["dead_letters"]
    assert (letter["order"], letter["reason"]) == ("sync_all", "StashRejected")
    (reason,) = found["reasons"]
    assert "Retry Failed" in reason["advice"]
    told = [line for line in rig.stage.log_lines() if "sync_all" in line and "cannot be carried out" in line]
    assert len(told) == 1
    rig.stage.run_task("Status")
    assert any(line.strip().startswith("The order sync_all: Stash refused") for line in rig.stage.log_lines())


def test_retry_failed_goes_on_where_the_order_broke_off(rig: Rig) -> None:
    put(rig, "sync_all")
    wait_until_given_up(rig)
    rig.stage.stash.control("refuse", {})
    answer = give(rig, "retry_failed")
    assert answer["message"] == "Tried again: 1 order."
    assert order(rig, "sync_all")["state"] == "done"
    assert rig.stage.item(1_006)["title"] == "Scene 6"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_clear_failed_takes_the_order_off_the_list(rig: Rig) -> None:
    put(rig, "sync_all")
    wait_until_given_up(rig)
    give(rig, "clear_failed")
    assert rig.stage.rows("SELECT * FROM dead_letters") == []
    assert order(rig, "sync_all")["state"] == "failed"


def test_edited_performer_that_stash_refuses_to_look_up_is_listed(rig: Rig) -> None:
    rig.stage.stash.control("refuse", {**REFUSAL, "containing": "scenes{id updated_at}"})
    rig.stage.gql('mutation{performerUpdate(input:{id:1,name:"Ann Renamed"}){id}}')
    wait_until_given_up(rig)
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "StashRejected"
    (entry,) = rig.stage.operation(operation="status")["dead_letters"]
    assert entry["order"] == "Performer.Update.Post"


def test_undo_takes_out_a_sync_all_that_was_given_before_it(rig: Rig) -> None:
    rig.stage.edit(1, title="Ours")
    rig.settle()
    put(rig, "sync_all")
    rig.run_for(1)
    give(rig, "undo")
    assert rig.stage.item(1_001)["title"] == "item 1"
    rig.stage.stash.control("refuse", {})
    rig.clock.sleep(3_600)
    rig.settle()
    assert order(rig, "sync_all")["message"] == "Taken out of the queue by Undo."
    assert [rig.stage.item(key)["title"] for key in (1_001, 1_002)] == ["item 1", "item 2"]


def test_plex_that_is_busy_is_not_hammered_by_an_order(rig: Rig) -> None:
    rig.stage.stash.control("refuse", {})
    give(rig, "sync_all")
    rig.stage.plex.fault("status", status=429, match="GET /library/sections", times=None)
    put(rig, "reconcile")
    rig.stage.plex.clear_log()
    rig.run_for(120)
    assert order(rig, "reconcile")["state"] == "waiting"
    assert 2 <= len([line for line in rig.stage.plex_requests() if "/identity" not in line]) <= 20


def test_item_is_not_passed_over_by_undo_because_plex_is_busy(rig: Rig) -> None:
    rig.stage.edit(1, title="Ours")
    rig.settle()
    rig.stage.plex.fault("status", status=429, match="PUT /library/", times=None)
    put(rig, "undo")
    rig.run_for(400)
    assert order(rig, "undo")["state"] == "waiting"
    rig.stage.plex.clear_faults()
    rig.run_for(120)
    assert "did not take" not in order(rig, "undo")["message"]
    assert rig.stage.item(1_001)["title"] == "item 1"


def test_scenes_are_synced_although_stash_refuses_to_show_the_missing_ones(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=plex_library(1), stash=stash_library(2), settings=NO_PICTURES)
    rig.stage.edit(2, title="Nowhere")
    rig.settle()
    rig.stage.stash.control("refuse", {"containing": "s2:findScene", "message": "odd scene"})
    rig.stage.stash.control("remove", {"kind": "scene", "id": 2})  # one that is gone is asked for singly
    rig.stage.run_task("Index Plex Library")
    rig.run_for(12)
    rig.stage.bulk_edit([1], title="Arrives")
    rig.run_for(30)
    assert rig.stage.item(1_001)["title"] == "Arrives"


def test_task_says_why_its_order_is_put_off(stage: Stage) -> None:
    stage.stash.control("refuse", REFUSAL)
    stage.run_task("Sync All Scenes")
    verdict = [line for line in stage.log_lines() if line.startswith("Sync All Scenes:")][-1]
    assert "Stash refused a query: no such column: scenes.oops It is tried again in" in verdict
