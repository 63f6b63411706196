"""take_back: what PlexSync wrote for a scene that is destroyed, or left out from now on, goes from Plex; without it, a sentence tells."""

from collections.abc import Callable

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
