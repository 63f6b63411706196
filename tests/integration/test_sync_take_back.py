"""take_back: what PlexSync wrote for a scene that is destroyed, or left out from now on, goes from Plex; without it, a sentence tells."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.rig import Rig


@pytest.fixture(params=[True, False], ids=["on", "off"])
def takes_back(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def synced(open_rig: Callable[..., Rig], *, take_back: bool) -> Rig:
    """Three scenes, none of them organized, as they stand in Plex."""
    rig = open_rig(
        plex=plex_library(3),
        stash=stash_library(3, details="Stash's."),
        settings={**NO_PICTURES, "take_back": take_back, "only_organized": False},
    )
    give(rig, "sync_all")
    rig.stage.plex.clear_log()
    return rig


def titles(rig: Rig) -> list[str]:
    return [rig.stage.item(1_000 + scene)["title"] for scene in (1, 2, 3)]


def told(rig: Rig) -> list[str]:
    return [line for line in rig.stage.log_lines() if "take_back" in line]


def test_scene_that_comes_to_be_left_out(open_rig: Callable[..., Rig], takes_back: bool) -> None:
    rig = synced(open_rig, take_back=takes_back)
    rig.stage.configure({**rig.stage.settings, "only_organized": True})
    rig.stage.edit(2, title="Not organized")
    rig.settle()
    assert titles(rig) == ["Scene 1", "item 2" if takes_back else "Scene 2", "Scene 3"]
    (line,) = told(rig)
    assert "scene 2 (it is not organized (setting only_organized))" in line
    if not takes_back:
        assert "summary, title of 'Scene 2'" in line
        assert rig.stage.plex_requests() == ["GET /"]  # the probe for new settings
    rig.stage.edit(2, title="Still not organized")
    rig.settle()
    assert len(told(rig)) == 1
    assert len(rig.stage.puts()) == takes_back


def test_scene_that_comes_back_is_synced_again(open_rig: Callable[..., Rig], takes_back: bool) -> None:
    rig = synced(open_rig, take_back=takes_back)
    rig.stage.configure({**rig.stage.settings, "only_organized": True})
    rig.stage.edit(2, title="Not organized")
    rig.settle()
    rig.stage.configure({**rig.stage.settings, "only_organized": False})
    give(rig, "reconcile")
    assert titles(rig) == ["Scene 1", "Not organized", "Scene 3"]
    assert rig.stage.item(1_002)["summary"] == "Stash's."


def test_destroyed_scene(open_rig: Callable[..., Rig], takes_back: bool) -> None:
    rig = synced(open_rig, take_back=takes_back)
    rig.stage.gql("mutation{sceneDestroy(input:{id:2})}")
    rig.settle()
    assert titles(rig) == ["Scene 1", "item 2" if takes_back else "Scene 2", "Scene 3"]
    (line,) = told(rig)
    assert "scene 2 (Stash has it no more)" in line
    assert len(rig.stage.puts()) == takes_back


@pytest.mark.parametrize("by", ["reconcile", "sync_scenes"])
def test_scene_that_was_destroyed_while_nobody_listened(open_rig: Callable[..., Rig], by: str) -> None:
    rig = synced(open_rig, take_back=True)
    rig.stage.stash.control("remove", {"kind": "scene", "id": 2})
    give(rig, by, *([2] if by == "sync_scenes" else []))
    assert titles(rig) == ["Scene 1", "item 2", "Scene 3"]


def test_item_of_a_merged_scene_stays_with_the_scene_that_has_its_file(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, take_back=True)
    rig.stage.stash.control("remove", {"kind": "scene", "id": 2})
    files = [{"path": f"/videos/{n}.mp4", "size": 5_000 + n} for n in (1, 2)]
    rig.stage.stash.control("change", {"kind": "scene", "id": 1, "fields": {"files": files}, "touch": True})
    give(rig, "sync_scenes", 2)
    assert titles(rig) == ["Scene 1", "Scene 1", "Scene 3"]
    assert told(rig) == []
    assert not [target for target in rig.stage.puts() if "item%202" in target or "item+2" in target]
    owners = rig.stage.rows("SELECT scene_id FROM ledger WHERE rating_key IN (1001, 1002)")
    assert [row["scene_id"] for row in owners] == [1, 1]


@pytest.mark.parametrize("by", ["event", "reconcile"])
def test_merge_in_stash_takes_nothing_back(open_rig: Callable[..., Rig], by: str) -> None:
    rig = synced(open_rig, take_back=True)
    if by == "event":
        files = [{"path": f"/videos/{n}.mp4", "size": 5_000 + n} for n in (1, 2)]
        rig.stage.stash.control("change", {"kind": "scene", "id": 1, "fields": {"files": files}})
        rig.stage.gql("mutation{sceneDestroy(input:{id:2})}")
        rig.settle()
    else:
        rig.stage.gql("mutation{sceneMerge(input:{source:[2],destination:1}){id}}")
        give(rig, "reconcile")
    assert titles(rig) == ["Scene 1", "Scene 1", "Scene 3"]
    assert told(rig) == []
    assert len(rig.stage.puts()) == 1


def test_scene_destroyed_while_plex_is_away(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, take_back=True)
    rig.stage.plex.down()
    rig.stage.gql("mutation{sceneDestroy(input:{id:2})}")
    rig.run_for(60)
    rig.stage.plex.up()
    rig.run_for(120)
    assert titles(rig) == ["Scene 1", "item 2", "Scene 3"]


def test_scene_that_is_synced_again_before_its_turn_is_left_alone(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, take_back=True)
    rig.stage.configure({**rig.stage.settings, "only_organized": True})
    rig.stage.edit(2, title="Not organized")
    rig.stage.plex.down()
    rig.run_for(60)
    rig.stage.configure({**rig.stage.settings, "only_organized": False})
    rig.stage.plex.up()
    rig.run_for(120)
    assert rig.stage.rows("SELECT state FROM orders WHERE name = 'take_back'") == [{"state": "done"}]
    assert titles(rig)[1] != "item 2"
    assert told(rig) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_kill_between_two_steps_or_at_a_write(open_rig: Callable[..., Rig], when: str) -> None:
    rig = synced(open_rig, take_back=True)
    rig.stage.configure({**rig.stage.settings, "only_organized": True})
    rig.stage.plex.fault("reset", match="PUT /", times=1, skip=1, when=when)
    for scene in (1, 2, 3):
        rig.stage.edit(scene, title="Not organized")
    for _ in range(20):
        rig.worker.turn()
        rig.clock.sleep(5)
        rig.start_worker()
    rig.run_for(60)
    assert titles(rig) == ["item 1", "item 2", "item 3"]
    assert {row["fields"] for row in rig.stage.rows("SELECT fields FROM ledger")} == {"{}"}


def test_item_that_plex_always_fails_at_does_not_stop_the_others(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, take_back=True)
    rig.stage.plex.fault("status", status=500, match=r"PUT .*id=1001&", times=None)
    rig.stage.configure({**rig.stage.settings, "only_organized": True})
    for scene in (1, 2, 3):
        rig.stage.edit(scene, title="Not organized")
    rig.run_for(900)
    assert titles(rig) == ["Scene 1", "item 2", "item 3"]


def test_reconcile_alone_takes_back_what_a_setting_leaves_out_now(
    open_rig: Callable[..., Rig], takes_back: bool
) -> None:
    rig = synced(open_rig, take_back=takes_back)
    rig.stage.stash.control("change", {"kind": "scene", "id": 2, "fields": {"organized": True}})
    rig.stage.configure({**rig.stage.settings, "only_organized": True})
    rig.run_for(31)
    for _ in range(2):
        give(rig, "reconcile")
        rig.settle()
    kept = [False, True, False] if takes_back else [True, True, True]
    assert [title.startswith("Scene") for title in titles(rig)] == kept
    (line,) = told(rig)
    assert "scene 1 (it is not organized" in line
    assert "scene 3 (it is not organized" in line


def two_libraries(open_rig: Callable[..., Rig], *, take_back: bool) -> Rig:
    """Scene 1 is in both libraries, scene 2 in the first alone, which was the only one that was named until now."""

    def library(key: int, title: str, *scenes: int) -> dict[str, Any]:
        items = [
            {"ratingKey": 100 * key + n, "title": f"item {n}", "file": f"/videos/{n}.mp4", "size": 5_000 + n}
            for n in scenes
        ]
        return {"key": key, "type": "movie", "title": title, "locations": ["/videos"], "items": items}

    rig = open_rig(
        plex={"sections": [library(1, "Test", 1, 2), library(2, "Real", 1)]},
        stash=stash_library(2),
        settings={**NO_PICTURES, "take_back": take_back, "plex_library": "Test"},
    )
    give(rig, "sync_all")
    rig.stage.configure({**rig.stage.settings, "plex_library": "Real"})
    rig.run_for(31)
    return rig


def in_both(rig: Rig) -> list[str]:
    return [rig.stage.item(key)["title"] for key in (101, 102, 201)]


def test_reconcile_takes_back_what_is_in_a_library_that_is_left_out_now(
    open_rig: Callable[..., Rig], takes_back: bool
) -> None:
    rig = two_libraries(open_rig, take_back=takes_back)
    for _ in range(2):
        give(rig, "reconcile")
        rig.settle()
    shown = ["item 1", "item 2", "Scene 1"] if takes_back else ["Scene 1", "Scene 2", "Scene 1"]
    assert in_both(rig) == shown
    (line,) = told(rig)
    assert "scene 2 (its item is in a library that the setting plex_library does not name)" in line


def test_library_that_is_named_again_before_its_turn_is_left_alone(open_rig: Callable[..., Rig]) -> None:
    rig = two_libraries(open_rig, take_back=True)
    rig.stage.plex.fault("status", status=503, match=r"GET /library/metadata", times=None)
    give(rig, "reconcile")
    assert rig.stage.rows("SELECT state FROM orders WHERE name = 'take_back'") == [{"state": "waiting"}]
    rig.stage.configure({**rig.stage.settings, "plex_library": ""})
    rig.stage.plex.clear_faults()
    rig.run_for(120)
    assert rig.stage.rows("SELECT state FROM orders WHERE name = 'take_back'") == [{"state": "done"}]
    assert in_both(rig) == ["Scene 1", "Scene 2", "Scene 1"]
