"""Work that is not about one scene: commands of a person. Carried out page by page, so that a kill loses a page."""

import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.store import BULK, JobStore
from plexsync_plugin.stash.client import StashClient

PAGE = 1_000  # scene ids per query

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    id: int
    name: str
    ids: tuple[int, ...]
    cursor: int


class Orders:
    def __init__(self, connection: sqlite3.Connection, store: JobStore, clock: Clock) -> None:
        self._connection = connection
        self._store = store
        self._clock = clock

    def next(self) -> Order | None:
        row = self._connection.execute(
            "SELECT id, name, ids, cursor FROM orders WHERE state = 'waiting' ORDER BY id LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        return Order(id=row["id"], name=row["name"], ids=tuple(json.loads(row["ids"])), cursor=row["cursor"])

    def carry_out(self, order: Order, client: StashClient) -> None:
        """One step of it; call again while it waits. Raises what the Stash client raises."""
        step = self._steps().get(order.name)
        if step is None:
            _log.warning("order of an unknown kind: %s", order.name)
            self._end(order, "failed", f"This version of PlexSync does not know the order {order.name!r}.")
            return
        step(order, client)

    def _steps(self) -> dict[str, Callable[[Order, StashClient], None]]:
        return {"sync_all": self._sync_all}

    def _sync_all(self, order: Order, client: StashClient) -> None:
        ids = client.scene_ids(order.cursor, PAGE)
        if not ids:
            self._end(order, "done", "")
            return
        with transaction(self._connection):
            self._store.bump(ids, priority=BULK, now=self._clock.now(), order_id=order.id)
            self._connection.execute(
                "UPDATE orders SET cursor = ?, total = total + ? WHERE id = ?", (max(ids), len(ids), order.id)
            )

    def _end(self, order: Order, state: str, message: str) -> None:
        self._connection.execute(
            "UPDATE orders SET state = ?, message = ?, ended_at = ? WHERE id = ?",
            (state, message, self._clock.now(), order.id),
        )
