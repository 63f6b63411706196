"""What the worker writes down for a person while it works: what changed in which item, and what failed."""

import json
from collections.abc import Callable
from typing import Any

from tests.image_runs import RED, set_cover, without_pictures
from tests.integration.orders import NO_PICTURES, give
from tests.libraries import library
from tests.rig import Rig
from tests.stage import item_key

ACTIVITY = "SELECT * FROM activity ORDER BY id"


def told(rig: Rig) -> list[tuple[Any, ...]]:
    """Scene, outcome, item, changed fields and writing requests of each row."""
    return [
        (
            row["scene_id"],
            row["outcome"],
            row["item"],
            [each[0] for each in json.loads(row["changes"])],
            row["requests"],
        )
        for row in rig.stage.rows(ACTIVITY)
    ]


def hours(rig: Rig) -> tuple[int, int]:
    (row,) = rig.stage.rows("SELECT sum(ok) AS ok, sum(failed) AS failed FROM hourly")
    return row["ok"], row["failed"]


def test_edit_is_told_with_values_before_and_after(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="A Title", tag_ids=["1", "2"])
    rig.settle()
    (row,) = rig.stage.rows(ACTIVITY)
    assert (row["scene_id"], row["title"], row["outcome"], row["item"]) == (
        1,
        "A Title",
        "written",
        item_key(1),
    )
    assert (row["item_title"], row["requests"], row["text"]) == ("A Title", 1, "")
    changes = {name: (before, after) for name, before, after in json.loads(row["changes"])}
    assert changes["title"] == ("scene 1", "A Title")
    assert changes["genre"][1] == "Comma, Inside, Outdoor"
    assert hours(rig) == (1, 0)


def test_scene_in_sync_is_counted_and_not_told(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert len(told(rig)) == 1
    assert hours(rig) == (2, 0)


def test_pictures_are_told_with_the_requests_that_sent_them(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=without_pictures())
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert told(rig) == [
        (1, "written", item_key(1), ["title"], 1),
        (1, "written", item_key(1), ["posters", "arts"], 2),
    ]


def test_failure_is_told_with_its_sentence_and_the_scenes_files_are_kept(
    open_rig: Callable[..., Rig],
) -> None:
    copies = [
        {"ratingKey": key, "title": f"item {key}", "file": f"/{key}/scene 1.mp4", "size": 1_000_001}
        for key in (1, 2)
    ]
    rig = open_rig(plex=library(*copies))
    rig.stage.edit(1, title="Which?")
    rig.settle()
    (row,) = rig.stage.rows(ACTIVITY)
    assert (row["scene_id"], row["outcome"], row["item"]) == (1, "failed", 0)
    assert row["text"].startswith("Several Plex items could be 'scene 1.mp4'.")
    assert hours(rig) == (0, 1)
    assert rig.stage.rows("SELECT * FROM scene_files") == [
        {"scene_id": 1, "path": "/data/videos/scene 1.mp4", "size": 1_000_001, "title": "Which?"}
    ]


def test_what_was_written_before_a_failure_is_told(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=without_pictures())
    set_cover(rig, RED)
    rig.stage.plex.fault(kind="status", status=400, match="POST /library/metadata", times=1)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert [row[1:4] for row in told(rig)] == [("written", item_key(1), ["title"]), ("failed", 0, [])]


def test_undo_is_told_item_by_item(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    give(rig, "undo", 1)
    row = rig.stage.rows(ACTIVITY)[-1]
    assert (row["scene_id"], row["outcome"], row["item"]) == (1, "undone", item_key(1))
    assert json.loads(row["changes"]) == [["title", "A Title", "scene 1"]]


def test_forgotten_scene_leaves_what_was_done_and_takes_its_files_along(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES, plex=library())
    rig.stage.edit(1, title="Nowhere")
    rig.settle()
    assert rig.stage.rows("SELECT scene_id FROM scene_files") == [{"scene_id": 1}]
    rig.stage.gql('mutation{sceneDestroy(input:{id:"1"})}')
    rig.settle()
    assert rig.stage.rows("SELECT scene_id FROM scene_files") == []
