"""Reasons kept in plexsync.db: the texts of older versions are read by this one, whatever its classes are called."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plexsync_plugin.answers.advice import advice
from plexsync_plugin.base import errors
from plexsync_plugin.base.errors import ItemMissing, PlexSyncError, PlexTooSlow
from plexsync_plugin.core.retry import JobFailed, OtherJobs, Scope, Tries, decide
from plexsync_plugin.jobs import reasons
from plexsync_plugin.jobs.missing import MissingScenes
from plexsync_plugin.jobs.reasons import OF_PLEX, reason_of
from plexsync_plugin.jobs.report import read_report
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import JobStore
from tools.decision_table import CASES

# As versions up to this one have stored them: never to be changed, only added to.
STORED = {
    "PlexSyncError",
    "PlexUnavailable", "PlexBusy", "PlexTrouble", "PlexTooSlow", "PlexTooLong", "PlexCertificate", "NotPlex",
    "PlexUnauthorized",
    "ItemMissing", "Absent", "SearchPostponed", "Ambiguous", "Rejected", "BadScene",
    "StashUnavailable", "StashBusy", "StashUnauthorized", "StashRejected", "PictureUnavailable", "PictureUnusable",
    "SettingsError", "PackagesMissing", "DatabaseError", "NewerDatabase", "ForeignDatabase",
    "IndexRefused", "IndexBusy",
}  # fmt: skip
ADVISED = {
    "ItemMissing", "Ambiguous", "Rejected", "BadScene", "PlexTrouble", "PlexUnavailable", "PlexTooSlow", "PlexTooLong",
    "StashRejected", "UnreadableRow",
}  # fmt: skip
AWAY = (
    "PlexUnavailable",
    "PlexBusy",
    "PlexTrouble",
    "PlexTooSlow",
    "PlexTooLong",
    "PlexCertificate",
    "NotPlex",
)
# What an older worker left: scene -> state, reason.
OLD_JOBS = {
    1: ("waiting", "ItemMissing"),
    2: ("waiting", "SearchPostponed"),
    3: ("done", "Absent"),
    4: ("dead", "ItemMissing"),
    5: ("dead", "Ambiguous"),
    6: ("done", "Discarded"),
    7: ("done", ""),
    **{11 + number: ("waiting", reason) for number, reason in enumerate(AWAY)},
}


def classes() -> list[type[PlexSyncError]]:
    found, kinds = [], [PlexSyncError]
    while kinds:
        kind = kinds.pop()
        found.append(kind)
        kinds += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ == errors.__name__]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "plexsync.db")


@pytest.fixture
def old(path: str) -> Iterator[sqlite3.Connection]:
    """A database as it stands on somebody's disk, written without this program's code."""
    with closing(open_state(path)) as connection:
        for scene, (state, reason) in OLD_JOBS.items():
            connection.execute(
                "INSERT INTO jobs (scene_id, state, priority, due_at, reason, changed_at) VALUES (?, ?, 1, 9e9, ?, 1)",
                (scene, state, reason),
            )
            if state == "dead":
                connection.execute(
                    "INSERT INTO dead_letters (scene_id, reason, message, first_at, last_at) VALUES (?, ?, '', 1, 1)",
                    (scene, reason),
                )
        yield connection


def due(connection: sqlite3.Connection) -> list[int]:
    return [job.scene_id for job in JobStore(connection).due(100.0, 100)]


def test_every_error_has_a_reason_of_its_own_that_is_stored_as_ever() -> None:
    found = [vars(kind)["reason"] for kind in classes()]
    assert sorted(found) == sorted(STORED)


def test_renamed_class_keeps_its_reason() -> None:
    renamed = type("NothingThere", (PlexSyncError,), {"reason": ItemMissing.reason})
    assert reason_of(renamed("gone")) == "ItemMissing"
    assert reason_of(PlexTooSlow("slow")) == "PlexTooSlow"


def test_bug_is_told_by_its_class() -> None:
    assert reason_of(KeyError("bug")) == "KeyError"


def test_reasons_without_a_class_are_stored_as_ever() -> None:
    assert (reasons.DISCARDED, reasons.UNREADABLE_ROW) == ("Discarded", "UnreadableRow")
    assert reasons.LOOKED_FOR == ("ItemMissing", "SearchPostponed")
    assert reasons.OF_PLEX == AWAY


def test_advice_is_found_by_the_stored_reason() -> None:
    for_a_bug = advice("KeyError")
    assert "log/worker.log" in for_a_bug
    assert [reason for reason in ADVISED if advice(reason) == for_a_bug] == []


def test_old_database_is_told_of_as_before(old: sqlite3.Connection, path: str) -> None:
    report = read_report(path)
    assert old.in_transaction is False
    assert (report.missing, report.absent, report.discarded, report.dead) == (2, 1, 1, 2)
    assert report.reasons == (("Ambiguous", 1), ("ItemMissing", 1))


def test_scenes_without_an_item_are_found_in_an_old_database(old: sqlite3.Connection) -> None:
    assert MissingScenes(old).after(0, 100) == [1, 2, 3, 4]
    assert MissingScenes(old).wake(OLD_JOBS, 50.0) == 4
    assert due(old) == [1, 2, 3, 4]


def test_ambiguous_scenes_of_an_old_database_are_woken_by_changed_settings(old: sqlite3.Connection) -> None:
    assert MissingScenes(old).wake_for_settings(50.0) == 5
    assert due(old) == [1, 2, 3, 4, 5]


def test_jobs_of_an_old_database_that_waited_for_plex_are_woken(old: sqlite3.Connection) -> None:
    assert JobStore(old).wake(reasons.OF_PLEX, 50.0) == len(AWAY)
    assert due(old) == [11 + number for number in range(len(AWAY))]


@pytest.mark.parametrize(
    "error", [error for case in CASES for error in case.met], ids=lambda error: type(error).__name__
)
def test_reasons_of_plex_are_those_of_the_errors_that_plex_is_waited_for(error: Exception) -> None:
    failed = JobFailed(tries=Tries(attempts=0, waits=0, looks=0), max_retries=5, other_jobs=OtherJobs())
    waits_for_plex = decide(error, failed, rng=random.Random(1)).scope is Scope.PLEX
    assert (reason_of(error) in OF_PLEX) == waits_for_plex
