"""After any sequence of changes at Plex, an index that was updated run by run equals one made anew of the same state.

The server is the simulated Plex over real sockets; its library is laid out anew after each step. Compared is all that Plex
lists now, in every table and view of the index, but for what tells of the past (lastSeen, runs, sweeps) and this file's own
numbers of people and tags.
"""

import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indexer.app import IndexRequest, IndexVerdict, run_index
from indexer.rows.tables import LIBRARY_TABLES, PART_TABLES, WATCH_STATES
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.names import NameList
from plexsync_plugin.plex.gateway import Connection
from tests.property.plex_libraries import TYPES, WITH_FILE, Changes, Model, Thing
from tests.sim.plex.application import PlexApplication
from tests.sim.plex.library import Library
from tests.sim.plex.listing import Listings
from tests.sim.plex.loading import load_library
from tests.sim.plex.world import World
from tests.sim.server import Server

TOKEN = "secret-token"
EXAMPLES = settings().max_examples // 4  # each is several runs of the indexer


class Files:
    """Runs of the indexer into files in one folder."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self.folder = folder

    def clear(self) -> None:
        for left in self.folder.glob("*.db*"):
            left.unlink()

    def index(
        self, name: str, should_yield: Callable[[], bool] = lambda: False, **options: Any
    ) -> IndexVerdict:
        request = IndexRequest(
            history=False,
            connection=Connection(url=self._url, token=TOKEN, client_id="test", read_timeout=20.0),
            db_path=str(self.folder / name),
            image_folder=str(self.folder / "images"),
            images=False,
            parallel=False,
            allow_empty=True,
            **options,
        )
        return run_index(request, Clock(), lambda _done, _text: None, should_yield)

    def fresh(self) -> str:
        for left in self.folder.glob("fresh.db*"):
            left.unlink()
        self.index("fresh.db")
        return "fresh.db"

    def connect(self, name: str) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / name)


LISTED = "IN (SELECT ratingKey FROM items WHERE available = 1)"
QUERIES = {
    "items": "SELECT * FROM items WHERE available = 1 ORDER BY ratingKey",
    "sections": "SELECT * FROM sections WHERE available = 1 ORDER BY key",
    "section_folders": "SELECT * FROM section_folders WHERE sectionKey IN (SELECT key FROM sections WHERE available = 1) ORDER BY 1, 2",
    **{
        table.name: f"SELECT * FROM {table.name} WHERE available = 1 ORDER BY {table.rating_key}"
        for table in LIBRARY_TABLES.values()
    },
    **{
        table.name: f"SELECT * FROM {table.name} WHERE ratingKey {LISTED} ORDER BY {', '.join(table.key)}"
        for table in (*PART_TABLES, WATCH_STATES)
        if table.names is None
    },
    "credits": f"SELECT * FROM credits WHERE ratingKey {LISTED} ORDER BY ratingKey, job, position",
    "tags": f"SELECT * FROM tags WHERE ratingKey {LISTED} ORDER BY ratingKey, type, position",
    "genres": "SELECT * FROM genres ORDER BY name",
    "collections": "SELECT * FROM collections ORDER BY name",
    "labels": "SELECT * FROM labels ORDER BY name",
    "storage": "SELECT * FROM storage ORDER BY 1, 2, 3, 4, 5",
    "growth": "SELECT * FROM growth ORDER BY 1, 2, 3",
    "duplicates": "SELECT reason, kind, title, copies, sizeBytes FROM duplicates ORDER BY 1, 2, 3",
    "missing_artwork": "SELECT * FROM missing_artwork ORDER BY 1",
    "unwatched": "SELECT * FROM unwatched ORDER BY 1",
    "without_file": "SELECT * FROM without_file ORDER BY 1",
    "sync_files": "SELECT * FROM sync_files ORDER BY 1, 4",
}
PAST = {"collectionsReadAt", "lastSeen", "lastDetailsAt", "lastSweepAt", "runsSinceSweep", "personId", "id"}


def shown(connection: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name, sql in QUERIES.items():
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description]
        found[name] = [
            {column: value for column, value in zip(names, row, strict=True) if column not in PAST}
            for row in cursor
        ]
    return found


def check_sound(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    connection.rollback()
    # Every item has one row, in the table of its kind, that says the same of being there.
    for kind, table in LIBRARY_TABLES.items():
        found = connection.execute(
            f"SELECT row.{table.rating_key}, items.kind, items.available, row.available FROM {table.name} AS row "
            f"LEFT JOIN items ON items.ratingKey = row.{table.rating_key} "
            "WHERE items.kind IS NOT ? OR items.available <> row.available",
            (int(kind),),
        ).fetchall()
        assert found == [], table.name


class Plex:
    """The simulated server, in this process, whose library is laid out anew at will."""

    def __init__(self, folder: Path) -> None:
        self._world = World()
        self._world.settings.token = TOKEN
        self._server = Server(PlexApplication(self._world), 0, lambda _request: True)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        self.files = Files(f"http://127.0.0.1:{self._server.server_address[1]}", folder)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(self, document: dict[str, Any]) -> None:
        library = Library()
        load_library(library, document)
        self._world.library = library
        self._world.about = document["server"]
        self._world.listings = Listings(library, self._world.settings)


@pytest.fixture(scope="module")
def plex(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plex]:
    plex = Plex(tmp_path_factory.mktemp("indexes"))
    yield plex
    plex.close()


def ended(steps: Iterator[int]) -> bool:
    return next(steps, None) is None


def check_same_as_fresh(files: Files) -> None:
    kept, fresh = files.connect("kept.db"), files.connect(files.fresh())
    try:
        check_sound(kept)
        mine, anew = shown(kept), shown(fresh)
        for name in QUERIES:
            assert mine[name] == anew[name], name
    finally:
        kept.close()
        fresh.close()


@given(st.data())
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
def test_index_when_updated_run_by_run_equals_one_made_anew(plex: Plex, data: st.DataObject) -> None:
    model, files = Model(), plex.files
    changes = Changes(model, data)
    files.clear()
    for key, kind in enumerate(data.draw(st.lists(TYPES, min_size=1, max_size=3)), start=1):
        model.make_section(key, kind)
    changes.add_items()
    for _ in range(data.draw(st.integers(1, 5))):
        for _ in range(data.draw(st.integers(1, 4))):
            changes.happen()
        plex.show(model.document())
        how = data.draw(st.sampled_from(["plain", "plain", "sweep", "rebuild", "stopped", "some"]))
        if how == "stopped":
            steps = iter(range(data.draw(st.integers(1, 10))))
            files.index("kept.db", functools.partial(ended, steps))
        elif how == "some":
            titles = [section["title"] for section in model.sections.values()]
            chosen = data.draw(st.lists(st.sampled_from(titles), min_size=1, unique=True))
            files.index("kept.db", libraries=NameList(runs=tuple((title,) for title in chosen)))
        else:
            files.index("kept.db", full_sweep=how == "sweep", rebuild=how == "rebuild")
            check_same_as_fresh(files)


def mean(numbers: list[int]) -> int | None:
    return int(sum(numbers) / len(numbers) + 0.5) if numbers else None


def span(years: list[int]) -> str | None:
    if not years:
        return None
    return str(years[0]) if min(years) == max(years) else f"{min(years)}-{max(years)}"


def most_frequent(found: list[str]) -> str | None:
    return ", ".join(sorted(set(found), key=lambda each: (-found.count(each), each))) or None


class Sums:
    """What the totals of an item come to, worked out from the model alone."""

    def __init__(self, model: Model, key: int) -> None:
        below = [model.items[each] for each in model.below(key)[1:]]
        self.leaves = [thing for thing in below if thing.kind in WITH_FILE]
        self.branches = [thing for thing in below if thing.kind not in WITH_FILE]
        self.first = [thing.fields["Media"][0] for thing in self.leaves if thing.fields.get("Media")]
        parts = [
            part for leaf in self.leaves for each in leaf.fields.get("Media", []) for part in each["Part"]
        ]
        self.size = sum(
            max(part["size"] for part in parts if part["file"] == path) for path in {p["file"] for p in parts}
        )
        self.containers = [medium["container"] for medium in self.first]
        self.resolutions = [medium["videoResolution"] for medium in self.first]
        self.codecs = [medium["audioCodec"] for medium in self.first]

    @property
    def durations(self) -> list[int]:
        return [medium["duration"] for medium in self.first if "duration" in medium]

    @staticmethod
    def years(things: list[Thing]) -> list[int]:
        return [thing.fields["year"] for thing in things if thing.fields.get("year") is not None]


TOTALS = {
    "show": "SELECT seasonCount, totalEpisodes, totalSizeBytes, avgEpisodeDuration, avgVideoResolutions, avgAudioCodecs "
    "FROM tv_shows WHERE ratingKey = ?",
    "season": "SELECT seasonTotalEpisode, seasonSizeBytes, avgSeasonEpisodeDuration, yearRange FROM seasons "
    "WHERE seasonRatingKey = ?",
    "artist": "SELECT totalAlbums, totalTracks, totalSizeBytes, yearRange FROM artists WHERE ratingKey = ?",
    "album": "SELECT tracks, albumSizeBytes, albumDuration, albumContainers FROM albums WHERE ratingKey = ?",
}


def expected(model: Model, key: int) -> tuple[Any, ...]:
    sums = Sums(model, key)
    branches, leaves = len(sums.branches), len(sums.leaves)
    match model.items[key].kind:
        case "show":
            lists = most_frequent(sums.resolutions), most_frequent(sums.codecs)
            return (branches, leaves, sums.size, mean(sums.durations), *lists)
        case "season":
            return leaves, sums.size, mean(sums.durations), span(sums.years(sums.leaves))
        case "artist":
            return branches, leaves, sums.size, span(sums.years(sums.branches))
        case _:
            return leaves, sums.size, sum(sums.durations), most_frequent(sums.containers)


@given(st.data())
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), report_multiple_bugs=False)
def test_totals_when_children_come_go_and_move_are_those_of_what_is_there(
    plex: Plex, data: st.DataObject
) -> None:
    model, files = Model(), plex.files
    changes = Changes(model, data)
    files.clear()
    for key, kind in enumerate(("show", "artist"), start=1):
        model.make_section(key, kind)
    changes.add_items()
    for _ in range(data.draw(st.integers(1, 4))):
        changes.add_items()
        changes.happen()
        plex.show(model.document())
        files.index("kept.db")
        connection = files.connect("kept.db")
        try:
            for key, thing in model.items.items():
                if thing.kind in TOTALS:
                    assert connection.execute(TOTALS[thing.kind], (key,)).fetchone() == expected(
                        model, key
                    ), thing
        finally:
            connection.close()
