"""The order *reconcile*: what fired no event is found here, page by page, first in Stash, then in Plex.

Stash's side: the state that every scene should have is compared with what was last synced, by id, path and content
hash; its `updated_at` alone would miss renames and edited performers (facts/stash.md section 6). Plex's side is
`worker.drift`. What differs is put in line behind everything else and then planned like any other scene: nothing is
written here. A dry run only counts, and writes its report.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.options import field_options, scope
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.core.scene import desired_hash, desired_state, out_of_scope
from plexsync_plugin.jobs.census import END, Census, Synced
from plexsync_plugin.jobs.store import BULK, RECONCILE
from plexsync_plugin.worker import drift
from plexsync_plugin.worker.orders import Bench, Order, Step
from plexsync_plugin.worker.survey import ITEMS, LEFT_ALONE, REPORT, SCENES, Finding, Survey

PAGE = 500  # scenes in full per query
DAY = 86_400.0
RESULT = "reconcile_result"
RECONCILED = "reconciled_at"  # the fact that worker.schedule goes by


@dataclass(slots=True, kw_only=True)
class Found:
    """What one step found. `gone` are scenes that Stash no longer has."""

    findings: list[Finding] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def reconcile(order: Order, bench: Bench) -> Step:
    survey = Survey.load(bench.records, order.id, order.args)
    server = bench.plex.server()
    if survey.phase == SCENES:
        found = _compare_scenes(survey, bench, server)
    else:
        drifted = drift.compare_items(survey, bench, server)
        found = Found(findings=[finding for finding in drifted if finding.at_rest])
    ended = survey.phase == ITEMS and survey.sections == []
    added = _keep(survey, found, bench, server, ended=ended)
    if ended:
        return Step(added=added, ended=True, message=survey.verdict(_report(bench)))
    return Step(cursor=order.cursor + 1, added=added)


def compare_plex(order: Order, bench: Bench) -> Step:
    """The second half of *Sync All Scenes*, whose scenes wait by now: what drifted in Plex must not pass for in sync.

    `args["order"]` is the id of that order.
    """
    survey = Survey.load(bench.records, order.id, {})
    server = bench.plex.server()
    drifted = drift.compare_items(survey, bench, server)
    with transaction(bench.connection):
        scenes = _distrust(drifted, bench, server)
        bench.store.bump(scenes, priority=BULK, now=bench.clock.now(), order_id=int(order.args["order"]))
        survey.save(bench.records)
    return Step(cursor=order.cursor + 1, added=len(scenes), ended=survey.sections == [])


def _distrust(findings: Sequence[Finding], bench: Bench, server: str) -> list[int]:
    """What was last synced counts no longer where it drifted; the scenes."""
    census = Census(bench.connection)
    for finding in findings:
        if finding.forget:
            bench.records.forget_synced(server, finding.scene_id)
        if finding.accept:
            census.accept(server, *finding.accept)
    return sorted({finding.scene_id for finding in findings})


def _keep(survey: Survey, found: Found, bench: Bench, server: str, *, ended: bool) -> int:
    """Jobs, numbers and place in one transaction, so that a kill repeats the step whole or not at all."""
    added = len({finding.scene_id for finding in found.findings})
    for finding in found.findings:
        survey.count(finding.reason)
    survey.count("put_in", added)
    survey.count("forgotten", len(found.gone))
    if survey.dry_run:
        survey.write_report(_report(bench), _lines(found))
    with transaction(bench.connection):
        if not survey.dry_run:
            bench.store.forget(found.gone)
            scenes = _distrust(found.findings, bench, server)
            bench.store.bump(scenes, priority=RECONCILE, now=bench.clock.now(), order_id=survey.order)
        survey.save(bench.records)
        if ended and not survey.dry_run:
            _remember(survey, bench)
    return 0 if survey.dry_run else added


def _remember(survey: Survey, bench: Bench) -> None:
    """For *Status*, and for the schedule."""
    bench.records.set_fact(RESULT, survey.verdict(""))
    if not survey.days:
        bench.records.set_fact(RECONCILED, str(bench.clock.now()))


def _lines(found: Found) -> list[str]:
    return [f"scene {finding.scene_id}: {finding.text}" for finding in found.findings] + [
        f"scene {scene_id}: no longer in Stash; what is remembered of it would be forgotten"
        for scene_id in found.gone
    ]


def _report(bench: Bench) -> str:
    return os.path.join(bench.folder.root, REPORT)


# --- Stash's side -----------------------------------------------------------------------------------------------


def _compare_scenes(survey: Survey, bench: Bench, server: str) -> Found:
    since = bench.clock.now() - survey.days * DAY if survey.days else None
    page = bench.stash.scene_page(survey.after, PAGE, since=since)
    last = END if page.is_last else page.last_id
    census = Census(bench.connection)
    comparison = _Comparison(
        settings=bench.settings,
        synced=census.synced(server, survey.after, last),
        states=census.job_states(survey.after, last),
        undone=census.undone(survey.after, last),
    )
    found = Found()
    for scene in page.scenes:
        reason = comparison.reason(scene)
        survey.count("scenes")
        if reason in LEFT_ALONE:
            survey.count(reason)
        elif reason:
            found.findings.append(Finding(scene_id=scene.id, reason=reason, text=_sentence(scene, reason)))
    if since is None:
        found.gone = _gone(survey, census, page.scenes, last)
    survey.after = last
    if page.is_last:
        survey.phase, survey.after = ITEMS, 0
    return found


def _gone(survey: Survey, census: Census, scenes: Sequence[Scene], last: int) -> list[int]:
    """Scenes of this range that Stash no longer has: merged into others, or destroyed while nobody listened."""
    known = census.known_scenes(survey.after, last)
    if not scenes and survey.after == 0:
        if known:
            survey.problems.append("Stash lists no scene at all, so nothing was forgotten.")
        return []
    return sorted(known - {scene.id for scene in scenes})


class _Comparison:
    """What a page of scenes is compared with."""

    def __init__(
        self, *, settings: Settings, synced: dict[int, Synced], states: dict[int, str], undone: set[int]
    ) -> None:
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
        difference = self._difference(scene)
        state = self._states.get(scene.id, "done")
        if difference and state != "done":
            return "waiting" if state == "running" else state
        return difference

    def _difference(self, scene: Scene) -> str:
        known = self._synced.get(scene.id)
        if known is None:
            return "new"
        desired = desired_state(scene, self._options)
        if known.desired_hash != desired_hash(scene, desired, preserve=self._preserve):
            return "changed"
        return "cover" if self._images and known.updated_at != scene.updated_at else ""


_SENTENCES = {
    "new": "was never synced, or not since it was last found changed in Plex",
    "changed": "differs from what was last synced",
    "cover": "was updated since, so its cover may be new",
}


def _sentence(scene: Scene, reason: str) -> str:
    name = scene.title or (file_name(scene.files[0].path) if scene.files else "no title and no file")
    return f"{name!r} {_SENTENCES[reason]}"
