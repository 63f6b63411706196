"""What is done to the scenes of a batch on one Plex server: left out when in sync, found, read, planned, written.

The order of these steps, and what a failure leads to, are `batch`'s.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import Absent, Ambiguous, ItemMissing, PutAside
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.match import BY_PATH, FileMatch
from plexsync_plugin.core.model import Item, Scene
from plexsync_plugin.core.options import field_options, scope
from plexsync_plugin.core.scene import desired_hash, desired_state, out_of_scope
from plexsync_plugin.jobs.activity import UNDONE
from plexsync_plugin.jobs.gone_scenes import forget_gone
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.jobs.store import BULK, PERSON, Job, JobStore
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.finding.scene_items import SceneItems
from plexsync_plugin.worker.pictures.composition import ServerPictures
from plexsync_plugin.worker.pictures.item_pictures import PicturePlan
from plexsync_plugin.worker.scenes.give_back import give_back
from plexsync_plugin.worker.scenes.item_writer import ItemWriter, Sent
from plexsync_plugin.worker.scenes.ready_scenes import ReadyScenes, within_memory
from plexsync_plugin.worker.scenes.scene_stars import SceneStars
from plexsync_plugin.worker.scenes.scene_work import SceneWork
from plexsync_plugin.worker.scenes.stash_sources import StashSources

# Seconds; an item read longer ago is read again, so that a person's edit is not overwritten unseen.
FRESH = 10.0

_log = logging.getLogger(__name__)


class SceneSync:
    """Bound to one server and one reading of the settings."""

    def __init__(
        self,
        *,
        gateway: PlexGateway,
        items: SceneItems,
        records: ServerRecords,
        pictures: ServerPictures,
        clock: Clock,
        settings: Settings,
        sources: StashSources,
    ) -> None:
        self._gateway = gateway
        self._items = items
        self._connection = records.connection
        self._store = JobStore(self._connection)
        self._records = records
        self._images = pictures.images
        self._given = pictures.records
        self._photos = pictures.photos
        self._posters = pictures.posters
        self._clock = clock
        self._preserve = settings.preserve_plex_edits
        self._takes_back = settings.take_back
        self._options = field_options(settings)
        self._stars = SceneStars(records, self._options, sources.ratings, on=settings.ratings_back)
        self._scope = scope(settings)
        self._writer = ItemWriter(
            gateway=gateway,
            records=records,
            photos=pictures.photos,
            stars=self._stars,
            settings=settings,
            tell=sources.tell,
            clock=clock,
        )
        self.ready = ReadyScenes(
            gateway=gateway,
            items=items,
            records=records,
            writer=self._writer,
            images=pictures.images,
            stars=self._stars,
        )

    def unsynced(self, jobs: Sequence[Job], scenes: dict[int, Scene]) -> list[SceneWork]:
        """What is left to do; jobs whose scene is gone, left out or in sync are finished here, without a word to Plex."""
        known = self._records.synced_hashes(scenes)
        times = self._records.synced_times(scenes)
        finished: list[Job] = []
        gone: list[int] = []
        left_out: list[int] = []
        left: list[SceneWork] = []
        unchanged: list[SceneWork] = []
        for job in jobs:
            scene = scenes.get(job.scene_id)
            if scene is None:
                gone.append(job.scene_id)  # merged away or destroyed: no event may have told
                continue
            if out_of_scope(scene, self._scope):
                finished.append(job)
                left_out.append(job.scene_id)
                continue
            self._items.follow_choices(scene)
            work = SceneWork(
                job=job,
                scene=scene,
                desired=desired_state(scene, self._options),
                keys=self._records.matched_keys(scene.id),
                known=self._records.file_matches(scene.id),
                known_at=times.get(scene.id, ""),
            )
            whole = all(each.found for each in work.known)
            same = whole and known.get(scene.id) == self._digest(work, self._items.as_of_now(work))
            in_sync = same and not self._pictures_are_due(work, left)
            (unchanged if in_sync else left).append(work)
            if work.pictures is not None and work.pictures.trouble is not None:
                break  # each further one may cost a timeout; the rest of the batch stays due
        self._let_go(gone, left_out)
        self._finish_unchanged(unchanged)
        self._store.finish([*finished, *(work.job for work in unchanged)], self._clock.now())
        return left

    def _let_go(self, gone: Sequence[int], left_out: Sequence[int]) -> None:
        """Scenes that are not synced any more, and what Plex shows of them: an order takes it back, or tells of it once."""
        if not gone and not left_out:
            return
        now = self._clock.now()
        with transaction(self._connection):
            if gone:
                forget_gone(self._connection, gone, ticket=f"gone:{gone[0]}:{now}", now=now)
            if left_out:
                self._records.let_go_left_out(
                    left_out, takes_back=self._takes_back, ticket=f"{left_out[0]}:{now}", now=now
                )

    def _digest(self, work: SceneWork, matches: Sequence[FileMatch]) -> str:
        """What the scene's items show, and what they rest on, as one fingerprint."""
        return desired_hash(
            work.scene,
            work.desired,
            preserve=self._preserve,
            grounds=self._records.grounds_mark(work.scene.id, matches),
        )

    def _pictures_are_due(self, work: SceneWork, others: Sequence[SceneWork]) -> bool:
        """For a scene whose fields are in sync. A photo that another scene of the batch will bring does not count."""
        due = self._images.peek(work.scene, work.known_at, work.keys)
        if due is not None:
            work.pictures = within_memory(due, others)
            return True
        names = self._photos.new_names(work.desired)
        for other in others if names else ():
            names -= self._photos.new_names(other.desired)
        return bool(names)

    def _finish_unchanged(self, unchanged: Sequence[SceneWork]) -> None:
        """Their covers have been seen as they are now."""
        for work in unchanged:
            self._posters.note(work.scene)
        touched = [work.scene for work in unchanged if work.known_at != work.scene.updated_at]
        if touched:
            with transaction(self._connection):
                for scene in touched:
                    self._records.set_synced_time(scene.id, scene.updated_at)

    def look_ahead(self, batch: Sequence[SceneWork], items: dict[int, Item] | None = None) -> None:
        """Before the items of a batch are found, and again when they are read (`SceneItems.look_ahead`)."""
        self._items.look_ahead(batch, items)

    def looking_up(self) -> AbstractContextManager[None]:
        """Around `look_ahead` and `find_items` of one batch (`Finder.looking_up`)."""
        return self._items.looking_up()

    def find_items(self, work: SceneWork) -> None:
        self._items.find(work)

    def read_items(self, keys: Iterable[int]) -> dict[int, Item]:
        return self._items.read(keys)

    # --- writing -------------------------------------------------------------------------------------------------

    def while_waiting(self, action: Callable[[], None]) -> AbstractContextManager[None]:
        """As `PlexGateway.while_waiting`."""
        return self._gateway.while_waiting(action)

    def sync(
        self, work: SceneWork, items: dict[int, Item], fresh_until: float, changed: Iterable[int] = ()
    ) -> int:
        """Write what is to be written; the number of requests that wrote. What was read of `items` counts until `fresh_until`, on the
        monotonic clock, but for those `changed` since. Raises what the job is to be settled by.

        Where nothing else follows, what was written is not stored yet: `settle` does that, while Plex works on the next request.
        """
        ready = self.ready.take(work)
        if ready is not None:
            sent = self._writer.deliver(work, ready.write)
            work.unsettled = partial(self._settle, work, [sent.write.item], sent)
            return len(sent.write.requests)
        self._read_anew(items, list(changed))
        return self._sync_whole(work, items, fresh_until)

    def _read_anew(self, items: dict[int, Item], keys: Sequence[int]) -> None:
        for key in keys:
            items.pop(key, None)
        items.update(self._items.read(keys))

    def _sync_whole(self, work: SceneWork, items: dict[int, Item], fresh_until: float) -> int:
        try:
            held = self._items.held(work, items)
        except (Ambiguous, ItemMissing, Absent):
            self._lost_all(work, items)
            raise
        for item in held:
            if self._records.is_foreign(item):
                self._given.forget(item.rating_key)  # those were another item's, too
        self._stars.decide(work, held)
        if work.job.priority > PERSON:  # a person's edit does not wait for looks
            self._images.look(held)
        due, work.pictures = work.pictures, None  # a batch holds no covers of scenes that are done
        pictures = self._images.prepare(work.scene, held, work.known_at, due, asked=work.cover_asked)
        held, written = self._write_all(work, items, held, pictures, fresh_until)
        written += self._give_back_weaker(work, items, held)
        self._stars.give(work)
        for item in held if written else ():
            self._images.shown_again.written(item)
        if pictures.is_empty and not work.taken:
            work.unsettled = partial(self._settle, work, held)
            return written
        self._settle(work, held, whole=pictures.is_empty)
        if not pictures.is_empty:
            began = self._clock.monotonic()
            sent = self._images.give(pictures, lambda: self._clock.monotonic() > fresh_until)
            if sent:
                self._note_pictures(work, held, pictures, self._writer.since(began), sent)
            written += sent
            self._records.set_synced_time(work.scene.id, work.scene.updated_at)
        return written

    def look_at_pictures_again(self) -> None:
        """After a batch: under which address Plex shows our pictures of its items now. Raises what the gateway raises."""
        self._images.shown_again.look(self._items.read)

    def forget_pictures(self) -> None:
        """Instead of that, where something else comes first."""
        self._images.shown_again.forget()

    def settle(self, work: SceneWork) -> None:
        """What was written to the scene's items is stored; nothing, where that was done."""
        action, work.unsettled = work.unsettled, None
        if action is not None:
            action()

    def _settle(
        self, work: SceneWork, held: Sequence[Item], sent: Sent | None = None, *, whole: bool = True
    ) -> None:
        """`sent` is what was written last and not kept yet. Not `whole`: the pictures are still to be sent."""
        with relaxed(self._connection), transaction(self._connection):
            if sent is not None:
                self._writer.keep(work, sent)
                self._images.shown_again.written(sent.write.item)
            self._records.set_matches(work.scene.id, held)
            self._records.set_file_matches(work.scene.id, work.matches)
            if work.left is None:
                self._records.set_missing_files(work.scene.id, ())
            self._records.observe(work.lessons)
            self._stars.settle(work, held)
            self._records.set_synced(work.scene, self._digest(work, work.matches), self._clock.now())
            self._take_over(work)
            if not whole:
                self._records.set_synced_time(work.scene.id, "")
            self._posters.note(work.scene)
        self._stars.tell(work, held)

    def _write_all(
        self,
        work: SceneWork,
        items: dict[int, Item],
        held: list[Item],
        pictures: PicturePlan,
        fresh_until: float,
    ) -> tuple[list[Item], int]:
        """The items as they were written, and the number of requests that wrote."""
        written = 0
        for key in [item.rating_key for item in held]:
            if self._clock.monotonic() > fresh_until:
                held, fresh_until = self._read_again(work, items, held), self._clock.monotonic() + FRESH
            written += self._writer.write(work, items[key], pictures.locks(items[key]))
        return held, written

    def _read_again(self, work: SceneWork, items: dict[int, Item], held: list[Item]) -> list[Item]:
        """A cover, or another item of the scene, has taken long. Raises PutAside where the scene has other items by now."""
        keys = [item.rating_key for item in held]
        self._read_anew(items, keys)
        again = self._items.held(work, items)
        if {item.rating_key for item in again} != set(keys):
            raise PutAside("the scene's items have changed meanwhile")
        return again

    def _lost_all(self, work: SceneWork, items: Mapping[int, Item]) -> None:
        """No item holds a file of the scene now. One that it had by a person's choice alone, which was taken back, gets back what
        it had, and is not the scene's any more; else the file has only gone from its place, and may come back there."""
        unchosen = self._items.unchosen(work)
        self._give_back(work, items, unchosen)
        if work.matches:
            with transaction(self._connection):
                self._records.set_file_matches(work.scene.id, work.matches)
                self._records.drop_matches(work.scene.id, unchosen)

    def _take_over(self, work: SceneWork) -> None:
        """Other scenes that had taken one of these items on weaker grounds are looked for again."""
        sure = {each.rating_key: each.grounds for each in work.matches if each.grounds >= BY_PATH}
        losers = self._records.drop_weaker(work.scene.id, sure)
        for loser in losers:
            self._records.forget_synced(loser)
        self._store.bump(losers, priority=BULK, now=self._clock.now())

    def _give_back_weaker(self, work: SceneWork, items: Mapping[int, Item], held: Sequence[Item]) -> int:
        """What another item shows of this scene, which is not the scene's any more, goes; how many items."""
        mine = {item.rating_key for item in held}
        return self._give_back(work, items, [key for key in work.keys if key not in mine])

    def _give_back(self, work: SceneWork, items: Mapping[int, Item], keys: Iterable[int]) -> int:
        done = 0
        for key in keys:
            item = items.get(key)
            if item is None or not self._items.may_give_back(item):
                continue
            ledger = self._records.ledger_of(item)
            if ledger and self._records.scene_written(key) == work.scene.id:
                began = self._clock.monotonic()
                changes = give_back(item, ledger, self._given, self._gateway)
                self._records.empty_ledger(key, self._clock.now())
                if changes is not None:
                    self._writer.add_activity(work, item, changes, self._writer.since(began), outcome=UNDONE)
                done += 1
        return done

    def _note_pictures(
        self, work: SceneWork, held: Sequence[Item], pictures: PicturePlan, ms: int, sent: int
    ) -> None:
        for item in held:
            changed = tuple(
                (upload.slot.element, "", "")
                for upload in pictures.uploads
                if upload.row.rating_key == item.rating_key
            )
            if changed or item.rating_key in pictures.returned:
                self._writer.add_activity(work, item, changed, ms, requests=sent)
                sent = 0  # told once, however many items there are
