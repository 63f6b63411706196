"""Many scenes without a known item: one listing of the libraries instead of a look-up each."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from plexsync_plugin.jobs import inbox
from tests.integration.orders import NO_PICTURES
from tests.libraries import plex_library, stash_library
from tests.rig import Rig


def searches(rig: Rig) -> Counter[str]:
    """Requests that look for items: single look-ups and pages of listings."""
    found: Counter[str] = Counter()
    for request in rig.stage.plex_requests():
        if request.startswith("GET /library/sections/") and "/all?" in request:
            found["single" if "file=" in request else "page"] += 1
    return found


def save(rig: Rig, *scenes: int) -> None:
    """Rows as the hook of a person's save puts them in, without Stash's own time for it."""
    for scene in scenes:
        row = {"v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [scene], "args": {}}
        inbox.put(rig.folder, row, rig.clock)


def save_in_bulk(rig: Rig, count: int) -> None:
    """Scenes 1 to `count`, as the first hook of a bulk edit puts them in; all that can be done at once is done."""
    ids = list(range(1, count + 1))
    row = {
        "v": 1,
        "kind": "scene",
        "name": "Scene.Update.Post",
        "ids": ids,
        "args": {"batch": f"{rig.clock.now()}"},
    }
    inbox.put(rig.folder, row, rig.clock)
    rig.settle()


def states(rig: Rig) -> dict[str, int]:
    rows = rig.stage.rows("SELECT state || ' ' || reason AS what, count(*) AS n FROM jobs GROUP BY what")
    return {row["what"]: row["n"] for row in rows}


def test_two_hundred_unmatched_scenes_cost_one_page_of_a_listing(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(250), stash=stash_library(200), settings=NO_PICTURES)
    save_in_bulk(rig, 200)
    assert states(rig) == {"done ": 200}
    requests = rig.stage.plex_paths()
    assert requests.count("GET /library/sections/1/all") == 1
    assert searches(rig) == {"page": 1}
    assert sum(request.startswith("GET /library/metadata/") for request in requests) == 2
    assert sum(request.startswith("PUT ") for request in requests) == 200
    assert len(rig.stage.plex_requests()) == 205


def test_every_allowed_library_is_listed_to_its_end_and_no_other(open_rig: Callable[..., Rig]) -> None:
    films = plex_library(1_050)["sections"][0]
    episodes = [
        {"ratingKey": 9_000 + n, "title": f"episode {n}", "file": f"/series/{n}.mp4", "size": 5_000 + n}
        for n in range(31, 61)
    ]
    show = {"title": "Show", "children": [{"index": 1, "children": episodes}]}
    series = {"key": 2, "type": "show", "title": "Series", "locations": ["/series"], "items": [show]}
    films["items"] = films["items"][:30] + films["items"][60:]
    rig = open_rig(
        plex={"sections": [films, series, {**films, "key": 3, "title": "Others", "items": []}]},
        stash=stash_library(60),
        settings={"plex_library": "Scenes, Series", **NO_PICTURES},
    )
    save_in_bulk(rig, 60)
    assert states(rig) == {"done ": 60}
    pages = [request for request in rig.stage.plex_requests() if "/all?" in request and request[:3] == "GET"]
    assert [page.partition("&")[0] for page in pages] == [
        "GET /library/sections/1/all?type=1",
        "GET /library/sections/1/all?type=1",
        "GET /library/sections/2/all?type=4",
    ]
    assert len(rig.stage.puts()) == 60


def test_fifty_are_looked_up_singly_and_the_next_by_a_listing(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(60), stash=stash_library(60), settings=NO_PICTURES)
    for scene in range(1, 51):
        save(rig, scene)
        rig.settle()
    assert searches(rig) == {"single": 50}
    for scene in range(51, 61):
        save(rig, scene)
        rig.settle()
    assert searches(rig) == {"single": 50, "page": 1}
    assert states(rig) == {"done ": 60}


def test_fifty_at_once_are_not_yet_many(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(50), stash=stash_library(50), settings=NO_PICTURES)
    save_in_bulk(rig, 50)
    assert searches(rig) == {"single": 50}


def test_index_that_knows_the_files_makes_a_listing_needless(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(120), stash=stash_library(120), settings=NO_PICTURES)
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()
    save_in_bulk(rig, 120)
    assert searches(rig) == {}
    assert states(rig) == {"done ": 120}


def test_many_missing_are_listed_for_again_but_not_within_ten_minutes(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(30), stash=stash_library(150), settings=NO_PICTURES)
    save_in_bulk(rig, 150)
    assert searches(rig) == {"page": 1}
    assert states(rig) == {"done ": 30, "waiting ItemMissing": 120}
    rig.run_for(320)  # they are due again, and Plex was listed five minutes ago
    assert searches(rig)["page"] == 1
    assert searches(rig)["single"] <= 50
    rig.stage.plex.control(
        "add_item",
        {
            "section": 1,
            "item": {"ratingKey": 2_000, "title": "late", "file": "/videos/150.mp4", "size": 5_150},
        },
    )
    rig.run_for(300)
    assert searches(rig)["page"] == 2
    assert rig.stage.item(2_000)["title"] == "Scene 150"
    assert {
        row["looks"] for row in rig.stage.rows("SELECT looks FROM jobs WHERE reason = 'ItemMissing'")
    } == {2}


def test_person_s_edit_is_looked_up_at_once_while_many_wait_for_a_listing(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=plex_library(30), stash=stash_library(150), settings=NO_PICTURES)
    save_in_bulk(rig, 150)
    rig.run_for(320)
    rig.stage.plex.control(
        "add_item",
        {
            "section": 1,
            "item": {"ratingKey": 2_000, "title": "late", "file": "/videos/150.mp4", "size": 5_150},
        },
    )
    save(rig, 150)
    rig.settle()
    assert rig.stage.item(2_000)["title"] == "Scene 150"


def test_listing_that_fails_leaves_everything_waiting_for_plex(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=plex_library(120), stash=stash_library(120), settings={"skip_unmatched": True, **NO_PICTURES}
    )
    rig.stage.plex.fault("status", status=500, match="GET /library/sections/1/all", times=None)
    save_in_bulk(rig, 120)
    rig.run_for(60)
    assert not any("ItemMissing" in state or "Absent" in state or "done" in state for state in states(rig))
    rig.stage.plex.clear_faults()
    rig.run_for(1_300)
    assert states(rig) == {"done ": 120}


def test_rebuilt_library_is_matched_anew_by_one_listing(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(60), stash=stash_library(60), settings=NO_PICTURES)
    save_in_bulk(rig, 60)
    rig.run_for(700)
    fresh = [
        rig.stage.plex.control("rekey_item", {"ratingKey": 1_000 + number})["ratingKey"]
        for number in range(1, 61)
    ]
    rig.stage.configure(rig.stage.settings | {"content_rating": "XXX"})
    rig.run_for(31)
    rig.stage.plex.clear_log()
    save_in_bulk(rig, 60)
    assert {rig.stage.item(key)["title"] for key in fresh} == {f"Scene {n}" for n in range(1, 61)}
    assert searches(rig) == {"page": 1}


def test_listing_wakes_scenes_that_were_given_up(open_rig: Callable[..., Rig]) -> None:
    plex: dict[str, Any] = plex_library(100)
    items = plex["sections"][0]["items"]
    late = items.pop(0)
    rig = open_rig(plex=plex, stash=stash_library(100), settings={"skip_unmatched": True, **NO_PICTURES})
    save(rig, 1)
    rig.settle()
    assert (rig.job(1)["state"], rig.job(1)["reason"]) == ("done", "Absent")
    rig.stage.plex.control("add_item", {"section": 1, "item": late})
    save(rig, *range(2, 101))
    rig.settle()
    assert searches(rig) == {"single": 1, "page": 1}
    assert rig.stage.item(1_001)["title"] == "Scene 1"
