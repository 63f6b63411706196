"""An item is the same by whichever way its scene was saved, and whatever Stash does meanwhile."""

from typing import Any

import pytest

from tests.integration.orders import give
from tests.libraries import FULL_SAVE, tag_names
from tests.rig import Rig
from tests.stage import item_key

EMPTY: dict[str, Any] = {"details": "", "date": "", "studio_id": None, "performer_ids": [], "tag_ids": []}


def shown(rig: Rig, scene: int) -> dict[str, Any]:
    item = rig.stage.item(item_key(scene))
    lists = {field: tag_names(item, field) for field in ("Genre", "Role", "Director")}
    return {
        name: item.get(name, "") for name in ("title", "summary", "studio", "originallyAvailableAt")
    } | lists


def test_scene_is_written_again_when_it_goes_back_to_an_earlier_value(rig: Rig) -> None:
    for title in ("One", "Other", "One"):
        rig.stage.edit(1, title=title)
        rig.settle()
        assert rig.stage.item(item_key(1))["title"] == title


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
    rig.stage.edit(1, **FULL_SAVE)
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


@pytest.mark.parametrize("description", ["Scanning...", "Generating...", "Auto-tagging..."])
def test_edits_arrive_when_stash_is_busy_with_a_job(rig: Rig, description: str) -> None:
    rig.stage.stash.control("occupy", {"description": description, "seconds": 600})
    rig.stage.edit(1, title="Single")
    rig.stage.bulk_edit([2, 3], studio_id="1")
    rig.settle()
    assert rig.stage.gql("{jobQueue{description}}")["jobQueue"] == [{"description": description}]
    assert rig.stage.item(item_key(1))["title"] == "Single"
    assert [rig.stage.item(item_key(scene))["studio"] for scene in (2, 3)] == ["Studio One"] * 2
