"""What the indexer's integration tests share: a simulated server with a small library, and runs against it."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from indexer.app import IndexRequest, IndexVerdict, Progress, run_index
from plexsync_plugin.base.names import NameList
from plexsync_plugin.plex.gateway import Connection
from tests.clocks import LaterClock
from tests.sim.process import SimProcess

TOKEN = "secret-token-of-the-owner"
MACHINE = "machine-one"

FILMS: list[dict[str, Any]] = [
    {
        "ratingKey": 101,
        "title": "Amélie à Köln: „Ende“ 映画",
        "year": 2001,
        "summary": "First summary",
        "Genre": ["Romance", "Comedy", "Drama", "Art"],
        "Role": [
            {"tag": "Robert Downey, Jr.", "role": "Self as Other"},
            {"tag": "Ann", "role": "Eve"},
            "Bob",
            "Cleo",
            "Dan",
        ],
        "file": "/media/films/Amélie (2001)/Amélie 映画.mkv",
        "size": 4_300_000_000,
        "duration": 6_120_000,
    },
    {
        "ratingKey": 102,
        "title": "Two Versions",
        "files": [
            {"file": "/media/films/two/a.mkv", "size": 1000},
            {"file": "/media/films/two/b.mkv", "size": 2500},
        ],
    },
    {"ratingKey": 103, "title": "No File", "Media": []},
]
SHOW: dict[str, Any] = {
    "ratingKey": 201,
    "title": "A Show",
    "children": [
        {
            "ratingKey": 210,
            "index": 1,
            "children": [
                {
                    "ratingKey": 211,
                    "title": "E1",
                    "year": 2014,
                    "file": "/media/series/1.mkv",
                    "size": 100,
                    "duration": 60_000,
                },
                {
                    "ratingKey": 212,
                    "title": "E2",
                    "year": 2015,
                    "file": "/media/series/2.mkv",
                    "size": 200,
                    "duration": 120_000,
                },
            ],
        },
        {
            "ratingKey": 220,
            "index": 2,
            "children": [
                {
                    "ratingKey": 221,
                    "title": "E3",
                    "year": 2016,
                    "file": "/media/series/3.mkv",
                    "size": 300,
                    "duration": 180_000,
                }
            ],
        },
    ],
}
ARTIST: dict[str, Any] = {
    "ratingKey": 301,
    "title": "An Artist",
    "children": [
        {
            "ratingKey": 310,
            "title": "First",
            "year": 1998,
            "children": [
                {"ratingKey": 311, "title": "T1", "file": "/media/music/1.mp3", "size": 10, "duration": 1000},
                {"ratingKey": 312, "title": "T2", "file": "/media/music/2.mp3", "size": 20, "duration": 2000},
            ],
        },
        {
            "ratingKey": 320,
            "title": "Second",
            "year": 2005,
            "children": [
                {"ratingKey": 321, "title": "T3", "file": "/media/music/3.mp3", "size": 40, "duration": 4000}
            ],
        },
    ],
}


def movie_section(key: int, title: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"key": key, "type": "movie", "title": title, "locations": [f"/media/{key}"], "items": items}


def section_of(kind: str, key: int, *items: dict[str, Any]) -> dict[str, Any]:
    """A library of this type whose title tells type and key."""
    return {"key": key, "type": kind, "title": f"{kind} {key}", "locations": ["/m"], "items": list(items)}


SECTIONS: list[dict[str, Any]] = [
    movie_section(1, "Fílme, alt & neu", FILMS),
    {"key": 2, "type": "show", "title": "Serien", "locations": ["/media/series"], "items": [SHOW]},
    {"key": 3, "type": "artist", "title": "Musik", "locations": ["/media/music"], "items": [ARTIST]},
]


def start_plex(folder: Path, sections: list[dict[str, Any]] | None = None, *arguments: str) -> SimProcess:
    document = {
        "server": {"machineIdentifier": MACHINE, "friendlyName": "Den"},
        "sections": SECTIONS if sections is None else sections,
    }
    library = folder / "library.json"
    library.write_text(json.dumps(document), "utf-8")
    return SimProcess("tests.sim.plex", "--token", TOKEN, "--library", str(library), *arguments)


def no_progress(_done: float, _text: str) -> None:
    return


def named(libraries: Sequence[str]) -> NameList:
    """Titles as a person types them in one line, unquoted and with commas between them."""
    pieces = tuple(piece.strip() for title in libraries for piece in title.split(","))
    return NameList(runs=(pieces,)) if pieces else NameList()


class World:
    """One server and one index file. `index` runs the indexer; the others look at the file or at the requests."""

    def __init__(self, plex: SimProcess, folder: Path) -> None:
        self.plex = plex
        self.db = folder / "index" / "plex.db"
        self.images = folder / "index" / "images"
        self.clock = LaterClock()
        self.total_timeout: float | None = None
        self.progress: Progress = no_progress
        self.should_yield: Callable[[], bool] = lambda: False

    def index(
        self,
        *,
        token: str = TOKEN,
        images: bool = False,
        libraries: Sequence[str] = (),
        lists: bool = False,
        history: bool = False,
        **options: Any,
    ) -> IndexVerdict:
        request = IndexRequest(
            connection=Connection(
                url=self.plex.url,
                token=token,
                client_id="test",
                read_timeout=20.0,
                total_timeout=self.total_timeout,
            ),
            db_path=str(self.db),
            image_folder=str(self.images),
            images=images,
            libraries=named(libraries),
            lists=lists,
            history=history,
            **options,
        )
        return run_index(request, self.clock, self.progress, self.should_yield)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.db)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def value(self, sql: str, *values: object) -> Any:
        ((found,),) = self.rows(sql, *values)
        return found

    def row(self, table: str, key: int, column: str = "ratingKey") -> dict[str, Any]:
        connection = sqlite3.connect(self.db)
        connection.row_factory = sqlite3.Row
        try:
            return dict(connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (key,)).fetchone())
        finally:
            connection.close()

    def targets(self) -> list[str]:
        return [f"{entry['method']} {entry['target']}" for entry in self.plex.log()]

    def details(self) -> list[set[int]]:
        """The rating keys of each detail request."""
        head = "GET /library/metadata/"
        found = [target.removeprefix(head) for target in self.targets() if target.startswith(head)]
        return [{int(key) for key in target.partition("?")[0].split(",")} for target in found]

    def counts(self) -> dict[str, int]:
        tables = self.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('runs', 'run_counts', 'meta') "
            "AND name NOT LIKE 'search_%' AND name NOT LIKE 'sqlite_%'"
        )
        return {name: self.value(f"SELECT count(*) FROM {name}") for (name,) in tables}
