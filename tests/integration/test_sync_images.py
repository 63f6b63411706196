"""Covers become posters and backgrounds: what reaches Plex, in how many requests, and what is left alone."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from plexsync_plugin.worker.pictures.fit_cover import CoverFitter
from tests.image_runs import (
    BLUE,
    DETAILS,
    KEY,
    RED,
    UPLOADS,
    cover_requests,
    locks,
    person_uploads,
    requests,
    save_again,
    set_cover,
    shown,
    synced,
    uploads,
    without_pictures,
)
from tests.integration.orders import give
from tests.pictures import drawn, sha1
from tests.rig import Rig
from tests.stage import STASH_LIBRARY


def test_cover_becomes_poster_and_background_locked_in_the_one_put(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(plex=without_pictures())
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert shown(rig) == f"upload://posters/{sha1(RED)}"
    assert shown(rig, "art") == f"upload://arts/{sha1(RED)}"
    assert locks(rig) == {"thumb", "art"}
    assert requests(rig) == [
        "GET /", "GET /library/sections", "GET /library/sections/1/all", DETAILS, "PUT /library/sections/1/all",
        *UPLOADS,
    ]  # fmt: skip
    (put,) = rig.stage.puts()
    assert put.endswith("&title.value=A%20Title&title.locked=1&thumb.locked=1&art.locked=1")


def test_pictures_are_locked_also_where_plex_does_not_lock_what_is_uploaded(rig: Rig) -> None:
    rig.stage.plex.control("set", {"upload_locks": False})
    synced(rig)
    assert locks(rig) == {"thumb", "art"}


def test_first_cover_of_an_item_with_pictures_reads_once_what_was_selected(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig()
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert rig.stage.plex_paths() == [
        "GET /library/sections/1/all", DETAILS, f"GET /library/metadata/{KEY}/posters", f"GET /library/metadata/{KEY}/arts",
        "PUT /library/sections/1/all", *UPLOADS,
    ]  # fmt: skip
    rows = rig.stage.rows("SELECT element, saved, saved_locked FROM images ORDER BY element")
    assert [row["element"] for row in rows] == ["arts", "posters"]
    assert all(row["saved"].startswith("metadata://") and not row["saved_locked"] for row in rows)


def test_changed_cover_costs_the_shared_read_and_a_look_and_a_post_per_image(rig: Rig) -> None:
    """The look tells whether a person has chosen another picture since, for Undo to give back."""
    synced(rig)
    set_cover(rig, BLUE)
    save_again(rig)
    rig.settle()
    assert requests(rig) == [
        DETAILS, f"GET /library/metadata/{KEY}/posters", UPLOADS[0], f"GET /library/metadata/{KEY}/arts", UPLOADS[1],
    ]  # fmt: skip
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"
    assert cover_requests(rig) == [200]


def test_cover_that_appears_later_locks_in_one_put_of_its_own(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig(plex=without_pictures()), None)
    set_cover(rig, RED)
    save_again(rig)
    rig.settle()
    assert requests(rig) == [DETAILS, "PUT /library/sections/1/all", *UPLOADS]
    assert locks(rig) == {"thumb", "art"}


def test_unchanged_scene_costs_plex_nothing_and_stash_one_304(rig: Rig) -> None:
    synced(rig)
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []
    assert cover_requests(rig) == [304]


def test_unchanged_scene_costs_no_upload_after_a_restart_of_the_worker(rig: Rig) -> None:
    synced(rig)
    rig.start_worker()
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_scene_that_stash_has_not_touched_is_not_asked_for_its_cover(rig: Rig) -> None:
    synced(rig)
    rig.worker.store.bump(range(1, 41), priority=1, now=rig.clock.now())
    rig.settle()
    asked = [entry["path"] for entry in rig.stage.stash.log("GET /scene/")]
    assert "/scene/1/screenshot" not in asked
    assert not [request for request in requests(rig) if f"/{KEY}/" in request]


def test_changed_title_with_the_same_cover_sends_no_image(rig: Rig) -> None:
    synced(rig)
    rig.stage.edit(1, title="Another Title")
    rig.settle()
    assert requests(rig) == [DETAILS, "PUT /library/sections/1/all"]
    assert "thumb" not in rig.stage.puts()[0]
    assert cover_requests(rig) == [304]


def test_cover_changed_within_the_second_of_the_last_edit_is_seen(rig: Rig) -> None:
    moment = datetime.fromtimestamp(int(rig.clock.now()), UTC).isoformat()
    for cover in (RED, BLUE):
        set_cover(rig, cover)
        rig.stage.edit(1, title="A Title")
        same = {"kind": "scene", "id": 1, "fields": {"updated_at": moment}}
        rig.stage.stash.control("change", same)
        rig.settle()
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"


def test_poster_that_a_person_chose_stays_until_the_cover_changes(rig: Rig) -> None:
    synced(rig)
    mine = person_uploads(rig)
    rig.stage.plex.clear_log()
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []
    assert shown(rig) == mine


def test_poster_that_a_person_chose_comes_back_by_undo_when_a_changed_cover_has_replaced_it(rig: Rig) -> None:
    synced(rig)
    mine = person_uploads(rig)
    set_cover(rig, BLUE)
    save_again(rig)
    rig.settle()
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"
    give(rig, "undo")
    assert shown(rig) == mine
    assert locks(rig) == {"thumb"}


def test_pictures_of_a_destroyed_scene_are_given_back_where_they_were_all_that_it_gave(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.plex.control("edit_item", {"ratingKey": KEY, "fields": {"title": "A person's"}, "lock": True})
    set_cover(rig, RED)
    save_again(rig)
    rig.settle()
    assert shown(rig) == f"upload://posters/{sha1(RED)}"
    rig.stage.gql("mutation{sceneDestroy(input:{id:1})}")
    rig.settle()
    give(rig, "undo")
    assert shown(rig).startswith("metadata://")
    assert rig.stage.rows("SELECT * FROM images") == []


@pytest.mark.parametrize(("switch", "sent"), [("skip_poster", UPLOADS[1:]), ("skip_background", UPLOADS[:1])])
def test_poster_and_background_can_be_switched_off(
    open_rig: Callable[..., Rig], switch: str, sent: list[str]
) -> None:
    rig = open_rig(settings={switch: True})
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert [request for request in requests(rig) if request.startswith("POST")] == sent
    rig.stage.configure(rig.stage.settings | {switch: False})
    rig.run_for(31)
    save_again(rig)
    rig.settle()
    assert sorted(request for request in requests(rig) if request.startswith("POST")) == sorted(UPLOADS)


def test_without_poster_and_background_no_cover_is_asked_for(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig(settings={"skip_poster": True, "skip_background": True}))
    rig.stage.edit(1, title="Another Title")
    rig.run_for(400)
    assert cover_requests(rig) == []
    assert rig.stage.rows("SELECT * FROM images") == []


def test_scene_with_two_files_gives_its_cover_to_both_items(open_rig: Callable[..., Rig]) -> None:
    stash: dict[str, Any] = json.loads(json.dumps(STASH_LIBRARY))
    scenes = stash["scenes"]
    scenes[0]["files"] += scenes.pop(1)["files"]
    rig = open_rig(stash=stash)
    set_cover(rig, RED)
    rig.stage.edit(1, title="Both")
    rig.settle()
    assert [shown(rig, key=key) for key in (KEY, KEY + 1)] == [f"upload://posters/{sha1(RED)}"] * 2


def test_no_token_and_no_key_stands_in_any_address(rig: Rig) -> None:
    rig.stage.stash.control("auth", {"username": "u", "password": "p", "api_key": "key-of-stash"})
    rig.start_worker(cookie=rig.stage.stash.control("cookie", {"username": "u"}))
    rig.run_for(31)
    set_cover(rig, RED)
    rig.stage.stash.control(
        "change", {"kind": "scene", "id": 1, "fields": {"title": "A Title"}, "touch": True}
    )
    rig.worker.store.bump([1], priority=0, now=rig.clock.now())
    rig.settle()
    assert shown(rig)
    targets = [entry["target"] for log in (rig.stage.plex.log(), rig.stage.stash.log()) for entry in log]
    assert not [target for target in targets if "oken" in target or "key-of-stash" in target]


def test_default_picture_of_stash_is_never_uploaded(rig: Rig) -> None:
    set_cover(rig, None)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert not [request for request in requests(rig) if request.startswith("POST")]
    assert locks(rig) == set()
    assert cover_requests(rig) == [200]


def test_cover_made_later_without_an_event_is_found_by_the_looks(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig(plex=without_pictures()), None)
    rig.run_for(290)
    assert cover_requests(rig) == []
    rig.run_for(20)
    assert cover_requests(rig) == [304]
    assert rig.stage.plex_requests() == []
    set_cover(rig, RED, touch=False)
    rig.run_for(3_500)
    assert cover_requests(rig) == [304]
    rig.run_for(200)
    assert cover_requests(rig) == [304, 200]
    # The last one reads under which address Plex shows them, for all items of a batch.
    assert requests(rig) == [DETAILS, "PUT /library/sections/1/all", *UPLOADS, DETAILS]
    assert shown(rig) == f"upload://posters/{sha1(RED)}"


def test_missing_cover_is_looked_at_three_times_and_then_left(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig(settings={"reconcile_interval": -1}), None)
    rig.run_for(400)
    rig.run_for(3_700)
    rig.clock.sleep(86_000)
    rig.run_for(500)
    rig.clock.sleep(5 * 86_400)
    rig.run_for(10)
    assert cover_requests(rig) == [304, 304, 304]
    assert rig.stage.plex_requests() == []
    assert rig.job(1)["state"] == "done"


def test_look_whose_scene_is_left_out_meanwhile_is_taken_once(rig: Rig) -> None:
    synced(rig, None)
    rig.stage.configure(rig.stage.settings | {"only_organized": True})
    rig.run_for(400)
    generation = rig.job(1)["generation"]
    rig.run_for(60)
    assert rig.job(1)["generation"] == generation
    assert rig.job(1)["state"] == "done"


def test_cover_that_stash_no_longer_has_gives_back_what_plex_showed(rig: Rig) -> None:
    synced(rig)
    set_cover(rig, None)
    save_again(rig)
    rig.settle()
    assert shown(rig).startswith("metadata://")
    assert shown(rig, "art").startswith("metadata://")
    assert locks(rig) == set()
    rig.stage.plex.clear_log()
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_destroyed_scene_is_not_looked_at_any_more(rig: Rig) -> None:
    synced(rig, None)
    rig.stage.gql('mutation{sceneDestroy(input:{id:"1"})}')
    rig.run_for(400)
    assert cover_requests(rig) == []
    assert rig.stage.rows("SELECT * FROM covers WHERE scene_id = 1") == []


def test_preserve_leaves_a_locked_poster_alone_and_replaces_an_unlocked_background(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    mine = person_uploads(rig)
    synced(rig)
    assert uploads(rig) == [mine] == [shown(rig)]
    assert shown(rig, "art") == f"upload://arts/{sha1(RED)}"
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_preserve_replaces_its_own_poster_and_not_one_that_a_person_chose_since(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    synced(rig)
    set_cover(rig, BLUE)
    save_again(rig)
    rig.settle()
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"
    mine = person_uploads(rig, drawn(color=(90, 90, 0)))
    green = drawn(color=(0, 200, 0))
    set_cover(rig, green)
    save_again(rig)
    rig.settle()
    assert shown(rig) == mine
    assert shown(rig, "art") == f"upload://arts/{sha1(green)}"


def test_preserve_keeps_what_a_person_chose_while_the_first_poster_was_cut_off(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    set_cover(rig, RED)
    rig.stage.plex.fault("reset", match=f"(GET|POST) /library/metadata/{KEY}/posters", times=None)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert rig.stage.item(KEY)["title"] == "A Title"
    rig.stage.plex.clear_faults()
    theirs = person_uploads(rig)
    rig.run_for(120)
    assert shown(rig) == theirs
    assert shown(rig, "art") == f"upload://arts/{sha1(RED)}"


@pytest.mark.parametrize("preserve", [True, False], ids=["preserved", "replaced"])
def test_poster_that_a_person_chooses_while_the_fields_take_long_is_known_as_a_persons(
    open_rig: Callable[..., Rig], preserve: bool
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": preserve})
    set_cover(rig, RED)
    rig.run_for(1)
    rig.stage.edit(1, title="A Title")
    assert rig.worker.plex is not None
    gateway = rig.worker.plex.gateway
    put = gateway.put
    chosen: list[str] = []

    def slow_put(target: str) -> None:
        put(target)
        if not chosen:
            chosen.append(person_uploads(rig))
            rig.clock.sleep(11.0)

    gateway.put = slow_put  # type: ignore[method-assign]
    rig.settle()
    assert shown(rig) == (chosen[0] if preserve else f"upload://posters/{sha1(RED)}")
    give(rig, "undo")
    assert shown(rig) == chosen[0]


def test_preserve_switched_off_gives_the_cover_to_what_was_left_alone(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    person_uploads(rig)
    synced(rig)
    rig.stage.configure(rig.stage.settings | {"preserve_plex_edits": False})
    rig.run_for(31)
    save_again(rig)
    rig.settle()
    assert shown(rig) == f"upload://posters/{sha1(RED)}"


def test_portrait_poster_is_composed_and_the_background_is_the_plain_cover(
    open_rig: Callable[..., Rig],
) -> None:
    rig = synced(open_rig(settings={"portrait_posters": True}))
    assert shown(rig) == f"upload://posters/{sha1(CoverFitter().portrait(RED))}"
    assert shown(rig, "art") == f"upload://arts/{sha1(RED)}"
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_portrait_posters_switched_on_changes_posters_alone(rig: Rig) -> None:
    synced(rig)
    rig.stage.configure(rig.stage.settings | {"portrait_posters": True})
    rig.run_for(31)
    save_again(rig)
    rig.settle()
    assert [request for request in requests(rig) if not request.startswith("GET")] == [UPLOADS[0]]
    assert shown(rig) == f"upload://posters/{sha1(CoverFitter().portrait(RED))}"
