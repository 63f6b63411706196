"""A thousand changed scenes with Plex at 5 ms, against the same writes sent bare over one connection."""

import json
import time
from collections.abc import Iterator

from bench.libraries import plex_library, stash_library
from bench.measuring import RUNS, Line, in_turns
from bench.processes import limit, peak_memory
from tests.stage import TOKEN, Stage

GROUP = "Many edits, Plex answering after 5 ms"
PLEX_SECONDS = 0.005  # per request, whatever it asks


def measure(scenes: int = 1_000, turns: int = RUNS) -> list[Line]:
    with Stage(plex=plex_library(scenes), stash=stash_library(scenes)) as stage:
        stage.run_task("Index Plex Library")
        rounds = Rounds(stage, scenes)
        rounds.synced()  # first contact
        stage.plex.fault("slow", seconds=PLEX_SECONDS, match="", times=None)
        taken = in_turns({"limit": rounds.sent_bare, "ours": rounds.synced}, turns)
        memory = [peak for pid in stage.workers() if (peak := peak_memory(pid)) is not None]
    compared = f"{scenes} bare PUTs"
    lines = [
        Line(group=GROUP, name=f"{scenes} changed scenes, first request to last", unit="s",
             ours=taken["ours"], limit=compared, limits=taken["limit"], goal=1.2),
        Line(group=GROUP, name=f"{scenes} changed scenes, from the button on", unit="s",
             ours=tuple(rounds.whole[1:]), limit=compared, limits=taken["limit"]),
        Line(group=GROUP, name="requests that read, 100 scenes each", unit="requests",
             ours=tuple(rounds.reads[1:]), goal=scenes / 100 + 5),
    ]  # fmt: skip
    if memory:
        lines.append(
            Line(group=GROUP, name="the worker's memory, at most", unit="MB", ours=(max(memory),), goal=90)
        )
    return lines


class Rounds:
    """Each round changes every scene, by the name of its studio."""

    def __init__(self, stage: Stage, scenes: int) -> None:
        self._stage = stage
        self._scenes = scenes
        self._studios = _names()
        self._targets: list[str] = []  # of the round before
        self.whole: list[float] = []  # seconds from the order on
        self.reads: list[float] = []

    def synced(self) -> float:
        """Seconds from the first request to the last answer."""
        stage = self._stage
        stage.gql(
            "mutation($i:StudioUpdateInput!){studioUpdate(input:$i){id}}",
            i={"id": "1", "name": next(self._studios)},
        )
        stage.plex.clear_log()
        ordered = time.time()
        stage.gql('mutation{runPluginTask(plugin_id:"PlexSync",task_name:"Sync All Scenes")}')
        stage.wait(lambda: not stage.gql("{jobQueue{id}}")["jobQueue"], "the end of the task", patience=600)
        log = [entry for entry in stage.plex.log() if not entry["path"].startswith("/identity")]
        puts = [entry["target"] for entry in log if entry["method"] == "PUT"]
        assert len(puts) == self._scenes, f"{len(puts)} writes of {self._scenes} scenes"
        self._targets = puts
        ended: float = max(entry["at"] + entry["ms"] / 1000 for entry in log)
        self.whole.append(ended - ordered)
        self.reads.append(float(len(log) - len(puts)))
        return ended - float(log[0]["at"])

    def sent_bare(self) -> float:
        given = json.dumps([self._stage.plex.url, TOKEN, self._targets])
        return float(limit("bare_puts", given=given.encode()).output)


def _names() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"Studio {number}"
