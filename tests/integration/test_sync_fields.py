"""What an edit of a scene does to its Plex item, and how many requests it takes."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from tests.integration.orders import NO_PICTURES
from tests.libraries import SECTION, library, tag_names
from tests.rig import Rig
from tests.stage import PLEX_LIBRARY, item_key

FULL = {
    "title": "A Title",
    "details": "First paragraph.\n\nSecond, with “quotes” & <b>.",
    "date": "2021-05-14",
    "studio_id": "1",
    "performer_ids": ["2", "1"],
    "tag_ids": ["1", "2"],
}


def tags(item: dict[str, Any], name: str) -> list[str]:
    return [tag["tag"] for tag in item.get(name, [])]


def test_all_fields_arrive_locked_in_one_put_at_first_contact(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert item["title"] == "A Title"
    assert item["summary"] == FULL["details"]
    assert item["studio"] == "Studio One"
    assert item["originallyAvailableAt"] == "2021-05-14"
    assert sorted(tags(item, "Genre")) == ["Comma, Inside", "Outdoor"]
    assert tags(item, "Role") == ["Bea Beta", "Ann Alpha"]
    assert sorted(item["locked"]) == ["actor", "genre", "originallyAvailableAt", "studio", "summary", "title"]
    paths = [request.partition("?")[0] for request in rig.stage.plex_requests()]
    # The first two are each worker's own; then file filter, details, PUT.
    assert paths == [
        "GET /",
        "GET /library/sections",
        "GET /library/sections/1/all",
        f"GET /library/metadata/{item_key(1)}",
        "PUT /library/sections/1/all",
    ]


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_lists_become_exactly_stashs_whether_plex_appends_or_replaces(rig: Rig, mode: str) -> None:
    rig.stage.plex.control("set", {"tag_mode": mode})
    rig.stage.edit(1, tag_ids=["1", "2"], performer_ids=["1"])
    rig.settle()
    rig.stage.edit(1, tag_ids=["2"], performer_ids=["2", "1"])
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert tags(item, "Genre") == ["Comma, Inside"]
    assert sorted(tags(item, "Role")) == ["Ann Alpha", "Bea Beta"]


def test_changed_scene_costs_one_shared_read_and_one_put(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Another Title")
    rig.settle()
    read, write = rig.stage.plex_requests()
    assert read.startswith(f"GET /library/metadata/{item_key(1)}?")
    assert (
        write
        == f"PUT /library/sections/1/all?type=1&id={item_key(1)}&title.value=Another%20Title&title.locked=1"
    )


def test_unchanged_scene_costs_no_request(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.edit(1, **FULL)
    rig.stage.edit(1, organized=True)
    rig.settle()
    assert rig.stage.plex_requests() == []
    assert rig.job(1)["state"] == "done"


def test_unchanged_scene_costs_no_request_after_a_restart_of_the_worker(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.start_worker()
    rig.stage.plex.clear_log()
    rig.stage.edit(1, **FULL)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_bulk_edit_reads_all_items_in_one_request(rig: Rig) -> None:
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()
    rig.stage.bulk_edit(list(range(1, 31)), studio_id="2")
    rig.settle()
    requests = rig.stage.plex_requests()
    assert len([request for request in requests if request.startswith("PUT ")]) == 30
    assert len([request for request in requests if request.startswith("GET /library/metadata/")]) == 1
    assert len(requests) == 33  # and the two of each worker
    assert all(rig.stage.item(item_key(scene))["studio"] == "Studio Two" for scene in range(1, 31))


def test_bulk_edit_whose_later_hooks_never_ran_is_still_whole(rig: Rig) -> None:
    first = {
        "v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [1, 2, 3],
        "args": {"batch": "Scene.Update.Post:1:3:0", "size": 3, "first": True},
    }  # fmt: skip
    rig.stage.stash.control("change", {"kind": "scene", "id": 2, "fields": {"title": "Two"}})
    rig.stage.stash.control("change", {"kind": "scene", "id": 3, "fields": {"title": "Three"}})
    from plexsync_plugin.jobs import inbox

    inbox.put(rig.folder, first, rig.clock)
    rig.settle()
    assert [rig.stage.item(item_key(scene))["title"] for scene in (2, 3)] == ["Two", "Three"]


def test_rating_click_whose_input_is_full_of_nulls_blanks_nothing(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    before = rig.stage.item(item_key(1))
    rig.stage.edit(1, rating100=60)  # Stash hands the hook null for every other field
    rig.stage.edit(1, organized=True)
    rig.settle()
    after = rig.stage.item(item_key(1))
    assert {name: after[name] for name in ("title", "summary", "studio", "originallyAvailableAt")} == {
        name: before[name] for name in ("title", "summary", "studio", "originallyAvailableAt")
    }


def test_value_that_stash_never_had_is_left_as_it_is(rig: Rig) -> None:
    rig.stage.edit(1, title="Only a Title")
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert item["summary"] == "What the agent found."
    assert tags(item, "Genre") == ["Drama", "Comedy", "Crime"]
    assert tags(item, "Role") == ["Old Actor"]
    assert item["locked"] == ["title"]


def test_value_taken_away_in_stash_gives_back_what_plex_had_before(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.stage.edit(1, details="", studio_id=None, date="", performer_ids=[], tag_ids=[])
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert item["summary"] == "What the agent found."
    assert item.get("studio", "") == ""
    assert tags(item, "Genre") == ["Drama", "Comedy", "Crime"]
    assert [(role["tag"], role.get("role")) for role in item["Role"]] == [("Old Actor", "Somebody")]
    assert item["locked"] == ["title"]


def test_plex_refresh_keeps_what_was_written_where_only_we_lock(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"collections": "studio", **NO_PICTURES})
    rig.stage.plex.control("set", {"edit_locks": False})
    rig.stage.edit(1, **FULL)
    rig.settle()
    written = rig.stage.item(item_key(1))
    assert written["title"] == "A Title"
    rig.stage.plex.control("refresh_item", {"ratingKey": item_key(1)})
    refreshed = rig.stage.item(item_key(1))
    for name in (
        "title",
        "summary",
        "originallyAvailableAt",
        "studio",
        "Genre",
        "Role",
        "Collection",
        "locked",
    ):
        assert refreshed.get(name) == written.get(name), name
    (put,) = map(unquote, rig.stage.puts())
    changed = set(re.findall(r"&(\w+)(?:\.value|\[0\]\.tag\.tag)=", put))
    assert changed >= {"title", "summary", "originallyAvailableAt", "studio", "genre", "actor"}
    assert changed <= set(re.findall(r"&(\w+)\.locked=1", put))


@pytest.mark.parametrize(("date", "shown"), [("2021", "2021-01-01"), ("2021-05", "2021-05-01")])
def test_partial_date_becomes_its_first_day(rig: Rig, date: str, shown: str) -> None:
    rig.stage.edit(1, date=date)
    rig.settle()
    assert rig.stage.item(item_key(1))["originallyAvailableAt"] == shown


def test_preserve_plex_edits_leaves_a_persons_values_and_tags(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.plex.control(
        "edit_item",
        {"ratingKey": item_key(1), "fields": {"title": "A Person's", "Genre": ["Favourite"]}, "lock": True},
    )
    rig.stage.edit(1, **FULL)
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert item["title"] == "A Person's"
    assert sorted(tags(item, "Genre")) == ["Comma, Inside", "Favourite", "Outdoor"]
    assert item["summary"] == FULL["details"]  # not locked, so the agent's
    rig.stage.edit(1, tag_ids=[])
    rig.settle()
    assert tags(rig.stage.item(item_key(1)), "Genre") == ["Favourite"]


def test_persons_edit_in_plex_is_saved_before_it_is_overwritten(rig: Rig) -> None:
    rig.stage.plex.control(
        "edit_item", {"ratingKey": item_key(1), "fields": {"title": "A Person's"}, "lock": True}
    )
    rig.stage.edit(1, title="Stash's")
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Stash's"
    rig.stage.edit(1, title="")
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert (item["title"], item["locked"]) == ("A Person's", ["title"])


def test_destroyed_scene_changes_nothing_in_plex_and_leaves_the_ledger(rig: Rig) -> None:
    rig.stage.edit(1, **FULL)
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.gql('mutation{sceneDestroy(input:{id:"1"})}')
    rig.settle()
    assert rig.stage.plex_requests() == []
    assert rig.stage.rows("SELECT * FROM jobs WHERE scene_id = 1") == []
    assert len(rig.stage.rows("SELECT * FROM ledger WHERE rating_key = ?", item_key(1))) == 1


def test_scene_gone_before_its_job_ran_does_not_hold_up_the_others(rig: Rig) -> None:
    rig.stage.edit(1, title="Gone soon")
    rig.stage.edit(2, title="Stays")
    rig.stage.stash.control("remove", {"kind": "scene", "id": 1})
    rig.settle()
    assert rig.stage.item(item_key(2))["title"] == "Stays"


def test_sections_outside_plex_library_are_never_written(open_rig: Callable[..., Rig]) -> None:
    other = {**PLEX_LIBRARY["sections"][0], "key": 2, "title": "Family", "items": []}
    twin = {**PLEX_LIBRARY["sections"][0]["items"][0], "ratingKey": 999}
    other["items"] = [twin]
    rig = open_rig(plex={"sections": [*PLEX_LIBRARY["sections"], other]})
    rig.stage.edit(1, title="Scenes only")
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Scenes only"
    assert rig.stage.item(999)["title"] == "scene 1"


def test_collection_follows_when_the_studio_changes(open_rig: Callable[..., Rig]) -> None:
    items = [{**SECTION["items"][0], "Collection": ["A person's"]}]
    rig = open_rig(plex=library(*items), settings={"collections": "studio"})
    rig.stage.edit(1, studio_id="1")
    rig.settle()
    assert tag_names(rig.stage.item(item_key(1)), "Collection") == ["A person's", "Studio One"]
    rig.stage.edit(1, studio_id="2")
    rig.settle()
    assert tag_names(rig.stage.item(item_key(1)), "Collection") == ["A person's", "Studio Two"]
    rig.stage.edit(1, studio_id=None)
    rig.settle()
    assert tag_names(rig.stage.item(item_key(1)), "Collection") == ["A person's"]
