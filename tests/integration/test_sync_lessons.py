"""What goes wrong in other programs that carry Stash's metadata to Plex, and must not go wrong here.

Only what the other test modules do not hold already.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.pictures import drawn, encoded
from tests.rig import Rig
from tests.stage import PLEX_LIBRARY, STASH_LIBRARY, Stage, item_key

SECTION: dict[str, Any] = PLEX_LIBRARY["sections"][0]
ITEMS: list[dict[str, Any]] = SECTION["items"]
FULL = {
    "title": "A Title",
    "details": "Said.",
    "date": "2021-05-14",
    "studio_id": "1",
    "performer_ids": ["1"],
    "tag_ids": ["1", "2"],
}
EMPTY: dict[str, Any] = {"details": "", "date": "", "studio_id": None, "performer_ids": [], "tag_ids": []}


def library(*items: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{**SECTION, "locations": ["/media"], "items": list(items)}]}


def names(item: dict[str, Any], field: str) -> list[str]:
    return sorted(tag["tag"] for tag in item.get(field, []))


def shown(rig: Rig, scene: int) -> dict[str, Any]:
    item = rig.stage.item(item_key(scene))
    lists = {field: names(item, field) for field in ("Genre", "Role", "Director")}
    return {
        name: item.get(name, "") for name in ("title", "summary", "studio", "originallyAvailableAt")
    } | lists


def test_newest_of_several_edits_arrives_in_one_put_when_plex_was_away(rig: Rig) -> None:
    rig.stage.edit(1, title="Before")
    rig.settle()
    rig.stage.plex.down()
    for title in ("First", "Second", "Third"):
        rig.stage.edit(1, title=title)
        rig.run_for(30)
    rig.stage.plex.up()
    rig.stage.plex.clear_log()
    rig.run_for(700)
    assert rig.stage.item(item_key(1))["title"] == "Third"
    assert len(rig.stage.puts()) == 1


def test_scene_is_written_again_when_it_goes_back_to_an_earlier_value(rig: Rig) -> None:
    for title in ("One", "Other", "One"):
        rig.stage.edit(1, title=title)
        rig.settle()
        assert rig.stage.item(item_key(1))["title"] == title


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_write_arrives_when_plex_could_not_take_it_at_first(rig: Rig, status: int) -> None:
    rig.stage.plex.fault("status", status=status, match="PUT /", times=3)
    rig.stage.edit(1, title="Arrives")
    rig.run_for(3_600)
    assert rig.stage.item(item_key(1))["title"] == "Arrives"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_ambiguous_scenes_do_not_stop_the_others_when_there_are_many(open_rig: Callable[..., Rig]) -> None:
    doubles = [
        {**item, "ratingKey": item["ratingKey"] + 500, "file": item["file"].replace("videos", "other")}
        for item in ITEMS[:8]
    ]
    rig = open_rig(plex=library(*ITEMS, *doubles))
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


@pytest.mark.parametrize("mode", ["append", "replace"])
@pytest.mark.parametrize("indexed", [False, True])
def test_persons_long_lists_stay_whole_when_plex_edits_are_preserved(
    open_rig: Callable[..., Rig], indexed: bool, mode: str
) -> None:
    """A listing shows two genres and three of the cast; what it leaves out must not be taken for absent."""
    genres, cast = [f"Genre {n}" for n in range(5)], [f"Actor {n}" for n in range(6)]
    item = {**ITEMS[0], "Genre": genres, "Role": [{"tag": actor, "role": f"as {actor}"} for actor in cast]}
    rig = open_rig(
        plex=library({**item, "locked": ["genre", "actor"]}), settings={"preserve_plex_edits": True}
    )
    rig.stage.plex.control("set", {"tag_mode": mode})
    if indexed:
        rig.stage.run_task("Index Plex Library")
    rig.stage.edit(1, **FULL)
    rig.settle()
    found = rig.stage.item(item_key(1))
    assert names(found, "Genre") == sorted([*genres, "Outdoor", "Comma, Inside"])
    assert names(found, "Role") == sorted([*cast, "Ann Alpha"])
    assert {role["tag"]: role.get("role") for role in found["Role"]}["Actor 5"] == "as Actor 5"


def test_collection_follows_when_the_studio_changes(open_rig: Callable[..., Rig]) -> None:
    items = [{**ITEMS[0], "Collection": ["A person's"]}]
    rig = open_rig(plex=library(*items), settings={"collections": "studio"})
    rig.stage.edit(1, studio_id="1")
    rig.settle()
    assert names(rig.stage.item(item_key(1)), "Collection") == ["A person's", "Studio One"]
    rig.stage.edit(1, studio_id="2")
    rig.settle()
    assert names(rig.stage.item(item_key(1)), "Collection") == ["A person's", "Studio Two"]
    rig.stage.edit(1, studio_id=None)
    rig.settle()
    assert names(rig.stage.item(item_key(1)), "Collection") == ["A person's"]


def save_whole(rig: Rig, values: dict[str, Any]) -> None:
    """Stash's edit page sends every field."""
    rig.stage.edit(1, urls=[], rating100=None, organized=False, title="A Title", **values)


def save_list(rig: Rig, values: dict[str, Any]) -> None:
    query = "mutation($i:[SceneUpdateInput!]!){scenesUpdate(input:$i){id}}"
    rig.stage.gql(query, i=[{"id": "1", **values}, {"id": "2", "title": "Second"}])


def save_in_bulk(rig: Rig, values: dict[str, Any]) -> None:
    given = {
        name: {"ids": value, "mode": "SET"} if name.endswith("_ids") else value
        for name, value in values.items()
    }
    rig.stage.bulk_edit([1, 2], **given)


def change_and_sync_all(rig: Rig, values: dict[str, Any]) -> None:
    rig.stage.stash.control("change", {"kind": "scene", "id": 1, "fields": values, "touch": True})
    give(rig, "sync_all")


WAYS = {
    "whole": save_whole,
    "part": lambda rig, values: rig.stage.edit(1, **values),
    "list": save_list,
    "bulk": save_in_bulk,
    "sync all": change_and_sync_all,
}


@pytest.mark.parametrize("way", WAYS)
def test_item_is_the_same_when_saved_in_any_way(rig: Rig, way: str) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    WAYS[way](rig, {"director": "A Director", "details": "Said anew.", "tag_ids": ["2"]})
    rig.settle()
    assert shown(rig, 1) == {
        "title": "A Title", "summary": "Said anew.", "studio": "Studio One", "originallyAvailableAt": "2021-05-14",
        "Genre": ["Comma, Inside"], "Role": ["Ann Alpha"], "Director": ["A Director"],
    }  # fmt: skip
    WAYS[way](rig, {**EMPTY, "director": ""})
    rig.settle()
    assert shown(rig, 1) == {
        "title": "A Title", "summary": "What the agent found.", "studio": "", "originallyAvailableAt": "",
        "Genre": ["Comedy", "Crime", "Drama"], "Role": ["Old Actor"], "Director": [],
    }  # fmt: skip


def test_edit_arrives_when_stash_failed_while_it_was_read(rig: Rig) -> None:
    rig.settle()
    rig.stage.edit(1, title="Arrives")
    rig.stage.stash.fault("status", status=500, match="POST /graphql", times=3)
    rig.run_for(300)
    assert rig.stage.item(item_key(1))["title"] == "Arrives"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


@pytest.mark.parametrize("description", ["Scanning...", "Generating...", "Auto-tagging..."])
def test_edits_arrive_when_stash_is_busy_with_a_job(rig: Rig, description: str) -> None:
    rig.stage.stash.control("occupy", {"description": description, "seconds": 600})
    rig.stage.edit(1, title="Single")
    rig.stage.bulk_edit([2, 3], studio_id="1")
    rig.settle()
    assert rig.stage.gql("{jobQueue{description}}")["jobQueue"] == [{"description": description}]
    assert rig.stage.item(item_key(1))["title"] == "Single"
    assert [rig.stage.item(item_key(scene))["studio"] for scene in (2, 3)] == ["Studio One"] * 2


def test_process_queue_ends_when_its_jobs_wait_for_plex(stage: Stage) -> None:
    stage.plex.down()
    stage.edit(1, title="Waits")
    stage.run_task("Process Queue")
    (_, verdict) = [line for line in stage.log_lines() if line.startswith("Process Queue:")]
    assert " wait" in verdict  # for a later try, or for Plex: it may have been found away for good by then
    stage.plex.up()
    stage.wait_title(1, "Waits")


def test_slow_plex_is_waited_for_as_long_as_read_timeout_says(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"read_timeout": 1, **NO_PICTURES})
    rig.stage.plex.fault("slow", seconds=2.5, match="GET /library/metadata/", times=None)
    rig.stage.edit(1, title="Arrives")
    rig.run_for(5)
    assert rig.job(1)["reason"] == "PlexTrouble"
    rig.stage.configure(rig.stage.settings | {"read_timeout": 30})
    rig.run_for(700)
    assert rig.stage.item(item_key(1))["title"] == "Arrives"


def test_values_of_ours_follow_stash_when_plex_edits_are_preserved(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.stage.edit(1, title="Another", details="Said anew.", performer_ids=["2"])
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert (item["title"], item["summary"], names(item, "Role")) == ("Another", "Said anew.", ["Bea Beta"])


def test_persons_summary_stays_when_stash_has_none_and_plex_edits_are_preserved(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.stage.plex.control(
        "edit_item", {"ratingKey": item_key(1), "fields": {"summary": "A person's"}, "lock": True}
    )
    rig.stage.edit(1, details="")
    rig.settle()
    assert rig.stage.item(item_key(1))["summary"] == "A person's"


def test_scene_that_plex_lacks_costs_one_filtered_listing_when_the_library_is_large(
    open_rig: Callable[..., Rig],
) -> None:
    stash = {"scenes": [{"id": 1, "files": [{"path": "/data/absent.mp4", "size": 5}]}]}
    rig = open_rig(stash=stash, generate="movies=2000", settings={"plex_library": "", **NO_PICTURES})
    rig.stage.edit(1, title="Nowhere")
    rig.settle()
    assert rig.job(1)["reason"] == "ItemMissing"
    listings = [request for request in rig.stage.plex_requests() if "/all?" in request]
    assert listings
    assert all("file=absent.mp4" in request for request in listings)
    sections = {request.partition("?")[0] for request in listings}
    assert len(sections) == len(listings)


@pytest.mark.parametrize(
    "name",
    ["it's.mp4", 'a "quote".mp4', "100% & more=1?#.mp4", "naïve + 日本.mp4", "a;b [1].mp4", "a\\b.mp4"],
)
def test_item_is_found_when_the_file_name_holds_odd_characters(
    open_rig: Callable[..., Rig], name: str
) -> None:
    stash = {**STASH_LIBRARY, "scenes": [{"id": 1, "files": [{"path": f"/data/{name}", "size": 5}]}]}
    plex = library({"ratingKey": 7, "title": "item", "file": f"/media/{name}", "size": 5})
    rig = open_rig(plex=plex, stash=stash)
    rig.stage.edit(1, title="Found")
    rig.settle()
    assert rig.stage.item(7)["title"] == "Found"


def test_plex_sees_one_device_in_every_request_of_every_process(stage: Stage) -> None:
    stage.stash.control("set_cover", {"kind": "scene", "id": 1, "image": encoded(drawn())})
    workers = set()
    for title in ("One", "Two"):
        stage.edit(1, title=title)
        stage.wait_title(1, title)
        stage.wait_synced(1)
        workers.update(stage.workers())
        stage.kill_workers()
    stage.run_task("Index Plex Library")
    stage.run_task("Check Setup")
    stage.plex.control("set", {"starting": True})
    stage.edit(1, title="Three")
    stage.wait(
        lambda: bool(stage.rows("SELECT * FROM outages")), "an outage, which begins and ends with a probe"
    )
    stage.plex.control("set", {"starting": False})
    stage.wait_title(1, "Three")
    stage.kill_workers()
    kept = (stage.data / "client_id").read_text(encoding="ascii")
    assert len(kept) >= 16
    assert len(workers) >= 2
    sent = {f"{entry['method']} {entry['path']}" for entry in stage.plex.log()}
    assert sent >= {"GET /", "GET /identity", "GET /photo/:/transcode", "PUT /library/sections/1/all"}
    assert f"POST /library/metadata/{item_key(1)}/posters" in sent
    assert stage.plex.control("clients") == {kept: len(stage.plex.log())}
