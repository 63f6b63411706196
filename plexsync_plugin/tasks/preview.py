"""*Preview Changes*: every scene compared with Plex, page by page; a list for a person, in the log and in a file.

Gives way to other jobs as every task does: the list so far stays in `preview.txt.part`, and the next run goes on.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from plexsync_plugin.base import stashlog
from plexsync_plugin.base.words import count
from plexsync_plugin.follow import Yielding
from plexsync_plugin.tasks.dry_run import DryRun, Finding, Value, open_dry_run
from plexsync_plugin.tasks.ground import Ground, ground_of

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
    "ItemMissing": "not in Plex",
    "Absent": "absent from Plex (setting skip_unmatched)",
    "SearchPostponed": "not looked for, to spare Plex",
    "Ambiguous": "with several items that could be meant",
    "Rejected": "refused",
    "BadScene": "that cannot be synced",
}


@dataclass(slots=True, kw_only=True)
class Place:
    """How far a run has come: what it needs to go on after giving way."""

    after: int = 0
    logged: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "Place":
        saved = args.get("place")
        if not isinstance(saved, dict):
            return cls()
        return cls(after=int(saved["after"]), logged=int(saved["logged"]), counts=Counter(saved["counts"]))

    def args(self) -> dict[str, Any]:
        return {"place": {"after": self.after, "logged": self.logged, "counts": dict(self.counts)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """All of it at once, for the command line."""

    findings: list[Finding]
    counts: Mapping[str, int]

    def lines(self) -> list[str]:
        return [line for finding in self.findings for line in lines_of(finding)]

    def document(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "scenes": [
                {
                    "scene": finding.scene_id,
                    "title": finding.title,
                    "problem": str(finding.error) if finding.error is not None else None,
                    "items": [asdict(item) for item in finding.items],
                }
                for finding in self.findings
            ],
        }


def preview_all(ground: Ground) -> Preview:
    """Raises PlexSyncError as `run_task` does."""
    with open_dry_run(ground.settings(), ground.folder, ground.clock, ground.stash.files_like) as run:
        findings = [finding for page in pages(ground, run, Place()) for finding in page]
        return Preview(findings=findings, counts=run.counts)


def run_task(document: dict[str, Any]) -> str:
    """The verdict. Raises PlexSyncError when Plex, Stash or the settings keep it from looking."""
    ground = ground_of(document)
    place = Place.read(document["args"])
    part = ground.folder.path("preview.txt.part")
    yielding = Yielding(client=ground.stash, clock=ground.clock, started=ground.clock.monotonic())
    total = ground.stash.scene_count()
    with (
        open_dry_run(ground.settings(), ground.folder, ground.clock, ground.stash.files_like) as run,
        open(part, "a" if place.after else "w", encoding="utf-8", errors="replace") as list_file,
    ):
        run.counts = place.counts
        for findings in pages(ground, run, place):
            list_file.writelines(f"{line}\n" for finding in findings for line in lines_of(finding))
            _log(findings, place)
            stashlog.write_progress(place.counts["seen"] / total if total else 1.0)
            if yielding.wanted():
                ground.stash.run_task(TASK, place.args())
                return f"{TASK}: gives way to other jobs and goes on behind them."
    path = _finish(ground, part, place.counts)
    return f"{TASK}: {summary(place.counts)} The list: {path}"


def pages(ground: Ground, run: DryRun, place: Place) -> Iterator[list[Finding]]:
    """The findings of one page of scenes after the other; `place` moves on with them."""
    while ids := ground.stash.scene_ids(place.after, PAGE):
        findings = run.look(ground.stash.scenes(ids))
        place.after = max(ids)
        yield findings


def _log(findings: list[Finding], place: Place) -> None:
    for finding in findings:
        if finding.items and place.logged < LOGGED:
            place.logged += 1
            for line in lines_of(finding):
                stashlog.write("info", line)


def _finish(ground: Ground, part: str, counts: Mapping[str, int]) -> str:
    """The counts first, then the list; in its place whole or not at all."""
    path = ground.folder.path("preview.txt")
    temporary = f"{path}.new"
    with (
        open(part, encoding="utf-8") as list_file,
        open(temporary, "w", encoding="utf-8") as file,
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


def lines_of(finding: Finding) -> list[str]:
    """For a person: scene and item, then one line per field."""
    scene = f"Scene {finding.scene_id}" + (f" ({finding.title})" if finding.title else "")
    if finding.error is not None:
        return [f"{scene}: {finding.error}"]
    found = []
    for item in finding.items:
        found.append(f"{scene}, Plex item {item.rating_key} ({item.title}):")
        found += [
            f"  {WORDS.get(change.field, change.field)}: {_change(change.now, change.would_be)}"
            for change in item.changes
        ]
    return found


def _change(now: Value, would_be: Value) -> str:
    if now == would_be:
        return f"{_shown(now)}, its lock would change"
    return f"{_shown(now)} -> {_shown(would_be)}"


def _shown(value: Value) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else " ".join(value.split())
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rstrip()}…"
    return f'"{text}"' if text else "empty"
