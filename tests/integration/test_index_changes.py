"""What happens in Plex between two runs: edits, files replaced, items and libraries gone, back, or moved."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.file.publish import Counts
from plexsync_plugin.base.errors import IndexRefused
from tests.integration.index_runs import FILMS, SECTIONS, World, movie_section, start_plex


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        world.index()
        plex.clear_log()
        yield world


def edit(world: World, key: int, **fields: object) -> None:
    world.plex.control("edit_item", {"ratingKey": key, "fields": fields})


def test_summary_when_edited_is_found_by_one_detail_request(world: World) -> None:
    edit(world, 101, summary="Second summary")
    before = world.row("movies", 101)["mediaHash"]
    verdict = world.index()
    assert world.row("movies", 101)["summary"] == "Second summary"
    assert world.row("movies", 101)["mediaHash"] == before
    assert (world.details(), len(world.targets())) == ([{101}], 4)
    assert verdict.counts == {"movies": Counts(seen=3, changed=1)}
    assert verdict.sections_unchanged == 2


def test_genres_and_cast_when_edited_replace_the_old_ones(world: World) -> None:
    edit(world, 101, Genre=["Noir"], Role=["Zoe"])
    world.index()
    movie = world.row("movies", 101)
    assert (movie["genres"], movie["actors"]) == ("Noir", "Zoe")
    assert world.rows("SELECT name FROM tags WHERE ratingKey = 101 AND type = 'genre'") == [("Noir",)]
    assert world.rows("SELECT name FROM credits WHERE ratingKey = 101 AND job = 'actor'") == [("Zoe",)]


def test_show_when_edited_keeps_seasons_and_episodes(world: World) -> None:
    before = world.counts() | {"field_locks": 1}  # the edit locks the title
    edit(world, 201, title="Another Name")
    world.index()
    show = world.row("tv_shows", 201)
    assert (show["title"], show["totalEpisodes"], show["seasonCount"]) == ("Another Name", 3, 2)
    assert world.counts() == before


def test_file_when_replaced_is_found_though_the_item_was_not_touched(world: World) -> None:
    world.plex.control("replace_file", {"ratingKey": 101, "file": "/media/films/new.mkv", "size": 77})
    before = world.row("movies", 101)["mediaHash"]
    world.index(full_sweep=True)
    assert world.rows("SELECT path, size FROM sync_files WHERE rating_key = 101") == [
        ("/media/films/new.mkv", 77)
    ]
    movie = world.row("movies", 101)
    assert movie["sizeBytes"] == 77
    assert movie["mediaHash"] != before


def test_item_when_removed_is_marked_and_keeps_when_it_was_seen(world: World) -> None:
    seen = world.row("movies", 102)["lastSeen"]
    world.plex.control("remove_item", {"ratingKey": 102})
    world.clock.offset = 60
    verdict = world.index()
    assert verdict.counts["movies"] == Counts(seen=2, lost=1)
    movie = world.row("movies", 102)
    assert (movie["available"], movie["lastSeen"], movie["title"]) == (0, seen, "Two Versions")
    assert world.row("movies", 101)["lastSeen"] > seen
    assert world.value("SELECT count(*) FROM sync_files WHERE rating_key = 102") == 0
    assert world.value("SELECT count(*) FROM files WHERE ratingKey = 102") == 2


def test_season_when_removed_is_marked_with_its_episodes_and_totals_follow(world: World) -> None:
    world.plex.control("remove_item", {"ratingKey": 210})
    world.index()
    assert world.rows("SELECT seasonRatingKey, available FROM seasons ORDER BY 1") == [(210, 0), (220, 1)]
    assert world.rows("SELECT ratingKey, available FROM episodes ORDER BY 1") == [
        (211, 0),
        (212, 0),
        (221, 1),
    ]
    show = world.row("tv_shows", 201)
    assert (show["seasonCount"], show["totalEpisodes"], show["totalSizeBytes"]) == (1, 1, 300)


def test_item_when_added_is_stored(world: World) -> None:
    item = {"ratingKey": 150, "title": "New", "file": "/media/films/n.mkv"}
    world.plex.control("add_item", {"section": 1, "item": item})
    verdict = world.index()
    assert verdict.counts["movies"] == Counts(seen=4, added=1)
    assert world.details() == [{150}]


def test_item_when_added_again_under_another_key_is_a_new_row(world: World) -> None:
    key = world.plex.control("rekey_item", {"ratingKey": 101})["ratingKey"]
    verdict = world.index()
    assert verdict.counts["movies"] == Counts(seen=3, added=1, lost=1)
    assert world.rows("SELECT rating_key FROM sync_files WHERE name LIKE 'Am%'") == [(key,)]


def empty(world: World) -> None:
    for film in FILMS:
        world.plex.control("remove_item", {"ratingKey": film["ratingKey"]})


def test_library_when_suddenly_empty_is_refused_and_the_others_are_read(world: World) -> None:
    empty(world)
    edit(world, 201, summary="new")
    with pytest.raises(IndexRefused, match=r"lists nothing of movies in the library .* has 3.*--allow-empty"):
        world.index()
    assert world.rows("SELECT DISTINCT available FROM movies") == [(1,)]
    assert world.row("tv_shows", 201)["summary"] == "new"
    # Refused again as long as nothing changes, by asking again.
    world.plex.clear_log()
    with pytest.raises(IndexRefused):
        world.index()
    assert any("/library/sections/1/all" in target for target in world.targets())


def test_library_when_really_empty_is_accepted_if_told_so(world: World) -> None:
    empty(world)
    verdict = world.index(allow_empty=True)
    assert verdict.counts["movies"] == Counts(lost=3)
    assert world.rows("SELECT DISTINCT available FROM movies") == [(0,)]
    assert world.value("SELECT count(*) FROM movies") == 3


def test_rebuild_when_an_item_is_gone_drops_it_and_reads_all_details(world: World) -> None:
    world.plex.control("remove_item", {"ratingKey": 102})
    world.index(rebuild=True)
    assert world.rows("SELECT ratingKey FROM movies ORDER BY 1") == [(101,), (103,)]
    assert world.value("SELECT count(*) FROM files WHERE ratingKey = 102") == 0
    assert sum(len(batch) for batch in world.details()) == 14
    assert world.rows("PRAGMA foreign_key_check") == []


def test_library_when_plex_no_longer_has_it_is_marked_and_comes_back(tmp_path: Path) -> None:
    with start_plex(tmp_path) as plex:
        World(plex, tmp_path).index()
    with start_plex(tmp_path, SECTIONS[:1]) as plex:
        world = World(plex, tmp_path)
        verdict = world.index()
        assert world.rows("SELECT key, available FROM sections ORDER BY 1") == [(1, 1), (2, 0), (3, 0)]
        assert world.rows("SELECT available, count(*) FROM episodes GROUP BY 1") == [(0, 3)]
        assert world.rows("SELECT DISTINCT kind FROM sync_files") == [(1,)]
        assert verdict.counts["episodes"] == Counts(lost=3)
        assert 'no longer has the library "Serien"' in verdict.sentence
    with start_plex(tmp_path, []) as plex:
        world = World(plex, tmp_path)
        with pytest.raises(IndexRefused, match="no library at all"):
            world.index()
        assert world.rows("SELECT DISTINCT available FROM movies") == [(1,)]
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        verdict = world.index()
        assert world.rows("SELECT DISTINCT available FROM episodes") == [(1,)]
        # Nothing of it changed while it was away.
        assert (verdict.sections_read, world.details()) == (2, [])


def test_two_libraries_when_of_one_type_leave_each_other_alone(tmp_path: Path) -> None:
    sections = [movie_section(1, "TV Shows", FILMS[:1]), movie_section(7, "Élan/…\"'", FILMS[1:])]
    with start_plex(tmp_path, sections) as plex:
        world = World(plex, tmp_path)
        world.index()
        plex.control("remove_item", {"ratingKey": 102})
        world.index()
        assert world.rows("SELECT ratingKey, available FROM movies ORDER BY 1") == [
            (101, 1),
            (102, 0),
            (103, 1),
        ]
        world.index(libraries=("élan/…\"'",), full_sweep=True)
        assert world.value("SELECT available FROM movies WHERE ratingKey = 101") == 1


def test_item_when_moved_to_another_library_is_the_same_row(tmp_path: Path) -> None:
    for place in itertools.permutations((FILMS[:1], [])):
        sections = [
            movie_section(number, f"Films {number}", list(items)) for number, items in enumerate(place, 1)
        ]
        with start_plex(tmp_path, sections) as plex:
            world = World(plex, tmp_path)
            world.index(full_sweep=True, allow_empty=True)
    assert world.rows("SELECT ratingKey, sectionKey, available FROM items") == [(101, 2, 1)]
    assert world.rows("SELECT section_key FROM sync_files") == [(2,)]
    assert world.rows("SELECT available FROM movies") == [(1,)]
