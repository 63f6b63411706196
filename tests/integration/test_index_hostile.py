"""Answers that no healthy server gives, disks that are full, and files that are not ours: said in words, and nothing is called gone."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from indexer.command.watch import Pace, Watch
from indexer.file.publish import Counts
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, IndexRefused, PlexSyncError, PlexUnavailable
from tests.index_runs import FILMS, SECTIONS, TOKEN, World, movie_section, section_of, start_plex
from tests.sim.process import ROOT

XML = {"Content-Type": "text/xml;charset=utf-8"}
FILM_LISTING = "GET /library/sections/1/all"
AVAILABLE = "SELECT ratingKey FROM movies WHERE available = 1 ORDER BY 1"


def open_folders(file: Path, mode: int) -> None:
    """Let another user reach a file among pytest's own, which are closed."""
    for folder in file.parents:
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(mode)


def films(*keys: object) -> str:
    return "".join(f'<Video ratingKey="{key}" type="movie" title="T"/>' for key in keys)


def answer(world: World, match: str, body: str, attributes: str) -> None:
    text = f"<MediaContainer {attributes}>{body}</MediaContainer>"
    world.plex.fault("status", status=200, match=match, times=None, headers=XML, body=text)


def moved(folder: Path, sections: list[dict[str, Any]], **options: Any) -> World:
    """The same index, the server's libraries laid out anew."""
    with start_plex(folder, sections) as plex:
        world = World(plex, folder)
        world.index(full_sweep=True, allow_empty=True, **options)
    return world


@pytest.mark.parametrize("backwards", [False, True])
def test_rating_key_when_given_to_an_item_of_another_kind_leaves_nothing_of_the_old(
    tmp_path: Path, backwards: bool
) -> None:
    show = section_of("show", 2, {"ratingKey": 5, "title": "Old"})
    film = movie_section(1, "M", [{"ratingKey": 5, "title": "New", "file": "/m/new.mkv"}])
    empty: list[dict[str, Any]] = [{**show, "items": []}, {**film, "items": []}]
    moved(tmp_path, [show, empty[1]])
    after = [film, empty[0]]
    world = moved(tmp_path, after[::-1] if backwards else after)
    assert world.rows("SELECT ratingKey FROM tv_shows WHERE available = 1") == []
    assert world.rows(AVAILABLE) == [(5,)]
    world.rows("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def artist_of(*albums: int) -> dict[str, Any]:
    return {"ratingKey": 1, "title": "A", "children": [{"ratingKey": key, "title": "B"} for key in albums]}


@pytest.mark.parametrize("rebuild", [False, True])
def test_totals_when_a_parent_moved_to_another_library_leave_out_what_it_left_behind(
    tmp_path: Path, rebuild: bool
) -> None:
    """The library it moved to is read first, when the album that is gone still stands in the other one."""
    moved(tmp_path, [section_of("artist", 1), section_of("artist", 2, artist_of(10, 11))])
    world = moved(
        tmp_path, [section_of("artist", 1, artist_of(10)), section_of("artist", 2)], rebuild=rebuild
    )
    assert world.rows("SELECT ratingKey FROM albums WHERE available = 1") == [(10,)]
    assert world.rows("SELECT totalAlbums FROM artists") == [(1,)]
    world = moved(tmp_path, [section_of("artist", 1), section_of("artist", 2, artist_of(10, 11))])
    assert world.rows("SELECT totalAlbums, available FROM artists") == [(2, 1)]
    assert world.rows("SELECT ratingKey, artistRatingKey FROM albums ORDER BY 1") == [(10, 1), (11, 1)]


def test_library_when_another_type_stands_under_its_number_keeps_nothing_available(tmp_path: Path) -> None:
    moved(tmp_path, [movie_section(1, "M", FILMS)])
    world = moved(tmp_path, [section_of("show", 1, {"ratingKey": 900, "title": "S"})])
    assert world.rows(AVAILABLE) == []
    assert world.rows("SELECT * FROM sync_files") == []


def test_library_when_its_counters_stay_but_its_name_does_not_shows_the_new_name(tmp_path: Path) -> None:
    moved(tmp_path, SECTIONS)
    with start_plex(
        tmp_path, [{**section, "title": f"{section['title']} 2"} for section in SECTIONS]
    ) as plex:
        world = World(plex, tmp_path)
        world.index()
        assert world.rows("SELECT title FROM sections WHERE key = 2") == [("Serien 2",)]


def test_rebuild_when_a_library_is_gone_drops_it(tmp_path: Path) -> None:
    """As an index made anew would: the option says that it drops what Plex no longer lists."""
    moved(tmp_path, SECTIONS)
    world = moved(tmp_path, SECTIONS[:1], rebuild=True)
    assert world.rows("SELECT key FROM sections") == [(1,)]
    assert world.rows("SELECT count(*) FROM episodes") == [(0,)]


def test_rebuild_when_details_of_a_child_are_missing_keeps_its_row(indexed: World) -> None:
    indexed.plex.fault("status", status=500, match=r"GET /library/metadata/[0-9,]*211\b", times=None)
    indexed.index(rebuild=True)
    assert indexed.rows("SELECT ratingKey FROM episodes ORDER BY 1") == [(211,), (212,), (221,)]


def test_details_when_answered_empty_for_many_are_asked_for_in_halves(tmp_path: Path) -> None:
    with start_plex(tmp_path, [], "--generate", "movies=300") as plex:
        world = World(plex, tmp_path)
        answer(world, r"GET /library/metadata/(\d+,){60}", "", 'size="0"')
        assert world.index().counts["movies"] == Counts(seen=300, added=300)


@pytest.mark.parametrize("status", [400, 404, 500])
def test_library_when_plex_cannot_give_it_does_not_keep_the_others_from_being_read(
    indexed: World, status: int
) -> None:
    """Such as one that was deleted while the run was at work, or whose rows in Plex's database are broken."""
    for key in (102, 221):
        indexed.plex.control("edit_item", {"ratingKey": key, "fields": {"title": "changed"}})
    indexed.plex.fault("status", status=status, match=FILM_LISTING, times=None)
    words = 'The library "Fílme, alt & neu" could not be read: .* The other 2 libraries are up to date.'
    with pytest.raises(PlexUnavailable, match=words):  # a watch goes on after it
        indexed.index()
    assert indexed.rows("SELECT ratingKey FROM episodes WHERE title = 'changed'") == [(221,)]
    assert indexed.rows(AVAILABLE) == [(101,), (102,), (103,)]
    indexed.plex.clear_faults()
    assert indexed.index().total == Counts(seen=3, changed=1)


def test_listing_when_it_does_not_say_its_length_calls_nothing_gone(tmp_path: Path) -> None:
    with start_plex(tmp_path, [], "--generate", "movies=1250") as plex:
        world = World(plex, tmp_path)
        world.index()
        page = requests.get(
            f"{plex.url}/library/sections/1/all?type=1&includeGuids=1&sort=id",
            headers={"X-Plex-Token": TOKEN, "X-Plex-Container-Start": "0", "X-Plex-Container-Size": "1000"},
            timeout=30,
        ).text.replace(' totalSize="1250"', "")
        plex.fault("status", status=200, match=FILM_LISTING, times=None, headers=XML, body=page)
        with contextlib.suppress(PlexSyncError):  # in words, and never anything else
            world.index(full_sweep=True)
        assert world.rows("SELECT available, count(*) FROM movies GROUP BY 1") == [(1, 1250)]


@pytest.mark.parametrize("total", ["abc", "-1", "1e3", "99999999999999999999"])
def test_listing_when_its_length_is_nonsense_is_said_in_words(indexed: World, total: str) -> None:
    answer(indexed, FILM_LISTING, films(101), f'size="1" totalSize="{total}" offset="0"')
    with contextlib.suppress(PlexSyncError):  # in words, and never anything else
        indexed.index(full_sweep=True)
    assert indexed.rows(AVAILABLE) == [(101,), (102,), (103,)]


@pytest.mark.parametrize("key", ["abc", "", "-5", "0", "9" * 20, "9" * 5000, "٣"])
def test_item_when_its_rating_key_is_no_number_of_one_stays_out(indexed: World, key: str) -> None:
    answer(indexed, FILM_LISTING, films(101, 102, 103, key), 'size="4" totalSize="4" offset="0"')
    with contextlib.suppress(PlexSyncError):  # in words, and never anything else
        indexed.index(full_sweep=True)
    assert indexed.rows(AVAILABLE) == [(101,), (102,), (103,)]
    assert indexed.rows("SELECT title FROM movies WHERE ratingKey = 102") == [("Two Versions",)]


def test_listing_when_a_collection_stands_among_the_films_leaves_it_out(indexed: World) -> None:
    collection = '<Directory ratingKey="201" type="collection" title="Favourites"/>'
    answer(indexed, FILM_LISTING, films(101, 102, 103) + collection, 'size="4" totalSize="4" offset="0"')
    indexed.index(full_sweep=True)
    assert indexed.rows(AVAILABLE) == [(101,), (102,), (103,)]


def test_listing_when_the_type_asked_for_is_ignored_spoils_nothing(indexed: World) -> None:
    """Plex ignores what it does not understand of a query and lists everything (docs/facts/plex.md section 3.3)."""
    show = '<Directory ratingKey="201" type="show" title="A Show"/>'
    answer(indexed, "GET /library/sections/2/all", show, 'size="1" totalSize="1" offset="0"')
    with pytest.raises(IndexRefused):
        indexed.index(full_sweep=True)
    assert indexed.rows("SELECT ratingKey FROM episodes WHERE available = 1") == [(211,), (212,), (221,)]
    assert indexed.rows("SELECT ratingKey FROM tv_shows WHERE available = 1") == [(201,)]


def test_listing_when_an_item_goes_and_another_comes_between_two_pages_misses_none(tmp_path: Path) -> None:
    """The total stands still, and every later item has moved up by one place."""
    with start_plex(tmp_path, [], "--generate", "movies=1500") as plex:
        world = World(plex, tmp_path)
        world.index()
        first = world.value("SELECT min(ratingKey) FROM movies")
        done: list[int] = []

        def progress(share: float, _text: str) -> None:
            if share > 0 and not done:
                plex.control("remove_item", {"ratingKey": first})
                item = {"title": "Late", "file": "/media/late.mkv"}
                done.append(plex.control("add_item", {"section": 1, "item": item})["ratingKey"])

        world.progress = progress
        world.index(parallel=False, full_sweep=True)
        assert world.rows("SELECT ratingKey FROM movies WHERE available = 0") == [(first,)]


LARGEST = 2**63 - 1


@pytest.mark.parametrize("parts", [1, 2])
def test_sizes_when_they_exceed_any_disk_do_not_end_the_run(tmp_path: Path, parts: int) -> None:
    media = [
        {"id": 1, "Part": [{"id": n, "file": f"/{n}.mkv", "size": LARGEST} for n in range(1, parts + 1)]}
    ]
    episodes = [{"ratingKey": 30 + n, "title": "E", "Media": media} for n in range(2)]
    show = {"ratingKey": 10, "title": "S", "children": [{"ratingKey": 20, "index": 1, "children": episodes}]}
    section = {"key": 1, "type": "show", "title": "S", "locations": ["/s"], "items": [show]}
    with start_plex(tmp_path, [section]) as plex:
        world = World(plex, tmp_path)
        assert world.index().total == Counts(seen=4, added=4)


@pytest.mark.parametrize("attribute", ["createdAt", "contentChangedAt", "updatedAt", "scannedAt"])
@pytest.mark.parametrize("value", ["99999999999999999", "9" * 25, "-5", "abc", ""])
def test_library_when_its_numbers_are_nonsense_is_read(tmp_path: Path, attribute: str, value: str) -> None:
    with start_plex(tmp_path, [{**movie_section(1, "M", FILMS), attribute: value}]) as plex:
        assert World(plex, tmp_path).index().total.seen == 3


def test_item_when_its_text_cannot_be_xml_costs_that_item_alone(indexed: World) -> None:
    """A reference to a control character is no XML 1.0: the answer cannot be read, in which this item stands."""
    indexed.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "changed"}})
    indexed.plex.control("edit_item", {"ratingKey": 103, "fields": {"title": "changed"}})
    match = r"GET /library/metadata/(\d+,)*101\b"
    answer(indexed, match, '<Video ratingKey="101" type="movie" title="a&#1;b"/>', 'size="1"')
    indexed.index()
    assert indexed.rows("SELECT title FROM movies WHERE ratingKey = 103") == [("changed",)]


def test_membership_of_a_third_collection_is_seen_some_day(tmp_path: Path) -> None:
    """The listing shows two collections and the item's stamp stays (docs/facts/plex.md section 3.8): only details tell."""
    film = {"ratingKey": 101, "title": "F", "file": "/f.mkv", "Collection": ["A", "B"]}
    with start_plex(tmp_path, [movie_section(1, "M", [film])]) as plex:
        world = World(plex, tmp_path)
        world.index()
        made = requests.post(
            f"{plex.url}/library/collections",
            params={"sectionId": "1", "type": "1", "title": "C", "uri": "server://m/c/library/metadata/101"},
            headers={"X-Plex-Token": TOKEN},
            timeout=30,
        )
        assert made.status_code == 200
        for day in range(1, 32):
            world.clock.offset = day * 86_400.0
            world.index()
        assert world.rows("SELECT name FROM tags WHERE type = 'collection' ORDER BY 1") == [
            ("A",),
            ("B",),
            ("C",),
        ]


def test_staging_when_the_disk_is_full_is_said_in_words(tmp_path: Path) -> None:
    """Where a file may not grow, the disk is as good as full."""
    if sys.platform == "win32":
        pytest.skip("limits of POSIX")
    with start_plex(tmp_path, [], "--generate", "movies=1500") as plex:
        db = tmp_path / "index" / "plex.db"
        script = (
            "import resource, sys\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))\n"
            "from pathlib import Path\n"
            "from indexer.command.cli import run\n"
            "sys.argv = ['plex_sync.py', '--no-images']\n"
            "sys.exit(run(Path(sys.path[0])))\n"
        )
        environment = {
            "PLEX_URL": plex.url,
            "PLEX_TOKEN": TOKEN,
            "DB_PATH": str(db),
            "PLEX_LIBRARY_NAMES": "",
        }
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stderr
    assert done.returncode == 5
    assert "Not done: " in done.stderr


def test_staging_when_its_place_is_taken_is_said_in_words(indexed: World) -> None:
    Path(f"{indexed.db}.staging").mkdir()
    with pytest.raises(DatabaseError, match="staging"):
        indexed.index(full_sweep=True)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
def test_file_when_another_owns_it_and_lets_us_write_is_updated(indexed: World) -> None:
    """As on disks of Windows machines, where modes cannot be set at all."""
    open_folders(indexed.db, 0o777)
    for file in indexed.db.parent.iterdir():
        file.chmod(0o666)
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.setgid(65534)
            os.setuid(65534)
            code = 0 if indexed.index(full_sweep=True).total.seen == 15 else 2
        finally:
            os._exit(code)
    assert os.waitpid(process, 0)[1] == 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
def test_lock_when_another_user_made_it_is_named(indexed: World) -> None:
    """As after one run by the administrator, whose index was then given to the user that is to keep it."""
    open_folders(indexed.db, 0o777)
    indexed.db.chmod(0o666)
    process = os.fork()
    if process == 0:
        code = 1
        try:
            os.setgid(65534)
            os.setuid(65534)
            indexed.index()
        except DatabaseError as error:
            code = 0 if f"{indexed.db}.lock" in str(error) else 2
        finally:
            os._exit(code)
    assert os.waitpid(process, 0)[1] == 0


class Silence:
    """A stream of events that stands and says nothing more."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def lines(self) -> Iterator[str]:
        yield ""
        self.over.wait(60)

    def close(self) -> None:
        self.over.set()


def test_watch_when_a_reading_was_refused_reads_again_soon() -> None:
    """Such as beside another run: what the event told of is still to be read."""
    stream, readings = Silence(), [0]

    def refresh() -> None:
        readings[0] += 1
        if readings[0] == 1:
            raise IndexRefused("Another run is already working on the index.")
        raise KeyboardInterrupt

    def look() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            Watch(stream, refresh, lambda _text: None, Clock(), Pace(poll=0.05)).run()

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    watch.join(15)
    assert readings == [2]
