"""Answers that no Plex gives: without an end, blown up, half, garbled, a proxy's. Each costs one sentence and little memory."""

import contextlib
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plexsync_plugin.base.answer_limits import LONGEST
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import NotPlex, PlexSyncError, PlexTooLong, PlexTrouble, PlexUnavailable
from plexsync_plugin.core.model import SCALARS
from plexsync_plugin.core.picture import POSTERS
from plexsync_plugin.plex import elements
from plexsync_plugin.plex.event_stream import EventStream
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from plexsync_plugin.plex.xml_answer import MOST_TAGS
from tests.sim.hostile import ROOT, Asked, Exchange, HostileServer, gzip_bomb, hostile_server

TOKEN = "token-of-the-owner-5f0a"
MEMORY = 4 * LONGEST  # bytes; the body, and what its reading takes beside it
Handle = Callable[[Exchange], None]


class Plex:
    """Greets as a Plex does; `handle` answers all other requests."""

    def __init__(self) -> None:
        self.handle: Handle = lambda exchange: exchange.answer(ROOT)

    def __call__(self, exchange: Exchange, asked: Asked) -> None:
        if asked.target == "/":
            exchange.answer(ROOT)
        else:
            self.handle(exchange)


@pytest.fixture
def plex() -> Plex:
    return Plex()


@pytest.fixture
def server(plex: Plex) -> Iterator[HostileServer]:
    with hostile_server(plex) as server:
        yield server


@pytest.fixture
def gateway(server: HostileServer) -> Iterator[PlexGateway]:
    connection = Connection(url=server.url, token=TOKEN, client_id="test", read_timeout=5.0, read_attempts=1)
    with contextlib.closing(PlexGateway(connection, Clock())) as gateway:
        yield gateway


@contextlib.contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


CALLS: dict[str, Callable[[PlexGateway], object]] = {
    "probe": lambda gateway: gateway.probe(),
    "sections": lambda gateway: gateway.sections(),
    "page": lambda gateway: gateway.page(1, 1, start=0, size=10),
    "details": lambda gateway: gateway.details([1]),
    "put": lambda gateway: gateway.put("/library/metadata/1?title.value=New"),
    "upload": lambda gateway: gateway.upload_picture(1, POSTERS, b"\xff\xd8"),
    "pictures": lambda gateway: gateway.pictures(1, POSTERS),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each_call
def test_answer_without_an_end_is_left_unread(
    plex: Plex, gateway: PlexGateway, call: Callable[[PlexGateway], object]
) -> None:
    plex.handle = lambda exchange: exchange.endless(b"<a/>" * 16_384)
    with little_memory(), pytest.raises(PlexTooLong):
        call(gateway)


def test_answer_that_unpacks_to_gigabytes_is_left_unread(plex: Plex, gateway: PlexGateway) -> None:
    bomb = gzip_bomb(b" " * 1_000_000, 200)
    plex.handle = lambda exchange: exchange.answer(bomb, headers={"Content-Encoding": "gzip"})
    with little_memory(), pytest.raises(PlexTooLong):
        gateway.sections()


def test_answer_of_ever_more_elements_is_not_made_into_a_tree(plex: Plex, gateway: PlexGateway) -> None:
    body = b"<MediaContainer>" + b"<a/>" * MOST_TAGS + b"</MediaContainer>"
    plex.handle = lambda exchange: exchange.answer(body)
    with little_memory(), pytest.raises(PlexTooLong):
        gateway.sections()


def test_too_long_an_answer_is_not_asked_for_again(plex: Plex, server: HostileServer) -> None:
    plex.handle = lambda exchange: exchange.endless(b"<a/>" * 16_384)
    connection = Connection(url=server.url, token=TOKEN, client_id="test", read_attempts=3)
    with contextlib.closing(PlexGateway(connection, Clock())) as gateway, pytest.raises(PlexTooLong):
        gateway.sections()
    assert [asked.target for asked in server.asked] == ["/", "/library/sections"]


def test_entities_that_blow_up_are_no_answer_of_plex(plex: Plex, gateway: PlexGateway) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><MediaContainer><Directory title="&l9;"/></MediaContainer>'
    plex.handle = lambda exchange: exchange.answer(laughs.encode())
    with little_memory(), pytest.raises(NotPlex):
        gateway.sections()


def test_error_page_without_an_end_is_the_error_alone(plex: Plex, gateway: PlexGateway) -> None:
    def busy(exchange: Exchange) -> None:
        exchange.send_response(503)
        exchange.send_header("Transfer-Encoding", "chunked")
        exchange.end_headers()
        while True:
            exchange.wfile.write(b"3e8\r\n" + b"x" * 1000 + b"\r\n")

    plex.handle = busy
    with little_memory(), pytest.raises(PlexUnavailable, match="it is busy"):
        gateway.sections()


def test_event_without_an_end_is_left_unread(plex: Plex, server: HostileServer) -> None:
    plex.handle = lambda exchange: exchange.endless(b"x" * 4096, kind="text/event-stream")
    connection = Connection(url=server.url, token=TOKEN, client_id="test")
    with little_memory(), pytest.raises(PlexTooLong):
        list(EventStream(connection, Clock(), filters="timeline", silence=5.0).lines())


# --- what XML may not hold ---


def titled(title: bytes) -> bytes:
    return (
        b'<MediaContainer size="2"><Directory key="1" title="%s"/><Directory key="2" title="T"/></MediaContainer>'
        % title
    )


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (b"two&#4;words", "twowords"),
        (b"two&#x1E;words", "twowords"),
        (b"&#xD800;&#0;&#xFFFFFFFF;&#9999999999;.", "."),
        (b"two\x04words", "twowords"),
        (b"\xff\xfe.", "��."),
        (b"&#x1F600;&amp;&#233; \xc3\xa9", "😀&é é"),
        (b"&#4;&#38;#4;", "&#4;"),
    ],
    ids=repr,
)
def test_character_that_xml_may_not_hold_costs_itself_alone(
    plex: Plex, gateway: PlexGateway, title: bytes, shown: str
) -> None:
    plex.handle = lambda exchange: exchange.answer(titled(title))
    assert [section.title for section in gateway.sections()] == [shown, "T"]


# --- answers of others, and half ones ---

PAGES = {
    "html": b"<!DOCTYPE html><html><head><title>Router</title></head><body>Sign in</body></html>",
    "xhtml": b"<html><body><h1>Sign in</h1></body></html>",
    "json": b'{"MediaContainer": {"size": 0}}',
    "text": b"OK",
    "latin": "<html><body>Zurück</body></html>".encode("latin-1"),
}


@each_call
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_page_of_a_proxy_is_told_from_plex_and_no_write_counts_as_done(
    plex: Plex, gateway: PlexGateway, call: Callable[[PlexGateway], object], page: bytes
) -> None:
    plex.handle = lambda exchange: exchange.answer(page, kind="text/html")
    with pytest.raises(NotPlex, match="plex_url"):
        call(gateway)


def cut(exchange: Exchange, body: bytes) -> None:
    """No length is told, so the end of the connection is the end of the answer."""
    exchange.send_response(200)
    exchange.send_header("Connection", "close")
    exchange.end_headers()
    exchange.wfile.write(body)


@pytest.mark.parametrize("kept", range(20, len(titled(b"T")), 7))
def test_half_an_answer_is_trouble_and_not_another_program(
    plex: Plex, gateway: PlexGateway, kept: int
) -> None:
    plex.handle = lambda exchange: cut(exchange, titled(b"T")[:kept])
    with pytest.raises(PlexTrouble, match="in the middle of an answer"):
        gateway.sections()


def closing(listener: socket.socket, polite: bool) -> None:
    with contextlib.suppress(OSError):  # closed by the test
        while True:
            guest, _ = listener.accept()
            if polite:
                guest.recv(65_536)
            guest.close()


@pytest.mark.parametrize("polite", [True, False], ids=["read", "unread"])
def test_connection_closed_without_a_byte_names_secure_connections_and_the_way(polite: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=closing, args=(listener, polite), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        connection = Connection(url=url, token=TOKEN, client_id="test", read_attempts=2)
        with contextlib.closing(PlexGateway(connection, Clock())) as gateway:
            for call in (gateway.probe, gateway.server):
                with pytest.raises(PlexUnavailable, match=r"Secure connections .* plex\.direct") as caught:
                    call()
                assert TOKEN not in str(caught.value)
        listener.shutdown(socket.SHUT_RDWR)


def test_connection_closed_after_it_has_answered_does_not(plex: Plex, gateway: PlexGateway) -> None:
    def close(exchange: Exchange) -> None:
        exchange.close_connection = True

    plex.handle = close
    with pytest.raises(PlexUnavailable, match="broke off") as caught:
        gateway.sections()
    assert "Secure" not in str(caught.value)


# --- anything at all ---

NAMES = st.sampled_from(
    ["ratingKey", "key", "type", "title", "size", "totalSize", "offset", "file", "tag", "machineIdentifier", "index",
     "updatedAt", "contentChangedAt", "userRating", "locked", "name", "selected", "thumb", "librarySectionID"]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "1", "x", "9" * 30, "1.5", "true", "movie", "&#4;", "&#10;", "../../x", "\u202e"]
    ),
    st.text(st.characters(exclude_characters='<&"', exclude_categories=["Cs"]), max_size=8),
)
TAGS = st.sampled_from(
    ["MediaContainer", "Video", "Directory", "Media", "Part", "Genre", "Role", "Field", "Location", "html"]
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    tag = draw(TAGS) if depth or draw(st.integers(0, 9)) == 0 else "MediaContainer"
    attributes = "".join(
        f' {name}="{value}"' for name, value in draw(st.dictionaries(NAMES, VALUES, max_size=5)).items()
    )
    children = "".join(draw(st.lists(trees(depth + 1), max_size=3))) if depth < 3 else ""
    return f"<{tag}{attributes}>{children}</{tag}>"


BODIES = st.one_of(
    trees().map(str.encode),
    st.binary(max_size=200),
    st.tuples(trees().map(str.encode), st.integers(0, 400)).map(lambda drawn: drawn[0][: drawn[1]]),
)


def again(gateway: PlexGateway) -> object:
    return gateway.sections(fresh=True)


def check_read_or_told(gateway: PlexGateway) -> None:
    """Everything that the plugin and the index take out of an answer is read, or a PlexSyncError; anything else is let out."""
    for call in (*CALLS.values(), again):
        with contextlib.suppress(PlexSyncError):
            call(gateway)
    with contextlib.suppress(PlexSyncError):
        found: list[Element] = gateway.details([1])
        for element in found:
            elements.item(element, SCALARS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_whatever_is_answered_is_read_or_told_in_a_sentence(
    plex: Plex, gateway: PlexGateway, body: bytes
) -> None:
    plex.handle = lambda exchange: exchange.answer(body)
    check_read_or_told(gateway)
