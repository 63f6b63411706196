"""A match that a person has made by hand: the best of all grounds, until a person takes it back or the file is no more."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.answers.explain import explain, explain_lines
from plexsync_plugin.jobs.ticket import give_choice
from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig

OpenRig = Callable[..., Rig]


def item(key: int, path: str, size: int = 5_000) -> dict[str, Any]:
    return {"ratingKey": key, "title": f"item {key}", "summary": "agent", "file": path, "size": size}


def scene(number: int, *paths: str, size: int = 5_000) -> dict[str, Any]:
    files = [{"path": path, "size": size} for path in paths]
    return {"id": number, "title": f"Scene {number}", "files": files}


def opened(open_rig: OpenRig, items: list[dict[str, Any]], *scenes: dict[str, Any], **settings: Any) -> Rig:
    section = {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/videos"], "items": items}
    rig = open_rig(
        plex={"sections": [section]}, stash={"scenes": list(scenes)}, settings={**NO_PICTURES, **settings}
    )
    give(rig, "sync_all")
    return rig


def choose(rig: Rig, number: int, key: int, file: str = "") -> dict[str, Any]:
    """The order's row once all that it leads to is done."""
    ticket = give_choice(rig.folder, rig.clock, number, key, file=file)
    rig.settle()
    (order,) = rig.stage.rows("SELECT state, message FROM orders WHERE ticket = ?", ticket)
    return order


def titles(rig: Rig, *keys: int) -> list[str]:
    return [rig.stage.item(key)["title"] for key in keys]


def explained(rig: Rig, number: int) -> str:
    return "\n".join(explain_lines(explain(rig.folder.state, number), rig.clock.now()))


def test_ambiguous_scene_is_written_to_the_item_that_a_person_chose(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/p/x/1.mp4"), item(101, "/p/y/1.mp4")], scene(1, "/v/1.mp4"))
    assert rig.job(1)["reason"] == "Ambiguous"
    assert choose(rig, 1, 101) == {
        "state": "done",
        "message": "'1.mp4' of scene 1 is the Plex item 'item 101' (101) from now on.",
    }
    assert titles(rig, 100, 101) == ["item 100", "Scene 1"]
    assert rig.stage.rows("SELECT * FROM dead_letters") == []
    assert "/v/1.mp4 is the Plex item 101, matched by the choice of a person." in explained(rig, 1)


def test_choice_goes_before_the_exact_place_and_the_item_there_gets_back_what_it_had(
    open_rig: OpenRig,
) -> None:
    """The chosen file has another name and size: a person knows better."""
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    assert "matched by the exact path" in explained(rig, 1)
    choose(rig, 1, 101)
    assert titles(rig, 100, 101) == ["item 100", "Scene 1"]
    for order in ("sync_all", "reconcile"):
        give(rig, order)
        assert titles(rig, 100, 101) == ["item 100", "Scene 1"]
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Again")
    rig.settle()
    assert titles(rig, 100, 101) == ["item 100", "Again"]
    assert [path.split("?")[0] for path in rig.stage.plex_paths()] == [
        "GET /library/metadata/101",
        "PUT /library/sections/1/all",
    ]


def test_choice_that_is_taken_back_lets_the_file_decide_again(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    assert choose(rig, 1, 0)["state"] == "done"
    assert titles(rig, 100, 101) == ["Scene 1", "item 101"]
    assert rig.stage.item(101)["locked"] == []
    refused = choose(rig, 1, 0)
    assert refused == {"state": "failed", "message": "No item was chosen by hand for scene 1."}


def test_item_of_a_choice_that_is_taken_back_gets_back_what_it_had_where_the_scene_has_no_other(
    open_rig: OpenRig,
) -> None:
    rig = opened(open_rig, [item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    assert rig.job(1)["reason"] == "ItemMissing"
    choose(rig, 1, 101)
    assert titles(rig, 101) == ["Scene 1"]
    choose(rig, 1, 0)
    assert titles(rig, 101) == ["item 101"]
    assert rig.stage.item(101)["locked"] == []
    assert rig.job(1)["reason"] == "ItemMissing"


def test_choice_between_copies_that_is_taken_back_leaves_the_scene_ambiguous_again(open_rig: OpenRig) -> None:
    """The chosen copy has the file's name and size: so has the other one, and nobody says any more which it is."""
    copies = [item(100, "/a/1.mp4"), item(101, "/b/1.mp4")]
    rig = opened(open_rig, copies, scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    assert titles(rig, 100, 101) == ["item 100", "Scene 1"]
    choose(rig, 1, 0)
    assert titles(rig, 100, 101) == ["item 100", "item 101"]
    assert rig.stage.item(101)["locked"] == []
    assert rig.job(1)["reason"] == "Ambiguous"
    for order in ("retry_failed", "reconcile", "sync_all"):
        give(rig, order)
        assert titles(rig, 100, 101) == ["item 100", "item 101"]
        assert rig.job(1)["reason"] == "Ambiguous"


def test_choice_that_is_taken_back_keeps_the_item_where_its_file_is_the_only_one_of_that_name_and_size(
    open_rig: OpenRig,
) -> None:
    rig = opened(open_rig, [item(101, "/b/1.mp4")], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    rig.stage.plex.clear_log()
    choose(rig, 1, 0)
    assert titles(rig, 101) == ["Scene 1"]
    assert rig.job(1)["state"] == "done"
    assert rig.stage.puts() == []


def test_scene_that_had_the_chosen_item_looks_for_another_and_gets_it_back_in_the_end(
    open_rig: OpenRig,
) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4")], scene(1, "/v/1.mp4"), scene(2, "/v/2.mp4"))
    assert titles(rig, 100) == ["Scene 1"]
    choose(rig, 2, 100)
    assert titles(rig, 100) == ["Scene 2"]
    assert rig.job(1)["reason"] == "ItemMissing"
    assert "was chosen by a person for scene 2" in rig.job(1)["message"]
    for order in ("sync_all", "reconcile"):
        give(rig, order)
        assert titles(rig, 100) == ["Scene 2"]
    choose(rig, 2, 0)
    assert titles(rig, 100) == ["Scene 1"]
    assert rig.job(2)["reason"] == "ItemMissing"


def test_later_choice_of_an_item_ends_the_earlier_one(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(101, "/else/x.mkv", 77)], scene(1, "/v/1.mp4"), scene(2, "/v/2.mp4"))
    choose(rig, 1, 101)
    choose(rig, 2, 101)
    assert titles(rig, 101) == ["Scene 2"]
    assert rig.stage.rows("SELECT scene_id FROM choices") == [{"scene_id": 2}]
    assert rig.job(1)["reason"] == "ItemMissing"


def test_item_of_two_scenes_is_the_one_that_a_person_chose(open_rig: OpenRig) -> None:
    files = [{"file": "/v/1.mp4", "size": 5_000}, {"file": "/v/2.mp4", "size": 5_000}]
    shared = {"ratingKey": 101, "title": "shared", "files": files}
    rig = opened(open_rig, [shared], scene(1, "/v/1.mp4"), scene(2, "/v/2.mp4"))
    assert titles(rig, 101) == ["Scene 1"]
    choose(rig, 2, 101)
    assert titles(rig, 101) == ["Scene 2"]
    give(rig, "sync_all")
    assert titles(rig, 101) == ["Scene 2"]
    (letter,) = rig.stage.rows("SELECT scene_id, message FROM dead_letters")
    assert letter["scene_id"] == 1
    assert "A person chose the Plex item 'Scene 2' for scene 2." in letter["message"]


def test_choice_holds_when_plex_gives_the_file_another_rating_key(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    rig.stage.plex.control("remove_item", {"ratingKey": 101})
    rig.stage.plex.control("add_item", {"section": 1, "item": item(201, "/else/cut.mkv", 77)})
    give(rig, "reconcile")
    assert titles(rig, 100, 201) == ["item 100", "Scene 1"]


def test_choice_comes_into_force_again_when_its_file_is_back_in_plex(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    rig.stage.plex.control("remove_item", {"ratingKey": 101})
    give(rig, "reconcile")
    assert titles(rig, 100) == ["Scene 1"]
    rig.stage.plex.control("add_item", {"section": 1, "item": item(201, "/else/cut.mkv", 77)})
    give(rig, "reconcile")
    assert titles(rig, 100, 201) == ["item 100", "Scene 1"]


def files_become(rig: Rig, number: int, *paths: str) -> None:
    files = [{"path": path, "size": 5_000} for path in paths]
    change = {"kind": "scene", "id": number, "fields": {"files": files}, "touch": True}
    rig.stage.stash.control("change", change)


def test_choice_follows_its_file_under_another_name_and_into_another_scene(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    files_become(rig, 1, "/v/renamed.mp4")
    rig.stage.edit(1, title="Renamed")
    rig.settle()
    assert titles(rig, 100, 101) == ["item 100", "Renamed"]
    rig.stage.stash.control("add", {"kind": "scene", "fields": scene(2, "/v/renamed.mp4")})
    rig.stage.gql("mutation($id:ID!){sceneDestroy(input:{id:$id})}", id="1")
    rig.settle()
    assert titles(rig, 100, 101) == ["item 100", "Scene 2"]


def test_choice_ends_with_the_file_in_stash(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    rig.stage.gql("mutation($id:ID!){sceneDestroy(input:{id:$id})}", id="1")
    rig.settle()
    assert rig.stage.rows("SELECT * FROM choices") == []


def test_choice_of_a_file_among_several(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig, [item(100, "/v/a.mp4"), item(101, "/x/b2.mkv", 7)], scene(1, "/v/a.mp4", "/v/b.mp4")
    )
    assert choose(rig, 1, 101)["state"] == "done"  # the only file without an item is meant
    assert titles(rig, 100, 101) == ["Scene 1", "Scene 1"]
    refused = choose(rig, 1, 100)
    assert refused["state"] == "failed"
    assert (
        "Scene 1 has 2 files; name the one that is meant (--file): /v/a.mp4, /v/b.mp4." in refused["message"]
    )
    assert choose(rig, 1, 0, file="/v/b.mp4")["state"] == "done"
    assert titles(rig, 100, 101) == ["Scene 1", "item 101"]
    assert "has no file '/v/none.mp4'" in choose(rig, 1, 100, file="/v/none.mp4")["message"]


@pytest.mark.parametrize(
    ("number", "key", "says"),
    [(9, 100, "Stash has no scene 9."), (1, 999, "Plex has no item 999."), (2, 100, "Scene 2 has no file.")],
)
def test_what_cannot_be_meant_is_refused(open_rig: OpenRig, number: int, key: int, says: str) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4")], scene(1, "/v/1.mp4"), scene(2))
    assert choose(rig, number, key) == {"state": "failed", "message": says}
    assert titles(rig, 100) == ["Scene 1"]


def test_undo_leaves_the_choice_and_an_edit_goes_to_it_again(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    give(rig, "undo")
    assert titles(rig, 100, 101) == ["item 100", "item 101"]
    rig.stage.edit(1, title="Edited")
    rig.settle()
    assert titles(rig, 100, 101) == ["item 100", "Edited"]
    assert "A person chose the Plex item 101 for /v/1.mp4" in explained(rig, 1)


def test_choice_of_another_server_is_not_of_this_one(open_rig: OpenRig) -> None:
    rig = opened(open_rig, [item(100, "/v/1.mp4"), item(101, "/else/cut.mkv", 77)], scene(1, "/v/1.mp4"))
    choose(rig, 1, 101)
    rig.stage.plex.control("server", {"machineIdentifier": "another"})
    rig.start_worker()
    rig.stage.edit(1, title="Elsewhere")
    rig.settle()
    assert titles(rig, 100, 101) == ["Elsewhere", "Scene 1"]
