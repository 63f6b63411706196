"""A run killed at any moment leaves the index as it was, and the next run goes on where it was."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.file.publish import Counts
from tests.index_runs import TOKEN, World
from tests.long_form import SEED, rounds

ROOT = Path(__file__).resolve().parents[2]
MANY = 1250

pytestmark = pytest.mark.crash


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def generated() -> str:
    return f"movies={MANY},shows=4,artists=3"


def start(world: World) -> subprocess.Popen[bytes]:
    environment = {
        "PLEX_URL": world.plex.url,
        "PLEX_TOKEN": TOKEN,
        "DB_PATH": str(world.db),
        "PLEX_LIBRARY_NAMES": "",
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "plex_sync.py"), "--no-parallel"],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_when(world: World, moment: Callable[[], bool]) -> None:
    process = start(world)
    try:
        while process.poll() is None and not moment():
            pass
    finally:
        process.kill()
        process.wait(60)


def kill_after(world: World, requests: int) -> None:
    wanted = len(world.targets()) + requests
    kill_when(world, lambda: len(world.targets()) >= wanted)


def test_run_when_killed_among_the_details_goes_on_from_there(world: World) -> None:
    world.plex.control("set", {"detail_ms": 0.5})
    # The fourth batch was asked for, so the first three are in the staging file.
    kill_when(world, lambda: len(world.details()) >= 4)
    assert world.value("SELECT count(*) FROM movies") == 0
    read = set().union(*world.details()[:3])
    world.plex.clear_log()
    verdict = world.index(parallel=False)
    assert verdict.counts["movies"] == Counts(seen=MANY, added=MANY)
    assert not [target for target in world.targets() if "/sections/1/all" in target]
    assert not read & set().union(*world.details())


def test_run_when_killed_after_a_library_was_published_does_not_read_it_again(world: World) -> None:
    world.plex.control("set", {"latency_ms": 20})
    kill_when(world, lambda: any("/sections/3/all" in target for target in world.targets()))
    assert world.rows("SELECT key FROM sections ORDER BY 1") == [(1,), (2,)]
    world.plex.clear_log()
    world.index()
    assert not any("/sections/1/all" in target or "/sections/2/all" in target for target in world.targets())
    assert world.value("SELECT count(*) FROM tracks") == 60


def test_run_when_killed_at_any_moment_ends_like_one_that_was_not(world: World) -> None:
    chance = random.Random(SEED)
    world.plex.control("set", {"latency_ms": 5})
    for _ in range(rounds(6, 400)):
        kill_after(world, chance.randint(1, 9))
        if world.db.exists() and world.db.stat().st_size:
            connection = sqlite3.connect(world.db)
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            connection.close()
    world.index()
    killed = {
        table: world.rows(f"SELECT * FROM {table} ORDER BY 1")
        for table in ("files", "credits", "tags", "guids")
    }
    counts = world.counts()
    world.db = world.db.with_name("other.db")
    world.index()
    assert world.counts() == counts
    for table, rows in killed.items():
        assert world.rows(f"SELECT * FROM {table} ORDER BY 1") == rows
