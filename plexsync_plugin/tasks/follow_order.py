"""The sync tasks: put an order into the inbox, make sure that a worker runs, and follow it with progress.

Never writes to Plex beside the worker. Gives way to other jobs of Stash after a minute, because Stash does one at a
time; ends when nothing it put in is due or running, and counts what waits for later. Killed at any moment it loses
nothing: the order is in the inbox, and the worker does not know of the task.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plexsync_plugin.base import stashlog
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, SettingsError
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.base.spawn import ensure_worker
from plexsync_plugin.base.words import count, wait
from plexsync_plugin.jobs.progress import Progress, read_progress
from plexsync_plugin.jobs.ticket import give_order
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import connection_of

LOOK_EVERY = 0.5  # seconds
YIELD_AFTER = 60.0
QUEUE_EVERY = 5.0
LOOK_AGAIN = "look_again"  # the order: scenes that wait for Plex to show their file are due
GRACE = 1.5  # a worker that has just started needs this long to take the inbox
PATIENCE = 60.0  # for an order about the queue, which waits for nothing but a worker
LATER = "What was ordered is done once it is switched on again, unless Clear Queue takes it out."
LOST = "Nothing tells of this order any more: a file that it was kept in was damaged or replaced. Run the task once more."
TASKS = (
    "Process Queue",
    "Sync All Scenes",
    "Sync Recent Scenes",
    "Reconcile",
    "Preview Changes",
    "Retry Failed",
    "Clear Failed",
    "Clear Queue",
    "Undo",
    "Import Plex Plays",
    "Status",
    "Check Setup",
    "Index Plex Library",
    "Rebuild Plex Index",
    "Index Without Images",
)
OWN_JOBS = tuple(f"Running plugin task: {name}" for name in TASKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedOrder:
    """What a task wants the worker to do."""

    task: str  # the task's name on Stash's Tasks page
    order: str = ""  # the order's name; "": the whole queue is followed, with what waits for a file
    ids: tuple[int, ...] = ()  # of scenes
    args: Mapping[str, Any] = field(default_factory=dict)
    about_queue: bool = False  # the worker carries it out whatever the state of Plex and the settings
    brake: bool = False  # the worker carries it out although the setting `enabled` is off
    works: bool = True  # it leads to work that goes on when the task is stopped


@dataclass(slots=True, kw_only=True)
class Yielding:
    """Tells whether a job of somebody else waits in Stash's queue; asks at most every few seconds."""

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


def run_order(document: dict[str, Any], followed: FollowedOrder) -> str:
    """Give the order, follow it, return the verdict."""
    clock = Clock()
    connection = document["server_connection"]
    folder = DataFolder.of_stash(str(connection["Dir"]))
    folder.make()
    client = StashClient(connection_of(connection))
    enabled = _enabled(client, followed) or followed.brake
    ticket = str(document["args"].get("ticket") or "")
    if not ticket:
        ticket = _begin(followed, folder, clock)
    ensure_worker(folder, connection)
    yielding = Yielding(client=client, clock=clock, started=clock.monotonic())
    follower = Follower(folder=folder, ticket=ticket, followed=followed, enabled=enabled, yielding=yielding)
    progress = follower.follow(lambda: ensure_worker(folder, connection))
    if progress is None:
        client.run_task(followed.task, {"ticket": ticket})
        return f"{followed.task}: gives way to other jobs and goes on behind them. The work itself goes on meanwhile."
    return f"{followed.task}: {verdict(progress, enabled=enabled)}"


def _enabled(client: StashClient, followed: FollowedOrder) -> bool:
    try:
        return read_settings(client.state().settings).enabled
    except SettingsError:
        if followed.about_queue:
            return True
        raise


def _begin(followed: FollowedOrder, folder: DataFolder, clock: Clock) -> str:
    """Tell how the work is stopped, then give the order; returns the ticket by which the order is found."""
    if followed.works:
        stashlog.write(
            "info",
            f"{followed.task}: the worker does this in the background. Stopping this task ends only its display; "
            "the task Clear Queue stops the work.",
        )
    if not followed.order:
        give_order(folder, LOOK_AGAIN, clock)
        return ""
    return give_order(folder, followed.order, clock, ids=followed.ids, args=followed.args)


@dataclass(slots=True, kw_only=True)
class Follower:
    folder: DataFolder
    ticket: str
    followed: FollowedOrder
    enabled: bool
    yielding: Yielding

    def follow(self, keep_alive: Callable[[], bool]) -> Progress | None:
        """Show progress until the work has ended or cannot go on; None when the task has to make room for other
        jobs."""
        clock = self.yielding.clock
        known_at = clock.monotonic()
        while True:
            clock.sleep(LOOK_EVERY)
            try:
                progress = read_progress(self.folder, self.ticket, clock.now())
            except DatabaseError:
                if clock.monotonic() - known_at > PATIENCE:
                    raise
                continue  # the worker is making it anew, or another program keeps it
            if progress.known:
                known_at = clock.monotonic()
            elif clock.monotonic() - known_at > PATIENCE:
                return replace(progress, refused=LOST)
            stashlog.write_progress(progress.done)
            if self._is_over(progress, clock.monotonic() - self.yielding.started):
                return progress
            keep_alive()
            if self.yielding.wanted():
                return None

    def _is_over(self, progress: Progress, waited: float) -> bool:
        if self.followed.about_queue and not progress.taken:
            return bool(progress.refused) or waited > PATIENCE
        if waited <= GRACE:
            return self.followed.about_queue and not progress.total
        return progress.ended or bool(progress.blocked) or not self.enabled


def verdict(progress: Progress, *, enabled: bool) -> str:
    """One line for a person: what the order says of itself, and what became of its scenes."""
    if progress.refused:
        return progress.refused
    waiting = progress.open + progress.later
    if not enabled and (waiting or not progress.taken):
        return _joined(
            progress.message, f"PlexSync is switched off (setting enabled); {wait(waiting)}.", LATER
        )
    if (waiting or not progress.taken) and progress.blocked:
        return _joined(progress.message, f"{wait(waiting)}. {progress.blocked}")
    if progress.put_off:
        return progress.put_off
    if not progress.taken:
        return "The order is stored; the worker has not come to it yet."
    return _joined(progress.message, _counts(progress, waiting))


def _counts(progress: Progress, waiting: int) -> str:
    if progress.message and not progress.total and not progress.left:
        return ""
    done = progress.total - waiting - progress.dead
    parts = [f"{done} of {count(progress.total, 'scene')} in sync"]
    if progress.later:
        parts.append(f"{progress.later} waiting for a later try")
    if progress.dead:
        parts.append(f"{progress.dead} on the list of failed scenes (task Status)")
    if progress.left:
        parts.append(f"{progress.left} taken out of the queue or over by another task")
    return ", ".join(parts) + "."


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
