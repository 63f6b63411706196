"""Path rules, written and learned: which of several files of one name is the scene's."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.answers.status import read_status, status_lines
from plexsync_plugin.base.paths import DataFolder
from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig

SECTION = {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/media", "/old"]}


def items(*files: tuple[int, str, int]) -> dict[str, Any]:
    """A library of items by rating key, path and size."""
    listed = [
        {"ratingKey": key, "title": f"item {key}", "file": path, "size": size} for key, path, size in files
    ]
    return {"sections": [{**SECTION, "items": listed}]}


def scenes(*files: tuple[str, int]) -> dict[str, Any]:
    """Scenes 1 and so on, by path and size."""
    return {
        "scenes": [
            {"id": number, "title": f"Scene {number}", "files": [{"path": path, "size": size}]}
            for number, (path, size) in enumerate(files, start=1)
        ]
    }


def titles(rig: Rig, *keys: int) -> list[str]:
    return [rig.stage.item(key)["title"] for key in keys]


DUPLICATES = items((1, "/old/a/b.mp4", 5), (2, "/media/a/b.mp4", 5))


@pytest.mark.parametrize("index", [False, True])
def test_rule_tells_copies_of_a_file_apart(open_rig: Callable[..., Rig], index: bool) -> None:
    rig = open_rig(
        plex=DUPLICATES,
        stash=scenes(("/data/a/b.mp4", 5)),
        settings={"path_map": "/data => /media", **NO_PICTURES},
    )
    if index:
        rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="By rule")
    rig.settle()
    assert titles(rig, 1, 2) == ["item 1", "By rule"]
    search = [] if index else ["GET /library/sections/1/all"]
    assert rig.stage.plex_paths() == [*search, "GET /library/metadata/2", "PUT /library/sections/1/all"]


def test_rule_for_a_windows_plex_regards_neither_case_nor_separator(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=items((1, "E:\\old\\a\\b.mp4", 5), (2, "D:\\Media\\A\\b.mp4", 5)),
        stash=scenes(("/data/a/b.mp4", 5)),
        settings={"path_map": "/data => d:/media", **NO_PICTURES},
    )
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="By rule")
    rig.settle()
    assert titles(rig, 1, 2) == ["item 1", "By rule"]
    assert not any("file=" in request for request in rig.stage.plex_requests())


def test_rule_for_a_windows_stash_leads_to_a_posix_plex(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=DUPLICATES,
        stash=scenes(("D:\\Media\\a\\b.mp4", 5)),
        settings={"path_map": "d:\\media => /media"},
    )
    rig.stage.edit(1, title="By rule")
    rig.settle()
    assert titles(rig, 1, 2) == ["item 1", "By rule"]


def test_file_at_the_place_of_a_rule_is_the_one_whatever_its_size(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=items((1, "/old/a/b.mp4", 5), (2, "/media/a/b.mp4", 4)),
        stash=scenes(("/data/a/b.mp4", 5)),
        settings={"path_map": "/data => /media"},
    )
    rig.stage.edit(1, title="By rule")
    rig.settle()
    assert titles(rig, 1, 2) == ["item 1", "By rule"]


def test_rule_that_comes_later_settles_what_was_ambiguous(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=DUPLICATES, stash=scenes(("/data/a/b.mp4", 5)))
    rig.stage.edit(1, title="Which?")
    rig.settle()
    (letter,) = rig.stage.rows("SELECT reason FROM dead_letters")
    assert letter == {"reason": "Ambiguous"}
    rig.stage.configure(rig.stage.settings | {"path_map": "/data => /media"})
    rig.run_for(31)
    assert titles(rig, 1, 2) == ["item 1", "Which?"]
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


# Three that teach, and a fourth whose copies only the lesson tells apart.
TAUGHT = items(
    (1, "/media/x/one.mp4", 11), (2, "/media/y/two.mp4", 12), (3, "/media/three.mp4", 13),
    (4, "/media/z/four.mp4", 14), (5, "/old/four.mp4", 14),
)  # fmt: skip
PUPILS = scenes(
    ("/data/x/one.mp4", 11),
    ("/data/y/two.mp4", 12),
    ("/data/three.mp4", 13),
    ("/data/z/four.mp4", 14),
)


def learned_lines(rig: Rig) -> list[str]:
    status = read_status(DataFolder(rig.folder.root))
    return [line for line in status_lines(status, rig.clock.now()) if line.startswith("Learned")]


def test_rule_is_learned_from_three_files_shown_and_used(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=TAUGHT, stash=PUPILS)
    for scene in (1, 2):
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.settle()
    assert learned_lines(rig) == []
    rig.stage.edit(3, title="Title 3")
    rig.settle()
    assert learned_lines(rig) == ["Learned: /data => /media (3 files)"]
    rig.stage.edit(4, title="By what was learned")
    rig.settle()
    assert titles(rig, 4, 5) == ["By what was learned", "item 5"]
    assert learned_lines(rig) == ["Learned: /data => /media (4 files)"]


def test_file_teaches_once_however_often_its_item_is_found(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=TAUGHT, stash=PUPILS)
    key = 1
    for number in range(4):
        rig.stage.edit(1, title=f"Title {number}")
        rig.settle()
        key = rig.stage.plex.control("rekey_item", {"ratingKey": key})["ratingKey"]
    assert rig.stage.rows("SELECT hits FROM learned_paths") == [{"hits": 1}]


def test_folder_that_leads_to_two_places_teaches_nothing(open_rig: Callable[..., Rig]) -> None:
    plex = items(
        (1, "/media/one.mp4", 11), (2, "/media/two.mp4", 12), (3, "/media/three.mp4", 13), (4, "/old/four.mp4", 14)
    )  # fmt: skip
    stash = scenes(*((f"/data/{name}.mp4", 11 + n) for n, name in enumerate(("one", "two", "three", "four"))))
    rig = open_rig(plex=plex, stash=stash)
    give(rig, "sync_all")
    assert titles(rig, 1, 2, 3, 4) == ["Scene 1", "Scene 2", "Scene 3", "Scene 4"]
    assert rig.stage.rows("SELECT stash, plex, hits FROM learned_paths ORDER BY hits") == [
        {"stash": "/data", "plex": "/old", "hits": 1},
        {"stash": "/data", "plex": "/media", "hits": 3},
    ]
    assert learned_lines(rig) == []


def test_learned_rule_does_not_take_a_file_of_another_size(open_rig: Callable[..., Rig]) -> None:
    plex = items(*((n, f"/media/{n}.mp4", 10 + n) for n in (1, 2, 3)), (4, "/media/4.mp4", 99))
    rig = open_rig(plex=plex, stash=scenes(*((f"/data/{n}.mp4", 10 + n) for n in (1, 2, 3, 4))))
    for scene in (1, 2, 3, 4):
        rig.stage.edit(scene, title=f"Title {scene}")
        rig.settle()
    assert learned_lines(rig) == ["Learned: /data => /media (3 files)"]
    assert titles(rig, 4) == ["item 4"]
    assert rig.job(4)["reason"] == "ItemMissing"
