"""Owns the table `statistics`: numbers of the whole index, made once per run for who shows them often."""

import sqlite3
from collections.abc import Iterator

from indexer.file.store import Store

UNKNOWN = "unknown"
MOST = 40  # labels of one share; the rest is one more
OTHERS = "others"

# Name of the number -> a query for items and bytes.
_TILES = {
    "movies": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM movies WHERE available = 1",
    "shows": "SELECT count(*), 0 FROM tv_shows WHERE available = 1",
    "episodes": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM episodes WHERE available = 1",
    "artists": "SELECT count(*), 0 FROM artists WHERE available = 1",
    "albums": "SELECT count(*), 0 FROM albums WHERE available = 1",
    "tracks": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM tracks WHERE available = 1",
    "files": "SELECT count(*), ifnull(sum(size), 0) FROM files WHERE leftOut IS NULL",
    "withoutFile": "SELECT count(*), 0 FROM without_file",
    "withoutPoster": "SELECT count(*), 0 FROM items WHERE available = 1 AND kind IN (1, 2, 8, 9) AND thumb IS NULL",
    "duplicates": "SELECT count(*), ifnull(sum(sizeBytes), 0) FROM duplicates",
    "noLongerInPlex": "SELECT count(*), 0 FROM items WHERE available = 0",
    "items": "SELECT count(*), 0 FROM items WHERE available = 1",
}


def _by_file(column: str, condition: str = "1") -> str:
    return (
        f"SELECT coalesce({column}, '{UNKNOWN}'), count(DISTINCT ratingKey), ifnull(sum(size), 0) FROM files "
        f"WHERE leftOut IS NULL AND {condition} GROUP BY 1 ORDER BY 3 DESC, 1"
    )


# What the shares are of -> label, items and bytes, the largest first.
_SHARES = {
    "library": "SELECT sections.title, count(DISTINCT ratingKey), ifnull(sum(size), 0) FROM files "
    "JOIN sections ON sections.key = sectionKey WHERE leftOut IS NULL GROUP BY sections.key ORDER BY 3 DESC, 1",
    "resolution": _by_file("videoResolution", "kind <> 10"),
    "videoCodec": _by_file("videoCodec", "kind <> 10"),
    "audioCodec": _by_file("audioCodec"),
    "container": _by_file("container"),
}
_GROWTH = "SELECT month, sum(added), ifnull(sum(addedBytes), 0) FROM growth GROUP BY month ORDER BY month"

Row = tuple[str, int, str, int, int]


def read_statistics(store: Store) -> list[Row]:
    """As the index stands; takes a pass over all files, so readers are not kept out meanwhile."""
    return list(_rows(store.connection))


def write_statistics(store: Store, rows: list[Row]) -> None:
    """In place of what stood there. Call it inside a transaction."""
    store.connection.execute("DELETE FROM statistics")
    store.connection.executemany(
        "INSERT INTO statistics (topic, place, label, items, bytes) VALUES (?, ?, ?, ?, ?)", rows
    )


def has_statistics(store: Store) -> bool:
    return store.connection.execute("SELECT 1 FROM statistics LIMIT 1").fetchone() is not None


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    for place, (name, query) in enumerate(_TILES.items(), start=1):
        items, size = connection.execute(query).fetchone()
        yield "tile", place, name, items, size
    for topic, query in _SHARES.items():
        found = [tuple(row) for row in connection.execute(query)]
        rest = found[MOST:]
        if rest:
            found = [*found[:MOST], (OTHERS, sum(row[1] for row in rest), sum(row[2] for row in rest))]
        for place, (label, items, size) in enumerate(found, start=1):
            yield topic, place, label, items, size
    for place, (month, items, size) in enumerate(connection.execute(_GROWTH), start=1):
        yield "growth", place, month or UNKNOWN, items, size
