"""The inbox file as both sides know it: what the hook writes with sqlite3 alone, persist-queue itself reads."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import persistqueue
import persistqueue.serializers.json
import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import inbox
from tests.hook_runs import VERSIONS, HookFolder, hook_document, recorded_hooks

ROW = {"v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [1], "args": {}}


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[HookFolder]:
    folder = HookFolder(tmp_path)
    yield folder
    folder.close()


def open_queue(root: Path) -> Any:
    return persistqueue.SQLiteAckQueue(
        str(root / "queue"), auto_resume=False, serializer=persistqueue.serializers.json
    )


def take_all(root: Path) -> list[Any]:
    """Every waiting row, got and acknowledged."""
    queue, found = open_queue(root), []
    try:
        while True:
            row = queue.get(block=False, raw=True)
            found.append(row["data"])
            queue.ack(id=row["pqid"])
    except persistqueue.Empty:
        return found
    finally:
        queue.close()


def schema(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA table_info(ack_queue_default)").fetchall()


@pytest.mark.parametrize("version", VERSIONS)
def test_persistqueue_reads_what_the_hook_wrote_when_documents_are_real(
    hooks: HookFolder, version: str
) -> None:
    documents = recorded_hooks(version)
    for name, document in documents.items():
        assert hooks.send(document).queued, name
    rows = take_all(hooks.root)
    contexts = [json.loads(document)["args"]["hookContext"] for document in documents.values()]
    assert [row["name"] for row in rows] == [context["type"] for context in contexts]
    assert all(context["id"] in row["ids"] for row, context in zip(rows, contexts, strict=True))
    assert take_all(hooks.root) == []


def test_table_is_the_same_whoever_creates_it(tmp_path: Path) -> None:
    ours, theirs = DataFolder(str(tmp_path / "ours")), DataFolder(str(tmp_path / "theirs"))
    for folder in (ours, theirs):
        folder.make()
    inbox.put(ours, ROW, Clock())
    queue = open_queue(Path(theirs.root))
    queue.put(ROW)
    queue.close()
    assert schema(Path(ours.inbox)) == schema(Path(theirs.inbox))


def test_hook_adds_to_the_file_when_persistqueue_created_it(hooks: HookFolder) -> None:
    queue = open_queue(hooks.root)
    queue.put(ROW)
    assert hooks.send(hook_document(2)).queued
    queue.close()
    assert [row["ids"] for row in take_all(hooks.root)] == [[1], [2]]


def test_open_queue_sees_the_row_when_the_hook_puts_later(hooks: HookFolder) -> None:
    queue = open_queue(hooks.root)
    with pytest.raises(persistqueue.Empty):
        queue.get(block=False)
    assert hooks.send(hook_document(3)).queued
    assert queue.get(block=False)["ids"] == [3]
    queue.close()


def test_file_is_durable_and_private_when_the_hook_creates_it(hooks: HookFolder) -> None:
    assert hooks.send(hook_document(1)).queued
    with closing(sqlite3.connect(hooks.folder.inbox)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT typeof(data) FROM ack_queue_default").fetchall() == [("blob",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_acknowledged_rows_are_purged_to_the_last_when_cleared(tmp_path: Path) -> None:
    queue = open_queue(tmp_path)
    for _ in range(3):
        queue.put(ROW)
        queue.ack(id=queue.get(block=False, raw=True)["pqid"])
    queue.clear_acked_data(max_delete=0, keep_latest=0)
    assert queue.acked_count() == 0
    queue.close()
