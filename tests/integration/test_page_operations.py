"""The page's operations on a real run, through Stash's runPluginOperation: each answer has its typed shape and says what is so."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from plexsync_plugin.answers.page.posters import LARGEST, MOST
from tests.integration.orders import NO_PICTURES
from tests.libraries import library
from tests.page_questions import data
from tests.rig import Rig
from tests.stage import item_key

SCENE_1 = "/data/videos/scene 1.mp4"


def copy(rating_key: int, path: str, size: int = 1_000_001) -> dict[str, Any]:
    return {"ratingKey": rating_key, "title": f"item {rating_key}", "file": path, "size": size}


@pytest.fixture
def worked(open_rig: Callable[..., Rig]) -> Rig:
    """Indexed; scene 1 written, scene 2 with two candidates, scene 3 with a file of another size, scene 4 nowhere."""
    rig = open_rig(
        settings=NO_PICTURES,
        plex=library(
            copy(item_key(1), "/media/videos/scene 1.mp4"),
            copy(202, "/a/scene 2.mp4", 1_000_002),
            copy(203, "/b/scene 2.mp4", 1_000_002),
            copy(204, "/media/videos/scene 3.mp4", 5),
        ),
    )
    rig.stage.run_task("Index Plex Library")
    rig.stage.edit(1, title="A Title", tag_ids=["1"])
    rig.settle()
    for scene in (2, 3, 4):
        rig.stage.edit(scene, title=f"Title {scene}")
        rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()
    return rig


def test_overview_counts_what_was_done_and_says_who_is_there(worked: Rig) -> None:
    found = data(worked.stage, "overview")
    assert found["worker"]["alive"]
    assert found["worker"]["version"]
    assert found["plex"]["state"] == "reachable"
    assert found["plex"]["server"]
    assert found["plex"]["version"]
    assert found["setUp"] == "ready"
    counts = found["counts"]
    assert (counts["synced"], counts["failed"], counts["waiting"], counts["missing"]) == (1, 1, 2, 2)
    assert len(found["hours"]) == 24
    assert (sum(hour["ok"] for hour in found["hours"]), sum(hour["failed"] for hour in found["hours"])) == (
        1,
        1,
    )
    assert [notice["key"] for notice in found["notices"]] == ["dead:Ambiguous"]
    assert found["index"]["items"] == 4
    assert found["index"]["at"] > 0
    assert not found["index"]["running"]


def test_activity_tells_changes_the_newest_first_page_by_page(worked: Rig) -> None:
    found = data(worked.stage, "activity", limit=1)
    (row,) = found["rows"]
    assert (row["sceneId"], row["title"], row["outcome"]) == (2, "Title 2", "failed")
    found = data(worked.stage, "activity", before=found["next"])
    (row,) = found["rows"]
    assert (row["sceneId"], row["outcome"], row["item"]["key"]) == (1, "written", item_key(1))
    assert {"field": "title", "before": f"item {item_key(1)}", "after": "A Title"} in row["changes"]
    assert row["item"]["url"].endswith(f"details?key=%2Flibrary%2Fmetadata%2F{item_key(1)}")
    assert found["next"] is None


def test_problems_tell_kinds_and_candidates(worked: Rig) -> None:
    found = data(worked.stage, "problems", kind="ambiguous")
    assert {each["kind"]: each["count"] for each in found["kinds"]} == {
        "ambiguous": 1, "missing": 2, "refused": 0, "orders": 0,
    }  # fmt: skip
    (reason,) = found["reasons"]
    assert (reason["reason"], reason["count"]) == ("Ambiguous", 1)
    (row,) = found["rows"]
    assert (row["sceneId"], row["title"], row["state"]) == (2, "Title 2", "failed")
    assert [(each["key"], each["path"], each["why"]) for each in row["candidates"]] == [
        (202, "/a/scene 2.mp4", "the same name and size"),
        (203, "/b/scene 2.mp4", "the same name and size"),
    ]
    assert row["candidates"][0]["section"] == "Scenes"
    assert row["advice"]


def test_missing_scenes_are_told_page_by_page_with_files_that_come_near(worked: Rig) -> None:
    first = data(worked.stage, "problems", kind="missing", limit=1)
    (row,) = first["rows"]
    assert (row["sceneId"], row["state"], row["title"]) == (3, "waiting", "Title 3")
    (near,) = row["candidates"]
    assert near["why"] == "the same name, another size (5 bytes in Plex, 1000003 in Stash)"
    second = data(worked.stage, "problems", kind="missing", after=first["next"])
    assert [(each["sceneId"], each["candidates"]) for each in second["rows"]] == [(4, [])]
    assert second["next"] is None


def test_scene_in_sync_tells_its_item_its_grounds_and_what_was_there_before(worked: Rig) -> None:
    found = data(worked.stage, "scene", id="1")
    assert (found["state"], found["reason"], found["candidates"]) == ("synced", "", [])
    (item,) = found["items"]
    assert (item["key"], item["path"], item["stashPath"]) == (
        item_key(1),
        "/media/videos/scene 1.mp4",
        SCENE_1,
    )
    assert (item["matchedBy"], item["certain"]) == (
        "the same name and size in a folder whose end agrees",
        False,
    )
    title = next(field for field in found["fields"] if field["name"] == "title")
    assert (title["stash"], title["before"], title["ours"]) == ("A Title", f"item {item_key(1)}", True)
    # The index is older than the write, so what was written counts and not what it shows.
    assert (title["plex"], title["differs"], title["locked"]) == ("A Title", False, None)


@pytest.mark.parametrize(
    ("scene", "state", "candidates"), [(2, "failed", 2), (3, "missing", 1), (99, "unknown", 0)]
)
def test_scene_without_an_item_tells_why(worked: Rig, scene: int, state: str, candidates: int) -> None:
    found = data(worked.stage, "scene", id=scene)
    assert (found["state"], found["items"], len(found["candidates"])) == (state, [], candidates)
    assert bool(found["advice"]) == (state != "unknown")


def test_library_tells_what_the_last_run_counted(worked: Rig) -> None:
    found = data(worked.stage, "library")
    tiles = {tile["name"]: tile["value"] for tile in found["tiles"]}
    assert (tiles["movies"], tiles["items"], tiles["bytes"]) == (4, 4, 1_000_001 + 2 * 1_000_002 + 5)
    assert found["shares"]["library"] == [["Scenes", 4, 1_000_001 + 2 * 1_000_002 + 5]]
    assert found["at"] > 0


def test_search_finds_by_words_and_lists_by_order(worked: Rig) -> None:
    (row,) = data(worked.stage, "search", q=f"item {item_key(1)}")["rows"]
    assert (row["key"], row["kind"], row["section"], row["sceneId"]) == (item_key(1), "movie", "Scenes", 1)
    first = data(worked.stage, "search", sort="size", limit=3)
    assert [row["key"] for row in first["rows"]] == [202, 203, item_key(1)]
    last = data(worked.stage, "search", sort="size", limit=3, after=first["next"])
    assert ([row["key"] for row in last["rows"]], last["next"]) == ([204], None)
    assert data(worked.stage, "search", q="item", sort="title", kind="show")["rows"] == []


def test_posters_are_small_pictures_of_the_rows_that_have_one_and_name_no_path(worked: Rig) -> None:
    (Path(worked.folder.images) / "movie_image" / "203.thumb.webp").unlink()
    rows = data(worked.stage, "search", q="item")["rows"]
    assert {row["key"]: row["poster"] for row in rows} == {
        item_key(1): True,
        202: True,
        203: False,
        204: True,
    }
    found = data(worked.stage, "posters", keys=[item_key(1), 203, 999])["pictures"]
    assert list(found) == [str(item_key(1))]
    kind, _, text = found[str(item_key(1))].partition(",")
    assert kind == "data:image/webp;base64"
    picture = base64.b64decode(text)
    assert len(picture) < 8_000
    with Image.open(io.BytesIO(picture)) as image:
        assert image.width <= 80
        assert image.height <= 120
    assert str(worked.stage.data).encode() not in picture


def test_poster_that_is_damaged_or_gone_is_left_out(worked: Rig) -> None:
    folder = Path(worked.folder.images) / "movie_image"
    (folder / f"{item_key(1)}.thumb.webp").write_bytes(b"RIFF\x04\0\0\0WEBPno picture")
    (folder / "202.thumb.webp").write_bytes(b"\0" * (LARGEST + 1))
    (folder / "203.thumb.webp").unlink()
    assert data(worked.stage, "posters", keys=[item_key(1), 202, 203]) == {"pictures": {}}


def test_posters_are_few_at_a_time(worked: Rig) -> None:
    keys = [204] * MOST + [202]
    assert list(data(worked.stage, "posters", keys=keys)["pictures"]) == ["204"]


def test_operations_ask_nobody(worked: Rig) -> None:
    for name, args in (("overview", {}), ("activity", {}), ("problems", {}), ("scene", {"id": 1}), ("preview", {}),
                       ("library", {}), ("libraries", {}), ("search", {"q": "item"}), ("posters", {"keys": [item_key(1)]}),
                       ("ticket", {"ticket": "none"})):  # fmt: skip
        data(worked.stage, name, **args)
    assert worked.stage.plex.log() == []
    asked = [entry["path"] for entry in worked.stage.stash.log()]
    assert len(asked) == 10, "the operations themselves"


def order(rig: Rig, name: str, /, *ids: int, **args: Any) -> dict[str, Any]:
    """What the ticket says when the worker has carried the order out."""
    ticket = data(rig.stage, "order", name=name, ids=list(ids), args=args)["ticket"]
    assert data(rig.stage, "ticket", ticket=ticket)["state"] == "waiting"
    rig.settle()
    found: dict[str, Any] = data(rig.stage, "ticket", ticket=ticket)
    return found


def test_order_to_sync_is_carried_out_and_its_ticket_says_so(worked: Rig) -> None:
    assert order(worked, "sync", 1)["state"] == "done"
    assert data(worked.stage, "ticket", ticket="unknown")["state"] == "unknown"


def test_discarded_letter_leaves_the_list(worked: Rig) -> None:
    assert order(worked, "discard", 2)["text"].startswith("Off the list: 1 failed scene.")
    assert data(worked.stage, "problems", kind="ambiguous")["rows"] == []
    assert data(worked.stage, "scene", id=2)["state"] == "discarded"


def test_undo_of_one_scene_is_told(worked: Rig) -> None:
    assert order(worked, "undo", 1)["state"] == "done"
    assert worked.stage.item(item_key(1))["title"] == f"item {item_key(1)}"
    assert data(worked.stage, "scene", id=1)["state"] == "undone"
    assert data(worked.stage, "activity")["rows"][0]["outcome"] == "undone"


def test_choice_is_shown_and_taken_back_on_the_page(worked: Rig) -> None:
    file = "/data/videos/scene 2.mp4"
    order(worked, "choose", 2, key=203, stashPath=file)
    found = data(worked.stage, "scene", id=2)
    assert (found["state"], found["items"][0]["matchedBy"]) == ("synced", "the choice of a person")
    (choice,) = found["choices"]
    assert (choice["sceneId"], choice["key"], choice["title"]) == (2, 203, "item 203")
    assert (choice["path"], choice["stashPath"]) == ("/b/scene 2.mp4", file)
    taken = order(worked, "choose", 2, key=0, stashPath=file)
    assert taken["text"] == "Scene 2 is matched by its file again; the item chosen by hand was 203."
    found = data(worked.stage, "scene", id=2)
    # The file alone does not tell which: the scene is among the problems again, and the item shows what it showed.
    assert (found["state"], found["items"], found["choices"]) == ("failed", [], [])
    assert [each["key"] for each in found["candidates"]] == [202, 203]
    assert worked.stage.item(203)["title"] == "item 203"
    again = order(worked, "choose", 2, key=0)
    assert (again["state"], again["text"]) == ("failed", "No item was chosen by hand for scene 2.")


def test_problem_of_a_scene_names_the_choice_that_gave_its_item_to_another(worked: Rig) -> None:
    order(worked, "choose", 4, key=204)
    (row,) = [each for each in data(worked.stage, "problems")["rows"] if each["sceneId"] == 2]
    assert row["choices"] == []
    (row,) = [each for each in data(worked.stage, "problems", kind="missing")["rows"] if each["sceneId"] == 3]
    assert [(each["sceneId"], each["key"]) for each in row["choices"]] == [(4, 204)]
    assert data(worked.stage, "scene", id=3)["choices"] == row["choices"]
    assert "python" not in row["advice"], "the page has a button for it"


def test_libraries_are_those_of_the_index_until_plex_was_asked(worked: Rig) -> None:
    assert data(worked.stage, "libraries") == {"titles": ["Scenes"], "at": None}
    worked.stage.plex.clear_log()
    assert order(worked, "libraries")["text"] == "Video libraries in Plex: Scenes."
    assert worked.stage.plex_requests() == ["GET /library/sections"]
    found = data(worked.stage, "libraries")
    assert found["titles"] == ["Scenes"]
    assert 0 <= worked.clock.now() - found["at"] < 60


def test_comparison_shows_what_plex_has_now(worked: Rig) -> None:
    found = order(worked, "compare", 1)
    assert found["text"] == "Compared 1 item: 0 fields differ."
    scene = data(worked.stage, "scene", id=1)
    title = next(field for field in scene["fields"] if field["name"] == "title")
    assert (title["plex"], title["differs"], title["ours"], title["locked"]) == ("A Title", False, True, True)
    assert scene["comparedAt"] is not None


def test_rule_is_tried_before_it_is_written(worked: Rig) -> None:
    pair = {"stashPath": "/data/videos/scene 3.mp4", "plexPath": "/media/videos/scene 3.mp4"}
    trial = data(worked.stage, "order", name="rule", args={**pair, "dry": True})
    assert trial["ticket"] == ""
    assert trial["rule"] == {
        "stash": "/data", "plex": "/media", "rule": "/data => /media", "matched": 1, "lookedAt": 3,
        "examples": [["/data/videos/scene 3.mp4", "/media/videos/scene 3.mp4"]],
    }  # fmt: skip
    assert (
        "path_map" not in worked.stage.gql("{configuration{plugins}}")["configuration"]["plugins"]["PlexSync"]
    )
    assert order(worked, "rule", **pair)["text"].startswith("Added to path_map: /data => /media.")
    worked.run_until(lambda: worked.stage.item(204)["title"] == "Title 3", "scene 3 written by the rule")
    settings = worked.stage.gql("{configuration{plugins}}")["configuration"]["plugins"]["PlexSync"]
    assert settings["path_map"] == "/data => /media"
    assert settings["plex_url"] == worked.stage.settings["plex_url"]


def test_check_and_preview_run_beside_the_worker(worked: Rig) -> None:
    for name, args in (("check", {}), ("preview", {"limit": 3})):
        ticket = data(worked.stage, "order", name=name, args=args)["ticket"]
        state: dict[str, Any] = {}

        def ended(ticket: str = ticket, state: dict[str, Any] = state) -> bool:
            state.update(data(worked.stage, "ticket", ticket=ticket))
            return state["state"] in ("done", "failed")

        worked.run_until(ended, f"the end of {name}")
        assert state["state"] == "done", state
        if name == "check":
            assert state["text"].startswith("Check Setup: ")
            assert any(line["level"] == "good" and "Stash answers" in line["text"] for line in state["lines"])
    found = data(worked.stage, "preview")
    assert found["madeAt"] > 0
    assert found["sentence"].startswith("0 of 3 scenes would change")
    assert [(row["sceneId"], bool(row["problem"])) for row in found["rows"]] == [(2, True), (3, True)]
