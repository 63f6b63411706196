"""The order *take_back*: what PlexSync wrote for scenes that are destroyed, or that the settings leave out, goes from Plex again;
and so does what it wrote in libraries that the setting plex_library does not name any more, where the order says so.

With the setting `take_back` off, one sentence tells what is left there. Which scenes still count is asked of Stash at each step: one
that came back is left to its sync, and so is an item that another scene has taken over. A kill repeats the step, which changes
nothing.
"""

import json
import logging
from collections.abc import Mapping, Sequence

from plexsync_plugin.base.errors import PlexBusy, PlexUnavailable
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.words import count
from plexsync_plugin.core.options import scope
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.core.scene import out_of_scope
from plexsync_plugin.jobs.census import Census
from plexsync_plugin.jobs.gone_scenes import TAKE_BACK
from plexsync_plugin.jobs.orders import Order, OrderStore
from plexsync_plugin.jobs.store import BULK
from plexsync_plugin.jobs.written_items import WrittenItems
from plexsync_plugin.worker.orders.orders import Step, StepContext
from plexsync_plugin.worker.orders.undo import UndoProgress, restore

PAGE = 50  # items per step
PATIENCE = 3  # failures in a row before an item is passed over
NAMED = 5  # scenes and items in a sentence
LEFT_LIBRARIES = "left_libraries"  # per server: the libraries left out that a person was told of

_log = logging.getLogger(__name__)


def take_back(order: Order, context: StepContext) -> Step:
    """The cursor is the next rating key."""
    server = context.plex.server()
    failures = order.waits + order.attempts
    off = not context.settings.take_back
    limit = -1 if off else 1 if failures else PAGE
    find = _of_libraries if order.args.get("libraries") else _of_scenes
    items, meant, reasons = find(order, context, server, limit)
    if not items:
        return Step(ended=True)
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


Found = tuple[list[tuple[int, int]], dict[int, int], dict[int, str]]  # see `_of_scenes`


def _of_scenes(order: Order, context: StepContext, server: str, limit: int) -> Found:
    """The next items of the order's scenes, each with its scene; those that are to be given back; and why, by scene."""
    written = WrittenItems(context.connection)
    items = written.items_of(server, order.ids, first=order.cursor, limit=limit)
    reasons = _not_synced(order, context, sorted({scene for _, scene in items})) if items else {}
    meant = {
        key: scene
        for key, scene in items
        if scene in reasons and reasons.keys() >= {scene, *written.scenes_of(server, key)}
    }
    return items, meant, reasons


def _of_libraries(order: Order, context: StepContext, server: str, limit: int) -> Found:
    """The same of the items in libraries of Plex that the settings of now leave out."""
    sections = libraries_left_out(context)
    items = WrittenItems(context.connection).items_in(server, sections, first=order.cursor, limit=limit)
    reason = "its item is in a library that the setting plex_library does not name"
    return items, dict(items), {scene: reason for _, scene in items}


def libraries_left_out(context: StepContext) -> list[int]:
    """Sections that Plex has and that sync may not write to, where the setting plex_library names any."""
    if not context.settings.plex_library:
        return []
    allowed = {section.key for section in context.plex.current().finder.sections()}
    return [section.key for section in context.plex.gateway.sections() if section.key not in allowed]


def give_for_libraries(context: StepContext, *, ticket: str) -> None:
    """Put in the order about items in libraries that are left out now. Where nothing is taken back, a person is told once
    for each setting. Call it inside a transaction."""
    server, sections = context.plex.server(), libraries_left_out(context)
    fact = f"{LEFT_LIBRARIES}:{server}"
    known, found = context.records.fact(fact), json.dumps(sorted(sections))
    if not WrittenItems(context.connection).items_in(server, sections, first=0, limit=1):
        return
    if context.settings.take_back or known != found:
        args = {"libraries": True, "ticket": ticket}
        OrderStore(context.connection).add(
            f"{TAKE_BACK}:libraries:{ticket}",
            kind="command",
            name=TAKE_BACK,
            ids=(),
            args=args,
            now=context.clock.now(),
        )
        context.records.set_fact(fact, found)


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
