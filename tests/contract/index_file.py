"""An empty index in memory, and rows put into it as short as can be."""

import sqlite3

from indexer.file.store import migrations, query
from plexsync_plugin.base import sqlite

SEEN = "2026-01-01T00:00:00Z"


def empty_index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    for script in migrations():
        for statement in sqlite.statements(script):
            connection.execute(statement)
    connection.execute("INSERT INTO sections (key, title, type) VALUES (1, 'Films', 'movie')")
    return connection


def put(connection: sqlite3.Connection, table: str, **values: object) -> None:
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", values)


def put_item(connection: sqlite3.Connection, key: int, kind: int = 1, **values: object) -> None:
    given: dict[str, object] = {
        "sectionKey": 1,
        "title": f"Item {key}",
        "guid": f"plex://{kind}/{key}",
        "addedAt": SEEN,
        "thumb": f"/library/metadata/{key}/thumb/17",
        "art": f"/library/metadata/{key}/art/17",
        "elementHash": "",
        "lastSeen": SEEN,
    }
    put(connection, "items", ratingKey=key, kind=kind, **(given | values))


def put_movie(connection: sqlite3.Connection, key: int, title: str, **values: object) -> None:
    put_item(connection, key, title=title)
    put(connection, "movies", ratingKey=key, title=title, lastSeen=SEEN, **values)


def put_file(connection: sqlite3.Connection, key: int, size: int, version: int = 0, **values: object) -> None:
    given: dict[str, object] = {"kind": 1, "sectionKey": 1, "path": f"/m/{key}-{version}.mkv", "size": size}
    put(connection, "versions", ratingKey=key, version=version)
    put(connection, "files", ratingKey=key, version=version, part=0, **(given | values))


def leave_out(connection: sqlite3.Connection) -> None:
    """As a run does when it has published a library."""
    for statement in query("left_out"):
        connection.execute(statement)
