"""Scenes whose write is worked out, made safe and made into requests before their turn, while Plex works on another's.

Only plain ones: one file in its one known item, and nothing to do but to write its fields. Stash is asked for their covers here, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.model import Item, Tag
from plexsync_plugin.jobs.server_records import ServerRecords, Stored
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.finding.scene_items import SceneItems
from plexsync_plugin.worker.pictures.covers import PictureDue
from plexsync_plugin.worker.pictures.item_pictures import ItemPictures
from plexsync_plugin.worker.scenes.item_writer import ItemWrite, ItemWriter
from plexsync_plugin.worker.scenes.scene_stars import SceneStars
from plexsync_plugin.worker.scenes.scene_work import SceneWork

HELD_COVERS = 8_000_000  # bytes of new covers kept over a batch; the rest is asked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyScene:
    """A scene whose one write is noted and not sent. `before` is what stood in the note's place."""

    work: SceneWork
    write: ItemWrite
    before: Stored


class ReadyScenes:
    """Bound to one server and one reading of the settings."""

    def __init__(
        self,
        *,
        gateway: PlexGateway,
        items: SceneItems,
        records: ServerRecords,
        writer: ItemWriter,
        images: ItemPictures,
        stars: SceneStars,
    ) -> None:
        self._gateway = gateway
        self._items = items
        self._records = records
        self._writer = writer
        self._images = images
        self._stars = stars
        self._ready: dict[int, ReadyScene] = {}  # by scene

    def __bool__(self) -> bool:
        """Whether a scene is ready whose turn has not come."""
        return bool(self._ready)

    def ask_for_cover(self, work: SceneWork, items: dict[int, Item], others: Iterable[SceneWork]) -> bool:
        """Ask Stash for the scene's cover before its turn; False where it need not be asked, or the scene is no plain one. `others` may
        hold new covers already. Raises StashUnavailable and its kind."""
        if work.pictures is not None or not self._images.is_cover_due(work.scene, work.known_at):
            return False
        if not self._may_be_plain(work, items):
            return False
        with relaxed(self._records.connection):  # what Stash said may be asked again
            due = self._images.peek(work.scene, work.known_at, work.keys)
        work.pictures, work.cover_asked = within_memory(due, others), True
        return True

    def lay_out(self, work: SceneWork, items: dict[int, Item]) -> ReadyScene | None:
        """Before the scene's turn: what its item needs. None where anybody would have to be asked about its item or its pictures, or
        where nothing is to be written: such a scene waits for its turn with all of that."""
        if not self._may_be_plain(work, items):
            return None
        held = self._items.held(work, items)
        if len(held) != 1 or not self._is_simple(work, held[0]):
            return None
        write = self._writer.lay_out(work, held[0])
        if not write.edits:
            return None
        before = self._records.stored(held[0].rating_key, work.scene.id)
        return ReadyScene(work=work, write=write, before=before)

    def add(self, scenes: Sequence[ReadyScene]) -> None:
        """What they will overwrite is made safe, for all of them at once. No two may have an item in common. Each is taken in its turn, or
        taken back. No transaction may be open."""
        with transaction(self._records.connection):
            for each in scenes:
                self._writer.note(each.work, each.write)
        self._ready.update({each.work.scene.id: each for each in scenes})
        self._gateway.prepare(target for each in scenes for target in each.write.requests)

    def take(self, work: SceneWork) -> ReadyScene | None:
        """What was made ready of this scene, whose turn it is; nothing of any, where Plex has refused a long request since."""
        if self._ready and self._writer.cuts:
            self.take_back()
        return self._ready.pop(work.scene.id, None)

    def take_back(self, works: Iterable[SceneWork] | None = None) -> None:
        """These scenes, or all, do not get the turn that they were made ready for: what is stored of them is as it was."""
        ids = list(self._ready) if works is None else [work.scene.id for work in works]
        ready = [each for number in ids if (each := self._ready.pop(number, None)) is not None]
        if ready:
            connection = self._records.connection
            with relaxed(connection), transaction(connection):
                for each in ready:
                    self._records.put_back(each.before)

    def _may_be_plain(self, work: SceneWork, items: dict[int, Item]) -> bool:
        return not self._stars.on and not self._writer.cuts and self._items.is_plain(work, items)

    def _is_simple(self, work: SceneWork, item: Item) -> bool:
        """Whether there is nothing to do but to write the fields of this item."""
        cast = work.desired.get("actor", ())
        if self._records.is_foreign(item) or any(tag.thumb for tag in cast if isinstance(tag, Tag)):
            return False
        return self._images.is_settled(work.scene, item, work.known_at, work.pictures, asked=work.cover_asked)


def within_memory(due: PictureDue | None, others: Iterable[SceneWork]) -> PictureDue | None:
    """What is due of a scene's cover; without the cover itself where those that these others hold already take too much memory."""
    held = [due, *(work.pictures for work in others)]
    size = sum(len(each.picture.data) for each in held if each is not None and each.picture is not None)
    return PictureDue() if due is not None and due.picture is not None and size > HELD_COVERS else due
