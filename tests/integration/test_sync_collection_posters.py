"""Pictures of studios and groups as posters of the collections that are made of them: when, at what cost, and whose stays."""

import contextlib
import json
import sqlite3
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.pictures import drawn, encoded, sha1
from tests.rig import Rig
from tests.stage import TOKEN

RED, BLUE, GREEN = drawn(color=(200, 30, 30)), drawn(color=(30, 30, 200)), drawn(color=(30, 200, 30))
BY_TEST = "X-Plex-Product=Test"  # in the address of what the test itself asks
LISTING = "GET /library/sections/1/collections"


def ready(open_rig: Callable[..., Rig], count: int = 2, **settings: Any) -> Rig:
    """Scenes of the studio "Child", whose picture is red. Nothing is synced yet."""
    rig = open_rig(
        plex=plex_library(count),
        stash=stash_library(count, studio_id=2),
        settings={**NO_PICTURES, "collections": "studio", "collection_posters": True, **settings},
    )
    set_picture(rig, RED)
    return rig


def set_picture(rig: Rig, data: bytes | None, kind: str = "studio", number: int = 2) -> None:
    image = None if data is None else encoded(data)
    rig.stage.stash.control("set_cover", {"kind": kind, "id": number, "image": image})


def studio_event(rig: Rig) -> None:
    """What a person's edit of the studio fires; the requests that follow are in the log."""
    clear(rig)
    rig.stage.gql('mutation{studioUpdate(input:{id:2,name:"Child"}){id}}')
    rig.settle()


def clear(rig: Rig) -> None:
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()


def synced(rig: Rig) -> Rig:
    give(rig, "sync_all")
    rig.settle()
    return rig


def collection(rig: Rig, title: str = "Child") -> int:
    address = f"{rig.stage.plex.url}/library/sections/1/collections?{BY_TEST}"
    request = urllib.request.Request(address, headers={"X-Plex-Token": TOKEN, "Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        listed = json.load(answer)["MediaContainer"]["Metadata"]
    return next(int(each["ratingKey"]) for each in listed if each["title"] == title)


def shown(rig: Rig, title: str = "Child") -> str:
    gallery = rig.stage.item(collection(rig, title))["galleries"].get("thumb") or {}
    return str(gallery.get("selected") or "")


def uploaded(data: bytes) -> str:
    return f"upload://posters/{sha1(data)}"


def poster_requests(rig: Rig) -> list[str]:
    """To Plex, about collections and their posters, without queries and keys."""
    found = [each.partition("?")[0] for each in rig.stage.plex_requests() if BY_TEST not in each]
    return [
        "/".join("KEY" if part.isdigit() and "/metadata/" in each else part for part in each.split("/"))
        for each in found
        if "/collections" in each or "/poster" in each or "/thumb" in each
    ]


def pictures_asked(rig: Rig) -> list[int]:
    """The statuses of Stash's answers about pictures of studios."""
    return [entry["status"] for entry in rig.stage.stash.log("GET /studio/")]


def person_uploads(rig: Rig, data: bytes = GREEN) -> str:
    request = urllib.request.Request(
        f"{rig.stage.plex.url}/library/metadata/{collection(rig)}/posters",
        data=data,
        headers={"X-Plex-Token": TOKEN, "Content-Type": "image/jpeg"},
    )
    urllib.request.urlopen(request).close()
    return uploaded(data)


POST = "POST /library/metadata/KEY/posters"
LOOK = "GET /library/metadata/KEY/posters"


def test_first_poster_costs_one_listing_and_one_upload(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    assert poster_requests(rig) == [LISTING, POST]
    assert pictures_asked(rig) == [200]
    assert shown(rig) == uploaded(RED)


def test_nothing_is_asked_while_nothing_changes(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    clear(rig)
    rig.stage.edit(1, title="Another")
    rig.settle()
    rig.run_for(3_600)
    assert poster_requests(rig) == []
    assert pictures_asked(rig) == []


def test_event_of_the_studio_alone_costs_plex_nothing(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    studio_event(rig)
    assert pictures_asked(rig) == [304]
    assert rig.stage.plex_requests() == []


def test_changed_picture_is_given_after_the_event(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    set_picture(rig, BLUE)
    studio_event(rig)
    assert poster_requests(rig) == [LOOK, POST]
    assert shown(rig) == uploaded(BLUE)


def test_changed_picture_without_an_event_is_found_by_a_reconcile(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    set_picture(rig, BLUE)
    give(rig, "reconcile")
    assert shown(rig) == uploaded(BLUE)


def test_picture_that_stash_has_no_more_is_taken_back(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    set_picture(rig, None)
    studio_event(rig)
    assert shown(rig) == ""
    set_picture(rig, BLUE)
    studio_event(rig)
    assert shown(rig) == uploaded(BLUE)


def test_default_pictures_are_no_posters(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, collections="studio, parent=Of , groups")
    set_picture(rig, None)
    rig.stage.gql("mutation{sceneUpdate(input:{id:1,groups:[{group_id:1}]}){id}}")
    rig.settle()
    assert poster_requests(rig) == []
    assert pictures_asked(rig) == []


def test_parents_and_groups_have_posters_too(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, collections="studio, parent=Of , groups")
    set_picture(rig, BLUE, "studio", 1)
    set_picture(rig, GREEN, "group", 1)
    rig.stage.gql("mutation{sceneUpdate(input:{id:1,groups:[{group_id:1}]}){id}}")
    rig.settle()
    assert [shown(rig, title) for title in ("Child", "Of Parent", "The Series")] == [
        uploaded(data) for data in (RED, BLUE, GREEN)
    ]
    assert poster_requests(rig).count(LISTING) == 1
    assert poster_requests(rig).count(POST) == 3


def test_off_by_default(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig, collection_posters=False))
    assert poster_requests(rig) == []
    assert pictures_asked(rig) == []
    assert rig.stage.rows("SELECT * FROM collection_posters") == []


def test_switched_on_later_it_comes_with_sync_all(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig, collection_posters=False))
    rig.stage.configure({**rig.stage.settings, "collection_posters": True})
    rig.run_for(60)
    synced(rig)
    assert shown(rig) == uploaded(RED)


@pytest.mark.parametrize("preserve", [False, True])
def test_poster_that_a_person_chose_before(open_rig: Callable[..., Rig], preserve: bool) -> None:
    rig = ready(open_rig, preserve_plex_edits=preserve)
    rig.stage.plex.control("collection", {"section": 1, "title": "Child", "members": [1_002]})
    mine = person_uploads(rig)
    clear(rig)
    synced(rig)
    assert shown(rig) == (mine if preserve else uploaded(RED))
    assert poster_requests(rig)[:2] == [LISTING, LOOK]
    assert poster_requests(rig).count(POST) == (not preserve)
    give(rig, "undo")
    assert shown(rig) == mine


@pytest.mark.parametrize("preserve", [False, True])
def test_poster_that_a_person_chose_since(open_rig: Callable[..., Rig], preserve: bool) -> None:
    rig = synced(ready(open_rig, preserve_plex_edits=preserve))
    mine = person_uploads(rig)
    studio_event(rig)
    assert shown(rig) == mine
    set_picture(rig, BLUE)
    studio_event(rig)
    assert shown(rig) == (mine if preserve else uploaded(BLUE))
    assert poster_requests(rig).count(POST) == (not preserve)


def test_poster_left_alone_is_replaced_once_preserve_is_off(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig, preserve_plex_edits=True))
    person_uploads(rig)
    set_picture(rig, BLUE)
    studio_event(rig)
    rig.stage.configure({**rig.stage.settings, "preserve_plex_edits": False})
    rig.run_for(60)
    assert shown(rig) == uploaded(BLUE)


def test_undo_takes_the_poster_away_where_none_was(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig)
    rig.stage.plex.control("collection", {"section": 1, "title": "Child", "members": [1_002]})
    synced(rig)
    assert shown(rig) == uploaded(RED)
    clear(rig)
    message = give(rig, "undo")["message"]
    assert "1 collection with the poster of before" in message
    assert shown(rig) == ""
    assert poster_requests(rig) == [LOOK, "DELETE /library/metadata/KEY/thumb"]
    assert rig.stage.rows("SELECT * FROM collection_posters") == []


def test_picture_that_is_under_way_when_the_worker_dies_is_known_as_ours(
    open_rig: Callable[..., Rig],
) -> None:
    rig = synced(ready(open_rig))
    with contextlib.closing(sqlite3.connect(rig.folder.state)) as connection, connection:
        connection.execute(
            "UPDATE collection_posters SET sending = sha1, sha1 = '', etag = '', due = 1, saved = ''"
        )
    clear(rig)
    rig.start_worker()
    rig.settle()
    assert poster_requests(rig) == [LOOK]
    (row,) = rig.stage.rows("SELECT sha1, sending, due, saved FROM collection_posters")
    assert row == {"sha1": sha1(RED), "sending": "", "due": 0, "saved": ""}


def test_trouble_with_a_picture_fails_no_scene_and_is_told_once(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig, count=3)
    set_picture(rig, b"not a picture at all")
    synced(rig)
    studio_event(rig)
    assert [row["state"] for row in rig.stage.rows("SELECT state FROM jobs")] == ["done"] * 3
    told = [row["text"] for row in rig.stage.rows("SELECT text FROM notices")]
    assert len([text for text in told if "The picture of studio 2" in text]) == 1
    assert poster_requests(rig) == []


def test_collection_that_is_not_there_yet_is_looked_for_again(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    rig.stage.plex.control("remove_item", {"ratingKey": collection(rig)})
    set_picture(rig, BLUE)
    studio_event(rig)
    assert poster_requests(rig) == [LOOK, LISTING]
    rig.stage.plex.control("collection", {"section": 1, "title": "Child", "members": [1_001, 1_002]})
    clear(rig)
    rig.run_for(60)
    assert poster_requests(rig) == [LOOK, LISTING, POST]
    assert shown(rig) == uploaded(BLUE)


def test_key_that_another_item_has_got_leads_to_no_poster_there(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    key = collection(rig)
    rig.stage.plex.control("remove_item", {"ratingKey": key})
    film = {"ratingKey": key, "title": "A film", "file": "/videos/9.mp4", "size": 9}
    rig.stage.plex.control("add_item", {"section": 1, "item": film})
    set_picture(rig, BLUE)
    studio_event(rig)
    assert poster_requests(rig) == [LOOK, LISTING]


def test_trouble_of_plex_fails_no_scene_and_ends_with_the_poster(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig)
    rig.stage.plex.fault("status", match="POST ", status=500, times=1)
    synced(rig)
    assert [row["state"] for row in rig.stage.rows("SELECT state FROM jobs")] == ["done"] * 2
    assert poster_requests(rig) == [LISTING, POST]
    assert shown(rig) == ""
    clear(rig)
    rig.run_for(130)
    assert poster_requests(rig) == [LOOK, POST]
    assert shown(rig) == uploaded(RED)


def test_posters_come_when_no_scene_waits(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig, count=5))
    requests = [each.partition("?")[0] for each in rig.stage.plex_requests()]
    assert max(n for n, each in enumerate(requests) if each.startswith("PUT ")) < requests.index(LISTING)


def test_undo_passes_over_a_collection_that_plex_fails_at(open_rig: Callable[..., Rig]) -> None:
    rig = ready(open_rig)
    rig.stage.plex.control("collection", {"section": 1, "title": "Child", "members": [1_002]})
    synced(rig)
    rig.stage.plex.fault("status", match=f"GET /library/metadata/{collection(rig)}/posters", status=500)
    order = give(rig, "undo")
    rig.run_for(900)
    (after,) = rig.stage.rows("SELECT state FROM orders WHERE id = ?", order["id"])
    assert after["state"] == "done"
    assert rig.stage.rows("SELECT * FROM collection_posters") == []


def test_undo_of_one_scene_leaves_the_poster_to_the_others(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig))
    give(rig, "undo", 1)
    assert shown(rig) == uploaded(RED)


def test_scenes_that_would_get_posters_by_the_setting_are_told(open_rig: Callable[..., Rig]) -> None:
    rig = synced(ready(open_rig, collection_posters=False))
    rig.stage.configure({**rig.stage.settings, "collection_posters": True})
    rig.run_for(60)
    told = [line for line in rig.stage.log_lines() if "Settings have changed" in line]
    assert len(told) == 1
    assert "(collection_posters), and 2 scenes would show something else" in told[0]
