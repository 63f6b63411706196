"""What uses up an attempt of a scene: its own trouble at Plex while others succeed, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES
from tests.libraries import SECTION, library
from tests.rig import Rig
from tests.stage import item_key

PUT_OF_THREE = rf"PUT .*id={item_key(3)}&"
ITEMS: list[dict[str, Any]] = SECTION["items"]
SETTINGS = {"max_retries": 2, "read_timeout": 0.5, **NO_PICTURES}


def let_others_succeed(rig: Rig, times: int) -> None:
    """A write of scene 1 between any two attempts of another scene."""
    for number in range(times):
        rig.stage.edit(1, title=f"Title {number}")
        rig.run_for(3)  # longer than Plex asks to be left alone
        assert rig.stage.item(item_key(1))["title"] == f"Title {number}"
        rig.clock.sleep(700)
        rig.settle()


def pass_hours(rig: Rig, hours: int) -> None:
    for _ in range(hours * 4):
        rig.clock.sleep(900)
        rig.settle()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 503, "headers": {"Retry-After": "2"}},
        {"kind": "reset"},
        {"kind": "status", "status": 302, "headers": {"Location": "/login"}},
        {"kind": "status", "status": 200, "body": "<html>a router"},
    ],
    ids=["too many requests", "busy", "broken off", "redirect", "no Plex"],
)
def test_what_is_no_item_s_fault_waits_although_others_succeed(
    open_rig: Callable[..., Rig], fault: dict[str, Any]
) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.plex.fault(**fault, match=PUT_OF_THREE, times=None)
    rig.stage.edit(3, title="Arrives")
    let_others_succeed(rig, 6)
    job = rig.job(3)
    assert (job["state"], job["attempts"]) == ("waiting", 0)
    assert job["waits"] >= 5
    assert rig.stage.rows("SELECT * FROM dead_letters") == []
    rig.stage.plex.clear_faults()
    rig.clock.sleep(700)
    rig.settle()
    assert rig.stage.item(item_key(3))["title"] == "Arrives"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 504},
        {"kind": "hang", "seconds": 1.0},
    ],
    ids=["500", "504", "no answer"],
)
def test_own_trouble_of_an_item_uses_its_attempts_while_others_succeed(
    open_rig: Callable[..., Rig], fault: dict[str, Any]
) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.plex.fault(**fault, match=PUT_OF_THREE, times=None)
    rig.stage.edit(3, title="Poison")
    let_others_succeed(rig, 3)
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert (letter["scene_id"], letter["reason"], letter["attempts"]) == (3, "PlexTrouble", 2)


def test_earlier_write_of_the_scene_itself_is_no_other_s_success(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.edit(3, title="Arrives")
    rig.settle()
    rig.stage.plex.fault("status", status=500, match=PUT_OF_THREE, times=None)
    rig.stage.edit(3, title="Poison")
    rig.settle()
    assert (rig.job(3)["attempts"], rig.job(3)["waits"]) == (0, 1)


def test_trouble_with_what_all_scenes_need_is_no_scene_s_own(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.edit(1, title="Known")
    rig.settle()
    rig.clock.sleep(601)  # the libraries are asked for anew before a file is looked up
    rig.stage.plex.fault("status", status=500, match=r"GET /library/sections(\?|$)", times=None)
    rig.stage.edit(3, title="Arrives")
    let_others_succeed(rig, 4)
    assert (rig.job(3)["state"], rig.job(3)["attempts"]) == ("waiting", 0)
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_only_job_that_plex_fails_at_is_a_person_s_after_a_day(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.plex.fault("status", status=500, match=PUT_OF_THREE, times=None)
    rig.stage.edit(3, title="Poison")
    pass_hours(rig, 23)
    assert rig.job(3)["state"] == "waiting"
    pass_hours(rig, 2)
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert (letter["scene_id"], letter["reason"], letter["attempts"]) == (3, "PlexTrouble", 1)


def test_jobs_that_plex_fails_at_together_wait_for_days(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.plex.fault("status", status=500, match="PUT /library/", times=None)
    rig.stage.edit(1, title="One")
    rig.stage.edit(3, title="Three")
    pass_hours(rig, 50)
    assert [rig.job(scene)["state"] for scene in (1, 3)] == ["waiting", "waiting"]
    assert rig.stage.rows("SELECT * FROM dead_letters") == []
    rig.stage.plex.clear_faults()
    rig.clock.sleep(700)
    rig.settle()
    assert [rig.stage.item(item_key(scene))["title"] for scene in (1, 3)] == ["One", "Three"]


def test_only_job_of_a_plex_that_is_busy_for_days_waits(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=SETTINGS)
    rig.stage.plex.fault("status", status=429, match="PUT /library/", times=None)
    rig.stage.edit(3, title="Arrives")
    pass_hours(rig, 30)
    assert (rig.job(3)["state"], rig.job(3)["attempts"]) == ("waiting", 0)


def test_ambiguous_scenes_do_not_stop_the_others_when_there_are_many(open_rig: Callable[..., Rig]) -> None:
    doubles = [
        {**item, "ratingKey": item["ratingKey"] + 500, "file": item["file"].replace("videos", "other/videos")}
        for item in ITEMS[:8]
    ]
    rig = open_rig(plex=library(*ITEMS, *doubles, locations=["/media"]))
    for scene in range(1, 10):
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.settle()
    assert rig.stage.item(item_key(9))["title"] == "Title 9"
    letters = rig.stage.rows("SELECT reason, attempts FROM dead_letters")
    assert letters == [{"reason": "Ambiguous", "attempts": 1}] * 8
    assert rig.stage.rows("SELECT * FROM outages") == []
    rig.stage.plex.clear_log()
    rig.run_for(3_600)
    assert rig.stage.plex_requests() == []
