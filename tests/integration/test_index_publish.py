"""A library's listing is published in one piece, however long it is."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from indexer.file.publish import Counts, Publication, publish
from indexer.file.staging import RunMark, Staging
from indexer.file.store import Store
from indexer.reading.compare import compare
from indexer.rows.rows import WatchRow
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.model import Kind, Section, Server

MANY = 40_000  # more than SQLite takes variables in one statement: 32 766 by default


NOW = "2026-01-01T00:00:00Z"


FILMS = Section(
    key=1, title="Films", type="movie", uuid="u", content_changed_at=7, updated_at=8, scanned_at=9
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    marks: dict[int, str]
    watched: dict[int, WatchRow]
    stop: int
    total: int


def fill(store: Store, number: int) -> None:
    """An index that has `number` films of which nothing but the title is known."""
    connection = store.connection
    connection.execute("INSERT INTO sections (key, title, type) VALUES (1, 'Films', 'movie')")
    numbers = f"WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {number})"
    connection.execute(
        f"{numbers} INSERT INTO items (ratingKey, kind, sectionKey, title, elementHash, lastSeen) "
        "SELECT k, 1, 1, 'T', 'mark', '2025' FROM n"
    )
    connection.execute(
        f"{numbers} INSERT INTO movies (ratingKey, title, mediaHash, lastSeen) SELECT k, 'T', 'h', '2025' FROM n"
    )


def test_listing_when_longer_than_one_statement_takes_variables_marks_what_is_lost(tmp_path: Path) -> None:
    server = Server(machine_id="m", version="1", name="Den")
    with contextlib.closing(Store.open(str(tmp_path / "plex.db"), server, Clock())) as store:
        # Builds of SQLite differ in how many they take; this is the least that any does.
        store.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        store.write(lambda: fill(store, MANY + 2))
        marks = dict.fromkeys(range(1, MANY + 1), "mark")
        known = store.known(Kind.MOVIE, marks)
        assert len(known) == MANY
        mark = RunMark(index_id=store.identifier, rebuild=False, started_at=0.0)
        with contextlib.closing(Staging.open(str(tmp_path / "staging"), mark)) as staging:
            staging.listing(1, Kind.MOVIE, "token")
            page = Page(marks=marks, watched={}, stop=MANY, total=MANY)
            staging.add_page(1, Kind.MOVIE, page, compare(marks, known))
            publication = Publication(
                section=FILMS,
                now=NOW,
                staging_path=staging.path,
                rebuild=False,
                complete={Kind.MOVIE: True},
            )
            assert publish(store, publication) == {"movies": Counts(seen=MANY, lost=2)}
        gone = store.connection.execute("SELECT ratingKey FROM movies WHERE available = 0").fetchall()
        assert [row[0] for row in gone] == [MANY + 1, MANY + 2]
