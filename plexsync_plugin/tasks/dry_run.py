"""Finds out what syncing would change in Plex, by running the worker's own code without writing.

The worker's `PlexSide` runs on a temporary copy of plexsync.db, with a gateway that sends only reads. What it would have
written is read from the requests that were held back. Pictures are left out.
"""

import contextlib
import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    Absent,
    Ambiguous,
    BadScene,
    DatabaseError,
    ItemMissing,
    PlexSyncError,
    Rejected,
    SearchPostponed,
)
from plexsync_plugin.base.file_trouble import trouble_of
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.model import LISTS, SCALARS, Item, Scene
from plexsync_plugin.jobs.state import copy_state
from plexsync_plugin.jobs.state_trouble import trouble_sentence
from plexsync_plugin.jobs.store import BULK, Job
from plexsync_plugin.jobs.synced import SyncedScenes
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.connection import plex_connection
from plexsync_plugin.plex.dry_gateway import DryGateway, Withheld, values_of
from plexsync_plugin.worker.finding.owners import FilesLike
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from plexsync_plugin.worker.scenes.scene_sync import SceneSync
from plexsync_plugin.worker.scenes.scene_work import SceneWork
from plexsync_plugin.worker.scenes.stash_sources import StashSources

Value = str | tuple[str, ...]
# Anything else concerns the whole run.
OF_ONE_SCENE = (ItemMissing, Absent, SearchPostponed, Ambiguous, Rejected, BadScene)
# Nothing that a person did not ask to see costs requests: no pictures, no scans.
LEFT_OUT = {
    "skip_poster": True,
    "skip_background": True,
    "performer_photos": False,
    "collection_posters": False,
    "scan_plex": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one item; tags are compared by their names."""

    field: str
    now: Value
    would_be: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    rating_key: int
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunResult:
    """One scene: items that would change, or the error that keeps it from being synced."""

    scene_id: int
    title: str
    items: tuple[ItemChange, ...] = ()
    error: PlexSyncError | None = None


@dataclass(slots=True, kw_only=True)
class DryRun:
    settings: Settings
    connection: sqlite3.Connection
    gateway: DryGateway
    plex: PlexSide
    clock: Clock
    counts: Counter[str] = field(default_factory=Counter)

    def look(self, scenes: Mapping[int, Scene]) -> list[DryRunResult]:
        """A result for every scene whose items would change or that cannot be synced; the others are only counted.

        Raises what concerns the whole run.
        """
        self.gateway.seen.clear()
        work = self.plex.unsynced([_job(number) for number in scenes], dict(scenes))
        self.counts["seen"] += len(scenes)
        self.counts["left out"] += len(scenes) - len(work)
        if not work:
            return []
        results = self._each(self.plex.current().scenes, work)
        self.counts["in sync"] += len(work) - len(results)
        return results

    def _each(self, sync: SceneSync, batch: Sequence[SceneWork]) -> list[DryRunResult]:
        problems: dict[int, DryRunResult] = {}

        def attempt(work: SceneWork, action: Callable[[], object]) -> None:
            try:
                action()
            except OF_ONE_SCENE as error:
                problems[work.scene.id] = DryRunResult(
                    scene_id=work.scene.id, title=work.scene.title, error=error
                )
                self.counts[error.reason] += 1

        for work in batch:
            attempt(work, lambda work=work: sync.find_items(work))  # type: ignore[misc] # bound at once
        items = sync.read_items(key for work in batch for key in work.keys)
        self.gateway.take_writes()
        results = []
        for work in batch:
            if work.scene.id not in problems:
                attempt(work, lambda work=work: sync.sync(work, items, math.inf))  # type: ignore[misc]
            if work.scene.id in problems:
                results.append(problems[work.scene.id])
                continue
            changed = _changes(self.gateway.take_writes(), self.gateway.seen)
            if changed:
                self.counts["would change"] += 1
                results.append(DryRunResult(scene_id=work.scene.id, title=work.scene.title, items=changed))
        return results


@contextlib.contextmanager
def open_dry_run(
    settings: Settings,
    folder: DataFolder,
    clock: Clock,
    files_like: FilesLike | None = None,
    *,
    remembers: bool = True,
) -> Iterator[DryRun]:
    """`files_like` asks Stash whose a file is: without it an item of two scenes counts as the scene's that is looked at. `remembers`
    what plexsync.db holds; else as if there were none.

    Raises DatabaseError where plexsync.db cannot be read.
    """
    told = settings.model_copy(update=LEFT_OUT)
    gateway = DryGateway(plex_connection(told, folder), clock)
    state = folder.state if remembers else ""
    with _damage_in_words(folder.state), contextlib.closing(_copied(state)) as copy:
        SyncedScenes(copy).forget_all_synced()
        sources = StashSources(files_like=files_like)
        plex = PlexSide(told, gateway, copy, clock, index=folder.index, sources=sources)
        with contextlib.closing(plex):
            yield DryRun(settings=told, connection=copy, gateway=gateway, plex=plex, clock=clock)


def _copied(path: str) -> sqlite3.Connection:
    try:
        return copy_state(path)
    except DatabaseError as error:
        if trouble_of(error) is None:  # another version's, another program's
            raise
        raise DatabaseError(trouble_sentence(path, error)) from error


@contextlib.contextmanager
def _damage_in_words(path: str) -> Iterator[None]:
    """It is met at any question: the copy has the damaged pages too. What reads other files has put theirs into words."""
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseError(trouble_sentence(path, error)) from error


def _job(scene_id: int) -> Job:
    return Job(
        scene_id=scene_id,
        generation=0,
        priority=BULK,
        due_at=0.0,  # so a listing made during the run can say what is not in Plex
        attempts=0,
        waits=0,
        looks=0,
        first_failed_at=None,
        last_tried_at=None,
    )


def _changes(withheld: Sequence[Withheld], seen: Mapping[int, Element]) -> tuple[ItemChange, ...]:
    wanted: dict[int, dict[str, Value]] = {}
    for request in withheld:
        if request.method == "PUT" and request.target.partition("?")[0].endswith("/all"):
            rating_key, values = values_of(request.target)
            wanted.setdefault(rating_key, {}).update(values)
    return tuple(
        _item_change(elements.item(seen[rating_key], SCALARS), values)
        for rating_key, values in wanted.items()
        if rating_key in seen
    )


def _item_change(item: Item, values: Mapping[str, Value]) -> ItemChange:
    changes = tuple(
        Change(field=name, now=_now(item, name), would_be=value)
        for name, value in values.items()
        if name in item.scalars or name in LISTS
    )
    return ItemChange(rating_key=item.rating_key, title=item.title, changes=changes)


def _now(item: Item, name: str) -> Value:
    if name in LISTS:
        return tuple(tag.name for tag in item.lists[name])
    return item.scalars.get(name, "")
