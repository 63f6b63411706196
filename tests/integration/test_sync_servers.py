"""Another Plex server at the same address: told apart by its machine identifier, it starts without history."""

import json
from collections.abc import Callable

from tests.integration.orders import NO_PICTURES, give
from tests.rig import Rig
from tests.sim.process import SimProcess
from tests.stage import TOKEN, item_key

OTHER = "machine-two"


def saved_titles(rig: Rig) -> dict[str, str]:
    """By server, the title of scene 1's item that came before our first write."""
    rows = rig.stage.rows("SELECT server, fields FROM ledger WHERE rating_key = ?", item_key(1))
    return {row["server"]: json.loads(row["fields"])["title"]["saved"]["value"] for row in rows}


def test_other_server_at_the_same_address_starts_with_a_ledger_of_its_own(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    (first,) = saved_titles(rig)
    rig.stage.plex.control("server", {"machineIdentifier": OTHER})
    rig.start_worker()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Second"
    assert saved_titles(rig) == {first: "scene 1", OTHER: "First"}
    side = rig.worker.plex
    assert side is not None
    assert side.current().machine_id == OTHER


def test_what_is_bound_to_a_server_is_made_once(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    assert rig.worker.plex is not None
    bound = rig.worker.plex.current()
    rig.stage.edit(1, title="Second")
    rig.settle()
    assert rig.worker.plex.current() is bound


def shared_library(*keys: int) -> dict[str, object]:
    """Two films with genres of an agent, under these rating keys."""
    items = [
        {
            "ratingKey": key,
            "title": f"film {number}",
            "summary": f"agent's of film {number}",
            "Genre": [f"Genre {number}"],
            "file": f"/videos/{number}.mp4",
            "size": 5_000 + number,
        }
        for number, key in enumerate(keys, 1)
    ]
    return {
        "sections": [{"key": 1, "type": "movie", "title": "Scenes", "locations": ["/videos"], "items": items}]
    }


def test_rating_keys_dealt_anew_start_empty_and_the_old_server_finds_its_history(
    open_rig: Callable[..., Rig],
) -> None:
    """The second server has the films under each other's keys: by key alone each would get the other's genres by an Undo."""
    scenes = [
        {
            "id": n,
            "title": f"Scene {n}",
            "details": "Stash's.",
            "files": [{"path": f"/videos/{n}.mp4", "size": 5_000 + n}],
        }
        for n in (1, 2)
    ]
    tags = [{"id": 1, "name": "Outdoor"}]
    rig = open_rig(
        plex=shared_library(101, 102),
        stash={"scenes": [{**scene, "tag_ids": [1]} for scene in scenes], "tags": tags},
        settings=NO_PICTURES,
    )
    give(rig, "sync_all")
    library = rig.stage.folder / "second.json"
    library.write_text(json.dumps(shared_library(102, 101)), encoding="utf-8")
    first = rig.stage.settings["plex_url"]
    with SimProcess("tests.sim.plex", "--token", TOKEN, "--library", str(library)) as second:
        second.control("server", {"machineIdentifier": OTHER})

        def shown(key: int) -> tuple[str, list[str]]:
            item = second.control("item", {"ratingKey": key})
            return item["title"], [genre["tag"] for genre in item["Genre"]]

        rig.stage.configure({**rig.stage.settings, "plex_url": second.url})
        rig.run_for(31)
        give(rig, "sync_all")
        assert (shown(102), shown(101)) == (("Scene 1", ["Outdoor"]), ("Scene 2", ["Outdoor"]))
        assert "2 Plex items restored" in give(rig, "undo")["message"]
        assert (shown(102), shown(101)) == (("film 1", ["Genre 1"]), ("film 2", ["Genre 2"]))
        assert [rig.stage.item(key)["title"] for key in (101, 102)] == ["Scene 1", "Scene 2"]
        rig.stage.configure({**rig.stage.settings, "plex_url": first})
        rig.run_for(31)
        second.clear_log()
        # What was undone there is undone everywhere until it is edited or synced; its history here is whole.
        give(rig, "sync_all")
        assert "2 Plex items restored" in give(rig, "undo")["message"]
        assert [entry["path"] for entry in second.log("PUT")] == []
    restored = [rig.stage.item(key) for key in (101, 102)]
    assert [item["title"] for item in restored] == ["film 1", "film 2"]
    assert [[genre["tag"] for genre in item["Genre"]] for item in restored] == [["Genre 1"], ["Genre 2"]]


def test_server_swapped_during_an_outage_starts_without_history(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.edit(1, title="First")
    rig.settle()
    rig.stage.plex.down()
    rig.stage.edit(1, title="Second")
    rig.run_for(60)
    rig.stage.plex.up()
    rig.stage.plex.control("server", {"machineIdentifier": OTHER})
    rig.run_for(120)
    assert rig.stage.item(item_key(1))["title"] == "Second"
    assert saved_titles(rig)[OTHER] == "First"
    give(rig, "undo")
    assert rig.stage.item(item_key(1))["title"] == "First"
