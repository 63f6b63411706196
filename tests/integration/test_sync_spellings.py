"""Names whose letters Stash and Plex compose in two ways (`é`, or `e` and its accent): one file all the same."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig

FOLDER, NAME = "Vidéos à voir", "Amélie, Noël à Zürich.mkv"
BOTH_WAYS = pytest.mark.parametrize(("mine", "theirs"), [("NFD", "NFC"), ("NFC", "NFD")])


def spelt(form: str, text: str) -> str:
    found = unicodedata.normalize("NFC" if form == "NFC" else "NFD", text)
    assert found != unicodedata.normalize("NFD" if form == "NFC" else "NFC", text)
    return found


def plex_with(*files: str, size: int = 77) -> dict[str, Any]:
    items = [
        {"ratingKey": 500 + number, "title": f"item {number}", "file": file, "size": size}
        for number, file in enumerate(files)
    ]
    return {
        "sections": [
            {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/plex", "/data"], "items": items}
        ]
    }


def stash_with(*files: str, size: int = 77) -> dict[str, Any]:
    scenes = [
        {"id": number, "files": [{"path": file, "size": size}]} for number, file in enumerate(files, start=1)
    ]
    return {"scenes": scenes}


def look_ups(rig: Rig) -> list[str]:
    return [request for request in rig.stage.plex_requests() if "file=" in request]


@BOTH_WAYS
def test_file_is_found_by_plex_s_filter_in_either_spelling(
    open_rig: Callable[..., Rig], mine: str, theirs: str
) -> None:
    rig = open_rig(
        plex=plex_with(f"/plex/{spelt(theirs, NAME)}"),
        stash=stash_with(f"/data/{spelt(mine, NAME)}"),
        settings=NO_PICTURES,
    )
    rig.stage.edit(1, title="Found")
    rig.settle()
    assert rig.stage.item(500)["title"] == "Found"
    assert len(look_ups(rig)) == 2  # its own spelling first


def test_file_that_is_spelt_the_same_is_asked_for_once(open_rig: Callable[..., Rig]) -> None:
    same = spelt("NFD", NAME)
    rig = open_rig(plex=plex_with(f"/plex/{same}"), stash=stash_with(f"/data/{same}"), settings=NO_PICTURES)
    rig.stage.edit(1, title="Found")
    rig.settle()
    assert rig.stage.item(500)["title"] == "Found"
    assert len(look_ups(rig)) == 1


def test_plain_name_that_is_not_there_is_asked_for_once(open_rig: Callable[..., Rig]) -> None:
    folder = spelt("NFC", FOLDER)
    rig = open_rig(plex=plex_with(), stash=stash_with(f"/data/{folder}/plain.mkv"), settings=NO_PICTURES)
    rig.stage.edit(1, title="Nowhere")
    rig.settle()
    assert rig.job(1)["reason"] == "ItemMissing"
    assert len(look_ups(rig)) == 1


@BOTH_WAYS
@pytest.mark.parametrize(
    ("folder", "size"), [("/data", 0), ("/plex/other", 77)], ids=["by its path", "by name and size"]
)
def test_file_is_found_in_the_index_without_asking_plex(
    open_rig: Callable[..., Rig], mine: str, theirs: str, folder: str, size: int
) -> None:
    rig = open_rig(
        plex=plex_with(f"{folder}/{spelt(theirs, FOLDER)}/{spelt(theirs, NAME)}"),
        stash=stash_with(f"/data/{spelt(mine, FOLDER)}/{spelt(mine, NAME)}", size=size),
        settings=NO_PICTURES,
    )
    rig.stage.run_task("Index Plex Library")
    rig.stage.edit(1, title="Found")
    rig.settle()
    assert rig.stage.item(500)["title"] == "Found"
    assert look_ups(rig) == []


@BOTH_WAYS
def test_rule_of_path_map_fits_in_either_spelling(
    open_rig: Callable[..., Rig], mine: str, theirs: str
) -> None:
    wrong, right = (
        f"/plex/elsewhere/{spelt(theirs, NAME)}",
        f"/plex/{spelt(theirs, FOLDER)}/{spelt(theirs, NAME)}",
    )
    rig = open_rig(
        plex=plex_with(wrong, right),
        stash=stash_with(f"/data/{spelt(mine, FOLDER)}/{spelt(mine, NAME)}", size=5),  # the rule decides
        settings={"path_map": f"/data/{spelt(theirs, FOLDER)} => /plex/{spelt(mine, FOLDER)}", **NO_PICTURES},
    )
    rig.stage.edit(1, title="By rule")
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (500, 501)] == ["item 0", "By rule"]


@BOTH_WAYS
def test_item_that_is_known_is_still_the_scene_s_when_it_is_spelt_otherwise(
    open_rig: Callable[..., Rig], mine: str, theirs: str
) -> None:
    same = f"/data/{spelt(mine, NAME)}"
    rig = open_rig(plex=plex_with(same), stash=stash_with(same), settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    rig.stage.plex.control(
        "replace_file", {"ratingKey": 500, "file": f"/data/{spelt(theirs, NAME)}", "size": 77}
    )
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.item(500)["title"] == "Second"
    assert look_ups(rig) == []


@BOTH_WAYS
def test_listing_of_many_finds_names_in_either_spelling(
    open_rig: Callable[..., Rig], mine: str, theirs: str
) -> None:
    names = [f"Épisode {number} à Zürich.mkv" for number in range(1, 61)]
    rig = open_rig(
        plex=plex_with(*(f"/plex/{spelt(theirs, name)}" for name in names)),
        stash=stash_with(*(f"/data/{spelt(mine, name)}" for name in names)),
        settings=NO_PICTURES,
    )
    for scene in range(1, 61):
        rig.stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"title": f"T {scene}"}})
    give(rig, "sync_all")
    assert [rig.stage.item(499 + scene)["title"] for scene in range(1, 61)] == [
        f"T {scene}" for scene in range(1, 61)
    ]
    assert look_ups(rig) == []


@BOTH_WAYS
def test_item_belongs_to_the_scene_of_its_first_file_in_either_spelling(
    open_rig: Callable[..., Rig], mine: str, theirs: str
) -> None:
    files = [
        {"file": f"/plex/{spelt(theirs, NAME)}", "size": 77},
        {"file": "/plex/second.mkv", "size": 77},
    ]
    plex = plex_with()
    plex["sections"][0]["items"] = [{"ratingKey": 500, "title": "shared", "files": files}]
    stash = stash_with(f"/data/{spelt(mine, NAME)}", "/data/second.mkv")
    rig = open_rig(plex=plex, stash=stash, settings=NO_PICTURES)
    rig.stage.edit(2, title="Not mine")
    rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert (letter["scene_id"], letter["reason"]) == (2, "Ambiguous")
    assert "scene 1" in letter["message"]


def test_folder_of_a_missing_file_is_scanned_under_every_spelling_once(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=plex_with(),
        stash=stash_with(f"/data/{spelt('NFD', FOLDER)}/one.mkv", f"/data/{spelt('NFC', FOLDER)}/two.mkv"),
        settings={"scan_plex": True, **NO_PICTURES},
    )
    rig.stage.edit(1, title="Nowhere")
    rig.settle()
    asked = [entry["path"] for entry in rig.stage.plex.log() if "/refresh" in entry["path"]]
    assert len(asked) == 2
    rig.stage.edit(2, title="Nowhere")
    rig.settle()
    assert len([entry for entry in rig.stage.plex.log() if "/refresh" in entry["path"]]) == 2
