"""Which order is carried out by what: the table, and the orders that need no module of their own."""

from collections.abc import Mapping

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.orders import Order, OrderStore
from plexsync_plugin.jobs.store import BULK
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.worker.orders.changed_values import ORDER, count_differences
from plexsync_plugin.worker.orders.entity_events import sync_recent, sync_scenes_concerned
from plexsync_plugin.worker.orders.orders import Procedure, Step, StepContext
from plexsync_plugin.worker.orders.reconcile import compare_plex, reconcile
from plexsync_plugin.worker.orders.undo import undo_all

PAGE = 1_000  # scene ids per query


def sync_all(order: Order, context: StepContext) -> Step:
    """Every scene becomes due. A person asked for it, so scenes that were undone before count again.

    What has changed in Plex is compared next, before the first of them: an order goes before bulk work.
    """
    ids = context.stash.scene_ids(order.cursor, PAGE)
    if not ids:
        OrderStore(context.connection).add(
            f"compare_plex:{order.id}",
            kind="command",
            name="compare_plex",
            ids=(),
            args={"order": order.id},
            now=context.clock.now(),
        )
        return Step(ended=True)
    undone = UndoneScenes(context.connection)
    undone_since = undone.since(order.at)
    wanted = [number for number in ids if number not in undone_since]
    with transaction(context.connection):
        context.store.bump(wanted, priority=BULK, now=context.clock.now(), order_id=order.id)
        undone.drop(wanted)
    return Step(cursor=max(ids), added=len(wanted))


PROCEDURES: Mapping[str, Procedure] = {
    "sync_all": Procedure(step=sync_all),
    "compare_plex": Procedure(step=compare_plex, needs_plex=True),
    "entity": Procedure(step=sync_scenes_concerned),
    "sync_recent": Procedure(step=sync_recent),
    ORDER: Procedure(step=count_differences, needs_plex=True, behind_bulk=True),
    "reconcile": Procedure(step=reconcile, needs_plex=True, behind_bulk=True),
    "undo": Procedure(step=undo_all, needs_plex=True, behind_bulk=True),
}
