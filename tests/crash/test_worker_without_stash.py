"""The worker's life ends with Stash's: no lock from the first refusal on, gone after half a minute, back if Stash is."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.worker.neighbours.stash_session import (
    LOOK_EVERY,
    LOOK_WHEN_LOST,
    PATIENCE,
    Presence,
    StashSession,
)
from tests.clocks import HandClock
from tests.sim.stash.client import StashProcess

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(sys.platform == "win32", reason="its locks belong to the process, not to the file"),
]


class Watched:
    """A worker's watch over the Stash at a port, with its lock."""

    def __init__(self, port: int, folder: Path) -> None:
        self.clock = HandClock()
        self.lock = FileLock(str(folder / "worker.lock"))
        assert self.lock.try_acquire()
        self.other = FileLock(str(folder / "worker.lock"))
        connection = StashConnection(scheme="http", host="127.0.0.1", port=port, folder=str(folder))
        self.watch = StashSession(connection, self.lock, Redaction(), self.clock)

    def look_after(self, seconds: float) -> Presence:
        self.clock.sleep(seconds)
        return self.watch.look()


@pytest.fixture
def stash(tmp_path: Path) -> Iterator[StashProcess]:
    with StashProcess(tmp_path / "stash") as stash:
        yield stash


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_worker_leaves_when_stash_stays_away(tmp_path: Path) -> None:
    worker = Watched(closed_port(), tmp_path)
    assert worker.watch.look() is Presence.LOST
    assert worker.other.try_acquire(), "the next hook could not start a worker"
    for _ in range(int(PATIENCE / LOOK_WHEN_LOST) - 1):
        assert worker.look_after(LOOK_WHEN_LOST) is Presence.LOST
    assert worker.look_after(LOOK_WHEN_LOST) is Presence.GONE


def test_worker_notices_within_one_look_that_stash_went_down(tmp_path: Path, stash: StashProcess) -> None:
    worker = Watched(stash.port, tmp_path)
    assert worker.watch.look() is Presence.HERE
    stash.down()
    assert worker.look_after(LOOK_EVERY) is Presence.LOST
    assert not worker.lock.held


def test_worker_takes_its_lock_back_when_stash_is_back_in_time(tmp_path: Path, stash: StashProcess) -> None:
    worker = Watched(stash.port, tmp_path)
    assert worker.watch.look() is Presence.HERE
    stash.down()
    assert worker.look_after(LOOK_EVERY) is Presence.LOST
    stash.up()
    assert worker.look_after(LOOK_WHEN_LOST) is Presence.HERE
    assert worker.lock.held
    assert not worker.other.try_acquire()


def test_worker_leaves_when_another_has_its_lock_by_then(tmp_path: Path, stash: StashProcess) -> None:
    worker = Watched(stash.port, tmp_path)
    assert worker.watch.look() is Presence.HERE
    stash.down()
    assert worker.look_after(LOOK_EVERY) is Presence.LOST
    assert worker.other.try_acquire()
    stash.up()
    assert worker.look_after(LOOK_WHEN_LOST) is Presence.GONE


def test_worker_does_not_ask_between_two_looks(tmp_path: Path, stash: StashProcess) -> None:
    worker = Watched(stash.port, tmp_path)
    assert worker.watch.look() is Presence.HERE
    stash.down()
    assert worker.look_after(LOOK_EVERY / 2) is Presence.HERE
    assert worker.lock.held


def test_worker_leaves_when_the_session_is_refused_and_there_is_no_key(
    tmp_path: Path, stash: StashProcess
) -> None:
    worker = Watched(stash.port, tmp_path)
    stash.control("auth", {"username": "u", "password": "p"})
    assert worker.watch.look() is Presence.GONE


def test_worker_goes_on_with_the_key_when_its_session_is_refused(tmp_path: Path, stash: StashProcess) -> None:
    """It has read the key with the settings while its session was good."""
    key = stash.control("auth", {"username": "u", "api_key": True})["api_key"]
    worker = Watched(stash.port, tmp_path)
    assert worker.watch.look() is Presence.HERE
    stash.control("auth", {"username": "u", "password": "p", "api_key": key})
    assert worker.look_after(LOOK_EVERY) is Presence.HERE
    assert worker.lock.held
