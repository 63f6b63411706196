"""The real entry process, given what a real Stash wrote and what nobody should: one JSON object, exit code 0, one row."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hook_runs import (
    VERSIONS,
    HookFolder,
    hook_document,
    recorded_documents,
    recorded_hooks,
)

CONTEXT: dict[str, Any] = {"id": 1, "type": "Scene.Update.Post", "input": {"id": "1"}, "inputFields": ["id"]}


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[HookFolder]:
    folder = HookFolder(tmp_path)
    yield folder
    folder.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_recorded_event_is_queued_in_silence(hooks: HookFolder, version: str) -> None:
    for number, (name, document) in enumerate(recorded_hooks(version).items(), start=1):
        answer = hooks.send(document)
        assert (answer.queued, answer.stderr) == (True, b""), name
        rows = hooks.rows()
        context = json.loads(document)["args"]["hookContext"]
        assert len(rows) == number, name
        assert rows[-1]["name"] == context["type"], name
        assert context["id"] in rows[-1]["ids"], name
    assert hooks.spooled() == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_bulk_edit_is_whole_when_only_its_first_hook_came(hooks: HookFolder, version: str) -> None:
    for name, document in recorded_hooks(version).items():
        if "bulk_scene_update" in name:
            hooks.send(document)
    first, *later = hooks.rows()
    assert first["ids"] == [3, 4, 5]
    assert [row["ids"] for row in later] == [[4], [5]]
    assert {row["args"]["batch"] for row in later} == {first["args"]["batch"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_tasks_and_operations_get_an_answer(hooks: HookFolder, version: str) -> None:
    documents = recorded_documents(version)
    others = {name: text for name, text in documents.items() if name not in recorded_hooks(version)}
    assert len(others) == 5
    for name, document in others.items():
        answer = hooks.send(document)
        assert answer.code == 0, name
        assert "PlexSync has no" in answer.reply["error"], name
    assert hooks.rows() == []


GARBAGE = {
    "empty": b"",
    "blanks": b" \n ",
    "not JSON": b"{server",
    "not UTF-8": b"\xff\xfe\x00",
    "cut off": hook_document()[:-9],
    "list": b"[]",
    "text": b'"hook"',
    "number": b"7",
    "null": b"null",
    "nested too deeply": b"[" * 200_000,
    "empty object": b"{}",
    "args null": b'{"args":null}',
    "args list": b'{"args":[1]}',
    "args text": b'{"args":"hookContext"}',
    "context null": b'{"args":{"hookContext":null}}',
    "context list": b'{"args":{"hookContext":[1]}}',
    "context text": b'{"args":{"hookContext":"id"}}',
    "no connection": json.dumps({"args": {"hookContext": CONTEXT}}).encode(),
    "connection null": json.dumps({"server_connection": None, "args": {"hookContext": CONTEXT}}).encode(),
    "connection text": json.dumps({"server_connection": "x", "args": {"hookContext": CONTEXT}}).encode(),
    "no folder": json.dumps({"server_connection": {"Port": 1}, "args": {"hookContext": CONTEXT}}).encode(),
    "no id": hook_document(context={"type": "Scene.Update.Post", "input": None}),
    "id true": hook_document(True),
    "id negative": hook_document(-4),
    "id zero": hook_document(0),
    "id a word": hook_document("x"),
    "id a fraction": hook_document(1.5),
    "id too large": hook_document(1 << 80),
    "no type": hook_document(context={"id": 1}),
    "type a list": hook_document(context={"id": 1, "type": ["Scene"]}),
}


@pytest.mark.parametrize("document", GARBAGE.values(), ids=GARBAGE)
def test_garbage_gets_a_sentence_and_no_row(hooks: HookFolder, document: bytes) -> None:
    answer = hooks.send(document)
    assert answer.code == 0, answer.stderr.decode()
    assert b"Traceback" not in answer.stderr
    assert set(answer.reply) == {"output", "error"}
    assert answer.reply["error"].startswith("PlexSync ")
    assert (hooks.rows(), hooks.spooled()) == ([], [])


LARGE = {"id": "1", "cover_image": "data:image/jpeg;base64," + "A" * 420_000}
ODD = {
    "id as text": (hook_document("12"), [12]),
    "cover of 420 kB": (
        hook_document(context={"id": 1, "type": "Scene.Update.Post", "input": LARGE}),
        [1],
    ),
    "lone surrogates": (
        hook_document(context={"id": 2, "type": "Scene.Update.Post", "input": {"title": "\ud800 \udfff"}}),
        [2],
    ),
    "bytes that are not UTF-8": (hook_document(3).replace(b'"T"', b'"\xff\xc3"'), [3]),
    "an event nobody knows": (hook_document(context={"id": 4, "type": "Moon.Phase.Post", "input": 1}), [4]),
    "surrogate in the type": (hook_document(context={"id": 5, "type": "Scene.\udc80", "input": None}), [5]),
    "further keys": (hook_document(context={**CONTEXT, "id": 6, "later": {"x": [1]}}), [6]),
    "ten thousand ids": (
        hook_document(
            context={
                "id": 1,
                "type": "Scene.Update.Post",
                "input": {"ids": [str(n) for n in range(1, 10_001)]},
            }
        ),
        list(range(1, 10_001)),
    ),
}


@pytest.mark.parametrize(("document", "ids"), ODD.values(), ids=ODD)
def test_odd_events_are_queued(hooks: HookFolder, document: bytes, ids: list[int]) -> None:
    assert hooks.send(document).queued
    assert [row["ids"] for row in hooks.rows()] == [ids]


def test_standard_input_is_read_to_its_end_whatever_it_holds(hooks: HookFolder) -> None:
    """A child that leaves bytes unread makes Stash log a broken pipe."""
    answer = hooks.send(b"x" * 2_000_000)
    assert (answer.code, answer.stderr) == (0, b"")


def test_event_goes_below_stash_when_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = HookFolder(tmp_path / "plexsync")
    try:
        # An empty PLEXSYNC_DATA counts as none.
        monkeypatch.setattr("tests.hook_runs.environment", lambda _data: {"PLEXSYNC_DATA": ""})
        assert hooks.send(hook_document(folder=str(tmp_path))).queued
        assert len(hooks.rows()) == 1
    finally:
        hooks.close()
