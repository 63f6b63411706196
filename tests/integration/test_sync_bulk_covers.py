"""A bulk edit of scenes with covers: what Stash and Plex are asked for it, what of that while Plex works, and what a person did between."""

import gc
from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.jobs import inbox
from plexsync_plugin.worker.scenes.scene_work import SceneWork
from tests.image_runs import BLUE, RED, cover_requests, person_uploads, requests, set_cover, shown, touched
from tests.integration.test_sync_one_ahead import during_put, noted
from tests.pictures import sha1
from tests.rig import Rig
from tests.stage import item_key

SCENES = (1, 2, 3, 4, 5, 6)
OURS = f"upload://posters/{sha1(RED)}"
PUT = "PUT /library/sections/1/all"


def keys(*scenes: int) -> str:
    """The request that reads their items."""
    return "GET /library/metadata/" + ",".join(str(item_key(scene)) for scene in scenes)


ALL = keys(*SCENES)


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


def undo(rig: Rig, scene: int) -> None:
    """While the worker is at something else."""
    row = {"v": 1, "kind": "command", "name": "undo", "ids": [scene], "args": {"ticket": "u"}}
    inbox.put(rig.folder, row, rig.clock)


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


def test_items_of_a_batch_that_was_put_aside_are_not_read_after_a_later_one(
    covered: Callable[..., Rig],
) -> None:
    """Hours may have passed, and what a person chose in them would pass for ours."""
    rig = covered()
    set_cover(rig, BLUE, scene=3)
    during_put(rig, 3, lambda: undo(rig, 3))
    rig.stage.bulk_edit([1, 2, 3], details="Second")
    for scene in (1, 2, 3):
        touched(rig, scene)
    rig.settle()
    assert rig.stage.item(item_key(3))["summary"] == "What the agent found."
    rig.stage.plex.control("pass_time", {"seconds": 1})
    person_uploads(rig)
    rig.stage.plex.clear_log()
    rig.stage.bulk_edit([5, 6], details="Third")
    rig.settle()
    assert requests(rig) == [keys(5, 6), PUT, PUT, keys(5, 6)]
    bulk(rig, "Fourth")
    assert shown(rig) == OURS


def test_pictures_of_a_batch_that_takes_too_long_are_looked_at_again_too(covered: Callable[..., Rig]) -> None:
    rig = covered()
    during_put(rig, 3, lambda: rig.clock.set_back(-11.0))
    bulk(rig, "Second")
    halves = [keys(1, 2, 3, 4, 5, 6), keys(1, 2, 3), keys(4, 5, 6), keys(4, 5, 6)]
    assert [path for path in requests(rig) if path != PUT] == halves
    bulk(rig, "Third")
    assert requests(rig) == [ALL, *[PUT] * len(SCENES), ALL]


def test_cover_of_a_scene_that_has_no_turn_any_more_is_not_asked_for(covered: Callable[..., Rig]) -> None:
    rig = covered()
    gateway: Any = rig.worker.plex.gateway  # type: ignore[union-attr]
    put = gateway.put
    asked: list[int] = []

    def late(target: str) -> None:
        if not asked:
            rig.clock.set_back(-11.0)  # as if Stash had taken so long
        put(target)
        asked.append(len(cover_requests(rig)))

    gateway.put = late
    bulk(rig, "Second")
    assert asked[0] == 1, "its own"
    assert cover_requests(rig) == [304] * len(SCENES)
    assert summaries(rig) == {"Second"}


def test_covers_of_scenes_that_are_done_are_not_kept(covered: Callable[..., Rig]) -> None:
    rig = covered()
    for scene in SCENES:
        set_cover(rig, BLUE, scene=scene)
    held: list[int] = []

    def count() -> None:
        works = [each for each in gc.get_objects() if isinstance(each, SceneWork)]
        held.extend(work.scene.id for work in works if work.pictures is not None)

    during_put(rig, len(SCENES), count)
    bulk(rig, "Second")
    assert held == []
    assert cover_requests(rig) == [200] * len(SCENES)


def test_stash_that_hands_out_no_cover_ahead_is_not_asked_for_others_ahead(
    covered: Callable[..., Rig],
) -> None:
    """Each of them may cost a timeout, while a person's edit waits."""
    rig = covered()
    seen: list[int] = []
    rig.stage.stash.fault("status", status=500, match="GET /scene/2/", times=None)
    during_put(rig, 1, lambda: seen.append(len(cover_requests(rig))))
    bulk(rig, "Second")
    assert seen == [2], "its own, and that of the next one"
    assert summaries(rig) == {"Second"}


def test_bug_met_while_a_cover_is_asked_for_ahead_is_no_other_scenes(covered: Callable[..., Rig]) -> None:
    rig = covered()
    assert rig.worker.plex is not None
    images: Any = rig.worker.plex.current().scenes.ready._images
    peek, left = images.peek, [1]

    def broken(*given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise KeyError("a bug")
        return peek(*given)

    images.peek = broken
    bulk(rig, "Second")
    assert summaries(rig) == {"Second"}
    assert {rig.job(scene)["state"] for scene in SCENES} == {"done"}
    assert len(rig.stage.puts()) == len(SCENES)
