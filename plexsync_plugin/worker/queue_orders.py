"""Orders about the queue itself: retry or clear what failed, clear what waits. They need nothing but plexsync.db.

So they are carried out at once, whether Plex or the settings are in order or not: *Clear Queue* has to stop the work
just when something is wrong. Nothing here touches Plex or the ledger.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.store import BULK, PERSON, JobStore

CLEARED = "Taken out of the queue by Clear Queue."


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOrder:
    """`ids` are scenes, none for all; `reason` is a class of failure, "" for any. `at` is when it was put in."""

    id: int
    ids: tuple[int, ...]
    reason: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The sentence for a person, and how many jobs were made due."""

    message: str
    added: int = 0


def retry_failed(order: QueueOrder, connection: sqlite3.Connection, now: float) -> Outcome:
    """Scenes on the list of failed scenes are due again, with all their attempts."""
    scenes = [scene for scene in _letters(order, connection) if scene is not None]
    JobStore(connection).bump(scenes, priority=PERSON if order.ids else BULK, now=now, order_id=order.id)
    if not scenes:
        return Outcome(message=_none_listed(order))
    return Outcome(message=f"Tried again: {count(len(scenes), 'failed scene')}.", added=len(scenes))


def clear_failed(order: QueueOrder, connection: sqlite3.Connection, now: float) -> Outcome:  # noqa: ARG001 - one form for all
    """Off the list: letters and dead jobs go; an edit, or syncing everything, brings the scene back."""
    letters = _letters(order, connection)
    if not letters:
        return Outcome(message=_none_listed(order))
    where, values = _which(order)
    connection.execute(
        f"DELETE FROM jobs WHERE state = 'dead' AND scene_id IN (SELECT scene_id FROM dead_letters WHERE {where})",
        values,
    )
    connection.execute(f"DELETE FROM dead_letters WHERE {where}", values)
    return Outcome(
        message=f"Off the list: {count(len(letters), 'failed scene')}. Each is tried again when it is edited."
    )


def clear_queue(order: QueueOrder, connection: sqlite3.Connection, now: float) -> Outcome:
    """What was waiting when the order was put in goes, jobs and orders; an edit that came after it stays."""
    orders = connection.execute(
        "UPDATE orders SET state = 'failed', message = ?, ended_at = ? WHERE state = 'waiting' AND id < ?",
        (CLEARED, now, order.id),
    ).rowcount
    jobs = connection.execute(
        "DELETE FROM jobs WHERE state = 'waiting' AND changed_at < ?", (order.at,)
    ).rowcount
    if not jobs + orders:
        return Outcome(message="Nothing was waiting.")
    gone = count(jobs, "waiting scene") + (f" and {count(orders, 'order')}" if orders else "")
    return Outcome(
        message=f"Out of the queue: {gone}. What they would have changed in Plex is caught up when a scene is edited, "
        "or by Reconcile or Sync All Scenes."
    )


QUEUE_ORDERS: Mapping[str, Callable[[QueueOrder, sqlite3.Connection, float], Outcome]] = {
    "retry_failed": retry_failed,
    "clear_failed": clear_failed,
    "clear_queue": clear_queue,
}


def _letters(order: QueueOrder, connection: sqlite3.Connection) -> list[int | None]:
    where, values = _which(order)
    rows = connection.execute(f"SELECT scene_id FROM dead_letters WHERE {where} ORDER BY id", values)
    return [row[0] for row in rows]


def _which(order: QueueOrder) -> tuple[str, tuple[object, ...]]:
    if order.ids:
        return f"scene_id IN ({','.join('?' * len(order.ids))})", order.ids
    return ("reason = ?", (order.reason,)) if order.reason else ("1", ())


def _none_listed(order: QueueOrder) -> str:
    if order.ids:
        return f"Scene {order.ids[0]} is not on the list of failed scenes."
    which = f" for the reason {order.reason}" if order.reason else ""
    return f"No scene is on the list of failed scenes{which}."
