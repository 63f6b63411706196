"""On what grounds a scene has its items, each of its files for itself, and what follows when better grounds appear."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig

OpenRig = Callable[..., Rig]


def item(key: int, path: str, size: int = 5_000, **more: Any) -> dict[str, Any]:
    return {"ratingKey": key, "title": f"item {key}", "summary": "agent", "file": path, "size": size, **more}


def films(*items: dict[str, Any], key: int = 1, title: str = "Scenes") -> dict[str, Any]:
    return {"key": key, "type": "movie", "title": title, "locations": ["/videos"], "items": list(items)}


def scene(number: int, *paths: str, size: int = 5_000) -> dict[str, Any]:
    files = [{"path": path, "size": size} for path in paths]
    return {"id": number, "title": f"Scene {number}", "files": files}


def opened(
    open_rig: OpenRig, sections: list[dict[str, Any]], *scenes: dict[str, Any], **settings: Any
) -> Rig:
    return open_rig(
        plex={"sections": sections}, stash={"scenes": list(scenes)}, settings={**NO_PICTURES, **settings}
    )


def titles(rig: Rig, *keys: int) -> list[str]:
    return [rig.stage.item(key)["title"] for key in keys]


def add(rig: Rig, key: int, path: str, size: int = 5_000) -> None:
    rig.stage.plex.control("add_item", {"section": 1, "item": item(key, path, size)})


def files_become(rig: Rig, number: int, *paths: str) -> None:
    files = [{"path": path, "size": 5_000} for path in paths]
    change = {"kind": "scene", "id": number, "fields": {"files": files}, "touch": True}
    rig.stage.stash.control("change", change)


def test_file_that_another_scene_has_at_its_exact_place_is_not_ours(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/videos/a/clip.mp4"))],
        scene(1, "/videos/a/clip.mp4"),
        scene(2, "/videos/b/clip.mp4"),
    )
    rig.stage.edit(2, title="Wrong")
    rig.settle()
    assert titles(rig, 100) == ["item 100"]
    assert rig.job(2)["reason"] == "ItemMissing"
    rig.stage.edit(1, title="Right")
    rig.settle()
    add(rig, 101, "/videos/b/clip.mp4")
    rig.stage.edit(2, title="Its own")
    rig.settle()
    assert titles(rig, 100, 101) == ["Right", "Its own"]


def test_equal_name_and_size_never_decides_between_two_scenes(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/elsewhere/clip.mp4"))],
        scene(1, "/data/a/clip.mp4"),
        scene(2, "/data/b/clip.mp4"),
    )
    rig.stage.edit(1, title="One")
    rig.stage.edit(2, title="Two")
    rig.settle()
    assert titles(rig, 100) == ["item 100"]
    letters = rig.stage.rows("SELECT scene_id, reason, message FROM dead_letters ORDER BY scene_id")
    assert [(letter["scene_id"], letter["reason"]) for letter in letters] == [
        (1, "Ambiguous"),
        (2, "Ambiguous"),
    ]
    assert "scene 2" in letters[0]["message"]


def test_folder_that_agrees_decides_between_two_scenes(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/plex/a/clip.mp4"))],
        scene(1, "/data/a/clip.mp4"),
        scene(2, "/data/b/clip.mp4"),
    )
    rig.stage.edit(1, title="One")
    rig.stage.edit(2, title="Two")
    rig.settle()
    assert titles(rig, 100) == ["One"]
    assert rig.job(2)["reason"] == "ItemMissing"


def test_scene_that_comes_to_the_exact_place_takes_the_item_over(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/clip.mp4"))], scene(2, "/videos/b/clip.mp4"))
    rig.stage.edit(2, title="By size")
    rig.settle()
    assert titles(rig, 100) == ["By size"]
    rig.stage.stash.control("add", {"kind": "scene", "fields": scene(1, "/videos/a/clip.mp4")})
    rig.stage.edit(1, title="At its place")
    rig.settle()
    assert titles(rig, 100) == ["At its place"]
    assert rig.job(2)["reason"] == "ItemMissing"  # looked for again at once


def test_item_at_the_exact_place_takes_over_and_the_weaker_one_gets_back_what_it_had(
    open_rig: OpenRig,
) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/clip.mp4"))], scene(1, "/videos/b/clip.mp4"))
    rig.stage.edit(1, title="By size")
    rig.settle()
    assert titles(rig, 100) == ["By size"]
    add(rig, 101, "/videos/b/clip.mp4")
    rig.stage.run_task("Index Plex Library")
    rig.stage.edit(1, title="At its place")
    rig.settle()
    assert titles(rig, 100, 101) == ["item 100", "At its place"]
    assert rig.stage.item(100)["locked"] == []


def test_rule_that_comes_later_leads_to_the_item_it_names(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/old/clip.mp4"), item(101, "/new/b.mp4", 77))],
        scene(1, "/data/clip.mp4"),
        strict_matching=False,
    )
    give(rig, "sync_all")
    rig.settle()
    add(rig, 102, "/new/clip.mp4")
    rig.stage.configure({**rig.stage.settings, "path_map": "/data => /new"})
    rig.run_for(31)
    give(rig, "sync_all")
    rig.settle()
    assert titles(rig, 100, 102) == ["item 100", "Scene 1"]


def test_edits_go_to_the_new_item_and_not_to_the_one_in_the_trash(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/1.mp4"))], scene(1, "/videos/a/1.mp4"))
    give(rig, "sync_all")
    rig.settle()
    rig.stage.plex.control("remove_item", {"ratingKey": 100, "trash": True})
    add(rig, 101, "/videos/b/1.mp4")
    files_become(rig, 1, "/videos/b/1.mp4")
    rig.stage.edit(1, title="Moved")
    rig.settle()
    assert titles(rig, 100, 101) == ["Scene 1", "Moved"]


def test_item_in_the_trash_at_the_files_own_place_is_written_while_there_is_no_other(
    open_rig: OpenRig,
) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/1.mp4"))], scene(1, "/videos/a/1.mp4"))
    rig.stage.plex.control("remove_item", {"ratingKey": 100, "trash": True})
    rig.stage.edit(1, title="Drive away")
    rig.settle()
    assert titles(rig, 100) == ["Drive away"]


@pytest.mark.parametrize("known", [True, False], ids=["known", "first contact"])
def test_item_in_the_trash_that_the_index_still_shows_does_not_hide_the_one_that_has_the_file_now(
    open_rig: OpenRig, known: bool
) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/1.mp4"))], scene(1, "/videos/a/1.mp4"))
    if known:
        give(rig, "sync_all")
    before = rig.stage.item(100)["title"]
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.control("remove_item", {"ratingKey": 100, "trash": True})
    add(rig, 101, "/videos/a/1.mp4")
    rig.stage.edit(1, title="There")
    rig.settle()
    assert titles(rig, 100, 101) == [before, "There"]


def test_item_in_the_trash_alone_is_looked_for_once(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/1.mp4"))], scene(1, "/videos/a/1.mp4"))
    rig.stage.plex.control("remove_item", {"ratingKey": 100, "trash": True})
    rig.stage.edit(1, title="Drive away")
    rig.settle()
    asked = [path for path in rig.stage.plex_paths() if path.startswith("GET /library/sections/1/all")]
    assert len(asked) == 1
    assert titles(rig, 100) == ["Drive away"]


def test_another_library_is_another_place_to_be_in_sync_with(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [
            films(item(100, "/videos/1.mp4"), title="Test"),
            films(item(200, "/videos/1.mp4"), key=2, title="Real"),
        ],
        scene(1, "/videos/1.mp4"),
        plex_library="Test",
    )
    give(rig, "sync_all")
    rig.settle()
    assert titles(rig, 100, 200) == ["Scene 1", "item 200"]
    rig.stage.configure({**rig.stage.settings, "plex_library": "Real"})
    rig.run_for(31)
    order = give(rig, "reconcile")
    rig.settle()
    assert "Synced again: 1 scene." in order["message"]
    assert titles(rig, 100, 200) == ["Scene 1", "Scene 1"]


def test_one_file_in_two_libraries_is_written_in_both(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/videos/1.mp4")), films(item(200, "/videos/1.mp4"), key=2, title="Kids")],
        scene(1, "/videos/1.mp4"),
        plex_library="",
    )
    rig.stage.edit(1, title="Both")
    rig.settle()
    assert titles(rig, 100, 200) == ["Both", "Both"]


def test_second_copy_of_a_file_gets_its_own_item(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a/1.mp4"))], scene(1, "/videos/a/1.mp4"))
    give(rig, "sync_all")
    rig.settle()
    add(rig, 101, "/videos/b/1.mp4")
    files_become(rig, 1, "/videos/a/1.mp4", "/videos/b/1.mp4")
    rig.stage.edit(1, title="Both")
    rig.settle()
    assert titles(rig, 100, 101) == ["Both", "Both"]


def test_second_file_is_looked_for_on_the_schedule_while_the_first_is_in_sync(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a.mp4"))], scene(1, "/videos/a.mp4", "/videos/b.mp4"))
    rig.stage.edit(1, title="First")
    rig.settle()
    assert titles(rig, 100) == ["First"]
    assert (rig.job(1)["state"], rig.job(1)["reason"]) == ("waiting", "ItemMissing")
    assert "'b.mp4'" in rig.job(1)["message"]
    add(rig, 101, "/videos/b.mp4")
    rig.run_for(310)
    assert titles(rig, 100, 101) == ["First", "First"]
    assert rig.job(1)["state"] == "done"


def test_second_file_that_never_comes_is_listed_and_edits_of_the_first_arrive(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/a.mp4"))], scene(1, "/videos/a.mp4", "/videos/b.mp4"))
    rig.stage.edit(1, title="First")
    rig.settle()
    for pause in (300, 3_600, 21_600, 86_400):
        rig.clock.sleep(pause)
        rig.settle()
    assert [row["reason"] for row in rig.stage.rows("SELECT reason FROM dead_letters")] == ["ItemMissing"]
    rig.stage.edit(1, title="Again")
    rig.settle()
    assert titles(rig, 100) == ["Again"]


def test_second_file_in_two_items_is_listed_and_the_first_is_written(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/p/a/1.mp4"), item(101, "/p/x/2.mp4"), item(102, "/p/y/2.mp4"))],
        scene(1, "/v/1.mp4", "/v/2.mp4"),
    )
    rig.stage.edit(1, title="First")
    rig.settle()
    assert titles(rig, 100, 101, 102) == ["First", "item 101", "item 102"]
    assert [row["reason"] for row in rig.stage.rows("SELECT reason FROM dead_letters")] == ["Ambiguous"]


def test_scene_that_was_ambiguous_is_tried_again_by_reconcile_after_a_split(open_rig: OpenRig) -> None:
    files = [{"file": "/videos/1.mp4", "size": 5_000}, {"file": "/videos/2.mp4", "size": 5_000}]
    shared = {"ratingKey": 101, "title": "shared", "files": files}
    rig = opened(open_rig, [films(shared)], scene(1, "/videos/1.mp4"), scene(2, "/videos/2.mp4"))
    give(rig, "sync_all")
    rig.settle()
    assert [row["scene_id"] for row in rig.stage.rows("SELECT scene_id FROM dead_letters")] == [2]
    rig.stage.plex.control("remove_item", {"ratingKey": 101})
    add(rig, 102, "/videos/1.mp4")
    add(rig, 103, "/videos/2.mp4")
    give(rig, "reconcile")
    rig.settle()
    assert titles(rig, 102, 103) == ["Scene 1", "Scene 2"]
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_item_of_two_scenes_is_the_others_where_the_settings_leave_the_first_out(open_rig: OpenRig) -> None:
    files = [{"file": "/videos/out/1.mp4", "size": 5_000}, {"file": "/videos/2.mp4", "size": 5_000}]
    shared = {"ratingKey": 101, "title": "shared", "files": files}
    rig = opened(
        open_rig,
        [films(shared)],
        scene(1, "/videos/out/1.mp4"),
        scene(2, "/videos/2.mp4"),
        exclude_paths="/videos/out",
    )
    rig.stage.edit(2, title="Mine")
    rig.settle()
    assert titles(rig, 101) == ["Mine"]


def test_sync_all_restores_what_a_listing_does_not_show_and_not_where_force_is_false(
    open_rig: OpenRig,
) -> None:
    rig = opened(open_rig, [films(item(100, "/videos/1.mp4"))], scene(1, "/videos/1.mp4"))
    give(rig, "sync_all")
    rig.settle()
    unlocked = {"ratingKey": 100, "fields": {"title": "Scene 1"}, "lock": False}
    rig.stage.plex.control("edit_item", unlocked)
    give(rig, "sync_all", force="false")
    rig.settle()
    assert rig.stage.item(100)["locked"] == []
    give(rig, "sync_all")
    rig.settle()
    assert rig.stage.item(100)["locked"] == ["title"]


def test_forced_sync_of_what_is_right_reads_the_details_together_and_writes_nothing(
    open_rig: OpenRig,
) -> None:
    items = [item(100 + number, f"/videos/{number}.mp4") for number in range(1, 6)]
    scenes = [scene(number, f"/videos/{number}.mp4") for number in range(1, 6)]
    rig = opened(open_rig, [films(*items)], *scenes)
    give(rig, "sync_all")
    rig.settle()
    rig.stage.plex.clear_log()
    give(rig, "sync_all")
    rig.settle()
    assert rig.stage.puts() == []
    details = [path for path in rig.stage.plex_paths() if path.startswith("GET /library/metadata/")]
    assert details == ["GET /library/metadata/101,102,103,104,105"]


def test_scene_that_got_the_files_of_a_destroyed_one_is_synced_at_once(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        [films(item(100, "/videos/1.mp4"), item(101, "/videos/2.mp4"))],
        scene(1, "/videos/1.mp4"),
        scene(2, "/videos/2.mp4"),
    )
    give(rig, "sync_all")
    rig.settle()
    files_become(rig, 1, "/videos/1.mp4", "/videos/2.mp4")
    rig.stage.gql("mutation($id:ID!){sceneDestroy(input:{id:$id})}", id="2")
    rig.settle()
    assert titles(rig, 100, 101) == ["Scene 1", "Scene 1"]
