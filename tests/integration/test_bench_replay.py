"""The Plex of the benchmarks that answers from memory: what the simulator said, said again, and what it was asked."""

import urllib.request
from collections.abc import Iterator

import pytest

from bench.replay import Replay
from tests.sim.process import SimProcess

LISTED = "/library/sections/1/all?type=1"


@pytest.fixture
def plex() -> Iterator[SimProcess]:
    with SimProcess("tests.sim.plex", "--token", "t", "--generate", "movies=3") as found:
        yield found


def get(url: str, start: int) -> bytes:
    headers = {
        "X-Plex-Token": "t",
        "X-Plex-Container-Start": str(start),
        "X-Plex-Container-Size": "2",
        "Accept-Encoding": "identity",
    }
    with urllib.request.urlopen(urllib.request.Request(url + LISTED, headers=headers), timeout=30) as answer:
        body: bytes = answer.read()
        return body


def test_each_page_is_asked_for_once_and_said_as_often_as_wanted(plex: SimProcess) -> None:
    pages = {start: get(plex.url, start) for start in (0, 2)}
    assert pages[0] != pages[2]
    plex.clear_log()
    with Replay(plex.url) as replay:
        for start in (0, 2, 0, 2):
            assert get(replay.url, start) == pages[start]
        assert len(plex.log()) == 2
        asked = replay.asked()
        assert [headers["X-Plex-Container-Start"] for _, headers in asked] == ["0", "2", "0", "2"]
        assert {target for target, _ in asked} == {LISTED}
        assert not any("X-Plex-Token" in headers for _, headers in asked)
        assert replay.asked() == []
