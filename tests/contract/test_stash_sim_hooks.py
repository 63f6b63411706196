"""Hooks run inside the save, one after the other, and die with the client; what fires none, fires none.

The facts: docs/facts/stash.md section 2.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.process import ROOT
from tests.sim.stash.client import Recorder, StashProcess, encode, wait_until

SCENES = [{"id": number, "files": [{"path": f"/data/{number}.mp4"}]} for number in range(1, 20)]
BULK = 'mutation($i:[ID!]){bulkSceneUpdate(input:{ids:$i,title:"bulk"}){id}}'
SCENE_1 = "{findScene(id:1){updated_at}}"


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture
def stash(tmp_path: Path, recorder: Recorder) -> Iterator[StashProcess]:
    assert recorder.folder.is_dir()
    with StashProcess(tmp_path) as process:
        process.control(
            "load",
            {
                "scenes": SCENES,
                "performers": [{"id": 1, "name": "A"}],
                "tags": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}],
            },
        )
        yield process


def is_alive(pid: int) -> bool:
    """A zombie is dead: its parent has not looked yet."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"


def test_mutation_returns_after_its_hook_has_ended(stash: StashProcess, recorder: Recorder) -> None:
    (recorder.folder / "recorder.py").write_text(
        "import sys, time\nfrom pathlib import Path\nsys.stdin.buffer.read()\ntime.sleep(0.3)\n"
        "Path(__file__).with_name('ended').touch()\n",
        encoding="utf-8",
    )
    stash.update_scene(id="1", title="x")
    assert (recorder.folder / "ended").exists()
    assert [(each["type"], each["id"]) for each in stash.control("timings")] == [("Scene.Update.Post", 1)]


def test_mutation_waits_for_a_child_that_holds_stdout(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("child")
    stash.update_scene(id="1", title="x")
    # The child sleeps for a second, its parent is gone at once.
    assert stash.control("timings")[0]["ms"] > 900


def test_bulk_edit_runs_one_hook_per_scene_in_order(stash: StashProcess, recorder: Recorder) -> None:
    stash.query(BULK, {"i": ["3", "1", "2"]})
    assert recorder.take_events() == [("Scene.Update.Post", number) for number in (3, 1, 2)]


def test_hook_may_call_back_and_sees_the_committed_edit(stash: StashProcess, recorder: Recorder) -> None:
    (recorder.folder / "recorder.py").write_text(
        "import json, sys, urllib.request\nfrom pathlib import Path\n"
        "c = json.loads(sys.stdin.buffer.read())['server_connection']\n"
        "r = urllib.request.Request(f\"http://{c['Host']}:{c['Port']}/graphql\", "
        "b'{\"query\":\"{findScene(id:1){title}}\"}', {'Content-Type': 'application/json'})\n"
        "Path(__file__).with_name('seen').write_bytes(urllib.request.urlopen(r).read())\n",
        encoding="utf-8",
    )
    stash.update_scene(id="1", title="new")
    assert json.loads((recorder.folder / "seen").read_bytes())["data"]["findScene"]["title"] == "new"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_client_that_goes_away_kills_the_hook_and_the_scenes_after_it_get_none(
    stash: StashProcess, recorder: Recorder
) -> None:
    recorder.set_mode("slow")
    connection = stash.connect()
    body = encode(BULK, {"i": [str(number) for number in range(1, 20)]})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    wait_until(lambda: len(recorder.pids()) == 1, "the first hook runs")
    connection.close()
    (pid,) = recorder.pids()
    wait_until(lambda: not is_alive(pid), "the hook is killed")
    wait_until(lambda: stash.log("POST /graphql")[0]["status"] == 200, "the mutation has ended")
    assert [each["id"] for each in stash.control("timings")] == [1]
    titles = stash.query('{findScenes(filter:{per_page:-1,sort:"id"}){scenes{title}}}')["findScenes"][
        "scenes"
    ]
    assert [each["title"] for each in titles] == ["bulk"] * 19
    assert recorder.pids() == [pid]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_client_that_goes_away_kills_the_operation(stash: StashProcess, recorder: Recorder) -> None:
    connection = stash.connect()
    body = encode('mutation{runPluginOperation(plugin_id:"Recorder",args:{mode:"slow"})}')
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    wait_until(lambda: len(recorder.pids()) == 1, "the operation runs")
    (operation,) = recorder.pids()
    assert is_alive(operation)
    connection.close()
    wait_until(lambda: not is_alive(operation), "the operation is killed")


def test_process_gets_the_environment_of_stash(stash: StashProcess, recorder: Recorder) -> None:
    stash.update_scene(id="1", title="x")
    seen = json.loads((recorder.folder / "environment.json").read_text(encoding="utf-8"))
    assert seen["cwd"] == str(ROOT)
    assert seen["PYTHONPATH"].split(os.pathsep)[-1] == str(recorder.folder.parent)


def test_configured_python_runs_the_plugin(tmp_path: Path, recorder: Recorder) -> None:
    with StashProcess(tmp_path, "--python", sys.executable) as stash:
        stash.control("load", {"scenes": SCENES})
        stash.update_scene(id="1", title="x")
        seen = json.loads((recorder.folder / "environment.json").read_text(encoding="utf-8"))
        assert seen["executable"] == sys.executable


SILENT = [
    'mutation{sceneMerge(input:{source:["2"],destination:"1",values:{id:"1",title:"m"}}){id}}',
    "mutation{sceneAddPlay(id:1){count}}",
    "mutation{sceneAddO(id:1){count}}",
    "mutation{sceneSaveActivity(id:1,resume_time:3,playDuration:4)}",
    'mutation{sceneAssignFile(input:{scene_id:"1",file_id:"2"})}',
]


@pytest.mark.parametrize("query", SILENT)
def test_mutation_without_a_hook_fires_none(stash: StashProcess, recorder: Recorder, query: str) -> None:
    stash.query(query)
    stash.query('mutation{tagUpdate(input:{id:"1",name:"z"}){id}}')
    assert recorder.take_events() == [("Tag.Update.Post", 1)]


def test_only_edits_set_updated_at(stash: StashProcess) -> None:
    old = "2020-01-01T00:00:00Z"
    stash.control("change", {"kind": "scene", "id": 1, "fields": {"updated_at": old}})
    for query in SILENT[1:]:
        stash.query(query)
    assert stash.query(SCENE_1) == {"findScene": {"updated_at": old}}
    stash.update_scene(id="1")
    assert stash.query(SCENE_1)["findScene"]["updated_at"] > old


def test_merge_moves_the_files_and_removes_the_source(stash: StashProcess) -> None:
    stash.query(SILENT[0])
    data = stash.query("{a:findScene(id:1){title files{path}} b:findScene(id:2){id}}")
    assert data == {
        "a": {"title": "m", "files": [{"path": "/data/1.mp4"}, {"path": "/data/2.mp4"}]},
        "b": None,
    }


def test_tags_merge_fires_for_the_destination_alone(stash: StashProcess, recorder: Recorder) -> None:
    stash.update_scene(id="1", tag_ids=["2"])
    recorder.take()
    stash.query('mutation{tagsMerge(input:{source:["2"],destination:"1"}){id}}')
    assert recorder.take_events() == [("Tag.Merge.Post", 1)]
    assert stash.query("{findScene(id:1){tags{id}}}") == {"findScene": {"tags": [{"id": "1"}]}}


def test_destroyed_performer_is_no_longer_referred_to_when_the_hook_runs(
    stash: StashProcess, recorder: Recorder
) -> None:
    stash.update_scene(id="1", performer_ids=["1"])
    recorder.take()
    stash.query('mutation{performerDestroy(input:{id:"1"})}')
    assert recorder.take_events() == [("Performer.Destroy.Post", 1)]
    assert stash.query("{findScene(id:1){performers{id}}}") == {"findScene": {"performers": []}}


def test_trigger_listed_twice_runs_twice(stash: StashProcess, recorder: Recorder) -> None:
    path = recorder.folder / "Recorder.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("      - Tag.Merge.Post", "      - Scene.Update.Post\n      - Tag.Merge.Post"),
        encoding="utf-8",
    )
    stash.query("mutation{reloadPlugins}")
    stash.update_scene(id="1", title="x")
    assert recorder.take_events() == [("Scene.Update.Post", 1)] * 2


def test_disabled_plugin_gets_no_hook(stash: StashProcess, recorder: Recorder) -> None:
    stash.query("mutation($m:BoolMap!){setPluginsEnabled(enabledMap:$m)}", {"m": {"Recorder": False}})
    stash.update_scene(id="1", title="x")
    assert recorder.take() == []
    assert stash.query("{plugins{id enabled}}") == {"plugins": [{"id": "Recorder", "enabled": False}]}


def test_loop_guard_skips_a_hook_visited_ten_times(stash: StashProcess, recorder: Recorder) -> None:
    """Each hook's cookie carries the hooks before it: here the client plays a hook that edits with the cookie it was given."""
    cookie = stash.control("cookie", {"username": ""})
    query = 'mutation{sceneUpdate(input:{id:"1",title:"loop"}){id}}'
    for _ in range(12):
        stash.post(query, headers={"Cookie": f"session={cookie}"})
        documents = recorder.take()
        if not documents:
            break
        cookie = json.loads(documents[0])["server_connection"]["SessionCookie"]["Value"]
    assert len(stash.control("timings")) == 10


def test_scan_runs_hooks_in_parallel_when_asked(stash: StashProcess, recorder: Recorder) -> None:
    recorder.set_mode("child")
    began = time.monotonic()
    found = stash.control(
        "scan_new", {"scenes": [{"path": f"/new/{n}.mp4"} for n in range(4)], "parallel": 4}
    )
    took = time.monotonic() - began
    assert found["ids"] == [20, 21, 22, 23]
    # Each hook is held for a second; one after the other they would add up to the sum.
    assert took * 1000 < sum(each["ms"] for each in stash.control("timings"))


def test_events_of_down_time_are_kept(stash: StashProcess) -> None:
    stash.update_scene(id="1", title="x")
    stash.down()
    stash.up()
    assert stash.query("{findScene(id:1){title}}") == {"findScene": {"title": "x"}}
    assert [each["document"]["args"]["hookContext"]["id"] for each in stash.control("documents")] == [1]
    assert stash.control("documents")[0]["document"]["server_connection"]["SessionCookie"]["Value"] == ""
