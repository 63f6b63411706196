"""What an edited performer, studio, tag or group does to the scenes that show it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from plexsync_plugin.hook import row_of
from plexsync_plugin.jobs import inbox
from tests.integration.orders import NO_PICTURES, give, stash_requests
from tests.libraries import plex_library, stash_library
from tests.rig import Rig

SETTINGS = {**NO_PICTURES, "collections": "studio,parent,groups"}


@pytest.fixture
def rig(open_rig: Callable[..., Rig]) -> Rig:
    """Six scenes in sync: 1 and 2 with performer 1, 3 with studio 2 (of parent 1), 4 with tag 1, 5 in group 1."""
    stash = stash_library(6)
    for number, fields in {
        1: {"performer_ids": [1]},
        2: {"performer_ids": [1, 2]},
        3: {"studio_id": 2},
        4: {"tag_ids": [1]},
        5: {"groups": [{"group_id": 1, "scene_index": 1}]},
    }.items():
        stash["scenes"][number - 1] |= fields
    rig = open_rig(plex=plex_library(6), stash=stash, settings=SETTINGS)
    give(rig, "sync_all")
    rig.stage.plex.clear_log()
    return rig


def names(rig: Rig, scene: int, element: str) -> list[str]:
    return sorted(tag["tag"] for tag in rig.stage.item(1_000 + scene).get(element, []))


def written(rig: Rig) -> list[int]:
    """Scenes whose items were written to since the log was cleared."""
    return sorted(int(put.partition("id=")[2].partition("&")[0]) - 1_000 for put in rig.stage.puts())


def fire(rig: Rig, name: str, number: int, given: Any) -> None:
    """As Stash's hook would; used where the rows themselves are what is tested."""
    row = row_of({"id": number, "type": name, "input": given})
    assert row is not None
    inbox.put(rig.folder, row, rig.clock)


def orders(rig: Rig) -> list[dict[str, Any]]:
    return rig.stage.rows("SELECT * FROM orders WHERE kind = 'entity'")


def test_renamed_performer_reaches_all_scenes_and_no_other(rig: Rig) -> None:
    rig.stage.gql('mutation{performerUpdate(input:{id:1,name:"Ann Renamed"}){id}}')
    rig.settle()
    assert [names(rig, scene, "Role") for scene in (1, 2)] == [["Ann Renamed"], ["Ann Renamed", "Bea Beta"]]
    assert written(rig) == [1, 2]
    assert {job["priority"] for job in rig.stage.rows("SELECT priority FROM jobs WHERE scene_id < 3")} == {1}


def test_renamed_parent_studio_reaches_the_scenes_of_its_children(rig: Rig) -> None:
    rig.stage.gql('mutation{studioUpdate(input:{id:1,name:"New Parent"}){id}}')
    rig.settle()
    assert names(rig, 3, "Collection") == ["Child", "New Parent"]
    assert written(rig) == [3]


def test_renamed_tag_and_group_reach_their_scenes(rig: Rig) -> None:
    rig.stage.gql('mutation{tagUpdate(input:{id:1,name:"Outside"}){id}}')
    rig.stage.gql('mutation{groupUpdate(input:{id:1,name:"Another Series"}){id}}')
    rig.settle()
    assert names(rig, 4, "Genre") == ["Outside"]
    assert names(rig, 5, "Collection") == ["Another Series"]
    assert written(rig) == [4, 5]


def test_one_group_event_is_carried_out_once(rig: Rig) -> None:
    rig.stage.gql('mutation{groupUpdate(input:{id:1,name:"Another Series"}){id}}')
    rig.settle()
    assert [order["name"] for order in orders(rig)] == ["Group.Update.Post"]


@pytest.mark.parametrize(
    ("mutation", "scene", "element", "left"),
    [
        ("performerDestroy(input:{id:1})", 1, "Role", []),
        ("tagDestroy(input:{id:1})", 4, "Genre", ["Comedy", "Crime", "Drama"]),
        ("studioDestroy(input:{id:1})", 3, "Collection", ["Child"]),
        ("groupDestroy(input:{id:1})", 5, "Collection", []),
    ],
)
def test_destroyed_entity_leaves_the_scenes_that_showed_it(
    rig: Rig, mutation: str, scene: int, element: str, left: list[str]
) -> None:
    rig.stage.gql(f"mutation{{{mutation}}}")
    rig.settle()
    assert names(rig, scene, element) == left


def test_merged_tags_show_as_the_one_that_is_left(rig: Rig) -> None:
    rig.stage.gql("mutation{tagsMerge(input:{source:[1],destination:3}){id}}")
    rig.settle()
    assert names(rig, 4, "Genre") == ["Night"]


def test_bulk_edit_of_performers_is_done_once(rig: Rig) -> None:
    rig.stage.gql("mutation{bulkPerformerUpdate(input:{ids:[1,2],favorite:true}){id}}")
    rig.settle()
    assert len(orders(rig)) == 1
    assert {
        row["generation"] for row in rig.stage.rows("SELECT generation FROM jobs WHERE scene_id < 3")
    } == {2}


def test_same_bulk_edit_a_second_time_is_done_a_second_time(rig: Rig) -> None:
    for _ in range(2):
        rig.stage.gql("mutation{bulkPerformerUpdate(input:{ids:[1,2],favorite:true}){id}}")
        rig.settle()
    assert len(orders(rig)) == 2


def test_later_hook_of_a_bulk_edit_whose_first_was_lost_is_not_dropped(rig: Rig) -> None:
    fire(rig, "Performer.Update.Post", 2, {"ids": ["1", "2"], "favorite": True})
    rig.settle()
    assert [order["ids"] for order in orders(rig)] == ["[2]"]


def test_entity_edit_costs_one_query_and_plex_nothing_where_nothing_shows(rig: Rig) -> None:
    rig.stage.stash.clear_log()
    fire(rig, "Performer.Update.Post", 1, {"id": "1", "details": "Text that no item shows."})
    rig.settle()
    # One for the ids of the scenes, one for the scenes themselves.
    assert len(rig.stage.stash.log("POST /graphql")) <= 3  # and perhaps the look at the settings
    assert rig.stage.plex_requests() == []


def test_entity_events_are_followed_while_plex_is_away(rig: Rig) -> None:
    rig.stage.plex.down()
    rig.stage.gql('mutation{tagUpdate(input:{id:1,name:"Outside"}){id}}')
    rig.run_for(30)
    assert [order["state"] for order in orders(rig)] == ["done"]
    rig.stage.plex.up()
    rig.run_for(90)
    assert names(rig, 4, "Genre") == ["Outside"]


@pytest.mark.parametrize(
    "name",
    ["Movie.Update.Post", "Gallery.Update.Post", "Image.Create.Post", "SceneMarker.Destroy.Post", "Nonsense"],
)
def test_events_of_what_no_item_shows_do_nothing_and_ask_nobody(rig: Rig, name: str) -> None:
    """Movie.* comes beside each Group.*; the others where somebody has added to the plugin's hooks."""
    rig.stage.stash.clear_log()
    fire(rig, name, 1, {"id": "1", "name": "x"})
    rig.settle()
    (order,) = orders(rig)
    assert (order["state"], order["total"]) == ("done", 0)
    assert stash_requests(rig, "POST") == 0
    assert rig.stage.plex.log() == []


def test_dead_letter_is_not_touched_by_an_entity_event(rig: Rig) -> None:
    rig.stage.plex.fault("status", status=400, match="PUT /", times=1)
    rig.stage.edit(1, title="Refused")
    rig.settle()
    before = rig.stage.rows("SELECT * FROM dead_letters")
    assert len(before) == 1
    fire(rig, "Performer.Update.Post", 1, {"id": "1"})
    rig.settle()
    assert rig.stage.rows("SELECT * FROM dead_letters") == before
    assert rig.job(1)["state"] == "dead"


def test_many_scenes_are_taken_page_by_page(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=plex_library(1), stash=stash_library(1_050, tag_ids=[1]), settings=NO_PICTURES)
    rig.stage.plex.down()
    rig.settle()
    fire(rig, "Tag.Update.Post", 1, {"id": "1", "name": "Outside"})
    rig.stage.stash.clear_log()
    rig.worker.drain.run()
    steps = 0
    while rig.stage.rows("SELECT 1 FROM orders WHERE state = 'waiting'"):
        rig.worker.turn()
        steps += 1
    assert steps == 2
    (order,) = orders(rig)
    assert order["total"] == 1_050
    assert rig.stage.rows("SELECT count(*) AS n FROM jobs") == [{"n": 1_050}]


def test_sync_recent_takes_the_scenes_of_the_last_day_whatever_stashs_time_zone(
    open_rig: Callable[..., Rig],
) -> None:
    stash = stash_library(4, updated_at="2020-01-01T00:00:00Z")
    rig = open_rig(plex=plex_library(4), stash=stash, settings=NO_PICTURES)
    give(rig, "sync_all")
    rig.stage.plex.clear_log()
    for scene in (1, 2, 3):
        rig.stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"title": f"New {scene}"}})
    now = rig.clock.now()
    hours = 3_600.0
    for scene, moment in {1: now - 23 * hours, 2: now - 25 * hours, 3: now - 1 * hours}.items():
        text = _local(moment, zone=-9)  # a text that compares as if it were nine hours earlier
        rig.stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"updated_at": text}})
    order = give(rig, "sync_recent")
    assert order["total"] == 2
    assert written(rig) == [1, 3]


def _local(moment: float, *, zone: int) -> str:
    local = datetime.fromtimestamp(moment, UTC).astimezone(timezone(timedelta(hours=zone)))
    return local.isoformat(timespec="seconds")
