"""One item of a scene: what it needs is worked out, what is overwritten is made safe, the requests go out, what is known is kept."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import Rejected
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core.ledger import Ledger, Value, written_tags
from plexsync_plugin.core.model import Item, Tag
from plexsync_plugin.core.options import field_options
from plexsync_plugin.core.plan import Edit, ListEdit, Plan, plan
from plexsync_plugin.core.scene import unsure_collections
from plexsync_plugin.core.stars import STAR
from plexsync_plugin.jobs.activity import WRITTEN, Activity
from plexsync_plugin.jobs.server_records import ServerRecords
from plexsync_plugin.plex import edit
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.pictures.performer_photos import PerformerPhotos
from plexsync_plugin.worker.scenes.changes import Changes, changes_of, title_after
from plexsync_plugin.worker.scenes.request_lengths import RequestLengths, too_long_list
from plexsync_plugin.worker.scenes.scene_stars import SceneStars
from plexsync_plugin.worker.scenes.scene_work import SceneWork

KEPT = (
    "Values in Plex stay in {scenes} so far, because preserve_plex_edits is on and PlexSync does not know them as its own; the first is "
    "scene {scene}: {fields}. After a loss of plexsync.db that may be what PlexSync wrote itself. To have Stash's value, unlock the "
    "field in Plex; the command explain names the fields of each scene."
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWrite:
    """What one item needs. `known` is what was known of it when that was worked out, `locks` are fields of pictures, and `cut` lists
    that Plex refused whole."""

    item: Item
    known: Ledger
    planned: Plan
    edits: tuple[Edit | edit.LockEdit, ...]
    requests: tuple[str, ...]
    locks: tuple[str, ...]
    cut: frozenset[str]

    @property
    def cast(self) -> tuple[Tag, ...]:
        lists = (each for each in self.planned.edits if isinstance(each, ListEdit))
        return next((each.tags for each in lists if each.field == "actor"), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What Plex has taken, and the milliseconds from the first request to the last answer."""

    write: ItemWrite
    ms: int


class ItemWriter:
    """Bound to one server and one reading of the settings. `tell` takes a cause and a sentence for a person."""

    def __init__(
        self,
        *,
        gateway: PlexGateway,
        records: ServerRecords,
        photos: PerformerPhotos,
        stars: SceneStars,
        settings: Settings,
        tell: Callable[[str, str], None],
        clock: Clock,
    ) -> None:
        self._gateway = gateway
        self._records = records
        self._photos = photos
        self._stars = stars
        self._options = field_options(settings)
        self._preserve = settings.preserve_plex_edits
        self._tell = tell
        self._clock = clock
        self._lengths = RequestLengths(gateway, records, tell, clock)

    @property
    def cuts(self) -> bool:
        """Whether this server is known to refuse long requests, so that what is sent to it is cut."""
        return self._lengths.are_limited

    def write(self, work: SceneWork, item: Item, locks: Iterable[str]) -> int:
        """All of it; the number of requests that wrote. `locks` are fields of pictures, which travel with the other edits. Raises what
        the gateway raises."""
        sent = self.deliver(work, self._made_safe(work, self.lay_out(work, item, tuple(locks))))
        with relaxed(self._records.connection):
            self.keep(work, sent)
        return len(sent.write.requests)

    def lay_out(
        self, work: SceneWork, item: Item, locks: tuple[str, ...] = (), cut: frozenset[str] = frozenset()
    ) -> ItemWrite:
        """What the item needs, compared with what it shows and with what is known of it."""
        known = self._records.ledger_of(item)
        shown = item.lists["actor"]
        self._photos.seen(work.desired, shown)
        desired = self._lengths.fitted(work, self._photos.fresh(self._as_sure(work, known), shown), cut)
        planned = self._plan(work, item, desired, known)
        self._note_kept(work, item, planned.kept)
        edits = (*planned.edits, *(edit.LockEdit(field=name, locked=True) for name in locks))
        requests = tuple(edit.targets(item.section, item.rating_key, item.kind, edits))
        return ItemWrite(
            item=item, known=known, planned=planned, edits=edits, requests=requests, locks=locks, cut=cut
        )

    def note(self, work: SceneWork, write: ItemWrite) -> None:
        """What is about to be overwritten is safe before the request goes out; a crash in between is recognised (core.ledger). Call it
        inside a transaction."""
        self._records.forget_synced(work.scene.id)
        self._records.save_ledger(write.item, work.scene.id, write.planned.before, self._clock.now())
        self._photos.save_before(write.cast, write.item.lists["actor"])

    def deliver(self, work: SceneWork, write: ItemWrite) -> Sent:
        """Send what was noted; what was sent in the end is shorter where Plex refused it for its length. All else that follows from it is
        `keep`'s, so that the next request need not wait for that."""
        if not write.edits:
            return Sent(write=write, ms=0)
        began = self._clock.monotonic()
        try:
            for target in write.requests:
                self._gateway.put(target)
        except Rejected as refusal:
            return self.deliver(work, self._shortened(work, write, target, refusal))
        self._photos.sent(write.cast)
        return Sent(write=write, ms=self.since(began))

    def keep(self, work: SceneWork, sent: Sent) -> None:
        """What was done is told, and what is known of the item from now on is stored. A power cut may take this back."""
        write = sent.write
        if write.edits:
            fields = ",".join(change.field for change in write.edits)
            _log.info("synced scene=%d item=%d fields=%s", work.scene.id, write.item.rating_key, fields)
            changes = changes_of(write.item, write.edits)
            self.add_activity(work, write.item, changes, sent.ms, requests=len(write.requests))
        if write.edits or write.planned.after != write.known:
            self._records.save_ledger(write.item, work.scene.id, write.planned.after, self._clock.now())
        else:
            self._records.follow(write.item.rating_key, work.scene.id)

    def since(self, began: float) -> int:
        """Milliseconds; `began` on the monotonic clock."""
        return round((self._clock.monotonic() - began) * 1_000)

    def add_activity(
        self,
        work: SceneWork,
        item: Item,
        changes: Changes,
        ms: int,
        *,
        outcome: str = WRITTEN,
        requests: int = 0,
    ) -> None:
        """Remember what was done for the transaction that settles the job."""
        work.activities.append(
            Activity(
                scene_id=work.scene.id,
                title=work.scene.title,
                server=self._records.server,
                item=item.rating_key,
                item_title=title_after(item, changes),
                outcome=outcome,
                changes=changes,
                ms=ms,
                requests=requests,
            )
        )

    def _made_safe(self, work: SceneWork, write: ItemWrite) -> ItemWrite:
        if write.edits:
            with transaction(self._records.connection):
                self.note(work, write)
        return write

    def _shortened(self, work: SceneWork, write: ItemWrite, target: str, refusal: Rejected) -> ItemWrite:
        """What takes the place of a request that was refused for its length. Raises the refusal where that was not why."""
        cut = write.cut
        too_long = too_long_list(target, refusal, write.edits)
        if too_long and too_long not in cut:
            cut |= {too_long}
        elif too_long or not self._lengths.learned(target, refusal):
            raise refusal
        return self._made_safe(work, self.lay_out(work, write.item, write.locks, cut))

    def _plan(self, work: SceneWork, item: Item, desired: Mapping[str, Value], known: Ledger) -> Plan:
        if item.rating_key not in work.stars or STAR not in desired:
            return plan(item, desired, known, preserve=self._preserve)
        trimmed = self._stars.trim(work, item, known)
        if self._stars.is_equal(work, item):
            others = {name: value for name, value in desired.items() if name != STAR}
            return plan(item, others, trimmed, preserve=self._preserve)
        return plan(item, desired, trimmed, preserve=self._preserve, firm=(STAR,))

    def _as_sure(self, work: SceneWork, known: Ledger) -> dict[str, Value]:
        """What the scene's items are to show; they stay in collections of which nobody knows whether the scene belongs there."""
        unsure = unsure_collections(work.scene, self._options.collections)
        stay = written_tags(known.get("collection"), unsure)
        wanted = work.desired.get("collection")
        if not stay or wanted is None or isinstance(wanted, str):
            return work.desired
        there = {tag.key for tag in wanted}
        return {**work.desired, "collection": (*wanted, *(tag for tag in stay if tag.key not in there))}

    def _note_kept(self, work: SceneWork, item: Item, kept: Sequence[str]) -> None:
        """A value of a person's that stays is what the setting is for, but nobody must wonder where an edit went."""
        if not self._records.set_kept(item, work.scene.id, kept, self._clock.now()):
            return
        if kept:
            _log.info("kept scene=%d item=%d fields=%s", work.scene.id, item.rating_key, ",".join(kept))
        number, scene, fields = self._records.kept_scenes()
        shown = fields.replace(",", ", ")
        sentence = KEPT.format(scenes=count(number, "scene"), scene=scene, fields=shown) if number else ""
        self._tell("kept", sentence)
