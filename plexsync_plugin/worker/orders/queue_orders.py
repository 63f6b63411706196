"""Orders about the queue itself: retry or clear what failed, clear what waits. They need nothing but plexsync.db.

So they are carried out at once, whether Plex or the settings are in order or not: *Clear Queue* has to stop the work
just when something is wrong. Nothing here touches Plex or the ledger.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.missing import ABSENT
from plexsync_plugin.jobs.store import BULK, DISCARDED, PERSON, JobStore

CLEARED = "Taken out of the queue by Clear Queue."


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOrder:
    """`ids` are scenes, none for all; `reason` is a class of failure, "" for any. `at` is when it was put in."""

    id: int
    ids: tuple[int, ...]
    reason: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResult:
    """The sentence for a person, and how many jobs were made due."""

    message: str
    added: int = 0


def retry_failed(order: QueueOrder, connection: sqlite3.Connection, now: float) -> OrderResult:
    """Scenes and orders on the list of failed scenes are due again, with all their attempts."""
    letters = _letters(order, connection)
    scenes = [letter["scene_id"] for letter in letters if letter["scene_id"] is not None]
    orders = [(letter["order_id"],) for letter in letters if letter["order_id"] is not None]
    JobStore(connection).bump(scenes, priority=PERSON if order.ids else BULK, now=now, order_id=order.id)
    connection.executemany(
        "UPDATE orders SET state = 'waiting', due_at = 0, attempts = 0, waits = 0, message = '', ended_at = NULL "
        "WHERE id = ?",
        orders,
    )
    connection.executemany("DELETE FROM dead_letters WHERE order_id = ?", orders)
    if not scenes and not orders:
        return OrderResult(message=_none_listed(order))
    which = [count(len(scenes), "failed scene")] if scenes else []
    which += [count(len(orders), "order")] if orders else []
    return OrderResult(message=f"Tried again: {' and '.join(which)}.", added=len(scenes))


def clear_failed(order: QueueOrder, connection: sqlite3.Connection, now: float) -> OrderResult:
    """Off the list, and left alone: an edit, or syncing everything, brings the scene back, a reconcile does not. One that
    is not in Plex comes back by itself when a listing shows its file."""
    letters = _letters(order, connection)
    if not letters:
        return OrderResult(message=_none_listed(order))
    where, values = _which(order)
    connection.execute(
        "UPDATE jobs SET state = 'done', attempts = 0, waits = 0, looks = 0, first_failed_at = NULL, order_id = NULL, "
        "reason = CASE reason WHEN 'ItemMissing' THEN ? ELSE ? END, changed_at = ? "
        f"WHERE state = 'dead' AND scene_id IN (SELECT scene_id FROM dead_letters WHERE {where})",
        (ABSENT, DISCARDED, now, *values),
    )
    connection.execute(f"DELETE FROM dead_letters WHERE {where}", values)
    return OrderResult(
        message=f"Off the list: {count(len(letters), 'failed scene')}. Each is tried again when it is edited, or "
        "by Sync All Scenes."
    )


def clear_queue(order: QueueOrder, connection: sqlite3.Connection, now: float) -> OrderResult:
    """What was waiting when the order was put in goes, jobs and orders; an edit that came after it stays."""
    orders = connection.execute(
        "UPDATE orders SET state = 'failed', message = ?, ended_at = ? WHERE state = 'waiting' AND id < ?",
        (CLEARED, now, order.id),
    ).rowcount
    jobs = connection.execute(
        "DELETE FROM jobs WHERE state = 'waiting' AND changed_at < ?", (order.at,)
    ).rowcount
    if not jobs + orders:
        return OrderResult(message="Nothing was waiting.")
    gone = count(jobs, "waiting scene") + (f" and {count(orders, 'order')}" if orders else "")
    return OrderResult(
        message=f"Out of the queue: {gone}. What they would have changed in Plex is caught up when a scene is edited, "
        "or by Reconcile or Sync All Scenes."
    )


QUEUE_ORDERS: Mapping[str, Callable[[QueueOrder, sqlite3.Connection, float], OrderResult]] = {
    "retry_failed": retry_failed,
    "clear_failed": clear_failed,
    "clear_queue": clear_queue,
}


def _letters(order: QueueOrder, connection: sqlite3.Connection) -> list[sqlite3.Row]:
    where, values = _which(order)
    query = f"SELECT scene_id, order_id FROM dead_letters WHERE {where} ORDER BY id"
    return connection.execute(query, values).fetchall()


def _which(order: QueueOrder) -> tuple[str, tuple[object, ...]]:
    if order.ids:
        return f"scene_id IN ({','.join('?' * len(order.ids))})", order.ids
    return ("reason = ?", (order.reason,)) if order.reason else ("1", ())


def _none_listed(order: QueueOrder) -> str:
    if order.ids:
        return f"Scene {order.ids[0]} is not on the list of failed scenes."
    which = f" for the reason {order.reason}" if order.reason else ""
    return f"No scene is on the list of failed scenes{which}."
