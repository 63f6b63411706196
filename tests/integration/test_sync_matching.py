"""How a scene finds its Plex item, and what happens when it does not."""

from collections.abc import Callable
from typing import Any

from tests.rig import Rig
from tests.stage import PLEX_LIBRARY, item_key

SECTION: dict[str, Any] = PLEX_LIBRARY["sections"][0]


def library(*items: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{**SECTION, "items": list(items)}]}


def copy(rating_key: int, path: str, size: int = 1_000_001, **more: Any) -> dict[str, Any]:
    return {"ratingKey": rating_key, "title": f"item {rating_key}", "file": path, "size": size, **more}


def test_scene_known_to_the_index_is_found_without_asking_plex(rig: Rig) -> None:
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()
    rig.stage.edit(7, title="Seven")
    rig.settle()
    paths = [request.partition("?")[0] for request in rig.stage.plex_requests()]
    assert paths[2:] == [f"GET /library/metadata/{item_key(7)}", "PUT /library/sections/1/all"]


def test_substring_matches_of_the_file_filter_are_not_mistaken_for_the_file(
    open_rig: Callable[..., Rig],
) -> None:
    others = [copy(300 + n, f"/media/videos/my scene 1.mp4.{n}.mp4") for n in range(150)]
    rig = open_rig(plex=library(*others, copy(700, "/media/videos/scene 1.mp4")))
    rig.stage.edit(1, title="The One")
    rig.settle()
    assert rig.stage.item(700)["title"] == "The One"
    assert len(rig.stage.puts()) == 1


def test_same_name_with_another_size_is_another_file(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library(copy(1, "/a/scene 1.mp4", size=5), copy(2, "/b/scene 1.mp4")))
    rig.stage.edit(1, title="By size")
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (1, 2)] == ["item 1", "By size"]


def test_several_candidates_go_to_a_person_when_matching_is_strict(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library(copy(1, "/a/scene 1.mp4"), copy(2, "/b/scene 1.mp4")))
    rig.stage.edit(1, title="Which?")
    rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "Ambiguous"
    assert "/a/scene 1.mp4" in letter["candidates"]
    assert "/b/scene 1.mp4" in letter["candidates"]
    assert rig.stage.puts() == []
    assert any("scene 1.mp4" in line for line in rig.stage.log_lines())


def test_best_candidate_is_taken_when_matching_is_not_strict(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=library(copy(1, "/a/scene 1.mp4"), copy(2, "/mnt/videos/scene 1.mp4")),
        settings={"strict_matching": False},
    )
    rig.stage.edit(1, title="Longest suffix")  # Stash has /data/videos/scene 1.mp4
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (1, 2)] == ["item 1", "Longest suffix"]


def test_file_that_plex_has_not_scanned_yet_is_looked_for_on_a_schedule(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library())
    rig.stage.edit(1, title="Not there yet")
    rig.settle()
    assert (rig.job(1)["reason"], rig.job(1)["attempts"]) == ("ItemMissing", 0)
    rig.stage.plex.control("add_item", {"section": 1, "item": copy(900, "/media/videos/scene 1.mp4")})
    rig.run_for(290)
    assert rig.stage.puts() == []
    rig.run_for(20)
    assert rig.stage.item(900)["title"] == "Not there yet"


def test_file_that_never_comes_ends_on_the_list_of_failed_scenes(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library())
    rig.stage.edit(1, title="Nowhere")
    rig.settle()
    for pause in (300, 3_600, 21_600, 86_400):
        assert rig.job(1)["state"] == "waiting"
        rig.clock.sleep(pause)
        rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "ItemMissing"
    assert "scene 1.mp4" in letter["message"]
    assert rig.stage.rows("SELECT * FROM outages") == []  # never counted by the breaker


def test_item_added_again_under_another_key_is_found_again(rig: Rig) -> None:
    rig.stage.edit(1, title="First")
    rig.settle()
    fresh = rig.stage.plex.control("rekey_item", {"ratingKey": item_key(1)})["ratingKey"]
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.item(fresh)["title"] == "Second"


def test_item_that_no_longer_holds_the_file_is_not_written(rig: Rig) -> None:
    rig.stage.edit(1, title="First")
    rig.settle()
    rig.stage.plex.control(
        "replace_file", {"ratingKey": item_key(1), "file": "/media/videos/other.mp4", "size": 7}
    )
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.puts() == []
    assert rig.job(1)["reason"] == "ItemMissing"


def test_unknown_library_name_is_one_sentence_that_names_the_setting(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"plex_library": "Films"})
    rig.stage.edit(1, title="Waits")
    rig.run_for(5)
    assert rig.stage.puts() == []
    lines = [line for line in rig.stage.log_lines() if "plex_library" in line]
    assert len(lines) == 1
    assert "Scenes" in lines[0]  # what there is
    rig.stage.configure(rig.stage.settings | {"plex_library": "scenes"})
    rig.run_for(31)
    assert rig.stage.item(item_key(1))["title"] == "Waits"
