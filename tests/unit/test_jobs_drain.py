"""Draining on real files: applied first and acknowledged second, twice as good as once, poison never in the way of others."""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import drain as drain_module
from plexsync_plugin.jobs import inbox
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import BULK, PERSON, JobStore


class Inbox:
    """A data folder with its state and the drain of one worker's life at a time."""

    def __init__(self, root: Path) -> None:
        self.folder = DataFolder(str(root))
        self.folder.make()
        self.state = open_state(self.folder.state)
        self.store = JobStore(self.state)

    def close(self) -> None:
        self.state.close()

    def open(self) -> Drain:
        return Drain(self.folder, self.state, self.store, Clock())

    def drain(self) -> int:
        drain = self.open()
        try:
            return drain.run()
        finally:
            drain.close()

    def put(self, *ids: int, kind: str = "scene", name: str = "Scene.Update.Post", **args: Any) -> None:
        row = {"v": 1, "kind": kind, "name": name, "ids": list(ids), "args": args}
        inbox.put(self.folder, row, Clock())

    def put_raw(self, data: Any) -> None:
        """`data` as it is to stand in the column."""
        if not os.path.exists(self.folder.inbox):
            self.drain()
        self.sql(
            f"INSERT INTO `{inbox.TABLE}` (data, timestamp, status) VALUES (?, 1.0, {inbox.READY})", data
        )

    def sql(self, query: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.folder.inbox, isolation_level=None)) as connection:
            return connection.execute(query, values).fetchall()

    def jobs(self) -> dict[int, tuple[Any, ...]]:
        rows = self.state.execute("SELECT scene_id, state, priority, generation FROM jobs")
        return {row[0]: tuple(row)[1:] for row in rows}

    def letters(self) -> list[str]:
        return [
            row[0]
            for row in self.state.execute(
                "SELECT detail FROM dead_letters WHERE scene_id IS NULL ORDER BY id"
            )
        ]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Inbox]:
    box = Inbox(tmp_path)
    yield box
    box.close()


def test_rows_become_jobs_by_who_caused_them(box: Inbox) -> None:
    box.put(1)
    box.put(2, 3, batch="b", size=2, first=True)
    box.put(4, quiet=True)
    assert box.drain() == 3
    assert box.jobs() == {
        1: ("waiting", PERSON, 1),
        2: ("waiting", BULK, 1),
        3: ("waiting", BULK, 1),
        4: ("waiting", BULK, 1),
    }


def test_later_rows_of_a_batch_change_nothing(box: Inbox) -> None:
    box.put(1, 2, batch="b", size=2, first=True)
    box.put(2, batch="b", size=2, first=False)
    box.drain()
    assert box.jobs() == {1: ("waiting", BULK, 1), 2: ("waiting", BULK, 1)}


def test_later_row_of_a_batch_counts_when_the_first_never_came(box: Inbox) -> None:
    box.put(2, batch="b", size=2, first=False)
    box.drain()
    assert box.jobs() == {2: ("waiting", BULK, 1)}


def test_destroyed_scenes_are_forgotten(box: Inbox) -> None:
    box.put(1)
    box.put(2)
    box.put(1, name="Scene.Destroy.Post")
    box.drain()
    assert set(box.jobs()) == {2}


def test_other_rows_become_orders_once(box: Inbox) -> None:
    box.put(name="sync_all", kind="command", ticket="t1")
    box.put(name="sync_all", kind="command", ticket="t1")
    box.put(5, name="Performer.Update.Post", kind="entity")
    box.drain()
    orders = box.state.execute("SELECT kind, name, ids, state FROM orders ORDER BY id").fetchall()
    assert [tuple(order) for order in orders] == [
        ("command", "sync_all", "[]", "waiting"),
        ("entity", "Performer.Update.Post", "[5]", "waiting"),
    ]


class KilledError(Exception):
    pass


def killed(*_: object, **__: object) -> None:
    raise KilledError


def die_before_ack(box: Inbox) -> None:
    drain = box.open()
    drain._queue.ack = killed
    with pytest.raises(KilledError):
        drain.run()
    drain.close()


def test_rows_are_taken_again_when_killed_between_apply_and_ack(box: Inbox) -> None:
    box.put(1)
    box.put(name="sync_all", kind="command")
    for _ in range(3):
        die_before_ack(box)
    assert box.jobs() == {1: ("waiting", PERSON, 3)}
    assert box.drain() == 2
    assert box.drain() == 0
    assert set(box.jobs()) == {1}
    assert len(box.state.execute("SELECT id FROM orders").fetchall()) == 1


def test_order_is_stored_once_when_killed_between_apply_and_ack(box: Inbox) -> None:
    box.put(3, name="Tag.Update.Post", kind="entity")
    die_before_ack(box)
    assert box.drain() == 1
    assert len(box.state.execute("SELECT id FROM orders").fetchall()) == 1


UNREADABLE = {
    "text instead of bytes": '{"v":1}',
    "no UTF-8": b"\xff\xfe",
    "no JSON": b"{cut",
    "nothing": None,
    "a number": 1.5,
    "a large number": 1 << 40,
    "nested too deeply": b"[" * 200_000,
    "a list": b"[1]",
    "a word": b'"scene"',
    "null": b"null",
    "no kind": b'{"v":1,"name":"x","ids":[1]}',
    "no name": b'{"v":1,"kind":"scene","ids":[1]}',
    "ids a number": b'{"v":1,"kind":"scene","name":"x","ids":7}',
    "ids words": b'{"v":1,"kind":"scene","name":"x","ids":["a"]}',
    "id infinite": b'{"v":1,"kind":"scene","name":"x","ids":[Infinity]}',
    "id too large": b'{"v":1,"kind":"scene","name":"x","ids":[9223372036854775808]}',
    "id negative": b'{"v":1,"kind":"scene","name":"x","ids":[-1]}',
    "id true": b'{"v":1,"kind":"scene","name":"x","ids":[true]}',
    "args text": b'{"v":1,"kind":"scene","name":"x","ids":[1],"args":"no"}',
    "surrogate in the batch": b'{"v":1,"kind":"scene","name":"x","ids":[1],"args":{"batch":"\\ud800"}}',
    "surrogate in the name": b'{"v":1,"kind":"command","name":"\\ud800","ids":[]}',
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_row_becomes_a_dead_letter_and_others_go_on(box: Inbox, data: Any) -> None:
    box.put(8)
    box.put_raw(data)
    box.put(9)
    box.drain()
    assert set(box.jobs()) == {8, 9}
    assert len(box.letters()) == 1
    assert box.drain() == 0
    assert len(box.letters()) == 1


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe", b"{cut", b"[1]", b"[" * 200_000, b'{"v":1,"kind":"scene","name":"x","ids":[-1]}'],
)
def test_unreadable_spool_file_becomes_a_dead_letter_and_others_go_on(box: Inbox, raw: bytes) -> None:
    spool = Path(box.folder.spool)
    (spool / "1-a.json").write_bytes(raw)
    (spool / "2-b.json").write_bytes(b'{"v":1,"kind":"scene","name":"Scene.Update.Post","ids":[4],"args":{}}')
    assert box.drain() == 2
    assert (set(box.jobs()), len(box.letters()), list(spool.iterdir())) == ({4}, 1, [])


def test_dead_letter_holds_the_row_when_it_cannot_be_read(box: Inbox) -> None:
    box.put_raw('{"text": "not bytes"}')
    box.drain()
    assert box.letters() == ['{"text": "not bytes"}']


def test_unreadable_row_is_one_dead_letter_when_killed_before_it_is_marked(
    box: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put_raw("not bytes")
    with monkeypatch.context() as patch:
        patch.setattr(
            drain_module, "ACK_FAILED", threading.Lock()
        )  # binding it fails after the letter is written
        with pytest.raises(sqlite3.Error):
            box.drain()
    box.drain()
    assert box.letters() == ["not bytes"]


def waiting_or_kept(box: Inbox) -> int:
    count: int = box.sql(f"SELECT count(*) FROM `{inbox.TABLE}`")[0][0]
    return count


def test_acknowledged_rows_are_purged_when_there_are_many(
    box: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain_module, "PURGE_EVERY", 5)
    for number in range(1, 8):
        box.put(number)
    box.drain()
    assert waiting_or_kept(box) == 0
    assert len(box.jobs()) == 7


def test_acknowledged_rows_are_purged_when_workers_are_short_lived(
    box: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain_module, "PURGE_EVERY", 5)
    for number in range(1, 8):
        box.put(number)
        box.drain()
    assert waiting_or_kept(box) < 5


def test_rows_are_purged_every_500() -> None:
    assert drain_module.PURGE_EVERY == 500


def test_drain_is_woken_by_inbox_and_spool_alone(box: Inbox) -> None:
    drain = box.open()
    assert drain.run_if_woken() == 0
    box.put(1)
    assert drain.run_if_woken() == 1
    assert drain.run_if_woken() == 0
    row = {"v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [2], "args": {}}
    inbox.spool(box.folder, json.dumps(row).encode(), Clock())
    assert drain.run_if_woken() == 1
    drain.run_if_woken()
    assert drain.run_if_woken() == 0
    drain.close()


def test_drain_when_its_garbage_is_collected_by_another_thread_complains_of_nothing(box: Inbox) -> None:
    """persist-queue's destructor closes; a complaint of it would be an error of this test."""
    drains = [box.open()]
    drains[0].close()
    thread = threading.Thread(target=drains.clear)
    thread.start()
    thread.join()
    assert drains == []


def test_marks_of_the_drain_may_be_lost_and_its_jobs_may_not(box: Inbox) -> None:
    """A row costs one durable commit, not four: a disk of a NAS takes some 15 ms for each."""
    with closing(box.open()) as drain:
        levels = [
            connection.execute("PRAGMA synchronous").fetchone()[0]
            for connection in (drain._queue._getter, drain._queue._putter, box.state)
        ]
    assert levels == [1, 1, 2]


def test_many_rows_are_drained_in_order(box: Inbox) -> None:
    for number in range(1, 41):
        box.put(number % 20 + 1)
    assert box.drain() == 40
    assert set(box.jobs().values()) == {("waiting", PERSON, 2)}
