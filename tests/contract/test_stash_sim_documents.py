"""The simulator plays the recorded session again: each document that reaches a plugin has the recorded bytes.

Five values are taken from the run, because they must differ: port, cookie, Dir, PluginDir, and the order of inputFields (a Go
map's, so random; an Identify's is not). Everything else is compared byte for byte.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sim.stash.client import Recorder, StashProcess
from tests.sim.stash.schema import DATA, VERSIONS

Document = dict[str, Any]
OSHASHES = {12: "999a3399c517fd52", 13: "92167441ad854d29", 14: "d7999d69a5aa4a49", 15: "8752808fda2bb93e"}
PATHS = {
    12: "/data/videos/sub/Studio1 - Scene 9.mp4",
    13: "/data/videos/Studio2 - Scene 10.mp4",
    14: "/data/videos/Studio2 - Scene 14.mp4",
    15: "/data/videos/Studio2 - Scene 18.mp4",
}
TASKS: dict[str, dict[str, Any]] = {
    "task_plain": {"name": "Plain"},
    "task_default_args": {"name": "With Args"},
    "task_args_map": {"name": "With Args", "args": {"days": 7, "list": [1, "x"], "n": None}},
}


def read_recordings(version: str) -> dict[str, list[bytes]]:
    """The documents of each step, in order: "bulk_scene_update-2_of_3" belongs to the step "bulk_scene_update"."""
    steps: dict[str, list[bytes]] = {}
    for line in (DATA / f"stdin-{version}.tsv").read_bytes().splitlines():
        name, _, document = line.partition(b"\t")
        step = re.sub(r"^\d+-|-\d+_of_\d+$", "", name.decode())
        steps.setdefault(step, []).append(document)
    return steps


def hook_context(recorded: bytes) -> Document:
    context: Document = json.loads(recorded)["args"]["hookContext"]
    return context


def sent(context: Document) -> Document:
    """What the client sent, which Stash wrote down with nulls added."""
    given, fields = context["input"], context.get("inputFields")
    return {key: given[key] for key in fields} if fields else drop_nulls(given)


def drop_nulls(given: Document) -> Document:
    return {key: value for key, value in given.items() if value is not None}


def scan(stash: StashProcess, steps: list[bytes]) -> None:
    """The first ones in order, because they are compared; the others several at once, to save time."""
    scenes = [
        {"id": number, "files": [{"path": path, "oshash": OSHASHES.get(number, f"{number:016x}")}]}
        for number, path in ((n, PATHS.get(n, f"/data/videos/{n}.mp4")) for n in range(1, 25))
    ]
    stash.control("scan_new", {"scenes": scenes[: len(steps)]})
    stash.control("scan_new", {"scenes": scenes[len(steps) :], "parallel": 7})


def create_scene(stash: StashProcess, _steps: list[bytes]) -> None:
    stash.query('mutation{sceneCreate(input:{title:"No file"}){id}}')


def identify(stash: StashProcess, steps: list[bytes]) -> None:
    """Identify itself makes what it needs, in silence."""
    for kind, number in {"studio": 3, "performer": 4, "tag": 5}.items():
        stash.control("add", {"kind": kind, "fields": {"id": number, "name": "Found"}})
    contexts = [hook_context(step) for step in steps]
    scenes = [sent(context) | {"id": context["id"]} for context in contexts]
    stash.control("identify", {"scenes": scenes})


def run_task(name: str) -> Callable[[StashProcess, list[bytes]], None]:
    def run(stash: StashProcess, _steps: list[bytes]) -> None:
        task = TASKS[name]
        query = 'mutation($n:String,$a:Map){runPluginTask(plugin_id:"Recorder",task_name:$n,args_map:$a)}'
        stash.query(query, {"n": task["name"], "a": task.get("args")})
        stash.wait_for_jobs()

    return run


def run_operation(stash: StashProcess, steps: list[bytes]) -> None:
    arguments = json.loads(steps[0])["args"]
    query = 'mutation($a:Map){runPluginOperation(plugin_id:"Recorder",args:$a)}'
    stash.post(query, {"a": arguments})


def mutate(stash: StashProcess, steps: list[bytes]) -> None:
    """The mutation follows from the event's type and the form of its input."""
    context = hook_context(steps[0])
    kind, action, _ = context["type"].split(".")
    low = kind[0].lower() + kind[1:]
    given = context["input"]
    if kind == "Tag" and action == "Merge":
        name, variables = "tagsMerge", given
    elif isinstance(given, list) and action == "Destroy":
        stash.query(f"mutation($i:[ID!]!){{{low}sDestroy(ids:$i)}}", {"i": given})
        return
    elif isinstance(given, list):
        stash.query(
            "mutation($i:[SceneUpdateInput!]!){scenesUpdate(input:$i){id}}",
            {"i": [drop_nulls(each) for each in given]},
        )
        return
    elif "ids" in given:
        name = f"bulk{kind}Update" if action == "Update" else f"{low}sDestroy"
        variables = given
    else:
        name, variables = f"{low}{action}", sent(context)
    variables = {key: value for key, value in variables.items() if key not in {"checksum", "oshash", "path"}}
    suffix = "" if action == "Destroy" else "{id}"
    input_type = "TagsMergeInput" if name == "tagsMerge" else f"{name[0].upper()}{name[1:]}Input"
    stash.query(f"mutation($i:{input_type}!){{{name}(input:$i){suffix}}}", {"i": variables})


def sign_in_first(stash: StashProcess, steps: list[bytes]) -> None:
    key = stash.control("auth", {"username": "user", "password": "secret", "api_key": True})["api_key"]
    query = "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}"
    answer = stash.post(query, {"i": sent(hook_context(steps[0]))}, {"ApiKey": key})
    assert answer.status == 200


STEPS: dict[str, Callable[[StashProcess, list[bytes]], None]] = {
    "scan_new": scan,
    "scene_create_mutation": create_scene,
    "scan_renamed": lambda stash, _steps: stash.control(
        "scan_changed", {"scenes": [{"id": 10, "path": "/data/videos/renamed.mp4"}]}
    ),
    "scan_duplicate": lambda stash, _steps: stash.control(
        "scan_changed", {"scenes": [{"id": 11, "add": {"path": "/data/videos/Copy of eleven.mp4"}}]}
    ),
    "clean": lambda stash, _steps: stash.control("clean", {"ids": [15]}),
    "identify": identify,
    "operation": run_operation,
    "operation_error": run_operation,
    "scene_update_with_password": sign_in_first,
    **{name: run_task(name) for name in TASKS},
}


def replay(stash: StashProcess, recorder: Recorder, steps: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
    """A step with several documents of "n of 1" mutations (three performers made) is played one by one."""
    played: dict[str, list[bytes]] = {}
    for name, documents in steps.items():
        if name.endswith("_create") and name not in STEPS:
            for document in documents:
                mutate(stash, [document])
        else:
            STEPS.get(name, mutate)(stash, documents)
        played[name] = recorder.take()
    return played


def order_fields(document: bytes, recorded: bytes) -> bytes:
    """inputFields of `document` in the recorded order; they must be the same fields."""
    pattern = re.compile(rb'"inputFields":(\[[^]]*\])')
    ours, theirs = pattern.search(document), pattern.search(recorded)
    assert (ours is None) == (theirs is None)
    if ours is None or theirs is None:
        return document
    assert sorted(json.loads(ours[1])) == sorted(json.loads(theirs[1]))
    return document.replace(ours[0], theirs[0])


def as_recorded(document: bytes, recorded: bytes, folder: Path) -> bytes:
    """The document with the five values that must differ replaced by the recorded ones."""
    port = re.search(rb'"Port":\d+', recorded)
    assert port is not None
    document = re.sub(rb'"Port":\d+', port[0], document, count=1)
    document = re.sub(
        rb'("Name":"session","Value":")[^"]+"', rb'\1SANITISED-SESSION-COOKIE"', document, count=1
    )
    plugin = folder / "plugins" / "Recorder"
    for ours, theirs in ((folder, b"/root/.stash"), (plugin, b"/root/.stash/plugins/Recorder")):
        document = document.replace(json.dumps(str(ours)).encode(), b'"' + theirs + b'"', 1)
    return order_fields(document, recorded)


class Session:
    """One version's whole session, played once."""

    def __init__(self, version: str, folder: Path) -> None:
        self.folder = folder
        self.recorded = read_recordings(version)
        recorder = Recorder(folder)
        with StashProcess(folder, "--version", version) as stash:
            self.played = replay(stash, recorder, self.recorded)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Session]:
    return {version: Session(version, tmp_path_factory.mktemp(version)) for version in VERSIONS}


CASES = [(version, step) for version in VERSIONS for step in read_recordings(version)]


@pytest.mark.parametrize(("version", "step"), CASES)
def test_documents_have_the_recorded_bytes(sessions: dict[str, Session], version: str, step: str) -> None:
    session = sessions[version]
    recorded, played = session.recorded[step], session.played[step]
    # Of the 24 new scenes the first three were kept.
    expected_count = 24 if step == "scan_new" else len(recorded)
    assert len(played) == expected_count
    for document, expected in zip(played, recorded, strict=False):
        assert as_recorded(document, expected, session.folder).decode() == expected.decode()


def test_identify_keeps_the_order_of_its_fields(sessions: dict[str, Session]) -> None:
    session = sessions["v0.30.1"]
    fields = [hook_context(each)["inputFields"] for each in session.played["identify"]]
    assert fields == [hook_context(each)["inputFields"] for each in session.recorded["identify"]]


def test_recordings_are_all_there() -> None:
    counts = {version: sum(map(len, read_recordings(version).values())) for version in VERSIONS}
    assert counts == {"v0.30.1": 57, "v0.27.2": 48}
