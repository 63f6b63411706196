"""The page's operation *plays* on a real run: what people played in Plex, how it stands in Stash, and of whom it is."""

from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.jobs.ticket import give_order
from tests.page_questions import ask, data
from tests.stage import item_key
from tests.watching import Watching, configure

EVERYBODY = pytest.mark.parametrize("watching", [{"watch_users": "all"}], indirect=True)


def plays(watching: Watching, **args: Any) -> Any:
    return data(watching.rig.stage, "plays", **args)


def states(found: Any) -> list[tuple[int, int | None, str]]:
    return [(row["account"], row["sceneId"], row["state"]) for row in found["rows"]]


@EVERYBODY
def test_plays_are_listed_the_newest_first_with_user_scene_item_and_state(watching: Watching) -> None:
    before = plays(watching)
    assert (before["rows"], before["users"], before["counting"]) == ([], [], False)
    watching.play(3, ago=9_000)  # from before plays count
    watching.look()
    watching.play(1, ago=90)
    watching.play(9, ago=60, account=7)  # no scene is matched with it
    watching.play(2, ago=30, account=7)
    newest = watching.now
    watching.play(1)
    watching.look()
    found = plays(watching)
    assert states(found) == [(1, 1, "counted"), (7, 2, "counted"), (7, None, "waiting"), (1, 1, "counted")]
    first = found["rows"][0]
    assert (first["at"], first["title"], first["item"]["key"]) == (newest, "Scene 1", item_key(1))
    assert first["item"]["url"].startswith("https://app.plex.tv/")
    assert (found["counting"], found["waiting"], found["next"]) == (True, 1, None)
    counts = [(each["account"], each["counted"], each["waiting"], each["undone"]) for each in found["users"]]
    assert counts == [(1, 2, 0, 0), (7, 1, 1, 0)]
    assert found["users"][0]["lastAt"] == newest
    watching.forget_requests()
    plays(watching)
    assert watching.asked() == []


@EVERYBODY
def test_plays_of_one_second_are_each_on_one_page(watching: Watching) -> None:
    watching.look()
    for account in (1, 7, 8):
        watching.play(1, account=account)
        watching.play(2, account=account)
    watching.play(2, ago=40)
    watching.look()
    whole = plays(watching)["rows"]
    assert len(whole) == 7
    rows: list[Any] = []
    found = plays(watching, limit=2)
    while found["next"] is not None:
        rows += found["rows"]
        found = plays(watching, limit=2, before=found["next"])
    assert [*rows, *found["rows"]] == whole


def test_undone_plays_are_told_and_none_counts_while_the_setting_is_off(watching: Watching) -> None:
    watching.look()
    watching.play(1)
    watching.look()
    give_order(watching.rig.folder, "undo", watching.rig.clock)
    watching.rig.run_until(lambda: watching.states() == ["undone"], "the play taken out of Stash")
    configure(watching, watch_back=False)
    watching.rig.run_for(60)
    found = plays(watching)
    assert states(found) == [(1, 1, "undone")]
    assert [(each["counted"], each["undone"]) for each in found["users"]] == [(0, 1)]
    assert not found["counting"]


def test_names_of_users_and_items_are_the_indexs_and_do_without_when_it_is_damaged(
    watching: Watching,
) -> None:
    watching.look()
    watching.play(9)
    watching.look()
    (row,) = plays(watching)["rows"]
    assert (row["user"], row["item"]["title"]) == ("", "")
    watching.rig.stage.plex.control("accounts", {"1": "Mary", "7": "Ann"})
    watching.rig.stage.run_task("Index Plex Library")
    found = plays(watching)
    (row,) = found["rows"]
    assert (row["user"], row["item"]["title"]) == ("Mary", watching.rig.stage.item(item_key(9))["title"])
    assert [each["user"] for each in found["users"]] == ["Mary"]
    Path(watching.rig.folder.index).write_bytes(b"SQLite format 3\0" + b"broken" * 4_000)
    (row,) = plays(watching)["rows"]
    assert (row["user"], row["state"]) == ("", "waiting")


def test_items_with_a_star_that_both_sides_have_are_counted(watching: Watching) -> None:
    configure(watching, ratings_back=True)
    watching.rig.stage.plex.control("rate", {"ratingKey": item_key(2), "rating": 8})
    watching.look()
    watching.rig.settle()
    assert plays(watching)["rated"] == 1


def test_place_that_no_answer_gave_is_a_problem(watching: Watching) -> None:
    watching.look()
    for before in ("yesterday", "1.2", "1.2.3.4", "1.2.-3", f"1.2.{'9' * 30}"):
        assert "before" in ask(watching.rig.stage, "plays", before=before)["problem"]["text"]
