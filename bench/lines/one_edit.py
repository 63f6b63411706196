"""One edit: how long from the save to Plex, how many requests it takes, and what the worker holds meanwhile."""

import time

from bench.measuring import Line
from bench.processes import memory
from tests.stage import Stage

GROUP = "One edit"
TURNS = 9


def measure(turns: int = TURNS) -> list[Line]:
    with Stage() as stage:
        stage.edit(1, title="warm")
        stage.wait_title(1, "warm")
        requests = _requests(stage)
        idle = [held for pid in stage.workers() if (held := memory(pid)) is not None]
        running = tuple(_latency(stage, f"running {turn}") for turn in range(turns))
        starting = []
        for turn in range(turns):
            stage.kill_workers()
            starting.append(_latency(stage, f"starting {turn}"))
    lines = [
        Line(group=GROUP, name="from save to PUT, a worker is there", unit="s", ours=running, goal=1),
        Line(group=GROUP, name="from save to PUT, without a worker", unit="s", ours=tuple(starting), goal=3),
        *requests,
    ]
    if idle:
        lines.append(
            Line(group=GROUP, name="the worker's memory, idle", unit="MB", ours=tuple(idle[:1]), goal=60)
        )
    return lines


def _requests(stage: Stage) -> list[Line]:
    first = _count(stage, "first contact")
    changed = _count(stage, "changed")
    stage.plex.clear_log()
    stage.edit(2, title="changed")
    generation = "SELECT state FROM jobs WHERE scene_id = 2 AND generation = 3"
    stage.wait(lambda: stage.rows(generation) == [{"state": "done"}], "the unchanged scene")
    unchanged = len(stage.plex_requests())
    return [
        Line(group=GROUP, name="requests to Plex, first contact", unit="requests", ours=(first,), goal=3),
        Line(group=GROUP, name="requests to Plex, changed", unit="requests", ours=(changed,), goal=2),
        Line(group=GROUP, name="requests to Plex, unchanged", unit="requests", ours=(unchanged,), goal=0),
    ]


def _count(stage: Stage, title: str) -> int:
    stage.plex.clear_log()
    stage.edit(2, title=title)
    stage.wait_title(2, title)
    unfinished = "SELECT 1 AS one FROM jobs WHERE state <> 'done'"
    stage.wait(lambda: not stage.rows(unfinished), "the end of the job")
    return len(stage.plex_requests())


def _latency(stage: Stage, title: str) -> float:
    """Seconds from the beginning of the save to the arrival of the PUT."""
    stage.plex.clear_log()
    saved = time.time()
    stage.edit(3, title=title)
    stage.wait_title(3, title)
    arrived: float = stage.plex.log("PUT ")[-1]["at"]
    return arrived - saved
