"""A bulk edit of scenes with covers: what Stash and Plex are asked for it, what of that while Plex works, and what a person did between."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.image_runs import BLUE, RED, cover_requests, person_uploads, requests, set_cover, shown, touched
from tests.integration.test_sync_one_ahead import during_put, noted
from tests.pictures import sha1
from tests.rig import Rig
from tests.stage import item_key

SCENES = (1, 2, 3, 4, 5, 6)
ALL = "GET /library/metadata/" + ",".join(str(item_key(scene)) for scene in SCENES)
OURS = f"upload://posters/{sha1(RED)}"
PUT = "PUT /library/sections/1/all"


@pytest.fixture
def covered(open_rig: Callable[..., Rig]) -> Callable[..., Rig]:
    """Scenes whose covers Plex shows, after a bulk edit that has seen where; nothing in the logs."""

    def make(**settings: Any) -> Rig:
        rig = open_rig(settings=settings)
        for scene in SCENES:
            set_cover(rig, RED, scene=scene)
            rig.stage.edit(scene, title=f"Title {scene}")
            touched(rig, scene)
        rig.settle()
        bulk(rig, "First")
        return rig

    return make


def bulk(rig: Rig, details: str) -> None:
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()
    rig.stage.plex.control("pass_time", {"seconds": 1})  # Plex and Stash count whole seconds
    rig.stage.bulk_edit(list(SCENES), details=details)
    for scene in SCENES:
        touched(rig, scene)
    rig.settle()


def summaries(rig: Rig) -> set[str]:
    return {rig.stage.item(item_key(scene))["summary"] for scene in SCENES}


def test_bulk_edit_costs_a_write_for_each_scene_and_two_reads_for_all(covered: Callable[..., Rig]) -> None:
    """Plex gives an item's pictures another address with each edit, and asking for them one by one would be two requests each."""
    rig = covered()
    looks = [path for path in requests(rig) if path.endswith(("/posters", "/arts"))]
    assert len(looks) == 2 * len(SCENES), "nobody had seen their addresses since they were given"
    for details in ("Second", "Third"):
        bulk(rig, details)
        assert requests(rig) == [ALL, *[PUT] * len(SCENES), ALL]
        assert cover_requests(rig) == [304] * len(SCENES)
        assert summaries(rig) == {details}
    assert {shown(rig, key=item_key(scene)) for scene in SCENES} == {OURS}


def test_covers_of_the_next_scenes_are_asked_for_while_plex_works(covered: Callable[..., Rig]) -> None:
    rig = covered()
    seen: list[tuple[int, bool, bool]] = []

    def look() -> None:
        seen.append((len(cover_requests(rig)), noted(rig, 2, "Second"), noted(rig, 3, "Second")))

    during_put(rig, 1, look)
    bulk(rig, "Second")
    assert seen == [(3, True, True)], "its own, and those of the next two"


def test_new_cover_that_is_met_ahead_is_asked_for_once_and_given(covered: Callable[..., Rig]) -> None:
    rig = covered()
    set_cover(rig, BLUE, scene=3)
    bulk(rig, "Second")
    assert sorted(cover_requests(rig)) == [200, *[304] * (len(SCENES) - 1)]
    assert shown(rig, key=item_key(3)) == f"upload://posters/{sha1(BLUE)}"
    bulk(rig, "Third")
    assert requests(rig) == [ALL, *[PUT] * len(SCENES), ALL], "the new one's address was seen, too"


@pytest.mark.parametrize("preserve", [False, True])
def test_poster_that_a_person_chose_between_two_bulk_edits_is_found(
    covered: Callable[..., Rig], preserve: bool
) -> None:
    rig = covered(preserve_plex_edits=preserve)
    rig.stage.plex.control("pass_time", {"seconds": 1})
    mine = person_uploads(rig)
    bulk(rig, "Second")
    assert shown(rig) == (mine if preserve else OURS)
    bulk(rig, "Third")
    assert shown(rig) == (mine if preserve else OURS)
    assert summaries(rig) == {"Third"}


def test_cover_that_stash_does_not_hand_out_ahead_is_its_scenes_trouble_alone(
    covered: Callable[..., Rig],
) -> None:
    rig = covered()
    rig.stage.stash.fault("status", status=500, match="GET /scene/3/", times=None)
    bulk(rig, "Second")
    assert summaries(rig) == {"Second"}
    assert [rig.job(scene)["state"] for scene in SCENES] == [
        "done",
        "done",
        "waiting",
        "done",
        "done",
        "done",
    ]
    assert "cover of scene 3" in rig.job(3)["message"]


def test_stash_that_goes_away_while_plex_works_costs_no_scene_anything(covered: Callable[..., Rig]) -> None:
    rig = covered()
    during_put(rig, 1, lambda: rig.stage.stash.fault("status", status=401, match="GET /scene/", times=2))
    bulk(rig, "Second")
    rig.run_for(120)
    assert summaries(rig) == {"Second"}
    assert {rig.job(scene)["state"] for scene in SCENES} == {"done"}


def test_read_that_fails_after_a_bulk_edit_is_no_scenes_failure(covered: Callable[..., Rig]) -> None:
    rig = covered()
    during_put(
        rig,
        len(SCENES),
        lambda: rig.stage.plex.fault("status", status=500, match="GET /library/metadata/", times=2),
    )
    bulk(rig, "Second")
    assert {rig.job(scene)["state"] for scene in SCENES} == {"done"}
    bulk(rig, "Third")
    looks = [path for path in requests(rig) if path.endswith(("/posters", "/arts"))]
    assert len(looks) == 2 * len(SCENES), "as if nobody had seen them"
    assert summaries(rig) == {"Third"}


def test_persons_edit_is_not_kept_waiting_by_the_read_after_a_bulk_edit(covered: Callable[..., Rig]) -> None:
    rig = covered()
    during_put(rig, len(SCENES), lambda: rig.stage.edit(9, title="Mine"))
    bulk(rig, "Second")
    paths = requests(rig)
    assert ALL not in paths[1 : paths.index(PUT, len(SCENES) + 1)]
    assert rig.stage.item(item_key(9))["title"] == "Mine"
