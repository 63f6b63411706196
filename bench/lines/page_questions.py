"""What the page inside Stash asks, on an index of 200 000 items and 50 000 scenes: the whole process that Stash starts for it."""

import functools
import json
import subprocess
import sys
import tempfile
import time

from bench import page_data
from bench.measuring import RUNS, Line
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import START

MOST = 300  # milliseconds
RULE = {"stashPath": "/stash/7/7-0.mkv", "plexPath": "/1/7/7-0.mkv", "dry": True}
ASKED: dict[str, dict[str, object] | None] = {
    "nothing but Python, json and sqlite3": None,
    "overview": {"operation": "overview"},
    "activity": {"operation": "activity"},
    "problems, ambiguous": {"operation": "problems", "kind": "ambiguous"},
    "problems, missing": {"operation": "problems", "kind": "missing"},
    "scene": {"operation": "scene", "id": 40_000},
    "preview": {"operation": "preview"},
    "preview, one field": {"operation": "preview", "field": "genre"},
    "library": {"operation": "library"},
    "libraries": {"operation": "libraries"},
    "search, one item": {"operation": "search", "q": "film 12345"},
    "search, a word of every second item": {"operation": "search", "q": "film"},
    "search, all by title": {"operation": "search", "sort": "title"},
    "search, all by size": {"operation": "search", "sort": "size"},
    "posters, 12 of them": {"operation": "posters", "keys": list(range(1, 13))},
    "plays": {"operation": "plays"},
    "order, a rule tried": {"operation": "order", "name": "rule", "args": RULE},
    "ticket": {"operation": "ticket", "ticket": "none"},
}


def measure(items: int = 200_000, scenes: int = 50_000, turns: int = RUNS) -> list[Line]:
    group = f"What the page asks, {items} items, {scenes} scenes"
    with tempfile.TemporaryDirectory() as folder:
        made = page_data.make(DataFolder.of_stash(folder), items, scenes)
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
