"""What the page inside Stash is measured on: an index of many items, the plugin's own state of many scenes, a preview, pictures."""

import io
import json
import random
import time
from contextlib import closing
from pathlib import Path

from PIL import Image

from indexer.file.statistics import read_statistics, write_statistics
from indexer.file.store import Store
from plexsync_plugin.base import sqlite
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.activity import WRITTEN, Activity, ActivityStore
from plexsync_plugin.jobs.facts import SERVER, Facts
from plexsync_plugin.jobs.hourly import Hourly
from plexsync_plugin.jobs.previews import PreviewedItem, PreviewWriter
from plexsync_plugin.jobs.state import open_state
from tests.generated_index import generate

NOW = 1_790_000_000.0
LACKING, UNCLEAR = 5_000, 500  # scenes without an item, and with several
PICTURES = 60  # films that have one
CHANGES = (("title", "a.mkv", "A title"), ("genre", "", "Drama, Outdoor"))


def make(folder: DataFolder, items: int, scenes: int) -> float:
    """All of it; milliseconds that the index's statistics took. Every scene was played once."""
    folder.make()
    took = _index(folder.index, items)
    _state(folder.state, scenes)
    _preview(folder.path("preview.db"), scenes)
    _pictures(Path(folder.images, "movie_image"))
    return took


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
        ActivityStore(state).add(
            [
                Activity(scene_id=rng.randrange(1, scenes), outcome=WRITTEN, item=1, changes=CHANGES)
                for _ in range(500)
            ],
            NOW,
        )
        for hour in range(720):
            Hourly(state).count(NOW - (720 - hour) * 3_600, ok=rng.randrange(1, 400))
        put(
            "INSERT INTO plays (server, rating_key, account, played_at, section, state, scene_id) VALUES ('m', ?, ?, ?, 1, 'ours', ?)",
            [(n, 1 + n % 5, int(NOW) - n * 977 % 90_000_000, n) for n in range(1, scenes)],
        )
        Facts(state).set_fact(SERVER, "m")


def _preview(path: str, scenes: int) -> None:
    """Every scene would change."""
    writer = PreviewWriter(path, go_on=False)
    writer.add(
        PreviewedItem(scene_id=n, title=f"Title {n}", item=n, item_title=f"{n}.mkv", changes=CHANGES)
        for n in range(1, scenes)
    )
    writer.finish(server="m", sentence="Looked at everything.", now=NOW)


def _pictures(folder: Path) -> None:
    """As large as the indexer keeps them, and as hard to decode as a photo."""
    folder.mkdir(parents=True)
    rng = random.Random(1)
    small = Image.frombytes("RGB", (60, 90), rng.randbytes(60 * 90 * 3))
    out = io.BytesIO()
    small.resize((480, 720)).save(out, "WEBP", quality=80, method=2)
    for n in range(1, PICTURES):
        (folder / f"{n}.thumb.webp").write_bytes(out.getvalue())
