"""An answer that never ends is cut off when its time is up: any part of it, plain, gzipped, in chunks, with TLS and without.

What trickles here would go on for many minutes: that a call comes back at all is what is tested.
"""

import http.server
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import ClassVar

import pytest
import requests
import trustme

from plexsync_plugin.base.answer_limits import AnswerOverdue, Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import NotPlex, PictureUnusable, PlexTooSlow, PlexTrouble, PlexUnavailable
from plexsync_plugin.base.limited_http import LimitedAdapter
from plexsync_plugin.core.picture import POSTERS
from plexsync_plugin.plex.dry_gateway import DryGateway
from plexsync_plugin.plex.event_stream import EventStream
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from tests.sim.process import SimProcess

TOKEN = "secret-token-of-the-owner"
AUTHORITY = trustme.CA()  # nothing else trusts it
DETAILS = "GET /library/metadata/"
LIMIT = 0.5  # seconds, of one answer that trickles
TOTAL = 2.0  # of every answer of a gateway, and room for a busy machine to begin with it
PARTS = ("head", "body", "chunks")


class TlsFront:
    """Speaks TLS with whoever connects, and hands everything on to a simulator."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("127.0.0.1").configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(plain,), daemon=True).start()

    def _carry(self, plain: socket.socket) -> None:
        try:
            with (
                self._context.wrap_socket(plain, server_side=True) as outer,
                socket.create_connection(("127.0.0.1", self._port)) as inner,
            ):
                while self._hand_on(outer, inner):
                    pass
        except OSError:
            return  # the client has cut it off, as it should

    def _hand_on(self, outer: socket.socket, inner: socket.socket) -> bool:
        (source, *_), _, _ = select.select([outer, inner], [], [])
        data = source.recv(65_536)
        (inner if source is outer else outer).sendall(data)
        return bool(data)


@pytest.fixture(scope="module")
def shared() -> Iterator[SimProcess]:
    with SimProcess("tests.sim.plex", "--token", TOKEN, "--generate", "movies=50") as process:
        yield process


@pytest.fixture
def sim(shared: SimProcess) -> SimProcess:
    shared.clear_faults()
    shared.clear_log()
    return shared


@pytest.fixture(params=["http", "https"])
def url(request: pytest.FixtureRequest, sim: SimProcess) -> Iterator[str]:
    if request.param == "http":
        yield sim.url
        return
    with closing(TlsFront(sim.port)) as front:
        yield front.url


@pytest.fixture
def session(tmp_path: Path) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(tmp_path / "authority.pem")
        AUTHORITY.cert_pem.write_to_path(session.verify)
        session.headers["X-Plex-Token"] = TOKEN
        adapter = LimitedAdapter(Clock())
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        yield session


@pytest.fixture
def connect() -> Iterator[Callable[..., PlexGateway]]:
    """Makes a gateway; the options are those of its Connection."""
    with ExitStack() as stack:

        def make(url: str, *, kind: type[PlexGateway] = PlexGateway, **options: float) -> PlexGateway:
            connection = Connection(url=url, token=TOKEN, client_id="test", **options)  # type: ignore[arg-type]
            return stack.enter_context(closing(kind(connection, Clock())))

        yield make


def get(session: requests.Session, url: str, whole: float | None) -> requests.Response:
    return session.get(url + "/library/sections", timeout=Limits(5.0, 30.0, whole))  # type: ignore[arg-type]


def connections(sim: SimProcess, match: str = "GET /library") -> list[int]:
    return [entry["connection"] for entry in sim.log(match)]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("part", PARTS)
def test_answer_when_it_trickles_is_cut_off_with_its_connection(
    sim: SimProcess, session: requests.Session, url: str, part: str, encoding: str
) -> None:
    session.headers["Accept-Encoding"] = encoding
    sim.fault("trickle", part=part, seconds=0.1, times=1)
    with pytest.raises(AnswerOverdue):
        get(session, url, LIMIT)
    answer = get(session, url, 30.0)
    assert answer.text.startswith("<?xml")
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    cut, kept = connections(sim)
    assert cut != kept


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("part", PARTS)
def test_answer_when_it_is_slow_and_steady_comes_whole_and_keeps_its_connection(
    sim: SimProcess, session: requests.Session, url: str, part: str, encoding: str
) -> None:
    session.headers["Accept-Encoding"] = encoding
    at_once = get(session, url, 30.0).content
    sim.fault("trickle", part=part, seconds=0.01, size=40)
    assert get(session, url, 30.0).content == at_once
    assert len(connections(sim)) == 2
    assert len(set(connections(sim))) == 1


def test_answer_when_nothing_of_it_comes_is_cut_off(
    sim: SimProcess, session: requests.Session, url: str
) -> None:
    sim.fault("hang", seconds=None)
    with pytest.raises(AnswerOverdue):
        get(session, url, LIMIT)


def test_answer_when_it_stops_for_longer_than_a_byte_may_take_is_no_matter_of_the_limit(
    sim: SimProcess, session: requests.Session, url: str
) -> None:
    sim.fault("trickle", seconds=None)
    with pytest.raises(requests.ConnectionError, match="timed out"):
        session.get(url + "/library/sections", timeout=Limits(5.0, 0.2, 60.0))  # type: ignore[arg-type]


def test_answer_when_it_has_no_limit_may_take_longer(
    sim: SimProcess, session: requests.Session, url: str
) -> None:
    sim.fault("trickle", size=100, seconds=0.3)
    with pytest.raises(AnswerOverdue):
        get(session, url, LIMIT)
    assert get(session, url, None).text.startswith("<?xml")


@pytest.mark.parametrize("part", PARTS)
def test_read_when_its_answer_trickles_is_too_slow_and_not_sent_again(
    sim: SimProcess, connect: Callable[..., PlexGateway], part: str
) -> None:
    gateway = connect(sim.url, total_timeout=TOTAL)
    sim.fault("trickle", part=part, seconds=0.1, match=DETAILS + "1,2")
    with pytest.raises(PlexTooSlow) as caught:
        gateway.details([1, 2])
    assert str(caught.value).startswith(f"Plex at {sim.url} had not finished an answer after {TOTAL:g} s")
    assert "read_timeout" in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert len(sim.log(DETAILS)) == 1
    assert [element.get("ratingKey") for element in gateway.details([2])] == ["2"]


@pytest.mark.parametrize("part", PARTS)
def test_read_when_its_answer_stands_still_is_trouble_and_sent_once_more(
    sim: SimProcess, connect: Callable[..., PlexGateway], part: str
) -> None:
    gateway = connect(sim.url, read_timeout=0.5)
    sim.fault("trickle", part=part, seconds=None, match=DETAILS)
    with pytest.raises(PlexTrouble, match="did not answer in time") as caught:
        gateway.details([1])
    assert not isinstance(caught.value, PlexTooSlow)
    assert len(sim.log(DETAILS)) == 2


def test_limit_of_one_call_ends_it_sooner_and_no_other(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(sim.url)
    sim.fault("trickle", size=2000, seconds=0.4, times=3)
    with pytest.raises(PlexTooSlow, match=r"after 0\.2 s"):
        gateway.details(range(1, 51), within=0.2)
    with pytest.raises(PlexTooSlow, match=r"after 0\.2 s"):
        gateway.page(1, 1, start=0, size=50, within=0.2)
    assert len(gateway.details(range(1, 51))) == 50


def test_limit_of_one_call_when_longer_than_that_of_all_does_not_count(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(sim.url, total_timeout=TOTAL)
    sim.fault("trickle", seconds=0.1, match=DETAILS)
    with pytest.raises(PlexTooSlow, match=f"after {TOTAL:g} s"):
        gateway.details([1], within=500.0)


def test_limit_when_not_given_is_four_times_the_read_timeout(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(sim.url, read_timeout=0.2)
    sim.fault("trickle", seconds=0.05, match=DETAILS)
    with pytest.raises(PlexTooSlow, match=r"after 0\.8 s"):
        gateway.details([1])


CALLS: dict[str, Callable[[PlexGateway], object]] = {
    "probe": lambda gateway: gateway.probe(),
    "sections": lambda gateway: gateway.sections(),
    "page": lambda gateway: gateway.page(1, 1, start=0, size=10),
    "put": lambda gateway: gateway.put("/library/metadata/1?title.value=New"),
    "scan": lambda gateway: gateway.scan_folder(1, "/media"),
    "pictures": lambda gateway: gateway.pictures(1, POSTERS),
    "upload": lambda gateway: gateway.upload_picture(1, POSTERS, b"\xff\xd8" * 500_000),
    "select": lambda gateway: gateway.select_picture(1, POSTERS, "upload://posters/0"),
    "drop": lambda gateway: gateway.drop_picture(1, POSTERS),
    "picture": lambda gateway: gateway.picture("/library/metadata/1/thumb/1", width=9, height=9, limit=10**6),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_request_of_any_kind_when_its_answer_trickles_is_too_slow(
    sim: SimProcess, connect: Callable[..., PlexGateway], call: Callable[[PlexGateway], object]
) -> None:
    gateway = connect(sim.url, total_timeout=TOTAL)
    gateway.server()
    sim.clear_log()
    sim.fault("trickle", part="head", seconds=0.1)
    with pytest.raises(PlexTooSlow):
        call(gateway)
    assert len(sim.log()) == 1


def test_first_request_when_its_answer_trickles_is_too_slow(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    sim.fault("trickle", seconds=0.1)
    with pytest.raises(PlexTooSlow):
        connect(sim.url, total_timeout=TOTAL).server()


def test_preview_when_an_answer_trickles_is_cut_off_too(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(sim.url, kind=DryGateway, total_timeout=TOTAL)
    gateway.put("/library/metadata/1?title.value=Never")
    sim.fault("trickle", seconds=0.1, match=DETAILS)
    with pytest.raises(PlexTooSlow):
        gateway.details([1])
    assert sim.log("PUT ") == []


def test_sentence_of_a_busy_server_when_it_trickles_is_not_waited_for(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(sim.url, total_timeout=TOTAL)
    sim.control("set", {"maintenance": True})
    sim.fault("trickle", seconds=0.1)
    with pytest.raises(PlexTooSlow):
        gateway.server()
    sim.control("set", {"maintenance": False})


def test_stream_of_events_outlives_the_limit(sim: SimProcess) -> None:
    connection = Connection(url=sim.url, token=TOKEN, client_id="test", total_timeout=TOTAL)
    over = threading.Event()
    lines = EventStream(connection, Clock(), filters="timeline", silence=30.0).lines()
    assert next(lines) == ""
    over.wait(2 * TOTAL)
    sim.control("edit_item", {"ratingKey": 1, "fields": {"title": "Told"}})
    assert next(line for line in lines if line.startswith("data:")).count("Told") == 1
    lines.close()  # type: ignore[attr-defined]


class Listener(http.server.BaseHTTPRequestHandler):
    """A Plex that lets `pause` pass before it takes the body of a request."""

    protocol_version = "HTTP/1.1"
    pause = threading.Event()
    seconds: float
    taken: ClassVar[list[int]] = []  # sizes of the bodies

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is to be said."""

    def do_GET(self) -> None:
        self._answer(b'<MediaContainer machineIdentifier="m" version="1.43"/>')

    def do_POST(self) -> None:
        self.pause.wait(self.seconds)
        self.taken.append(len(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def listen() -> Iterator[Callable[[float], str]]:
    """Starts one that pauses for so many seconds."""
    with ExitStack() as stack:

        def start(seconds: float) -> str:
            pause = threading.Event()
            handler = type("Pausing", (Listener,), {"pause": pause, "seconds": seconds})
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler, bind_and_activate=False)
            server.daemon_threads = True
            server.block_on_close = False
            # A small buffer, so that the sender has to wait.
            server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            server.server_bind()
            server.server_activate()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            stack.callback(pause.set)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            return f"http://127.0.0.1:{server.server_address[1]}"

        yield start


PICTURE = bytes(24_000_000)  # more than any buffer on the way takes


def test_upload_when_the_way_is_slow_takes_longer_than_the_limits_of_the_answer(
    listen: Callable[[float], str], connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(listen(2.0), connect_timeout=0.5, total_timeout=1.5)
    Listener.taken.clear()
    gateway.upload_picture(1, POSTERS, PICTURE)
    assert Listener.taken == [len(PICTURE)]


def test_upload_when_nobody_takes_it_ends(
    listen: Callable[[float], str], connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(listen(3600.0), read_timeout=0.5)
    with pytest.raises(PlexUnavailable):
        gateway.upload_picture(1, POSTERS, PICTURE)


def test_picture_when_unusable_is_still_said_to_be(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    gateway = connect(sim.url)
    sim.fault("status", status=200, headers={"Content-Type": "text/html"}, body="no", match="GET /photo")
    with pytest.raises(PictureUnusable):
        gateway.picture("/library/metadata/1/thumb/1", width=9, height=9, limit=10)


def test_certificate_when_it_fits_nobody_is_named(
    sim: SimProcess, connect: Callable[..., PlexGateway]
) -> None:
    with closing(TlsFront(sim.port)) as front, pytest.raises(PlexUnavailable, match="certificate") as caught:
        connect(front.url).server()
    assert not isinstance(caught.value, (NotPlex, PlexTooSlow))
