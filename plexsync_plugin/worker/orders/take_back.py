"""The order *take_back*: what PlexSync wrote for scenes that are destroyed, or that the settings leave out, goes from Plex again.

With the setting `take_back` off, one sentence tells what is left there. Which scenes still count is asked of Stash at each step: one
that came back is left to its sync, and so is an item that another scene has taken over. A kill repeats the step, which changes
nothing.
"""

import logging
from collections.abc import Mapping, Sequence

from plexsync_plugin.base.errors import PlexBusy, PlexUnavailable
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core.options import scope
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.core.scene import out_of_scope
from plexsync_plugin.jobs.census import Census
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.store import BULK
from plexsync_plugin.jobs.written_items import WrittenItems
from plexsync_plugin.worker.orders.orders import Step, StepContext
from plexsync_plugin.worker.orders.undo import UndoProgress, restore

PAGE = 50  # items per step
PATIENCE = 3  # failures in a row before an item is passed over
NAMED = 5  # scenes and items in a sentence

_log = logging.getLogger(__name__)


def take_back(order: Order, context: StepContext) -> Step:
    """The cursor is the next rating key."""
    server = context.plex.server()
    written = WrittenItems(context.connection)
    failures = order.waits + order.attempts
    off = not context.settings.take_back
    limit = 1 if failures else PAGE
    items = written.items_of(server, order.ids, first=order.cursor, limit=-1 if off else limit)
    if not items:
        return Step(ended=True)
    reasons = _not_synced(order, context, sorted({scene for _, scene in items}))
    meant = {
        key: scene
        for key, scene in items
        if scene in reasons and reasons.keys() >= {scene, *written.scenes_of(server, key)}
    }
    if off:
        if meant:
            context.say("info", _left(context, server, meant, reasons))
        return Step(ended=True)
    done = _restored(context, server, list(meant), order.id, failures) if meant else []
    if done:
        scenes = sorted({meant[key] for key in done})
        context.say("info", f"Taken back in Plex, by the setting take_back: {_named(scenes, reasons)}.")
    whole = len(done) == len(meant)
    return Step(cursor=1 + (items[-1][0] if whole else max(done)))


def _restored(context: StepContext, server: str, keys: list[int], order_id: int, failures: int) -> list[int]:
    """The items that are done with; an item at which Plex fails again and again, when it is read and written singly, too."""
    try:
        return restore(context, server, keys, UndoProgress(order=order_id, of_everything=False))
    except PlexBusy:
        raise  # that is no item's fault
    except PlexUnavailable as error:
        if failures < PATIENCE:
            raise
        _log.warning("take_back passes over item=%d %s", keys[0], error)
        return keys[:1]


def _not_synced(order: Order, context: StepContext, scenes: Sequence[int]) -> dict[int, str]:
    """Those of the scenes that are not synced as Stash and the settings are now, each with the reason."""
    limits = scope(context.settings)
    found = context.stash.scenes(scenes)
    reasons = {number: out_of_scope(scene, limits) for number, scene in found.items()}
    files: Mapping[str, Sequence[str]] = order.args.get("files") or {}
    for number in scenes:
        if number not in found and not _have_heirs(order, context, files.get(str(number), ())):
            reasons[number] = "Stash has it no more"
    return {number: reason for number, reason in reasons.items() if reason}


def _have_heirs(order: Order, context: StepContext, paths: Sequence[str]) -> bool:
    """Whether a scene that is synced has one of these files now, as after a merge. It becomes due."""
    heirs = {
        scene_id
        for path in paths
        for scene_id, files in context.stash.files_like(file_name(path)).items()
        if any(file.path == path for file in files)
    }
    if not heirs:
        return False
    limits = scope(context.settings)
    synced = [
        number
        for number, scene in context.stash.scenes(sorted(heirs)).items()
        if not out_of_scope(scene, limits)
    ]
    with transaction(context.connection):
        context.make_due(Census(context.connection).free(synced), priority=BULK, order_id=order.id)
    return bool(synced)


def _left(context: StepContext, server: str, items: Mapping[int, int], reasons: Mapping[int, str]) -> str:
    """What is left in Plex, by item with its fields."""
    shown: list[str] = []
    for key in list(items)[:NAMED]:
        ledger = context.records.load_ledger(server, key)
        title = ledger["title"].wrote[-1] if "title" in ledger else f"item {key}"
        shown.append(f"{', '.join(ledger) or 'pictures'} of {title!r}")
    more = f", and what {count(len(items) - NAMED, 'more item')} show" if len(items) > NAMED else ""
    return (
        f"Not synced any more: {_named(sorted(set(items.values())), reasons)}. What PlexSync wrote stays in Plex: "
        f"{'; '.join(shown)}{more}. With the setting take_back on it would go; the task Undo takes everything back."
    )


def _named(scenes: Sequence[int], reasons: Mapping[int, str]) -> str:
    named = ", ".join(f"scene {scene} ({reasons[scene]})" for scene in scenes[:NAMED])
    return named + (f" and {len(scenes) - NAMED} more" if len(scenes) > NAMED else "")
