"""Live from Plex: what its events lead to, with how many requests, and that nothing depends on them alone."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from plexsync_plugin.core.model import Item
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.live.bell import PlayEnd
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from tests.integration.orders import NO_PICTURES, give
from tests.libraries import plex_library, stash_library
from tests.rig import Rig

STREAM = "GET /:/eventsource/notifications"
DETAILS = "GET /library/metadata/"
PATIENCE = 60.0


def until(true: Callable[[], bool]) -> None:
    """In real time, as events come, while the worker's stands."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def listen(rig: Rig) -> None:
    """Until the worker hears Plex, has dealt with all that it heard, and nothing is in the log."""
    rig.worker.turn()
    until(lambda: rig.worker.live.bell.stands)
    rig.settle()
    rig.run_until(lambda: not rig.worker.live.bell.rings, "quiet")
    rig.stage.plex.clear_log()


def hear(rig: Rig, events: int) -> None:
    """So many more events, and what follows from them."""
    bell = rig.worker.live.bell
    until(lambda: bell.heard >= hear_from[id(bell)] + events)
    hear_from[id(bell)] = bell.heard
    rig.run_for(3.0)
    rig.settle()


hear_from: dict[int, int] = {}


def expect_from_now(rig: Rig) -> None:
    """Events that come from now on count."""
    hear_from[id(rig.worker.live.bell)] = rig.worker.live.bell.heard


def reads(rig: Rig) -> list[int]:
    """How many items each request for details named."""
    return [entry["path"].count(",") + 1 for entry in rig.stage.plex.log(DETAILS)]


def others(rig: Rig) -> list[str]:
    """Requests that are neither details nor edits."""
    return [
        request
        for request in rig.stage.plex_paths()
        if not request.startswith((DETAILS, "PUT /library/sections/1/all"))
    ]


def new_item(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "ratingKey": 2_000 + number,
        "title": "late",
        "file": f"/videos/{number}.mp4",
        "size": 5_000 + number,
        **fields,
    }


def add(rig: Rig, *numbers: int) -> None:
    rig.stage.plex.control("add_item", {"section": 1, "items": [new_item(number) for number in numbers]})


def title(rig: Rig, key: int) -> str:
    return str(rig.stage.item(key)["title"])


def open_live(open_rig: Callable[..., Rig], items: int, scenes: int, **settings: Any) -> Rig:
    """All scenes are synced or looked for in vain, and the worker hears Plex."""
    rig = open_rig(
        listens=True,
        plex=plex_library(items),
        stash=stash_library(scenes),
        settings={**NO_PICTURES, **settings},
    )
    listen(rig)
    expect_from_now(rig)
    give(rig, "sync_all")
    if items:
        hear(rig, min(items, scenes))
    rig.stage.plex.clear_log()
    expect_from_now(rig)
    return rig


@pytest.mark.parametrize("number", [1, 10])
def test_files_that_appear_are_read_once_together_and_written(
    open_rig: Callable[..., Rig], number: int
) -> None:
    rig = open_live(open_rig, 0, number)
    add(rig, *range(1, number + 1))
    hear(rig, number)
    assert [title(rig, 2_000 + each) for each in range(1, number + 1)] == [
        f"Scene {each}" for each in range(1, number + 1)
    ]
    assert (reads(rig), len(rig.stage.puts()), others(rig)) == ([number], number, [])


def test_thousand_files_that_appear_are_read_a_hundred_at_a_time(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 0, 1_000)
    add(rig, *range(1, 1_001))
    hear(rig, 1_000)
    rig.run_until(lambda: len(rig.stage.puts()) >= 1_000, "all are written")
    # Once for what rang; and by the hundred again, where they were read too long ago when their turn to be written came.
    assert reads(rig)[:10] == [100] * 10
    assert len(reads(rig)) <= 20 + 1
    assert (len(rig.stage.puts()), others(rig)) == (1_000, [])


def test_scan_of_ten_thousand_files_that_no_scene_waits_for_costs_nothing(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 2, 2)
    add(rig, *range(1, 10_001))
    hear(rig, 10_000)
    assert rig.stage.plex_requests() == []


def test_write_of_ours_is_not_looked_at_again(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 3, 3)
    rig.stage.bulk_edit([1, 2, 3], studio_id="1")
    rig.settle()
    hear(rig, 3)
    rig.run_for(120)
    assert (reads(rig), len(rig.stage.puts()), others(rig)) == ([3], 3, [])


def test_quiet_hour_costs_no_request(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 2, 2)
    rig.run_for(3_600)
    assert rig.stage.plex_requests() == []


def test_edit_in_plex_is_answered_as_reconcile_does_and_its_answer_is_no_news(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 2, 2)
    rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By hand"}})
    hear(rig, 1)
    assert title(rig, 1_001) == "Scene 1"
    hear(rig, 1)  # of our answer
    assert (reads(rig), len(rig.stage.puts()), others(rig)) == ([1], 1, [])
    rig.run_for(120)
    assert len(rig.stage.plex_requests()) == 2


def test_edit_in_plex_is_left_alone_where_a_persons_values_stay(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 2, 2, preserve_plex_edits=True)
    for times in (1, 2):
        rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By hand"}})
        hear(rig, 1)
        assert title(rig, 1_001) == "By hand"
        assert (reads(rig), rig.stage.puts()) == ([1] * times, [])


def test_same_edit_is_answered_once_an_hour_so_that_two_programs_cannot_write_for_ever(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 1, 1)
    for _ in range(3):
        rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By robot"}})
        rig.clock.sleep(30)  # the wake of our answer is over
        rig.run_for(3)
        until(lambda: not rig.worker.live.bell.rings or rig.worker.turn() == "")
    hear(rig, 1)
    assert len(rig.stage.puts()) == 1
    rig.clock.sleep(3_600)
    rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By robot"}})
    hear(rig, 1)
    assert len(rig.stage.puts()) == 2


def test_item_that_is_deleted_and_added_again_elsewhere_is_written_again(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 2, 2)
    rig.stage.plex.control("remove_item", {"ratingKey": 1_001})
    hear(rig, 1)
    assert rig.job(1)["reason"] == "ItemMissing"
    rig.stage.plex.clear_log()
    add(rig, 1)
    hear(rig, 1)
    assert title(rig, 2_001) == "Scene 1"
    # The item that it was before is read too: a rating key may be dealt anew.
    assert (reads(rig), len(rig.stage.puts()), others(rig)) == ([1, 1], 1, [])


def test_scene_whose_file_went_to_another_item_goes_with_it(
    open_rig: Callable[..., Rig],
) -> None:
    """As when a person splits an item, or Plex matches a version to another one."""
    rig = open_live(open_rig, 2, 2)
    add(rig, 1)
    rig.stage.plex.control("replace_file", {"ratingKey": 1_001, "file": "/videos/other.mp4", "size": 9})
    hear(rig, 2)
    assert title(rig, 2_001) == "Scene 1"
    assert rig.stage.rows("SELECT rating_key FROM matches WHERE scene_id = 1") == [{"rating_key": 2_001}]


def test_event_of_one_of_two_copies_does_not_say_which_is_the_scenes(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 0, 2)
    copies = [new_item(1, file="/a/1.mp4"), new_item(3, file="/b/1.mp4", size=5_001)]
    rig.stage.plex.control("add_item", {"section": 1, "items": copies})
    hear(rig, 2)
    assert rig.job(1)["reason"] == "Ambiguous"
    rig.run_for(700.0)  # what was told of them is forgotten
    expect_from_now(rig)
    rig.stage.plex.control("edit_item", {"ratingKey": 2_001, "fields": {"summary": "By hand"}})
    hear(rig, 1)
    give(rig, "retry_failed")
    assert rig.job(1)["reason"] == "Ambiguous"
    assert [title(rig, 2_001), title(rig, 2_003)] == ["late", "late"]


def test_file_that_is_replaced_by_another_encode_is_the_scenes_only_when_stash_says_so(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 2, 2)
    rig.stage.plex.control("replace_file", {"ratingKey": 1_001, "file": "/videos/1.mkv", "size": 77})
    hear(rig, 1)
    assert rig.job(1)["reason"] == "ItemMissing"
    puts = rig.stage.puts()
    files = [{"path": "/videos/1.mkv", "size": 77}]
    rig.stage.stash.control("change", {"kind": "scene", "id": 1, "fields": {"files": files}})
    rig.stage.edit(1, title="Known")
    rig.settle()
    assert (puts, title(rig, 1_001)) == ([], "Known")


def test_play_that_ends_is_told_once(open_rig: Callable[..., Rig]) -> None:
    class Plays:
        def __init__(self) -> None:
            self.ended: list[PlayEnd] = []
            self.changed: list[int] = []

        def plays_ended(self, plex: PlexSide, stash: Any, plays: Sequence[PlayEnd]) -> None:
            assert isinstance(stash.client, StashClient)
            assert plex.known_server
            self.ended += plays

        def items_changed(self, plex: PlexSide, stash: Any, items: Mapping[int, Item]) -> None:
            assert isinstance(stash.client, StashClient)
            assert plex.known_server
            self.changed += items

    rig, plays = open_live(open_rig, 2, 2), Plays()
    rig.worker.live.also_tell(plays)
    for state in ("playing", "paused", "stopped"):
        said = {"ratingKey": 1_001, "state": state, "viewOffset": 61_000}
        rig.stage.plex.control("playing", said)
    rig.stage.plex.control("edit_item", {"ratingKey": 1_002, "fields": {"userRating": "6"}})
    hear(rig, 2)
    (end,) = plays.ended
    assert (end.rating_key, end.view_offset) == (1_001, 61_000)
    assert abs(end.at - rig.clock.now()) < 600
    assert plays.changed == [1_002]
    assert reads(rig)[0] == 1


def test_file_is_found_at_the_schedules_time_where_plex_has_no_events(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(listens=True, plex=plex_library(0), stash=stash_library(1), settings=NO_PICTURES)
    rig.stage.plex.fault("status", status=404, match=STREAM, times=None)
    give(rig, "sync_all")
    add(rig, 1)
    rig.run_for(200)
    assert rig.stage.puts() == []
    rig.run_for(200)
    assert title(rig, 2_001) == "Scene 1"
    assert len(rig.stage.plex.log(STREAM)) == 1


def test_what_happened_while_nobody_listened_is_caught_up_with(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 1, 2)
    rig.worker.live.close()
    rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By hand"}})
    add(rig, 2)
    rig.start_worker()
    rig.worker.turn()
    until(lambda: rig.worker.live.bell.stands)
    rig.run_for(5)
    assert (title(rig, 1_001), title(rig, 2_002)) == ("Scene 1", "Scene 2")
    (listing,) = rig.stage.plex.log("GET /library/sections/1/all")
    assert "updatedAt" in listing["target"]


def test_item_that_plex_fails_at_costs_itself_and_the_others_are_looked_at(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 0, 8)
    poisonous = rf"{DETAILS}[0-9,]*2003"
    rig.stage.plex.fault("status", status=500, match=poisonous, times=None)
    add(rig, *range(1, 9))
    hear(rig, 8)
    written = [number for number in range(1, 9) if title(rig, 2_000 + number) == f"Scene {number}"]
    assert written == [1, 2, 4, 5, 6, 7, 8]


def test_plex_that_goes_away_before_the_look_is_looked_at_when_it_is_back(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_live(open_rig, 0, 1)
    rig.stage.plex.fault("reset", match=DETAILS, times=3)
    add(rig, 1)
    hear(rig, 1)
    rig.run_until(lambda: title(rig, 2_001) == "Scene 1", "the look is made good")
    assert len(rig.stage.puts()) == 1


def test_server_that_does_not_know_the_filter_by_time_is_not_read_whole(open_rig: Callable[..., Rig]) -> None:
    rig = open_live(open_rig, 1, 1)
    rig.worker.live.close()
    rig.stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By hand"}})
    old = '<Video ratingKey="1001" type="movie" title="By hand" updatedAt="5"/>'
    body = f'<MediaContainer size="1" totalSize="70000">{old}</MediaContainer>'
    rig.stage.plex.fault(
        "status", status=200, match="GET /library/sections/1/all", body=body, times=None,
        headers={"Content-Type": "text/xml"},
    )  # fmt: skip
    rig.start_worker()
    rig.worker.turn()
    until(lambda: rig.worker.live.bell.stands)
    rig.run_for(5)
    assert len(rig.stage.plex.log("GET /library/sections/1/all")) == 1
    assert rig.stage.puts() == []


def test_plex_is_not_listened_to_while_the_settings_let_nothing_be_done(open_rig: Callable[..., Rig]) -> None:
    def listening() -> bool:
        return any(thread.name == "events" and thread.is_alive() for thread in threading.enumerate())

    rig = open_live(open_rig, 1, 1)
    assert listening()
    rig.stage.configure({**rig.stage.settings, "enabled": False})
    rig.run_for(31)
    assert not listening()
    rig.stage.configure(rig.stage.settings)
    rig.run_for(31)
    assert listening()
    rig.worker.close()
    assert not listening()
