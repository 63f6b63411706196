"""What comes from outside is anything: documents on standard input, settings, the answers of Plex and of Stash."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from plexsync_plugin.base.settings import Settings
from tests.hook_runs import VERSIONS, HookFolder, recorded_documents, run_hook
from tests.property.sync_plex_changes import plex_document
from tests.property.sync_stash_changes import stash_document
from tests.property.sync_world import SyncWorld, opened
from tests.sim.message import Request, Response

WORDS = (
    "",
    "x",
    "s" * 9_000,
    "1e999",
    "null",
    "\x00",
    "\u202e\ud7ff",
    "../../etc",
    "http://[",
    "-1",
    "true",
    "a,b;c=>d",
)
SIZES: tuple[Any, ...] = (None, True, False, 0, -1, 1 << 70, 1.5, float("inf"), [], {}, [[]], {"a": None})


def anything(rng: random.Random, depth: int = 0) -> Any:
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(WORDS)
    if kind < 0.75 or depth > 3:
        return rng.choice(SIZES)
    if kind < 0.88:
        return [anything(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(WORDS): anything(rng, depth + 1) for _ in range(rng.randrange(4))}


def spoilt(rng: random.Random, body: bytes) -> bytes:
    """Cut, with other bytes in it, twice, something else in its place, or a value somewhere in it replaced."""
    kind = rng.randrange(6)
    if kind == 0 or not body:
        return body[: rng.randrange(len(body) + 1)]
    if kind == 1:
        found = bytearray(body)
        for _ in range(rng.randint(1, 8)):
            found[rng.randrange(len(found))] = rng.randrange(256)
        return bytes(found)
    if kind == 2:
        return body + body
    if kind == 3:
        return rng.choice(
            [b"", b"<html>502</html>", b"\xff\xfe", b"{}", b"[]", b"null", b"<MediaContainer/>"]
        )
    try:
        return json.dumps(_replaced(rng, json.loads(body))).encode()
    except (ValueError, RecursionError):
        start = rng.randrange(len(body))
        return body[:start] + rng.choice([b'="', b"&#4;", b"<", b"NaN", b'"', b"\x00"]) + body[start:]


def _replaced(rng: random.Random, value: Any) -> Any:
    if not isinstance(value, (dict, list)) or not value or rng.random() < 0.2:
        return anything(rng)
    copy = value.copy()
    place = rng.choice(list(copy) if isinstance(copy, dict) else range(len(copy)))
    copy[place] = _replaced(rng, copy[place])
    return copy


def documents(rng: random.Random, rounds: int) -> str:
    recorded = [document for version in VERSIONS for document in recorded_documents(version).values()]
    with TemporaryDirectory() as folder:
        hooks = HookFolder(Path(folder) / "data")
        queued = 0
        for _ in range(rounds):
            given = spoilt(rng, rng.choice(recorded))
            answer = run_hook(given, hooks.root)
            assert answer.code == 0, given[:400]
            assert set(answer.reply) == {"output", "error"}, given[:400]
            assert b"Traceback" not in answer.stderr, given[:400]
            queued += answer.queued
        hooks.close()
        return f"{rounds} documents, {queued} made sense"


# --- a worker at work -------------------------------------------------------------------------------------------------


@contextmanager
def _world() -> Iterator[SyncWorld]:
    with opened() as world:
        world.begin(plex_document(), stash_document(), {"plex_library": "Scenes"})
        yield world


def _edit(world: SyncWorld, scene: int, title: str) -> None:
    world.gql(
        "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}", i={"id": str(scene), "title": title}
    )


def _is_right(world: SyncWorld, title: str) -> None:
    """After the trouble one edit of each scene arrives, whatever became of those before it."""
    world.clock.sleep(700.0)
    world.turns(3)
    for scene in (1, 2, 3):
        _edit(world, scene, f"{title} {scene}")
    world.settle()
    for scene in (1, 2, 3):
        shown = world.world.library.items[100 + scene].fields["title"]
        assert shown == f"{title} {scene}", (scene, shown, world.rows("SELECT * FROM jobs"))


def settings(rng: random.Random, rounds: int) -> str:
    names = [
        name for name in Settings.model_fields if name not in ("plex_url", "plex_token", "index_interval")
    ]
    refused = 0
    with _world() as world:
        good = dict(world.stored)
        for number in range(rounds):
            chosen = rng.sample(names, rng.randint(1, 3))
            world.configure({name: _as_stash_keeps(anything(rng)) for name in chosen})
            _edit(world, rng.randint(1, 3), f"s {number}")
            world.clock.sleep(31.0)
            world.turns(3)
            refused += bool(world.rows("SELECT 1 FROM notices WHERE cause LIKE 'setting:%' LIMIT 1"))
            world.stored = dict(good)
            world.configure({})
            world.clock.sleep(31.0)
            world.turns(1)
        _is_right(world, "after settings")
    return f"{rounds} sets of settings, {refused} refused with a sentence"


def _as_stash_keeps(value: Any) -> Any:
    """Its settings are YAML: no numbers beyond 64 bits, no infinity."""
    return json.loads(json.dumps(value, default=str).replace("Infinity", "1e300").replace(str(1 << 70), "9"))


def plex_answers(rng: random.Random, rounds: int) -> str:
    return _answers(rng, rounds, lambda world, spoil: setattr(world.plex, "spoil", spoil))


def stash_answers(rng: random.Random, rounds: int) -> str:
    def install(world: SyncWorld, spoil: Callable[[Response], None]) -> None:
        application, asked = world.stash_application, type(world.stash_application).answer

        def answer(request: Request) -> Response:
            response = asked(application, request)
            # What the test itself sends, and the greeting, is left alone.
            if b"mutation" not in request.body and b"systemStatus" not in request.body:
                spoil(response)
            return response

        application.answer = answer  # type: ignore[method-assign]

    return _answers(rng, rounds, install)


def _answers(
    rng: random.Random, rounds: int, install: Callable[[SyncWorld, Callable[[Response], None]], None]
) -> str:
    spoilt_ones = 0

    def spoil(response: Response) -> None:
        nonlocal spoilt_ones
        if response.stream is None and rng.random() < 0.3:
            response.body = spoilt(rng, response.body)
            spoilt_ones += 1

    with _world() as world:
        install(world, spoil)
        for number in range(rounds):
            _edit(world, rng.randint(1, 3), f"s {number}")
            world.turns(2)
            world.clock.sleep(rng.choice([0.0, 1.0, 30.0]))
        install(world, lambda _response: None)
        _is_right(world, "after answers")
    return f"{rounds} edits, {spoilt_ones} answers spoilt"
