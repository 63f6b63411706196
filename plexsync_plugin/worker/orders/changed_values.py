"""After a setting that changes what Plex is to show, a person is told how many scenes differ by it: nothing else would say so.

The settings that were worked by last are kept, so that a change is seen across a restart too. The scenes are counted by the
order *count_differences*, a page of Stash's scenes a step; Plex is asked nothing and nothing is put in line.
"""

import json
from collections.abc import Mapping

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.words import count
from plexsync_plugin.core.collection_poster import pictured_collections
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.options import SWITCHES
from plexsync_plugin.core.picture import PictureOptions, picture_options
from plexsync_plugin.jobs.census import END
from plexsync_plugin.jobs.covers import SceneCovers
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.worker.orders.orders import Orders, Step, StepContext
from plexsync_plugin.worker.orders.reconcile import Comparison
from plexsync_plugin.worker.pictures.fit_cover import pillow_is_there

ORDER = "count_differences"
FIELDS = ("title_format", "sort_title", "ignore_tags", "collections", "content_rating", *SWITCHES)
PICTURES = ("portrait_posters", "skip_poster", "skip_background")
PHOTOS = "performer_photos"
POSTERS = "collection_posters"
FACT = "value_settings"  # "values" by setting as they are now, and the names that have "changed" and were not told of yet
PAGE = 500  # scenes in full per query


class ChangedValues:
    def __init__(self, facts: Facts, orders: Orders, clock: Clock) -> None:
        self._facts = facts
        self._orders = orders
        self._clock = clock

    def look(self, settings: Settings) -> None:
        """Have the scenes counted where a setting of values is another than it was when this was called last."""
        kept = json.loads(self._facts.fact(FACT) or "{}")
        before: Mapping[str, str] = kept.get("values") or {}
        values = _values(settings)
        names = [name for name, value in values.items() if before.get(name, value) != value]
        changed = list(dict.fromkeys([*kept.get("changed", ()), *names]))
        self._facts.set_fact(FACT, json.dumps({"values": values, "changed": changed}))
        if names and not self._orders.waits(ORDER):
            self._orders.give(ORDER, {}, ticket=f"{ORDER}:{self._clock.now():.3f}")


def _values(settings: Settings) -> dict[str, str]:
    return {name: repr(getattr(settings, name)) for name in (*FIELDS, *PICTURES, PHOTOS, POSTERS)}


def count_differences(order: Order, context: StepContext) -> Step:
    """One page: the scenes above the order's cursor. Begins anew where the settings have changed again."""
    kept = json.loads(context.records.fact(FACT) or "{}")
    values = _values(context.settings)
    goes_on = kept.get("order") == order.id and kept.get("counted_by") == values
    after, differ = (order.cursor, kept["differ"]) if goes_on else (0, 0)
    page = context.stash.scene_page(after, PAGE)
    changed = kept.get("changed", [])
    differ += _differing(context, page.scenes, after, END if page.is_last else page.last_id, changed)
    kept |= {"order": order.id, "counted_by": values, "differ": differ}
    if not page.is_last:
        context.records.set_fact(FACT, json.dumps(kept))
        return Step(cursor=page.last_id)
    context.records.set_fact(FACT, json.dumps({"values": values, "changed": []}))
    sentence = (
        f"Settings have changed ({', '.join(changed)}), and {count(differ, 'scene')} would show something else in Plex by them. "
        "The task Sync All Scenes carries it over; else each scene follows with its next edit or Reconcile."
    )
    if differ:
        context.say("info", sentence)
    return Step(ended=True, message=sentence if differ else "No scene differs by the changed settings.")


def _differing(
    context: StepContext, scenes: tuple[Scene, ...], after: int, last: int, changed: list[str]
) -> int:
    """How many of these, in sync until now, would be written otherwise."""
    comparison = Comparison.of_scenes(context, after, last)
    options = picture_options(context.settings, can_compose=pillow_is_there())
    pictures = not set(PICTURES).isdisjoint(changed)
    photos = PHOTOS in changed and context.settings.performer_photos and not context.settings.skip_performers
    posters = POSTERS in changed and context.settings.collection_posters
    covers = SceneCovers(context.connection)
    found = 0
    for scene in scenes:
        reason = comparison.reason(scene)
        at_rest = reason == "" or reason == "cover"
        found += reason == "changed" or (
            at_rest
            and (
                (photos and bool(scene.performers))
                or (pictures and _shows_other(covers, options, scene))
                or (posters and bool(pictured_collections(scene, context.settings.collections)))
            )
        )
    return found


def _shows_other(covers: SceneCovers, options: PictureOptions, scene: Scene) -> bool:
    """Whether the scene's cover would be asked for again by these settings."""
    cover = covers.cover(scene.id)
    return bool(options.slots) and (cover is None or (cover.wanted != options.text and not cover.stand_in))
