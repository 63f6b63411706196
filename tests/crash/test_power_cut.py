"""A power cut takes back commits of plexsync.db that were not made to last, newest first: what is left is an earlier state of it.

The cut is made by hand: the write-ahead log is cut at the end of an earlier commit, as SQLite finds it after a real one
(https://sqlite.org/fileformat2.html#the_write_ahead_log).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import Stage, item_key

pytestmark = pytest.mark.crash

HEADER, FRAME = 32, 24  # bytes
DONE = "SELECT count(*) AS n FROM jobs WHERE state = 'done'"
RELAXED = 3  # commits after the request that wrote: what Plex shows now, the scene in sync, the job done


def commits(log: bytes) -> Iterator[int]:
    """Where each commit ends, in bytes. Frames of an earlier round of the log have other salts."""
    size = FRAME + int.from_bytes(log[8:12], "big")
    for start in range(HEADER, len(log) - size + 1, size):
        if log[start + 8 : start + 16] != log[16:24]:
            return
        if log[start + 4 : start + 8] != b"\0\0\0\0":
            yield start + size


def cut(state: Path, database: bytes, log: bytes) -> None:
    state.write_bytes(database)
    Path(f"{state}-wal").write_bytes(log)
    Path(f"{state}-shm").unlink(missing_ok=True)


def test_scene_is_shown_once_and_undone_when_the_power_fails_after_its_write() -> None:
    with Stage() as stage:
        state = stage.data / "plexsync.db"
        original = stage.item(item_key(1))
        stage.edit(1, title="First")
        stage.wait_synced(1)
        stage.edit(1, title="Second", details="Said twice.")
        stage.wait(lambda: stage.item(item_key(1)).get("summary") == "Said twice.", "the edit in Plex")
        stage.wait_synced(1)
        stage.kill_workers()
        database, log = state.read_bytes(), Path(f"{state}-wal").read_bytes()
        ends = list(commits(log))
        cut(state, database, log[: ends[-2]])
        while stage.rows(DONE) == [{"n": 1}]:  # on a busy machine the worker has noted something else since
            ends.pop()
            cut(state, database, log[: ends[-2]])
        shown, written = stage.item(item_key(1)), stage.puts()
        for lost in range(1, RELAXED + 1):
            cut(state, database, log[: ends[-1 - lost]])
            assert stage.rows(DONE) == [{"n": 0}], lost
            stage.operation(operation="wake")
            stage.wait_synced(1)
            assert (stage.item(item_key(1)), stage.puts()) == (shown, written), lost
            stage.kill_workers()
        stage.run_task("Undo")
        stage.wait(lambda: stage.item(item_key(1))["title"] == original["title"], "the title as it was")
        assert stage.item(item_key(1)).get("summary", "") == original.get("summary", "")
        assert stage.item(item_key(1)).get("locked", []) == original.get("locked", [])
