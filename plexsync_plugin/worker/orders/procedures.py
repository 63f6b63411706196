"""Which order is carried out by what: the table, and the orders that need no module of their own."""

from collections.abc import Mapping

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.jobs.census import Census
from plexsync_plugin.jobs.choices import ChoiceStore
from plexsync_plugin.jobs.gone_scenes import TAKE_BACK
from plexsync_plugin.jobs.orders import Order, OrderStore
from plexsync_plugin.jobs.store import BULK, PERSON
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.worker.orders.add_rule import add_rule
from plexsync_plugin.worker.orders.changed_values import ORDER, count_differences
from plexsync_plugin.worker.orders.choose import choose_item
from plexsync_plugin.worker.orders.compare_scenes import compare_scenes
from plexsync_plugin.worker.orders.entity_events import sync_recent, sync_scenes_concerned
from plexsync_plugin.worker.orders.import_plays import import_plays
from plexsync_plugin.worker.orders.list_libraries import list_libraries
from plexsync_plugin.worker.orders.orders import Procedure, Step, StepContext
from plexsync_plugin.worker.orders.reconcile import compare_plex, reconcile
from plexsync_plugin.worker.orders.take_back import take_back
from plexsync_plugin.worker.orders.undo import undo_all

PAGE = 1_000  # scene ids per query
FILES = 50  # per step, one query each


def sync_all(order: Order, context: StepContext) -> Step:
    """Every scene becomes due. A person asked for it, so scenes that were undone before count again.

    Each is planned anew with its items as they are now, unless the order's argument `force` is false: then what is in sync is
    passed over. What has changed in Plex is compared next, before the first of them: an order goes before bulk work.
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
        if is_forced(order):
            context.records.distrust(wanted)
        context.store.bump(wanted, priority=BULK, now=context.clock.now(), order_id=order.id)
        undone.drop(wanted)
    return Step(cursor=max(ids), added=len(wanted))


def sync_scenes(order: Order, context: StepContext) -> Step:
    """The scenes that the order names become due, as a person's edit would make them."""
    with transaction(context.connection):
        if is_forced(order):
            context.records.distrust(order.ids)
        context.store.bump(order.ids, priority=PERSON, now=context.clock.now(), order_id=order.id)
        UndoneScenes(context.connection).drop(order.ids)
    return Step(ended=True, added=len(order.ids), message=f"Put in line: {count(len(order.ids), 'scene')}.")


def find_heirs(order: Order, context: StepContext) -> Step:
    """The files of scenes that were destroyed: a scene that has one of them now, as after a merge, is due. One page of files."""
    paths = [str(path) for path in order.args.get("paths") or ()]
    page = paths[order.cursor : order.cursor + FILES]
    owners = {path: _owners(context, path) for path in page}
    heirs = {scene_id for each in owners.values() for scene_id in each}
    with transaction(context.connection):
        ChoiceStore(context.connection).drop_ended(path for path in page if not owners[path])
        context.make_due(Census(context.connection).free(heirs), priority=BULK, order_id=order.id)
    cursor = order.cursor + len(page)
    return Step(cursor=cursor, added=len(heirs), ended=cursor >= len(paths))


def _owners(context: StepContext, path: str) -> list[int]:
    found = context.stash.files_like(file_name(path))
    return [scene_id for scene_id, files in found.items() if any(file.path == path for file in files)]


def is_forced(order: Order) -> bool:
    """Arguments of a task arrive as text."""
    return str(order.args.get("force", True)).lower() not in ("false", "0", "no", "off")


PROCEDURES: Mapping[str, Procedure] = {
    "sync_all": Procedure(step=sync_all),
    "sync_scenes": Procedure(step=sync_scenes),
    "choose": Procedure(step=choose_item, needs_plex=True),
    "add_rule": Procedure(step=add_rule),
    "list_libraries": Procedure(step=list_libraries, needs_plex=True),
    "compare_scenes": Procedure(step=compare_scenes, needs_plex=True),
    "find_heirs": Procedure(step=find_heirs),
    "compare_plex": Procedure(step=compare_plex, needs_plex=True),
    "entity": Procedure(step=sync_scenes_concerned),
    "sync_recent": Procedure(step=sync_recent),
    ORDER: Procedure(step=count_differences, needs_plex=True, behind_bulk=True),
    "import_plays": Procedure(step=import_plays, needs_plex=True, behind_bulk=True),
    "reconcile": Procedure(step=reconcile, needs_plex=True, behind_bulk=True),
    TAKE_BACK: Procedure(step=take_back, needs_plex=True),
    "undo": Procedure(step=undo_all, needs_plex=True, behind_bulk=True),
}
