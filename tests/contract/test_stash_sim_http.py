"""Each recorded request is sent to the simulator, which holds the recorded library; status, headers and body must be the recorded
ones. What differs by necessity is named in NAMED, per recording.
"""

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sim.stash.client import Answer, Recorder, StashProcess, encode, wait_until
from tests.sim.stash.schema import DATA

Recording = dict[str, Any]
COVER = (DATA / "cover.jpg").read_bytes()
LIBRARY = json.loads((DATA / "library-v0.30.1.json").read_text(encoding="utf-8"))
RECORDINGS: dict[str, Recording] = {
    each["name"]: each for each in json.loads((DATA / "http-v0.30.1.json").read_text(encoding="utf-8"))
}
# By how much the length differs because renaming the folder in the recordings made each path one character longer.
RENAMED = {"configuration_never_saved": 1, "scene_full": 1, "scene_two_files": 2}
# Why Content-Length (and the default portrait's bytes) cannot be compared.
NAMED = {
    "auth_key": "the key is sanitised",
    "generate_key": "the key is sanitised",
    "scenes_by_ids": "chunked, so without a length",
    "scenes_page_1": "chunked, so without a length",
    "performer_default_image": "the default portrait was not recorded; the simulator has a picture of its own",
}
# Compared by name of the field alone, or by form.
BY_FORM = {"date", "content-length", "set-cookie", "transfer-encoding"}
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def stash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StashProcess]:
    folder = tmp_path_factory.mktemp("http")
    Recorder(folder)
    with StashProcess(folder) as process:
        yield process


@pytest.fixture
def recorded_library(stash: StashProcess) -> StashProcess:
    stash.control("load", LIBRARY | {"configuration": {}, "stashes": [{"path": "/data/videos"}]})
    stash.control("set_cover", {"id": 1, "image": _base64(COVER), "touch": False})
    stash.control("auth")
    return stash


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def send(stash: StashProcess, recording: Recording, headers: dict[str, str] | None = None) -> Answer:
    request = recording["request"]
    fields = dict(request["headers"]) | (headers or {})
    if "query" not in request:
        return stash.send(request["method"], request["path"], fields)
    body = encode(request["query"], request["variables"])
    return stash.send("POST", request["path"], {"Content-Type": "application/json"} | fields, body)


def expected_body(stash: StashProcess, recording: Recording) -> Any:
    text = json.dumps(recording["body"], ensure_ascii=False)
    return json.loads(text.replace("http://127.0.0.1:9999", stash.url))


def check_answer(stash: StashProcess, answer: Answer, recording: Recording) -> None:
    assert answer.status == recording["status"]
    compare_headers(stash, answer, recording)
    if "body" not in recording:
        if recording["name"] not in NAMED:
            assert hashlib.sha1(answer.body).hexdigest() == recording["body_sha1"]
    elif recording["body"] == "":
        assert answer.body == b""
    else:
        assert answer.json == expected_body(stash, recording)
        assert list(answer.json) == list(recording["body"])


def compare_headers(stash: StashProcess, answer: Answer, recording: Recording) -> None:
    compare_headers_but_length(answer, recording)
    if "Content-Length" in recording["headers"] and recording["name"] not in NAMED:
        assert int(answer.headers["content-length"]) == expected_length(stash, recording)


def compare_headers_but_length(answer: Answer, recording: Recording) -> None:
    expected = {name.lower(): value for name, value in recording["headers"].items()}
    if recording["name"] == "performer_default_image":
        assert re.fullmatch('"[0-9a-f]{32}"', answer.headers["etag"])
        expected["etag"] = answer.headers["etag"]
    ours = {name: value for name, value in answer.headers.items() if name not in BY_FORM}
    assert ours == {name: value for name, value in expected.items() if name not in BY_FORM}
    assert ("set-cookie" in answer.headers) == ("set-cookie" in expected)
    if "set-cookie" in expected:
        assert cookie_form(answer.headers["set-cookie"]) == cookie_form(expected["set-cookie"])


def expected_length(stash: StashProcess, recording: Recording) -> int:
    """The recorded one, but for renamed paths and the number of digits in the port of each address."""
    addresses = json.dumps(recording.get("body")).count("http://127.0.0.1:9999")
    longer_port = len(str(stash.port)) - len("9999")
    return (
        int(recording["headers"]["Content-Length"])
        + RENAMED.get(recording["name"], 0)
        + addresses * longer_port
    )


def cookie_form(header: str) -> str:
    return re.sub(r"session=[^;]+|Expires=\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "…", header)


PLAIN = [
    name
    for name in RECORDINGS
    if not name.startswith(("auth_", "job_", "run_task", "stop_job", "generate_key", "configuration_saved"))
]


@pytest.mark.parametrize("name", PLAIN)
def test_answer_is_the_recorded_one(recorded_library: StashProcess, name: str) -> None:
    recording = RECORDINGS[name]
    if name == "system_status" and not sys.platform.startswith("linux"):
        recording["body"]["data"]["systemStatus"]["os"] = sys.platform
    check_answer(recorded_library, send(recorded_library, recording), recording)


def test_configuration_holds_what_was_saved(recorded_library: StashProcess) -> None:
    for name in ("configure_plugin", "configuration_saved"):
        check_answer(recorded_library, send(recorded_library, RECORDINGS[name]), RECORDINGS[name])


def test_configure_plugin_replaces_the_whole_map(recorded_library: StashProcess) -> None:
    stash = recorded_library
    save = 'mutation($i:Map!){configurePlugin(plugin_id:"Other",input:$i)}'
    stash.query(save, {"i": {"a": 1, "b": "x"}})
    stash.query(save, {"i": {"b": "y"}})
    assert stash.query("{configuration{plugins}}") == {"configuration": {"plugins": {"Other": {"b": "y"}}}}


@contextmanager
def password(stash: StashProcess) -> Iterator[str]:
    """The API key while a password is set."""
    try:
        yield stash.control("auth", {"username": "user", "password": "secret", "api_key": True})["api_key"]
    finally:
        stash.control("auth")


@pytest.mark.parametrize("name", ["auth_none", "auth_bad_key", "auth_none_image", "auth_none_root"])
def test_answer_without_sign_in(recorded_library: StashProcess, name: str) -> None:
    with password(recorded_library):
        check_answer(recorded_library, send(recorded_library, RECORDINGS[name]), RECORDINGS[name])


@pytest.mark.parametrize(
    ("name", "username"), [("auth_cookie", "user"), ("auth_hook_cookie", ""), ("generate_key", "user")]
)
def test_answer_with_a_cookie(recorded_library: StashProcess, name: str, username: str) -> None:
    """auth_hook_cookie is one made before the password was set, so of nobody."""
    recording = RECORDINGS[name]
    with password(recorded_library):
        value = recorded_library.control("cookie", {"username": username})
        answer = send(recorded_library, recording, {"Cookie": f"session={value}"})
    if name == "generate_key":
        key = answer.json["data"]["generateAPIKey"]
        assert len(key.split(".")) == 3
        recording = recording | {"body": {"data": {"generateAPIKey": key}}}
    check_answer(recorded_library, answer, recording)


def test_answer_with_the_key(recorded_library: StashProcess) -> None:
    recording = RECORDINGS["auth_key"]
    with password(recorded_library) as key:
        answer = send(recorded_library, recording, {"ApiKey": key})
    sanitised = json.loads(answer.body.decode().replace(key, "SANITISED.API.KEY"))
    check_answer(
        recorded_library, Answer(answer.status, answer.headers, json.dumps(sanitised).encode()), recording
    )


def test_no_key_is_made_without_a_user_name(recorded_library: StashProcess) -> None:
    assert recorded_library.query("mutation{generateAPIKey(input:{})}") == {"generateAPIKey": ""}


def test_jobs_answer_as_recorded(tmp_path: Path) -> None:
    """The recorded session: three tasks before, then the slow one that is stopped, then two that cannot run."""
    Recorder(tmp_path)
    with StashProcess(tmp_path) as stash:
        for _ in range(3):
            stash.query('mutation{runPluginTask(plugin_id:"Recorder",task_name:"Plain")}')
        stash.wait_for_jobs()
        for name in ("job_queue_empty", "job_unknown", "run_task"):
            check_answer(stash, send(stash, RECORDINGS[name]), RECORDINGS[name])
        queue = "{jobQueue{progress}}"
        wait_until(lambda: stash.query(queue)["jobQueue"][0]["progress"] > 0, "the task reports progress")
        check_job(stash, "job_queue_running")
        check_answer(stash, send(stash, RECORDINGS["stop_job"]), RECORDINGS["stop_job"])
        stash.wait_for_jobs()
        check_job(stash, "job_cancelled")
        for name in ("run_task_unknown_plugin", "run_task_unknown_task"):
            check_answer(stash, send(stash, RECORDINGS[name]), RECORDINGS[name])


def check_job(stash: StashProcess, name: str) -> None:
    """Times by their form: RFC 3339 with a fraction."""
    recording, answer = RECORDINGS[name], send(stash, RECORDINGS[name])
    assert answer.status == recording["status"]
    compare_headers_but_length(answer, recording)
    text = TIMES.sub("T", json.dumps(answer.json))
    assert json.loads(text) == json.loads(TIMES.sub("T", json.dumps(recording["body"])))


def test_every_recording_is_compared() -> None:
    """31 as they are; 17 by tests that name them, because they need a password, a job or a step before."""
    assert (len(PLAIN), len(RECORDINGS)) == (31, 48)


def test_edit_form_of_the_real_page_is_answered(recorded_library: StashProcess) -> None:
    """Its query uses fields of v0.30.1 alone, so the check against both schemas is off for it."""
    stash = recorded_library
    stash.control("change", {"kind": "scene", "id": 16, "fields": {"organized": False, "rating100": None}})
    recorded = json.loads((DATA / "ui-mutations-v0.30.1.json").read_text(encoding="utf-8"))
    stash.control("server", {"both": False})
    try:
        answers = [stash.query(recorded["query"], each)["sceneUpdate"] for each in recorded["variables"]]
    finally:
        stash.control("server", {"both": True})
    assert [answer["title"] for answer in answers] == ["Edited in the real UI"] * 3
    assert [(answer["organized"], answer["rating100"]) for answer in answers] == [
        (False, None),
        (True, None),
        (True, 80),
    ]
    assert answers[0]["groups"] == []
    assert list(answers[0])[:4] == ["id", "title", "code", "details"]
