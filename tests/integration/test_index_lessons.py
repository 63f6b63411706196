"""Failures that a predecessor of the indexer died of, and that no other test would notice."""

import contextlib
import io
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from indexer.file.publish import Counts, Publication, publish
from indexer.file.staging import RunMark, Staging
from indexer.file.store import Store
from indexer.pictures.files import THUMB, PictureFiles, PlexPicture
from indexer.pictures.webp import to_webp
from indexer.reading.compare import compare
from indexer.rows.rows import WatchRow
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.model import Kind, Section, Server
from tests.integration.index_runs import SHOW, World, movie_section, start_plex
from tests.sim.process import ROOT

MANY = 40_000  # more than SQLite takes variables in one statement: 32 766 by default
NOW = "2026-01-01T00:00:00Z"
FILMS = Section(
    key=1, title="Films", type="movie", uuid="u", content_changed_at=7, updated_at=8, scanned_at=9
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    marks: dict[int, str]
    watched: dict[int, WatchRow]
    stop: int
    total: int


def fill(store: Store, number: int) -> None:
    """An index that has `number` films of which nothing but the title is known."""
    connection = store.connection
    connection.execute("INSERT INTO sections (key, title, type) VALUES (1, 'Films', 'movie')")
    numbers = f"WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {number})"
    connection.execute(
        f"{numbers} INSERT INTO items (ratingKey, kind, sectionKey, title, elementHash, lastSeen) "
        "SELECT k, 1, 1, 'T', 'mark', '2025' FROM n"
    )
    connection.execute(
        f"{numbers} INSERT INTO movies (ratingKey, title, mediaHash, lastSeen) SELECT k, 'T', 'h', '2025' FROM n"
    )


def test_listing_when_longer_than_one_statement_takes_variables_marks_what_is_lost(tmp_path: Path) -> None:
    server = Server(machine_id="m", version="1", name="Den")
    with contextlib.closing(Store.open(str(tmp_path / "plex.db"), server, Clock())) as store:
        # Builds of SQLite differ in how many they take; this is the least that any does.
        store.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        store.write(lambda: fill(store, MANY + 2))
        marks = dict.fromkeys(range(1, MANY + 1), "mark")
        known = store.known(Kind.MOVIE, marks)
        assert len(known) == MANY
        mark = RunMark(index_id=store.identifier, rebuild=False, started_at=0.0)
        with contextlib.closing(Staging.open(str(tmp_path / "staging"), mark)) as staging:
            staging.listing(1, Kind.MOVIE, "token")
            page = Page(marks=marks, watched={}, stop=MANY, total=MANY)
            staging.add_page(1, Kind.MOVIE, page, compare(marks, known))
            publication = Publication(
                section=FILMS,
                now=NOW,
                staging_path=staging.path,
                rebuild=False,
                complete={Kind.MOVIE: True},
            )
            assert publish(store, publication) == {"movies": Counts(seen=MANY, lost=2)}
        gone = store.connection.execute("SELECT ratingKey FROM movies WHERE available = 0").fetchall()
        assert [row[0] for row in gone] == [MANY + 1, MANY + 2]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_picture_when_writing_breaks_off_is_the_old_one_whole(tmp_path: Path) -> None:
    """A truncated file under the final name would be taken for the picture for ever after."""
    files = PictureFiles(str(tmp_path))
    old = PlexPicture(
        rating_key=7, kind=Kind.MOVIE, place=THUMB, address="/library/metadata/7/thumb/1700000000"
    )
    files.save(old, b"the old picture")
    script = (
        "import resource, sys\n"
        "from indexer.pictures.files import THUMB, PlexPicture, PictureFiles\n"
        "from plexsync_plugin.core.model import Kind\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "new = PlexPicture(rating_key=7, kind=Kind.MOVIE, place=THUMB, address='/library/metadata/7/thumb/1800000000')\n"
        "PictureFiles(sys.argv[1]).save(new, bytes(100_000))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "OSError" in done.stderr
    assert [path.name for path in (tmp_path / "movie_image").iterdir()] == ["7.thumb.webp"]
    assert Path(files.path(old)).read_bytes() == b"the old picture"
    assert files.is_current(old, again=False)


def test_transparent_picture_when_laid_on_white_shows_no_black(tmp_path: Path) -> None:
    """Through half-transparent pixels the page is to be seen, whatever that is; black was never there."""
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 255, 255, 60)).save(out, "PNG")
    (tmp_path / "made.webp").write_bytes(to_webp(out.getvalue(), (480, 720)))
    with Image.open(tmp_path / "made.webp") as image:
        page = Image.new("RGBA", image.size, "white")
        page.alpha_composite(image.convert("RGBA"))
        assert min(channel[0] for channel in page.convert("RGB").getextrema()) >= 250  # type: ignore[index]


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


CHANGED = {"title": "Zebra", "summary": "Quagga"}


def hits(world: World, word: str) -> set[int]:
    return {key for (key,) in world.rows("SELECT rowid FROM search WHERE search MATCH ?", word)}


def test_search_when_items_change_forgets_the_old_words_of_every_kind(tmp_path: Path) -> None:
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        world.index()
        keys = [key for (key,) in world.rows("SELECT ratingKey FROM items ORDER BY 1")]
        was = {key: world.value("SELECT title FROM items WHERE ratingKey = ?", key) for key in keys}
        assert all(key in hits(world, f'"{was[key]}"') for key in keys)
        for key in keys:
            plex.control("edit_item", {"ratingKey": key, "fields": CHANGED})
        world.index()
        assert hits(world, "zebra") == hits(world, "quagga") == set(keys)
        for key in keys:
            assert hits(world, f'title : "{was[key]}"') == set()
        world.rows("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_people_when_they_change_are_found_by_their_new_names_alone(tmp_path: Path) -> None:
    film = {
        "ratingKey": 1,
        "title": "Film",
        "Role": ["Anna Old"],
        "Director": ["Dora Old"],
        "Writer": ["Wim Old"],
    }
    with start_plex(tmp_path, [movie_section(1, "Films", [film])]) as plex:
        world = World(plex, tmp_path)
        world.index()
        assert hits(world, "people : old") == {1}
        fields = {"Role": ["Anna New"], "Director": ["Dora New"], "Writer": ["Wim New"]}
        plex.control("edit_item", {"ratingKey": 1, "fields": fields})
        world.index()
        assert (hits(world, "people : old"), hits(world, "people : new AND wim")) == (set(), {1})


def test_tag_when_its_name_holds_a_comma_stays_one(tmp_path: Path) -> None:
    genres = ["Sci-Fi, Fantasy", "Sci-Fi", "Fantasy"]
    with start_plex(
        tmp_path, [movie_section(1, "M", [{"ratingKey": 1, "title": "F", "Genre": genres}])]
    ) as plex:
        world = World(plex, tmp_path)
        world.index()
        assert [name for (name,) in world.rows("SELECT name FROM tags ORDER BY position")] == genres
        assert world.rows("SELECT name, items FROM genres ORDER BY name") == [
            (name, 1) for name in sorted(genres)
        ]


def test_picture_when_plex_has_none_is_asked_for_once(tmp_path: Path) -> None:
    films = [{"ratingKey": key, "title": "F", "thumb": 1_700_000_000} for key in (1, 2)]
    with start_plex(tmp_path, [movie_section(1, "M", films)]) as plex:
        world = World(plex, tmp_path)
        plex.fault("status", status=404, match="GET /photo/:/transcode.*%2F1%2Fthumb", times=None)
        assert "1 picture saved, 1 skipped as unusable (items 1)" in world.index(images=True).sentence
        assert len(plex.log("GET /photo/:/transcode.*%2F1%2Fthumb")) == 1
        plex.clear_log()
        assert world.index(images=True).requests == 2


def test_libraries_when_two_are_of_one_type_do_not_hide_each_others_items(tmp_path: Path) -> None:
    sections = [movie_section(key, f"M{key}", [{"ratingKey": key * 10, "title": "F"}]) for key in (1, 2)]
    with start_plex(tmp_path, sections) as plex:
        world = World(plex, tmp_path)
        world.index()
        for chosen in (("M1",), ("M2",), ("M1", "M2")):
            world.index(libraries=chosen, full_sweep=True)
            assert world.rows("SELECT DISTINCT available FROM items") == [(1,)]
            assert world.rows("SELECT DISTINCT available FROM movies") == [(1,)]


def test_file_when_it_holds_free_pages_is_not_rewritten_by_each_run(tmp_path: Path) -> None:
    """VACUUM writes the whole file twice and locks readers out meanwhile."""
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        world.index()
        world.rows("CREATE TABLE filler AS SELECT zeroblob(100000) AS x")
        world.rows("DROP TABLE filler")
        free = world.value("PRAGMA freelist_count")
        assert free > 10
        world.index(full_sweep=True)
        assert world.value("PRAGMA freelist_count") > free // 2
