"""What is kept of Plex's outages: their record, and the breaker."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.core.breaker import OPEN, Breaker
from plexsync_plugin.jobs.breaker import BreakerStore
from plexsync_plugin.jobs.outages import Outage, OutageStore
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def test_outage_lasts_until_it_is_ended_and_the_newest_comes_first(connection: sqlite3.Connection) -> None:
    outages = OutageStore(connection)
    outages.begin("No route.", 3, 10.0)
    outages.end(20.0)
    outages.begin("Refused.", 5, 30.0)
    first = Outage(started_at=10.0, ended_at=20.0, cause="No route.", jobs_waiting=3)
    second = Outage(started_at=30.0, ended_at=None, cause="Refused.", jobs_waiting=5)
    assert outages.newest(5) == [second, first]
    assert outages.newest(1) == [second]


def test_breaker_is_closed_until_saved_and_then_as_it_was(connection: sqlite3.Connection) -> None:
    saved = BreakerStore(connection)
    assert saved.load() == Breaker()
    for interval in (5.0, 10.0):
        saved.save(Breaker(state=OPEN, failures=3, probe_at=7.0, interval=interval))
    assert saved.load() == Breaker(state=OPEN, failures=3, probe_at=7.0, interval=10.0)
