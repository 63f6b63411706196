"""A thousand changed scenes with Plex at 5 ms, and hundreds with covers, against the same writes sent bare over one connection."""

import json
import time
from collections.abc import Iterator

from bench.libraries import plex_library, stash_library
from bench.measuring import RUNS, Line, in_turns
from bench.processes import limit, peak_memory
from tests.pictures import drawn, encoded
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


def measure_covers(scenes: int = 500, turns: int = RUNS) -> list[Line]:
    with Stage(plex=plex_library(scenes), stash=stash_library(scenes)) as stage:
        image = encoded(drawn())
        for scene in range(1, scenes + 1):
            stage.stash.control("set_cover", {"kind": "scene", "id": scene, "image": image, "touch": True})
        stage.run_task("Index Plex Library")
        rounds = RoundsOfCovers(stage, scenes)
        rounds.synced()  # first contact: the covers are given
        stage.plex.fault("slow", seconds=PLEX_SECONDS, match="", times=None)
        taken = in_turns({"limit": rounds.sent_bare, "ours": rounds.synced_twice}, turns)
    return [
        Line(group=GROUP, name=f"{scenes} edited scenes with covers, first request to last", unit="s",
             ours=taken["ours"], limit=f"{scenes} bare PUTs", limits=taken["limit"]),
        Line(group=GROUP, name="requests to Plex that read, two for 100 scenes", unit="requests",
             ours=tuple(rounds.reads[2::2]), goal=scenes / 50 + 5),
    ]  # fmt: skip


class Rounds:
    """Each round changes every scene, by the name of its studio."""

    def __init__(self, stage: Stage, scenes: int) -> None:
        self._stage = stage
        self._scenes = scenes
        self._names = _names()
        self._targets: list[str] = []  # of the round before
        self.whole: list[float] = []  # seconds from the order on
        self.reads: list[float] = []

    def _change(self, name: str) -> None:
        self._stage.gql(
            "mutation($i:StudioUpdateInput!){studioUpdate(input:$i){id}}", i={"id": "1", "name": name}
        )

    def synced(self, *, alone: bool = True) -> float:
        """Seconds from the first request to the last answer. Not `alone`: some scenes may be written by what went before."""
        stage = self._stage
        self._change(next(self._names))
        stage.plex.clear_log()
        ordered = time.time()
        stage.gql('mutation{runPluginTask(plugin_id:"PlexSync",task_name:"Sync All Scenes")}')
        stage.wait(lambda: not stage.gql("{jobQueue{id}}")["jobQueue"], "the end of the task", patience=600)
        log = [entry for entry in stage.plex.log() if not entry["path"].startswith("/identity")]
        puts = [entry["target"] for entry in log if entry["method"] == "PUT"]
        assert len(puts) == self._scenes or not alone, f"{len(puts)} writes of {self._scenes} scenes"
        self._targets = puts
        ended: float = max(entry["at"] + entry["ms"] / 1000 for entry in log)
        self.whole.append(ended - ordered)
        self.reads.append(float(len(log) - len(puts)))
        return ended - float(log[0]["at"])

    def sent_bare(self) -> float:
        given = json.dumps([self._stage.plex.url, TOKEN, self._targets])
        return float(limit("bare_puts", given=given.encode()).output)


class RoundsOfCovers(Rounds):
    """Each round edits every scene, so that Stash must be asked for each cover. No event tells of it; the task finds it."""

    def _change(self, name: str) -> None:
        number = int(name.rpartition(" ")[2])
        at = f"2020-01-01T{number // 60:02}:{number % 60:02}:00Z"
        for scene in range(1, self._scenes + 1):
            fields = {"details": f"{name}, scene {scene}", "updated_at": at}
            self._stage.stash.control("change", {"kind": "scene", "id": scene, "fields": fields})

    def synced_twice(self) -> float:
        """Seconds for the second of two rounds: what was sent bare has given all pictures another address behind PlexSync's back, and Plex
        has told of it."""
        self.synced(alone=False)
        return self.synced()


def _names() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"Studio {number}"
