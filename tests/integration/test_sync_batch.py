"""One batch of several scenes: what a while between reading and writing, a busy Plex and many new covers lead to."""

from collections.abc import Callable

import pytest

from plexsync_plugin.jobs import inbox
from tests.image_runs import cover_requests, set_cover, shown, touched
from tests.integration.orders import NO_PICTURES
from tests.pictures import noise, sha1
from tests.rig import Rig
from tests.stage import item_key

ONE, THREE = item_key(1), item_key(3)


def scenes_in_sync(rig: Rig, *scenes: int) -> None:
    for scene in scenes:
        rig.stage.edit(scene, title=f"Title {scene}")
        touched(rig, scene)
    rig.settle()
    rig.stage.plex.clear_log()
    rig.stage.stash.clear_log()


def let_first_write_take(rig: Rig, seconds: float) -> None:
    """Of the next batch, by the worker's clock."""
    assert rig.worker.plex is not None
    gateway = rig.worker.plex.gateway
    put = gateway.put

    def slow_put(target: str) -> None:
        put(target)
        rig.clock.sleep(seconds)
        gateway.put = put  # type: ignore[method-assign]

    gateway.put = slow_put  # type: ignore[method-assign]


def reads_and_writes(rig: Rig) -> list[str]:
    """Of items: "GET 101,103", "PUT 101"."""
    found = []
    for entry in rig.stage.plex.log():
        if entry["path"].startswith("/library/metadata/"):
            found.append(f"{entry['method']} {entry['path'].removeprefix('/library/metadata/')}")
        elif entry["method"] == "PUT":
            found.append(f"PUT {entry['target'].partition('&id=')[2].partition('&')[0]}")
    return found


@pytest.mark.parametrize(
    ("seconds", "between"), [(9.0, []), (11.0, [f"GET {THREE}"])], ids=["still fresh", "read again"]
)
def test_item_that_was_read_more_than_ten_seconds_ago_is_read_again_before_it_is_written(
    open_rig: Callable[..., Rig], seconds: float, between: list[str]
) -> None:
    rig = open_rig(settings=NO_PICTURES)
    scenes_in_sync(rig, 1, 3)
    rig.stage.edit(1, title="One")
    rig.stage.edit(3, title="Three")
    let_first_write_take(rig, seconds)
    rig.run_for(seconds + 1.0)
    assert reads_and_writes(rig) == [f"GET {ONE},{THREE}", f"PUT {ONE}", *between, f"PUT {THREE}"]
    assert [rig.stage.item(key)["title"] for key in (ONE, THREE)] == ["One", "Three"]


def test_pause_that_plex_asks_for_holds_the_other_jobs_too(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    scenes_in_sync(rig, 1, 3)
    busy = {"status": 503, "headers": {"Retry-After": "120"}}
    rig.stage.plex.fault("status", **busy, match="PUT /library/", times=1)
    rig.stage.edit(1, title="One")
    rig.stage.edit(3, title="Three")
    rig.run_for(110)
    assert reads_and_writes(rig) == [f"GET {ONE},{THREE}", f"PUT {ONE}"]
    rig.run_for(60)
    assert [rig.stage.item(key)["title"] for key in (ONE, THREE)] == ["One", "Three"]


def test_pause_that_plex_asks_for_when_a_batch_is_read_holds_its_jobs(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    scenes_in_sync(rig, 1, 3)
    busy = {"status": 429, "headers": {"Retry-After": "120"}}
    rig.stage.plex.fault("status", **busy, match="GET /library/metadata/", times=None)
    rig.stage.edit(1, title="One")
    rig.stage.edit(3, title="Three")
    rig.run_for(110)
    assert set(reads_and_writes(rig)) == {f"GET {ONE},{THREE}"}  # tried again within the one read alone
    rig.stage.plex.clear_faults()
    rig.run_for(60)
    assert [rig.stage.item(key)["title"] for key in (ONE, THREE)] == ["One", "Three"]


def test_new_covers_of_a_batch_are_held_up_to_eight_megabytes_and_the_rest_asked_for_again(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"skip_background": True})
    scenes_in_sync(rig, 1, 2, 3)
    covers = {scene: noise(1_000 + scene, 1_000) for scene in (1, 2, 3)}  # three megabytes each
    for scene, cover in covers.items():
        set_cover(rig, cover, scene=scene)
        touched(rig, scene)
        rig.worker.store.bump([scene], priority=0, now=rig.clock.now())
    rig.settle()
    assert [shown(rig, key=item_key(scene)) for scene in covers] == [
        f"upload://posters/{sha1(cover)}" for cover in covers.values()
    ]
    assert cover_requests(rig) == [200] * 4  # the third, which was too much to hold, twice


def test_order_about_the_queue_ends_the_batch_after_the_job_in_hand(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    scenes_in_sync(rig, 1, 3)
    rig.stage.bulk_edit([1, 3], studio_id="1")
    assert rig.worker.plex is not None
    gateway = rig.worker.plex.gateway
    put = gateway.put

    def put_and_order(target: str) -> None:
        put(target)
        row = {"v": 1, "kind": "command", "name": "clear_queue", "ids": [], "args": {"ticket": "t"}}
        inbox.put(rig.folder, row, rig.clock)

    gateway.put = put_and_order  # type: ignore[method-assign]
    rig.settle()
    assert reads_and_writes(rig) == [f"GET {ONE},{THREE}", f"PUT {ONE}"]


def test_second_item_of_a_scene_is_read_again_when_the_first_took_long(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    second = {"path": "/data/videos/second.mp4", "size": 4_321}
    rig.stage.plex.control(
        "add_item",
        {
            "section": 1,
            "item": {"ratingKey": 900, "title": "agent", "file": "/media/videos/second.mp4", "size": 4_321},
        },
    )
    rig.stage.stash.control("scan_changed", {"scenes": [{"id": 1, "add": second}]})
    scenes_in_sync(rig, 1)
    assert rig.stage.item(900)["title"] == rig.stage.item(ONE)["title"]
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="One")
    let_first_write_take(rig, 11.0)
    rig.run_for(12.0)
    first, second_key = ONE, 900
    assert reads_and_writes(rig) == [
        f"GET {first},{second_key}",
        f"PUT {first}",
        f"GET {first},{second_key}",
        f"PUT {second_key}",
    ]
