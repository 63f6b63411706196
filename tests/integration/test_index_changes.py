"""What happens in Plex between two runs: edits, files replaced, items and libraries gone, back, or moved."""

import itertools
from pathlib import Path

import pytest

from indexer.file.publish import Counts
from plexsync_plugin.base.errors import IndexRefused
from tests.index_runs import FILMS, SECTIONS, SHOW, World, movie_section, start_plex


def edit(world: World, key: int, **fields: object) -> None:
    world.plex.control("edit_item", {"ratingKey": key, "fields": fields})


def test_summary_when_edited_is_found_by_one_detail_request(indexed: World) -> None:
    edit(indexed, 101, summary="Second summary")
    before = indexed.row("movies", 101)["mediaHash"]
    verdict = indexed.index()
    assert indexed.row("movies", 101)["summary"] == "Second summary"
    assert indexed.row("movies", 101)["mediaHash"] == before
    assert (indexed.details(), len(indexed.targets())) == ([{101}], 4)
    assert verdict.counts == {"movies": Counts(seen=3, changed=1)}
    assert verdict.sections_unchanged == 2


def test_genres_and_cast_when_edited_replace_the_old_ones(indexed: World) -> None:
    edit(indexed, 101, Genre=["Noir"], Role=["Zoe"])
    indexed.index()
    movie = indexed.row("movies", 101)
    assert (movie["genres"], movie["actors"]) == ("Noir", "Zoe")
    assert indexed.rows("SELECT name FROM tags WHERE ratingKey = 101 AND type = 'genre'") == [("Noir",)]
    assert indexed.rows("SELECT name FROM credits WHERE ratingKey = 101 AND job = 'actor'") == [("Zoe",)]


def test_show_when_edited_keeps_seasons_and_episodes(indexed: World) -> None:
    before = indexed.counts() | {"field_locks": 1}  # the edit locks the title
    edit(indexed, 201, title="Another Name")
    indexed.index()
    show = indexed.row("tv_shows", 201)
    assert (show["title"], show["totalEpisodes"], show["seasonCount"]) == ("Another Name", 3, 2)
    assert indexed.counts() == before


def test_file_when_replaced_is_found_though_the_item_was_not_touched(indexed: World) -> None:
    indexed.plex.control("replace_file", {"ratingKey": 101, "file": "/media/films/new.mkv", "size": 77})
    before = indexed.row("movies", 101)["mediaHash"]
    indexed.index(full_sweep=True)
    assert indexed.rows("SELECT path, size FROM sync_files WHERE rating_key = 101") == [
        ("/media/films/new.mkv", 77)
    ]
    movie = indexed.row("movies", 101)
    assert movie["sizeBytes"] == 77
    assert movie["mediaHash"] != before


def test_item_when_removed_is_marked_and_keeps_when_it_was_seen(indexed: World) -> None:
    seen = indexed.row("movies", 102)["lastSeen"]
    indexed.plex.control("remove_item", {"ratingKey": 102})
    indexed.clock.offset = 60
    verdict = indexed.index()
    assert verdict.counts["movies"] == Counts(seen=2, lost=1)
    movie = indexed.row("movies", 102)
    assert (movie["available"], movie["lastSeen"], movie["title"]) == (0, seen, "Two Versions")
    assert indexed.row("movies", 101)["lastSeen"] > seen
    assert indexed.value("SELECT count(*) FROM sync_files WHERE rating_key = 102") == 0
    assert indexed.value("SELECT count(*) FROM files WHERE ratingKey = 102") == 2


def test_season_when_removed_is_marked_with_its_episodes_and_totals_follow(indexed: World) -> None:
    indexed.plex.control("remove_item", {"ratingKey": 210})
    indexed.index()
    assert indexed.rows("SELECT seasonRatingKey, available FROM seasons ORDER BY 1") == [(210, 0), (220, 1)]
    assert indexed.rows("SELECT ratingKey, available FROM episodes ORDER BY 1") == [
        (211, 0),
        (212, 0),
        (221, 1),
    ]
    show = indexed.row("tv_shows", 201)
    assert (show["seasonCount"], show["totalEpisodes"], show["totalSizeBytes"]) == (1, 1, 300)


def test_item_when_added_is_stored(indexed: World) -> None:
    item = {"ratingKey": 150, "title": "New", "file": "/media/films/n.mkv"}
    indexed.plex.control("add_item", {"section": 1, "item": item})
    verdict = indexed.index()
    assert verdict.counts["movies"] == Counts(seen=4, added=1)
    assert indexed.details() == [{150}]


def test_item_when_added_again_under_another_key_is_a_new_row(indexed: World) -> None:
    key = indexed.plex.control("rekey_item", {"ratingKey": 101})["ratingKey"]
    verdict = indexed.index()
    assert verdict.counts["movies"] == Counts(seen=3, added=1, lost=1)
    assert indexed.rows("SELECT rating_key FROM sync_files WHERE name LIKE 'Am%'") == [(key,)]


def empty(world: World) -> None:
    for film in FILMS:
        world.plex.control("remove_item", {"ratingKey": film["ratingKey"]})


def test_library_when_suddenly_empty_is_refused_and_the_others_are_read(indexed: World) -> None:
    empty(indexed)
    edit(indexed, 201, summary="new")
    with pytest.raises(IndexRefused, match=r"lists nothing of movies in the library .* has 3.*--allow-empty"):
        indexed.index()
    assert indexed.rows("SELECT DISTINCT available FROM movies") == [(1,)]
    assert indexed.row("tv_shows", 201)["summary"] == "new"
    # Refused again as long as nothing changes, by asking again.
    indexed.plex.clear_log()
    with pytest.raises(IndexRefused):
        indexed.index()
    assert any("/library/sections/1/all" in target for target in indexed.targets())


def test_library_when_really_empty_is_accepted_if_told_so(indexed: World) -> None:
    empty(indexed)
    verdict = indexed.index(allow_empty=True)
    assert verdict.counts["movies"] == Counts(lost=3)
    assert indexed.rows("SELECT DISTINCT available FROM movies") == [(0,)]
    assert indexed.value("SELECT count(*) FROM movies") == 3


def test_rebuild_when_an_item_is_gone_drops_it_and_reads_all_details(indexed: World) -> None:
    indexed.plex.control("remove_item", {"ratingKey": 102})
    indexed.index(rebuild=True)
    assert indexed.rows("SELECT ratingKey FROM movies ORDER BY 1") == [(101,), (103,)]
    assert indexed.value("SELECT count(*) FROM files WHERE ratingKey = 102") == 0
    assert sum(len(batch) for batch in indexed.details()) == 14
    assert indexed.rows("PRAGMA foreign_key_check") == []


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


def test_show_when_it_alone_changed_keeps_children_that_nobody_read_again(tmp_path: Path) -> None:
    """Without pictures of its own nothing of it shows in its children, so that their rows must live through its update."""
    show = SHOW | {"thumb": None, "art": None}
    section = {"key": 2, "type": "show", "title": "Serien", "locations": ["/media"], "items": [show]}
    with start_plex(tmp_path, [section]) as plex:
        world = World(plex, tmp_path)
        world.index()
        before = world.counts()
        plex.control("edit_item", {"ratingKey": 201, "fields": {"summary": "new"}, "lock": False})
        plex.clear_log()
        world.index()
        assert world.details() == [{201}]
        assert world.counts() == before
        assert world.row("tv_shows", 201)["totalEpisodes"] == 3


def test_libraries_when_two_are_of_one_type_do_not_hide_each_others_items(tmp_path: Path) -> None:
    sections = [movie_section(key, f"M{key}", [{"ratingKey": key * 10, "title": "F"}]) for key in (1, 2)]
    with start_plex(tmp_path, sections) as plex:
        world = World(plex, tmp_path)
        world.index()
        for chosen in (("M1",), ("M2",), ("M1", "M2")):
            world.index(libraries=chosen, full_sweep=True)
            assert world.rows("SELECT DISTINCT available FROM items") == [(1,)]
            assert world.rows("SELECT DISTINCT available FROM movies") == [(1,)]
