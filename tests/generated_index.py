"""An index file as large as asked for, its rows written directly: for questions whose answers no server has to give first."""

import contextlib
import random
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from indexer.file.index_file import APPLICATION_ID
from indexer.file.store import migrations, query
from plexsync_plugin.base import sqlite

SEEN = "2026-01-01T00:00:00Z"
SHAPES = (("1080", "h264", "aac"), ("720", "h264", "ac3"), ("4k", "hevc", "eac3"), ("1080", "hevc", "eac3"))
LANGUAGES = ("eng", "eng", "eng", "deu", "jpn", "fra")
GENRES = ("Action", "Comedy", "Drama", "Crime", "Horror", "Romance", "Science Fiction", "Western")
PEOPLE = 20_000


def generate(path: str, items: int) -> sqlite3.Connection:
    """Half movies, a third episodes, the rest tracks; the connection stays open for writing."""
    connection = sqlite.connect(path, wal=False)
    sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)
    for setting in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -200000"):
        connection.execute(f"PRAGMA {setting}")
    with sqlite.transaction(connection):
        _fill(connection, items)
    for setting in ("journal_mode = DELETE", "cache_size = -2000"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _fill(connection: sqlite3.Connection, items: int) -> None:
    rng = random.Random(1)
    with _made_afterwards(connection):
        for key, title, kind in ((1, "Films", "movie"), (2, "Series", "show"), (3, "Music", "artist")):
            _put(connection, "sections", [{"key": key, "title": title, "type": kind}])
        _put(connection, "people", ({"id": n, "name": f"Person {n}", "tagKey": ""} for n in range(PEOPLE)))
        _put(
            connection,
            "tag_names",
            ({"id": n, "type": "genre", "name": name} for n, name in enumerate(GENRES)),
        )
        _put(connection, "users", ({"id": n, "name": f"User {n}"} for n in range(1, 6)))
        _movies(connection, rng, range(1, items // 2))
        _episodes(connection, rng, range(items // 2, items * 5 // 6))
        _tracks(connection, rng, range(items * 5 // 6, items))
        _lists(connection, rng, items)
    for statement in query("left_out"):
        connection.execute(statement)
    for name in ("totals_show", "totals_artist"):
        for statement in query(name):
            connection.execute(statement, {"section": 2 if name == "totals_show" else 3})


@contextlib.contextmanager
def _made_afterwards(connection: sqlite3.Connection) -> Iterator[None]:
    """Indexes are made when all rows are there: sorting once is many times faster than a place for each row."""
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, sql in indexes:
        connection.execute(sql)


def _lists(connection: sqlite3.Connection, rng: random.Random, items: int) -> None:
    """A hundred collections of fifty movies, and a playlist of a thousand items."""
    lists = [
        {"ratingKey": 90_000_000 + n, "kind": "collection", "sectionKey": 1, "title": f"Collection {n}", "smart": 0, "members": 50}
        for n in range(100)
    ]  # fmt: skip
    playlist = {"ratingKey": 91_000_000, "kind": "playlist", "sectionKey": None, "title": "Playlist", "smart": 0, "members": 1000}  # fmt: skip
    _put(connection, "lists", [*lists, playlist])
    _put(
        connection,
        "list_members",
        (
            {"listKey": each["ratingKey"], "position": place, "ratingKey": rng.randrange(1, items // 2)}
            for each in (*lists, playlist)
            for place in range(1000 if each is playlist else 50)
        ),
    )


def _put(connection: sqlite3.Connection, table: str, given: Iterable[Mapping[str, object]]) -> None:
    rows = [dict(row) for row in given]
    if rows:
        places = ", ".join(f":{name}" for name in rows[0])
        connection.executemany(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({places})", rows)


def _item(
    rng: random.Random, key: int, kind: int, section: int, title: str, above: int | None = None
) -> dict[str, object]:
    return {
        "ratingKey": key, "kind": kind, "sectionKey": section, "grandparentKey": above, "title": title,
        "guid": f"plex://{kind}/{key - (key % 200 == 199)}", "elementHash": "", "lastSeen": SEEN,
        "addedAt": f"{rng.randrange(2015, 2027)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}T00:00:00Z",
        "thumb": None if key % 50 == 0 else f"/thumb/{key}", "available": int(key % 100 != 0),
    }  # fmt: skip


def _files(connection: sqlite3.Connection, rng: random.Random, keys: range, kind: int, section: int) -> None:
    versions, files, streams = [], [], []
    for key in keys:
        resolution, video, audio = SHAPES[rng.randrange(4)] if kind != 10 else (None, None, "mp3")
        about = {
            "videoResolution": resolution,
            "videoCodec": video,
            "audioCodec": audio,
            "duration": rng.randrange(10**7),
        }
        for version in range(2 if key % 40 == 39 else 1):
            versions.append({"ratingKey": key, "version": version, **about})
            place: dict[str, object] = {"ratingKey": key, "version": version, "part": 0}
            files.append(place | about | {
                "kind": kind, "sectionKey": section, "path": f"/{section}/{key % 500}/{key}-{version}.mkv",
                "name": f"{key}-{version}.mkv", "size": rng.randrange(10**10), "container": "mkv",
            })  # fmt: skip
            for position, name in enumerate(("video", "audio", "subtitle") if kind != 10 else ("audio",)):
                if name != "subtitle" or key % 20:
                    language = LANGUAGES[rng.randrange(6)]
                    streams.append(place | {
                        "position": position, "type": name, "languageCode": language, "codec": audio, "isDefault": 0, "selected": 0,
                        "forced": 0, "hearingImpaired": 0, "visualImpaired": 0, "dub": 0, "original": 0,
                        "hdr": "HDR10" if resolution == "4k" and name == "video" else None,
                    })  # fmt: skip
    _put(connection, "versions", versions)
    _put(connection, "files", files)
    _put(connection, "streams", streams)


def _plays(connection: sqlite3.Connection, rng: random.Random, keys: range, kind: int, section: int) -> None:
    played = [key for key in keys if key % 4 == 0]
    _put(
        connection,
        "plays",
        (
            {"historyKey": f"/h/{key}", "ratingKey": key, "userId": rng.randrange(1, 6), "kind": kind, "sectionKey": section,
             "playedAt": f"2026-{rng.randrange(1, 12):02}-{rng.randrange(1, 29):02}T00:00:00Z"}
            for key in played
        ),
    )  # fmt: skip
    _put(
        connection,
        "watch_states",
        ({"ratingKey": key, "viewCount": 1, "lastViewedAt": SEEN} for key in played[::2]),
    )


def _movies(connection: sqlite3.Connection, rng: random.Random, keys: range) -> None:
    _put(connection, "items", (_item(rng, key, 1, 1, f"Film {key}") for key in keys))
    _files(connection, rng, keys, 1, 1)
    _put(
        connection,
        "movies",
        (
            {"ratingKey": key, "title": f"Film {key}", "year": rng.randrange(1930, 2027), "duration": rng.randrange(10**7),
             "sizeBytes": rng.randrange(10**10), "videoResolution": SHAPES[rng.randrange(4)][0], "studio": f"Studio {key % 200}",
             "contentRating": ("PG", "R", "G")[key % 3], "audienceRating": rng.randrange(100) / 10, "mediaHash": "",
             "available": int(key % 100 != 0), "lastSeen": SEEN}
            for key in keys
        ),
    )  # fmt: skip
    _put(
        connection,
        "item_people",
        (
            {
                "ratingKey": key,
                "job": "director" if n == 0 else "actor",
                "position": n,
                "personId": rng.randrange(PEOPLE),
            }
            for key in keys
            for n in range(4)
        ),
    )
    _put(
        connection,
        "item_tags",
        ({"ratingKey": key, "tagNameId": (key + n) % 8, "position": n} for key in keys for n in range(2)),
    )
    _put(connection, "guids", ({"ratingKey": key, "guid": f"imdb://tt{key:07}"} for key in keys if key % 10))
    _plays(connection, rng, keys, 1, 1)


def _episodes(connection: sqlite3.Connection, rng: random.Random, keys: range) -> None:
    """Shows of a hundred episodes, in ten seasons."""
    base = 10_000_000
    shows = sorted({key // 100 for key in keys})
    _put(connection, "items", (_item(rng, base + show, 2, 2, f"Show {show}") for show in shows))
    _put(
        connection,
        "tv_shows",
        (
            {
                "ratingKey": base + show,
                "title": f"Show {show}",
                "available": int(show % 100 != 0),
                "lastSeen": SEEN,
            }
            for show in shows
        ),
    )
    seasons = [(2 * base + show * 10 + n, base + show, n) for show in shows for n in range(10)]
    _put(connection, "items", (_item(rng, key, 3, 2, f"Season {n}") for key, _, n in seasons))
    _put(
        connection,
        "seasons",
        (
            {
                "seasonRatingKey": key,
                "showRatingKey": show,
                "seasonNumber": n,
                "available": int(key % 100 != 0),
                "lastSeen": SEEN,
            }
            for key, show, n in seasons
        ),
    )
    _put(connection, "items", (_item(rng, key, 4, 2, f"Episode {key}", base + key // 100) for key in keys))
    _files(connection, rng, keys, 4, 2)
    _put(
        connection,
        "episodes",
        (
            {"ratingKey": key, "title": f"Episode {key}", "showRatingKey": base + key // 100,
             "seasonRatingKey": 2 * base + key // 10, "seasonNumber": key // 10 % 10, "episodeNumber": key % 10,
             "originallyAvailableAt": f"20{key % 26:02}-01-01", "mediaHash": "", "available": int(key % 100 != 0), "lastSeen": SEEN}
            for key in keys
        ),
    )  # fmt: skip
    _plays(connection, rng, keys, 4, 2)


def _tracks(connection: sqlite3.Connection, rng: random.Random, keys: range) -> None:
    _put(connection, "items", (_item(rng, key, 10, 3, f"Track {key}") for key in keys))
    _files(connection, rng, keys, 10, 3)
    _put(
        connection,
        "tracks",
        (
            {
                "ratingKey": key,
                "title": f"Track {key}",
                "mediaHash": "",
                "available": int(key % 100 != 0),
                "lastSeen": SEEN,
            }
            for key in keys
        ),
    )
