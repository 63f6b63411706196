"""Something else at Stash's address: it redirects, it took the port, it answers nonsense. No cookie and no key goes there."""

import contextlib
import json
from collections.abc import Callable, Iterator

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError, StashUnavailable
from plexsync_plugin.core.picture import POSTERS
from plexsync_plugin.plex.event_stream import EventStream
from plexsync_plugin.plex.gateway import Connection, PlexGateway
from plexsync_plugin.stash import log_page, plain_http, plain_query
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection, connection_of
from plexsync_plugin.stash.covers import fetch_cover
from tests.sim.hostile import ROOT, Asked, Exchange, HostileServer, hostile_server

COOKIE, KEY, TOKEN = "cookie-secret-b71c", "api-key-secret-90aa", "token-secret-3e55"
SECRETS = (COOKIE, KEY, TOKEN)
JSON = "application/json"
QUESTION = {"query": "{systemStatus{configPath}}"}


def connection_to(port: int) -> StashConnection:
    return StashConnection(
        scheme="http", host="127.0.0.1", port=port, folder="/stash", cookie=COOKIE, api_key=KEY
    )


def tell(exchange: Exchange, document: object, **headers: str) -> None:
    exchange.answer(json.dumps(document).encode(), kind=JSON, headers=headers)


class Stash:
    """Enough of one to be recognised and to take a session. `path` is its configuration."""

    def __init__(self, path: str = "/stash/config.yml", *, sign_in: bool = False, keeps: bool = True) -> None:
        self._path, self._sign_in, self._keeps = path, sign_in, keeps

    def __call__(self, exchange: Exchange, asked: Asked) -> None:
        query = json.loads(asked.body)["query"] if asked.body else ""
        headers = {} if self._keeps else {"Connection": "close"}
        if "systemStatus" in query:
            if self._sign_in:
                exchange.answer(b"", status=401, headers={"WWW-Authenticate": "FormBased", **headers})
            else:
                tell(exchange, {"data": {"systemStatus": {"configPath": self._path}}}, **headers)
        elif "apiKey" in query and "getApiKey" in query:
            tell(exchange, {"data": {"configuration": {"general": {"apiKey": ""}}}})
        elif "configuration" in query:
            tell(exchange, {"data": {"configuration": {"plugins": {}, "general": {"apiKey": KEY}}}})
        else:
            tell(exchange, {"data": {"version": {"version": "v0.30.1", "hash": "", "build_time": ""}}})


def all_sent(server: HostileServer) -> str:
    return "\n".join(f"{asked.text}\n{asked.body.decode()}" for asked in server.asked)


def secrets_sent(server: HostileServer) -> list[str]:
    return [secret for secret in SECRETS if secret in all_sent(server)]


CALLS: dict[str, Callable[[StashConnection], object]] = {
    "client": lambda connection: StashClient(connection).state(),
    "cover": lambda connection: fetch_cover(StashClient(connection), 1),
    "say": lambda connection: log_page.say(connection, "info", "text"),
    "ask": lambda connection: plain_query.ask(connection, "{version{version}}"),
    "health": lambda connection: plain_http.is_there(connection, seconds=5.0),
}
each_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def attempt(call: Callable[[StashConnection], object], connection: StashConnection) -> None:
    with contextlib.suppress(PlexSyncError):
        call(connection)


@pytest.fixture
def catcher() -> Iterator[HostileServer]:
    """Another host, which takes whatever comes."""
    with hostile_server(Stash("/stolen")) as server:
        yield server


@each_call
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_of_stash_is_followed_with_nothing(
    catcher: HostileServer, call: Callable[[StashConnection], object], status: int
) -> None:
    place = f"http://localhost:{catcher.port}/graphql"
    with hostile_server(lambda exchange, _: exchange.redirect(status, place)) as server:
        attempt(call, connection_to(server.port))
        assert secrets_sent(server) == []
    assert catcher.asked == []


@each_call
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_after_stash_was_recognised_is_not_followed(
    catcher: HostileServer, call: Callable[[StashConnection], object], status: int
) -> None:
    place = f"http://localhost:{catcher.port}/graphql"
    stash = Stash()

    def handle(exchange: Exchange, asked: Asked) -> None:
        if asked.body and json.loads(asked.body) == QUESTION:
            stash(exchange, asked)
        else:
            exchange.redirect(status, place)

    with hostile_server(handle) as server:
        attempt(call, connection_to(server.port))
    assert catcher.asked == []


PLEX_CALLS: dict[str, Callable[[PlexGateway], object]] = {
    "probe": lambda gateway: gateway.probe(),
    "sections": lambda gateway: gateway.sections(),
    "put": lambda gateway: gateway.put("/library/metadata/1?title.value=x"),
    "upload": lambda gateway: gateway.upload_picture(1, POSTERS, b"x"),
    "picture": lambda gateway: gateway.picture("/library/metadata/1/thumb/1", width=1, height=1, limit=100),
}


@pytest.mark.parametrize("call", PLEX_CALLS.values(), ids=PLEX_CALLS)
@pytest.mark.parametrize("greets", [True, False], ids=["later", "at once"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_of_plex_is_not_followed(
    catcher: HostileServer, call: Callable[[PlexGateway], object], greets: bool, status: int
) -> None:
    def handle(exchange: Exchange, asked: Asked) -> None:
        if greets and asked.target == "/":
            exchange.answer(ROOT)
        else:
            exchange.redirect(status, f"http://localhost:{catcher.port}/")

    with hostile_server(handle) as server:
        connection = Connection(url=server.url, token=TOKEN, client_id="test", read_attempts=1)
        with (
            contextlib.closing(PlexGateway(connection, Clock())) as gateway,
            pytest.raises(PlexSyncError, match=r"redirect|not as a Plex"),
        ):
            call(gateway)
    assert catcher.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_of_the_stream_of_events_is_not_followed(catcher: HostileServer, status: int) -> None:
    def handle(exchange: Exchange, _: Asked) -> None:
        exchange.redirect(status, f"http://localhost:{catcher.port}/")

    with hostile_server(handle) as server:
        connection = Connection(url=server.url, token=TOKEN, client_id="test")
        with pytest.raises(PlexSyncError, match="redirect"):
            list(EventStream(connection, Clock(), filters="timeline").lines())
    assert catcher.asked == []


# --- who took Stash's port ---

STRANGERS: dict[str, Callable[[Exchange, Asked], None]] = {
    "page": lambda exchange, _: exchange.answer(b"<html>NAS</html>", kind="text/html"),
    "json": lambda exchange, _: tell(exchange, {"data": {"version": {"version": "v0.30.1"}}}),
    "list": lambda exchange, _: tell(exchange, [1]),
    "number": lambda exchange, _: tell(exchange, {"data": {"systemStatus": {"configPath": 7}}}),
    "refusal": lambda exchange, _: tell(exchange, {"errors": [{"message": "what?"}], "data": None}),
    "basic": lambda exchange, _: exchange.answer(b"", status=401, headers={"WWW-Authenticate": "Basic"}),
    "404": lambda exchange, _: exchange.answer(b"", status=404),
    "500": lambda exchange, _: exchange.answer(b"", status=500),
    "endless": lambda exchange, _: exchange.endless(b"x" * 4096),
    "deep": lambda exchange, _: exchange.answer(b"[" * 90_000, kind=JSON),
}


@each_call
@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)
def test_stranger_is_given_neither_cookie_nor_key(
    call: Callable[[StashConnection], object], stranger: Callable[[Exchange, Asked], None]
) -> None:
    with hostile_server(stranger) as server:
        attempt(call, connection_to(server.port))
        assert secrets_sent(server) == []
        assert server.asked


@pytest.mark.parametrize("sign_in", [True, False], ids=["sign-in", "open"])
@pytest.mark.parametrize("keeps", [True, False], ids=["kept", "closed"])
def test_stash_is_recognised_and_given_its_session(sign_in: bool, keeps: bool) -> None:
    with hostile_server(Stash(sign_in=sign_in, keeps=keeps)) as server:
        assert StashClient(connection_to(server.port)).state().api_key == KEY
        assert plain_query.ask(connection_to(server.port), "{version{version}}")
        first = server.asked[0]
        assert json.loads(first.body) == QUESTION
        assert [secret for secret in SECRETS if secret in first.text] == []
        assert secrets_sent(server) == [COOKIE, KEY]


def test_stash_is_asked_once_for_a_connection_that_is_kept() -> None:
    with hostile_server(Stash()) as server:
        client = StashClient(connection_to(server.port))
        for _ in range(3):
            client.state()
        assert [json.loads(asked.body) == QUESTION for asked in server.asked].count(True) == 1


def test_who_takes_the_port_of_a_stash_that_ended_gets_nothing_on_a_connection_made_anew() -> None:
    with hostile_server(Stash()) as server:
        connection, port = connection_to(server.port), server.port
        client = StashClient(connection)
        client.state()
    client._http.close()  # as its end closes it
    with hostile_server(STRANGERS["page"], port) as thief:
        with pytest.raises(StashUnavailable, match="not as Stash does"):
            client.state()
        assert log_page.say(client.connection, "info", "text") is False
        assert secrets_sent(thief) == []
        assert len(thief.asked) == 2


def test_another_stash_on_the_port_gets_nothing_from_any_copy_of_the_connection() -> None:
    with hostile_server(Stash()) as server:
        client = StashClient(connection_to(server.port))
        client.state()
        port, connection = server.port, client.connection
    client._http.close()
    with hostile_server(Stash("/other/config.yml"), port) as other:
        for call in (lambda: client.state(), lambda: plain_query.ask(connection, "{version{version}}")):
            with pytest.raises(StashUnavailable, match="Another Stash answers"):
                call()
        successor = connection_of(connection.document())
        assert log_page.say(successor, "info", "text") is False
        assert secrets_sent(other) == []
    with hostile_server(Stash(), port):
        client.state()
