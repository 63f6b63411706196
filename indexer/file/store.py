"""The index file: opened, checked, migrated; what it says of the server, its libraries and known fingerprints.

Always in `journal_mode=DELETE` and readable by everyone: other users cannot read a WAL file in a folder that they
may not write. What an ended reading of a library changes is in `publish`.
"""

import contextlib
import json
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.file.index_file import APPLICATION_ID
from indexer.rows import folding
from indexer.rows.tables import LIBRARY_TABLES
from plexsync_plugin.base import allocator, levelling, sqlite
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase
from plexsync_plugin.core.model import Kind, Section, Server

BUSY_SECONDS = 1.0  # of the first attempt: SQLite waits deaf to Ctrl-C
# SQLite keeps new readers out only during an attempt. Readers that take turns are outwaited only by one that is longer
# than each of them reads.
LONGEST_ATTEMPT = 10  # times the first
BUSY_ATTEMPTS = 33  # five minutes in all for a reader to end

_FOLDER = Path(__file__).parent


def migrations() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((_FOLDER / "schema").glob("[0-9][0-9][0-9]_*.sql"))]


def query(name: str) -> list[str]:
    """The statements of `queries/<name>.sql`."""
    return list(sqlite.statements((_FOLDER / "queries" / f"{name}.sql").read_text("utf-8")))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSection:
    """What the index knows of a library."""

    key: int
    title: str
    token: str  # of Plex's counters when it was last read; "" when that reading was not complete
    last_sweep_at: str
    last_details_at: str
    runs_since_sweep: int
    available: bool


def token(section: Section) -> str:
    """The counters that tell whether anything in a library has changed."""
    counters = (section.content_changed_at, section.updated_at, section.scanned_at)
    return _token(*counters, section.type, section.uuid, section.title)


def _token(*facts: str | int) -> str:
    return " ".join(map(str, facts))


class Store:
    """The open index. `waiting` is called every few seconds while another program keeps the file from being written."""

    def __init__(
        self, connection: sqlite3.Connection, path: str, clock: Clock, waiting: Callable[[], None]
    ) -> None:
        self.connection = connection
        self.path = path
        self._clock = clock
        self._waiting = waiting
        self._counted: dict[tuple[int, str], Mapping[str, int]] = {}

    @classmethod
    def open(
        cls, path: str, server: Server, clock: Clock, waiting: Callable[[], None] = lambda: None
    ) -> "Store":
        """Create or migrate the file. Raises NewerDatabase, ForeignDatabase, DatabaseError."""
        _refuse_foreign(path, server)
        connection = sqlite.connect(path, wal=False)
        try:
            levelling.level(connection, migrations(), path=path)
            sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)
            with contextlib.suppress(PermissionError):  # another's file, or a disk without modes
                os.chmod(path, 0o644)
        except sqlite3.Error as error:
            connection.close()
            raise DatabaseError(f"The index {path} cannot be prepared: {error}.") from error
        except BaseException:
            connection.close()
            raise
        store = cls(connection, path, clock, waiting)
        # Bounded: a whole library in one transaction spills to the file rather than filling the memory. Publishing
        # 200 000 movies took as long with 8 MB as with 2 or 32; sorting takes as much again.
        connection.execute("PRAGMA cache_size = -8192")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
        store._introduce(server)
        return store

    def close(self) -> None:
        self.connection.close()

    def write(self, work: Callable[[], None]) -> None:
        """`work` in one transaction. Raises DatabaseError when a reader keeps the file for minutes.

        It begins when the last reader has gone and keeps new ones out. One that let them stay would meet them where its
        pages no longer fit into memory, and wait at each such page, or at its end, and then have all to do again.
        """
        first = int(self.connection.execute("PRAGMA busy_timeout").fetchone()[0])
        try:
            self._write(work, first)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {first}")

    def _write(self, work: Callable[[], None], first: int) -> None:
        """`first` in milliseconds."""
        for attempt in range(1, BUSY_ATTEMPTS + 1):
            try:
                with sqlite.transaction(self.connection, begin="EXCLUSIVE"):
                    work()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == BUSY_ATTEMPTS:
                    raise DatabaseError(f"The index {self.path} cannot be written: {error}.") from error
                self._waiting()
                self._clock.sleep(0.05)
                self.connection.execute(f"PRAGMA busy_timeout = {first * min(2**attempt, LONGEST_ATTEMPT)}")
            else:
                return

    def _introduce(self, server: Server) -> None:
        """Write the server's name and version where the file does not have them yet.

        No needless write: it waits for readers.
        """
        known = dict(self.connection.execute("SELECT name, value FROM meta").fetchall())
        facts = {
            "machineId": server.machine_id,
            "serverName": server.name,
            "serverVersion": server.version,
            "indexId": known.get("indexId") or uuid.uuid4().hex,
        }
        self.note_new(facts)
        if known.get("searchForm") != folding.FORM:
            self.write(self._fold_texts)

    def _fold_texts(self) -> None:
        """Of all items that are here, as extraction does it for those that come."""
        self.connection.create_function("search_text", 4, folding.search_text, deterministic=True)
        self.connection.create_function("unspaced_parts", 3, folding.unspaced_parts, deterministic=True)
        self.connection.execute(
            "CREATE TEMP TABLE folded_anew AS SELECT ratingKey, search_text(title, originalTitle, people, summary) AS text, "
            "unspaced_parts(title, originalTitle, people) AS parts FROM search_texts"
        )
        self.connection.execute(
            "DELETE FROM search_folded WHERE ratingKey NOT IN (SELECT ratingKey FROM folded_anew WHERE text IS NOT NULL)"
        )
        self.connection.execute(
            "INSERT INTO search_folded (ratingKey, text, parts) SELECT ratingKey, text, parts FROM folded_anew "
            "WHERE text IS NOT NULL ON CONFLICT (ratingKey) DO UPDATE SET text = excluded.text, parts = excluded.parts "
            "WHERE (text, parts) IS NOT (excluded.text, excluded.parts)"
        )
        self.connection.execute("DROP TABLE folded_anew")
        self.note({"searchForm": folding.FORM})

    @property
    def identifier(self) -> str:
        """A text that tells this file from one made anew in its place."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'indexId'").fetchone()
        return str(row[0])

    @property
    def keeps_pictures(self) -> bool:
        """Whether pictures were kept for this index by an earlier run."""
        row = self.connection.execute("SELECT 1 FROM meta WHERE name = 'episodeThumbs'").fetchone()
        return row is not None

    def note_pictures(self, *, episode_thumbs: bool) -> None:
        self.note_new({"episodeThumbs": str(int(episode_thumbs))})

    def note_new(self, facts: Mapping[str, str]) -> None:
        """Writes what is not known yet, or otherwise, and nothing where all is."""
        known = dict(self.connection.execute("SELECT name, value FROM meta").fetchall())
        new = {name: value for name, value in facts.items() if known.get(name) != value}
        if new:
            self.write(lambda: self.note(new))

    def analyze(self) -> None:
        """Count anew what the planner of SQLite goes by, so that a question takes the index that leads to the fewest rows.

        A thousand entries of each index are looked at, so that it takes no longer for large libraries.
        """
        self.connection.execute("PRAGMA analysis_limit = 1000")
        self.connection.execute("ANALYZE main")

    def shrink(self) -> None:
        """Give back what a large transaction has taken of memory: pages, and what its sorting left behind."""
        self.connection.execute("PRAGMA shrink_memory")
        allocator.give_back()

    def note(self, facts: Mapping[str, str]) -> None:
        self.connection.executemany(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            facts.items(),
        )

    def sections(self) -> dict[int, KnownSection]:
        rows = self.connection.execute("SELECT * FROM sections")
        return {
            row["key"]: KnownSection(
                key=row["key"],
                title=row["title"],
                token=_stored_token(row),
                last_sweep_at=row["lastSweepAt"] or "",
                last_details_at=row["lastDetailsAt"] or "",
                runs_since_sweep=row["runsSinceSweep"],
                available=bool(row["available"]),
            )
            for row in rows
        }

    def count_skipped(self, sections: Iterable[int]) -> None:
        self.connection.executemany(
            "UPDATE sections SET runsSinceSweep = runsSinceSweep + 1 WHERE key = ?",
            [(key,) for key in sections],
        )

    def known(self, kind: Kind, keys: Iterable[int]) -> dict[int, str]:
        """Fingerprints of those of `keys` that are stored as this kind."""
        table = LIBRARY_TABLES[kind]
        rows = self.connection.execute(
            f"SELECT items.ratingKey, items.elementHash FROM json_each(?) AS wanted "
            f"JOIN items ON items.ratingKey = wanted.value "
            f"JOIN {table.name} ON {table.name}.{table.rating_key} = items.ratingKey WHERE items.kind = ?",
            (json.dumps(list(keys)), kind),
        )
        return {row[0]: row[1] for row in rows}

    def available(self, section: int, kind: Kind) -> int:
        row = self.connection.execute(
            "SELECT count(*) FROM items WHERE sectionKey = ? AND kind = ? AND available = 1", (section, kind)
        ).fetchone()
        return int(row[0])

    def between(self, section: int, kind: Kind, after: int, before: int) -> dict[int, str]:
        """Titles of the items that are held as available between two rating keys; no more than two of them."""
        rows = self.connection.execute(
            "SELECT ratingKey, title FROM items WHERE ratingKey > ? AND ratingKey < ? AND sectionKey = ? AND kind = ? "
            "AND available = 1 LIMIT 2",
            (after, before, section, kind),
        )
        return {row[0]: row[1] for row in rows}

    def count(self, section: int, table: str, counts: Mapping[str, int]) -> None:
        """Remember what this run did in one library and table; `record_run` writes it."""
        self._counted[section, table] = counts

    def drop_retired(self) -> None:
        """Delete libraries that Plex no longer has, with all that belongs to them."""
        self.write(self._drop_retired)
        left = self.sections()
        self._counted = {place: counts for place, counts in self._counted.items() if place[0] in left}

    def _drop_retired(self) -> None:
        self.connection.execute("DELETE FROM sections WHERE available = 0")
        self.leave_out()

    def leave_out(self) -> None:
        """Decide anew which files no sum counts; in the transaction of what made them come, change or go."""
        for statement in query("left_out"):
            self.connection.execute(statement)

    def record_run(self, values: Mapping[str, str | int]) -> None:
        run = self._insert("runs", values)
        for (section, table), counts in self._counted.items():
            self._insert("run_counts", {"runId": run, "sectionKey": section, "tableName": table, **counts})

    def _insert(self, table: str, values: Mapping[str, str | int]) -> int:
        columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        cursor = self.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", dict(values))
        return cursor.lastrowid or 0


def _stored_token(row: sqlite3.Row) -> str:
    if row["contentChangedAt"] is None:
        return ""
    counters = (row["contentChangedAt"], row["updatedAt"], row["scannedAt"])
    return _token(*counters, row["type"], row["uuid"] or "", row["title"])


def _refuse_foreign(path: str, server: Server) -> None:
    """Look at the file before it is opened for writing: that alone would alter another program's file."""
    if not os.path.exists(path) or os.path.getsize(path) == 0:
        return
    with contextlib.closing(sqlite.connect_readonly(path)) as connection:
        try:
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            machine_id = _machine_id(connection) if owner == APPLICATION_ID else ""
        except sqlite3.Error as error:
            raise DatabaseError(f"The index {path} cannot be read: {error}.") from error
    if owner != APPLICATION_ID and tables:
        raise ForeignDatabase(
            f"{path} is not an index made by PlexSync. Move it away, or name another file in DB_PATH."
        )
    if machine_id not in ("", server.machine_id):
        raise ForeignDatabase(
            f"{path} is the index of another Plex server ({machine_id}), not of {server.name} "
            f"({server.machine_id}). One file holds one server: name another file in DB_PATH, or move this one away."
        )


def _machine_id(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT machine_id FROM sync_server").fetchone()
    return "" if row is None or row[0] is None else str(row[0])
