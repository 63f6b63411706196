"""Plays in Plex count in Stash: each once, with Plex's own time, of chosen users alone (setting watch_back)."""

from typing import Any

import pytest

from tests.stage import item_key
from tests.watching import ACCOUNTS, HISTORY, Watching, ask_plex, configure


def test_play_when_it_is_new_counts_once_with_plexs_time(watching: Watching) -> None:
    watching.look()
    at = watching.play(1, ago=60)
    watching.look()
    assert watching.plays(1) == [at]
    watching.look()
    watching.look()
    assert watching.plays(1) == [at]
    assert watching.states() == ["ours"]


def test_first_look_when_there_are_plays_already_imports_none(watching: Watching) -> None:
    watching.play(1, ago=5_000)
    at = watching.play(1, ago=10)
    watching.play(2, ago=-90_000_000)  # Plex's clock was wrong for a while
    watching.look()
    watching.look()
    assert [watching.plays(scene) for scene in (1, 2)] == [[], []]
    later = watching.play(1)
    assert later != at
    watching.play(3, ago=20_000)  # before plays counted: a player that was offline
    watching.look()
    assert [watching.plays(scene) for scene in (1, 2, 3)] == [[later], [], []]


def test_plays_when_an_item_is_watched_again_count_each(watching: Watching) -> None:
    watching.look()
    times = [watching.play(1, ago=ago) for ago in (200, 100, 50)]
    watching.look()
    times.append(watching.play(1))
    watching.look()
    assert watching.plays(1) == times


def test_users_when_none_is_chosen_are_the_owner_alone(watching: Watching) -> None:
    watching.look()
    watching.play(1, account=7)
    at = watching.play(1, ago=2)
    watching.look()
    assert watching.plays(1) == [at]
    assert watching.asked(ACCOUNTS) == []
    assert watching.states() == ["ours"]  # of others nothing is kept


@pytest.mark.parametrize(
    ("watching", "counted"),
    [
        ({"watch_users": "owner, ann"}, [1, 7]),
        ({"watch_users": "Bob, the Guest"}, [8]),
        ({"watch_users": "all"}, [1, 7, 8, 9]),
        ({"watch_users": "Ann, Nobody"}, [7]),
    ],
    indirect=["watching"],
)
def test_users_when_chosen_count(watching: Watching, counted: list[int]) -> None:
    watching.look()
    times = {account: watching.play(1, ago=account, account=account) for account in (1, 7, 8, 9)}
    watching.look()
    assert watching.plays(1) == sorted(times[account] for account in counted)
    told = [line for line in watching.rig.stage.log_lines() if "watch_users" in line]
    assert len(told) == ("Nobody" in watching.rig.stage.settings["watch_users"])


@pytest.mark.parametrize("watching", [{"watch_users": "all"}], indirect=True)
def test_play_when_two_users_played_in_the_same_second_counts_for_each(watching: Watching) -> None:
    watching.look()
    at = watching.play(1, account=7)
    watching.play(1, account=8)
    watching.look()
    assert watching.plays(1) == [at, at]


def test_user_when_chosen_later_counts_from_then_on(watching: Watching) -> None:
    watching.look()
    watching.play(1, ago=100, account=7)
    watching.look()
    watching.play(1, ago=100, account=7)
    configure(watching, watch_users="owner, Ann")
    watching.look()
    at = watching.play(1, account=7)
    watching.look()
    assert watching.plays(1) == [at]


def test_setting_when_off_for_a_while_leaves_what_was_played_meanwhile(watching: Watching) -> None:
    watching.look()
    first = watching.play(1)
    watching.look()
    configure(watching, watch_back=False)
    watching.rig.run_for(60)
    watching.play(1)
    watching.forget_requests()
    watching.look()
    assert watching.asked(HISTORY) == []
    configure(watching, watch_back=True)
    watching.look()
    last = watching.play(1)
    watching.look()
    assert watching.plays(1) == [first, last]


def test_play_when_its_item_has_no_scene_waits_for_it(watching: Watching) -> None:
    watching.look()
    at = watching.play(9)
    watching.look()
    assert watching.plays(9) == []
    watching.rig.stage.edit(9, title="Found")
    watching.look()
    assert watching.plays(9) == [at]


def test_play_when_its_item_holds_another_file_by_now_is_not_the_scenes(watching: Watching) -> None:
    """A rating key that was dealt anew, as after a new database."""
    watching.look()
    watching.rig.stage.plex.control(
        "replace_file", {"ratingKey": item_key(1), "file": "/media/other.mp4", "size": 5}
    )
    watching.play(1)
    watching.look()
    watching.look()
    assert watching.plays(1) == []
    assert watching.states() == ["waiting"]


def test_play_when_its_item_was_deleted_since_counts(watching: Watching) -> None:
    watching.look()
    at = watching.play(1)
    watching.rig.stage.plex.control("remove_item", {"ratingKey": item_key(1)})
    watching.look()
    assert watching.plays(1) == [at]


def test_play_when_its_scene_was_merged_goes_to_the_scene_that_has_the_file(watching: Watching) -> None:
    watching.look()
    stage = watching.rig.stage
    at = watching.play(1)
    stage.stash.control("refuse", {"containing": "sceneAddPlay", "message": "database is locked"})
    watching.look()
    stage.stash.control("refuse", {})
    stage.gql('mutation{sceneMerge(input:{source:["1"],destination:"2"}){id}}')
    stage.edit(2, title="Both")
    watching.rig.run_for(1_000)
    assert watching.plays(2) == [at]


def test_stash_when_it_has_the_play_already_is_not_told_again(watching: Watching) -> None:
    watching.look()
    at = watching.play(1)
    watching.rig.stage.gql("mutation($t:[Timestamp!]){sceneAddPlay(id:1,times:$t){count}}", t=[at])
    watching.look()
    assert watching.plays(1) == [at]
    assert watching.states() == ["theirs"]


def test_history_when_an_older_database_comes_back_counts_what_is_new(watching: Watching) -> None:
    watching.look()
    times = [watching.play(1, ago=ago) for ago in (300, 200, 100)]
    watching.look()
    watching.rig.stage.plex.control("restore_plays", {"keep": 1})
    times.append(watching.play(1))  # under a number that was another play's
    watching.look()
    watching.rig.stage.plex.control("renumber_plays", {"from": 7_000})
    watching.look()
    assert watching.plays(1) == times


def test_play_when_its_time_lies_ahead_hides_none_that_come_after_it(watching: Watching) -> None:
    watching.look()
    ahead = watching.play(1, ago=-80_000)
    watching.look()
    at = watching.play(1)
    watching.look()
    watching.look()
    assert watching.plays(1) == sorted([at, ahead])


@pytest.mark.parametrize("ahead", [400 * 86_400.0, -400 * 86_400.0])
def test_play_when_our_clock_is_wrong_counts_all_the_same(watching: Watching, ahead: float) -> None:
    clock = watching.rig.clock
    clock.set_wall_clock(ahead)
    watching.play(2, ago=int(ahead) + 5)  # Plex's clock is right
    watching.look()
    at = watching.play(1, ago=int(ahead))
    watching.look()
    clock.set_wall_clock(0.0)
    watching.look()
    later = watching.play(1)
    watching.look()
    assert watching.plays(1) == [at, later]
    assert watching.plays(2) == []


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "reset"}])
def test_plex_when_it_fails_at_the_history_costs_no_play(watching: Watching, fault: dict[str, Any]) -> None:
    watching.look()
    at = watching.play(1)
    kind = fault.pop("kind")
    watching.rig.stage.plex.fault(kind, match=HISTORY, times=3, **fault)
    watching.look()
    watching.rig.run_for(1_300)
    assert watching.plays(1) == [at]


def test_stash_when_it_refuses_is_told_later_and_once(watching: Watching) -> None:
    watching.look()
    at = watching.play(1)
    stash = watching.rig.stage.stash
    stash.control("refuse", {"containing": "sceneAddPlay", "message": "database is locked"})
    watching.look()
    assert watching.states() == ["adding"]
    stash.control("refuse", {})
    watching.rig.run_for(900)
    assert watching.plays(1) == [at]
    assert watching.states() == ["ours"]


def test_marks_when_made_by_hand_are_no_plays(watching: Watching) -> None:
    watching.look()
    mark = f"/:/scrobble?key={item_key(1)}&identifier=com.plexapp.plugins.library"
    ask_plex(watching, mark)
    watching.look()
    assert watching.plays(1) == []
    watching.rig.stage.plex.control("set", {"marks_are_plays": True})  # before PMS 1.40
    ask_plex(watching, mark)
    watching.rig.run_for(301)
    assert len(watching.plays(1)) == 1
