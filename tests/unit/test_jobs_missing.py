"""Scenes without an item in the jobs table, and the path rules that files teach."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.model import File
from plexsync_plugin.core.pathmap import name_key
from plexsync_plugin.jobs.job_reports import JobReports
from plexsync_plugin.jobs.learned import known_pairs, known_rules, observe
from plexsync_plugin.jobs.missing import MissingScenes
from plexsync_plugin.jobs.reasons import Failure
from plexsync_plugin.jobs.store import BULK, PERSON, Job, JobStore
from tests.memory_state import memory_state

MISSING = Failure(reason="ItemMissing", message="No item.")
COUNTS = {"attempts": 0, "waits": 0, "looks": 1}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


@pytest.fixture
def jobs(connection: sqlite3.Connection) -> dict[int, Job]:
    """1 looked for again, 2 postponed, 3 absent, 4 given up, 5 ambiguous, 6 waits for Plex, 7 done, 8 due."""
    store = JobStore(connection)
    store.bump(range(1, 9), priority=BULK, now=100.0)
    found = {job.scene_id: job for job in store.due(100.0, 10)}
    store.retry(found[1], MISSING, due_at=400.0, counts=COUNTS, now=100.0)
    postponed = Failure(reason="SearchPostponed", message="Later.")
    store.retry(found[2], postponed, due_at=400.0, counts=COUNTS, now=100.0)
    store.record_absent(found[3], Failure(reason="Absent", message="Not there."), 100.0)
    store.bury(found[4], MISSING, attempts=0, candidates="[]", now=100.0)
    store.bury(found[5], Failure(reason="Ambiguous", message="Two."), attempts=1, candidates="[]", now=100.0)
    away = Failure(reason="PlexUnavailable", message="Away.")
    store.retry(found[6], away, due_at=400.0, counts=COUNTS, now=100.0)
    store.finish([found[7]], 100.0)
    return found


def rows(connection: sqlite3.Connection, *scenes: int) -> list[tuple[object, ...]]:
    marks = ",".join("?" * len(scenes))
    query = f"SELECT state, due_at, looks, reason FROM jobs WHERE scene_id IN ({marks}) ORDER BY scene_id"
    return [tuple(row) for row in connection.execute(query, scenes)]


def letters(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT scene_id FROM dead_letters ORDER BY scene_id")]


@pytest.mark.usefixtures("jobs")
def test_scenes_without_an_item_are_listed_page_by_page(connection: sqlite3.Connection) -> None:
    missing = MissingScenes(connection)
    assert (missing.after(0, 3), missing.after(3, 3), missing.after(4, 3)) == ([1, 2, 3], [4], [])
    assert JobReports(connection).count("done", ["Absent"]) == 1


@pytest.mark.usefixtures("jobs")
def test_waking_makes_those_alone_due_that_have_no_item(connection: sqlite3.Connection) -> None:
    others = rows(connection, 5, 6, 7, 8)
    assert MissingScenes(connection).wake(range(1, 9), 200.0) == 4
    assert rows(connection, 1, 2, 3, 4) == [("waiting", 200.0, 0, "")] * 4
    assert rows(connection, 5, 6, 7, 8) == others
    assert letters(connection) == [5]


@pytest.mark.usefixtures("jobs")
def test_waking_one_leaves_the_others(connection: sqlite3.Connection) -> None:
    before = rows(connection, 1, 2, 3)
    assert MissingScenes(connection).wake([4], 200.0) == 1
    assert rows(connection, 1, 2, 3) == before


@pytest.mark.usefixtures("jobs")
def test_changed_settings_make_the_ambiguous_due_too(connection: sqlite3.Connection) -> None:
    assert MissingScenes(connection).wake_for_settings(200.0) == 5
    assert rows(connection, 5) == [("waiting", 200.0, 0, "")]
    assert letters(connection) == []


def test_machine_looks_again_behind_persons_edits(connection: sqlite3.Connection) -> None:
    store = JobStore(connection)
    store.bump([1, 2, 3], priority=PERSON, now=100.0)
    missing, away, given_up = store.due(100.0, 3)
    store.retry(missing, MISSING, due_at=400.0, counts=COUNTS, now=100.0)
    store.retry(
        away, Failure(reason="PlexUnavailable", message="Away."), due_at=400.0, counts={"waits": 1}, now=100.0
    )
    store.bury(given_up, MISSING, attempts=0, candidates="[]", now=100.0)
    MissingScenes(connection).wake([3], 200.0)
    found = connection.execute("SELECT scene_id, priority FROM jobs ORDER BY scene_id").fetchall()
    assert [tuple(row) for row in found] == [(1, BULK), (2, PERSON), (3, BULK)]
    store.bump([1], priority=PERSON, now=300.0)
    assert [job.scene_id for job in store.due(400.0, 3)] == [1, 2]


def test_newer_event_beats_setting_aside(connection: sqlite3.Connection, jobs: dict[int, Job]) -> None:
    store = JobStore(connection)
    store.begin(jobs[8], 110.0)
    store.bump([8], priority=PERSON, now=120.0)
    store.record_absent(jobs[8], Failure(reason="Absent", message="Not there."), 130.0)
    assert rows(connection, 8) == [("waiting", 130.0, 0, "")]


def test_pair_is_known_once_three_files_agree(connection: sqlite3.Connection) -> None:
    pair = PathRule(stash="/data", plex="/media")
    observe(connection, "server", [pair, pair])
    assert known_rules(connection, "server") == ()
    observe(connection, "server", [pair])
    assert known_rules(connection, "server") == (pair,)
    assert known_rules(connection, "another") == ()


def test_pair_is_contradicted_by_another_place_for_the_same_folder(connection: sqlite3.Connection) -> None:
    pair, other = PathRule(stash="/data", plex="/media"), PathRule(stash="/data", plex="/old")
    narrow = PathRule(stash="/data/x", plex="/elsewhere")
    observe(connection, "server", [pair] * 5 + [narrow] * 3)
    assert known_rules(connection, "server") == (pair, narrow)
    observe(connection, "another", [other])
    assert known_rules(connection, "server") == (pair, narrow)
    observe(connection, "server", [other])
    assert known_rules(connection, "server") == (narrow,)
    assert [(row["stash"], row["hits"]) for row in known_pairs(connection)] == [("/data/x", 3)]


def test_files_without_an_item_are_known_by_name_until_their_scene_has_one(
    connection: sqlite3.Connection,
) -> None:
    missing = MissingScenes(connection)
    assert not missing.has_files()
    one, same = File(path="/a/One.mp4", size=5), File(path="C:\\b\\one.MP4")
    missing.remember_files({1: [one, File(path="/a/two.mp4")], 2: [same]})
    assert missing.has_files()
    assert missing.files_named({name_key("/elsewhere/ONE.mp4"), "three.mp4"}) == [(1, one), (2, same)]
    missing.remember_files({1: [], 2: [same]})
    assert missing.files_named({name_key("one.mp4")}) == [(2, same)]
    assert missing.files_named(set()) == []
