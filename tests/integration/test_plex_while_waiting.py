"""What is done while Plex works on a request: between the last byte of the request and the first of its answer, and once."""

import contextlib
import http.server
import threading
from collections.abc import Iterator

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError, PlexUnavailable
from plexsync_plugin.plex.gateway import Connection, PlexGateway

ANSWER = b'<MediaContainer machineIdentifier="m" version="1" size="0"/>'
TARGET = "/library/sections/1/all?type=1&id=5&title.value=T"


class Plex(http.server.ThreadingHTTPServer):
    """Answers a write only once `let_go` is set, or refuses it after five seconds."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.let_go = threading.Event()
        self.came = threading.Event()
        self.connections: set[object] = set()
        self.written: list[tuple[str, dict[str, str]]] = []  # targets and headers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Plex

    def do_GET(self) -> None:
        self._answer(200)

    def do_PUT(self) -> None:
        self.server.came.set()
        self.server.connections.add(self.client_address)
        self.server.written.append((self.path, dict(self.headers)))
        self._answer(200 if self.server.let_go.wait(5.0) else 500)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(ANSWER)))
        with contextlib.suppress(ConnectionError):  # who asked waits no longer
            self.end_headers()
            self.wfile.write(ANSWER)


@pytest.fixture
def plex() -> Iterator[Plex]:
    server = Plex()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def gateway(plex: Plex) -> Iterator[PlexGateway]:
    made = PlexGateway(Connection(url=plex.url, token="t", client_id="c"), Clock())
    made.server()
    yield made
    made.close()


def test_action_is_done_when_the_request_is_there_and_before_it_is_answered(
    plex: Plex, gateway: PlexGateway
) -> None:
    done: list[bool] = []

    def action() -> None:
        done.append(plex.came.wait(5.0))
        plex.let_go.set()

    with gateway.while_waiting(action):
        gateway.put(TARGET)
    assert done == [True]


def test_action_is_done_once_for_several_requests_over_one_connection(
    plex: Plex, gateway: PlexGateway
) -> None:
    plex.let_go.set()
    done: list[int] = []
    with gateway.while_waiting(lambda: done.append(1)):
        gateway.put(TARGET)
        gateway.put(TARGET)
    gateway.put(TARGET)
    assert done == [1]
    assert len(plex.connections) == 1


def test_action_is_not_done_when_nobody_takes_the_request(plex: Plex, gateway: PlexGateway) -> None:
    gateway.close()
    plex.shutdown()
    plex.server_close()
    done: list[int] = []
    with pytest.raises(PlexUnavailable), gateway.while_waiting(lambda: done.append(1)):
        gateway.put(TARGET)
    assert done == []


def test_action_that_fails_ends_the_request_and_is_no_trouble_of_plex(
    plex: Plex, gateway: PlexGateway
) -> None:
    def action() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError) as raised, gateway.while_waiting(action):
        gateway.put(TARGET)
    assert not isinstance(raised.value, PlexSyncError)
    plex.let_go.set()
    gateway.put(TARGET)
    assert len(plex.connections) == 2  # whose answer is not read is of no use any more


def test_prepared_edit_goes_out_once_as_any_other(plex: Plex, gateway: PlexGateway) -> None:
    plex.let_go.set()
    gateway.put(TARGET)
    gateway.prepare([TARGET])
    assert len(plex.written) == 1, "prepared is not sent"
    gateway.put(TARGET)
    gateway.put(TARGET)
    assert len(plex.written) == 3
    assert plex.written[0] == plex.written[1] == plex.written[2]
    assert len(plex.connections) == 1


def test_what_was_prepared_and_not_sent_makes_room_for_what_is_prepared_next(
    plex: Plex, gateway: PlexGateway
) -> None:
    plex.let_go.set()
    another = TARGET.replace("id=5", "id=6")
    gateway.prepare([TARGET])
    gateway.prepare([another])
    gateway.put(another)
    gateway.put(TARGET)
    assert [target for target, _ in plex.written] == [another, TARGET]


def test_prepared_edit_has_the_limits_of_any_other(plex: Plex) -> None:
    made = PlexGateway(
        Connection(url=plex.url, token="t", client_id="c", read_timeout=0.2, total_timeout=0.2), Clock()
    )
    made.server()
    made.prepare([TARGET])
    with pytest.raises(PlexUnavailable):
        made.put(TARGET)
    plex.let_go.set()
    made.close()
