"""Collections and playlists: their rows, what is in them and in which order, and how few requests keep them so."""

import contextlib
import sqlite3
import time
from typing import Any

import pytest

from plexsync_plugin.base.errors import PlexUnavailable
from tests.index_runs import World

COLLECTIONS, PLAYLISTS = "GET /library/sections/1/collections", "GET /playlists"
DAY = 86_400
NOW = int(time.time())
SMART = "server://machine-one/com.plexapp.plugins.library/directory/%2Flibrary%2Fsections%2F1%2Fall%3Ftype%3D1%26sort%3Did"


def collection(world: World, title: str, members: list[int], **options: Any) -> int:
    given = {"section": 1, "title": title, "members": members, **options}
    return int(world.plex.control("collection", given)["ratingKey"])


def playlist(world: World, title: str, members: list[Any], **options: Any) -> int:
    return int(world.plex.control("playlist", {"title": title, "members": members, **options})["ratingKey"])


def change(world: World, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(world.db)) as connection, connection:
        connection.execute(statement)


def touch(world: World) -> None:
    """Something happens in the library of films."""
    world.plex.control("edit_item", {"ratingKey": 102, "fields": {"summary": f"{time.time_ns()}"}})


def asked(world: World) -> list[str]:
    """Requests for collections, playlists and what is in them, since the last call."""
    found = [
        target.partition("?")[0]
        for target in world.targets()
        if "/collections" in target or target.startswith(PLAYLISTS)
    ]
    world.plex.clear_log()
    return found


def contents(world: World, key: int) -> list[tuple[Any, ...]]:
    return world.rows(
        "SELECT position, ratingKey, kind, title, partOf FROM list_contents WHERE listKey = ? ORDER BY position",
        key,
    )


def test_collection_when_read_has_its_row_and_its_members_in_order(world: World) -> None:
    fields = {"summary": "What it is about", "collectionSort": 2, "thumb": 1700000001}
    key = collection(world, "Best of", [103, 101], fields=fields)
    world.index(lists=True)
    row = world.row("library_collections", key)
    del row["addedAt"], row["updatedAt"]
    assert row == {
        "ratingKey": key,
        "library": "Fílme, alt & neu",
        "title": "Best of",
        "summary": "What it is about",
        "memberKind": "movie",
        "smart": 0,
        "memberOrder": "custom",
        "members": 2,
        "poster": world.value("SELECT poster FROM lists WHERE ratingKey = ?", key),
    }
    assert row["poster"].startswith(f"/library/metadata/{key}/thumb/")
    assert contents(world, key) == [
        (0, 103, "movie", "No File", None),
        (1, 101, "movie", "Amélie à Köln: „Ende“ 映画", None),
    ]


@pytest.mark.parametrize(("sort", "order"), [(None, "release"), (0, "release"), (1, "title"), (2, "custom")])
def test_collection_when_ordered_says_how(world: World, sort: int | None, order: str) -> None:
    fields = {} if sort is None else {"collectionSort": sort}
    key = collection(world, "C", [102, 101], fields=fields)
    world.index(lists=True)
    assert world.value("SELECT memberOrder FROM lists WHERE ratingKey = ?", key) == order


def test_playlist_when_read_has_its_row_and_its_members_in_order(world: World) -> None:
    key = playlist(world, "Tonight", [212, 101, 212], summary="For later")
    world.index(lists=True)
    row = world.row("playlists", key)
    del row["addedAt"], row["updatedAt"], row["poster"]
    assert row == {
        "ratingKey": key,
        "title": "Tonight",
        "summary": "For later",
        "memberKind": "video",
        "smart": 0,
        "members": 3,
        "duration": 120_000 + 6_120_000 + 120_000,
    }
    assert contents(world, key) == [
        (0, 212, "episode", "E2", "A Show"),
        (1, 101, "movie", "Amélie à Köln: „Ende“ 映画", None),
        (2, 212, "episode", "E2", "A Show"),
    ]


def test_playlist_when_it_holds_what_the_index_does_not_keeps_the_title(world: World) -> None:
    foreign = {
        "ratingKey": "101",
        "title": "Elsewhere",
        "type": "movie",
        "sourceURI": "server://other/library/metadata/101",
    }
    ours = {
        "ratingKey": "102",
        "title": "Two",
        "type": "movie",
        "sourceURI": "server://machine-one/library/metadata/102",
    }
    key = playlist(world, "Mixed", [foreign, ours, 311])
    world.index(lists=True, libraries=["Fílme, alt & neu"])
    assert contents(world, key) == [
        (0, None, None, "Elsewhere", None),
        (1, 102, "movie", "Two Versions", None),
        (2, 311, None, "T1", None),
    ]


def test_radio_station_when_among_playlists_is_not_asked_for_members(world: World) -> None:
    key = playlist(world, "Library Radio", [], radio=1, playlistType="audio")
    world.index(lists=True)
    assert asked(world)[-1] == PLAYLISTS
    assert world.value("SELECT members FROM playlists WHERE ratingKey = ?", key) == 0


def test_run_when_nothing_has_changed_asks_for_no_list(world: World) -> None:
    collection(world, "C", [101])
    playlist(world, "P", [101])
    world.index(lists=True, history=True)
    world.plex.clear_log()
    assert world.index(lists=True).requests == len(world.targets()) == 2
    world.plex.clear_log()
    assert world.index(lists=True, history=True).requests == len(world.targets()) == 3


def test_run_when_a_library_has_changed_lists_its_collections_and_the_playlists_alone(world: World) -> None:
    first, second = collection(world, "A", [101]), collection(world, "B", [101])
    kept, changed = playlist(world, "P", [101]), playlist(world, "Q", [101])
    verdict = world.index(lists=True)
    assert verdict.requests == len(world.targets())
    assert len(asked(world)) == 4 + 2 + 2  # three libraries and playlists; each of the four lists
    touch(world)
    world.index(lists=True)
    assert asked(world) == [COLLECTIONS, PLAYLISTS]
    time.sleep(1.1)  # Plex's stamps are whole seconds
    collection(world, "B", [101, 102])
    playlist(world, "", [102, 101], ratingKey=changed)
    verdict = world.index(lists=True)
    assert asked(world) == [
        COLLECTIONS,
        f"GET /library/collections/{second}/children",
        PLAYLISTS,
        f"GET /playlists/{changed}/items",
    ]
    assert verdict.notes == ()
    assert [row[1] for row in contents(world, changed)] == [102, 101]
    assert {row[1] for row in contents(world, second)} == {101, 102}
    assert [row[1] for row in contents(world, first) + contents(world, kept)] == [101, 101]


def test_smart_list_when_a_day_old_is_read_again_and_others_when_a_week_old(world: World) -> None:
    plain = collection(world, "Plain", [101])
    fields = {"smart": 1, "content": SMART, "childCount": 3}
    smart = collection(world, "Smart", [], fields=fields)
    world.index(lists=True)
    assert world.rows("SELECT smart, memberOrder, members FROM lists ORDER BY smart") == [
        (0, "release", 1),
        (1, None, 3),
    ]
    asked(world)
    world.plex.control("remove_item", {"ratingKey": 103})
    world.index(lists=True)
    assert asked(world) == [COLLECTIONS, PLAYLISTS]
    later(world, "-2 days")
    touch(world)
    world.index(lists=True)
    assert asked(world) == [COLLECTIONS, f"GET /library/collections/{smart}/children", PLAYLISTS]
    assert [row[1] for row in contents(world, smart)] == [101, 102]
    later(world, "-8 days")
    touch(world)
    world.index(lists=True)
    assert set(asked(world)) == {
        COLLECTIONS,
        PLAYLISTS,
        f"GET /library/collections/{plain}/children",
        f"GET /library/collections/{smart}/children",
    }


def later(world: World, days: str) -> None:
    """As if the members had been read so long ago."""
    statement = f"UPDATE lists SET membersReadAt = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{days}')"
    change(world, statement)


def test_list_when_plex_no_longer_has_it_goes_with_its_members(world: World) -> None:
    key, other = collection(world, "C", [101]), playlist(world, "P", [101])
    world.index(lists=True)
    world.plex.control("remove_item", {"ratingKey": key})
    world.plex.control("remove_playlist", {"ratingKey": other})
    world.index(lists=True)
    assert world.rows("SELECT * FROM lists") == world.rows("SELECT * FROM list_members") == []


def test_list_when_long_is_read_in_pages(world: World) -> None:
    key = playlist(world, "Loop", [101, 102] * 600)
    collection(world, "Big", [101, 102, 103])
    world.index(lists=True)
    assert asked(world).count(f"GET /playlists/{key}/items") == 3
    assert [row[1] for row in contents(world, key)] == [101, 102] * 600


def test_lists_when_switched_off_cost_nothing_and_come_when_switched_on(world: World) -> None:
    collection(world, "C", [101])
    world.index(lists=False)
    assert asked(world) == []
    # Nothing has changed since, but they have never been listed.
    world.index(lists=True)
    assert len(asked(world)) == 4 + 1
    assert world.value("SELECT count(*) FROM list_members") == 1


def test_lists_when_the_run_is_cut_short_before_them_are_read_by_the_next(world: World) -> None:
    collection(world, "C", [101])
    for match in (COLLECTIONS, "GET /identity"):
        world.plex.fault("reset", match=match, times=None)
    with pytest.raises(PlexUnavailable):
        world.index(lists=True)
    assert world.value("SELECT count(*) FROM movies") == 3
    world.plex.clear_faults()
    world.plex.clear_log()
    verdict = world.index(lists=True)
    assert verdict.sections_read == 0
    assert world.value("SELECT count(*) FROM list_members") == 1


def test_lists_when_another_job_waits_stop_and_go_on(world: World) -> None:
    for name in "ABC":
        collection(world, name, [101])
    world.index()
    calls = iter([False, True])
    world.should_yield = lambda: next(calls)
    verdict = world.index(lists=True)
    assert (verdict.yielded, verdict.libraries_done) == (True, True)
    assert world.value("SELECT count(*) FROM list_members") == 1
    world.should_yield = lambda: False
    asked(world)
    world.index(lists=True)
    assert sum("children" in target for target in asked(world)) == 2
    assert world.value("SELECT count(*) FROM list_members") == 3


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "does not show them"), (404, "does not show them"), (500, "could not be read")],
)
def test_lists_when_plex_refuses_them_cost_nothing_else(world: World, status: int, words: str) -> None:
    world.plex.fault("status", status=status, match=PLAYLISTS, times=None)
    world.plex.fault("status", status=status, match=COLLECTIONS, times=None)
    verdict = world.index(lists=True, history=True)
    assert verdict.total.added == 15
    assert verdict.sentence.count(words) == 2
    assert world.value("SELECT count(*) FROM meta WHERE name = 'lastCompleteRun'") == 1


def test_lists_when_plex_closes_the_connection_at_them_alone_cost_nothing_else(world: World) -> None:
    collection(world, "One", [101])
    world.plex.fault("reset", match=PLAYLISTS, times=None)
    world.plex.fault("reset", match="GET /library/collections/", times=None)
    verdict = world.index(lists=True, history=True)
    assert verdict.total.added == 15
    assert "The playlists could not be read" in verdict.sentence
    assert 'does not say what is in "One"' in verdict.sentence
    assert world.value("SELECT count(*) FROM meta WHERE name = 'lastCompleteRun'") == 1


def test_list_when_plex_fails_at_its_members_keeps_those_it_had(world: World) -> None:
    broken, whole = collection(world, "Broken", [101, 102]), collection(world, "Whole", [103])
    world.index(lists=True)
    world.plex.fault("status", status=500, match=f"GET /library/collections/{broken}/children", times=None)
    time.sleep(1.1)
    collection(world, "Broken", [101])
    collection(world, "Whole", [101, 103])
    verdict = world.index(lists=True)
    assert 'does not say what is in "Broken"' in verdict.sentence
    assert len(contents(world, broken)) == len(contents(world, whole)) == 2
    asked(world)
    world.plex.clear_faults()
    touch(world)
    world.index(lists=True)
    assert f"GET /library/collections/{broken}/children" in asked(world)
    assert [row[1] for row in contents(world, broken)] == [101]


def test_lists_when_plex_fails_at_many_are_given_up_soon(world: World) -> None:
    for name in "ABCDEF":
        collection(world, name, [101])
    world.plex.fault("status", status=500, match="GET /library/collections/", times=None)
    verdict = world.index(lists=True)
    assert 'what is in "A" and 5 more' in verdict.sentence
    tried = [target for target in asked(world) if target.endswith("children")]
    assert len(set(tried)) == 3


def test_rebuild_when_nothing_has_changed_reads_all_members_again(world: World) -> None:
    key = collection(world, "C", [101])
    world.index(lists=True)
    asked(world)
    world.index(lists=True, rebuild=True)
    assert f"GET /library/collections/{key}/children" in asked(world)


def test_library_when_plex_no_longer_has_it_shows_no_collections(world: World) -> None:
    collection(world, "C", [101])
    world.index(lists=True)
    change(world, "UPDATE sections SET available = 0 WHERE key = 1")
    assert world.rows("SELECT * FROM library_collections") == []
