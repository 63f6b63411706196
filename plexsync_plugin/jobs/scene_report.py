"""All that plexsync.db knows of one scene, for *explain*. Owns the question alone; the rows are the tables' owners'."""

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.core.choices import Choice
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.match import FileMatch
from plexsync_plugin.jobs.choices import ChoiceStore
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.job_reports import JobReports
from plexsync_plugin.jobs.state import read_state
from plexsync_plugin.jobs.state_trouble import trouble_sentence, version_sentence
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
    problem: str = ""  # a sentence where not everything could be read


def read_scene(path: str, scene_id: int) -> SceneReport | None:
    """`path` of plexsync.db; None while there is none. What cannot be read keeps its default, and `problem` says so."""
    try:
        connection = read_state(path)
    except (DatabaseError, sqlite3.Error) as error:
        return SceneReport(problem=trouble_sentence(path, error))
    if connection is None:
        return None
    found: dict[str, Any] = {}
    with contextlib.closing(connection):
        try:
            problem = version_sentence(path, connection)
        except sqlite3.Error as error:
            problem = trouble_sentence(path, error)
        for name, reading in _readings(connection, scene_id).items():
            try:
                found[name] = reading()
            except sqlite3.Error as error:
                problem = problem or trouble_sentence(path, error)
    return SceneReport(problem=problem, **found)


def scene_report(connection: sqlite3.Connection, scene_id: int) -> SceneReport:
    """The same of an open plexsync.db. Raises sqlite3.Error where it cannot be read as a whole."""
    found: dict[str, Any] = {name: reading() for name, reading in _readings(connection, scene_id).items()}
    return SceneReport(**found)


def _readings(connection: sqlite3.Connection, scene_id: int) -> Mapping[str, Callable[[], object]]:
    """Each table by itself: one that is damaged hides no other."""
    return {
        "job": lambda: JobReports(connection).of_scene(scene_id),
        "failed": lambda: DeadLetters(connection).of_scene(scene_id),
        "undone_at": lambda: UndoneScenes(connection).restored_at(scene_id),
        "synced_at": lambda: SyncedScenes(connection).synced_at(scene_id),
        "items": lambda: _items(connection, scene_id),
        "files": lambda: tuple(FileMatches(connection).file_matches_anywhere(scene_id)),
        "choices": lambda: tuple(ChoiceStore(connection).of_scene(scene_id)),
    }


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
