"""A disk that is full, or becomes so in the middle of a step: what was stored stays, nothing is half, a person is told, and when there
is room again everything arrives by itself."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.file_trouble import FileTrouble, trouble_of
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import inbox, unstored
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.salvage import replace_damaged
from plexsync_plugin.jobs.state import migrations, open_state
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.worker.mending import SHORT_LIFE, Mending
from plexsync_plugin.worker.waiting import Waiting
from tests.clocks import HandClock
from tests.index_runs import World, start_plex
from tests.integration.orders import NO_PICTURES
from tests.rig import Rig
from tests.sim.process import ROOT
from tests.small_disk import MEGABYTE, Room, fill, small_disk
from tests.stage import Stage, item_key

pytestmark = pytest.mark.crash

OLD = ROOT / "tests" / "data" / "upgrades" / "state-4.sql"
SCENES = range(1, 9)
CHANGED = 60  # items
DISK = 6 * MEGABYTE
NOW = 1_800_000_000.0
FINER = 8 if "PLEXSYNC_MACHINE_EXAMPLES" in os.environ else 1  # in the long form
TAKES_NOTHING = (PlexSyncError, sqlite3.Error, OSError)


@pytest.fixture(params=["disk", "limit"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Room]]:
    """A folder, and how its room is taken: a full disk, or files that may not grow, which is what a quota looks like."""
    folder = tmp_path / "disk"
    if request.param == "limit":
        if sys.platform == "win32":
            pytest.skip("Windows has no such limit")
        folder.mkdir()
        room = Room(None)
        yield folder, room
        room.give_back()
        return
    with small_disk(folder, DISK) as mounted:
        if not mounted:
            pytest.skip("this machine lets us mount nothing")
        yield folder, Room(folder)


def amounts(most: int, number: int) -> range:
    """So many amounts of room, in bytes, from none on; more in the long form."""
    return range(0, most, most // (number * FINER))


def refused(room: Room, size: int, step: Callable[[], object]) -> bool:
    """Whether the step failed with so much room; if so, by saying that it could not write, and nothing else."""
    error = raised(room, size, step)
    assert error is None or trouble_of(error) is FileTrouble.UNWRITABLE, repr(error)
    return error is not None


def raised(room: Room, size: int, step: Callable[[], object]) -> Exception | None:
    room.leave(size)
    try:
        step()
    except TAKES_NOTHING as error:
        return error
    finally:
        room.give_back()
    return None


def intact(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def numbers(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as state:
        return {
            name: state.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("jobs", "ledger", "matches")
        }


# --- our own file ---------------------------------------------------------------------------------------------------


def test_migration_is_whole_or_has_not_happened(place: tuple[Path, Room]) -> None:
    folder, room = place
    path, outcomes = folder / "plexsync.db", set()
    for size in amounts(800_000, 5):
        for left in folder.iterdir():
            left.unlink()
        with closing(sqlite3.connect(path)) as old:
            old.executescript(OLD.read_text(encoding="utf-8"))
        before = numbers(path)
        outcomes.add(refused(room, size, lambda: open_state(str(path)).close()))
        assert all(map(intact, folder.glob("*.backup"))), "half a backup was left"
        open_state(str(path)).close()
        assert numbers(path) == before
        assert intact(path)
        with closing(sqlite3.connect(path)) as state:
            assert state.execute("PRAGMA user_version").fetchone()[0] == len(migrations())
    assert outcomes == {True, False}


def test_new_file_has_its_name_only_when_it_is_whole(place: tuple[Path, Room]) -> None:
    folder, room = place
    path, outcomes = folder / "plexsync.db", set()
    for size in amounts(1_600_000, 4):
        for left in folder.iterdir():
            left.unlink()
        failed = refused(room, size, lambda: open_state(str(path)).close())
        outcomes.add(failed)
        assert path.exists() is not failed
        open_state(str(path)).close()
        assert intact(path)
    assert outcomes == {True, False}


def damaged(path: Path) -> None:
    """As after a sync of many scenes, with a page of the jobs broken."""
    with closing(open_state(str(path))) as state:
        state.execute("BEGIN")
        for n in range(1, 801):
            state.execute(
                "INSERT INTO jobs (scene_id, state, priority, due_at, changed_at) VALUES (?, 'done', 0, 1.0, 1.0)",
                (n,),
            )
            state.execute("INSERT INTO matches VALUES (?, 'm', ?, 1, 1, '')", (n, 100 + n))
        state.execute("COMMIT")
        root = state.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_by_state'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)


def test_damaged_file_is_carried_over_as_a_whole_or_stays_where_it_is(place: tuple[Path, Room]) -> None:
    """A row that the new file does not take is not lost to damage."""
    folder, room = place
    path, outcomes = folder / "plexsync.db", set()
    damaged(path)
    content = path.read_bytes()
    for size in amounts(1_400_000, 4):
        for left in folder.iterdir():
            left.unlink()
        path.write_bytes(content)
        failed = refused(room, size, lambda: replace_damaged(str(path), NOW))
        outcomes.add(failed)
        if failed:
            assert path.read_bytes() == content
            assert [left.name for left in folder.iterdir()] == [path.name], "it takes room that edits need"
            replace_damaged(str(path), NOW)
        open_state(str(path)).close()
        assert intact(path)
        assert numbers(path)["jobs"] == numbers(path)["matches"] == 800
        with closing(sqlite3.connect(path)) as state:
            assert state.execute("SELECT count(*) FROM orders").fetchone()[0] == 1
            assert state.execute("SELECT count(*) FROM notices").fetchone()[0] == 1
    assert outcomes == {True, False}


def test_row_of_the_inbox_is_taken_once_whatever_could_be_written(place: tuple[Path, Room]) -> None:
    folder, room = place
    data, outcomes = DataFolder(str(folder)), set()
    data.make()
    for size in (12_000, *amounts(400_000, 3), 3_000_000):
        before = taken(data)
        for scene in range(1, 41):
            row = {"v": 1, "kind": "scene", "name": "Scene.Update.Post", "ids": [scene], "args": {}}
            inbox.put(data, row, Clock())
        outcomes.add(refused(room, size, lambda: taken(data)))
        after = taken(data)
        grown = {scene: generation - before.get(scene, 0) for scene, generation in after.items()}
        assert sorted(grown) == list(range(1, 41))
        assert set(grown.values()) <= {1, 2}, (
            "a row is taken once, or once more where that could not be noted"
        )
        assert not inbox_waits(data)
    assert outcomes == {True, False}


def taken(data: DataFolder) -> dict[int, int]:
    """The generation of each scene's job, once all rows are taken."""
    with (
        closing(open_state(data.state)) as state,
        closing(Drain(data, state, JobStore(state), Clock())) as drain,
    ):
        drain.run()
        return dict(map(tuple, state.execute("SELECT scene_id, generation FROM jobs")))


def inbox_waits(data: DataFolder) -> bool:
    with closing(sqlite3.connect(data.inbox)) as connection:
        query = "SELECT count(*) FROM ack_queue_default WHERE status < 5"
        return bool(connection.execute(query).fetchone()[0])


# --- the index ------------------------------------------------------------------------------------------------------


def test_index_is_as_it_was_or_as_plex_has_it(tmp_path: Path) -> None:
    folder, room = tmp_path / "disk", Room(tmp_path / "disk")
    library = tmp_path / "plex"
    library.mkdir()
    with (
        small_disk(folder, DISK) as mounted,
        start_plex(library, [], "--generate", "movies=200,shows=2") as plex,
    ):
        if not mounted:
            pytest.skip("this machine lets us mount nothing")
        world = World(plex, tmp_path)
        world.db = folder / "plex.db"
        world.index(libraries=())
        before, outcomes = movies(world), set()
        draw = random.Random(11)
        for size in (*amounts(600_000, 3), 3_000_000):
            title = f"At {draw.random()}"
            for key in [key for key, _ in before][:CHANGED]:
                plex.control("edit_item", {"ratingKey": key, "fields": {"title": title}})
            error = raised(room, size, world.index)
            outcomes.add(error is not None)
            assert error is None or "disk" in str(error), repr(error)
            assert intact(world.db)
            now = movies(world)
            assert len(now) == len(before)
            assert sum(shown == title for _, shown in now) in (0, CHANGED), "half of a library was published"
            world.index()
            assert sum(shown == title for _, shown in movies(world)) == CHANGED
    assert outcomes == {True, False}


def movies(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT ratingKey, title FROM movies ORDER BY 1")


# --- a worker at work -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_scenes_arrive_by_themselves_whatever_commit_could_not_be_written() -> None:
    """Each round a little later in the work on the same bulk edit; then the worker is put together again, as `entry` does."""
    room, outcomes = Room(None), set()
    with Rig(settings=NO_PICTURES) as rig:
        for size in (*(10_000 + size for size in amounts(200_000, 2)), 5_000_000):
            rig.start_worker()
            rig.stage.bulk_edit(list(SCENES), details=f"With {size}")

            def arrived(size: int = size) -> bool:
                return all(
                    rig.stage.item(item_key(scene)).get("summary") == f"With {size}" for scene in SCENES
                )

            outcomes.add(refused(room, size, partial(rig.run_until, arrived, "the scenes with little room")))
            rig.start_worker()
            rig.run_until(arrived, "the scenes with room again")
            rig.settle()
            assert rig.stage.rows("SELECT count(*) AS n FROM jobs WHERE state <> 'done'") == [{"n": 0}]
        assert rig.stage.rows("SELECT count(*) AS n FROM dead_letters") == [{"n": 0}]
    assert outcomes == {True, False}


class Heard(Waiting):
    """Keeps what would be said on Stash's log page; no Stash is asked, and the clock goes by itself."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(StashConnection(scheme="http", host="127.0.0.1", port=9, folder="/nowhere"), clock)
        self.said: list[str] = []
        self._time = clock

    def tell(self, sentence: str) -> None:
        self.said.append(sentence)

    def over(self, sentence: str) -> None:
        self.said.append(sentence)

    def wait(self, seconds: float = 30.0) -> bool:
        self._time.sleep(seconds)
        return True


def test_worker_that_meets_the_same_full_disk_again_does_not_say_so_every_few_seconds(tmp_path: Path) -> None:
    """256 kB can be written, and a migration needs more: it waits for more, or for longer each time."""
    clock = HandClock()
    heard, folder = Heard(clock), DataFolder(str(tmp_path))
    folder.make()
    mending = Mending(folder, heard, clock)
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    began = clock.monotonic()
    while clock.monotonic() - began < 3_600.0:
        assert mending.mend(full)
    assert len(heard.said) <= 24
    clock.sleep(SHORT_LIFE + 1)
    at = clock.monotonic()
    assert mending.mend(full)
    assert clock.monotonic() - at < 10.0, "a disk that was full an hour ago is another matter"


# --- a real worker on a disk of its own -----------------------------------------------------------------------------


def said(stage: Stage, words: str) -> int:
    return sum(words in line for line in stage.log_lines())


@pytest.fixture
def small() -> Iterator[Stage]:
    """A stage whose data folder is a disk of its own, of 3 MB."""
    with Stage(settings={"index_interval": "-1"}) as stage, small_disk(stage.data, 3 * MEGABYTE) as mounted:
        if not mounted:
            pytest.skip("this machine lets us mount nothing")
        try:
            stage.edit(1, title="One")
            stage.wait_title(1, "One")
            yield stage
        finally:
            stage.stash.stop()
            stage.kill_workers()


def test_edits_of_a_full_disk_are_made_good_when_there_is_room(small: Stage) -> None:
    before = small.workers()
    ballast = fill(small.data)
    for scene in range(2, 6):
        small.edit(scene, title=f"Full {scene}")
    small.wait(lambda: said(small, "cannot write to its folder") >= 1, "the sentence")
    ballast.unlink()
    for scene in range(2, 6):
        small.wait_title(scene, f"Full {scene}")
    assert small.workers() == before
    assert "worker broke" not in small.worker_log()


def test_disk_that_fills_while_the_worker_writes_costs_no_edit(small: Stage) -> None:
    small.plex.fault("slow", seconds=0.1, match="PUT /library/", times=None)
    small.bulk_edit(list(range(2, 22)), studio_id="1")
    small.wait(lambda: len(small.puts()) >= 3, "some writes")
    ballast = fill(small.data)
    small.wait(lambda: said(small, "cannot write to its folder") >= 1, "the sentence")
    ballast.unlink()
    small.plex.clear_faults()
    small.wait(
        lambda: all(small.item(item_key(scene)).get("studio") == "Studio One" for scene in range(2, 22)),
        "all studios",
    )
    assert "worker broke" not in small.worker_log()


def test_edits_of_a_read_only_disk_arrive_without_another(small: Stage) -> None:
    """The worker was killed before. The first hook starts one that waits, and the mark is in the system's folder for temporary files."""
    small.kill_workers()
    remount = ["mount", "-o", "remount", "-o"]
    subprocess.run([*remount, "ro", small.data], check=True)
    try:
        for scene in (2, 3):
            small.edit(scene, title=f"Read-only {scene}")
        small.wait(lambda: said(small, "Make room, or make it writable again") == 1, "the worker's sentence")
    finally:
        subprocess.run([*remount, f"rw,size={3 * MEGABYTE}", small.data], check=True)
    for scene in (2, 3):
        small.wait_title(scene, f"Read-only {scene}")
    assert not unstored.seen(DataFolder(str(small.data)))
    assert "worker broke" not in small.worker_log()


def test_bulk_edit_of_a_disk_that_was_full_from_the_start_arrives(small: Stage) -> None:
    """No worker lives: the hook can start one, which says what hinders it, and loses nothing."""
    small.kill_workers()
    ballast = fill(small.data)
    small.bulk_edit(list(range(2, 22)), studio_id="2")
    small.wait(lambda: said(small, "cannot write to its folder") >= 1, "the sentence")
    ballast.unlink()
    small.wait(
        lambda: all(small.item(item_key(scene)).get("studio") == "Studio Two" for scene in range(2, 22)),
        "all studios",
    )
    assert "worker broke" not in small.worker_log()
