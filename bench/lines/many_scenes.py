"""Ten thousand scenes in sync: what comparing all of them costs, and how long a person waits while half of them are edited."""

import http.client
import json
import time
from functools import partial
from urllib.parse import urlsplit

from bench.libraries import plex_library, rating_key, stash_library
from bench.measuring import RUNS, Line, in_turns
from bench.processes import limit
from tests.stage import TOKEN, Stage

GROUP = "Many scenes"
PATIENCE = 1800.0
BETWEEN = 0.5  # seconds between two edits of a person
PAGE = 500  # items, of one listing by Reconcile
DUE = "SELECT count(*) AS n FROM jobs WHERE state <> 'done'"


def measure(scenes: int = 10_000, edited: int = 5_000, turns: int = RUNS) -> list[Line]:
    with Stage(plex=plex_library(scenes), stash=stash_library(scenes)) as stage:
        carried_out(stage, "Index Plex Library")
        began = time.perf_counter()
        carried_out(stage, "Sync All Scenes")
        first = time.perf_counter() - began
        reconciling = _Reconciling(stage)
        reconciling.whole()  # sees what the first left to see
        reconciling.forget()
        taken = in_turns({"limit": reconciling.pages, "ours": reconciling.whole}, turns)
        waits = _edits_meanwhile(stage, edited, turns)
    return [
        Line(group=GROUP, name=f"first contact of {scenes} scenes", unit="s", ours=(first,)),
        Line(group=GROUP, name=f"reconciling {scenes} unchanged scenes", unit="s", ours=taken["ours"],
             limit="Plex's pages of them, read and parsed", limits=taken["limit"]),
        Line(group=GROUP, name="requests to Plex for it", unit="requests",
             ours=tuple(reconciling.requests), goal=scenes / 500 + 3),
        Line(group=GROUP, name="writes to Plex for it", unit="requests", ours=tuple(reconciling.writes), goal=0),
        Line(group=GROUP, name=f"from a person's save to PUT, amid a bulk edit of {edited}", unit="s",
             ours=tuple(waits), goal=1),
    ]  # fmt: skip


class _Reconciling:
    """`requests` and `writes` to Plex are counted for each time."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pages: list[tuple[str, dict[str, str]]] = []
        self.requests: list[float] = []
        self.writes: list[float] = []

    def forget(self) -> None:
        self.requests.clear()
        self.writes.clear()

    def whole(self) -> float:
        """Seconds from the button to the end of the task."""
        self._stage.plex.clear_log()
        began = time.perf_counter()
        carried_out(self._stage, "Reconcile")
        took = time.perf_counter() - began
        log = [entry for entry in self._stage.plex.log() if entry["path"] != "/identity"]
        self.requests.append(float(len(log)))
        self.writes.append(float(sum(entry["method"] != "GET" for entry in log)))
        listed = [entry["target"] for entry in log if entry["path"].endswith("/all")]
        self._pages = [
            (target, {"X-Plex-Container-Start": str(place * PAGE), "X-Plex-Container-Size": str(PAGE)})
            for place, target in enumerate(listed)
        ]
        return took

    def pages(self) -> float:
        """The whole process that reads what was listed the last time."""
        given = json.dumps([self._stage.plex.url, TOKEN, self._pages])
        return limit("read_pages", "parse", given=given.encode()).seconds


def carried_out(stage: Stage, task: str) -> None:
    """Until the task is over."""
    stage.gql('mutation($n:String){runPluginTask(plugin_id:"PlexSync",task_name:$n)}', n=task)
    stage.wait(lambda: not stage.gql("{jobQueue{id}}")["jobQueue"], f"the end of {task}", patience=PATIENCE)


def _edits_meanwhile(stage: Stage, edited: int, turns: int) -> list[float]:
    """Seconds that each of a person's edits took, while the worker writes a bulk edit of so many other scenes."""
    stage.plex.clear_log()
    _leave_during_bulk_edit(stage, edited)
    stage.wait(lambda: bool(stage.puts()), "the first write of the bulk edit")
    waits = []
    for turn in range(turns):
        scene = edited + 1 + turn
        saved = time.time()
        stage.edit(scene, title=f"A person's {turn}")
        stage.wait(partial(_shows, stage, scene, f"A person's {turn}"), "a person's edit")
        arrived = [
            entry["at"] for entry in stage.plex.log("PUT ") if f"id={rating_key(scene)}&" in entry["target"]
        ]
        waits.append(float(arrived[-1]) - saved)
        time.sleep(BETWEEN)
    left = len(stage.puts())
    assert left < edited + turns, "the bulk edit was over before the person's edits"
    return waits


def _shows(stage: Stage, scene: int, title: str) -> bool:
    return bool(stage.item(rating_key(scene)).get("title") == title)


def _leave_during_bulk_edit(stage: Stage, edited: int) -> None:
    """The person closes the page: Stash has saved all scenes, and the first hook, which names all of them, has run or runs."""
    query = "mutation($i:BulkSceneUpdateInput!){bulkSceneUpdate(input:$i){id}}"
    given = {"ids": [str(scene) for scene in range(1, edited + 1)], "details": "Edited together."}
    connection = http.client.HTTPConnection(urlsplit(stage.stash.url).netloc)
    body = json.dumps({"query": query, "variables": {"i": given}})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    stage.wait(lambda: stage.rows(DUE)[0]["n"] >= edited // 2, "the jobs of the bulk edit")
    connection.close()
