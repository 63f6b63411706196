"""The server under the simulators, seen through the Plex one: faults as a client meets them, the log, the life of the process."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.sim.process import ROOT, SimProcess, SimulatorError


@pytest.fixture
def sim() -> Iterator[SimProcess]:
    with SimProcess("tests.sim.plex", "--generate", "movies=3") as process:
        yield process


def get(sim: SimProcess, target: str = "/library/sections") -> requests.Response:
    return requests.get(sim.url + target, timeout=10)


def test_reset_breaks_the_connection_once(sim: SimProcess) -> None:
    sim.fault("reset", times=1)
    with pytest.raises(requests.ConnectionError):
        get(sim)
    assert get(sim).status_code == 200
    assert [(entry["status"], entry["fault"]) for entry in sim.log()] == [(0, "reset"), (200, None)]


def test_reset_after_the_change_loses_only_the_answer(sim: SimProcess) -> None:
    sim.fault("reset", times=1, when="after", match="PUT ")
    with pytest.raises(requests.ConnectionError):
        requests.put(sim.url + "/library/metadata/1?title.value=Done", timeout=10)
    assert sim.control("item", {"ratingKey": 1})["title"] == "Done"
    sim.fault("reset", times=1, when="before", match="PUT ")
    with pytest.raises(requests.ConnectionError):
        requests.put(sim.url + "/library/metadata/1?title.value=Never", timeout=10)
    assert sim.control("item", {"ratingKey": 1})["title"] == "Done"


def test_status_has_its_headers_and_body(sim: SimProcess) -> None:
    sim.fault("status", status=429, headers={"Retry-After": "3"}, body="slow down", times=1)
    response = get(sim)
    assert (response.status_code, response.headers["Retry-After"], response.text) == (429, "3", "slow down")


def test_hang_ends_without_an_answer(sim: SimProcess) -> None:
    sim.fault("hang", seconds=0.05, times=1)
    with pytest.raises(requests.ConnectionError):
        get(sim)
    sim.fault("hang", seconds=None)
    with pytest.raises(requests.ReadTimeout):
        requests.get(sim.url + "/", timeout=0.2)
    sim.clear_faults()
    assert get(sim).status_code == 200


def test_slow_still_answers(sim: SimProcess) -> None:
    sim.fault("slow", seconds=0.1, times=1)
    assert get(sim).status_code == 200
    assert sim.log()[0]["ms"] >= 100


def test_truncated_body_is_shorter_than_announced(sim: SimProcess) -> None:
    sim.fault("truncate", times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        get(sim)


@pytest.mark.parametrize("part", ["head", "body", "chunks"])
def test_trickle_comes_whole_in_pieces(sim: SimProcess, part: str) -> None:
    whole = get(sim).content
    sim.fault("trickle", part=part, seconds=0.001, size=7)
    answer = get(sim)
    assert answer.content == whole
    assert answer.headers.get("Transfer-Encoding") == ("chunked" if part == "chunks" else None)


@pytest.mark.parametrize("part", ["body", "chunks"])
def test_trickled_body_waits_until_the_faults_are_cleared(sim: SimProcess, part: str) -> None:
    whole = get(sim).content
    sim.fault("trickle", part=part, seconds=None, size=5)
    with requests.get(sim.url + "/library/sections", timeout=10, stream=True) as answer:
        assert answer.raw.read(5) != b""
        sim.clear_faults()
        assert answer.status_code == 200
    assert get(sim).content == whole


def test_trickled_head_is_no_answer_yet(sim: SimProcess) -> None:
    sim.fault("trickle", part="head", seconds=None)
    with pytest.raises(requests.ReadTimeout):
        requests.get(sim.url + "/", timeout=0.2)
    with pytest.raises(SimulatorError, match="no such part"):
        sim.fault("trickle", part="tail")


def test_faults_choose_by_request_and_number(sim: SimProcess) -> None:
    sim.fault("status", status=500, match=r"GET /library/sections/\d+/all", skip=1, times=2)
    target = "/library/sections/1/all?type=1"
    assert [get(sim, target).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert get(sim, "/identity").status_code == 200


def test_fault_that_means_nothing_is_refused(sim: SimProcess) -> None:
    with pytest.raises(SimulatorError, match="no such fault"):
        sim.fault("explode")
    with pytest.raises(SimulatorError, match="no such fault"):
        sim.fault("reset", often=3)
    with pytest.raises(SimulatorError, match="no such setting"):
        sim.control("set", {"nonsense": 1})
    with pytest.raises(SimulatorError, match="no such control"):
        sim.control("nonsense")


def test_one_connection_carries_many_requests(sim: SimProcess) -> None:
    with requests.Session() as session:
        for _ in range(5):
            assert session.get(sim.url + "/identity", timeout=10).status_code == 200
    assert len({entry["connection"] for entry in sim.log()}) == 1


def test_log_is_filtered_and_cleared(sim: SimProcess) -> None:
    get(sim, "/identity")
    get(sim)
    assert [entry["path"] for entry in sim.log("GET /library")] == ["/library/sections"]
    sim.clear_log()
    assert sim.log() == []


def test_faults_outlive_down_and_up(sim: SimProcess) -> None:
    sim.fault("status", status=500, times=2)
    assert get(sim).status_code == 500
    sim.down()
    sim.up()
    assert [get(sim).status_code for _ in range(2)] == [500, 200]


def test_body_is_plain_when_gzip_is_not_accepted(sim: SimProcess) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(sim.url).port, timeout=10)
    connection.request("GET", "/library/sections")
    response = connection.getresponse()
    assert response.getheader("Content-Encoding") is None
    assert response.read().startswith(b"<?xml")
    connection.close()


def test_process_ends_when_its_stdin_does() -> None:
    command = [sys.executable, "-m", "tests.sim.plex", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().startswith("READY http://127.0.0.1:")
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_library_that_cannot_be_read_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SimulatorError, match="did not start; exit code 1"):
        SimProcess("tests.sim.plex", "--generate", "moovies=3")
    assert "moovies" in capfd.readouterr().err
