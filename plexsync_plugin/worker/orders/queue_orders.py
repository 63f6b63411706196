"""Orders about the queue itself: retry or clear what failed, clear what waits. They need nothing but plexsync.db.

So they are carried out at once, whether Plex or the settings are in order or not: *Clear Queue* has to stop the work
just when something is wrong. Nothing here touches Plex or the ledger.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.orders import Order, OrderStore
from plexsync_plugin.jobs.reasons import LOOKED_FOR
from plexsync_plugin.jobs.store import BULK, PERSON, JobStore
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.jobs.written_items import WrittenItems

CLEARED = "Taken out of the queue by Clear Queue."
TAKEN_OUT = "Taken out of the queue by Undo."
BRAKED = 1  # the cursor of an Undo that has taken out what waited and put its scenes aside


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResult:
    """The sentence for a person, and how many jobs were made due."""

    message: str
    added: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The tables that these orders change, inside the transaction of whoever carries them out."""

    jobs: JobStore
    orders: OrderStore
    letters: DeadLetters
    undone: UndoneScenes
    written: WrittenItems

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Self:
        return cls(
            jobs=JobStore(connection),
            orders=OrderStore(connection),
            letters=DeadLetters(connection),
            undone=UndoneScenes(connection),
            written=WrittenItems(connection),
        )


def retry_failed(order: Order, queue: Queue, now: float) -> OrderResult:
    """Scenes and orders on the list of failed scenes are due again, with all their attempts."""
    chosen = queue.letters.select(order.ids, _reason(order), _letters(order))
    scenes = [letter.scene_id for letter in chosen if letter.scene_id is not None]
    of_orders = [letter for letter in chosen if letter.order_id is not None]
    queue.jobs.bump(scenes, priority=PERSON if order.ids else BULK, now=now, order_id=order.id)
    queue.orders.revive(letter.order_id for letter in of_orders if letter.order_id is not None)
    queue.letters.drop(of_orders)
    if not scenes and not of_orders:
        return OrderResult(message=_none_listed(order))
    which = [count(len(scenes), "failed scene")] if scenes else []
    which += [count(len(of_orders), "order")] if of_orders else []
    return OrderResult(message=f"Tried again: {' and '.join(which)}.", added=len(scenes))


def clear_failed(order: Order, queue: Queue, now: float) -> OrderResult:
    """Off the list, and left alone: an edit, or syncing everything, brings the scene back, a reconcile does not. One that
    is not in Plex comes back by itself when a listing shows its file."""
    chosen = queue.letters.select(order.ids, _reason(order), _letters(order))
    if not chosen:
        return OrderResult(message=_none_listed(order))
    scenes = [letter.scene_id for letter in chosen if letter.scene_id is not None]
    queue.jobs.discard(scenes, now)
    queue.letters.drop(chosen)
    _break_off_undo(queue, order)
    return OrderResult(
        message=f"Off the list: {count(len(chosen), 'failed scene')}. Each is tried again when it is edited, or "
        "by Sync All Scenes."
    )


def clear_queue(order: Order, queue: Queue, now: float) -> OrderResult:
    """What was waiting when the order was put in goes, jobs and orders; an edit that came after it stays."""
    orders = queue.orders.cancel_before(order.id, CLEARED, now)
    jobs = queue.jobs.drop_waiting(order.at)
    if not jobs + orders:
        return OrderResult(message="Nothing was waiting.")
    parts = [count(jobs, "waiting scene")] if jobs else []
    parts += [count(orders, "order")] if orders else []
    message = (
        f"Out of the queue: {' and '.join(parts)}. What they would have changed in Plex is caught up when a scene is edited, "
        "or by Reconcile or Sync All Scenes."
    )
    left = _break_off_undo(queue, order)
    if left:
        message += f" Undo had not come to {count(left, 'scene')}: their items keep what PlexSync wrote and stay in sync."
    return OrderResult(message=message)


def brake(order: Order, queue: Queue, now: float) -> None:
    """What Undo does before all else: it takes out what waited when it was given, jobs and orders, and puts the scenes aside
    that are to be restored, on whichever server. Undo of one scene takes out that scene's job alone.

    An edit that came after it stays, and takes its scene out of the Undo.
    """
    scenes = queue.written.scenes_anywhere(order.ids)
    queue.undone.mark(scenes, now)
    if order.ids:
        queue.jobs.settle_undone(scenes, now)
    else:
        orders, jobs = queue.orders.cancel_before(order.id, TAKEN_OUT, now), queue.jobs.drop_waiting(order.at)
        queue.undone.drop(queue.jobs.waiting_of(scenes))
        _log.info("undo takes out jobs=%d orders=%d", jobs, orders)
    queue.orders.advance(order.id, cursor=BRAKED, added=0)


def _break_off_undo(queue: Queue, order: Order) -> int:
    """Where no Undo is left that would restore them, scenes that wait for it count again; how many."""
    return 0 if queue.orders.waits_besides("undo", order.id) else queue.undone.break_off()


def look_again(_: Order, queue: Queue, now: float) -> OrderResult:
    """Scenes that wait for Plex to show their file are looked for at once."""
    woken = queue.jobs.wake(LOOKED_FOR, now)
    return OrderResult(message=f"Looked for at once: {count(woken, 'scene')}.")


QUEUE_ORDERS: Mapping[str, Callable[[Order, Queue, float], OrderResult]] = {
    "retry_failed": retry_failed,
    "clear_failed": clear_failed,
    "clear_queue": clear_queue,
    "look_again": look_again,
}


def _reason(order: Order) -> str:
    """The reason that the order is confined to; "" for any. It counts where the order names no scenes."""
    return str(order.args.get("reason") or "")


def _letters(order: Order) -> list[int]:
    """Numbers of single entries of the list, which need not be about a scene."""
    return [number for number in order.args.get("letters") or () if isinstance(number, int)]


def _none_listed(order: Order) -> str:
    if order.ids:
        return f"Scene {order.ids[0]} is not on the list of failed scenes."
    which = f" for the reason {_reason(order)}" if _reason(order) else ""
    return f"No scene is on the list of failed scenes{which}."
