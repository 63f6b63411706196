"""The file beside the index that holds what a run has read so far, so that a killed run goes on where it was.

Only one run writes it (the index's lock), and no one else reads it. What it holds for another index, of another form
of rows, of a rebuild or of a day long past is thrown away.
"""

import contextlib
import hashlib
import itertools
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from indexer.reading.compare import Comparison
from indexer.rows.rows import Row, WatchRow
from indexer.rows.tables import TABLE_OF, TABLES, WATCH_STATES, Table
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.core.model import Kind

SCHEMA = Path(__file__).with_name("schema") / "staging.sql"
OLDEST = 24 * 3600.0  # seconds
UNCHANGED, ADDED, CHANGED = range(3)
VARIABLES = 900  # per statement; SQLite's own limit has been 999 or more in all versions

_KEYS = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How far the listing of one kind in one library has come."""

    next_start: int  # where the next page begins
    total: int | None  # items, as Plex said with the last page; None before the first
    complete: bool
    published: bool


class Page(Protocol):
    """One page of a listing (`listing.ListedPage`)."""

    @property
    def marks(self) -> Mapping[int, str]: ...
    @property
    def watched(self) -> Mapping[int, WatchRow]: ...
    @property
    def stop(self) -> int: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMark:
    """What two runs must have in common for the second to go on with what the first has staged."""

    index_id: str
    rebuild: bool
    started_at: float


class Staging:
    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: str, mark: RunMark) -> "Staging":
        """Raises DatabaseError when the file can be neither used nor replaced."""
        if os.path.exists(path):
            with contextlib.suppress(DatabaseError, sqlite3.DatabaseError):
                found = cls._connect(path)
                if found._continues(mark):
                    return found
        discard(path)
        fresh = cls._connect(path)
        fresh._create(mark)
        return fresh

    @classmethod
    def _connect(cls, path: str) -> "Staging":
        connection = sqlite.connect(path)
        # In WAL mode this risks the last pages in a power cut, never the file; they would only be read again.
        connection.execute("PRAGMA synchronous=NORMAL")
        return cls(connection, path)

    def close(self) -> None:
        self._connection.close()

    def discard(self) -> None:
        self.close()
        discard(self.path)

    def listing(self, section: int, kind: Kind, token: str) -> Listing:
        """Where the listing stands; from the start when the library's counters are no longer `token`."""
        row = self._connection.execute(
            "SELECT * FROM listings WHERE section = ? AND kind = ? AND token = ?", (section, kind, token)
        ).fetchone()
        if row is None:
            self.restart(section, kind, token)
            return Listing(next_start=0, total=None, complete=False, published=False)
        return Listing(
            next_start=row["next_start"],
            total=row["total"],
            complete=bool(row["complete"]),
            published=bool(row["published"]),
        )

    def restart(self, section: int, kind: Kind, token: str) -> None:
        """Forget what was listed; details already here stay, and serve items whose fingerprint is still the same."""
        with sqlite.transaction(self._connection) as connection:
            connection.execute("DELETE FROM listed WHERE section = ? AND kind = ?", (section, kind))
            connection.execute(
                "INSERT INTO listings (section, kind, token) VALUES (?, ?, ?) ON CONFLICT (section, kind) "
                "DO UPDATE SET token = excluded.token, next_start = 0, total = NULL, complete = 0, published = 0",
                (section, kind, token),
            )

    def add_page(self, section: int, kind: Kind, page: Page, verdicts: Comparison) -> None:
        verdict = dict.fromkeys(verdicts.added, ADDED) | dict.fromkeys(verdicts.changed, CHANGED)
        marks = page.marks
        with sqlite.transaction(self._connection) as connection:
            _insert(
                connection,
                "listed",
                ("rating_key", "section", "kind", "mark", "verdict"),
                ((key, section, kind, mark, verdict.get(key, UNCHANGED)) for key, mark in marks.items()),
                "ON CONFLICT (rating_key) DO UPDATE SET section = excluded.section, kind = excluded.kind, "
                "mark = excluded.mark, verdict = excluded.verdict",
            )
            connection.execute(
                f"DELETE FROM {WATCH_STATES.name} WHERE ratingKey IN {_KEYS}", (json.dumps(list(marks)),)
            )
            _insert(connection, WATCH_STATES.name, WATCH_STATES.columns, page.watched.values())
            connection.execute(
                "UPDATE listings SET next_start = ?, total = ? WHERE section = ? AND kind = ?",
                (page.stop, page.total, section, kind),
            )

    def count(self, section: int, kind: Kind) -> int:
        row = self._connection.execute(
            "SELECT count(*) FROM listed WHERE section = ? AND kind = ?", (section, kind)
        ).fetchone()
        return int(row[0])

    def around(self, section: int, kind: Kind, place: int) -> tuple[int, int]:
        """The rating keys before and at that place of what is listed, from 0; 0 where there is none."""
        rows = self._connection.execute(
            "SELECT rating_key FROM listed WHERE section = ? AND kind = ? ORDER BY rating_key LIMIT 2 OFFSET ?",
            (section, kind, max(0, place - 1)),
        ).fetchall()
        keys = [int(row[0]) for row in rows]
        if place == 0:
            keys.insert(0, 0)
        return keys[0] if keys else 0, keys[1] if len(keys) > 1 else 0

    def complete(self, section: int, kind: Kind) -> None:
        self._set(section, "complete", kind)

    def publish(self, section: int) -> None:
        """Note that the library is in the index: a run that goes on need not read it again."""
        self._set(section, "published")

    def _set(self, section: int, column: str, kind: Kind | None = None) -> None:
        with sqlite.transaction(self._connection) as connection:
            connection.execute(
                f"UPDATE listings SET {column} = 1 WHERE section = ? AND kind = ifnull(?, kind)",
                (section, kind),
            )

    def wanted(self, section: int, kind: Kind) -> list[int]:
        """Rating keys whose details are still to be read."""
        rows = self._connection.execute(
            "SELECT listed.rating_key FROM listed LEFT JOIN detailed USING (rating_key) "
            "WHERE section = ? AND kind = ? AND verdict <> 0 AND detailed.mark IS NOT listed.mark "
            "ORDER BY listed.rating_key",
            (section, kind),
        )
        return [row[0] for row in rows]

    def add_details(self, rows: Mapping[int, list[Row]]) -> None:
        """`rows` by rating key, of items that are listed."""
        by_table: dict[type[Row], list[Row]] = {}
        for item_rows in rows.values():
            for row in item_rows:
                by_table.setdefault(type(row), []).append(row)
        keys = json.dumps(list(rows))
        with sqlite.transaction(self._connection) as connection:
            if _any(connection, f"SELECT 1 FROM detailed WHERE rating_key IN {_KEYS}", keys):
                for table in TABLES:
                    connection.execute(
                        f"DELETE FROM {table.name} WHERE {table.rating_key} IN {_KEYS}", (keys,)
                    )
            for kind, of_kind in by_table.items():
                table = TABLE_OF[kind]
                _insert(connection, table.name, table.columns, of_kind)
            connection.execute(
                "INSERT OR REPLACE INTO detailed (rating_key, mark) "
                f"SELECT rating_key, mark FROM listed WHERE rating_key IN {_KEYS}",
                (keys,),
            )

    def _continues(self, mark: RunMark) -> bool:
        """Whether `mark` may go on with what is here; closed where it may not."""
        fits = False
        try:
            fits = self._fits(mark)
        finally:
            if not fits:
                self.close()
        return fits

    def _fits(self, mark: RunMark) -> bool:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version != _form():
            return False
        row = self._connection.execute("SELECT * FROM run").fetchone()
        return (
            row is not None
            and row["index_id"] == mark.index_id
            and bool(row["rebuild"]) == mark.rebuild
            and 0 <= mark.started_at - row["started_at"] <= OLDEST
        )

    def _create(self, mark: RunMark) -> None:
        with sqlite.transaction(self._connection) as connection:
            for statement in (*sqlite.statements(SCHEMA.read_text("utf-8")), *_row_tables()):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO run (id, index_id, rebuild, started_at) VALUES (1, ?, ?, ?)",
                (mark.index_id, mark.rebuild, mark.started_at),
            )
            connection.execute(f"PRAGMA user_version = {_form()}")


def discard(path: str) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(name)


def discard_old(path: str, now: float) -> None:
    """Throw away what a killed run left and no run may go on with. A run that reads something does so by itself."""
    with contextlib.suppress(FileNotFoundError):
        if os.path.getmtime(path) < now - OLDEST:
            discard(path)


def _any(connection: sqlite3.Connection, select: str, *values: str) -> bool:
    return connection.execute(f"{select} LIMIT 1", values).fetchone() is not None


def _insert(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    conflict: str = "",
) -> None:
    """Insert many rows per statement: each statement hands the interpreter's lock over, and the reading threads
    want it."""
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    place = f"({', '.join('?' * len(columns))})"
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, VARIABLES // len(columns))):
        statement = f"{head}{', '.join([place] * len(chunk))} {conflict}"
        connection.execute(statement, list(itertools.chain.from_iterable(chunk)))


def _row_tables() -> list[str]:
    return [_row_table(table) for table in (*TABLES, WATCH_STATES)]


def _row_table(table: Table) -> str:
    """The table for one row class. Only the rating key has a type: without it, joins could use no index."""
    columns = (f"{name} INTEGER" if name == table.rating_key else name for name in table.columns)
    storage = "" if len(table.key) == 1 else " WITHOUT ROWID"  # one tree instead of a table and its index
    return f"CREATE TABLE {table.name} ({', '.join(columns)}, PRIMARY KEY ({', '.join(table.key)})){storage}"


def _form() -> int:
    """A number made of the tables' columns: rows that were staged in another form must not be published."""
    text = SCHEMA.read_text("utf-8") + "".join(_row_tables())
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1
