"""*Preview Changes*: every scene compared with Plex, page by page; a list for a person, in the log and in a file.

Gives way to other jobs as every task does: the list so far stays in `preview.txt.part`, and the next run goes on.
"""

import contextlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from plexsync_plugin.base import stashlog
from plexsync_plugin.base.errors import Absent, Ambiguous, BadScene, ItemMissing, Rejected, SearchPostponed
from plexsync_plugin.base.private_file import open_private
from plexsync_plugin.base.shown_text import one_line
from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.facts import SERVER, Facts
from plexsync_plugin.jobs.previews import PreviewedItem, PreviewWriter
from plexsync_plugin.tasks.context import TaskContext, task_context
from plexsync_plugin.tasks.dry_run import DryRun, DryRunResult, Value, open_dry_run
from plexsync_plugin.tasks.follow_order import Yielding

TASK = "Preview Changes"
PAGE = 100  # scenes per query
LOGGED = 20  # scenes named in Stash's log; all are in the file
LONGEST = 200  # characters of a value
WORDS = {
    "summary": "summary",
    "originalTitle": "original title",
    "originallyAvailableAt": "date",
    "contentRating": "content rating",
    "userRating": "rating",
    "actor": "cast",
    "genre": "genres",
    "collection": "collections",
}
_PROBLEMS = {
    ItemMissing.reason: "not in Plex",
    Absent.reason: "absent from Plex (setting skip_unmatched)",
    SearchPostponed.reason: "not looked for, to spare Plex",
    Ambiguous.reason: "with several items that could be meant",
    Rejected.reason: "refused",
    BadScene.reason: "that cannot be synced",
}


@dataclass(slots=True, kw_only=True)
class PreviewProgress:
    """How far a preview has come: what the next run needs to go on."""

    after: int = 0  # id of the last scene that was compared
    logged: int = 0  # scenes named in Stash's log
    most: int = 0  # scenes that are looked at; 0 for all
    asked: bool = False  # by the page inside Stash: it holds up no other job
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "PreviewProgress":
        saved = args.get("progress")
        if not isinstance(saved, dict):
            asked = args.get("asked") is True  # what a person types arrives as text
            return cls(most=int(args.get("limit") or 0) if asked else 0, asked=asked)
        return cls(after=int(saved["after"]), logged=int(saved["logged"]), counts=Counter(saved["counts"]))

    def args(self) -> dict[str, Any]:
        return {"progress": {"after": self.after, "logged": self.logged, "counts": dict(self.counts)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A whole preview, for the command line."""

    results: list[DryRunResult]
    counts: Mapping[str, int]

    def lines(self) -> list[str]:
        return [line for result in self.results for line in lines_of(result)]

    def document(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "scenes": [
                {
                    "scene": result.scene_id,
                    "title": result.title,
                    "problem": str(result.error) if result.error is not None else None,
                    "items": [asdict(item) for item in result.items],
                }
                for result in self.results
            ],
        }


def preview_all(context: TaskContext) -> Preview:
    """Raises PlexSyncError as `run_task` does."""
    with open_dry_run(context.settings(), context.folder, context.clock, context.stash.files_like) as run:
        results = [result for page in pages(context, run, PreviewProgress()) for result in page]
        return Preview(results=results, counts=run.counts)


def run_task(document: dict[str, Any]) -> str:
    """Compare page after page and return the verdict.

    Raises PlexSyncError when Plex, Stash or the settings prevent it.
    """
    context = task_context(document)
    progress = PreviewProgress.read(document["args"])
    part = context.folder.path("preview.txt.part")
    rows = PreviewWriter(context.folder.path("preview.db"), go_on=progress.after > 0)
    yielding = Yielding(client=context.stash, clock=context.clock, started=context.clock.monotonic())
    total = context.stash.scene_count()
    with (
        open_dry_run(context.settings(), context.folder, context.clock, context.stash.files_like) as run,
        open_private(part, "a" if progress.after else "w") as list_file,
        contextlib.closing(rows),
    ):
        run.counts = progress.counts
        for results in pages(context, run, progress):
            list_file.writelines(f"{one_line(line)}\n" for result in results for line in lines_of(result))
            rows.add(row for result in results for row in rows_of(result))
            _log(results, progress)
            stashlog.write_progress(progress.counts["seen"] / total if total else 1.0)
            if not progress.asked and yielding.wanted():
                context.stash.run_task(TASK, progress.args())
                return f"{TASK}: gives way to other jobs and goes on behind them."
        rows.finish(
            server=Facts(run.connection).fact(SERVER),
            sentence=summary(progress.counts),
            now=context.clock.now(),
        )
    path = _finish(context, part, progress.counts)
    return f"{TASK}: {summary(progress.counts)} The list: {path}"


def pages(context: TaskContext, run: DryRun, progress: PreviewProgress) -> Iterator[list[DryRunResult]]:
    """Results page by page; `progress` is brought forward with each."""
    while (size := _size(progress)) > 0 and (ids := context.stash.scene_ids(progress.after, size)):
        results = run.look(context.stash.scenes(ids))
        progress.after = max(ids)
        yield results


def _size(progress: PreviewProgress) -> int:
    """Of the next page; 0 when enough scenes were looked at."""
    return min(PAGE, progress.most - progress.counts["seen"]) if progress.most else PAGE


def _log(results: list[DryRunResult], progress: PreviewProgress) -> None:
    for result in results:
        if result.items and progress.logged < LOGGED:
            progress.logged += 1
            for line in lines_of(result):
                stashlog.write("info", line)


def _finish(context: TaskContext, part: str, counts: Mapping[str, int]) -> str:
    """Put the counts and the list into preview.txt, which is replaced as a whole; returns its path."""
    path = context.folder.path("preview.txt")
    temporary = f"{path}.new"
    with (
        open(part, encoding="utf-8") as list_file,
        open_private(temporary, "w") as file,
    ):
        file.write(f"{summary(counts)}\nPictures are not part of the preview.\n\n")
        for line in list_file:
            file.write(line)
    os.replace(temporary, path)
    os.remove(part)
    return path


def summary(counts: Mapping[str, int]) -> str:
    """One sentence: 3 of 40 scenes would change, 36 are in sync, 1 not in Plex."""
    parts = [f"{counts.get('would change', 0)} of {count(counts.get('seen', 0), 'scene')} would change"]
    parts.append(f"{counts.get('in sync', 0)} show what they should")
    if counts.get("left out"):
        parts.append(f"{counts['left out']} left out by the settings")
    parts += [f"{counts[name]} {words}" for name, words in _PROBLEMS.items() if counts.get(name)]
    return ", ".join(parts) + ". Nothing was written."


def lines_of(result: DryRunResult) -> list[str]:
    """For a person: scene and item, then one line per field."""
    scene = f"Scene {result.scene_id}" + (f" ({result.title})" if result.title else "")
    if result.error is not None:
        return [f"{scene}: {result.error}"]
    found = []
    for item in result.items:
        found.append(f"{scene}, Plex item {item.rating_key} ({item.title}):")
        found += [
            f"  {WORDS.get(change.field, change.field)}: {_change(change.now, change.would_be)}"
            for change in item.changes
        ]
    return found


def rows_of(result: DryRunResult) -> Iterator[PreviewedItem]:
    """For the page inside Stash."""
    if result.error is not None:
        yield PreviewedItem(scene_id=result.scene_id, title=result.title, problem=str(result.error))
    for item in result.items:
        yield PreviewedItem(
            scene_id=result.scene_id,
            title=result.title,
            item=item.rating_key,
            item_title=item.title,
            changes=tuple(
                (change.field, _kept(change.now), _kept(change.would_be)) for change in item.changes
            ),
        )


def _kept(value: Value) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else value
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _change(now: Value, would_be: Value) -> str:
    if now == would_be:
        return f"{_shown(now)}, its lock would change"
    return f"{_shown(now)} -> {_shown(would_be)}"


def _shown(value: Value) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else " ".join(value.split())
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rstrip()}…"
    return f'"{text}"' if text else "empty"
