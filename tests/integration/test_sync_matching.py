"""How a scene finds its Plex item, and what happens when it does not."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.core.model import File
from plexsync_plugin.jobs import scene_tables
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection
from tests.integration.orders import NO_PICTURES
from tests.libraries import SECTION, library
from tests.rig import Rig
from tests.stage import STASH_LIBRARY, item_key


def copy(rating_key: int, path: str, size: int = 1_000_001, **more: Any) -> dict[str, Any]:
    return {"ratingKey": rating_key, "title": f"item {rating_key}", "file": path, "size": size, **more}


def test_scene_known_to_the_index_is_found_without_asking_plex(rig: Rig) -> None:
    rig.stage.run_task("Index Plex Library")
    rig.stage.plex.clear_log()
    rig.stage.edit(7, title="Seven")
    rig.settle()
    assert rig.stage.plex_paths() == [f"GET /library/metadata/{item_key(7)}", "PUT /library/sections/1/all"]


def test_substring_matches_of_the_file_filter_are_not_mistaken_for_the_file(
    open_rig: Callable[..., Rig],
) -> None:
    others = [copy(300 + n, f"/media/videos/my scene 1.mp4.{n}.mp4") for n in range(150)]
    rig = open_rig(plex=library(*others, copy(700, "/media/videos/scene 1.mp4")))
    rig.stage.edit(1, title="The One")
    rig.settle()
    assert rig.stage.item(700)["title"] == "The One"
    assert len(rig.stage.puts()) == 1


def test_same_name_with_another_size_is_another_file(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library(copy(1, "/a/scene 1.mp4", size=5), copy(2, "/b/scene 1.mp4")))
    rig.stage.edit(1, title="By size")
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (1, 2)] == ["item 1", "By size"]


def test_several_candidates_go_to_a_person_when_matching_is_strict(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library(copy(1, "/a/scene 1.mp4"), copy(2, "/b/scene 1.mp4")))
    rig.stage.edit(1, title="Which?")
    rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "Ambiguous"
    assert "/a/scene 1.mp4" in letter["candidates"]
    assert "/b/scene 1.mp4" in letter["candidates"]
    assert rig.stage.puts() == []
    assert any("scene 1.mp4" in line for line in rig.stage.log_lines())


def test_best_candidate_is_taken_when_matching_is_not_strict(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(
        plex=library(copy(1, "/a/scene 1.mp4"), copy(2, "/mnt/videos/scene 1.mp4")),
        settings={"strict_matching": False},
    )
    rig.stage.edit(1, title="Longest suffix")  # Stash has /data/videos/scene 1.mp4
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (1, 2)] == ["item 1", "Longest suffix"]


def test_file_that_plex_has_not_scanned_yet_is_looked_for_on_a_schedule(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library())
    rig.stage.edit(1, title="Not there yet")
    rig.settle()
    assert (rig.job(1)["reason"], rig.job(1)["attempts"]) == ("ItemMissing", 0)
    rig.stage.plex.control("add_item", {"section": 1, "item": copy(900, "/media/videos/scene 1.mp4")})
    rig.run_for(290)
    assert rig.stage.puts() == []
    rig.run_for(20)
    assert rig.stage.item(900)["title"] == "Not there yet"


def test_file_that_never_comes_ends_on_the_list_of_failed_scenes(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library())
    rig.stage.edit(1, title="Nowhere")
    rig.settle()
    for pause in (300, 3_600, 21_600, 86_400):
        assert rig.job(1)["state"] == "waiting"
        rig.clock.sleep(pause)
        rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "ItemMissing"
    assert "scene 1.mp4" in letter["message"]
    assert rig.stage.rows("SELECT * FROM outages") == []  # never counted by the breaker


def test_item_added_again_under_another_key_is_found_again(rig: Rig) -> None:
    rig.stage.edit(1, title="First")
    rig.settle()
    fresh = rig.stage.plex.control("rekey_item", {"ratingKey": item_key(1)})["ratingKey"]
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.item(fresh)["title"] == "Second"


def test_item_that_no_longer_holds_the_file_is_not_written(rig: Rig) -> None:
    rig.stage.edit(1, title="First")
    rig.settle()
    rig.stage.plex.control(
        "replace_file", {"ratingKey": item_key(1), "file": "/media/videos/other.mp4", "size": 7}
    )
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.puts() == []
    assert rig.job(1)["reason"] == "ItemMissing"


def test_unknown_library_name_is_one_sentence_that_names_the_setting(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"plex_library": "Films"})
    rig.stage.edit(1, title="Waits")
    rig.run_for(5)
    assert rig.stage.puts() == []
    lines = [line for line in rig.stage.log_lines() if "plex_library" in line]
    assert len(lines) == 1
    assert "Scenes" in lines[0]  # what there is
    rig.stage.configure(rig.stage.settings | {"plex_library": "scenes"})
    rig.run_for(31)
    assert rig.stage.item(item_key(1))["title"] == "Waits"


def test_first_contact_costs_filter_details_and_put(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(7, title="Seven")
    rig.settle()
    assert [request.partition("?")[0] for request in rig.stage.plex_requests()] == [
        "GET /",
        "GET /library/sections",
        "GET /library/sections/1/all",
        f"GET /library/metadata/{item_key(7)}",
        "PUT /library/sections/1/all",
    ]


def test_file_name_with_a_comma_is_found_where_commas_mean_or(open_rig: Callable[..., Rig]) -> None:
    stash = {"scenes": [{"id": 1, "files": [{"path": "/data/one, two.mp4", "size": 5}]}]}
    rig = open_rig(plex=library(copy(9, "/media/one, two.mp4", 5)), stash=stash)
    rig.stage.edit(1, title="Found")
    rig.settle()
    assert rig.stage.item(9)["title"] == "Found"
    (asked,) = [request for request in rig.stage.plex_requests() if "file=" in request]
    assert "file=%20two.mp4" in asked


def test_key_that_only_the_index_knows_is_looked_for_anew_at_once(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.run_task("Index Plex Library")
    fresh = rig.stage.plex.control("rekey_item", {"ratingKey": item_key(1)})["ratingKey"]
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Moved")
    rig.settle()
    assert rig.stage.item(fresh)["title"] == "Moved"
    assert rig.stage.plex_paths() == [
        f"GET /library/metadata/{item_key(1)}",
        "GET /library/sections/1/all",
        f"GET /library/metadata/{fresh}",
        "PUT /library/sections/1/all",
    ]


def test_match_that_is_forgotten_is_known_from_what_was_written(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    with contextlib.closing(open_state(rig.folder.state)) as state:
        scene_tables.forget(state, [1])
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Second"
    paths = [request.partition("?")[0] for request in rig.stage.plex_requests()]
    assert paths == [f"GET /library/metadata/{item_key(1)}", "PUT /library/sections/1/all"]


def two_libraries(*episodes: dict[str, Any], films: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    show = {"title": "Show", "children": [{"index": 1, "children": list(episodes)}]}
    series = {"key": 2, "type": "show", "title": "Series", "locations": ["/series"], "items": [show]}
    return {"sections": [{**SECTION, "items": list(films)}, series]}


TWO_FILES = {
    "scenes": [
        {"id": 1, "files": [{"path": "/data/a.mp4", "size": 5}, {"path": "/data/b.mp4", "size": 6}]},
        {"id": 2, "files": [{"path": "/data/c.mp4", "size": 7}]},
    ]
}


def test_every_item_that_holds_a_file_of_the_scene_is_updated_in_every_library(
    open_rig: Callable[..., Rig],
) -> None:
    plex = two_libraries(copy(20, "/series/b.mp4", 6), films=(copy(10, "/media/a.mp4", 5),))
    rig = open_rig(plex=plex, stash=TWO_FILES, settings={"plex_library": "Scenes, Series", **NO_PICTURES})
    rig.stage.edit(1, title="Both")
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (10, 20)] == ["Both", "Both"]
    assert [put.partition("&")[0] for put in rig.stage.puts()] == [
        "PUT /library/sections/1/all?type=1",
        "PUT /library/sections/2/all?type=4",
    ]


def test_file_that_comes_into_plex_later_is_updated_with_the_next_edit(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library(copy(10, "/media/a.mp4", 5)), stash=TWO_FILES)
    rig.stage.edit(1, title="One")
    rig.settle()
    rig.stage.plex.control("add_item", {"section": 1, "item": copy(11, "/media/b.mp4", 6)})
    rig.stage.edit(1, title="Both")
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (10, 11)] == ["Both", "Both"]


def test_library_that_is_not_named_is_not_written_even_if_it_was(open_rig: Callable[..., Rig]) -> None:
    plex = two_libraries(copy(20, "/series/b.mp4", 6), films=(copy(10, "/media/a.mp4", 5),))
    rig = open_rig(plex=plex, stash=TWO_FILES, settings={"plex_library": ""})
    rig.stage.edit(1, title="Both")
    rig.settle()
    rig.stage.configure(rig.stage.settings | {"plex_library": "Series"})
    rig.run_for(31)
    rig.stage.edit(1, title="Series only")
    rig.settle()
    assert [rig.stage.item(key)["title"] for key in (10, 20)] == ["Both", "Series only"]


def shared_item(*files: str) -> dict[str, Any]:
    sizes = {"a.mp4": 5, "b.mp4": 6, "c.mp4": 7}
    listed = [{"file": f"/media/{name}", "size": sizes.get(name, 99)} for name in files]
    return library({"ratingKey": 10, "title": "shared", "files": listed})


class NotingClient(StashClient):
    """Notes the names of the files that Stash is asked about."""

    def __init__(self, connection: StashConnection) -> None:
        super().__init__(connection)
        self.asked: list[str] = []

    def files_like(self, name: str) -> dict[int, tuple[File, ...]]:
        self.asked.append(name)
        return super().files_like(name)


def note_questions(rig: Rig) -> list[str]:
    """Names of the files that Stash is asked about from now on."""
    client = NotingClient(rig.worker.stash.connection)
    rig.worker.stash._client = client
    return client.asked


def test_item_of_two_scenes_belongs_to_the_scene_of_its_first_file_synced_or_not(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=shared_item("c.mp4", "a.mp4"), stash=TWO_FILES)
    asked = note_questions(rig)
    rig.stage.edit(1, title="Not mine")
    rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert (letter["scene_id"], letter["reason"]) == (1, "Ambiguous")
    assert "scene 2" in letter["message"]
    assert asked == ["a.mp4", "c.mp4"]  # neither is at its exact place
    rig.stage.edit(2, title="Mine")
    rig.settle()
    assert rig.stage.item(10)["title"] == "Mine"
    assert asked == ["a.mp4", "c.mp4", "c.mp4"]


def test_item_whose_first_file_is_no_scene_s_belongs_to_the_scene_it_holds(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=shared_item("trailer.mp4", "c.mp4"), stash=TWO_FILES)
    rig.stage.edit(2, title="Mine")
    rig.settle()
    assert rig.stage.item(10)["title"] == "Mine"


def test_item_whose_first_file_is_no_scene_s_belongs_to_the_first_scene_it_holds(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=shared_item("trailer.mp4", "c.mp4", "a.mp4"), stash=TWO_FILES)
    rig.stage.edit(1, title="Not mine")
    rig.stage.edit(2, title="Mine")
    rig.settle()
    assert [letter["scene_id"] for letter in rig.stage.rows("SELECT scene_id FROM dead_letters")] == [1]
    assert rig.stage.item(10)["title"] == "Mine"


def test_item_that_lost_the_file_of_its_scene_belongs_to_the_one_that_is_left(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(plex=shared_item("c.mp4", "a.mp4"), stash=TWO_FILES)
    rig.stage.edit(2, title="Of two")
    rig.settle()
    assert rig.stage.item(10)["title"] == "Of two"
    rig.stage.plex.control("replace_file", {"ratingKey": 10, "file": "/media/trailer.mp4", "size": 99})
    rig.stage.edit(1, title="Of one")
    rig.settle()
    assert rig.stage.rows("SELECT * FROM dead_letters") == []
    assert rig.stage.item(10)["title"] == "Of one"


@pytest.mark.parametrize("fault", [("status", {"status": 500}), ("reset", {}), ("truncate", {})])
@pytest.mark.parametrize("skip", [False, True])
def test_trouble_while_searching_is_never_not_found(
    open_rig: Callable[..., Rig], fault: tuple[str, dict[str, Any]], skip: bool
) -> None:
    rig = open_rig(settings={"skip_unmatched": skip})
    kind, options = fault
    rig.stage.plex.fault(kind, match="GET /library/sections/1/all", times=None, **options)
    rig.stage.edit(1, title="Waits")
    rig.run_for(20)
    job = rig.job(1)
    assert (job["state"], job["looks"]) == ("waiting", 0)
    assert job["reason"] in ("PlexTrouble", "PlexUnavailable", "NotPlex")
    rig.stage.plex.clear_faults()
    rig.run_for(700)
    assert rig.stage.item(item_key(1))["title"] == "Waits"


def test_file_of_another_size_is_named_in_the_reason(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=library(copy(1, "/media/scene 1.mp4", size=5)))
    rig.stage.edit(1, title="Another")
    rig.settle()
    assert "'/media/scene 1.mp4', has another size (5 bytes)" in rig.job(1)["message"]


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
    plex = library(
        {"ratingKey": 7, "title": "item", "file": f"/media/{name}", "size": 5}, locations=["/media"]
    )
    rig = open_rig(plex=plex, stash=stash)
    rig.stage.edit(1, title="Found")
    rig.settle()
    assert rig.stage.item(7)["title"] == "Found"
