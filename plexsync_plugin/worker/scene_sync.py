"""One batch of due scenes: read them, leave out what is in sync, find the items, plan, write, settle.

Reads are shared by the whole batch (one query to Stash, one detail request per 100 items to Plex), writes are one by
one. Every scene is settled by itself: what one scene meets never stops the others, except a failure of Plex or Stash
itself, which ends the batch and leaves the rest waiting.
"""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import Ambiguous, BadScene, ItemMissing
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.match import holds
from plexsync_plugin.core.model import SCALARS, File, Item, Scene
from plexsync_plugin.core.options import field_options, scope
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.core.plan import plan
from plexsync_plugin.core.scene import desired_hash, desired_state, out_of_scope
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.store import Job, JobStore
from plexsync_plugin.plex import edit, elements
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.find import Finder

DETAILS = 100  # ids per request
FRESH = (
    10.0  # seconds; an item read longer ago is read again, so that a person's edit is not overwritten unseen
)

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Work:
    """One scene on its way. `looked_for` are the files that were searched in this batch already."""

    job: Job
    scene: Scene
    desired: dict[str, Value]
    digest: str
    keys: list[int]
    looked_for: set[str] = field(default_factory=set)


class SceneSync:
    """Bound to one server and one reading of the settings; made anew when either changes."""

    def __init__(
        self,
        *,
        gateway: PlexGateway,
        finder: Finder,
        connection: sqlite3.Connection,
        store: JobStore,
        records: Records,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self._gateway = gateway
        self._finder = finder
        self._connection = connection
        self._store = store
        self._records = records
        self._clock = clock
        self._preserve = settings.preserve_plex_edits
        self._options = field_options(settings)
        self._scope = scope(settings)

    def unsynced(self, server: str, jobs: Sequence[Job], scenes: dict[int, Scene]) -> list[Work]:
        """What is left to do; jobs whose scene is gone, left out or in sync are finished here, without a word to Plex."""
        known = self._records.synced_hashes(server, scenes)
        finished, work = [], []
        for job in jobs:
            scene = scenes.get(job.scene_id)
            if scene is None or out_of_scope(scene, self._scope):
                finished.append(job)
                continue
            desired = desired_state(scene, self._options)
            digest = desired_hash(scene, desired, preserve=self._preserve)
            if known.get(scene.id) == digest:
                finished.append(job)
            else:
                keys = self._records.matched_keys(server, scene.id)
                work.append(Work(job=job, scene=scene, desired=desired, digest=digest, keys=keys))
        self._store.finish(finished, self._clock.now())
        return work

    def find_items(self, server: str, work: Work) -> None:
        """For a scene without a known item. Raises Ambiguous, ItemMissing, and what the gateway raises."""
        if not work.keys:
            self._look_for(server, work, work.scene.files)
        if not work.keys:
            raise _missing(work.scene)

    def read_items(self, keys: Iterable[int]) -> dict[int, Item]:
        """Full details by rating key; an item that Plex does not have any more is missing in the answer."""
        wanted = list(dict.fromkeys(keys))
        found: dict[int, Item] = {}
        for start in range(0, len(wanted), DETAILS):
            try:
                answer = self._gateway.details(wanted[start : start + DETAILS])
            except ItemMissing:
                continue  # Plex has none of them
            for element in answer:
                item = elements.item(element, SCALARS)
                found[item.rating_key] = item
        return found

    def sync(self, server: str, work: Work, items: dict[int, Item]) -> int:
        """Write what is to be written; the number of requests that wrote. Raises what the job is to be settled by."""
        held = self._held_items(server, work, items)
        written = 0
        for item in held:
            written += self._write(server, work, item)
        with transaction(self._connection):
            self._records.set_matches(server, work.scene.id, held)
            self._records.set_synced(server, work.scene, work.digest, self._clock.now())
        return written

    def _held_items(self, server: str, work: Work, items: dict[int, Item]) -> list[Item]:
        """The items that hold the scene's files now; a key that leads nowhere, or elsewhere, is looked for anew."""
        if not work.scene.files:
            raise BadScene("The scene has no file, so no Plex item can be found for it.")
        held = self._of_scene(work, items)
        uncovered = [file for file in work.scene.files if not any(holds(item.files, file) for item in held)]
        unsearched = [file for file in uncovered if file.path not in work.looked_for]
        if unsearched:
            known = set(work.keys)
            self._look_for(server, work, unsearched)
            fresh = self.read_items(key for key in work.keys if key not in known)
            held = self._of_scene(work, {**items, **fresh})
        if not held:
            raise _missing(work.scene)
        for item in held:
            self._check_owner(server, work.scene, item)
        return held

    def _of_scene(self, work: Work, items: dict[int, Item]) -> list[Item]:
        found = [items[key] for key in dict.fromkeys(work.keys) if key in items]
        return [item for item in found if any(holds(item.files, file) for file in work.scene.files)]

    def _look_for(self, server: str, work: Work, files: Iterable[File]) -> None:
        for file in files:
            work.looked_for.add(file.path)
            candidate = self._finder.find(file)
            if candidate is not None and candidate.rating_key not in work.keys:
                _log.info("matched scene=%d item=%d server=%s", work.scene.id, candidate.rating_key, server)
                work.keys.append(candidate.rating_key)

    def _check_owner(self, server: str, scene: Scene, item: Item) -> None:
        """An item that holds files of two scenes belongs to the scene of its first part (design.md section 5)."""
        other = self._records.other_scene(server, item.rating_key, scene.id)
        if other is None or any(holds(item.files[:1], file) for file in scene.files):
            return
        raise Ambiguous(
            f"The Plex item {item.title!r} holds files of two scenes, and its first file is scene {other}'s. "
            "Split the item in Plex to sync both.",
            (item.title,),
        )

    def _write(self, server: str, work: Work, item: Item) -> int:
        known = self._records.load_ledger(server, item.rating_key)
        planned = plan(item, work.desired, known, preserve=self._preserve)
        if not planned.edits:
            if planned.after != known:
                self._records.save_ledger(server, item, work.scene.id, planned.after, self._clock.now())
            return 0
        # What is overwritten is safe before the request goes out; a crash in between is recognised (core.ledger).
        with transaction(self._connection):
            self._records.forget_synced(server, work.scene.id)
            self._records.save_ledger(server, item, work.scene.id, planned.before, self._clock.now())
        requests = edit.targets(item.section, item.rating_key, item.kind, planned.edits)
        for target in requests:
            self._gateway.put(target)
        self._records.save_ledger(server, item, work.scene.id, planned.after, self._clock.now())
        fields = ",".join(change.field for change in planned.edits)
        _log.info("synced scene=%d item=%d fields=%s", work.scene.id, item.rating_key, fields)
        return len(requests)


def _missing(scene: Scene) -> ItemMissing:
    name = file_name(scene.files[0].path) if scene.files else "this scene"
    return ItemMissing(
        f"No Plex item holds the file {name!r}. PlexSync looks again later; if the file is in a Plex library, "
        "check that Plex has scanned it and that plex_library names that library."
    )
