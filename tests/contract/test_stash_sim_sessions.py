"""Sign-in by cookie and key, and pictures: what the recordings do not show of docs/facts/stash.md sections 5 and 7."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.stash.client import Answer, Recorder, StashProcess
from tests.sim.stash.schema import DATA

PNG = b"\x89PNG\r\n\x1a\n rest"
VERSION = "{version{version}}"


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture
def stash(tmp_path: Path, recorder: Recorder) -> Iterator[StashProcess]:
    assert recorder.folder.is_dir()
    with StashProcess(tmp_path) as process:
        process.control("load", {"scenes": [{"id": 1, "files": [{"path": "/data/1.mp4"}]}]})
        yield process


def sign_in(stash: StashProcess) -> str:
    key: str = stash.control("auth", {"username": "user", "password": "secret", "api_key": True})["api_key"]
    return key


def ask_with(stash: StashProcess, cookies: str) -> Answer:
    return stash.post(VERSION, headers={"Cookie": cookies})


def test_cookie_of_a_hook_is_its_users(stash: StashProcess, recorder: Recorder) -> None:
    key = sign_in(stash)
    stash.post('mutation{sceneUpdate(input:{id:"1"}){id}}', headers={"ApiKey": key})
    cookie = json.loads(recorder.take()[0])["server_connection"]["SessionCookie"]["Value"]
    assert ask_with(stash, f"session={cookie}").status == 200


def test_cookie_ends_with_its_age_unless_that_is_zero(stash: StashProcess) -> None:
    sign_in(stash)
    cookie = stash.control("cookie", {"username": "user", "age": 3590})
    assert ask_with(stash, f"session={cookie}").status == 200
    stash.control("session_age", {"seconds": 3000})
    ended = ask_with(stash, f"session={cookie}")
    assert (ended.status, ended.body, "set-cookie" in ended.headers) == (401, b"", False)
    stash.control("session_age", {"seconds": 0})
    assert ask_with(stash, f"session={cookie}").status == 200


def test_refreshed_cookie_is_valid(stash: StashProcess) -> None:
    sign_in(stash)
    cookie = stash.control("cookie", {"username": "user"})
    header = ask_with(stash, f"session={cookie}").headers["set-cookie"]
    refreshed = header.partition(";")[0]
    assert refreshed != f"session={cookie}"
    assert ask_with(stash, refreshed).status == 200


def test_first_of_two_cookies_counts(stash: StashProcess) -> None:
    sign_in(stash)
    good, bad = stash.control("cookie", {"username": "user"}), stash.control("cookie", {"username": ""})
    assert ask_with(stash, f"session={good}; session={bad}").status == 200
    assert ask_with(stash, f"session={bad}; session={good}").status == 401


def test_forged_cookie_is_refused(stash: StashProcess) -> None:
    sign_in(stash)
    cookie = stash.control("cookie", {"username": "user"})
    assert ask_with(stash, f"session=A{cookie[1:]}").status == 401


def test_wrong_key_is_refused_even_without_a_password(stash: StashProcess) -> None:
    answer = stash.post(VERSION, headers={"ApiKey": "wrong"})
    assert (answer.status, answer.body, answer.headers["www-authenticate"]) == (401, b"", "FormBased")


def test_key_in_the_address_is_taken_and_blanked_in_the_log(stash: StashProcess) -> None:
    key = sign_in(stash)
    assert stash.send("GET", f"/scene/1/screenshot?apikey={key}").status == 200
    assert key not in json.dumps(stash.log())


def test_expired_cookie_does_not_matter_without_a_password(stash: StashProcess) -> None:
    assert ask_with(stash, "session=nonsense").status == 200


def test_password_and_sessions_outlive_a_restart(stash: StashProcess) -> None:
    key = sign_in(stash)
    cookie = stash.control("cookie", {"username": "user"})
    stash.down()
    stash.up()
    assert stash.post(VERSION).status == 401
    assert ask_with(stash, f"session={cookie}").status == 200
    assert stash.post(VERSION, headers={"ApiKey": key}).status == 200


def test_sign_in_by_form_gives_a_session(stash: StashProcess) -> None:
    sign_in(stash)
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    assert stash.send("POST", "/login", fields, b"username=user&password=wrong").status == 401
    answer = stash.send("POST", "/login", fields, b"username=user&password=secret")
    assert answer.status == 200
    assert ask_with(stash, answer.headers["set-cookie"].partition(";")[0]).status == 200


def test_health_is_told_to_everybody(stash: StashProcess) -> None:
    sign_in(stash)
    assert stash.send("GET", "/healthz").status == 200


def test_cover_appears_without_a_hook(stash: StashProcess, recorder: Recorder) -> None:
    before = stash.send("GET", "/scene/1/screenshot")
    stash.control("set_cover", {"id": 1, "image": base64.b64encode(PNG).decode()})
    after = stash.send("GET", "/scene/1/screenshot")
    assert before.body == (DATA / "default_cover.svg").read_bytes()
    assert (after.body, after.headers["content-type"]) == (PNG, "image/png")
    assert before.headers["etag"] != after.headers["etag"]
    assert recorder.take() == []


def test_cover_from_the_edit_form_is_served(stash: StashProcess) -> None:
    stash.update_scene(id="1", cover_image=f"data:image/png;base64,{base64.b64encode(PNG).decode()}")
    assert stash.send("GET", "/scene/1/screenshot").body == PNG


def test_dated_address_may_be_kept_for_ever(stash: StashProcess) -> None:
    address = stash.query("{findScene(id:1){paths{screenshot}}}")["findScene"]["paths"]["screenshot"]
    assert address.startswith(f"{stash.url}/scene/1/screenshot?t=")
    answer = stash.send("GET", address.removeprefix(stash.url))
    assert answer.headers["cache-control"].endswith("immutable")
    assert stash.send("GET", "/scene/1/screenshot").headers["cache-control"] == "no-cache"
