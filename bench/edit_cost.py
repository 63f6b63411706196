"""One edit: how long from the save to Plex, and how many requests it takes."""

import time

from bench.measuring import Line, median
from tests.stage import Stage

RUNS = 9


def measure() -> list[Line]:
    with Stage() as stage:
        return [*_requests(stage), *_latencies(stage)]


def _requests(stage: Stage) -> list[Line]:
    stage.edit(1, title="warm")
    stage.wait_title(1, "warm")
    first = _count(stage, 2, "first contact")
    changed = _count(stage, 2, "changed")
    stage.plex.clear_log()
    stage.edit(2, title="changed")
    generation = "SELECT state FROM jobs WHERE scene_id = 2 AND generation = 3"
    stage.wait(lambda: stage.rows(generation) == [{"state": "done"}], "the unchanged scene")
    unchanged = len(stage.plex_requests())
    return [
        Line(what="Plex requests, first contact", value=str(first), goal="<= 3"),
        Line(what="Plex requests, changed scene", value=str(changed), goal="2: details and PUT"),
        Line(what="Plex requests, unchanged scene", value=str(unchanged), goal="0"),
    ]


def _count(stage: Stage, scene: int, title: str) -> int:
    stage.plex.clear_log()
    stage.edit(scene, title=title)
    stage.wait_title(scene, title)
    stage.wait(
        lambda: not stage.rows("SELECT 1 AS one FROM jobs WHERE state <> 'done'"), "the end of the job"
    )
    return len(stage.plex_requests())


def _latencies(stage: Stage) -> list[Line]:
    running = [_latency(stage, f"running {number}") for number in range(RUNS)]
    starting = []
    for number in range(RUNS):
        stage.kill_workers()
        starting.append(_latency(stage, f"starting {number}"))
    return [
        Line(
            what="save -> PUT, worker running",
            value=f"{median(running):.2f} s",
            compared=f"max {max(running):.2f}",
            goal="<= 1 s",
        ),
        Line(
            what="save -> PUT, no worker",
            value=f"{median(starting):.2f} s",
            compared=f"max {max(starting):.2f}",
            goal="<= 3 s",
        ),
    ]


def _latency(stage: Stage, title: str) -> float:
    """From the beginning of the save to the arrival of the PUT."""
    stage.plex.clear_log()
    saved = time.time()
    stage.edit(3, title=title)
    stage.wait_title(3, title)
    arrived: float = stage.plex.log("PUT ")[-1]["at"]
    return arrived - saved
