"""`--watch`: the index follows Plex's events, and goes on by looking at intervals when there are none."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.command.watch import EVENTS, Pace, Watch
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    DatabaseError,
    IndexBusy,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
)
from plexsync_plugin.plex.event_stream import EventStream
from plexsync_plugin.plex.gateway import Connection
from tests.index_runs import TOKEN, World
from tests.integration.test_index_command_line import CommandLine

STREAM = "GET /:/eventsource/notifications"
PATIENCE = 60.0
QUICK = Pace(quiet=0.2, longest=1.0, poll=0.3, idle=60.0, retry=0.2)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


class _Ended(BaseException):
    """Stands for Ctrl-C, which only a process of its own can be sent."""


class Watching:
    """A watch over the index of `world` in a thread of its own, ended by the next reading of the index."""

    def __init__(self, world: World, *, token: str = TOKEN) -> None:
        self.said: list[str] = []
        self.readings = 0
        self.error: BaseException | None = None
        self._world = world
        self._over = False
        connection = Connection(url=world.plex.url, token=token, client_id="test", read_attempts=1)
        stream = EventStream(connection, Clock(), filters=EVENTS, silence=30.0)
        self._watch = Watch(stream, self._refresh, self.said.append, Clock(), QUICK)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _refresh(self) -> None:
        if self._over:
            raise _Ended
        self._world.index()
        self.readings += 1

    def _run(self) -> None:
        try:
            self._watch.run()
        except (_Ended, PlexSyncError) as error:
            self.error = error

    def end(self) -> None:
        self._over = True
        if self.thread.is_alive():
            self._world.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "The end"}})
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def watching(world: World) -> Iterator[Watching]:
    found = Watching(world)
    yield found
    found.end()


def title(world: World, key: int) -> str:
    return str(world.value("SELECT title FROM items WHERE ratingKey = ?", key))


def test_index_when_watched_follows_an_edit_an_addition_and_a_removal(
    world: World, watching: Watching
) -> None:
    until(lambda: watching.readings == 1)
    assert watching.said == ["Listening to Plex's events."]
    world.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "Edited"}})
    until(lambda: title(world, 101) == "Edited")
    world.plex.control("add_item", {"section": 1, "item": {"ratingKey": 109, "title": "New"}})
    until(lambda: world.value("SELECT count(*) FROM movies") == 4)
    world.plex.control("remove_item", {"ratingKey": 109})
    until(lambda: world.value("SELECT available FROM movies WHERE ratingKey = 109") == 0)
    assert len(world.plex.log(STREAM)) == 1
    assert not any("oken" in entry["target"] for entry in world.plex.log())


def test_edits_when_many_are_read_together(world: World, watching: Watching) -> None:
    until(lambda: watching.readings == 1)
    for number in range(30):
        world.plex.control("edit_item", {"ratingKey": 102, "fields": {"title": f"Edit {number}"}})
    until(lambda: title(world, 102) == "Edit 29")
    assert watching.readings < 15


def test_stream_when_it_breaks_is_replaced_by_looking_and_comes_back(
    world: World, watching: Watching
) -> None:
    until(lambda: watching.readings == 1)
    world.plex.fault("status", status=500, match=STREAM, times=None)
    world.plex.down()
    world.plex.up()
    world.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "Seen by looking"}})
    until(lambda: title(world, 101) == "Seen by looking")
    assert any("Looking every" in line for line in watching.said)
    world.plex.clear_faults()
    until(lambda: watching.said.count("Listening to Plex's events.") == 2)
    world.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "Heard again"}})
    until(lambda: title(world, 101) == "Heard again")


def test_watch_when_the_token_is_refused_ends(world: World) -> None:
    found = Watching(world, token="an old one")
    found.thread.join(PATIENCE)
    assert isinstance(found.error, PlexUnauthorized)
    found.end()


class Stream:
    """A stream of events that stands, or one that is broken, and ends when the test does."""

    def __init__(self, *, stands: bool = True) -> None:
        self.over = threading.Event()
        self._stands = stands

    def lines(self) -> Iterator[str]:
        if not self._stands:
            raise PlexUnavailable("Plex is away.")
        yield ""
        self.over.wait(PATIENCE)

    def close(self) -> None:
        self.over.set()


def watched(stream: Stream, outcomes: list[PlexSyncError | None], pace: Pace) -> list[str]:
    """What a watch says whose readings end so, one after the other; the next one ends it."""
    said: list[str] = []
    left = iter(outcomes)

    def refresh() -> None:
        try:
            error = next(left)
        except StopIteration:
            raise _Ended from None
        if error is not None:
            raise error

    def run() -> None:
        with contextlib.suppress(_Ended):
            Watch(stream, refresh, said.append, Clock(), pace).run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    stream.over.set()
    assert not thread.is_alive()
    return said


@pytest.mark.parametrize(
    "error", [IndexBusy("Another run."), PlexUnavailable("Plex is away."), DatabaseError("The disk is full.")]
)
def test_reading_when_it_fails_is_tried_again_soon_although_events_are_heard(error: PlexSyncError) -> None:
    said = watched(Stream(), [error, error], Pace(poll=0.05, idle=3600.0))
    assert said == ["Listening to Plex's events.", f"Not done: {error}"]


def test_trouble_when_it_lasts_is_said_once_and_anew_when_it_returns() -> None:
    full = DatabaseError("The disk is full.")
    said = watched(Stream(), [full, full, None, full, full], Pace(poll=0.05, idle=0.05))
    assert said.count("Not done: The disk is full.") == 2


def test_outage_when_the_stream_has_told_of_it_is_not_said_at_every_look() -> None:
    away = PlexUnavailable("Plex is away.")
    said = watched(Stream(stands=False), [away] * 4, Pace(poll=0.3, retry=0.1))
    assert said == ["No events from Plex: Plex is away. Looking every 0 s instead."]


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt as a terminal does")
@pytest.mark.usefixtures("heard_interrupts")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_when_interrupted_ends_cleanly(world: World, tmp_path: Path, number: int) -> None:
    command = CommandLine(tmp_path / "a folder", world)
    command.settings()
    process = subprocess.Popen(
        [sys.executable, str(command.folder / "plex_sync.py"), "--watch", "--no-images"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "15 added" in process.stdout.readline()
        process.send_signal(number)
        out, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert "Watching has ended." in out
    assert errors == "Listening to Plex's events.\n"
    assert world.value("PRAGMA integrity_check") == "ok"


@pytest.mark.skipif(sys.platform == "win32", reason="ends as a service is ended")
@pytest.mark.usefixtures("heard_interrupts")
def test_command_when_quiet_tells_nothing_of_a_watch_without_trouble(world: World, tmp_path: Path) -> None:
    command = CommandLine(tmp_path / "a folder", world)
    command.settings()
    log = tmp_path / "index.log"
    process = subprocess.Popen(
        [
            sys.executable,
            str(command.folder / "plex_sync.py"),
            *("--watch", "--quiet", "--no-images", "--log-file", str(log)),
        ],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: log.exists() and "15 added" in log.read_text("utf-8"))
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out, errors) == (0, "", "")
