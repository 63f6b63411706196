"""Much at once, and for long: what it costs must not depend on how much there is, or was."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import JobStore
from tests.clocks import HandClock
from tests.property.sync_plex_changes import plex_document
from tests.property.sync_stash_changes import stash_document
from tests.property.sync_world import SyncWorld, opened

BATCH = 100
ROW = 1_000  # ids of one bulk edit
DEARER = 1.6  # times; what a busy machine adds to a median, and a walk through the table does not hide in
HOUR = 3_600.0


def many_jobs(_rng: random.Random, rounds: int) -> str:
    """So many scenes come as bulk edits and are taken out again in batches, as the worker does."""
    with TemporaryDirectory() as root:
        folder, clock = DataFolder(root), HandClock()
        folder.make()
        with closing(open_state(folder.state)) as state:
            store = JobStore(state)
            with closing(Drain(folder, state, store, clock)) as drain:
                taking: list[float] = []
                for first in range(1, rounds + 1, ROW):
                    ids = list(range(first, first + ROW))
                    row = {
                        "v": 1,
                        "kind": "scene",
                        "name": "Scene.Update.Post",
                        "ids": ids,
                        "args": {"bulk": True},
                    }
                    inbox.put(folder, row, Clock())
                    began = time.perf_counter()
                    assert drain.run() == 1
                    taking.append((time.perf_counter() - began) / ROW)
            before = _memory()
            giving = list(_batches(store, clock))
            grown = _memory() - before
        assert len(giving) * BATCH >= rounds
        late, early = _ends(taking)
        assert late <= DEARER * early, (
            f"taking in: {early * 1e6:.0f} us a job at first, {late * 1e6:.0f} us at the end"
        )
        last, first_ones = _ends(giving)
        assert last <= DEARER * first_ones, (
            f"a batch: {first_ones * 1e3:.1f} ms at first, {last * 1e3:.1f} ms at the end"
        )
        assert grown < 20_000_000, f"{grown} bytes more"
        return (
            f"{rounds} jobs; taken in at {early * 1e6:.0f} us each at first, {late * 1e6:.0f} at the end; a batch of {BATCH} in "
            f"{first_ones * 1e3:.1f} ms at first, {last * 1e3:.1f} at the end; {grown / 1e6:.1f} MB more memory"
        )


def _batches(store: JobStore, clock: Clock) -> Iterator[float]:
    """Seconds that each takes to be found, begun and finished."""
    while True:
        began = time.perf_counter()
        jobs = store.due(clock.now(), BATCH)
        if not jobs:
            return
        for job in jobs:
            store.begin(job, clock.now())
        store.finish(jobs, clock.now())
        yield time.perf_counter() - began


def _ends(costs: list[float]) -> tuple[float, float]:
    """Of the last fifth and of the first: the medians."""
    part = max(1, len(costs) // 5)
    return median(costs[-part:]), median(costs[:part])


def days(rng: random.Random, rounds: int) -> str:
    """Edits, an outage each day, a Reconcile a day and an Undo now and then, hour by hour. Four at least, to compare halves."""
    rounds = max(rounds, 4)
    with opened() as world:
        world.begin(plex_document(), stash_document(), {"plex_library": "Scenes", "reconcile_interval": 24})
        costs, sizes, memory, requests = [], [], [], []
        for number in range(rounds):
            began, asked = time.perf_counter(), world.requests
            _day(world, rng, number)
            costs.append(time.perf_counter() - began)
            requests.append(world.requests - asked)
            sizes.append(_size(world.folder))
            memory.append(_memory())
        half = rounds // 2
        assert median(requests[half:]) <= 1.3 * median(requests[:half]) + 5, requests
        assert max(sizes[half:]) <= 1.3 * max(sizes[:half]) + 200_000, sizes
        assert memory[-1] - memory[half - 1] < 15_000_000, memory
        return (
            f"{rounds} days; a day takes {median(requests[:half]):.0f} requests at first, {median(requests[half:]):.0f} at the end; files "
            f"{max(sizes[:half]) // 1000} kB, then {max(sizes[half:]) // 1000} kB; memory {(memory[-1] - memory[half - 1]) / 1e6:+.1f} MB in "
            f"the second half; {sum(costs):.0f} s in all"
        )


def _day(world: SyncWorld, rng: random.Random, number: int) -> None:
    for hour in range(24):
        if hour == 12:
            world.plex_server.faults.add({"kind": "reset"})
        if hour == 13:
            world.plex_server.faults.clear()
        if rng.random() < 0.5:
            scene, title = rng.randint(1, 3), f"s day {number} hour {hour}"
            world.gql(
                "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}",
                i={"id": str(scene), "title": title},
            )
        world.turns(4)
        for _ in range(60):  # what waits is tried again, and the settings are read
            world.clock.sleep(HOUR / 60)
            world.turns(1)
    world.settle()
    if number % 5 == 4:
        world.order("undo")
        world.settle()


def _size(folder: DataFolder) -> int:
    return sum(
        os.path.getsize(os.path.join(top, name)) for top, _, names in os.walk(folder.root) for name in names
    )


def _memory() -> int:
    """Bytes of this process that are resident; 0 where the system does not tell."""
    try:
        text = Path("/proc/self/statm").read_text()
    except OSError:
        return 0
    return int(text.split()[1]) * 4096
