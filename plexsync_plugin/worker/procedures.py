"""Which order is carried out by what: the table, and the orders that need no module of their own."""

from collections.abc import Mapping

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.store import BULK
from plexsync_plugin.worker.orders import Bench, Order, Procedure, Step

PAGE = 1_000  # scene ids per query


def sync_all(order: Order, bench: Bench) -> Step:
    """Every scene becomes due. A person asked for it, so scenes that were undone count again."""
    ids = bench.stash.scene_ids(order.cursor, PAGE)
    if not ids:
        return Step(ended=True)
    with transaction(bench.connection):
        bench.store.bump(ids, priority=BULK, now=bench.clock.now(), order_id=order.id)
        bench.connection.executemany("DELETE FROM undone WHERE scene_id = ?", [(number,) for number in ids])
    return Step(cursor=max(ids), added=len(ids))


PROCEDURES: Mapping[str, Procedure] = {
    "sync_all": Procedure(step=sync_all),
}
