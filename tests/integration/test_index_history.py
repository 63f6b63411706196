"""Who has played what: kept incrementally, in one request where nothing is new, and never in the way of a run."""

import time

import pytest

from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.errors import PlexUnavailable
from tests.index_runs import World

HISTORY = "GET /status/sessions/history/all"
ACCOUNTS = "GET /accounts"
NOW = int(time.time())
DAY = 86_400


@pytest.fixture
def world(world: World) -> World:
    world.plex.control("accounts", {"7": "Ann"})
    return world


def play(world: World, key: int, at: int, account: int = 1, **options: object) -> None:
    world.plex.control("play", {"ratingKey": key, "viewedAt": at, "account": account, **options})


def asked(world: World) -> list[str]:
    found = [target for target in world.targets() if target.startswith((HISTORY, ACCOUNTS))]
    world.plex.clear_log()
    return found


def test_plays_when_read_tell_item_user_device_and_time(world: World) -> None:
    play(world, 211, NOW - 2 * DAY, account=7, device=12)
    play(world, 101, NOW - DAY)
    assert "2 plays added." in world.index(history=True).notes
    assert world.rows("SELECT * FROM plays ORDER BY playedAt") == [
        ("/status/sessions/history/1", 211, 7, 12, utc_text(NOW - 2 * DAY), 4, 2, "E1", "A Show"),
        (
            "/status/sessions/history/2",
            101,
            1,
            1,
            utc_text(NOW - DAY),
            1,
            1,
            "Amélie à Köln: „Ende“ 映画",
            None,
        ),
    ]
    assert world.rows("SELECT * FROM users ORDER BY id") == [(1, "owner"), (7, "Ann")]


def test_run_when_nothing_is_new_asks_three_times(world: World) -> None:
    play(world, 101, NOW - DAY)
    world.index(history=True)
    world.plex.clear_log()
    verdict = world.index(history=True)
    assert verdict.requests == len(world.targets()) == 3
    assert verdict.notes == ()
    (target,) = asked(world)
    assert f"viewedAt%3E={NOW - DAY - 3600}" in target
    assert world.index(history=False).requests == 2


def test_plays_when_new_are_added_and_known_users_not_asked_for(world: World) -> None:
    play(world, 101, NOW - DAY)
    world.index(history=True)
    asked(world)
    play(world, 102, NOW - 60)
    play(world, 103, NOW - DAY - 600)  # a player that was offline
    world.index(history=True)
    assert [target.partition("?")[0] for target in asked(world)] == [HISTORY]
    assert world.value("SELECT count(*) FROM plays") == 3
    play(world, 102, NOW - 30, account=9)
    world.index(history=True)
    assert [target.partition("?")[0] for target in asked(world)] == [HISTORY, ACCOUNTS]
    assert world.value("SELECT name FROM users WHERE id = 9") is None
    world.index(history=True)
    assert len(asked(world)) == 1


def test_history_when_long_is_read_in_pages(world: World) -> None:
    for number in range(1, 4):
        play(world, 101, NOW - DAY - number)
    world.plex.control("set", {"page_cap": 2})
    world.index(history=True)
    assert len([target for target in asked(world) if target.startswith(HISTORY)]) == 2
    assert world.value("SELECT count(*) FROM plays") == 3


def test_rows_when_they_lack_time_or_item_are_kept(world: World) -> None:
    play(world, 101, NOW, without=["ratingKey"])
    play(world, 101, NOW, without=["viewedAt"])
    play(world, 101, NOW + 1000 * DAY)
    world.index(history=True)
    assert world.rows("SELECT ratingKey, playedAt FROM plays ORDER BY historyKey") == [
        (None, utc_text(NOW)),
        (101, None),
        (101, utc_text(NOW + 1000 * DAY)),
    ]
    asked(world)
    # A play that claims to be of the future hides none that come before it.
    play(world, 102, NOW)
    world.index(history=True)
    assert world.value("SELECT count(*) FROM plays WHERE ratingKey = 102") == 1


def test_play_when_its_item_has_gone_is_kept(world: World) -> None:
    play(world, 102, NOW - DAY)
    world.index(history=True)
    world.plex.control("remove_item", {"ratingKey": 102})
    world.index(history=True, rebuild=True)
    assert world.rows("SELECT ratingKey, title FROM plays") == [(102, "Two Versions")]
    assert world.rows("SELECT * FROM most_watched") == []


def test_rebuild_when_plex_has_dropped_its_history_drops_it_too(world: World) -> None:
    play(world, 101, NOW - DAY)
    world.index(history=True)
    world.plex.control("forget_plays", {})
    world.index(history=True)
    assert world.value("SELECT count(*) FROM plays") == 1
    world.index(history=True, rebuild=True)
    assert world.value("SELECT count(*) FROM plays") == 0


@pytest.mark.parametrize(
    ("status", "words"), [(403, "owner's token alone"), (404, "owner's token"), (500, "could not be read")]
)
def test_history_when_plex_refuses_it_costs_nothing_else(world: World, status: int, words: str) -> None:
    world.plex.fault("status", status=status, match=HISTORY, times=None)
    verdict = world.index(history=True)
    assert verdict.total.added == 15
    assert words in verdict.sentence
    assert world.value("SELECT count(*) FROM meta WHERE name = 'lastCompleteRun'") == 1


def test_history_when_plex_closes_the_connection_at_it_alone_costs_nothing_else(world: World) -> None:
    world.plex.fault("reset", match=HISTORY, times=None)
    verdict = world.index(history=True)
    assert verdict.total.added == 15
    assert "The play history could not be read" in verdict.sentence
    assert world.value("SELECT count(*) FROM meta WHERE name = 'lastCompleteRun'") == 1


def test_history_when_plex_goes_away_is_an_error_and_the_libraries_are_kept(world: World) -> None:
    for match in (HISTORY, "GET /identity"):
        world.plex.fault("reset", match=match, times=None)
    with pytest.raises(PlexUnavailable):
        world.index(history=True)
    assert world.value("SELECT count(*) FROM movies") == 3


def test_views_when_asked_count_plays(world: World) -> None:
    world.index()
    added = world.value("SELECT CAST(strftime('%s', addedAt) AS INTEGER) FROM items WHERE ratingKey = 101")
    for key, at, account in (
        (101, added + DAY, 1),
        (101, added + 2 * DAY, 7),
        (211, added + DAY + 1000, 7),
        (311, added, 1),
    ):
        play(world, key, at, account)
    play(world, 101, added - DAY)  # before it was added again
    world.index(history=True)
    assert world.rows(
        "SELECT ratingKey, kind, partOf, plays, users FROM most_watched ORDER BY ratingKey"
    ) == [
        (101, "movie", None, 3, 2),
        (211, "episode", "A Show", 1, 1),
        (311, "track", "An Artist", 1, 1),
    ]
    assert world.rows("SELECT ratingKey FROM never_watched ORDER BY 1") == [(102,), (103,), (212,), (221,)]
    assert world.rows("SELECT user, plays, items FROM plays_by_user") == [("owner", 3, 2), ("Ann", 2, 2)]
    assert world.rows("SELECT ratingKey, days, plays, users FROM watched_since_added ORDER BY ratingKey") == [
        (101, 1, 2, 2),
        (211, 1, 1, 1),
    ]
    assert world.value("SELECT sum(plays) FROM plays_by_month") == 5
