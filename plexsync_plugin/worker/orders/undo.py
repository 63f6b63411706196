"""The order *undo*: everything that PlexSync wrote goes back to the last value that it did not write.

The scenes concerned are put aside first, in one transaction: nothing but an edit of a scene itself, or *Sync All
Scenes*, brings them back into sync. Then item by item: fields, then pictures, then what the ledger remembered of them is
emptied. A kill at any point leaves items that are restored again, which changes nothing, or restored for the first time.
"""

import dataclasses
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from plexsync_plugin.base.errors import ItemMissing, PlexBusy, PlexUnavailable, Rejected
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core import undo
from plexsync_plugin.core.model import SCALARS, Item
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.images import Images
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.scene_tables import forget_in_sync
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.jobs.written_items import WrittenItems
from plexsync_plugin.plex import edit, elements
from plexsync_plugin.worker.orders.orders import Step, StepContext
from plexsync_plugin.worker.pictures.restore_pictures import restore_pictures

PAGE = 100  # items per step, and per detail request
PATIENCE = 3  # failures at one place before an item is passed over
FACT = "undo_survey"

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class UndoProgress:
    """What an undo has done so far. `failures` are those at the place it has come to; `refused` are rating keys."""

    order: int
    restored: int = 0
    gone: int = 0
    failures: int = 0
    refused: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, facts: Facts, order_id: int) -> Self:
        kept = json.loads(facts.fact(FACT) or "{}")
        return cls(**kept) if kept.get("order") == order_id else cls(order=order_id)

    def save(self, facts: Facts) -> None:
        facts.set_fact(FACT, json.dumps(dataclasses.asdict(self)))

    def verdict(self) -> str:
        parts = [f"{count(self.restored, 'Plex item')} restored"]
        if self.gone:
            parts.append(f"{self.gone} no longer in Plex")
        sentence = (
            ", ".join(parts)
            + ". Their scenes are left alone until they are edited, or Sync All Scenes is run."
        )
        if self.refused:
            keys = ", ".join(str(key) for key in self.refused[:10])
            sentence += f" Plex did not take {count(len(self.refused), 'item')} ({keys}); run Undo again to try those."
        return sentence


def undo_all(order: Order, context: StepContext) -> Step:
    """Or one scene alone, where the order names it. The cursor is 0 before the scenes are put aside, then 1 + rating key."""
    server = context.plex.server()
    if order.cursor == 0:
        return _mark_undone(order, context, server)
    progress = UndoProgress.load(context.records, order.id)
    keys = WrittenItems(context.connection).undone_keys(
        server, order.ids, first=order.cursor, limit=1 if progress.failures else PAGE
    )
    if not keys:
        return Step(ended=True, message=progress.verdict())
    try:
        done = _restore(context, server, keys, progress)
    except PlexBusy:
        raise  # that is no item's fault
    except PlexUnavailable:
        progress.failures += 1
        if progress.failures < PATIENCE:
            progress.save(context.records)
            raise
        # Read and written singly, again and again: it is this item, not Plex.
        progress.refused.append(keys[0])
        done = keys[:1]
    progress.failures = 0
    progress.save(context.records)
    return Step(cursor=1 + max(done))


def _mark_undone(order: Order, context: StepContext, server: str) -> Step:
    now = context.clock.now()
    with transaction(context.connection):
        scenes = WrittenItems(context.connection).scenes(server, order.ids)
        UndoneScenes(context.connection).mark(scenes, now)
        context.store.settle_undone(scenes, now)
        forget_in_sync(context.connection, server, scenes)
    if not scenes:
        where = f"for scene {order.ids[0]}" if order.ids else "on this Plex server"
        return Step(ended=True, message=f"There is nothing of PlexSync's to undo {where}.")
    return Step(cursor=1)


def _restore(context: StepContext, server: str, keys: list[int], progress: UndoProgress) -> list[int]:
    """The items that are done with. A failure of Plex after the first of them is left to the next step."""
    items = _read(context, keys)
    done: list[int] = []
    for key in keys:
        try:
            _restore_item(context, server, key, items.get(key), progress)
        except Rejected as error:
            _log.warning("undo refused item=%d %s", key, error)
            progress.refused.append(key)
        except PlexUnavailable:
            if not done:
                raise
            return done
        done.append(key)
    return done


def _read(context: StepContext, keys: Iterable[int]) -> dict[int, Item]:
    try:
        answer = context.plex.gateway.details(list(keys))
    except ItemMissing:
        return {}  # Plex has none of them
    return {item.rating_key: item for item in (elements.item(each, SCALARS) for each in answer)}


def _restore_item(
    context: StepContext, server: str, key: int, item: Item | None, progress: UndoProgress
) -> None:
    if item is not None and _write_back(context, key, item):
        progress.restored += 1
    else:
        progress.gone += 1
        Images(context.connection).drop_all(server, key)
    context.records.empty_ledger(server, key, context.clock.now())


def _write_back(context: StepContext, key: int, item: Item) -> bool:
    """False when the item has gone meanwhile."""
    edits = undo.restore(item, context.plex.current().records.load_ledger(key))
    try:
        for target in edit.targets(item.section, item.rating_key, item.kind, edits):
            context.plex.gateway.put(target)
        restore_pictures(key, context.plex.current().pictures.records, context.plex.gateway)
    except ItemMissing:
        return False
    _log.info("undone item=%d fields=%s", key, ",".join(change.field for change in edits))
    return True
