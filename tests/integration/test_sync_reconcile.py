"""What fires no event is found by reconciling; what is in order costs pages and nothing else."""

import contextlib
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.jobs import inbox
from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.rig import Rig

HOUR = 3_600.0


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    """Ten scenes in sync."""
    return synced(open_rig, 10)


def synced(open_rig: Callable[..., Rig], count: int, **settings: Any) -> Rig:
    stash = stash_library(count, tag_ids=[1, 2, 3], performer_ids=[1])
    rig = open_rig(plex=plex_library(count), stash=stash, settings={**NO_PICTURES, **settings})
    give(rig, "sync_all")
    assert rig.stage.rows("SELECT count(*) AS n FROM jobs WHERE state = 'done'") == [{"n": count}]
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()
    return rig


def silently(rig: Rig, scene: int, **fields: Any) -> None:
    rig.stage.stash.control("change", {"kind": "scene", "id": scene, "fields": fields})


def in_plex(rig: Rig, scene: int, **fields: Any) -> None:
    """A person's edit there."""
    edit = {"ratingKey": 1_000 + scene, "fields": fields, "lock": True}
    rig.stage.plex.control("edit_item", edit)


def genres(rig: Rig, scene: int) -> list[str]:
    return sorted(tag["tag"] for tag in rig.stage.item(1_000 + scene).get("Genre", []))


def due_again(rig: Rig) -> list[int]:
    """Scenes that were put in line since the log was cleared."""
    return [row["scene_id"] for row in rig.stage.rows("SELECT scene_id FROM jobs WHERE priority = 2")]


def test_unchanged_scenes_cost_the_pages_of_both_sides_and_nothing_else(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, 600)
    rig.run_until(lambda: bool(rig.stage.stash.log("POST /graphql")), "a look at the settings")
    rig.stage.stash.clear_log()  # the next look is half a minute away
    order = give(rig, "reconcile")
    assert order["message"] == (
        "600 scenes compared: nothing differs. 600 Plex items compared: nothing differs."
    )
    assert [request.partition("&X-Plex")[0] for request in rig.stage.plex_requests()] == [
        "GET /library/sections",
        "GET /library/sections/1/all?type=1&sort=id",
        "GET /library/sections/1/all?type=1&sort=id",
    ]
    assert len(rig.stage.stash.log("POST /graphql")) == 2
    assert order["total"] == 0
    assert due_again(rig) == []


def test_edit_that_fired_no_event_is_carried_over(rig: Rig) -> None:
    silently(rig, 3, title="Renamed in silence")
    rig.stage.stash.control("change", {"kind": "tag", "id": 1, "fields": {"name": "Outside"}})
    order = give(rig, "reconcile")
    assert rig.stage.item(1_003)["title"] == "Renamed in silence"
    assert genres(rig, 7) == ["Indoor", "Night", "Outside"]
    assert "10 scenes compared: 10 to look at (10 changed in Stash)." in order["message"]
    assert order["message"].endswith("Synced again: 10 scenes.")


def test_renamed_file_is_found_by_its_path_although_no_time_tells(rig: Rig) -> None:
    rig.stage.plex.control("replace_file", {"ratingKey": 1_004, "file": "/videos/new/4.mp4", "size": 5_004})
    silently(rig, 4, files=[{"path": "/videos/new/4.mp4", "size": 5_004}], title="Moved")
    give(rig, "reconcile")
    assert rig.stage.item(1_004)["title"] == "Moved"


def test_scene_merged_away_is_forgotten_and_its_file_goes_with_the_other(rig: Rig) -> None:
    rig.stage.gql("mutation{sceneMerge(input:{source:[1],destination:2}){id}}")
    order = give(rig, "reconcile")
    assert "1 no longer in Stash" in order["message"]
    assert rig.stage.rows("SELECT * FROM jobs WHERE scene_id = 1") == []
    assert rig.stage.rows("SELECT rating_key FROM matches WHERE scene_id = 2 ORDER BY 1") == [
        {"rating_key": 1_001},
        {"rating_key": 1_002},
    ]
    assert [rig.stage.item(key)["title"] for key in (1_001, 1_002)] == ["Scene 2", "Scene 2"]


def test_scene_that_nobody_told_of_is_synced(rig: Rig) -> None:
    rig.stage.plex.control("add_item", {"section": 1, "item": {"ratingKey": 1_099, "title": "new", "file": "/videos/99.mp4", "size": 9}})  # fmt: skip
    scene = {"title": "Imported", "files": [{"path": "/videos/99.mp4", "size": 9}]}
    rig.stage.stash.control("add", {"kind": "scene", "fields": scene})
    order = give(rig, "reconcile")
    assert "1 to look at (1 new)" in order["message"]
    assert rig.stage.item(1_099)["title"] == "Imported"


def test_value_edited_in_plex_is_put_right_once(rig: Rig) -> None:
    in_plex(rig, 5, title="Somebody's")
    in_plex(rig, 6, Genre=["Somebody's"])
    order = give(rig, "reconcile")
    assert "2 to look at (2 changed in Plex)" in order["message"]
    assert rig.stage.item(1_005)["title"] == "Scene 5"
    assert genres(rig, 6) == ["Indoor", "Night", "Outdoor"]
    assert len(rig.stage.puts()) == 2
    assert "nothing differs. 10 Plex items compared: nothing differs" in give(rig, "reconcile")["message"]
    in_plex(rig, 5, title="Somebody's")  # the same edit once more is another edit
    give(rig, "reconcile")
    assert rig.stage.item(1_005)["title"] == "Scene 5"


def test_item_added_again_under_another_key_is_written_anew(rig: Rig) -> None:
    new = rig.stage.plex.control("rekey_item", {"ratingKey": 1_008})["ratingKey"]
    order = give(rig, "reconcile")
    assert "1 gone from Plex" in order["message"]
    assert rig.stage.item(new)["title"] == "Scene 8"
    assert rig.stage.rows("SELECT rating_key FROM matches WHERE scene_id = 8") == [{"rating_key": new}]


def test_item_that_left_plex_waits_for_its_file(rig: Rig) -> None:
    rig.stage.plex.control("remove_item", {"ratingKey": 1_008})
    give(rig, "reconcile")
    assert (rig.job(8)["state"], rig.job(8)["reason"]) == ("waiting", "ItemMissing")
    looks = rig.job(8)["looks"]
    order = give(rig, "reconcile")  # its schedule goes on; it is not started again
    assert "1 waiting already" in order["message"]
    assert rig.job(8)["looks"] == looks


def test_item_that_holds_another_file_than_before_is_matched_again(rig: Rig) -> None:
    rig.stage.plex.control("replace_file", {"ratingKey": 1_002, "file": "/videos/else.mp4", "size": 1})
    rig.stage.plex.control("add_item", {"section": 1, "item": {"ratingKey": 1_500, "title": "split", "file": "/videos/2.mp4", "size": 5_002}})  # fmt: skip
    order = give(rig, "reconcile")
    assert "1 with other files in Plex" in order["message"]
    assert rig.stage.item(1_500)["title"] == "Scene 2"


def test_library_that_lists_nothing_proves_nothing(rig: Rig) -> None:
    for scene in range(1, 11):
        rig.stage.plex.control("remove_item", {"ratingKey": 1_000 + scene})
    order = give(rig, "reconcile")
    assert "Plex lists nothing in the library 'Scenes', so it was not compared." in order["message"]
    assert due_again(rig) == []


def test_stash_that_lists_nothing_makes_nothing_forgotten(rig: Rig) -> None:
    rig.stage.stash.control("load", {"scenes": []})
    order = give(rig, "reconcile")
    assert "Stash lists no scene at all, so nothing was forgotten." in order["message"]
    assert rig.stage.rows("SELECT count(*) AS n FROM synced") == [{"n": 10}]


def test_persons_edit_that_is_preserved_is_not_found_again_for_ever(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, 4, preserve_plex_edits=True)
    in_plex(rig, 1, title="A person's", Genre=["Outdoor", "Indoor", "Night", "A person's"])
    assert "1 changed in Plex" in give(rig, "reconcile")["message"]
    assert rig.stage.item(1_001)["title"] == "A person's"
    assert rig.stage.puts() == []
    assert "4 Plex items compared: nothing differs" in give(rig, "reconcile")["message"]


def test_dry_run_changes_nothing_and_says_what_it_found(rig: Rig) -> None:
    silently(rig, 3, title="Renamed in silence")
    in_plex(rig, 5, title="Somebody's")
    rig.stage.plex.control("remove_item", {"ratingKey": 1_008})
    rig.stage.stash.control("remove", {"kind": "scene", "id": 9})
    order = give(rig, "reconcile", dry_run="true")
    report = rig.stage.data / "reconcile.txt"
    assert order["message"].endswith(f"3 scenes would be synced again. The list is in {report}.")
    assert report.read_text(encoding="utf-8").splitlines() == [
        "scene 3: 'Renamed in silence' differs from what was last synced",
        "scene 9: no longer in Stash; what is remembered of it would be forgotten",
        'scene 5: its Plex item "Somebody\'s" (1005) shows another title than was written',
        "scene 8: its Plex item 1008 is gone; its file is to be looked for again",
    ]
    assert rig.stage.puts() == []
    assert due_again(rig) == []
    assert rig.stage.rows("SELECT count(*) AS n FROM synced") == [{"n": 10}]


def test_only_the_last_days_are_compared_where_that_is_asked_for(rig: Rig) -> None:
    for scene in (1, 2):
        silently(rig, scene, title=f"New {scene}")
    silently(rig, 1, updated_at="2020-01-01T00:00:00Z")
    rig.stage.stash.control("remove", {"kind": "scene", "id": 9})
    for scene in range(3, 11):
        if scene != 9:
            silently(rig, scene, updated_at="2020-01-01T00:00:00Z")
    order = give(rig, "reconcile", days="7")
    assert order["message"].startswith("1 scene compared: 1 to look at (1 changed in Stash).")
    assert [rig.stage.item(1_000 + scene)["title"] for scene in (1, 2)] == ["Scene 1", "New 2"]
    assert rig.stage.rows("SELECT scene_id FROM jobs WHERE scene_id = 9") != []  # not seen is not gone


def test_scene_left_out_by_the_settings_is_left_alone_and_a_failed_one_is_tried_again(
    open_rig: Callable[..., Rig],
) -> None:
    rig = synced(open_rig, 3, exclude_tags="Secret")
    rig.stage.stash.control("add", {"kind": "tag", "fields": {"name": "Secret"}})
    silently(rig, 1, tag_ids=[4], title="Left out")
    rig.stage.plex.fault("status", status=400, match="PUT /", times=1)
    rig.stage.edit(2, title="Refused")
    rig.settle()
    order = give(rig, "reconcile")
    assert "1 to look at (1 that had failed)" in order["message"]
    assert "Left alone: 1 left out by the settings." in order["message"]
    assert [rig.stage.item(key)["title"] for key in (1_001, 1_002)] == ["Scene 1", "Refused"]
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_killed_reconcile_goes_on_where_it_was(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, 600)
    silently(rig, 3, title="On the first page")
    silently(rig, 599, title="On the second page")
    row = {"v": 1, "kind": "command", "name": "reconcile", "ids": [], "args": {"ticket": "t"}}
    inbox.put(rig.folder, row, rig.clock)
    rig.worker.drain.run()
    for _ in range(20):  # a new worker for every step
        rig.worker.turn()
        rig.start_worker()
    rig.settle()
    (order,) = rig.stage.rows("SELECT * FROM orders WHERE ticket = 't'")
    assert order["message"].startswith("600 scenes compared: 2 to look at (2 changed in Stash).")
    # 20 of them are what each new worker asks first: who is there.
    assert len(rig.stage.stash.log("POST /graphql")) < 90
    assert [rig.stage.item(1_000 + scene)["title"] for scene in (3, 599)] == [
        "On the first page",
        "On the second page",
    ]


def test_page_that_plex_cannot_list_is_asked_for_in_smaller_ones(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, 300)
    in_plex(rig, 250, title="Somebody's")
    rig.stage.plex.fault("status", status=500, match="GET /library/sections/1/all", times=4)
    give(rig, "reconcile")
    rig.run_for(120)
    assert rig.stage.item(1_250)["title"] == "Scene 250"


def test_library_that_cannot_be_listed_does_not_hold_up_the_rest(rig: Rig) -> None:
    rig.stage.plex.fault("status", status=500, match="GET /library/sections/1/all", times=None)
    give(rig, "reconcile")
    rig.stage.edit(1, title="Edited meanwhile")
    rig.run_for(600)
    (order,) = rig.stage.rows("SELECT * FROM orders WHERE name = 'reconcile'")
    assert "The library 'Scenes' was not compared to its end" in order["message"]
    assert rig.stage.item(1_001)["title"] == "Edited meanwhile"


def test_first_sync_of_all_lists_nothing_for_the_comparison(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(2), stash=stash_library(2), settings=NO_PICTURES)
    give(rig, "sync_all")
    assert [request for request in rig.stage.plex_requests() if "sort=id" in request] == []
    give(rig, "sync_all")
    assert len([request for request in rig.stage.plex_requests() if "sort=id" in request]) == 1


def test_sync_all_puts_right_what_was_edited_in_plex(rig: Rig) -> None:
    in_plex(rig, 5, title="Somebody's")
    order = give(rig, "sync_all")
    assert rig.stage.item(1_005)["title"] == "Scene 5"
    assert len(rig.stage.puts()) == 1
    assert rig.job(5)["order_id"] == order["id"]  # the task that follows it counts the scene


def test_persons_edit_goes_before_the_next_page_of_a_reconcile(rig: Rig) -> None:
    row = {"v": 1, "kind": "command", "name": "reconcile", "ids": [], "args": {"ticket": "t"}}
    inbox.put(rig.folder, row, rig.clock)
    rig.worker.drain.run()
    rig.stage.edit(1, title="At once")
    rig.worker.turn()
    assert rig.stage.item(1_001)["title"] == "At once"
    assert rig.stage.rows("SELECT state FROM orders WHERE ticket = 't'") == [{"state": "waiting"}]


def test_library_that_was_made_anew_under_another_number_is_looked_through_again(rig: Rig) -> None:
    with contextlib.closing(sqlite3.connect(rig.stage.data / "plexsync.db", isolation_level=None)) as state:
        state.execute("UPDATE matches SET section = 9")  # as it was before somebody made the library again
    order = give(rig, "reconcile")
    assert "10 to look at" in order["message"]
    assert {row["section"] for row in rig.stage.rows("SELECT section FROM matches")} == {1}
    assert "nothing differs. 10 Plex items compared: nothing differs" in give(rig, "reconcile")["message"]


def test_every_video_library_is_compared_where_none_is_named(open_rig: Callable[..., Rig]) -> None:
    plex = plex_library(2)
    episode = {"ratingKey": 3_001, "title": "Pilot", "file": "/series/3.mp4", "size": 5_003, "index": 1}
    season = {"ratingKey": 2_002, "index": 1, "children": [episode]}
    show = {"ratingKey": 2_001, "title": "A Show", "children": [season]}
    plex["sections"].append(
        {"key": 2, "type": "show", "title": "Series", "locations": ["/series"], "items": [show]}
    )
    stash = stash_library(3)
    stash["scenes"][2]["files"] = [{"path": "/series/3.mp4", "size": 5_003}]
    rig = open_rig(plex=plex, stash=stash, settings={**NO_PICTURES, "plex_library": ""})
    give(rig, "sync_all")
    assert rig.stage.item(3_001)["title"] == "Scene 3"
    rig.stage.plex.control("edit_item", {"ratingKey": 3_001, "fields": {"title": "Somebody's"}, "lock": True})
    order = give(rig, "reconcile")
    assert "3 Plex items compared: 1 to look at (1 changed in Plex)." in order["message"]
    assert rig.stage.item(3_001)["title"] == "Scene 3"


def test_cover_is_asked_for_only_where_the_scene_was_updated_since(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, 4, skip_poster=False)
    silently(rig, 2, updated_at="2020-01-01T00:00:00Z")
    order = give(rig, "reconcile")
    assert "4 scenes compared: 1 to look at (1 whose cover may be new)." in order["message"]
    assert [entry["path"] for entry in rig.stage.stash.log("GET /scene")] == ["/scene/2/screenshot"]
    assert rig.stage.puts() == []
    assert "4 scenes compared: nothing differs." in give(rig, "reconcile")["message"]


def test_query_that_stash_refuses_is_asked_again_later(rig: Rig) -> None:
    silently(rig, 3, title="Renamed in silence")
    locked = {"errors": [{"message": "database is locked"}], "data": None}
    rig.stage.stash.fault("status", status=200, body=json.dumps(locked), match="POST /graphql", times=2)
    give(rig, "reconcile")
    rig.run_for(60)
    assert rig.stage.item(1_003)["title"] == "Renamed in silence"


# --- by itself ---------------------------------------------------------------------------------------------------


def pass_hours(rig: Rig, hours: float) -> None:
    """The worker works at the end of that time; turn by turn it would take too long."""
    rig.clock.sleep(hours * HOUR - 120.0)
    rig.run_for(120)


def reconciles(rig: Rig) -> list[dict[str, Any]]:
    return rig.stage.rows("SELECT * FROM orders WHERE name = 'reconcile'")


def test_reconcile_runs_by_itself_once_a_day(rig: Rig) -> None:
    pass_hours(rig, 23)
    assert reconciles(rig) == []
    silently(rig, 3, title="Renamed in silence")
    pass_hours(rig, 1.5)
    assert len(reconciles(rig)) == 1
    assert rig.stage.item(1_003)["title"] == "Renamed in silence"
    pass_hours(rig, 24)
    assert len(reconciles(rig)) == 2


def test_interval_of_minus_one_is_never(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig, 1, reconcile_interval=-1)
    pass_hours(rig, 72)
    assert reconciles(rig) == []


def test_worker_that_starts_late_does_not_reconcile_at_once(rig: Rig) -> None:
    rig.run_for(400)
    rig.clock.set_back(-48 * HOUR)
    rig.start_worker()
    rig.run_for(240)
    assert reconciles(rig) == []
    rig.run_for(120)
    assert len(reconciles(rig)) == 1


def test_no_second_reconcile_is_given_while_one_waits(rig: Rig) -> None:
    rig.stage.plex.down()
    pass_hours(rig, 72)
    assert [order["state"] for order in reconciles(rig)] == ["waiting"]


def test_clock_set_back_starts_the_interval_anew(rig: Rig) -> None:
    rig.run_for(400)
    rig.clock.set_back(10 * HOUR)
    rig.start_worker()
    rig.run_for(400)
    pass_hours(rig, 23)
    assert reconciles(rig) == []
    pass_hours(rig, 2)
    assert len(reconciles(rig)) == 1


def test_reconcile_by_hand_counts_as_the_last_one(rig: Rig) -> None:
    pass_hours(rig, 20)
    give(rig, "reconcile")
    pass_hours(rig, 23)
    assert len(reconciles(rig)) == 1
    (fact,) = rig.stage.rows("SELECT value FROM facts WHERE name = 'reconcile_result'")
    assert fact["value"].startswith("10 scenes compared")
