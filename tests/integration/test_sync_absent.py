"""Scenes that Plex does not have: recorded, given up, scanned for, and woken when a listing shows their file."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.answers.status import read_status, status_lines
from plexsync_plugin.base.paths import DataFolder
from tests.integration.orders import NO_PICTURES, give, stash_requests
from tests.libraries import plex_library, stash_library
from tests.rig import Rig

DAY = 86_400


def late_item(number: int) -> dict[str, Any]:
    return {
        "ratingKey": 2_000 + number,
        "title": "late",
        "file": f"/videos/{number}.mp4",
        "size": 5_000 + number,
    }


def add(rig: Rig, *numbers: int, **more: Any) -> None:
    for number in numbers:
        rig.stage.plex.control("add_item", {"section": 1, "item": late_item(number), **more})


def index(rig: Rig) -> None:
    """Bring the index up to date; only what the worker asks of Plex afterwards is in the log."""
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()


def test_absent_scene_is_recorded_counted_and_not_looked_for_again(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=plex_library(0), stash=stash_library(3), settings={"skip_unmatched": True, **NO_PICTURES}
    )
    give(rig, "sync_all")
    assert {(row["state"], row["reason"]) for row in rig.stage.rows("SELECT state, reason FROM jobs")} == {
        ("done", "Absent")
    }
    rig.stage.plex.clear_log()
    rig.run_for(900)
    rig.clock.sleep(21_600)
    rig.settle()
    assert rig.stage.plex_requests() == []
    assert rig.stage.rows("SELECT * FROM dead_letters") == []
    lines = status_lines(read_status(DataFolder(rig.folder.root)), rig.clock.now())
    assert "Not in Plex, and not looked for until a listing shows their file: 3 scenes." in lines


def test_absent_scene_is_found_when_the_index_first_shows_it(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=plex_library(0), stash=stash_library(2), settings={"skip_unmatched": True, **NO_PICTURES}
    )
    give(rig, "sync_all")
    add(rig, 2)
    index(rig)
    rig.run_for(6)
    assert rig.stage.item(2_002)["title"] == "Scene 2"
    assert [request.partition("?")[0] for request in rig.stage.plex_requests()] == [
        "GET /library/metadata/2002",
        "PUT /library/sections/1/all",
    ]
    assert rig.job(1)["reason"] == "Absent"


def test_absent_scene_is_looked_for_when_it_is_edited(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings={"skip_unmatched": True})
    give(rig, "sync_all")
    add(rig, 1)
    rig.stage.edit(1, title="Edited")
    rig.settle()
    assert rig.stage.item(2_001)["title"] == "Edited"


def test_absent_scenes_are_looked_for_when_the_setting_is_switched_off(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings={"skip_unmatched": True})
    give(rig, "sync_all")
    rig.stage.configure(rig.stage.settings | {"skip_unmatched": False})
    rig.run_for(31)
    assert (rig.job(1)["state"], rig.job(1)["reason"]) == ("waiting", "ItemMissing")


def test_index_makes_exactly_those_due_whose_files_it_shows(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(3), settings=NO_PICTURES)
    give(rig, "sync_all")
    before = {number: rig.job(number) for number in (1, 3)}
    add(rig, 2)
    index(rig)
    rig.run_for(6)
    assert rig.stage.item(2_002)["title"] == "Scene 2"
    assert {number: rig.job(number) for number in (1, 3)} == before


def test_scene_given_up_as_missing_comes_back_with_the_index(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings=NO_PICTURES)
    give(rig, "sync_all")
    for pause in (300, 3_600, 21_600, 86_400):
        rig.clock.sleep(pause)
        rig.settle()
    assert [row["reason"] for row in rig.stage.rows("SELECT reason FROM dead_letters")] == ["ItemMissing"]
    add(rig, 1)
    index(rig)
    rig.run_for(6)
    assert rig.stage.item(2_001)["title"] == "Scene 1"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_index_made_while_no_worker_ran_is_looked_through_once(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings=NO_PICTURES)
    give(rig, "sync_all")
    add(rig, 1)
    index(rig)
    rig.start_worker()
    rig.run_for(6)
    assert rig.stage.item(2_001)["title"] == "Scene 1"


def test_scenes_are_read_from_stash_a_hundred_a_query_once_per_index(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=plex_library(0), stash=stash_library(150), settings={"skip_unmatched": True, **NO_PICTURES}
    )
    give(rig, "sync_all")
    rig.run_for(700)
    index(rig)
    rig.stage.stash.clear_log()
    rig.run_for(29)
    assert stash_requests(rig, "") - 1 == 2  # one is the look at the settings
    assert rig.stage.plex_requests() == []


def test_index_of_a_library_that_is_not_named_wakes_nothing(open_rig: Callable[..., Rig]) -> None:
    other = {"key": 2, "type": "movie", "title": "Others", "locations": ["/videos"], "items": [late_item(1)]}
    rig = open_rig(
        plex={"sections": [*plex_library(0)["sections"], other]}, stash=stash_library(1), settings=NO_PICTURES
    )
    give(rig, "sync_all")
    before = rig.job(1)
    index(rig)
    rig.run_for(20)
    assert rig.job(1) == before


# --- scan_plex -------------------------------------------------------------------------------------------------------


def scans(rig: Rig) -> list[str]:
    return [request for request in rig.stage.plex_requests() if "/refresh" in request]


def test_folder_of_missing_files_is_scanned_once_and_its_files_are_found(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(3), settings={"scan_plex": True, **NO_PICTURES})
    add(rig, 1, 2, 3, when_scanned=True)
    give(rig, "sync_all")
    assert scans(rig) == ["GET /library/sections/1/refresh?path=%2Fvideos"]
    assert rig.job(1)["reason"] == "ItemMissing"
    rig.run_for(301)
    # The second was looked for after the scan that the first one asked for.
    assert {rig.stage.item(2_000 + n)["title"] for n in (1, 2, 3)} == {"Scene 1", "Scene 2", "Scene 3"}
    assert len(scans(rig)) == 1


def test_folder_is_scanned_again_after_a_day(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings={"scan_plex": True})
    give(rig, "sync_all")
    for pause in (300, 3_600, 21_600):
        rig.clock.sleep(pause)
        rig.settle()
    assert len(scans(rig)) == 1
    rig.clock.sleep(DAY)
    rig.settle()
    assert len(scans(rig)) == 2


@pytest.mark.parametrize(
    ("path_map", "path"),
    [("/videos => /plex/here", "%2Fplex%2Fhere"), ("/videos => Z:\\here", "Z%3A%5Chere")],
)
def test_scan_names_the_folder_as_plex_does(open_rig: Callable[..., Rig], path_map: str, path: str) -> None:
    plex = plex_library(0)
    plex["sections"][0]["locations"] = ["/plex", "Z:\\"]
    rig = open_rig(
        plex=plex, stash=stash_library(1), settings={"scan_plex": True, "path_map": path_map, **NO_PICTURES}
    )
    give(rig, "sync_all")
    assert scans(rig) == [f"GET /library/sections/1/refresh?path={path}"]


def test_folder_outside_plex_s_own_is_not_scanned(open_rig: Callable[..., Rig]) -> None:
    plex = plex_library(0)
    plex["sections"][0]["locations"] = ["/video"]
    rig = open_rig(plex=plex, stash=stash_library(1), settings={"scan_plex": True})
    give(rig, "sync_all")
    assert scans(rig) == []
    assert rig.job(1)["reason"] == "ItemMissing"


def test_scan_that_plex_refuses_costs_the_scene_nothing(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings={"scan_plex": True})
    rig.stage.plex.fault("status", status=400, match="GET /library/sections/1/refresh", times=None)
    give(rig, "sync_all")
    assert (rig.job(1)["state"], rig.job(1)["reason"]) == ("waiting", "ItemMissing")


def test_scene_is_absent_only_after_its_folder_was_scanned(open_rig: Callable[..., Rig]) -> None:
    both = {"scan_plex": True, "skip_unmatched": True, **NO_PICTURES}
    rig = open_rig(plex=plex_library(0), stash=stash_library(1), settings=both)
    give(rig, "sync_all")
    assert rig.job(1)["reason"] == "ItemMissing"
    rig.run_for(301)
    assert rig.job(1)["reason"] == "Absent"
