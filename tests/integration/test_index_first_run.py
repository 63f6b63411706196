"""A first run fills every promised table, completely, in few requests; a second finds nothing to do."""

import os
import sqlite3
import stat
import sys

import pytest

from indexer.file.publish import Counts
from tests.index_runs import TOKEN, World


def test_movies_when_first_indexed_are_complete(world: World) -> None:
    world.index()
    movie = world.row("movies", 101)
    assert movie["title"] == "Amélie à Köln: „Ende“ 映画"
    # A listing gives two genres and three names; the details give all.
    assert movie["genres"] == "Romance, Comedy, Drama, Art"
    assert movie["actors"] == "Robert Downey, Jr. as Self as Other, Ann as Eve, Bob, Cleo, Dan"
    assert (movie["sizeBytes"], movie["sizeHuman"]) == (4_300_000_000, "4.3 GB")
    assert (movie["duration"], movie["durationHuman"]) == (6_120_000, "1 h 42 min")
    assert (movie["available"], movie["lastSeen"][-1]) == (1, "Z")
    assert world.row("movies", 102)["sizeBytes"] == 3500


def test_items_when_they_have_no_file_are_kept(world: World) -> None:
    world.index()
    movie = world.row("movies", 103)
    assert (movie["title"], movie["sizeBytes"], movie["videoCodec"]) == ("No File", None, None)


def test_shows_when_first_indexed_have_totals(world: World) -> None:
    world.index()
    show = world.row("tv_shows", 201)
    assert (show["seasonCount"], show["totalEpisodes"], show["totalSizeBytes"]) == (2, 3, 600)
    assert (show["avgEpisodeDuration"], show["avgVideoResolutions"], show["avgAudioCodecs"]) == (
        120_000,
        "720",
        "aac",
    )
    season = world.row("seasons", 210, "seasonRatingKey")
    assert (season["showRatingKey"], season["seasonNumber"], season["seasonTotalEpisode"]) == (201, 1, 2)
    assert (season["avgSeasonEpisodeDuration"], season["seasonSizeBytes"], season["yearRange"]) == (
        90_000,
        300,
        "2014-2015",
    )
    assert world.row("seasons", 220, "seasonRatingKey")["yearRange"] == "2016"
    episode = world.row("episodes", 212)
    assert (episode["seasonRatingKey"], episode["showRatingKey"], episode["episodeNumber"]) == (210, 201, 2)


def test_music_when_first_indexed_has_totals_of_every_album(world: World) -> None:
    world.index(images=False)
    artist = world.row("artists", 301)
    assert (artist["totalAlbums"], artist["totalTracks"], artist["totalSizeBytes"]) == (2, 3, 70)
    assert artist["yearRange"] == "1998-2005"
    albums = world.rows(
        "SELECT ratingKey, tracks, albumSizeBytes, albumDuration, albumContainers FROM albums ORDER BY 1"
    )
    assert albums == [(310, 2, 30, 3000, "mp3"), (320, 1, 40, 4000, "mp3")]
    track = world.row("tracks", 321)
    assert (track["albumRatingKey"], track["artistRatingKey"], track["title"]) == (320, 301, "T3")


def test_sync_files_when_indexed_lists_the_available_videos(world: World) -> None:
    world.index()
    assert world.rows("SELECT * FROM sync_files ORDER BY rating_key, path") == [
        (101, 1, 1, "/media/films/Amélie (2001)/Amélie 映画.mkv", "Amélie 映画.mkv", 4_300_000_000),
        (102, 1, 1, "/media/films/two/a.mkv", "a.mkv", 1000),
        (102, 1, 1, "/media/films/two/b.mkv", "b.mkv", 2500),
        (211, 4, 2, "/media/series/1.mkv", "1.mkv", 100),
        (212, 4, 2, "/media/series/2.mkv", "2.mkv", 200),
        (221, 4, 2, "/media/series/3.mkv", "3.mkv", 300),
    ]
    assert world.value("SELECT count(*) FROM files") == 9
    assert world.rows("SELECT machine_id, name FROM sync_server") == [("machine-one", "Den")]


def test_requests_when_first_indexed_are_counted(world: World) -> None:
    verdict = world.index()
    # The server, its libraries, and for each of seven kinds one page and one batch.
    assert len(world.targets()) == verdict.requests == 2 + 7 + 7
    assert all("type=" in target for target in world.targets() if "/all?" in target)
    assert verdict.counts["episodes"] == Counts(seen=3, added=3)
    assert (verdict.sections_read, verdict.total.added) == (3, 3 + 6 + 6)
    assert "15 added" in verdict.sentence


def test_requests_when_nothing_changed_are_two(world: World) -> None:
    world.index()
    before = world.counts()
    world.plex.clear_log()
    verdict = world.index()
    assert world.targets() == ["GET /", "GET /library/sections"]
    assert (verdict.requests, verdict.sections_unchanged, verdict.sections_read) == (2, 3, 0)
    assert "nothing has changed in 3 libraries" in verdict.sentence
    assert world.counts() == before


@pytest.mark.parametrize("parallel", [True, False])
def test_second_run_when_everything_is_listed_again_deletes_nothing(world: World, parallel: bool) -> None:
    world.index(parallel=parallel)
    before, show = world.counts(), world.row("tv_shows", 201)
    world.plex.clear_log()
    verdict = world.index(parallel=parallel, full_sweep=True)
    assert world.counts() == before
    assert world.row("tv_shows", 201) | {"lastSeen": ""} == show | {"lastSeen": ""}
    assert verdict.total == Counts(seen=15)
    assert (len(world.targets()), world.details()) == (2 + 7, [])


def test_full_sweep_when_the_last_is_a_day_old_lists_again(world: World) -> None:
    world.index()
    world.clock.offset = 25 * 3600
    world.plex.clear_log()
    assert world.index().sections_read == 3
    assert len(world.targets()) == 2 + 7


def test_full_sweep_when_nine_runs_were_skipped_lists_again(world: World) -> None:
    read = [world.index().sections_read for _ in range(11)]
    assert read == [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]


def test_libraries_when_named_are_the_only_ones_read(world: World) -> None:
    verdict = world.index(libraries=("Fílme", "alt & neu", "musik"))
    assert set(verdict.counts) == {"movies", "artists", "albums", "tracks"}
    assert world.value("SELECT count(*) FROM tv_shows") == 0
    world.plex.clear_log()
    # The others are read when they are asked for, though the file is there.
    assert world.index().sections_read == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_index_file_when_made_can_be_opened_by_others(world: World) -> None:
    before = os.umask(0o077)
    try:
        world.index()
    finally:
        os.umask(before)
    assert stat.S_IMODE(world.db.stat().st_mode) == 0o644
    assert world.value("PRAGMA journal_mode") == "delete"
    assert sorted(path.name for path in world.db.parent.iterdir()) == ["plex.db", "plex.db.lock"]


def test_token_when_a_run_is_over_is_in_no_file(world: World) -> None:
    world.index()
    assert [path.name for path in world.db.parent.iterdir() if TOKEN.encode() in path.read_bytes()] == []
    assert not any(TOKEN in target for target in world.targets())


def test_index_file_when_checked_is_sound(world: World) -> None:
    world.index()
    assert world.rows("PRAGMA integrity_check") == [("ok",)]
    assert world.rows("PRAGMA foreign_key_check") == []


def test_row_when_deleted_by_a_person_takes_its_children_and_comes_back(world: World) -> None:
    world.index()
    before = world.counts()
    connection = sqlite3.connect(world.db)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("DELETE FROM seasons WHERE seasonRatingKey = 210")
    connection.commit()
    connection.close()
    assert world.rows("SELECT ratingKey FROM episodes") == [(221,)]
    assert world.value("SELECT count(*) FROM items WHERE ratingKey IN (210, 211, 212)") == 0
    world.index(full_sweep=True)
    assert world.counts() == before
