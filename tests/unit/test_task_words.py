"""Verdicts, status lines, and what keeps a task from giving way: sentences made of known numbers."""

from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from plexsync_plugin.answers.advice import advice
from plexsync_plugin.answers.status import Status, status_lines
from plexsync_plugin.base.rules import parse_path_map
from plexsync_plugin.base.words import span
from plexsync_plugin.core.model import Section
from plexsync_plugin.jobs.notices import Notice
from plexsync_plugin.jobs.outages import Outage
from plexsync_plugin.jobs.progress import Progress
from plexsync_plugin.jobs.report import Report
from plexsync_plugin.tasks.follow_order import OWN_JOBS, QUEUE_EVERY, YIELD_AFTER, Yielding, verdict
from plexsync_plugin.tasks.setup.check_plex import rule_lines
from plexsync_plugin.worker.orders.queue_orders import CLEARED
from tests.clocks import HandClock
from tests.sim.process import ROOT

PLUGIN: dict[str, Any] = yaml.safe_load((ROOT / "PlexSync.yml").read_text(encoding="utf-8"))


def progress(**numbers: Any) -> Progress:
    return Progress(**{"taken": True, "total": 0, "open": 0, "later": 0, "dead": 0, **numbers})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (progress(total=1), "1 of 1 scene in sync."),
        (
            progress(total=10, later=2, dead=1),
            "7 of 10 scenes in sync, 2 waiting for a later try, 1 on the list of failed scenes (task Status).",
        ),
        (progress(message="40 scenes compared.", total=2), "40 scenes compared. 2 of 2 scenes in sync."),
        (progress(message="Nothing was waiting."), "Nothing was waiting."),
        (progress(refused=CLEARED), CLEARED),
        (
            progress(total=3, left=4),
            "3 of 3 scenes in sync, 4 taken out of the queue or over by another task.",
        ),
        (progress(total=5, later=5, blocked="Plex is away."), "5 scenes wait. Plex is away."),
        (progress(total=5, blocked="Plex is away."), "5 of 5 scenes in sync."),
        (progress(taken=False), "The order is stored; the worker has not come to it yet."),
    ],
)
def test_verdict_counts_what_became_of_the_scenes(given: Progress, sentence: str) -> None:
    assert verdict(given, enabled=True) == sentence


def test_verdict_of_a_plugin_that_is_off_tells_who_waits() -> None:
    assert (
        verdict(progress(taken=False), enabled=False)
        == "PlexSync is switched off (setting enabled); 0 scenes wait. What was ordered is done once it is switched on again, "
        "unless Clear Queue takes it out."
    )


@dataclass
class Queue:
    """The part of StashClient that `Yielding` asks."""

    jobs: list[dict[str, Any]]
    asked: list[float] = field(default_factory=list)

    def job_queue(self) -> list[dict[str, Any]]:
        self.asked.append(0.0)
        return self.jobs


def yielding(clock: HandClock, *jobs: tuple[str, str]) -> tuple[Yielding, Queue]:
    queue = Queue([{"id": "1", "status": status, "description": text} for status, text in jobs])
    return Yielding(client=queue, clock=clock, started=clock.time), queue  # type: ignore[arg-type]


def test_task_gives_way_to_a_waiting_job_of_somebody_else_after_a_minute() -> None:
    clock = HandClock()
    asking, queue = yielding(
        clock, ("RUNNING", "Running plugin task: Sync All Scenes"), ("READY", "Scanning...")
    )
    assert (asking.wanted(), queue.asked) == (False, [])
    clock.time += YIELD_AFTER
    assert asking.wanted()


def test_task_asks_for_the_queue_at_most_every_few_seconds() -> None:
    clock = HandClock()
    asking, queue = yielding(clock)
    clock.time += YIELD_AFTER
    for _ in range(10):
        assert not asking.wanted()
    assert len(queue.asked) == 1
    clock.time += QUEUE_EVERY
    assert not asking.wanted()
    assert len(queue.asked) == 2


def test_task_does_not_give_way_to_its_own_kind_nor_to_what_has_ended() -> None:
    clock = HandClock()
    own = [("READY", f"Running plugin task: {task['name']}") for task in PLUGIN["tasks"]]
    asking, _ = yielding(clock, *own, ("CANCELLED", "Scanning..."))
    clock.time += YIELD_AFTER
    assert not asking.wanted()


def test_every_task_of_the_page_is_known_as_an_own_job() -> None:
    assert {f"Running plugin task: {task['name']}" for task in PLUGIN["tasks"]} == set(OWN_JOBS)


def status(**report: Any) -> Status:
    return Status(report=Report(**report), inbox=0, indexed_at="")


def test_status_tells_outages_reasons_rules_and_times() -> None:
    report: dict[str, Any] = {
        "waiting": 3, "missing": 1, "dead": 2, "synced": 9, "next_due": 1_090.0, "undone": 1, "orders": ("reconcile",),
        "outages": (Outage(started_at=0.0, ended_at=180.0, cause="Plex at x cannot be reached.", jobs_waiting=5),),
        "reasons": (("Ambiguous", 2),),
        "dead_letters": ({"scene_id": 4, "reason": "Ambiguous", "message": "Several.", "candidates": ["a (/a)", "b (/b)"]},),
        "learned_paths": ({"stash": "/data", "plex": "/media", "hits": 3},),
        "facts": (("reconcile_result", "Nothing differs."), ("reconciled_at", "1000.0")),
    }  # fmt: skip
    assert status_lines(status(**report), 1_060.0) == [
        "In sync: 9 scenes. Waiting: 3 (1 of them for Plex to show their file). In hand: 0. Failed: 2.",
        "The next is due in 30 seconds.",
        "To be carried out: reconcile.",
        "Undone, and left alone until they are edited or everything is synced: 1 scene.",
        "Outage of 3 minutes from 1970-01-01T00:00:00Z, 5 scenes waited at its beginning: Plex at x cannot be reached.",
        f"Failed, Ambiguous: 2 entries. {advice('Ambiguous')}",
        "  Scene 4: Several. Could be: a (/a); b (/b).",
        "Learned: /data => /media (3 files)",
        "Last index: none yet; run Index Plex Library.",
        "Last reconcile: 1 minute ago. Nothing differs.",
    ]


def test_status_names_an_order_once_however_often_it_was_given() -> None:
    lines = status_lines(status(orders=("preview", "undo", "preview", "preview")), 0.0)
    assert "To be carried out: preview (3 times), undo." in lines


def test_status_during_an_outage_says_since_when() -> None:
    outage = Outage(started_at=0.0, ended_at=None, cause="It is busy.", jobs_waiting=1)
    notice = Notice(level="warning", text="Plex is away: it is busy.", blocking=True)
    lines = status_lines(status(breaker="open", outages=(outage,), notices=(notice,)), 7_300.0)
    assert lines[1:3] == [
        "Plex is away; PlexSync looks for it every minute and goes on by itself.",
        "Outage since 1970-01-01T00:00:00Z (2 hours), 1 scene waited at its beginning: It is busy.",
    ]
    assert notice.text not in lines, "said once"


def test_status_tells_a_notice_that_blocks_for_another_reason() -> None:
    notice = Notice(level="error", text="Plex does not accept the token.", blocking=True)
    assert notice.text in status_lines(status(notices=(notice,)), 0.0)


def test_every_reason_has_advice_that_is_a_sentence() -> None:
    for reason in (
        "ItemMissing",
        "Ambiguous",
        "Rejected",
        "BadScene",
        "PlexUnavailable",
        "UnreadableRow",
        "ZeroDivisionError",
    ):
        assert advice(reason).endswith(".")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0 seconds"), (0.4, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (7_199, "1 hour"), (200_000, "2 days")],
)  # fmt: skip
def test_span_is_the_largest_whole_unit(seconds: float, text: str) -> None:
    assert span(seconds) == text


SECTION = Section(key=1, title="Scenes", type="movie", locations=("/media/videos", "M:\\Videos"))


@pytest.mark.parametrize(
    ("rules", "problems"),
    [
        ("/data => /media", 0),
        ("/data/videos/new => /media/videos/new", 0),
        ("/data => M:\\Videos", 0),
        ("/data => m:/videos/old", 0),
        ("/date => /media", 1),
        ("/data => /mdeia", 1),
        ("/date => /mdeia", 2),
        ("/data => /media; /x => /media", 1),
    ],
)
def test_path_rule_is_checked_on_both_sides(rules: str, problems: int) -> None:
    found = list(rule_lines(parse_path_map(rules), [SECTION], ["/data/videos/a.mp4", "/data/videos"]))
    assert sum(line.level == "problem" for line in found) == problems


def test_age_of_the_index_is_told() -> None:
    found = Status(report=Report(), inbox=2, indexed_at="1970-01-01T01:00:00Z")
    lines = status_lines(found, 10_800.0)
    assert lines[-1] == "Last index: 2 hours ago (1970-01-01T01:00:00Z)."
    assert "Not yet taken by a worker: 2 events." in lines
