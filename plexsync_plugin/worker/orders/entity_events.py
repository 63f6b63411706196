"""Events of performers, studios, tags and groups, and the order *sync_recent*: scenes that become due by a query.

After an update or a merge the scenes concerned are those that Stash finds and those that showed it when they were last
synced; after a destroy Stash no longer knows them, and the latter alone are left. A studio concerns the scenes of its
children too: they may show it as their parent. Scenes that wait anyway need no second job, for a job reads its scene
when it runs; scenes that a person has undone are left alone.
"""

from collections.abc import Collection

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.jobs.census import END, Census
from plexsync_plugin.jobs.collection_posters import CollectionPosters
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.scene_entities import SceneEntities
from plexsync_plugin.jobs.store import BULK
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.worker.orders.orders import Step, StepContext

PAGE = 1_000  # scene ids per query
# The first word of an event's name -> the entity. Stash fires Movie.* beside every Group.*: once is enough.
KINDS = {"Performer": "performer", "Studio": "studio", "Tag": "tag", "Group": "group"}


def sync_scenes_concerned(order: Order, context: StepContext) -> Step:
    """One page: the scenes above the order's cursor."""
    subject, _, what = order.name.partition(".")
    kind = KINDS.get(subject)
    if kind is None or not order.ids:
        return Step(ended=True, message=f"Nothing follows from {order.name}.")
    if not order.cursor:
        CollectionPosters(context.connection).look_again(kind, order.ids)
    last, found = END, set()
    if not what.startswith("Destroy"):
        page = context.stash.scenes_showing(kind, order.ids, after=order.cursor, size=PAGE)
        last = END if page.is_last else page.last_id
        found = set(page.ids)
    found |= SceneEntities(context.connection).showing(kind, order.ids, order.cursor, last)
    added = _bump(order, context, Census(context.connection).free(found))
    return Step(cursor=last, added=added, ended=last == END)


def sync_recent(order: Order, context: StepContext) -> Step:
    """One page of the scenes that Stash has updated in the last `hours` (24); a person asked for it, so failed ones too."""
    since = context.clock.now() - 3_600.0 * float(order.args.get("hours") or 24.0)
    page = context.stash.scenes_since(since, after=order.cursor, size=PAGE)
    undone = UndoneScenes(context.connection).between(order.cursor, END)
    added = _bump(order, context, [number for number in page.ids if number not in undone])
    return Step(cursor=page.last_id, added=added, ended=page.is_last)


def _bump(order: Order, context: StepContext, scene_ids: Collection[int]) -> int:
    with transaction(context.connection):
        context.make_due(scene_ids, priority=BULK, order_id=order.id)
    return len(scene_ids)
