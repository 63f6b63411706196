"""Answers that no Stash gives: of another shape, too deep, too long, half. One sentence for each, and the worker goes on."""

import contextlib
import copy
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plexsync_plugin.base.answer_limits import LONGEST
from plexsync_plugin.base.errors import PlexSyncError, StashRejected, StashUnavailable
from plexsync_plugin.core.scene import desired_hash, desired_state
from plexsync_plugin.stash import log_page, plain_query
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.covers import fetch_cover
from tests.rig import Rig
from tests.sim.hostile import Asked, Exchange, HostileServer, gzip_bomb, hostile_server
from tests.stage import item_key

JSON = "application/json"
SCENE: dict[str, Any] = {
    "id": "7", "title": "T", "details": "D", "date": "2021-05-01", "code": "C", "director": "A, B", "rating100": 80,
    "organized": True, "updated_at": "2026-01-11T10:00:00+01:00",
    "studio": {"id": "1", "name": "S", "parent_studio": {"id": "2", "name": "P"}},
    "performers": [{"id": "1", "name": "N", "image_path": "http://h/performer/1/image?t=1"}],
    "tags": [{"id": "3", "name": "G"}], "groups": [{"group": {"id": "4", "name": "R"}}],
    "files": [{"path": "/data/a.mp4", "size": 12}],
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "data": {
        "configuration": {
            "plugins": {"PlexSync": {"plex_url": "http://p"}},
            "general": {"apiKey": "", "username": "", "stashes": [{"path": "/data"}]},
        },
        "findScenes": {"count": 1, "scenes": [SCENE]},
        "jobQueue": [{"id": "1", "status": "READY", "description": "Scanning"}],
        "version": {"version": "v0.30.1", "hash": "", "build_time": ""},
    }
}
CALLS: tuple[Callable[[StashClient], object], ...] = (
    lambda client: client.state(),
    lambda client: [
        desired_hash(scene, desired_state(scene), preserve=True) for scene in client.scenes([7]).values()
    ],
    lambda client: client.scene_ids(0, 10),
    lambda client: client.scene_page(0, 10, since=1.0),
    lambda client: client.scenes_since(1.0, after=0, size=10),
    lambda client: client.scenes_showing("tag", [3], after=0, size=10),
    lambda client: client.files_like("a.mp4"),
    lambda client: client.job_queue(),
    lambda client: client.version_text(),
    lambda client: client.scene_count(),
    lambda client: client.library_folders(),
    lambda client: client.configure({"a": 1}),
    lambda client: client.run_task("t", {}),
)


class Stash:
    """Is recognised and lets a client connect; `handle` answers all other requests."""

    def __init__(self) -> None:
        self.handle: Callable[[Exchange], None] = lambda exchange: tell(exchange, ANSWER)

    def __call__(self, exchange: Exchange, asked: Asked) -> None:
        query = json.loads(asked.body)["query"] if asked.body else ""
        if "systemStatus" in query:
            tell(exchange, {"data": {"systemStatus": {"configPath": "/stash/config.yml"}}})
        elif "StashVersion" in query or "getApiKey" in query:
            tell(exchange, ANSWER)
        else:
            self.handle(exchange)


def tell(exchange: Exchange, document: object) -> None:
    exchange.answer(json.dumps(document).encode(), kind=JSON)


@pytest.fixture
def stash() -> Stash:
    return Stash()


@pytest.fixture
def server(stash: Stash) -> Iterator[HostileServer]:
    with hostile_server(stash) as server:
        yield server


@pytest.fixture
def connection(server: HostileServer) -> StashConnection:
    return StashConnection(scheme="http", host="127.0.0.1", port=server.port, folder="/stash")


@pytest.fixture
def client(connection: StashConnection) -> Iterator[StashClient]:
    with contextlib.closing(StashClient(connection)) as client:
        yield client


@contextlib.contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 4 * LONGEST
    finally:
        tracemalloc.stop()


def test_answer_as_promised_is_read(client: StashClient) -> None:
    assert client.scenes([7])[7].files[0].size == 12
    for call in CALLS:
        call(client)


# --- one value of another type, anywhere ---

ATOMS: tuple[Any, ...] = (
    None, True, 0, -1, 2**70, 1.5, 1e308, "", "x", "\x00", "\ud800", [], {}, [None], {"id": "1"}, "9" * 400, "../../x",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield from places(child, (*path, name))


def changed(path: tuple[Any, ...], atom: Any) -> Any:
    if not path:
        return atom
    document = copy.deepcopy(ANSWER)
    place: Any = document
    for name in path[:-1]:
        place = place[name]
    if atom is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = atom
    return document


def check_read_or_told(client: StashClient) -> None:
    for call in CALLS:
        with contextlib.suppress(PlexSyncError):
            call(client)


def test_value_of_any_other_type_in_any_place_is_read_or_told(stash: Stash, client: StashClient) -> None:
    for number, path in enumerate(places(ANSWER)):
        atoms = (ATOMS[number % len(ATOMS)], ATOMS[(number + 7) % len(ATOMS)], ... if path else None)
        for atom in atoms:
            document = changed(path, atom)
            stash.handle = lambda exchange, document=document: tell(exchange, document)  # type: ignore[misc]
            check_read_or_told(client)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "errors", "findScenes", "scenes", "id"]), inner, max_size=4
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
    status=st.sampled_from([200, 200, 200, 204, 302, 401, 403, 404, 422, 500, 503]),
)
def test_whatever_is_answered_is_read_or_told(
    stash: Stash, connection: StashConnection, client: StashClient, body: bytes, status: int
) -> None:
    stash.handle = lambda exchange: exchange.answer(b"" if status == 204 else body, status=status, kind=JSON)
    check_read_or_told(client)
    log_page.say(connection, "info", "text")
    with contextlib.suppress(PlexSyncError):
        plain_query.ask(connection, "{version{version}}")


def test_sentence_names_the_place(stash: Stash, client: StashClient) -> None:
    stash.handle = lambda exchange: tell(exchange, changed(("data", "findScenes", "scenes", 0, "title"), 5))
    with pytest.raises(
        StashRejected, match=r"not of the form it promises \(at findScenes\.scenes\.0\.title\)"
    ):
        client.scene_page(0, 10)


@pytest.mark.parametrize(
    "answer", [{"data": {"version": []}}, {"data": {"configuration": None}}, {"data": 5}, [1]]
)
def test_client_that_cannot_be_made_of_the_answers_tells_so(stash: Stash, answer: object) -> None:
    def handle(exchange: Exchange, asked: Asked) -> None:
        if b"systemStatus" in asked.body:
            stash(exchange, asked)
        else:
            tell(exchange, answer)

    with hostile_server(handle) as server, pytest.raises(StashRejected):
        StashClient(StashConnection(scheme="http", host="127.0.0.1", port=server.port, folder="/stash"))


# --- too much, too deep, half ---


def half(exchange: Exchange) -> None:
    exchange.send_response(200)
    exchange.send_header("Content-Length", "1000")
    exchange.end_headers()
    exchange.wfile.write(b'{"data": {')
    exchange.close_connection = True


BODIES: dict[str, Callable[[Exchange], None]] = {
    "endless": lambda exchange: exchange.endless(b" " * 65_536, kind=JSON),
    "bomb": lambda exchange: exchange.answer(
        gzip_bomb(b" " * 1_000_000, 200), kind=JSON, headers={"Content-Encoding": "gzip"}
    ),
    "many": lambda exchange: exchange.answer(b"[" + b"{}," * 5_000_000 + b"{}]", kind=JSON),
    "deep": lambda exchange: exchange.answer(b"[" * 3_000_000, kind=JSON),
    "deep object": lambda exchange: exchange.answer(b'{"data":' * 200_000 + b"1" + b"}" * 200_000, kind=JSON),
    "digits": lambda exchange: exchange.answer(b'{"data":' + b"9" * 100_000 + b"}", kind=JSON),
    "half": half,
    "page": lambda exchange: exchange.answer(b"<html>Sign in</html>", kind="text/html"),
}


@pytest.mark.parametrize("handle", BODIES.values(), ids=BODIES)
def test_body_that_is_no_answer_is_told_and_takes_little_memory(
    stash: Stash, connection: StashConnection, client: StashClient, handle: Callable[[Exchange], None]
) -> None:
    stash.handle = handle
    with little_memory():
        with pytest.raises((StashRejected, StashUnavailable)):
            client.state()
        assert log_page.say(connection, "info", "text") is False
        with pytest.raises(StashUnavailable):
            plain_query.ask(connection, "{version{version}}")


def test_cover_without_an_end_counts_as_too_large(stash: Stash, client: StashClient) -> None:
    stash.handle = lambda exchange: exchange.endless(b"\xff" * 262_144, kind="image/jpeg")
    cover = fetch_cover(client, 7)
    assert cover is not None
    assert cover.data == b""


# --- a worker at work meanwhile ---

ODD = (
    "[]", "{}", '{"data": {"configuration": []}}', "[" * 100_000, "<html>Sign in</html>", '{"data": {"findScenes": 5}}',
    '{"data": {"findScenes": {"scenes": [{"id": "1", "title": 5, "updated_at": ""}]}}}', '{"errors": {"message": 5}}',
)  # fmt: skip


def test_worker_outlives_answers_of_another_shape_and_syncs_what_was_edited_meanwhile() -> None:
    with Rig() as rig:
        stage = rig.stage
        stage.edit(1, title="Before")
        rig.run_until(lambda: stage.item(item_key(1))["title"] == "Before", "the first edit")
        for number, body in enumerate(ODD):
            # The first query is the edit itself.
            stage.stash.fault("status", status=200, match="POST /graphql", skip=1, times=3, body=body)
            stage.edit(1, title=f"After {number}")
            rig.run_until(
                lambda number=number: stage.item(item_key(1))["title"] == f"After {number}",  # type: ignore[misc]
                f"the edit behind {body[:40]}",
            )
        assert stage.rows("SELECT count(*) AS letters FROM dead_letters") == [{"letters": 0}]


@pytest.mark.parametrize("heard", range(4))
def test_worker_that_is_met_by_odd_answers_at_its_start_goes_on(heard: int) -> None:
    """From the first question on: who is there, the two of the client's constructor, the settings."""
    with Rig() as rig:
        stage = rig.stage
        stage.edit(1, title="Begun")
        stage.stash.fault("status", status=200, match="POST /graphql", skip=heard, times=2, body="[]")
        rig.start_worker()
        rig.run_until(lambda: stage.item(item_key(1))["title"] == "Begun", "the edit")
        assert stage.rows("SELECT count(*) AS letters FROM dead_letters") == [{"letters": 0}]
