"""Reconcile alone sees in the listing that it reads anyway that an item has come to the exact place of a scene's file."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig

OpenRig = Callable[..., Rig]
ORDERS = pytest.mark.parametrize("by", ["reconcile", "sync_all"])


def item(key: int, path: str, size: int = 5_000) -> dict[str, Any]:
    return {"ratingKey": key, "title": f"item {key}", "summary": "agent", "file": path, "size": size}


def library(*items: dict[str, Any], key: int = 1, title: str = "Scenes") -> dict[str, Any]:
    return {"key": key, "type": "movie", "title": title, "locations": ["/videos"], "items": list(items)}


def opened(open_rig: OpenRig, *sections: dict[str, Any], path: str, **settings: Any) -> Rig:
    """Scene 1 with one file, in sync."""
    scene = {"id": 1, "title": "Scene 1", "files": [{"path": path, "size": 5_000}]}
    rig = open_rig(
        plex={"sections": list(sections)},
        stash={"scenes": [scene]},
        settings={**NO_PICTURES, "plex_library": "", **settings},
    )
    give(rig, "sync_all")
    rig.stage.plex.clear_log()
    return rig


def add(rig: Rig, key: int, path: str, section: int = 1, size: int = 5_000) -> None:
    rig.stage.plex.control("add_item", {"section": section, "item": item(key, path, size)})


def titles(rig: Rig, *keys: int) -> list[str]:
    return [rig.stage.item(key)["title"] for key in keys]


def requests(rig: Rig) -> list[str]:
    """Without those for the libraries alone."""
    paths = [path.split("?")[0] for path in rig.stage.plex_paths()]
    return [path for path in paths if path != "GET /library/sections"]


@ORDERS
def test_item_at_the_exact_place_takes_over(open_rig: OpenRig, by: str) -> None:
    rig = opened(open_rig, library(item(100, "/videos/a/clip.mp4")), path="/videos/b/clip.mp4")
    assert titles(rig, 100) == ["Scene 1"]
    add(rig, 101, "/videos/b/clip.mp4")
    order = give(rig, by)
    assert titles(rig, 100, 101) == ["item 100", "Scene 1"]
    assert rig.stage.item(100)["locked"] == []
    if by == "reconcile":
        assert "1 at the exact place of a file of a scene" in order["message"]
        # A listing, one reading of details for both items, one write for each; and nothing more at the next.
        assert requests(rig) == [
            "GET /library/sections/1/all",
            "GET /library/metadata/100,101",
            "PUT /library/sections/1/all",
            "PUT /library/sections/1/all",
        ]
        rig.stage.plex.clear_log()
        assert "nothing differs. 2 Plex items compared: nothing differs." in give(rig, by)["message"]
        assert requests(rig) == ["GET /library/sections/1/all"]


def test_item_that_comes_out_of_the_trash_takes_over(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig,
        library(item(100, "/videos/a/clip.mp4"), item(101, "/x/clip.mp4", 7)),
        path="/videos/b/clip.mp4",
    )
    add(rig, 102, "/videos/b/clip.mp4")
    rig.stage.plex.control("remove_item", {"ratingKey": 102, "trash": True})
    give(rig, "reconcile")
    assert titles(rig, 100, 102) == ["Scene 1", "item 102"]
    rig.stage.plex.control("remove_item", {"ratingKey": 102})
    add(rig, 102, "/videos/b/clip.mp4")
    give(rig, "reconcile")
    assert titles(rig, 100, 102) == ["item 100", "Scene 1"]


def test_rule_that_was_added_leads_to_the_item_that_it_names(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig, library(item(100, "/old/clip.mp4"), item(101, "/new/clip.mp4", 77)), path="/data/clip.mp4"
    )
    assert titles(rig, 100, 101) == ["Scene 1", "item 101"]
    rig.stage.configure({**rig.stage.settings, "path_map": "/data => /new"})
    rig.run_for(31)
    give(rig, "reconcile")
    assert titles(rig, 100, 101) == ["item 100", "Scene 1"]


def test_copy_of_the_file_in_another_library_is_written_too(open_rig: OpenRig) -> None:
    rig = opened(
        open_rig, library(item(100, "/videos/1.mp4")), library(key=2, title="Kids"), path="/videos/1.mp4"
    )
    add(rig, 200, "/videos/1.mp4", section=2)
    give(rig, "reconcile")
    assert titles(rig, 100, 200) == ["Scene 1", "Scene 1"]


def test_file_that_was_missing_is_found_by_the_listing(open_rig: OpenRig) -> None:
    rig = opened(open_rig, library(item(100, "/videos/other.mp4")), path="/videos/1.mp4")
    assert rig.job(1)["reason"] == "ItemMissing"
    rig.stage.stash.control(
        "add",
        {
            "kind": "scene",
            "fields": {"id": 2, "title": "Two", "files": [{"path": "/videos/other.mp4", "size": 5_000}]},
        },
    )
    give(rig, "sync_scenes", 2)
    add(rig, 101, "/videos/1.mp4")
    rig.stage.plex.clear_log()
    give(rig, "reconcile")
    assert titles(rig, 101) == ["Scene 1"]
    assert not [path for path in rig.stage.plex_paths() if "file=" in path]


def test_place_of_another_size_is_only_looked_at(open_rig: OpenRig) -> None:
    """Where a rule of the user applies, the path as it stands may be another file."""
    rig = opened(
        open_rig,
        library(item(100, "/media/clip.mp4")),
        path="/data/clip.mp4",
        path_map="/data => /media",
    )
    add(rig, 101, "/data/clip.mp4", size=9)
    assert "2 Plex items compared: nothing differs." in give(rig, "reconcile")["message"]
    assert titles(rig, 100, 101) == ["Scene 1", "item 101"]


def test_undone_scene_is_left_alone(open_rig: OpenRig) -> None:
    rig = opened(open_rig, library(item(100, "/videos/a/clip.mp4")), path="/videos/b/clip.mp4")
    give(rig, "undo")
    add(rig, 101, "/videos/b/clip.mp4")
    give(rig, "reconcile")
    assert titles(rig, 100, 101) == ["item 100", "item 101"]


def test_files_that_were_found_by_an_earlier_version_are_compared_too(open_rig: OpenRig) -> None:
    rig = opened(open_rig, library(item(100, "/videos/a/clip.mp4")), path="/videos/b/clip.mp4")
    rig.worker.store._connection.execute("UPDATE file_matches SET name = '', size = 0, place = ''")
    add(rig, 101, "/videos/b/clip.mp4")
    give(rig, "reconcile")
    assert titles(rig, 100, 101) == ["item 100", "Scene 1"]


def test_dry_run_only_tells(open_rig: OpenRig) -> None:
    rig = opened(open_rig, library(item(100, "/videos/a/clip.mp4")), path="/videos/b/clip.mp4")
    add(rig, 101, "/videos/b/clip.mp4")
    order = give(rig, "reconcile", dry_run=True)
    assert "1 scene would be synced again" in order["message"]
    report = (rig.stage.data / "reconcile.txt").read_text(encoding="utf-8")
    assert "the Plex item 'item 101' (101) is at the exact place of 'clip.mp4' now" in report
    assert titles(rig, 100, 101) == ["Scene 1", "item 101"]
