"""The owner's resume point follows, and what all of it costs in requests (setting watch_back)."""

from collections.abc import Callable

import pytest

from tests.rig import Rig
from tests.stage import item_key
from tests.watching import HISTORY, Watching, leave


def test_resume_point_when_the_owner_stops_follows(watching: Watching) -> None:
    watching.look()
    leave(watching, 1, 61_500)
    assert watching.resume(1) == 61.5
    leave(watching, 1, 90_000)
    assert watching.resume(1) == 90.0
    watching.play(1)
    watching.from_plex.play_ended(item_key(1))
    watching.rig.run_for(16)
    assert watching.resume(1) == 0
    assert watching.plays(1) != []


def test_resume_point_when_it_is_a_persons_in_stash_or_another_users_stays(watching: Watching) -> None:
    watching.look()
    leave(watching, 1, 30_000, account=7)
    assert watching.resume(1) == 0
    watching.rig.stage.gql("mutation{sceneSaveActivity(id:2,resume_time:12.5)}")
    leave(watching, 2, 30_000)
    assert watching.resume(2) == 12.5
    leave(watching, 3, 30_000)
    watching.rig.stage.gql("mutation{sceneSaveActivity(id:3,resume_time:44)}")
    leave(watching, 3, 50_000)
    assert watching.resume(3) == 44


def test_resume_point_when_it_was_there_before_plays_counted_is_not_imported(watching: Watching) -> None:
    watching.play(2, ago=10)
    payload = {"ratingKey": item_key(1), "viewOffset": 30_000, "viewedAt": watching.now - 5_000}
    watching.rig.stage.plex.control("leave", payload)
    watching.look()
    watching.from_plex.play_ended(item_key(1))  # somebody else's
    watching.rig.run_for(16)
    assert watching.resume(1) == 0


def test_requests_when_a_play_ends_are_one_per_library_and_one_for_its_item(watching: Watching) -> None:
    watching.hear(True)
    watching.look()
    at = watching.play(1)
    watching.from_plex.play_ended(item_key(1))
    watching.rig.run_for(14)
    watching.forget_requests()
    watching.rig.run_for(2)
    assert watching.asked() == [HISTORY, f"GET /library/metadata/{item_key(1)}"]
    assert watching.asked_stash() == 2  # what it has, and the play
    assert watching.plays(1) == [at]


@pytest.mark.parametrize(("told", "looks"), [(True, 0), (False, 12)])
def test_requests_when_nothing_happens_for_an_hour(watching: Watching, told: bool, looks: int) -> None:
    watching.hear(told)
    watching.look()
    watching.forget_requests()
    watching.rig.run_for(3_600)
    assert watching.asked() == [HISTORY] * looks


def test_look_when_the_stream_comes_back_is_made_at_once(watching: Watching) -> None:
    watching.hear(True)
    watching.look()
    watching.hear(False)
    watching.rig.settle()
    watching.hear(True)
    watching.forget_requests()
    watching.rig.run_for(1)
    assert watching.asked() == [HISTORY]


def test_play_when_the_stream_tells_of_its_end_counts_within_sixteen_seconds(
    open_rig: Callable[..., Rig],
) -> None:
    watching = Watching(open_rig(listens=True), {"watch_back": True})
    watching.look()
    watching.rig.run_until(lambda: watching.rig.worker.live.bell.stands, "the stream of events")
    watching.look()
    at = watching.play(1)
    watching.rig.stage.plex.control("playing", {"ratingKey": item_key(1), "state": "stopped"})
    watching.rig.run_until(lambda: bool(watching.rig.worker.own_work.from_plex._ended), "the event")
    before = watching.rig.clock.slept  # the event itself comes by a real socket, in real time
    watching.forget_requests()
    watching.rig.run_until(lambda: watching.plays(1) == [at], "the play in Stash")
    assert watching.rig.clock.slept - before < 16.5
    assert watching.asked(HISTORY) == [HISTORY]
