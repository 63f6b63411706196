"""A thousand changed scenes with Plex at 5 ms, against the same writes sent bare."""

import time
from typing import Any

import requests

from bench.measuring import Line, ratio, seconds
from tests.stage import TOKEN, Stage

SCENES = 1_000
PLEX_SECONDS = 0.005  # per request, whatever it asks


def measure() -> list[Line]:
    with Stage(plex=_plex_library(), stash=_stash_library()) as stage:
        stage.run_task("Index Plex Library")
        _sync(stage, "Studio A")  # first contact
        before = _writes(stage)
        stage.plex.fault("slow", seconds=PLEX_SECONDS, match="", times=None)
        ordered = _sync(stage, "Studio B")
        log = [entry for entry in stage.plex.log() if not entry["path"].startswith("/identity")]
        ended = max(entry["at"] + entry["ms"] / 1000 for entry in log)
        assert len(_writes(stage)) == SCENES
        stage.kill_workers()
        # Those of the first round, so that each changes its item, as ours did.
        bare = seconds(lambda: _send(stage.plex.url, before))
    whole, of_requests = ended - ordered, ended - log[0]["at"]
    return [
        Line(what=f"{SCENES} bare PUTs, one requests.Session", value=f"{bare:.2f} s", compared="1"),
        Line(
            what=f"{SCENES} changed scenes, first request to last",
            value=f"{of_requests:.2f} s",
            compared=ratio(of_requests, bare),
            goal="<= 1.5 x",
        ),
        Line(
            what=f"{SCENES} changed scenes, from the Run Task button on",
            value=f"{whole:.2f} s",
            compared=ratio(whole, bare),
        ),
        Line(what="requests that read", value=str(len(log) - SCENES), goal="details: 100 scenes each"),
    ]


def _sync(stage: Stage, studio: str) -> float:
    """Renames the studio of all scenes, which changes each of them, and carries it over; when it was ordered."""
    stage.gql("mutation($i:StudioUpdateInput!){studioUpdate(input:$i){id}}", i={"id": "1", "name": studio})
    stage.plex.clear_log()
    ordered = time.time()
    stage.gql('mutation{runPluginTask(plugin_id:"PlexSync",task_name:"Sync All Scenes")}')
    stage.wait(lambda: len(stage.puts()) == SCENES, f"{SCENES} writes", patience=300)
    stage.wait(lambda: not stage.gql("{jobQueue{id}}")["jobQueue"], "the end of the task", patience=300)
    return ordered


def _writes(stage: Stage) -> list[str]:
    return [request.partition(" ")[2] for request in stage.puts()]


def _send(url: str, targets: list[str]) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["X-Plex-Token"] = TOKEN
        for target in targets:
            session.put(f"{url}{target}", timeout=30).raise_for_status()


def _plex_library() -> dict[str, Any]:
    items = [
        {
            "ratingKey": 10_000 + n,
            "title": f"scene {n}",
            "file": f"/media/videos/scene {n}.mp4",
            "size": 1_000_000 + n,
            "Genre": ["Drama"],
        }
        for n in range(1, SCENES + 1)
    ]
    section = {"key": 1, "type": "movie", "title": "Scenes", "locations": ["/media/videos"], "items": items}
    return {"sections": [section]}


def _stash_library() -> dict[str, Any]:
    scenes = [
        {
            "id": n,
            "title": f"Scene number {n}",
            "details": "Something to read, of the usual length for such a text.",
            "studio_id": 1,
            "files": [{"path": f"/data/videos/scene {n}.mp4", "size": 1_000_000 + n}],
        }
        for n in range(1, SCENES + 1)
    ]
    return {"scenes": scenes, "studios": [{"id": 1, "name": "Studio Zero"}]}
