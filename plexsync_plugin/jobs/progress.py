"""How far the worker is with what a task put in, read from its files: never written here.

Owns what a task is told; the rows are `orders`', `store`'s, `notices`' and the inbox's.
"""

import contextlib
import sqlite3
from dataclasses import dataclass

from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.words import span
from plexsync_plugin.jobs.inbox_state import inbox_rows
from plexsync_plugin.jobs.notices import NoticeStore
from plexsync_plugin.jobs.orders import OrderState, OrderStore
from plexsync_plugin.jobs.state import read_state
from plexsync_plugin.jobs.store import JobNumbers, JobStore

SOON = 15.0  # seconds; what is tried again sooner is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an order is, or everything. `total`, `open`, `later`, `dead` and `left` are numbers of scenes."""

    taken: bool  # the order is carried out to its end
    total: int
    open: int  # due, or in hand
    later: int  # wait for a time to come
    dead: int  # on the list of failed scenes
    left: int = 0  # were put in by the order, and are another's since
    message: str = ""  # what the order says of itself when it is done
    blocked: str = ""  # the sentence of what keeps every job waiting
    refused: str = ""  # why the order was given up
    put_off: str = ""  # why it is tried again later, where that is not soon
    known: bool = True  # False: nothing tells of such an order, neither plexsync.db nor a row of the inbox

    @property
    def done(self) -> float:
        return 1.0 - self.open / self.total if self.total else 0.0

    @property
    def ended(self) -> bool:
        return bool(self.refused or self.put_off) or (self.taken and not self.open)


def read_progress(folder: DataFolder, ticket: str, now: float) -> Progress:
    """Of the order with this ticket, or with "" of everything there is. `now` in epoch seconds. Raises DatabaseError."""
    try:
        connection = read_state(folder.state)
        if connection is None:
            return Progress(taken=False, total=0, open=0, later=0, dead=0, known=False)
        with contextlib.closing(connection):
            return _read(connection, folder, ticket, now)
    except sqlite3.Error as error:
        raise DatabaseError(
            f"{folder.state} cannot be read ({error}). The worker goes on by itself; the task Status tells more."
        ) from error


def _read(connection: sqlite3.Connection, folder: DataFolder, ticket: str, now: float) -> Progress:
    order = OrderStore(connection).state_of(ticket) if ticket else None
    jobs = JobStore(connection)
    if not ticket:
        numbers, taken = jobs.numbers(now), inbox_rows(folder) == 0
    elif order is None:
        numbers, taken = JobNumbers(), False
    else:
        numbers, taken = jobs.numbers(now, order.id), order.state != "waiting"
    return Progress(
        taken=taken,
        total=numbers.total,
        open=numbers.open,
        later=numbers.later,
        dead=numbers.dead,
        left=max(0, order.total - numbers.total) if order else 0,
        message=order.message if order and order.state == "done" else "",
        blocked=NoticeStore(connection).blocking(),
        refused=order.message if order and order.state == "failed" else "",
        put_off=_put_off(order, now) if order and order.state == "waiting" else "",
        known=order is not None or not ticket or inbox_rows(folder) > 0,
    )


def _put_off(order: OrderState, now: float) -> str:
    delay = order.due_at - now
    return f"{order.message} It is tried again in {span(delay)}, by itself." if delay > SOON else ""
