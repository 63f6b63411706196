"""All that plexsync.db knows of one scene, for *explain*. Owns the question alone; the rows are the tables' owners'."""

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.core.choices import Choice
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.match import FileMatch
from plexsync_plugin.jobs.choices import ChoiceStore
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.job_reports import JobReports
from plexsync_plugin.jobs.state import read_state
from plexsync_plugin.jobs.stored_text import stored_records
from plexsync_plugin.jobs.synced import SyncedScenes
from plexsync_plugin.jobs.undone import UndoneScenes


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenItem:
    """`matched` false: it was written for the scene once, and is not its item any more. `written_at` in epoch seconds, None
    when it was never written."""

    server: str
    rating_key: int
    matched: bool
    written_at: float | None
    fields: Mapping[str, Record]
    kept: tuple[str, ...] = ()  # fields in which a person's value stays although Stash has another one


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneReport:
    """`job` and `failed` are rows of jobs and dead letters, None where there is none. Times are epoch seconds."""

    job: dict[str, Any] | None = None
    failed: dict[str, Any] | None = None
    undone_at: float | None = None
    synced_at: float | None = None
    items: tuple[WrittenItem, ...] = ()
    files: tuple[FileMatch, ...] = ()  # on all servers
    choices: tuple[Choice, ...] = ()


def read_scene(path: str, scene_id: int) -> SceneReport | None:
    """`path` of plexsync.db; None while there is none."""
    connection = read_state(path)
    if connection is None:
        return None
    with contextlib.closing(connection):
        return scene_report(connection, scene_id)


def scene_report(connection: sqlite3.Connection, scene_id: int) -> SceneReport:
    """The same of an open plexsync.db."""
    return SceneReport(
        job=JobReports(connection).of_scene(scene_id),
        failed=DeadLetters(connection).of_scene(scene_id),
        undone_at=UndoneScenes(connection).restored_at(scene_id),
        synced_at=SyncedScenes(connection).synced_at(scene_id),
        items=_items(connection, scene_id),
        files=tuple(FileMatches(connection).file_matches_anywhere(scene_id)),
        choices=tuple(ChoiceStore(connection).of_scene(scene_id)),
    )


def _items(connection: sqlite3.Connection, scene_id: int) -> tuple[WrittenItem, ...]:
    """Matched items, and those that were written for the scene and are not matched any more."""
    rows = connection.execute(
        "SELECT i.server, i.rating_key, max(i.matched) AS matched, l.fields, l.written_at, l.kept FROM ("
        "SELECT server, rating_key, 1 AS matched FROM matches WHERE scene_id = :scene UNION ALL "
        "SELECT server, rating_key, 0 FROM ledger WHERE scene_id = :scene) AS i "
        "LEFT JOIN ledger AS l ON l.server = i.server AND l.rating_key = i.rating_key "
        "GROUP BY i.server, i.rating_key ORDER BY i.server, i.rating_key",
        {"scene": scene_id},
    )
    return tuple(
        WrittenItem(
            server=row["server"],
            rating_key=row["rating_key"],
            matched=bool(row["matched"]),
            written_at=row["written_at"],
            fields=stored_records(row["fields"] or "{}"),
            kept=tuple(row["kept"].split(",")) if row["kept"] else (),
        )
        for row in rows
    )
