"""The simulated stream of events: framed as an event source, entries as in recorded notifications, for the owner alone."""

import http.client
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.index_runs import TOKEN, start_plex
from tests.sim.process import SimProcess

TARGET = "/:/eventsource/notifications?filters=timeline"


@pytest.fixture
def plex(tmp_path: Path) -> Iterator[SimProcess]:
    with start_plex(tmp_path) as found:
        yield found


@pytest.fixture
def listener(plex: SimProcess) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", plex.port, timeout=30)
    connection.request("GET", TARGET, headers={"X-Plex-Token": TOKEN})
    yield connection.getresponse()
    connection.close()


def next_event(listener: http.client.HTTPResponse) -> tuple[str, dict[str, Any]]:
    name = listener.readline().decode().rstrip("\n")
    data = listener.readline().decode().rstrip("\n")
    assert listener.readline() == b"\n"
    assert name.startswith("event: ")
    assert data.startswith("data: ")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_stream_when_items_change_tells_each(plex: SimProcess, listener: http.client.HTTPResponse) -> None:
    assert listener.headers["Content-Type"] == "text/event-stream"
    plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "New"}})
    name, data = next_event(listener)
    entry = data["TimelineEntry"]
    assert name == "timeline"
    assert (entry["itemID"], entry["sectionID"], entry["type"], entry["state"]) == ("101", "1", 1, 5)
    assert entry["title"] == "New"
    plex.control("remove_item", {"ratingKey": 101})
    assert next_event(listener)[1]["TimelineEntry"]["state"] == 9


def test_stream_when_a_client_edits_tells_it(plex: SimProcess, listener: http.client.HTTPResponse) -> None:
    request = urllib.request.Request(
        f"{plex.url}/library/sections/1/all?type=1&id=102&title.value=By+a+client",
        method="PUT",
        headers={"X-Plex-Token": TOKEN},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert next_event(listener)[1]["TimelineEntry"]["title"] == "By a client"


def test_stream_when_the_token_is_a_guests_is_refused(plex: SimProcess) -> None:
    plex.control("set", {"shared_token": "guest"})
    connection = http.client.HTTPConnection("127.0.0.1", plex.port, timeout=30)
    connection.request("GET", TARGET, headers={"X-Plex-Token": "guest"})
    assert connection.getresponse().status == 403
    connection.close()
