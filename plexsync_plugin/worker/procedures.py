"""Which order is carried out by what: the table, and the orders that need no module of their own."""

from collections.abc import Mapping

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.store import BULK
from plexsync_plugin.worker.entities import sync_recent, sync_scenes_concerned
from plexsync_plugin.worker.orders import Bench, Order, Orders, Procedure, Step
from plexsync_plugin.worker.reconcile import compare_plex, reconcile
from plexsync_plugin.worker.undo import undo_all

PAGE = 1_000  # scene ids per query


def sync_all(order: Order, bench: Bench) -> Step:
    """Every scene becomes due. A person asked for it, so scenes that were undone before count again.

    What has changed in Plex is compared next, before the first of them: an order goes before bulk work.
    """
    ids = bench.stash.scene_ids(order.cursor, PAGE)
    if not ids:
        orders = Orders(bench.connection, {}, bench.clock)
        orders.give("compare_plex", {"order": order.id}, ticket=f"compare_plex:{order.id}")
        return Step(ended=True)
    rows = bench.connection.execute("SELECT scene_id FROM undone WHERE undone_at > ?", (order.at,))
    undone_since = {row[0] for row in rows}
    wanted = [number for number in ids if number not in undone_since]
    with transaction(bench.connection):
        bench.store.bump(wanted, priority=BULK, now=bench.clock.now(), order_id=order.id)
        bench.connection.executemany(
            "DELETE FROM undone WHERE scene_id = ?", [(number,) for number in wanted]
        )
    return Step(cursor=max(ids), added=len(wanted))


PROCEDURES: Mapping[str, Procedure] = {
    "sync_all": Procedure(step=sync_all),
    "compare_plex": Procedure(step=compare_plex, needs_plex=True),
    "entity": Procedure(step=sync_scenes_concerned),
    "sync_recent": Procedure(step=sync_recent),
    "reconcile": Procedure(step=reconcile, needs_plex=True),
    "undo": Procedure(step=undo_all, needs_plex=True),
}
