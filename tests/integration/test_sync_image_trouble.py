"""Images that cannot be had, sent or used, uploads cut off anywhere, and pictures given back."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.base.errors import PlexUnavailable
from plexsync_plugin.worker.pictures.restore_pictures import restore_pictures
from tests.image_runs import (
    BLUE,
    KEY,
    RED,
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
from tests.pictures import noise, sha1
from tests.rig import Rig
from tests.stage import item_key


@pytest.mark.parametrize("when", ["before", "after"])
def test_upload_whose_answer_is_lost_is_made_good_and_leaves_one_picture(rig: Rig, when: str) -> None:
    synced(rig)
    rig.stage.plex.fault("reset", match="POST /", times=1, when=when)
    set_cover(rig, BLUE)
    save_again(rig)
    rig.run_for(120)
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"
    assert shown(rig, "art") == f"upload://arts/{sha1(BLUE)}"
    assert uploads(rig) == [f"upload://posters/{sha1(data)}" for data in (RED, BLUE)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("request_of", ["PUT /library/sections", "GET .*/posters", "POST /"])
def test_first_upload_cut_off_anywhere_still_knows_what_was_there_before(
    open_rig: Callable[..., Rig], request_of: str, when: str
) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.plex.fault("reset", match=request_of, times=3, when=when)
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.run_for(600)
    assert shown(rig) == f"upload://posters/{sha1(RED)}"
    rows = rig.stage.rows("SELECT saved, saved_locked, sending FROM images")
    assert all(row["saved"].startswith("metadata://") for row in rows)
    assert [(row["saved_locked"], row["sending"]) for row in rows] == [(0, "")] * 2


def test_failing_image_holds_back_no_field_and_sends_none_again(rig: Rig) -> None:
    rig.stage.plex.fault("status", status=500, match="POST /", times=1)
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert rig.stage.item(KEY)["title"] == "A Title"
    assert rig.job(1)["reason"] == "PlexTrouble"
    rig.run_for(120)
    assert shown(rig) == f"upload://posters/{sha1(RED)}"
    assert len(rig.stage.puts()) == 1


def test_image_that_plex_refuses_is_a_dead_letter_and_the_fields_are_there(rig: Rig) -> None:
    rig.stage.plex.fault("status", status=413, match="POST /", times=1)
    set_cover(rig, RED)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert rig.stage.item(KEY)["title"] == "A Title"
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "Rejected"


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 500}, {"kind": "reset"}, {"kind": "truncate"}]
)
def test_cover_that_stash_cannot_hand_out_holds_up_neither_its_fields_nor_others(
    open_rig: Callable[..., Rig], fault: dict[str, Any]
) -> None:
    rig = open_rig(settings={"max_retries": 2})
    rig.stage.stash.fault(match="GET /scene/1/", times=None, **fault)
    for scene in (1, 2):
        set_cover(rig, RED, scene=scene)
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.run_for(60)
    assert [rig.stage.item(item_key(scene))["title"] for scene in (1, 2)] == ["Title 1", "Title 2"]
    assert shown(rig, key=item_key(2)) == f"upload://posters/{sha1(RED)}"
    (letter,) = rig.stage.rows("SELECT scene_id, reason FROM dead_letters")
    assert letter == {"scene_id": 1, "reason": "PictureUnavailable"}


def test_scenes_in_sync_are_not_held_up_by_one_whose_cover_cannot_be_had(rig: Rig) -> None:
    for scene in (1, 2, 3):
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.settle()
    rig.stage.stash.fault("status", status=500, match="GET /scene/1/", times=None)
    for scene in (1, 2, 3):
        set_cover(rig, RED, scene=scene)
    rig.stage.bulk_edit([1, 2, 3], organized=True)
    rig.run_for(20)
    assert [bool(shown(rig, key=item_key(scene))) for scene in (1, 2, 3)] == [False, True, True]


def test_stash_gone_while_a_cover_is_asked_for_loses_nothing(rig: Rig) -> None:
    synced(rig)
    rig.stage.stash.fault(
        "status", status=302, match="GET /scene/1/", times=1, headers={"Location": "/login"}
    )
    set_cover(rig, BLUE)
    save_again(rig)
    rig.run_for(40)
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"
    assert rig.job(1)["attempts"] == 0


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0 not a JPEG", b"GIF89a and nothing", b"\0" * 100], ids=["jpeg", "gif", "zeros"]
)
def test_broken_cover_counts_as_none_and_is_told_once(rig: Rig, data: bytes) -> None:
    for scene in (1, 2):
        set_cover(rig, data, scene=scene)
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.settle()
    assert rig.stage.item(KEY)["title"] == "Title 1"
    assert [rig.job(scene)["state"] for scene in (1, 2)] == ["done", "done"]
    assert not [request for request in requests(rig) if request.startswith("POST")]
    lines = [line for line in rig.stage.log_lines() if "cover" in line]
    assert len(lines) == 1
    rig.stage.plex.clear_log()
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []


def test_cover_over_ten_megabytes_arrives_smaller(rig: Rig) -> None:
    large = noise(2_400, 1_500)
    set_cover(rig, large)
    rig.stage.edit(1, title="A Title")
    rig.settle()
    assert len(uploads(rig)) == 1
    assert sha1(large) not in shown(rig)
    rig.stage.plex.clear_log()
    save_again(rig)
    rig.settle()
    assert rig.stage.plex_requests() == []


def restore(rig: Rig) -> int:
    assert rig.worker.plex is not None
    plex = rig.worker.plex
    return restore_pictures(KEY, plex.current().pictures.records, plex.gateway)


def test_restore_selects_what_was_there_and_unlocks_it(rig: Rig) -> None:
    synced(rig)
    assert restore(rig) == 3
    assert requests(rig) == [
        f"GET /library/metadata/{KEY}/arts", f"PUT /library/metadata/{KEY}/art",
        f"GET /library/metadata/{KEY}/posters", f"PUT /library/metadata/{KEY}/poster",
        "PUT /library/sections/1/all",
    ]  # fmt: skip
    assert shown(rig).startswith("metadata://posters/")
    assert shown(rig, "art").startswith("metadata://arts/")
    assert locks(rig) == set()
    rig.stage.plex.clear_log()
    assert restore(rig) == 0
    assert rig.stage.plex_requests() == []


def test_restore_takes_the_picture_from_an_item_that_had_none(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig(plex=without_pictures()))
    assert restore(rig) == 3
    assert (shown(rig), shown(rig, "art")) == ("", "")
    assert locks(rig) == set()


def test_restore_keeps_the_lock_that_was_there(rig: Rig) -> None:
    person_uploads(rig)
    synced(rig)
    restore(rig)
    assert locks(rig) == {"thumb"}


def test_restore_leaves_what_a_person_has_chosen_since(rig: Rig) -> None:
    synced(rig)
    person_uploads(rig, BLUE)
    restore(rig)
    assert shown(rig) == f"upload://posters/{sha1(BLUE)}"
    assert locks(rig) == {"thumb"}


def test_restore_cut_off_before_the_lock_is_finished_by_the_next(open_rig: Callable[..., Rig]) -> None:
    rig = synced(open_rig())
    rig.stage.plex.fault("reset", match="PUT /library/sections", times=1)
    with pytest.raises(PlexUnavailable):
        restore(rig)
    assert locks(rig) == {"thumb", "art"}
    assert restore(rig) == 1
    assert locks(rig) == set()


def test_restore_of_an_item_that_is_gone_forgets_it(rig: Rig) -> None:
    synced(rig)
    rig.stage.plex.control("remove_item", {"ratingKey": KEY})
    assert restore(rig) == 0
    assert rig.stage.rows("SELECT * FROM images") == []


def test_cover_is_given_anew_to_an_item_that_was_added_again(rig: Rig) -> None:
    synced(rig)
    again = rig.stage.plex.control("rekey_item", {"ratingKey": KEY})["ratingKey"]
    rig.stage.edit(1, title="Another Title")
    rig.run_for(60)
    assert shown(rig, key=again) == f"upload://posters/{sha1(RED)}"
