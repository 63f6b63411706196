"""Which folders Plex was asked to scan lately."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.jobs.folder_scans import FolderScanStore
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def test_folder_was_asked_for_on_one_server_until_that_is_long_ago(connection: sqlite3.Connection) -> None:
    scans = FolderScanStore(connection)
    for now in (10.0, 20.0):
        scans.remember("s", "/media", now)
    assert (scans.asked_at("s", "/media"), scans.asked_at("other", "/media")) == (20.0, None)
    scans.forget_before(20.0)
    assert scans.asked_at("s", "/media") == 20.0
    scans.forget_before(20.5)
    assert scans.asked_at("s", "/media") is None
