"""Owns the table `collection_posters`: collections made of a studio or a group, and the poster that each was given. Giving is
`worker.pictures.collection_posters`'."""

import dataclasses
import json
import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core.collection_poster import CollectionPoster

_COLUMNS = tuple(each.name for each in dataclasses.fields(CollectionPoster))
_LIST = ", ".join(_COLUMNS)


class CollectionPosters:
    """Call what writes inside a transaction, where it belongs to more than one row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all_of(self, server: str) -> list[CollectionPoster]:
        """Everything that is known of collections of this server."""
        rows = self._connection.execute(
            f"SELECT {_LIST} FROM collection_posters WHERE server = ? ORDER BY section, name", (server,)
        )
        return [_poster(row) for row in rows]

    def due(self, server: str, limit: int) -> list[CollectionPoster]:
        """Of those whose picture Stash is to be asked for, the first `limit`."""
        rows = self._connection.execute(
            f"SELECT {_LIST} FROM collection_posters WHERE server = ? AND due = 1 "
            "ORDER BY section, name LIMIT ?",
            (server, limit),
        )
        return [_poster(row) for row in rows]

    def put(self, server: str, poster: CollectionPoster) -> None:
        """Keep it in place of what is kept of the same collection."""
        self._connection.execute(
            f"INSERT OR REPLACE INTO collection_posters (server, {_LIST}) "
            f"VALUES (:server, {', '.join(f':{name}' for name in _COLUMNS)})",
            {"server": server, **dataclasses.asdict(poster)},
        )

    def drop(self, server: str, poster: CollectionPoster) -> None:
        """Nothing of the collection is ours any more."""
        self._connection.execute(
            "DELETE FROM collection_posters WHERE server = ? AND section = ? AND name = ?",
            (server, poster.section, poster.name),
        )

    def look_again(self, kind: str, entity_ids: Iterable[int]) -> None:
        """The pictures of these studios or groups may have changed."""
        self._connection.execute(
            "UPDATE collection_posters SET due = 1 WHERE kind = ? "
            "AND entity_id IN (SELECT value FROM json_each(?))",
            (kind, json.dumps(list(entity_ids))),
        )

    def look_at_all_again(self) -> None:
        """Any picture may have changed without an event."""
        self._connection.execute("UPDATE collection_posters SET due = 1 WHERE due = 0")

    def look_at_left_again(self, server: str) -> None:
        """The setting that left the posters of others alone is off."""
        self._connection.execute(
            "UPDATE collection_posters SET due = 1, is_left = 0, etag = '' WHERE server = ? AND is_left = 1",
            (server,),
        )


def _poster(row: sqlite3.Row) -> CollectionPoster:
    values = dict(row)
    return CollectionPoster(**{**values, "due": bool(values["due"]), "is_left": bool(values["is_left"])})
