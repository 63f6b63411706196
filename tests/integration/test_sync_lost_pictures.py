"""Pictures of ours that Plex does not show any more: found at what cost, given again, or left where a person chose."""

import urllib.request
from collections.abc import Callable

import pytest

from tests.image_runs import DETAILS, KEY, RED, person_uploads, requests, shown, synced
from tests.integration.orders import give
from tests.pictures import sha1
from tests.rig import Rig
from tests.stage import TOKEN


def remove_picture(rig: Rig, field: str = "thumb") -> None:
    """A person takes the picture away in Plex."""
    request = urllib.request.Request(
        f"{rig.stage.plex.url}/library/metadata/{KEY}/{field}",
        method="DELETE",
        headers={"X-Plex-Token": TOKEN},
    )
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("field", ["thumb", "art"])
def test_picture_that_plex_has_lost_is_given_again_by_a_reconcile(rig: Rig, field: str) -> None:
    synced(rig)
    ours = shown(rig, field)
    remove_picture(rig, field)
    assert "1 with a picture to look at" in give(rig, "reconcile")["message"]
    assert shown(rig, field) == ours


def test_pictures_come_back_when_plex_has_rebuilt_its_database(rig: Rig) -> None:
    synced(rig)
    rig.stage.plex.control("remove_item", {"ratingKey": KEY})
    item = {"ratingKey": KEY, "title": "as scanned", "file": "/media/scenes/scene 1.mp4", "size": 1_000_001}
    rig.stage.plex.control("add_item", {"section": 1, "item": item})
    give(rig, "reconcile")
    assert shown(rig) == f"upload://posters/{sha1(RED)}"
    assert shown(rig, "art") == f"upload://arts/{sha1(RED)}"


def test_another_poster_is_replaced_by_a_reconcile_and_saved_for_undo(rig: Rig) -> None:
    synced(rig)
    mine = person_uploads(rig)
    give(rig, "reconcile")
    assert shown(rig) == f"upload://posters/{sha1(RED)}"
    give(rig, "undo")
    assert shown(rig) == mine


@pytest.mark.parametrize("removed", [False, True])
def test_preserve_keeps_another_poster_and_none_where_a_person_took_ours_away(
    open_rig: Callable[..., Rig], removed: bool
) -> None:
    rig = synced(open_rig(settings={"preserve_plex_edits": True}))
    if removed:
        remove_picture(rig)
        chosen = ""
    else:
        chosen = person_uploads(rig)
    for _ in range(2):
        give(rig, "reconcile")
    assert shown(rig) == chosen
    rig.stage.plex.clear_log()
    assert "nothing differs" in give(rig, "reconcile")["message"]
    assert rig.stage.puts() == []


def test_pictures_that_stand_are_looked_at_once_after_each_edit(rig: Rig) -> None:
    synced(rig)
    give(rig, "reconcile")
    assert requests(rig)[-2:] == [f"GET /library/metadata/{KEY}/posters", f"GET /library/metadata/{KEY}/arts"]
    rig.stage.plex.clear_log()
    give(rig, "reconcile")
    assert not [request for request in requests(rig) if "/metadata/" in request]
    rig.stage.edit(1, title="Another")
    rig.settle()
    assert requests(rig)[-2:] == [DETAILS, "PUT /library/sections/1/all"]
