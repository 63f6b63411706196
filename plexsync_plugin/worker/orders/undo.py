"""The order *undo*: everything that PlexSync wrote goes back to the last value that it did not write.

Before the first step here `queue_orders.brake` has taken out what waits and put the scenes concerned aside, at once and whoever
is away: nothing but an edit of a scene itself, or *Sync All Scenes*, brings them back into sync. What follows goes
item by item: fields, then pictures, then what the ledger remembered of them is emptied. A kill at any point leaves items that are restored again, which changes nothing, or restored for the first time.
A scene counts as undone once its items are restored; until then it is in sync as before, so that *Clear Queue* can end the
work anywhere.
"""

import dataclasses
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from plexsync_plugin.base.errors import ItemMissing, PlexBusy, PlexUnavailable, PutAside, Rejected
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core import undo
from plexsync_plugin.core.model import SCALARS, Item
from plexsync_plugin.jobs.activity import UNDONE, Activity, ActivityStore
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.images import Images
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.photos import Photos
from plexsync_plugin.jobs.plays import Plays
from plexsync_plugin.jobs.scene_tables import forget_in_sync
from plexsync_plugin.jobs.stars import Stars
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.jobs.written_items import WrittenItems
from plexsync_plugin.plex import elements
from plexsync_plugin.worker.from_plex.counting import PlayCount
from plexsync_plugin.worker.from_plex.items import PlayedItems
from plexsync_plugin.worker.from_plex.side import WatchSide
from plexsync_plugin.worker.orders.orders import Step, StepContext
from plexsync_plugin.worker.orders.queue_orders import BRAKED
from plexsync_plugin.worker.scenes.changes import Changes, title_after
from plexsync_plugin.worker.scenes.give_back import give_back
from plexsync_plugin.worker.scenes.scene_sync import FRESH

PAGE = 100  # items per step, and per detail request
PATIENCE = 3  # failures at one place before an item is passed over
FACT = "undo_survey"
CHOSEN = BRAKED + 1

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class UndoProgress:
    """What an undo has done so far. `failures` are those at the place it has come to; `refused` are rating keys."""

    order: int
    restored: int = 0
    gone: int = 0
    plays: int = 0
    posters: int = 0
    of_everything: bool = True
    off: bool = False  # the setting `enabled` was off
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
        if self.posters:
            parts.append(f"{count(self.posters, 'collection')} with the poster of before")
        if self.plays:
            parts.append(f"{count(self.plays, 'play')} taken out of Stash")
        sentence = (
            ", ".join(parts)
            + ". Their scenes are left alone until they are edited, or Sync All Scenes is run."
        )
        if self.refused:
            keys = ", ".join(str(key) for key in self.refused[:10])
            sentence += f" Plex did not take {count(len(self.refused), 'item')} ({keys}); run Undo again to try those."
        if self.off:
            sentence += " PlexSync is switched off (setting enabled); Undo is carried out all the same."
        return sentence


def undo_all(order: Order, context: StepContext) -> Step:
    """Or one scene alone, where the order names it.

    The cursor is BRAKED at first, then CHOSEN + the next rating key.
    """
    server = context.plex.server()
    if order.cursor <= BRAKED:
        return _choose(order, context, server)
    progress = UndoProgress.load(context.records, order.id)
    progress.of_everything = not order.ids
    progress.off = not context.settings.enabled
    keys = WrittenItems(context.connection).undone_keys(
        server, order.ids, first=order.cursor - CHOSEN, limit=1 if progress.failures else PAGE
    )
    if not keys and _take_back_plays(order, context, server, progress):
        progress.save(context.records)
        return Step(cursor=order.cursor)
    if not keys and progress.of_everything and context.plex.current().pictures.posters.are_any:
        _take_back_poster(context, progress)
        return Step(cursor=order.cursor)
    if not keys:
        return _ended(order, context, server, progress)
    try:
        done = restore(context, server, keys, progress)
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
    return Step(cursor=CHOSEN + 1 + max(done))


def _take_back_poster(context: StepContext, progress: UndoProgress) -> None:
    """The poster of one collection. One that Plex fails at again and again is passed over."""
    posters = context.plex.current().pictures.posters
    try:
        progress.posters += posters.take_back_next(pass_over=progress.failures >= PATIENCE)
    except PlexBusy:
        raise  # that is no collection's fault
    except PlexUnavailable:
        progress.failures += 1
        progress.save(context.records)
        raise
    progress.failures = 0
    progress.save(context.records)


def _take_back_plays(order: Order, context: StepContext, server: str, progress: UndoProgress) -> bool:
    """Plays that are in Stash by us, a part of them; whether there may be more."""
    side = WatchSide(
        gateway=context.plex.gateway,
        server=server,
        stash=context.stash,
        connection=context.connection,
        clock=context.clock,
        come_first=context.come_first,
    )
    taken = PlayCount(side, PlayedItems(side.gateway)).take_back(order.ids)
    progress.plays += taken or 0
    return taken is not None


def _ended(order: Order, context: StepContext, server: str, progress: UndoProgress) -> Step:
    """What is left of the scenes is what Plex did not take."""
    undone = UndoneScenes(context.connection)
    left = [scene for scene in undone.to_restore() if _is_meant(order, scene)]
    with transaction(context.connection):
        forget_in_sync(context.connection, server, left)
        undone.restored(left)
        if not order.ids:
            Photos(context.connection).forget_photos(server)
    return Step(ended=True, message=progress.verdict())


def _choose(order: Order, context: StepContext, server: str) -> Step:
    """Of the scenes that were put aside, those of the server that answers are restored; the others count again."""
    undone, plays = UndoneScenes(context.connection), Plays(context.connection, server)
    scenes = set(WrittenItems(context.connection).scenes(server, order.ids))
    with transaction(context.connection):
        undone.keep(scene for scene in undone.to_restore() if scene not in scenes and _is_meant(order, scene))
        plays.drop_plans(order.ids)
    if not scenes and not plays.ours(order.ids, 1):
        where = f"for scene {order.ids[0]}" if order.ids else "on this Plex server"
        return Step(ended=True, message=f"There is nothing of PlexSync's to undo {where}.")
    return Step(cursor=CHOSEN)


def _is_meant(order: Order, scene: int) -> bool:
    return not order.ids or scene in order.ids


def restore(context: StepContext, server: str, keys: list[int], progress: UndoProgress) -> list[int]:
    """The items that are done with, until something else comes first, or what was read of them is no longer fresh.

    A failure of Plex after the first of them is left to the next step.
    """
    items = _read(context, keys)
    # A photo is shared by all items: Undo of one scene leaves it to the others.
    photos = Photos(context.connection).photos_before(server) if progress.of_everything else None
    fresh_until = context.clock.monotonic() + FRESH
    done: list[int] = []
    for key in keys:
        if done and (context.clock.monotonic() > fresh_until or context.come_first()):
            return done
        try:
            _restore_item(context, server, key, items.get(key), progress, photos)
        except Rejected as error:
            _log.warning("undo refused item=%d %s", key, error)
            progress.refused.append(key)
        except (PlexUnavailable, PutAside):
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
    context: StepContext,
    server: str,
    key: int,
    item: Item | None,
    progress: UndoProgress,
    photos: undo.Photos | None,
) -> None:
    ours = item is not None and not context.plex.current().records.is_foreign(item)
    began = context.clock.monotonic()
    changes = _write_back(context, item, photos) if item is not None and ours else None
    if changes is not None:
        progress.restored += 1
    else:
        progress.gone += 1
        Images(context.connection).drop_all(server, key)
    written, undone = WrittenItems(context.connection), UndoneScenes(context.connection)
    with transaction(context.connection):
        scenes = written.scenes_of(server, key)
        if item is not None and changes is not None:
            activity = Activity(
                scene_id=scenes[0] if scenes else 0,
                outcome=UNDONE,
                server=server,
                item=key,
                item_title=title_after(item, changes),
                changes=changes,
                ms=round((context.clock.monotonic() - began) * 1_000),
            )
            ActivityStore(context.connection).add([activity], context.clock.now())
        context.records.empty_ledger(server, key, context.clock.now())
        Stars(context.connection, server).forget([key])
        forget_in_sync(context.connection, server, scenes)
        undone.restored(scene for scene in scenes if not written.shows_ours(server, scene))


def _write_back(context: StepContext, item: Item, photos: undo.Photos | None) -> Changes | None:
    """None when the item has gone meanwhile."""
    side = context.plex.current()
    ledger = side.records.ledger_of(item)
    return give_back(item, ledger, side.pictures.records, context.plex.gateway, photos)
