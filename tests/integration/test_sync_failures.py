"""Outages, refusals and crashes: nothing is lost, nothing takes effect twice, Plex is left in peace."""

import time
from collections.abc import Callable

import pytest

from tests.integration.orders import NO_PICTURES
from tests.rig import Rig
from tests.stage import item_key


def test_edits_wait_while_plex_is_down_and_arrive_when_it_is_back(rig: Rig) -> None:
    rig.stage.plex.down()
    for scene in range(1, 6):
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.run_for(600)
    assert rig.stage.rows("SELECT state FROM breaker") == [{"state": "open"}]
    rig.stage.plex.up()
    rig.run_for(70)
    assert [rig.stage.item(item_key(scene))["title"] for scene in range(1, 6)] == [
        f"Title {scene}" for scene in range(1, 6)
    ]
    (outage,) = rig.stage.rows("SELECT * FROM outages")
    assert outage["ended_at"] > outage["started_at"]
    assert outage["jobs_waiting"] == 5
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_outage_is_told_once_when_it_begins_and_once_when_it_ends(rig: Rig) -> None:
    rig.stage.plex.down()
    for scene in range(1, 4):
        rig.stage.edit(scene, title=f"Title {scene}")
        rig.run_for(120)
    rig.stage.plex.up()
    rig.run_for(70)
    lines = [line for line in rig.stage.log_lines() if line.startswith("Plex is")]
    assert [line.split()[2] for line in lines] == ["away:", "back"]


def test_plex_is_probed_and_not_hammered_while_it_is_away(rig: Rig) -> None:
    rig.stage.edit(1, title="Known")
    rig.settle()
    rig.stage.plex.fault("status", status=503, match="GET /", times=None)
    rig.stage.plex.fault("status", status=503, match="PUT /", times=None)
    rig.stage.plex.clear_log()
    for scene in range(1, 11):
        rig.stage.edit(scene, title=f"Again {scene}")
    rig.run_until(lambda: bool(rig.stage.rows("SELECT * FROM outages")), "the outage is known")
    before = [request for request in rig.stage.plex_requests() if "/identity" not in request]
    assert len(before) <= 3
    rig.stage.plex.clear_log()
    rig.run_for(3_600)
    probes = rig.stage.plex_requests()
    assert {request.partition("?")[0] for request in probes} == {"GET /identity"}
    assert len(probes) <= 5 + 60  # the first ones, then one a minute


def test_restart_of_the_worker_does_not_forget_an_outage(rig: Rig) -> None:
    rig.stage.plex.down()
    rig.stage.edit(1, title="Waits")
    rig.run_for(60)
    worker = rig.start_worker()
    assert not worker.health.lets_work
    rig.stage.plex.up()
    rig.run_for(70)
    assert rig.stage.item(item_key(1))["title"] == "Waits"


def test_clock_set_back_a_day_does_not_keep_plex_away(rig: Rig) -> None:
    rig.stage.plex.down()
    rig.stage.edit(1, title="Waits")
    rig.run_for(120)
    rig.stage.plex.up()
    rig.clock.set_back(86_400)
    rig.start_worker()
    rig.run_for(70)
    assert rig.stage.rows("SELECT state FROM breaker")[0]["state"] != "open"


@pytest.mark.parametrize("when", ["before", "after"])
def test_put_whose_answer_is_lost_is_sent_again_and_changes_nothing_more(rig: Rig, when: str) -> None:
    rig.stage.edit(1, title="First", tag_ids=["1"])
    rig.settle()
    rig.stage.plex.fault("reset", match="PUT /", times=1, when=when)
    rig.stage.edit(1, title="Second", tag_ids=["2"])
    rig.run_for(60)
    item = rig.stage.item(item_key(1))
    assert (item["title"], [tag["tag"] for tag in item["Genre"]]) == ("Second", ["Comma, Inside"])
    rig.stage.edit(1, title="", tag_ids=[])
    rig.settle()
    item = rig.stage.item(item_key(1))
    # What comes back is what was there before the first write, not a value of ours from in between.
    assert (item["title"], [tag["tag"] for tag in item["Genre"]]) == ("scene 1", ["Drama", "Comedy", "Crime"])


def test_edit_whose_answer_trickles_waits_like_any_that_plex_does_not_answer(
    open_rig: Callable[..., Rig],
) -> None:
    rig = open_rig(settings={"read_timeout": 0.5})
    rig.stage.plex.fault("trickle", part="head", seconds=0.1, match="PUT /library/", times=None)
    rig.stage.edit(1, title="Arrives")
    cut = "SELECT state, attempts, waits FROM jobs WHERE reason = 'PlexTooSlow'"
    rig.run_until(lambda: bool(rig.stage.rows(cut)), "a write that was cut off")
    assert rig.stage.rows(cut) == [{"state": "waiting", "attempts": 0, "waits": 1}]
    rig.stage.plex.clear_faults()
    rig.run_for(700)
    assert rig.job(1)["state"] == "done"
    assert rig.stage.item(item_key(1))["title"] == "Arrives"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_one_poisonous_item_does_not_stop_the_others(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"max_retries": 2})
    rig.stage.plex.fault("status", status=500, match=rf"PUT .*id={item_key(3)}&", times=None)
    for scene in range(1, 6):
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.run_for(30)
    assert [rig.stage.item(item_key(scene))["title"] for scene in (1, 2, 4, 5)] == [
        "Title 1", "Title 2", "Title 4", "Title 5",
    ]  # fmt: skip
    for _ in range(6):  # others go on succeeding, so it uses up its attempts
        rig.stage.edit(1, title=f"Title {rig.clock.slept}")
        rig.run_for(700)
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert (letter["scene_id"], letter["attempts"]) == (3, 2)
    assert rig.stage.rows("SELECT state FROM breaker WHERE state = 'open'") == []


def test_item_whose_details_poison_the_shared_read_is_found_out(rig: Rig) -> None:
    for scene in range(1, 6):
        rig.stage.edit(scene, title=f"Known {scene}")
    rig.settle()
    rig.stage.plex.fault("status", status=500, match=rf"GET /library/metadata/.*{item_key(3)}", times=None)
    rig.stage.bulk_edit([1, 2, 3, 4, 5], studio_id="1")
    rig.run_for(120)
    studios = [rig.stage.item(item_key(scene)).get("studio", "") for scene in range(1, 6)]
    assert studios == ["Studio One", "Studio One", "", "Studio One", "Studio One"]


def test_request_that_plex_refuses_is_a_dead_letter_with_the_reason(rig: Rig) -> None:
    rig.stage.plex.fault("status", status=400, match="PUT /", times=1)
    rig.stage.edit(1, title="Refused")
    rig.settle()
    (letter,) = rig.stage.rows("SELECT * FROM dead_letters")
    assert letter["reason"] == "Rejected"
    rig.stage.edit(1, title="Edited again")  # a new edit is a new chance
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Edited again"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_refused_token_makes_everything_wait_and_is_told_once(rig: Rig) -> None:
    rig.stage.plex.control("set", {"token": "another"})
    for scene in range(1, 4):
        rig.stage.edit(scene, title=f"Title {scene}")
    rig.run_for(1_000)
    assert rig.stage.puts() == []
    lines = [line for line in rig.stage.log_lines() if "plex_token" in line]
    assert len(lines) == 1
    assert len(rig.stage.plex_requests()) <= 4  # one try every five minutes
    rig.stage.configure(rig.stage.settings | {"plex_token": "another"})
    rig.run_for(31)
    assert [rig.stage.item(item_key(scene))["title"] for scene in range(1, 4)] == [
        "Title 1",
        "Title 2",
        "Title 3",
    ]


def test_missing_settings_are_one_sentence_and_lose_nothing(rig: Rig) -> None:
    rig.stage.configure({"plex_url": "", "max_retries": 0})
    rig.stage.edit(1, title="Waits")
    rig.run_for(120)
    lines = [line for line in rig.stage.log_lines() if "plex_url" in line]
    assert len(lines) == 1
    rig.stage.configure(rig.stage.settings)
    rig.run_for(31)
    assert rig.stage.item(item_key(1))["title"] == "Waits"


def test_jobs_wait_while_the_plugin_is_switched_off(rig: Rig) -> None:
    rig.stage.configure(rig.stage.settings | {"enabled": False})
    rig.stage.edit(1, title="Waits")
    rig.run_for(120)
    assert rig.stage.plex_requests() == []
    rig.stage.configure(rig.stage.settings | {"enabled": True})
    rig.run_for(31)
    assert rig.stage.item(item_key(1))["title"] == "Waits"


def test_edit_during_its_own_sync_goes_round_again(rig: Rig) -> None:
    rig.stage.edit(1, title="First")
    rig.worker.drain.run()
    (job,) = rig.worker.store.due(rig.clock.now(), 10)
    rig.worker.store.begin(job, rig.clock.now())
    rig.stage.edit(1, title="Second")
    rig.worker.drain.run()
    rig.worker.store.finish([job], rig.clock.now())
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "Second"


def test_job_in_hand_when_the_worker_died_is_done_by_the_next(rig: Rig) -> None:
    rig.stage.edit(1, title="In hand")
    rig.worker.drain.run()
    (job,) = rig.worker.store.due(rig.clock.now(), 10)
    rig.worker.store.begin(job, rig.clock.now())
    rig.start_worker()
    rig.settle()
    assert rig.stage.item(item_key(1))["title"] == "In hand"


def test_stash_that_stops_answering_takes_the_lock_from_the_worker(rig: Rig) -> None:
    rig.settle()
    rig.stage.stash.down()
    rig.run_for(31)
    assert not rig.lock.held
    rig.stage.stash.up()
    rig.run_for(2)
    assert rig.lock.held


def test_worker_leaves_when_stash_stays_away(rig: Rig) -> None:
    rig.settle()
    rig.stage.stash.down()
    with pytest.raises(AssertionError, match=r"the worker ended \(gone\)"):
        rig.run_for(90)


def test_expired_session_goes_on_with_the_api_key(rig: Rig) -> None:
    rig.stage.stash.control("auth", {"username": "u", "password": "p", "api_key": True})
    rig.start_worker(cookie=rig.stage.stash.control("cookie", {"username": "u"}))
    rig.run_for(31)  # it has asked Stash for the key meanwhile
    rig.stage.stash.control("session_age", {"seconds": 1})
    time.sleep(2.1)  # the simulator's clock is the real one
    rig.run_for(31)
    assert rig.lock.held


def test_refused_session_without_an_api_key_ends_the_worker(rig: Rig) -> None:
    rig.settle()
    rig.stage.stash.control("auth", {"username": "u", "password": "p"})
    with pytest.raises(AssertionError, match=r"the worker ended \(gone\)"):
        rig.run_for(40)


def test_newest_of_several_edits_arrives_in_one_put_when_plex_was_away(rig: Rig) -> None:
    rig.stage.edit(1, title="Before")
    rig.settle()
    rig.stage.plex.down()
    for title in ("First", "Second", "Third"):
        rig.stage.edit(1, title=title)
        rig.run_for(30)
    rig.stage.plex.up()
    rig.stage.plex.clear_log()
    rig.run_for(700)
    assert rig.stage.item(item_key(1))["title"] == "Third"
    assert len(rig.stage.puts()) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_write_arrives_when_plex_could_not_take_it_at_first(rig: Rig, status: int) -> None:
    rig.stage.plex.fault("status", status=status, match="PUT /", times=3)
    rig.stage.edit(1, title="Arrives")
    rig.run_for(3_600)
    assert rig.stage.item(item_key(1))["title"] == "Arrives"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_edit_arrives_when_stash_failed_while_it_was_read(rig: Rig) -> None:
    rig.settle()
    rig.stage.edit(1, title="Arrives")
    rig.stage.stash.fault("status", status=500, match="POST /graphql", times=3)
    rig.run_for(300)
    assert rig.stage.item(item_key(1))["title"] == "Arrives"
    assert rig.stage.rows("SELECT * FROM dead_letters") == []


def test_slow_plex_is_waited_for_as_long_as_read_timeout_says(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"read_timeout": 1, **NO_PICTURES})
    rig.stage.plex.fault("slow", seconds=2.5, match="GET /library/metadata/", times=None)
    rig.stage.edit(1, title="Arrives")
    rig.run_for(5)
    assert rig.job(1)["reason"] == "PlexTrouble"
    rig.stage.configure(rig.stage.settings | {"read_timeout": 30})
    rig.run_for(700)
    assert rig.stage.item(item_key(1))["title"] == "Arrives"
