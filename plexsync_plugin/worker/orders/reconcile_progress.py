"""How far a reconcile has come and what it has found: kept in plexsync.db between its steps, told in one sentence.

Kept there, so that a kill does not start it again and its numbers stay right. The report of a dry run is a text file
beside it, cut to what the kept state knows of before each step adds to it.
"""

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from plexsync_plugin.base.words import count
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.jobs.facts import Facts

FACT = "reconcile_survey"
REPORT = "reconcile.txt"

SCENES, ITEMS = "scenes", "items"  # the two phases

# What a difference may be called, and how it is counted in the verdict.
OF_SCENES = {
    "new": "new",
    "changed": "changed in Stash",
    "cover": "whose cover may be new",
    "failed": "that had failed",
}
OF_ITEMS = {
    "gone": "gone from Plex",
    "edited": "changed in Plex",
    "files": "with other files in Plex",
    "picture": "with a picture to look at in Plex",
    "place": "at the exact place of a file of a scene",
}
LEFT_ALONE = {
    "waiting": "waiting already",
    "absent": "not in Plex",
    "discarded": "taken off the list of failed scenes",
    "undone": "undone",
    "left_out": "left out by the settings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneDifference:
    """A scene to be planned anew, and why. `forget`: what was last synced is no longer to be relied on.

    `accept` is an item's rating key with the mark of its listing: if planning changes nothing about it, the same listing
    is not found again. `candidate` is an item that the scene is to be compared with besides those that it has.
    """

    scene_id: int
    reason: str
    text: str
    forget: bool = False
    accept: tuple[int, str] | None = None
    candidate: Candidate | None = None
    at_rest: bool = True  # its job does not wait already, and is not with a person


@dataclass(slots=True, kw_only=True)
class ReconcileProgress:
    """`days`: only scenes updated in so many days; 0 is all. `after` is the last id or rating key that was compared.

    `content` is Plex's count of changes of each section when the comparison began.
    `sections` are still to be listed, the first from `start` on, `size` items at a time; `failures` counts those of the
    page at hand, `ceiling` bounds its size, and `skipped` says that an item before it was left out. `report_size` is the length of the report in bytes.
    """

    order: int
    days: float = 0.0
    dry_run: bool = False
    phase: str = SCENES
    after: int = 0
    sections: list[int] | None = None
    content: dict[str, int] = field(default_factory=dict)
    start: int = 0
    size: int = 0
    failures: int = 0
    ceiling: int = 0
    skipped: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    report_size: int = 0

    @classmethod
    def load(cls, facts: Facts, order_id: int, args: Mapping[str, Any]) -> Self:
        """That of this order, as it was after its last step, or a new one."""
        kept = json.loads(facts.fact(FACT) or "{}")
        if kept.get("order") == order_id:
            return cls(**kept)
        return cls(order=order_id, days=_days(args), dry_run=_is_dry(args))

    def save(self, facts: Facts) -> None:
        facts.set_fact(FACT, json.dumps(dataclasses.asdict(self), ensure_ascii=False))

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by

    def write_report(self, path: str, lines: Iterable[str]) -> None:
        """Add lines; what a killed step had added is written over."""
        data = "".join(f"{line}\n" for line in lines).encode()
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            file.truncate(self.report_size)
            file.seek(self.report_size)
            file.write(data)
        self.report_size += len(data)

    def verdict(self, report: str) -> str:
        """For a person. `report` is the path of a dry run's report."""
        found = [
            f"{count(self._number('scenes'), 'scene')} compared: {self._sum(OF_SCENES)}"
            + (f", {self._number('forgotten')} no longer in Stash" if self._number("forgotten") else "")
            + ".",
            f"{count(self._number('items'), 'Plex item')} compared: {self._sum(OF_ITEMS)}.",
        ]
        left = [f"{self.counts[name]} {words}" for name, words in LEFT_ALONE.items() if self._number(name)]
        if left:
            found.append(f"Left alone: {', '.join(left)}.")
        found += self.problems
        put_in = count(self._number("put_in"), "scene")
        if self.dry_run:
            found.append(f"Nothing was changed; {put_in} would be synced again. The list is in {report}.")
        elif self._number("put_in"):
            found.append(f"Synced again: {put_in}.")
        return " ".join(found)

    def _sum(self, reasons: Mapping[str, str]) -> str:
        parts = [f"{self.counts[name]} {words}" for name, words in reasons.items() if self._number(name)]
        differing = sum(self._number(name) for name in reasons)
        return f"{differing} to look at ({', '.join(parts)})" if parts else "nothing differs"

    def _number(self, name: str) -> int:
        return self.counts.get(name, 0)


def _days(args: Mapping[str, Any]) -> float:
    """Defaults of PlexSync.yml arrive as text."""
    try:
        return max(float(args.get("days") or 0), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _is_dry(args: Mapping[str, Any]) -> bool:
    return str(args.get("dry_run") or "").lower() in ("true", "1", "yes", "on")
