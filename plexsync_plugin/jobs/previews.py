"""Owns the file preview.db: what the last *Preview Changes* found, row by row, so that a page can show it without reading all of it.

It is made beside the one before, and takes its place when it is whole. It holds titles, so nobody else may read it.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plexsync_plugin.base import sqlite

_SCHEMA = (
    "CREATE TABLE rows (id INTEGER PRIMARY KEY, scene_id INTEGER NOT NULL, title TEXT NOT NULL, item INTEGER NOT NULL, "
    "item_title TEXT NOT NULL, problem TEXT NOT NULL, changes TEXT NOT NULL) STRICT",
    "CREATE TABLE changed (field TEXT NOT NULL, row_id INTEGER NOT NULL, scene_id INTEGER NOT NULL, "
    "PRIMARY KEY (field, row_id)) STRICT, WITHOUT ROWID",
    "CREATE TABLE preview_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
FORM = 1  # of these tables; a file of another form counts as none


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedItem:
    """One item that would change, by field, value now and value then; or with a `problem` a scene that cannot be synced."""

    scene_id: int
    title: str
    item: int = 0
    item_title: str = ""
    problem: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSummary:
    """`made_at` in epoch seconds; `by_field` counts scenes."""

    made_at: float
    server: str
    sentence: str
    total: int
    by_field: dict[str, int]


class PreviewWriter:
    """Adds to `<path>.part`; a run that goes on where another one stopped adds to what is there."""

    def __init__(self, path: str, *, go_on: bool) -> None:
        """`go_on`: a run before stopped in the middle. Raises DatabaseError, OSError."""
        self._path, self._part = path, f"{path}.part"
        if not go_on:
            with contextlib.suppress(FileNotFoundError):
                os.remove(self._part)
        os.close(os.open(self._part, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite.connect(self._part, wal=False)
        if self._connection.execute("PRAGMA user_version").fetchone()[0] != FORM:
            with sqlite.transaction(self._connection):
                for statement in _SCHEMA:
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {FORM}")

    def add(self, items: Iterable[PreviewedItem]) -> None:
        """Items of one page of scenes."""
        with sqlite.transaction(self._connection):
            for each in items:
                row_id = self._connection.execute(
                    "INSERT INTO rows (scene_id, title, item, item_title, problem, changes) VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        each.scene_id,
                        each.title,
                        each.item,
                        each.item_title,
                        each.problem,
                        json.dumps(each.changes, ensure_ascii=False),
                    ),
                ).lastrowid
                self._connection.executemany(
                    "INSERT INTO changed (field, row_id, scene_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    [(name, row_id, each.scene_id) for name, _, _ in each.changes],
                )

    def finish(self, *, server: str, sentence: str, now: float) -> None:
        """It takes the place of the one before. Raises OSError."""
        fields = self._connection.execute(
            "SELECT field, count(DISTINCT scene_id) FROM changed GROUP BY field ORDER BY 2 DESC, 1"
        ).fetchall()
        total = self._connection.execute("SELECT count(DISTINCT scene_id) FROM changed").fetchone()[0]
        facts = {
            "made_at": str(now),
            "server": server,
            "sentence": sentence,
            "total": str(total),
            "by_field": json.dumps({row[0]: row[1] for row in fields}),
        }
        with sqlite.transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO preview_facts (name, value) VALUES (?, ?)", facts.items()
            )
        self.close()
        os.replace(self._part, self._path)

    def close(self) -> None:
        self._connection.close()


class PreviewReader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def summary(self) -> PreviewSummary:
        """Of the whole preview."""
        facts = dict(self._connection.execute("SELECT name, value FROM preview_facts").fetchall())
        return PreviewSummary(
            made_at=float(facts["made_at"]),
            server=facts["server"],
            sentence=facts["sentence"],
            total=int(facts["total"]),
            by_field=json.loads(facts["by_field"]),
        )

    def page(self, after: int, field: str, limit: int) -> list[tuple[int, PreviewedItem]]:
        """Number and row, in the order of scenes; those behind the number `after`, with this field if one is given."""
        which = "id IN (SELECT row_id FROM changed WHERE field = :field)" if field else "1"
        rows = self._connection.execute(
            f"SELECT * FROM rows WHERE id > :after AND {which} ORDER BY id LIMIT :limit",
            {"after": after, "field": field, "limit": limit},
        )
        return [
            (
                row["id"],
                PreviewedItem(
                    scene_id=row["scene_id"],
                    title=row["title"],
                    item=row["item"],
                    item_title=row["item_title"],
                    problem=row["problem"],
                    changes=tuple((name, now, then) for name, now, then in json.loads(row["changes"])),
                ),
            )
            for row in rows
        ]


@contextlib.contextmanager
def open_preview(path: str) -> Iterator[PreviewReader | None]:
    """None where there is none. Raises DatabaseError."""
    if not os.path.exists(path):
        yield None
        return
    with contextlib.closing(sqlite.connect_readonly(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        yield PreviewReader(connection) if version == FORM else None
