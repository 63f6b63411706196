"""Stars given in Plex become ratings in Stash, compared with what both had last, and without an echo (setting ratings_back)."""

from typing import Any

import pytest

from tests.rig import Rig
from tests.stage import item_key

RATED = "GET /library/sections/1/all"


class Starred:
    """A rig with ratings_back on, whose scenes 1 and 2 are in sync, the first with a rating."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.stage = rig, rig.stage
        self.stage.edit(1, title="One", rating100=60)
        self.stage.edit(2, title="Two")
        rig.run_for(301)
        self.forget()

    def forget(self) -> None:
        self.stage.plex.clear_log()
        self.heard = len(self.stage.stash.control("documents"))

    def star(self, scene: int, rating: float | None) -> None:
        self.stage.plex.control("rate", {"ratingKey": item_key(scene), "rating": rating})

    def shown(self, scene: int) -> float | None:
        found: float | None = self.stage.item(item_key(scene)).get("userRating")
        return found

    def rating(self, scene: int) -> int | None:
        query = "query($id:ID!){findScene(id:$id){rating100}}"
        found: int | None = self.stage.gql(query, id=str(scene))["findScene"]["rating100"]
        return found

    def updates(self) -> list[dict[str, Any]]:
        """What Stash was sent as `sceneUpdate` since `forget`: the fields that were named."""
        documents = [row["document"] for row in self.stage.stash.control("documents")[self.heard :]]
        hooks = [each["args"]["hookContext"] for each in documents if "hookContext" in each["args"]]
        return [{name: hook["input"][name] for name in hook["inputFields"]} for hook in hooks]

    def look(self) -> None:
        self.rig.run_for(301)


@pytest.fixture
def starred(open_rig: Any, request: pytest.FixtureRequest) -> Starred:
    return Starred(open_rig(settings={"ratings_back": True, **getattr(request, "param", {})}))


@pytest.mark.parametrize("locks", [False, True])
def test_star_when_given_in_plex_is_one_update_and_nothing_else(starred: Starred, locks: bool) -> None:
    starred.stage.plex.control("set", {"rating_locks": locks})
    starred.star(1, 8)
    starred.star(2, 7.5)
    starred.look()
    assert (starred.rating(1), starred.rating(2)) == (80, 75)
    assert starred.updates() == [{"id": "1", "rating100": 80}, {"id": "2", "rating100": 75}]
    starred.look()
    starred.look()
    assert starred.stage.puts() == []
    assert len(starred.updates()) == 2
    assert starred.stage.rows("SELECT count(*) AS n FROM jobs WHERE state <> 'done'") == [{"n": 0}]


def test_star_when_taken_away_in_plex_goes_in_stash_with_the_next_reconcile(starred: Starred) -> None:
    starred.star(1, None)
    starred.rig.worker.orders._orders.give("reconcile", {}, ticket="r")
    starred.look()
    assert starred.rating(1) is None
    assert starred.stage.puts() == []
    starred.stage.edit(1, details="More")
    starred.look()
    assert starred.shown(1) is None


def test_rating_when_changed_in_stash_alone_goes_to_plex(starred: Starred) -> None:
    starred.star(1, 8)
    starred.look()
    starred.stage.edit(1, rating100=45)
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (4.5, 45)
    starred.stage.edit(1, rating100=None)
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (None, None)
    starred.star(1, 9)
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (9, 90)


@pytest.mark.parametrize("starred", [{}, {"preserve_plex_edits": True}], indirect=True)
def test_rating_when_changed_on_both_sides_is_stashs_and_the_log_says_so(starred: Starred) -> None:
    starred.star(1, 8)
    starred.stage.edit(1, rating100=20)
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (2, 20)
    told = [line for line in starred.stage.log_lines() if "rated on both sides" in line]
    assert told == ["Scene 1 was rated on both sides: 2 in Stash and 8 in Plex, of 10. Stash's counts."]


def test_rating_that_plex_shows_in_fractions_is_compared_as_it_stands(starred: Starred) -> None:
    starred.stage.edit(1, rating100=83)
    starred.look()
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (8.3, 83)
    starred.star(1, 8)  # no rounding of 8.3, but another star
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (8, 80)
    starred.star(1, 7.55)
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (7.55, 76)
    starred.forget()
    starred.stage.edit(1, details="More")
    starred.look()
    assert starred.shown(1) == 7.55
    assert len(starred.stage.puts()) == 1


@pytest.mark.parametrize("starred", [{"skip_rating": True}], indirect=True)
def test_star_when_ratings_are_not_written_comes_back_all_the_same(starred: Starred) -> None:
    assert starred.shown(1) is None
    starred.star(2, 6)
    starred.look()
    assert starred.rating(2) == 60
    starred.stage.edit(2, rating100=10)
    starred.look()
    assert (starred.shown(2), starred.rating(2)) == (6, 10)
    starred.star(2, 7)
    starred.look()
    assert starred.rating(2) == 70


def test_undo_when_a_star_was_taken_leaves_it_to_its_person(starred: Starred) -> None:
    starred.star(1, 8)
    starred.look()
    starred.rig.worker.orders._orders.give("undo", {}, ticket="u")
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (8, 80)
    starred.stage.edit(1, rating100=30)
    starred.look()
    assert (starred.shown(1), starred.rating(1)) == (3, 30)


def test_star_when_stash_refuses_the_rating_is_taken_later(starred: Starred) -> None:
    starred.stage.stash.control("refuse", {"containing": "sceneUpdate(", "message": "database is locked"})
    starred.star(1, 9)
    starred.look()
    starred.stage.stash.control("refuse", {})
    starred.look()
    assert (starred.rating(1), starred.updates()) == (90, [{"id": "1", "rating100": 90}])


def test_look_when_nothing_was_rated_is_one_request_per_library(starred: Starred) -> None:
    starred.rig.run_for(3_600)
    assert starred.stage.plex_paths() == [RATED] * 12


def test_star_when_the_setting_is_off_and_persons_are_preserved_stays(open_rig: Any) -> None:
    rig = open_rig(settings={"preserve_plex_edits": True})
    rig.stage.edit(1, title="One", rating100=60)
    rig.settle()
    rig.stage.plex.control("rate", {"ratingKey": item_key(1), "rating": 8})
    rig.stage.edit(1, rating100=20)
    rig.run_for(301)
    assert rig.stage.item(item_key(1))["userRating"] == 8
