"""The order *reconcile*: what fired no event is found here, page by page, first in Stash, then in Plex.

Stash's side: the state that every scene should have is compared with what was last synced, by id, path and content
hash; its `updated_at` alone would miss renames and edited performers (docs/facts/stash.md section 6). Plex's side is
`plex_differences`. What differs is put in line behind everything else and then planned like any other scene: nothing is
written here. A dry run only counts, and writes its report.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.options import field_options, scope
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.core.scene import desired_hash, desired_state, out_of_scope
from plexsync_plugin.jobs.census import END, Census
from plexsync_plugin.jobs.collection_posters import CollectionPosters
from plexsync_plugin.jobs.gone_scenes import forget_gone
from plexsync_plugin.jobs.orders import Order
from plexsync_plugin.jobs.store import BULK, RECONCILE
from plexsync_plugin.jobs.synced import Synced
from plexsync_plugin.jobs.undone import UndoneScenes
from plexsync_plugin.worker.orders import plex_differences
from plexsync_plugin.worker.orders.orders import Step, StepContext
from plexsync_plugin.worker.orders.reconcile_progress import (
    ITEMS,
    LEFT_ALONE,
    REPORT,
    SCENES,
    ReconcileProgress,
    SceneDifference,
)
from plexsync_plugin.worker.orders.take_back import give_for_libraries

PAGE = 500  # scenes in full per query
DAY = 86_400.0
RESULT = "reconcile_result"
RECONCILED = "reconciled_at"  # the fact that `by_itself.reconcile_schedule` goes by


@dataclass(slots=True, kw_only=True)
class Found:
    """What one step found. `gone` are scenes that Stash no longer has, `left_out` those that the settings leave out."""

    differences: list[SceneDifference] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)


def reconcile(order: Order, context: StepContext) -> Step:
    progress = ReconcileProgress.load(context.records, order.id, order.args)
    if progress.phase == SCENES:
        found = _compare_scenes(progress, context)
    else:
        drifted = plex_differences.compare_items(progress, context)
        found = Found(differences=[difference for difference in drifted if difference.at_rest])
    ended = progress.phase == ITEMS and progress.sections == []
    added = _keep(progress, found, context, ended=ended)
    if ended:
        return Step(added=added, ended=True, message=progress.verdict(_report(context)))
    return Step(cursor=order.cursor + 1, added=added)


def compare_plex(order: Order, context: StepContext) -> Step:
    """The second half of *Sync All Scenes*, whose scenes wait by now: what drifted in Plex must not pass for in sync.

    `args["order"]` is the id of that order.
    """
    progress = ReconcileProgress.load(context.records, order.id, {})
    drifted = plex_differences.compare_items(progress, context)
    with transaction(context.connection):
        scenes = _distrust(drifted, context)
        context.make_due(scenes, priority=BULK, order_id=int(order.args["order"]))
        progress.save(context.records)
    return Step(cursor=order.cursor + 1, added=len(scenes), ended=progress.sections == [])


def _distrust(differences: Sequence[SceneDifference], context: StepContext) -> list[int]:
    """What was last synced counts no longer where it drifted; the scenes."""
    records = context.plex.current().records
    for difference in differences:
        if difference.forget:
            records.forget_synced(difference.scene_id)
        if difference.accept:
            records.accept_listing(*difference.accept)
        if difference.candidate:
            records.add_match(difference.scene_id, difference.candidate)
    return sorted({difference.scene_id for difference in differences})


def _keep(progress: ReconcileProgress, found: Found, context: StepContext, *, ended: bool) -> int:
    """Jobs, numbers and place in one transaction, so that a kill repeats the step whole or not at all."""
    added = len({difference.scene_id for difference in found.differences})
    for difference in found.differences:
        progress.count(difference.reason)
    progress.count("put_in", added)
    progress.count("forgotten", len(found.gone))
    if progress.dry_run:
        progress.write_report(_report(context), _lines(found))
    with transaction(context.connection):
        if not progress.dry_run:
            forget_gone(
                context.connection,
                found.gone,
                ticket=f"reconcile:{progress.order}:{progress.after}",
                now=context.clock.now(),
            )
            context.plex.current().records.let_go_left_out(
                found.left_out,
                takes_back=context.settings.take_back,
                ticket=f"reconcile:{progress.order}:{progress.after}",
                now=context.clock.now(),
            )
            scenes = _distrust(found.differences, context)
            context.make_due(scenes, priority=RECONCILE, order_id=progress.order)
        progress.save(context.records)
        if ended and not progress.dry_run:
            CollectionPosters(context.connection).look_at_all_again()
            give_for_libraries(context, ticket=f"reconcile:{progress.order}")
            _remember(progress, context)
    return 0 if progress.dry_run else added


def _remember(progress: ReconcileProgress, context: StepContext) -> None:
    """For *Status*, and for the schedule."""
    context.records.set_fact(RESULT, progress.verdict(""))
    if not progress.days:
        context.records.set_fact(RECONCILED, str(context.clock.now()))


def _lines(found: Found) -> list[str]:
    return [f"scene {difference.scene_id}: {difference.text}" for difference in found.differences] + [
        f"scene {scene_id}: no longer in Stash; what is remembered of it would be forgotten"
        for scene_id in found.gone
    ]


def _report(context: StepContext) -> str:
    return os.path.join(context.folder.root, REPORT)


# --- Stash's side -----------------------------------------------------------------------------------------------


def _compare_scenes(progress: ReconcileProgress, context: StepContext) -> Found:
    since = context.clock.now() - progress.days * DAY if progress.days else None
    page = context.stash.scene_page(progress.after, PAGE, since=since)
    last = END if page.is_last else page.last_id
    census = Census(context.connection)
    comparison = Comparison.of_scenes(context, progress.after, last)
    found = Found()
    for scene in page.scenes:
        reason = comparison.reason(scene)
        progress.count("scenes")
        if reason == "left_out":
            found.left_out.append(scene.id)
        if reason in LEFT_ALONE:
            progress.count(reason)
        elif reason:
            found.differences.append(
                SceneDifference(scene_id=scene.id, reason=reason, text=_sentence(scene, reason))
            )
    if since is None:
        found.gone = _gone(progress, census, page.scenes, last)
    progress.after = last
    if page.is_last:
        progress.phase, progress.after = ITEMS, 0
    return found


def _gone(progress: ReconcileProgress, census: Census, scenes: Sequence[Scene], last: int) -> list[int]:
    """Scenes of this range that Stash no longer has: merged into others, or destroyed while nobody listened."""
    known = census.known_scenes(progress.after, last)
    if not scenes and progress.after == 0:
        if known:
            progress.problems.append("Stash lists no scene at all, so nothing was forgotten.")
        return []
    return sorted(known - {scene.id for scene in scenes})


class Comparison:
    """What a page of scenes is compared with."""

    @classmethod
    def of_scenes(cls, context: StepContext, after: int, last: int) -> Self:
        """For the scenes with ids above `after`, up to `last`."""
        return cls(
            settings=context.settings,
            synced=context.plex.current().records.synced_between(after, last),
            grounds=context.plex.grounds_between(after, last),
            states=context.store.states_between(after, last),
            undone=UndoneScenes(context.connection).between(after, last),
            partly_found=context.records.scenes_partly_found(after, last),
        )

    def __init__(
        self,
        *,
        settings: Settings,
        synced: dict[int, Synced],
        grounds: Callable[[Scene], str],
        states: dict[int, str],
        undone: set[int],
        partly_found: set[int],
    ) -> None:
        self._partly_found = partly_found
        self._grounds = grounds
        self._options = field_options(settings)
        self._scope = scope(settings)
        self._preserve = settings.preserve_plex_edits
        self._images = not (settings.skip_poster and settings.skip_background)
        self._synced = synced
        self._states = states
        self._undone = undone

    def reason(self, scene: Scene) -> str:
        """Why it is to be planned anew, or why it is left alone; "" where nothing differs."""
        if scene.id in self._undone:
            return "undone"
        if out_of_scope(scene, self._scope):
            return "left_out"
        state = self._states.get(scene.id, "done")
        if state == "dead":
            return "failed"  # what was wrong with it may be mended
        difference = self._difference(scene)
        if difference and state != "done" and not self._waits_for_a_file(scene, state):
            return "waiting" if state == "running" else state
        return difference

    def _waits_for_a_file(self, scene: Scene, state: str) -> bool:
        """Whether the job waits for another file of the scene alone, while one file has its item."""
        return state in ("waiting", "absent") and scene.id in self._partly_found

    def _difference(self, scene: Scene) -> str:
        known = self._synced.get(scene.id)
        if known is None:
            return "new"
        desired = desired_state(scene, self._options)
        digest = desired_hash(scene, desired, preserve=self._preserve, grounds=self._grounds(scene))
        if known.desired_hash != digest:
            return "changed"
        return "cover" if self._images and known.updated_at != scene.updated_at else ""


_SENTENCES = {
    "new": "was never synced, or not since it was last found changed in Plex",
    "changed": "differs from what was last synced",
    "cover": "was updated since, so its cover may be new",
    "failed": "had failed, and is tried again",
}


def _sentence(scene: Scene, reason: str) -> str:
    name = scene.title or (file_name(scene.files[0].path) if scene.files else "no title and no file")
    return f"{name!r} {_SENTENCES[reason]}"
