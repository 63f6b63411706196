"""The order *compare_scenes*: what Stash has and what Plex shows of some scenes now, kept for a person to look at. Writes nothing to
either."""

from plexsync_plugin.base.errors import ItemMissing
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core.ledger import shown, shown_alike
from plexsync_plugin.core.model import LISTS, SCALARS, Item, Scene
from plexsync_plugin.core.options import field_options
from plexsync_plugin.core.scene import desired_state
from plexsync_plugin.jobs.comparisons import ComparedField, Comparisons
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.plex import elements
from plexsync_plugin.worker.orders.orders import Step, StepContext

PAGE = 50  # scenes per step


def compare_scenes(order: Order, context: StepContext) -> Step:
    """The cursor is the number of scenes that were compared."""
    page = order.ids[order.cursor : order.cursor + PAGE]
    server, scenes = context.plex.server(), context.stash.scenes(page)
    keys = {number: context.records.matched_keys(server, number) for number in scenes}
    items = _items(context, [key for each in keys.values() for key in each])
    compared = {
        number: {key: _compared(scene, items[key], context) for key in keys[number] if key in items}
        for number, scene in scenes.items()
    }
    with transaction(context.connection):
        for number, fields in compared.items():
            Comparisons(context.connection).put(server, number, fields, context.clock.now())
    differing = sum(
        not shown_alike(field.stash, field.plex)
        for held in compared.values()
        for values in held.values()
        for field in values.values()
    )
    ended = order.cursor + PAGE >= len(order.ids)
    found = sum(len(each) for each in keys.values())
    message = "Plex has no item of it that PlexSync knows."
    if found:
        differ = "differs" if differing == 1 else "differ"
        message = f"Compared {count(found, 'item')}: {count(differing, 'field')} {differ}."
    return Step(cursor=order.cursor + len(page), ended=ended, message=message)


def _items(context: StepContext, keys: list[int]) -> dict[int, Item]:
    if not keys:
        return {}
    try:
        answer = context.plex.gateway.details(keys)
    except ItemMissing:
        return {}
    return {item.rating_key: item for item in (elements.item(each, SCALARS) for each in answer)}


def _compared(scene: Scene, item: Item, context: StepContext) -> dict[str, ComparedField]:
    desired = desired_state(scene, field_options(context.settings))
    ours = context.records.load_ledger(context.plex.server(), item.rating_key)
    return {
        name: ComparedField(
            stash=shown(value),
            plex=shown(item.lists.get(name, ()) if name in LISTS else item.scalars.get(name, "")),
            locked=name in item.locked,
        )
        for name, value in desired.items()
        if value or name in ours  # what neither has, and what Plex alone has, is no difference
    }
