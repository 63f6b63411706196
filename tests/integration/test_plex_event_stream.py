"""Plex's stream of events over real sockets: framing, what breaks it, how it is hung up, and how it is tried again."""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    ItemMissing,
    NotPlex,
    PlexBusy,
    PlexSyncError,
    PlexTrouble,
    PlexUnauthorized,
    PlexUnavailable,
    Rejected,
)
from plexsync_plugin.plex.event_listener import EventListener, Patience
from plexsync_plugin.plex.event_stream import KIND, EventStream
from plexsync_plugin.plex.events import Broken, Connected, Signal, TimelineEvent, signals
from plexsync_plugin.plex.gateway import Connection
from tests.clocks import MovingClock
from tests.sim.hostile import Asked, Exchange, HostileServer, hostile_server

TOKEN = "token-of-the-owner-5f0a"
PATIENCE = 60.0
EVENT = (
    b'event: timeline\ndata: {"TimelineEntry": {"itemID": "%d", "sectionID": 1, "state": 5, "type": 1}}\n\n'
)
Handle = Callable[[Exchange, Asked], None]


def stream_of(server: HostileServer, *, silence: float = 30.0) -> EventStream:
    connection = Connection(url=server.url, token=TOKEN, client_id="test")
    return EventStream(connection, Clock(), filters="timeline,playing", silence=silence)


def begin(exchange: Exchange, *, chunked: bool) -> Callable[[bytes], None]:
    """Begins an answer without an end, in chunks or until the connection closes; returns what sends a piece of it."""
    exchange.send_response(200)
    exchange.send_header("Content-Type", KIND)
    exchange.send_header(*(("Transfer-Encoding", "chunked") if chunked else ("Connection", "close")))
    exchange.end_headers()

    def send(piece: bytes) -> None:
        exchange.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)

    return send


class Listening:
    """A listener on a server, and what it took."""

    def __init__(self, server: HostileServer, patience: Patience | None = None) -> None:
        self.taken: queue.Queue[Signal] = queue.Queue()
        self.listener = EventListener(stream_of(server), self.taken.put, Clock(), patience)
        self.listener.start()

    def next(self) -> Signal:
        return self.taken.get(timeout=PATIENCE)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set when the test is over, so that no handler is left waiting."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("chunked", [True, False])
def test_events_come_one_by_one_as_plex_sends_them_and_the_token_is_in_a_header(
    released: threading.Event, chunked: bool
) -> None:
    heard = threading.Semaphore(0)

    def handle(exchange: Exchange, _: Asked) -> None:
        send = begin(exchange, chunked=chunked)
        for number in (1, 2):
            assert heard.acquire(timeout=PATIENCE)
            whole = EVENT % number
            send(whole[:40])  # an event need not come in one piece
            send(whole[40:])
        released.wait(PATIENCE)

    with hostile_server(handle) as server:
        found = signals(stream_of(server).lines())
        assert next(found) == Connected()
        for number in (1, 2):
            heard.release()
            assert next(found) == TimelineEvent(item=number, state=5, section=1, kind=1)
        released.set()
        (asked,) = server.asked
    assert asked.headers["x-plex-token"] == TOKEN
    assert TOKEN not in asked.target


@pytest.mark.parametrize("chunked", [True, False])
def test_stream_that_plex_ends_is_trouble_of_plex(chunked: bool) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        begin(exchange, chunked=chunked)(b": hello\n\n")
        if chunked:
            exchange.wfile.write(b"0\r\n\r\n")
        exchange.close_connection = True

    with hostile_server(handle) as server, pytest.raises(PlexUnavailable, match="ended its stream"):
        list(stream_of(server).lines())


def test_stream_that_is_silent_for_too_long_is_broken(released: threading.Event) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        begin(exchange, chunked=True)(b": hello\n\n")
        released.wait(PATIENCE)

    with hostile_server(handle) as server, pytest.raises(PlexTrouble, match="did not answer in time"):
        list(stream_of(server, silence=0.3).lines())


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, PlexUnauthorized), (403, PlexUnauthorized), (404, ItemMissing), (400, Rejected), (503, PlexBusy)],
)
def test_refusal_is_the_error_of_its_status(status: int, error: type[PlexSyncError]) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        exchange.answer(b"<html/>", status=status, kind="text/html")

    with hostile_server(handle) as server, pytest.raises(error):
        list(stream_of(server).lines())


def test_page_of_something_else_is_no_stream() -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        exchange.answer(b"<html>NAS</html>", kind="text/html")

    with hostile_server(handle) as server, pytest.raises(NotPlex):
        list(stream_of(server).lines())


@pytest.mark.parametrize("chunked", [True, False])
def test_listener_that_waits_for_an_event_ends_when_it_is_closed(
    released: threading.Event, chunked: bool
) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        begin(exchange, chunked=chunked)(b": hello\n\n")
        released.wait(PATIENCE)

    with hostile_server(handle) as server:
        listening = Listening(server)
        assert listening.next() == Connected()
        listening.listener.close()
        assert not any(thread.name == "events" for thread in threading.enumerate())
        assert listening.taken.empty()


def test_listener_connects_again_and_hears_on(released: threading.Event) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        if len(exchange.server.asked) < 3:
            exchange.answer(b"", status=500)
            return
        begin(exchange, chunked=True)(EVENT % 7)
        released.wait(PATIENCE)

    with hostile_server(handle) as server:
        listening = Listening(server, Patience(first=0.01))
        with contextlib.closing(listening.listener):
            for _ in range(2):
                signal = listening.next()
                assert isinstance(signal, Broken)
                assert isinstance(signal.error, PlexTrouble)
            assert listening.next() == Connected()
            assert listening.next() == TimelineEvent(item=7, state=5, section=1, kind=1)


def test_flood_of_ten_thousand_events_is_heard_whole(released: threading.Event) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        send = begin(exchange, chunked=True)
        for number in range(10_000):
            send(EVENT % number)
        released.wait(PATIENCE)

    with hostile_server(handle) as server:
        listening = Listening(server)
        with contextlib.closing(listening.listener):
            assert listening.next() == Connected()
            assert [listening.next().item for _ in range(10_000)] == list(range(10_000))  # type: ignore[union-attr]


def test_patience_is_the_breakers_and_a_person_has_to_act_first_where_the_token_is_refused() -> None:
    patience = Patience()
    away = PlexUnavailable("Away.")
    assert [patience.after(away, number) for number in range(1, 7)] == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]
    assert patience.after(away, 100_000) == 60.0
    assert patience.after(PlexBusy("Busy.", 90.0), 1) == 90.0
    assert patience.after(PlexBusy("Busy.", None), 1) == 5.0
    assert patience.after(PlexUnauthorized("No."), 1) == 300.0
    assert patience.after(ItemMissing("No events."), 1) == 3_600.0


class Brief:
    """A source whose streams stand for so many seconds of the clock each, and break."""

    def __init__(self, clock: MovingClock, stands: list[float]) -> None:
        self._clock = clock
        self._left = iter(stands)

    def lines(self) -> Iterator[str]:
        yield ""
        self._clock.sleep(next(self._left))
        raise PlexUnavailable("It has ended.")

    def close(self) -> None:
        """Nothing waits."""


def test_stream_that_is_accepted_and_ended_at_once_counts_as_failed_and_one_that_stood_for_long_does_not() -> (
    None
):
    counted: queue.Queue[int] = queue.Queue()

    class Counting(Patience):
        def after(self, error: PlexSyncError, failures: int) -> float:
            counted.put(failures)
            return 0.0 if failures < 3 else PATIENCE

    clock = MovingClock()
    source = Brief(clock, [0.0, 1.0, 3_600.0, 2.0, 2.0])
    listener = EventListener(source, lambda _: None, clock, Counting())
    listener.start()
    with contextlib.closing(listener):
        assert [counted.get(timeout=PATIENCE) for _ in range(5)] == [1, 2, 1, 2, 3]
