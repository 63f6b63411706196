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
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.plex import edit, elements
from plexsync_plugin.worker.orders.orders import Order, Step, StepContext
from plexsync_plugin.worker.pictures.restore_pictures import restore_pictures

PAGE = 100  # items per step, and per detail request
PATIENCE = 3  # failures at one place before an item is passed over
FACT = "undo_survey"

_log = logging.getLogger(__name__)

# Items with anything of ours: fields, or pictures alone, whose scene may be gone (then the ledger may know it; 0: nobody).
_OURS = """
SELECT rating_key, scene_id FROM ledger WHERE server = :server AND fields <> '{}'
UNION
SELECT i.rating_key, coalesce(m.scene_id, l.scene_id, 0) FROM images AS i
LEFT JOIN matches AS m ON m.server = i.server AND m.rating_key = i.rating_key
LEFT JOIN ledger AS l ON l.server = i.server AND l.rating_key = i.rating_key
WHERE i.server = :server
"""


@dataclass(slots=True, kw_only=True)
class UndoProgress:
    """What an undo has done so far. `failures` are those at the place it has come to; `refused` are rating keys."""

    order: int
    restored: int = 0
    gone: int = 0
    failures: int = 0
    refused: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, records: Records, order_id: int) -> Self:
        kept = json.loads(records.fact(FACT) or "{}")
        return cls(**kept) if kept.get("order") == order_id else cls(order=order_id)

    def save(self, records: Records) -> None:
        records.set_fact(FACT, json.dumps(dataclasses.asdict(self)))

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
    keys = _next_items(order, context, server, size=1 if progress.failures else PAGE)
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
    values = {"server": server, "now": context.clock.now(), "scenes": json.dumps(list(order.ids))}
    where = "scene_id IN (SELECT value FROM json_each(:scenes))" if order.ids else "1"
    concerned = f"FROM ({_OURS}) WHERE {where}"
    with transaction(context.connection):
        added = context.connection.execute(
            f"INSERT INTO undone (scene_id, undone_at) SELECT DISTINCT scene_id, :now {concerned} "
            "ON CONFLICT (scene_id) DO UPDATE SET undone_at = excluded.undone_at",
            values,
        ).rowcount
        context.connection.execute(
            "UPDATE jobs SET state = 'done', attempts = 0, waits = 0, looks = 0, first_failed_at = NULL, reason = '', "
            "message = '', changed_at = :now WHERE state = 'waiting' AND scene_id IN "
            f"(SELECT scene_id {concerned})",
            values,
        )
        context.connection.execute(
            f"DELETE FROM synced WHERE server = :server AND scene_id IN (SELECT scene_id {concerned})", values
        )
    if not added:
        where = f"for scene {order.ids[0]}" if order.ids else "on this Plex server"
        return Step(ended=True, message=f"There is nothing of PlexSync's to undo {where}.")
    return Step(cursor=1)


def _next_items(order: Order, context: StepContext, server: str, *, size: int) -> list[int]:
    """Of scenes that are still put aside: one that was edited meanwhile is synced, not undone."""
    where = "AND scene_id IN (SELECT value FROM json_each(:scenes))" if order.ids else ""
    rows = context.connection.execute(
        f"SELECT DISTINCT rating_key FROM ({_OURS}) WHERE rating_key >= :first "
        f"AND scene_id IN (SELECT scene_id FROM undone) {where} ORDER BY rating_key LIMIT :size",
        {
            "server": server,
            "first": order.cursor,
            "size": size,
            "scenes": json.dumps(list(order.ids)),
        },
    )
    return [row[0] for row in rows]


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
        context.connection.execute("DELETE FROM images WHERE server = ? AND rating_key = ?", (server, key))
    context.connection.execute(
        "UPDATE ledger SET fields = '{}', accepted = '', written_at = ? WHERE server = ? AND rating_key = ?",
        (context.clock.now(), server, key),
    )


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
