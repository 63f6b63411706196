"""The index as the page inside Stash reads it, through its views and its table of statistics; read-only, and nobody is asked."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError

BUSY_SECONDS = 2.0  # publishing takes less
NEEDED = "page_sizes"  # the newest of what is read here
# What a listing is sorted by -> the view that tells it with the fewest tables, and the order of its rows.
ORDERS = {
    "title": ("page_items", "sort_title COLLATE NOCASE, rating_key"),
    "size": ("page_sizes", "size DESC, rating_key"),
    "added": ("page_items", "added DESC, rating_key DESC"),
}


class PageIndex:
    """Of one open index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def server(self) -> tuple[str, str]:
        """Machine identifier, and when a run last ended with nothing left out (ISO 8601, "" for never)."""
        row = self._connection.execute("SELECT machine_id, last_complete_run FROM sync_server").fetchone()
        return (row[0] or "", row[1] or "") if row else ("", "")

    def items(self, keys: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        """By rating key: rows of the view page_items; what Plex no longer lists is left out."""
        rows = self._connection.execute(
            "SELECT page_items.* FROM json_each(?) AS wanted CROSS JOIN page_items ON rating_key = wanted.value",
            (json.dumps(list(keys)),),
        )
        return {row["rating_key"]: dict(row) for row in rows}

    def values(self, keys: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        """By rating key: rows of the view page_values."""
        rows = self._connection.execute(
            "SELECT page_values.* FROM json_each(?) AS wanted CROSS JOIN page_values ON rating_key = wanted.value",
            (json.dumps(list(keys)),),
        )
        return {row["rating_key"]: dict(row) for row in rows}

    def files_named(self, names: Iterable[str], limit: int) -> list[Mapping[str, Any]]:
        """rating_key, path, name and size of movies' and episodes' files with one of these names."""
        rows = self._connection.execute(
            "SELECT rating_key, path, name, size FROM sync_files WHERE name IN (SELECT value FROM json_each(?)) LIMIT ?",
            (json.dumps(list(names)), limit),
        )
        return [dict(row) for row in rows]

    def files_of(self, keys: Iterable[int]) -> dict[int, list[str]]:
        """Paths by rating key."""
        rows = self._connection.execute(
            "SELECT rating_key, path FROM sync_files WHERE rating_key IN (SELECT value FROM json_each(?)) ORDER BY path",
            (json.dumps(list(keys)),),
        )
        found: dict[int, list[str]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(row[1])
        return found

    def there(self, paths: Sequence[str]) -> set[str]:
        """Those of the paths at which an item has a file."""
        rows = self._connection.execute(
            "SELECT wanted.value FROM json_each(?) AS wanted "
            "WHERE EXISTS (SELECT 1 FROM sync_files WHERE path = wanted.value)",
            (json.dumps(list(paths)),),
        )
        return {row[0] for row in rows}

    def video_libraries(self) -> list[str]:
        """Titles, by title."""
        rows = self._connection.execute(
            "SELECT title FROM sections WHERE type IN ('movie', 'show') ORDER BY title"
        )
        return [row[0] for row in rows]

    def pictures(self, keys: Iterable[int]) -> dict[int, str]:
        """By rating key: the nearest picture that shows the item, as a path below the folder of pictures. Whether the file is there,
        nobody has looked."""
        # One after another: joined with a list of keys, SQLite would read the whole view.
        query = "SELECT file FROM pictures WHERE ratingKey = ? ORDER BY distance LIMIT 1"
        rows = {key: self._connection.execute(query, (key,)).fetchone() for key in keys}
        return {key: row[0] for key, row in rows.items() if row}

    def users(self) -> dict[int, str]:
        """Names by Plex's number of the account; who has none is left out."""
        rows = self._connection.execute("SELECT id, name FROM users WHERE name <> ''")
        return {row[0]: row[1] for row in rows}

    def statistics(self) -> list[tuple[str, str, int, int]]:
        """Topic, label, items and bytes, in the order in which they are shown."""
        rows = self._connection.execute(
            "SELECT topic, label, items, bytes FROM statistics ORDER BY topic, place"
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def listed(self, kind: int | None, order: str, limit: int) -> list[int]:
        """Rating keys of all items, of this kind if one is given, in one of `ORDERS`."""
        view, sorted_by = ORDERS[order]
        of_kind = "" if kind is None else "WHERE kind = :kind"
        rows = self._connection.execute(
            f"SELECT rating_key FROM {view} {of_kind} ORDER BY {sorted_by} LIMIT :limit",
            {"kind": kind, "limit": limit},
        )
        return [row[0] for row in rows]


@contextlib.contextmanager
def open_index(path: str) -> Iterator[PageIndex | None]:
    """None where there is none yet, or one of an earlier version that no run has brought up to date. Raises DatabaseError."""
    if not os.path.exists(path):
        yield None
        return
    connection = sqlite.connect_readonly(path, busy_seconds=BUSY_SECONDS)
    with contextlib.closing(connection):
        try:
            ready = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (NEEDED,)).fetchone()
            yield PageIndex(connection) if ready else None
        except sqlite3.Error as error:
            raise DatabaseError(f"The index {path} cannot be read: {error}.") from error
