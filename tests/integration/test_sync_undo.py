"""Undo: items show again what they showed before PlexSync, and stay so until a person wants otherwise."""

import base64
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.answers.explain import explain
from plexsync_plugin.hook import row_of
from plexsync_plugin.jobs import inbox
from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.rig import Rig
from tests.sim.process import ROOT, SimulatorError

SHOWN = ("title", "summary", "studio", "originallyAvailableAt", "userRating", "Genre", "Role", "Collection")


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    return ready(open_rig, 5)


def ready(open_rig: Callable[..., Rig], count: int, **more: Any) -> Rig:
    """Not synced yet."""
    fields = {
        "details": "Stash's.",
        "date": "2021-05-14",
        "studio_id": 2,
        "performer_ids": [1, 2],
        "tag_ids": [1],
        "rating100": 80,
    }
    plex = plex_library(count)
    plex["sections"][0]["items"][0] |= {"locked": ["summary"], "Collection": ["A person's"]}
    settings = {**NO_PICTURES, "collections": "studio", **more}
    return open_rig(plex=plex, stash=stash_library(count, **fields), settings=settings)


def shown(rig: Rig, scene: int) -> dict[str, Any]:
    item = rig.stage.item(1_000 + scene)
    found = {name: item.get(name) or "" for name in SHOWN}
    for name in ("Genre", "Role", "Collection"):
        found[name] = sorted((tag["tag"], tag.get("role", "")) for tag in item.get(name, []))
    return {**found, "locked": sorted(item["locked"])}


def undone(rig: Rig) -> list[int]:
    return [row["scene_id"] for row in rig.stage.rows("SELECT scene_id FROM undone ORDER BY 1")]


def fire(rig: Rig, name: str, number: int, given: Any) -> None:
    row = row_of({"id": number, "type": name, "input": given})
    assert row is not None
    inbox.put(rig.folder, row, rig.clock)
    rig.settle()


def test_everything_is_as_before_the_first_sync(rig: Rig) -> None:
    before = [shown(rig, scene) for scene in range(1, 6)]
    give(rig, "sync_all")
    assert [shown(rig, scene)["title"] for scene in range(1, 6)] == [f"Scene {n}" for n in range(1, 6)]
    rig.stage.plex.clear_log()
    order = give(rig, "undo")
    after = [shown(rig, scene) for scene in range(1, 6)]
    # A person's collections may have been added since the first write, so they stay locked.
    assert after[0].pop("locked") == ["collection", "summary"]
    assert before[0].pop("locked") == ["summary"]
    assert after == before
    assert order["message"] == (
        "5 Plex items restored. Their scenes are left alone until they are edited, or Sync All Scenes is run."
    )
    assert [request.partition("?")[0] for request in rig.stage.plex_requests()] == [
        "GET /library/metadata/1001,1002,1003,1004,1005",
        *["PUT /library/sections/1/all"] * 5,
    ]
    assert undone(rig) == [1, 2, 3, 4, 5]
    assert {row["fields"] for row in rig.stage.rows("SELECT fields FROM ledger")} == {"{}"}
    assert rig.stage.rows("SELECT * FROM synced") == []


def test_one_scene_can_be_undone_alone(rig: Rig) -> None:
    give(rig, "sync_all")
    give(rig, "undo", 2)
    assert [shown(rig, scene)["title"] for scene in (1, 2, 3)] == ["Scene 1", "item 2", "Scene 3"]
    assert undone(rig) == [2]


def test_field_that_a_person_changed_in_plex_since_stays(rig: Rig) -> None:
    give(rig, "sync_all")
    edit = {"ratingKey": 1_002, "fields": {"title": "A person's", "Genre": ["Outdoor", "A person's"]}}
    rig.stage.plex.control("edit_item", {**edit, "lock": True})
    give(rig, "undo")
    after = shown(rig, 2)
    assert (after["title"], after["summary"]) == ("A person's", "What the agent found.")
    assert [name for name, _ in after["Genre"]] == ["A person's", "Comedy", "Crime", "Drama"]
    assert after["locked"] == ["genre", "title"]


def test_undone_scenes_are_left_alone_by_reconcile_entity_events_and_scans(rig: Rig) -> None:
    give(rig, "sync_all")
    give(rig, "undo")
    rig.stage.plex.clear_log()
    fire(rig, "Performer.Update.Post", 1, {"id": "1", "name": "x"})
    fire(rig, "Performer.Destroy.Post", 2, {"id": "2"})
    fire(rig, "Scene.Update.Post", 3, None)  # a scan
    rig.stage.stash.control("change", {"kind": "scene", "id": 4, "fields": {"title": "New", "updated_at": "2020-01-01T00:00:00Z"}})  # fmt: skip
    order = give(rig, "reconcile")
    give(rig, "sync_recent")
    assert "Left alone: 5 undone." in order["message"]
    assert rig.stage.puts() == []
    assert undone(rig) == [1, 2, 3, 4, 5]
    assert [shown(rig, scene)["title"] for scene in range(1, 6)] == [f"item {n}" for n in range(1, 6)]


def test_edited_scene_is_synced_again_and_can_be_undone_again(rig: Rig) -> None:
    before = shown(rig, 2)
    give(rig, "sync_all")
    give(rig, "undo")
    rig.stage.edit(2, title="Edited")
    rig.settle()
    assert shown(rig, 2)["title"] == "Edited"
    assert undone(rig) == [1, 3, 4, 5]
    give(rig, "undo")
    assert shown(rig, 2) == before


def test_sync_all_by_a_person_brings_undone_scenes_back(rig: Rig) -> None:
    give(rig, "sync_all")
    synced = [shown(rig, scene) for scene in range(1, 6)]
    give(rig, "undo")
    give(rig, "sync_all")
    assert [shown(rig, scene) for scene in range(1, 6)] == synced
    assert undone(rig) == []


def test_edit_after_the_order_is_synced_and_not_undone(rig: Rig) -> None:
    give(rig, "sync_all")
    row = {"v": 1, "kind": "command", "name": "undo", "ids": [], "args": {"ticket": "t"}}
    inbox.put(rig.folder, row, rig.clock)
    rig.worker.turn()  # the scenes are put aside
    assert undone(rig) == [1, 2, 3, 4, 5]
    rig.stage.edit(2, title="Edited meanwhile")
    rig.settle()
    assert [shown(rig, scene)["title"] for scene in (1, 2, 3)] == ["item 1", "Edited meanwhile", "item 3"]
    assert undone(rig) == [1, 3, 4, 5]


def order(rig: Rig, name: str) -> dict[str, Any]:
    (row,) = rig.stage.rows("SELECT * FROM orders WHERE name = ?", name)
    return row


def put(rig: Rig, name: str) -> None:
    row = {"v": 1, "kind": "command", "name": name, "ids": [], "args": {"ticket": name}}
    inbox.put(rig.folder, row, rig.clock)


def at_the_third_write(rig: Rig, then: Callable[[], object]) -> None:
    """In the middle of whatever is being written: Plex takes its time for the third of the writes that follow."""
    rig.stage.plex.clear_log()
    rig.stage.plex.fault("slow", match="PUT /", seconds=1.0, skip=2, times=1)

    def act() -> None:
        while len(rig.stage.puts()) < 3:
            time.sleep(0.01)
        then()

    thread = threading.Thread(target=act)
    thread.start()
    while thread.is_alive():
        rig.worker.turn()
    thread.join()


def test_undo_of_everything_ends_the_batch_in_hand(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, 30)
    put(rig, "sync_all")

    def panic() -> None:
        put(rig, "reconcile")
        put(rig, "undo")

    at_the_third_write(rig, panic)
    rig.settle()
    assert len(rig.stage.puts()) == 6  # three of the batch, and those three taken back
    assert order(rig, "undo")["message"].startswith("3 Plex items restored.")
    assert order(rig, "reconcile")["message"] == "Taken out of the queue by Undo."
    rig.run_for(30)
    assert [shown(rig, scene)["title"] for scene in range(1, 31)] == [f"item {n}" for n in range(1, 31)]


def test_undo_takes_out_an_edit_that_failed_before_it_and_keeps_one_that_came_after(rig: Rig) -> None:
    rig.stage.plex.fault("status", status=500, match="PUT /", times=1)
    rig.stage.edit(1, title="Before")
    rig.settle()
    put(rig, "undo")
    rig.worker.turn()
    rig.stage.edit(2, title="After")
    rig.run_for(60)
    assert [shown(rig, scene)["title"] for scene in (1, 2)] == ["item 1", "After"]


def test_edit_comes_between_two_items_of_an_undo(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, 30)
    give(rig, "sync_all")
    put(rig, "undo")
    at_the_third_write(rig, lambda: rig.stage.edit(30, title="Edited meanwhile"))
    rig.settle()
    (place,) = [n for n, target in enumerate(rig.stage.puts(), 1) if "id=1030&" in target]
    assert place <= 5
    assert shown(rig, 29)["title"] == "item 29"
    assert shown(rig, 30)["title"] == "Edited meanwhile"


def test_undo_that_is_cleared_half_way_leaves_the_rest_in_sync(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, 30)
    give(rig, "sync_all")
    put(rig, "undo")
    at_the_third_write(rig, lambda: put(rig, "clear_queue"))
    rig.settle()
    assert "Undo had not come to 27 scenes" in order(rig, "clear_queue")["message"]
    assert undone(rig) == [1, 2, 3]
    rig.stage.plex.clear_log()
    assert "30 Plex items compared: nothing differs" in give(rig, "reconcile")["message"]
    assert rig.stage.puts() == []
    rig.stage.stash.control(
        "change", {"kind": "scene", "id": 30, "fields": {"title": "Silent"}, "touch": True}
    )
    rig.stage.stash.control(
        "change", {"kind": "scene", "id": 1, "fields": {"title": "Silent"}, "touch": True}
    )
    give(rig, "reconcile")
    assert [shown(rig, scene)["title"] for scene in (1, 29, 30)] == ["item 1", "Scene 29", "Silent"]


def test_scene_that_waits_to_be_restored_is_not_called_undone(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, 3)
    give(rig, "sync_all")
    rig.stage.plex.down()
    give(rig, "undo")
    rig.stage.plex.up()
    assert explain(rig.folder.state, 1)["undone_at"] is None
    rig.run_for(120)
    assert explain(rig.folder.state, 1)["undone_at"] is not None


def test_undo_is_carried_out_while_plexsync_is_switched_off(rig: Rig) -> None:
    give(rig, "sync_all")
    rig.stage.configure({**rig.stage.settings, "enabled": False})
    rig.run_for(40)
    undo = give(rig, "undo")
    assert undo["state"] == "done"
    assert "PlexSync is switched off (setting enabled); Undo is carried out all the same." in undo["message"]
    assert [shown(rig, scene)["title"] for scene in range(1, 6)] == [f"item {n}" for n in range(1, 6)]
    rig.stage.edit(1, title="Waits")
    rig.run_for(60)
    assert shown(rig, 1)["title"] == "item 1"


def test_item_of_a_merged_scene_follows_the_scene_that_has_its_file_now(rig: Rig) -> None:
    for scene in (1, 2):
        rig.stage.edit(scene, title="The same")
    rig.settle()
    rig.stage.stash.control("remove", {"kind": "scene", "id": 1})
    files = [{"path": f"/videos/{n}.mp4", "size": 5_000 + n} for n in (2, 1)]
    rig.stage.stash.control("change", {"kind": "scene", "id": 2, "fields": {"files": files}, "touch": True})
    give(rig, "reconcile")
    owners = rig.stage.rows("SELECT scene_id FROM ledger WHERE rating_key IN (1001, 1002)")
    assert [row["scene_id"] for row in owners] == [2, 2]
    assert give(rig, "undo", 2)["message"].startswith("2 Plex items restored.")
    assert shown(rig, 1)["title"] == "item 1"


def test_item_that_is_gone_is_passed_over(rig: Rig) -> None:
    give(rig, "sync_all")
    rig.stage.plex.control("remove_item", {"ratingKey": 1_003})
    order = give(rig, "undo")
    assert order["message"].startswith("4 Plex items restored, 1 no longer in Plex.")
    assert shown(rig, 4)["title"] == "item 4"
    with pytest.raises(SimulatorError):
        rig.stage.item(1_003)


def test_destroyed_scenes_items_are_restored_too(rig: Rig) -> None:
    before = shown(rig, 2)
    give(rig, "sync_all")
    rig.stage.gql("mutation{sceneDestroy(input:{id:2})}")
    rig.settle()
    give(rig, "undo")
    assert shown(rig, 2) == before


@pytest.mark.parametrize("when", ["before", "after"])
def test_undo_that_is_cut_off_at_any_write_ends_the_same(rig: Rig, when: str) -> None:
    before = [shown(rig, scene) for scene in range(2, 6)]
    give(rig, "sync_all")
    for number in range(1, 4):
        rig.stage.plex.fault("reset", match="PUT /", times=1, skip=number, when=when)
    row = {"v": 1, "kind": "command", "name": "undo", "ids": [], "args": {"ticket": "t"}}
    inbox.put(rig.folder, row, rig.clock)
    for _ in range(40):  # and killed between any two steps
        rig.worker.turn()
        rig.clock.sleep(5)
        rig.start_worker()
    rig.run_for(60)
    assert [shown(rig, scene) for scene in range(2, 6)] == before
    (order,) = rig.stage.rows("SELECT state FROM orders WHERE ticket = 't'")
    assert order["state"] == "done"


def test_undo_again_writes_nothing(rig: Rig) -> None:
    give(rig, "sync_all")
    give(rig, "undo")
    rig.stage.plex.clear_log()
    order = give(rig, "undo")
    assert order["message"] == "There is nothing of PlexSync's to undo on this Plex server."
    assert rig.stage.plex_requests() == []


def test_undo_waits_while_plex_is_away(rig: Rig) -> None:
    give(rig, "sync_all")
    rig.stage.plex.down()
    order = give(rig, "undo")
    rig.run_for(60)
    assert order["state"] == "waiting"
    rig.stage.plex.up()
    rig.run_for(120)
    assert shown(rig, 5)["title"] == "item 5"


def test_item_that_plex_always_refuses_does_not_stop_the_others(rig: Rig) -> None:
    give(rig, "sync_all")
    rig.stage.plex.fault("status", status=500, match=r"PUT .*id=1002&", times=None)
    rig.stage.plex.fault("status", status=400, match=r"PUT .*id=1004&", times=None)
    give(rig, "undo")
    rig.run_for(300)
    (order,) = rig.stage.rows("SELECT * FROM orders WHERE name = 'undo'")
    assert order["message"].startswith("3 Plex items restored.")
    assert "2 items (1002, 1004)" in order["message"]
    rig.stage.plex.clear_faults()
    assert give(rig, "undo")["message"].startswith("2 Plex items restored.")
    assert [shown(rig, scene)["title"] for scene in range(1, 6)] == [f"item {n}" for n in range(1, 6)]


def test_items_are_read_a_hundred_at_a_time(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, 230)
    give(rig, "sync_all")
    rig.stage.plex.clear_log()
    order = give(rig, "undo")
    assert order["message"].startswith("230 Plex items restored.")
    requests = rig.stage.plex_requests()
    assert len([request for request in requests if request.startswith("GET /library/metadata/")]) == 3
    assert len(requests) == 233


def test_dead_letter_of_an_undone_scene_stays(rig: Rig) -> None:
    give(rig, "sync_all")
    rig.stage.plex.fault("status", status=400, match="PUT /", times=1)
    rig.stage.edit(2, title="Refused")
    rig.settle()
    give(rig, "undo")
    assert [row["scene_id"] for row in rig.stage.rows("SELECT scene_id FROM dead_letters")] == [2]
    assert shown(rig, 2)["title"] == "item 2"


def test_pictures_go_back_too_and_come_again_after_an_edit(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, 2, skip_poster=False)
    cover = base64.b64encode((ROOT / "tests" / "data" / "stash" / "cover.jpg").read_bytes()).decode()
    rig.stage.stash.control("set_cover", {"kind": "scene", "id": 2, "image": cover})
    before = rig.stage.item(1_002)
    give(rig, "sync_all")
    given = selected(rig, 2)
    assert given.startswith("upload://posters/")
    order = give(rig, "undo")
    assert order["message"].startswith("2 Plex items restored.")
    after = rig.stage.item(1_002)
    assert selected(rig, 2) != given
    assert after["locked"] == before["locked"]
    assert rig.stage.rows("SELECT * FROM images") == []
    rig.stage.edit(2, title="Edited")
    rig.settle()
    assert selected(rig, 2) == given


def selected(rig: Rig, scene: int) -> str:
    return str(rig.stage.item(1_000 + scene)["galleries"]["thumb"]["selected"])
