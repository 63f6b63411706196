"""The sync tasks: put an order into the inbox, make sure that a worker runs, and follow it with progress.

Never writes to Plex beside the worker. Gives way to other jobs of Stash after a minute, because Stash does one at a
time; ends when nothing it put in is due or running, and counts what waits for later.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base import stashlog
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings, read_settings
from plexsync_plugin.base.spawn import ensure_worker
from plexsync_plugin.base.words import count, wait
from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.progress import Progress, read_progress
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import connection_of

LOOK_EVERY = 0.5  # seconds
YIELD_AFTER = 60.0
QUEUE_EVERY = 5.0
GRACE = 1.5  # a worker that has just started needs this long to take the inbox
OWN_JOBS = tuple(
    f"Running plugin task: {name}"
    for name in ("Process Queue", "Sync All Scenes", "Index Plex Library", "Status")
)


@dataclass(slots=True, kw_only=True)
class Yielding:
    """Whether Stash's queue holds somebody else's job, asked for at most every few seconds."""

    client: StashClient
    clock: Clock
    started: float
    next_look: float = 0.0

    def wanted(self) -> bool:
        now = self.clock.monotonic()
        if now - self.started < YIELD_AFTER or now < self.next_look:
            return False
        self.next_look = now + QUEUE_EVERY
        return any(
            job["status"] == "READY" and not str(job["description"]).startswith(OWN_JOBS)
            for job in self.client.job_queue()
        )


def run_order(document: dict[str, Any], *, task: str, order: str) -> str:
    """Give the order (none with ""), follow it, return the verdict. `task` is the name on Stash's Tasks page."""
    clock = Clock()
    connection = document["server_connection"]
    folder = DataFolder.of_stash(str(connection["Dir"]))
    folder.make()
    client = StashClient(connection_of(connection))
    settings = read_settings(client.state().settings)
    ticket = str(document["args"].get("ticket") or "")
    if order and not ticket:
        ticket = os.urandom(8).hex()
        inbox.put(
            folder, {"v": 1, "kind": "command", "name": order, "ids": [], "args": {"ticket": ticket}}, clock
        )
    ensure_worker(folder, connection)
    yielding = Yielding(client=client, clock=clock, started=clock.monotonic())
    progress = _follow(folder, ticket, settings, yielding, lambda: ensure_worker(folder, connection))
    if progress is None:
        client.run_task(task, {"ticket": ticket})
        return f"{task}: gives way to other jobs and goes on behind them. The work itself goes on meanwhile."
    return f"{task}: {verdict(progress, settings)}"


def _follow(
    folder: DataFolder, ticket: str, settings: Settings, yielding: Yielding, keep_alive: Callable[[], bool]
) -> Progress | None:
    """Until the work has ended or cannot go on; None when the task has to give way."""
    clock = yielding.clock
    while True:
        clock.sleep(LOOK_EVERY)
        progress = read_progress(folder, ticket, clock.now())
        stashlog.write_progress(progress.done)
        waited = clock.monotonic() - yielding.started
        if waited > GRACE and (progress.ended or progress.blocked or not settings.enabled):
            return progress
        keep_alive()
        if yielding.wanted():
            return None


def verdict(progress: Progress, settings: Settings) -> str:
    """One sentence for a person."""
    if progress.refused:
        return progress.refused
    waiting = progress.open + progress.later
    if not settings.enabled:
        return f"PlexSync is switched off (setting enabled); {wait(waiting)}."
    if progress.blocked:
        return f"{wait(waiting)}. {progress.blocked}"
    done = progress.total - waiting - progress.dead
    parts = [f"{done} of {count(progress.total, 'scene')} in sync"]
    if progress.later:
        parts.append(f"{progress.later} waiting for a later try")
    if progress.dead:
        parts.append(f"{progress.dead} on the list of failed scenes (task Status)")
    return ", ".join(parts) + "."
