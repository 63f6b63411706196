"""What the page inside Stash asks, on an index of 200 000 items and 50 000 scenes: the whole process that Stash starts for it."""

import functools
import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench.measuring import RUNS, Line
from indexer.file.statistics import read_statistics, write_statistics
from indexer.file.store import Store
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.spawn import START
from plexsync_plugin.jobs.activity import WRITTEN, Activity, ActivityStore
from plexsync_plugin.jobs.hourly import Hourly
from plexsync_plugin.jobs.state import open_state
from tests.generated_index import generate

MOST = 300  # milliseconds
NOW = 1_790_000_000.0
LACKING, UNCLEAR = 5_000, 500  # scenes without an item, and with several
RULE = {"stashPath": "/stash/7/7-0.mkv", "plexPath": "/1/7/7-0.mkv", "dry": True}
ASKED: dict[str, dict[str, object] | None] = {
    "nothing but Python, json and sqlite3": None,
    "overview": {"operation": "overview"},
    "activity": {"operation": "activity"},
    "problems, ambiguous": {"operation": "problems", "kind": "ambiguous"},
    "problems, missing": {"operation": "problems", "kind": "missing"},
    "scene": {"operation": "scene", "id": 40_000},
    "library": {"operation": "library"},
    "search, one item": {"operation": "search", "q": "film 12345"},
    "search, a word of every second item": {"operation": "search", "q": "film"},
    "search, all by title": {"operation": "search", "sort": "title"},
    "search, all by size": {"operation": "search", "sort": "size"},
    "order, a rule tried": {"operation": "order", "name": "rule", "args": RULE},
    "ticket": {"operation": "ticket", "ticket": "none"},
}


def measure(items: int = 200_000, scenes: int = 50_000, turns: int = RUNS) -> list[Line]:
    group = f"What the page asks, {items} items, {scenes} scenes"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "plexsync")
        (data / "queue" / "spool").mkdir(parents=True)
        made = _index(str(data / "plex_collection.db"), items)
        _state(str(data / "plexsync.db"), scenes)
        lines = [Line(group=group, name="the index's statistics, made once per run", unit="ms", ours=(made,))]
        for name, args in ASKED.items():
            ask = functools.partial(_ask, folder, args)
            lines.append(
                Line(
                    group=group,
                    name=name,
                    unit="ms",
                    ours=tuple(_milliseconds(ask) for _ in range(turns)),
                    goal=MOST,
                )
            )
    return lines


def _milliseconds(action: "functools.partial[None]") -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1_000


def _ask(config: str, args: dict[str, object] | None) -> None:
    if args is None:
        subprocess.run([sys.executable, "-c", "import json, sqlite3"], check=True)
        return
    document = {"server_connection": {"Dir": config}, "args": args}
    done = subprocess.run(
        [sys.executable, START], input=json.dumps(document).encode(), stdout=subprocess.PIPE, check=True
    )
    output = json.loads(done.stdout)["output"]
    if "data" not in output:
        raise SystemExit(f"{args} is answered with {output}")


def _index(path: str, items: int) -> float:
    """Milliseconds that the statistics took."""
    with closing(generate(path, items)) as connection:
        store = Store(connection, path, Clock(), lambda: None)
        with sqlite.transaction(connection):
            connection.execute(
                "INSERT INTO meta VALUES ('machineId', 'm'), ('lastCompleteRun', '2026-01-01T00:00:00Z')"
            )
            store._fold_texts()
        store.analyze()
        began = time.perf_counter()
        rows = read_statistics(store)
        took = (time.perf_counter() - began) * 1_000
        with sqlite.transaction(connection):
            write_statistics(store, rows)
    return took


def _state(path: str, scenes: int) -> None:
    """Scene n is film n; the last ones have no item, or several."""
    rng = random.Random(1)
    lacking, unclear = range(scenes - LACKING, scenes), range(scenes - LACKING - UNCLEAR, scenes - LACKING)
    fields = json.dumps({"title": {"wrote": ["A title"], "saved": {"value": "a.mkv", "locked": False}}})
    done = range(1, scenes - LACKING - UNCLEAR)
    with closing(open_state(path)) as state, sqlite.transaction(state):
        put = state.executemany
        job = "INSERT INTO jobs (scene_id, state, priority, due_at, reason, changed_at) VALUES (?, ?, 1, ?, ?, 0)"
        put(job, [(n, "done", NOW, "") for n in done])
        put(job, [(n, "waiting", NOW, "ItemMissing") for n in lacking])
        put(job, [(n, "dead", NOW, "Ambiguous") for n in unclear])
        put(
            "INSERT INTO synced (scene_id, server, desired_hash, updated_at, synced_at) VALUES (?, 'm', 'h', '', 0)",
            [(n,) for n in done],
        )
        put(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind) VALUES (?, 'm', ?, 1, 1)",
            [(n, n) for n in done],
        )
        put(
            "INSERT INTO file_matches (scene_id, server, path, rating_key, grounds, mark) VALUES (?, 'm', ?, ?, 3, '')",
            [(n, f"/stash/{n}.mkv", n) for n in done],
        )
        put(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
            "VALUES ('m', ?, ?, 1, 1, ?, 0)",
            [(n, n, fields) for n in done],
        )
        put(
            "INSERT INTO scene_files (scene_id, path, size, title) VALUES (?, ?, 5, ?)",
            [(n, f"/stash/{n % 500}/{n}-0.mkv", f"Title {n}") for n in (*unclear, *lacking)],
        )
        put(
            "INSERT INTO dead_letters (scene_id, reason, message, first_at, last_at) VALUES (?, 'Ambiguous', 'Several.', 0, 0)",
            [(n,) for n in unclear],
        )
        changes = (("title", "a.mkv", "A title"), ("genre", "", "Drama, Outdoor"))
        ActivityStore(state).add(
            [
                Activity(scene_id=rng.randrange(1, scenes), outcome=WRITTEN, item=1, changes=changes)
                for _ in range(500)
            ],
            NOW,
        )
        for hour in range(720):
            Hourly(state).count(NOW - (720 - hour) * 3_600, ok=rng.randrange(1, 400))
