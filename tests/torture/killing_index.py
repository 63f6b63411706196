"""Runs of the index, its publishing and its migrations, that are killed at any moment."""

import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.file import store
from indexer.file.index_file import APPLICATION_ID
from plexsync_plugin.base import levelling, sqlite
from tests.index_runs import TOKEN, World, start_plex
from tests.sim.process import ROOT

FIXTURES = sorted((ROOT / "tests" / "data" / "upgrades").glob("index-*.sql"))
MOVIES, CHANGED = 200, 80


def runs(rng: random.Random, rounds: int) -> str:
    """Before each run many items change. A reader sees the library as it was or as it is; in the end the file is a fresh run's."""
    with (
        TemporaryDirectory() as folder,
        start_plex(Path(folder), [], "--generate", f"movies={MOVIES}") as plex,
    ):
        world = World(plex, Path(folder))
        began = time.monotonic()
        _run(world).wait(120)
        life, before, published = time.monotonic() - began, _shown(world), 0
        for number in range(rounds):
            title = f"Round {number}"
            for key in rng.sample(sorted(before), CHANGED):
                plex.control("edit_item", {"ratingKey": key, "fields": {"title": title}})
            process = _run(world)
            time.sleep(rng.uniform(0.0, 1.2 * life))
            process.kill()
            process.wait(60)
            now = _shown(world)
            assert sorted(now) == sorted(before)
            changed = sum(shown == title for shown in now.values())
            assert changed in (0, CHANGED), f"half of a library was published in round {number}"
            published += bool(changed)
        assert _run(world).wait(120) == 0
        last = _shown(world)
        world.db = world.db.with_name("fresh.db")
        assert _run(world).wait(120) == 0
        assert _shown(world) == last
        return f"{rounds} killed, {published} of them after they had published"


def _run(world: World) -> "subprocess.Popen[bytes]":
    variables = {"PLEX_URL": world.plex.url, "PLEX_TOKEN": TOKEN, "DB_PATH": str(world.db)}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "plex_sync.py"), "--no-images"],
        env=os.environ | variables | {"PLEX_LIBRARY_NAMES": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _shown(world: World) -> dict[int, str]:
    """Titles by rating key, of a file that is whole."""
    assert world.value("PRAGMA integrity_check") == "ok"
    return dict(world.rows("SELECT ratingKey, title FROM movies WHERE available = 1"))


def migrations(rng: random.Random, rounds: int) -> str:
    """Of a file of each earlier version in turn, which is opened as if nothing had been."""
    late, life = 0, 0.0
    for number in range(rounds + 1):
        with TemporaryDirectory() as folder:
            path = str(Path(folder) / "plex.db")
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(FIXTURES[number % len(FIXTURES)].read_text(encoding="utf-8"))
                movies = connection.execute("SELECT ratingKey, title FROM movies").fetchall()
            child = multiprocessing.Process(target=_open, args=(path,))
            began = time.monotonic()
            child.start()
            if number:  # the first tells how long it takes
                time.sleep(rng.uniform(0.0, 1.3 * life))
                child.kill()
            child.join(60)
            life = life or time.monotonic() - began
            late += number > 0 and child.exitcode == 0
            _open(path)
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert connection.execute("PRAGMA user_version").fetchone()[0] == len(store.migrations())
                assert connection.execute("SELECT ratingKey, title FROM movies").fetchall() == movies
    return f"{rounds} killed, {late} had ended before"


def _open(path: str) -> None:
    """As the indexer does, but for what it asks of Plex."""
    with closing(sqlite.connect(path, wal=False)) as connection:
        levelling.level(connection, store.migrations(), path=path)
        sqlite.migrate(connection, store.migrations(), application_id=APPLICATION_ID, path=path)
