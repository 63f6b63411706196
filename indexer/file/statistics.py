"""Owns the table `statistics`: numbers of the whole index, made once per run for who shows them often."""

import sqlite3
from collections.abc import Iterator

from indexer.file.numbers import GROWTH, SHARES, TILES, UNKNOWN
from indexer.file.store import Store

MOST = 40  # labels of one share; the rest is one more
OTHERS = "others"

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
    for place, (name, query) in enumerate(TILES.items(), start=1):
        items, size = connection.execute(query).fetchone()
        yield "tile", place, name, items, size
    for topic, query in SHARES.items():
        found = [tuple(row) for row in connection.execute(query)]
        rest = found[MOST:]
        if rest:
            found = [*found[:MOST], (OTHERS, sum(row[1] for row in rest), sum(row[2] for row in rest))]
        for place, (label, items, size) in enumerate(found, start=1):
            yield topic, place, label, items, size
    for place, (month, items, size) in enumerate(connection.execute(GROWTH), start=1):
        yield "growth", place, month or UNKNOWN, items, size
