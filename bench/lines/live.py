"""A file appears in Plex whose scene waits for it: how long from Plex's event to the PUT, and with how many requests."""

import time
from functools import partial
from typing import Any

from bench.libraries import plex_library, rating_key, stash_library
from bench.measuring import Line
from tests.stage import Stage

GROUP = "Live from Plex"
TURNS = 9


def measure(turns: int = TURNS) -> list[Line]:
    whole = plex_library(turns)
    section = whole["sections"][0]
    items, section["items"] = section["items"], []
    with Stage(plex=whole, stash=stash_library(turns)) as stage:
        stage.run_task("Sync All Scenes")  # ends with every scene missing in Plex
        stage.wait(partial(_listens, stage), "the worker's ear")
        waits, requests = [], []
        for turn, item in enumerate(items, start=1):
            stage.plex.clear_log()
            waits.append(_from_event_to_put(stage, turn, item))
            requests.append(float(len(stage.plex_paths())))
    return [
        Line(group=GROUP, name="from a file's appearing to the PUT", unit="s", ours=tuple(waits), goal=2),
        Line(group=GROUP, name="requests for it", unit="requests", ours=tuple(requests), goal=3),
    ]


def _listens(stage: Stage) -> bool:
    return bool(stage.plex.log("GET /:/eventsource/notifications"))


def _from_event_to_put(stage: Stage, scene: int, item: dict[str, Any]) -> float:
    appeared = time.time()
    stage.plex.control("add_item", {"section": 1, "items": [item]})
    title = f"Scene number {scene}"
    stage.wait(lambda: stage.item(rating_key(scene)).get("title") == title, f"the title {title!r} in Plex")
    arrived: float = stage.plex.log("PUT ")[-1]["at"]
    return arrived - appeared
