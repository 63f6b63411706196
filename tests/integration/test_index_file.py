"""The file itself: whose it is, which version, who reads or writes it meanwhile."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from indexer.app import IndexVerdict
from indexer.file.store import Store
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase, IndexRefused, NewerDatabase
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.core.model import Server
from tests.index_runs import World, start_plex


def change(world: World, *statements: str) -> None:
    connection = sqlite3.connect(world.db)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_file_when_it_belongs_to_another_server_is_refused(world: World) -> None:
    world.index()
    before = world.db.read_bytes()
    world.plex.control("server", {"machineIdentifier": "machine-two", "friendlyName": "Attic"})
    with pytest.raises(
        ForeignDatabase, match=r"another Plex server \(machine-one\), not of Attic \(machine-two\)"
    ):
        world.index(rebuild=True)
    assert world.db.read_bytes() == before


def test_file_when_a_newer_program_wrote_it_is_refused(world: World) -> None:
    world.index()
    change(world, "PRAGMA user_version = 99")
    before = world.db.read_bytes()
    with pytest.raises(NewerDatabase, match="newer PlexSync"):
        world.index()
    assert world.db.read_bytes() == before


@pytest.mark.parametrize("version", [0, 3])
def test_file_when_another_program_made_it_is_refused_untouched(world: World, version: int) -> None:
    world.db.parent.mkdir()
    change(
        world,
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE movies (ratingKey INTEGER PRIMARY KEY)",
        f"PRAGMA user_version = {version}",
    )
    before = world.db.read_bytes()
    with pytest.raises(ForeignDatabase, match="not an index made by PlexSync"):
        world.index()
    assert world.db.read_bytes() == before


def test_file_when_it_is_no_database_is_refused_untouched(world: World) -> None:
    world.db.parent.mkdir()
    world.db.write_text("shopping list\n" * 100)
    with pytest.raises(DatabaseError, match=r"plex\.db"):
        world.index()
    assert world.db.read_text() == "shopping list\n" * 100


def test_file_when_empty_is_filled(world: World) -> None:
    world.db.parent.mkdir()
    world.db.touch()
    assert world.index().total.added == 15


def test_folder_when_it_cannot_be_made_is_said(world: World) -> None:
    world.db.parent.write_text("a file, not a folder")
    with pytest.raises(DatabaseError, match="folder"):
        world.index()


def test_run_when_another_is_working_is_refused(world: World) -> None:
    world.db.parent.mkdir()
    lock = FileLock(f"{world.db}.lock")
    assert lock.try_acquire()
    try:
        with pytest.raises(IndexRefused, match="already working"):
            world.index()
    finally:
        lock.release()
    assert world.targets() == []
    assert world.index().total.added == 15


@pytest.mark.parametrize("rubbish", [b"", b"no database at all" * 50])
def test_staging_when_it_cannot_be_read_is_made_anew(world: World, rubbish: bytes) -> None:
    world.db.parent.mkdir()
    Path(f"{world.db}.staging").write_bytes(rubbish)
    assert world.index().total.added == 15


def staged(world: World) -> None:
    """Leaves a staging file with everything listed and some details read."""
    world.should_yield = lambda: bool(world.details())
    assert world.index(parallel=False).yielded
    world.should_yield = lambda: False
    world.plex.clear_log()


def test_staging_when_of_a_day_long_past_is_thrown_away(world: World) -> None:
    staged(world)
    world.clock.offset = 25 * 3600
    world.index()
    assert len(world.targets()) == 2 + 7 + 7


def test_staging_when_old_and_nothing_is_left_to_read_is_thrown_away(world: World) -> None:
    world.index()
    staging = [Path(f"{world.db}.staging{ending}") for ending in ("", "-wal", "-shm")]
    for file in staging:
        file.write_bytes(b"what a killed run left")
    assert world.index().sections_read == 0
    assert all(file.exists() for file in staging)  # a rebuild may go on with it
    os.utime(staging[0], (world.clock.now() - 25 * 3600,) * 2)
    assert world.index().sections_read == 0
    assert not any(file.exists() for file in staging)


def test_staging_when_a_rebuild_is_asked_for_is_thrown_away(world: World) -> None:
    staged(world)
    world.index(rebuild=True)
    assert len(world.targets()) == 2 + 7 + 7


def test_staging_when_the_index_was_made_anew_is_thrown_away(world: World) -> None:
    staged(world)
    world.db.unlink()
    world.index()
    assert len(world.targets()) == 2 + 7 + 7
    assert world.value("SELECT count(*) FROM movies") == 3


def test_staging_when_an_item_changed_meanwhile_reads_that_anew(world: World) -> None:
    staged(world)
    world.plex.control("edit_item", {"ratingKey": 101, "fields": {"summary": "changed meanwhile"}})
    world.index(libraries=("Fílme, alt & neu",))
    assert world.row("movies", 101)["summary"] == "changed meanwhile"
    assert world.details() == [{101}]


def test_publishing_when_a_reader_holds_the_file_waits_for_it(world: World) -> None:
    world.index()
    world.plex.control("remove_item", {"ratingKey": 102})
    reader = sqlite3.connect(world.db)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM movies WHERE available = 1").fetchone() == (3,)
    verdicts: list[IndexVerdict] = []
    shown: list[str] = []
    world.progress = lambda _done, text: shown.append(text)

    writer = threading.Thread(target=lambda: verdicts.append(world.index()))
    writer.start()
    while writer.is_alive() and "Waiting for another program to let go of the index" not in shown:
        writer.join(0.05)
    # The reader still sees the library as it was, whole.
    assert writer.is_alive()
    assert reader.execute("SELECT count(*) FROM movies WHERE available = 1").fetchone() == (3,)
    reader.execute("COMMIT")
    reader.close()
    writer.join(60)
    assert [verdict.total.lost for verdict in verdicts] == [1]
    assert world.value("SELECT count(*) FROM movies WHERE available = 1") == 2


def test_reader_when_it_looks_all_the_time_sees_whole_libraries_only(world: World) -> None:
    world.index()
    over = threading.Event()
    seen: set[tuple[int, int]] = set()

    def look() -> None:
        while not over.is_set():
            (row,) = world.rows(
                "SELECT count(*), sum(totalEpisodes) FROM episodes JOIN tv_shows ON 1 WHERE episodes.available = 1"
            )
            seen.add(row)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for key in (211, 221):
            world.plex.control("remove_item", {"ratingKey": key})
            world.index()
        world.index(rebuild=True)
    finally:
        over.set()
        watcher.join()
    # Episodes and the show's total change together; (3, 9) is 3 episodes each beside a total of 3.
    assert seen <= {(3, 9), (2, 4), (1, 1)}


class LettingGo(Clock):
    """Waiting lets the reader go."""

    def __init__(self, reader: sqlite3.Connection) -> None:
        self.reader = reader
        self.waits = 0

    def sleep(self, seconds: float) -> None:
        self.waits += 1
        if self.waits == 3:
            self.reader.rollback()


def test_publishing_when_a_reader_outstays_the_timeout_tries_again(world: World) -> None:
    world.index()
    reader = sqlite3.connect(world.db)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM meta").fetchall()
    clock = LettingGo(reader)
    server = Server(
        machine_id="machine-one",
        version=world.value("SELECT value FROM meta WHERE name = 'serverVersion'"),
        name="Den",
    )
    waits, written = [], []

    def work() -> None:
        written.append(1)
        store.note({"lastCompleteRun": "now"})

    with contextlib.closing(Store.open(str(world.db), server, clock, lambda: waits.append(1))) as store:
        store.connection.execute("PRAGMA busy_timeout = 20")
        store.write(work)
    assert (clock.waits, len(waits)) == (3, 3)
    assert len(written) == 1  # publishing a large library takes long: it is not begun before it can be ended
    assert world.value("SELECT value FROM meta WHERE name = 'lastCompleteRun'") == "now"
    reader.close()


TURNS = """
import sqlite3, sys, time

time.sleep(float(sys.argv[2]))
while True:
    reader = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, isolation_level=None, timeout=60)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM meta").fetchall()
    print("reading", flush=True)
    time.sleep(0.6)
    reader.close()
"""


def test_publishing_when_readers_take_turns_comes_to_its_own(world: World) -> None:
    """Each reads longer than one attempt waits, and one of them always does; in processes of their own, as locks want it."""
    world.index()
    server = Server(
        machine_id="machine-one",
        version=world.value("SELECT value FROM meta WHERE name = 'serverVersion'"),
        name="Den",
    )
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(contextlib.closing(Store.open(str(world.db), server, Clock())))
        store.connection.execute("PRAGMA busy_timeout = 150")
        for place in range(3):
            command = [sys.executable, "-c", TURNS, str(world.db), str(place * 0.2)]
            reader = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
            stack.callback(reader.kill)
            assert reader.stdout is not None
            assert reader.stdout.readline()
        store.write(lambda: store.note({"lastCompleteRun": "now"}))
        assert store.connection.execute("PRAGMA busy_timeout").fetchone()[0] == 150


def test_rebuild_when_a_reader_holds_the_file_reads_plex_meanwhile(world: World) -> None:
    world.index()
    world.plex.clear_log()
    reader = sqlite3.connect(world.db, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM meta").fetchall()
    asked: list[int] = []

    def progress(_share: float, text: str) -> None:
        if text.startswith("Waiting"):
            asked.append(len(world.details()))
            reader.rollback()

    world.progress = progress
    world.index(rebuild=True)
    reader.close()
    assert asked[0] > 0


def test_publishing_when_a_reader_never_lets_go_is_said(world: World) -> None:
    world.index()
    reader = sqlite3.connect(world.db)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM meta").fetchall()
    clock = LettingGo(sqlite3.connect(":memory:"))
    server = Server(
        machine_id="machine-one",
        version=world.value("SELECT value FROM meta WHERE name = 'serverVersion'"),
        name="Den",
    )
    with contextlib.closing(Store.open(str(world.db), server, clock)) as store:
        store.connection.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(DatabaseError, match="cannot be written: database is locked"):
            store.write(lambda: store.note({"lastCompleteRun": "now"}))
        # The connection is fit for the next try.
        reader.close()
        store.write(lambda: store.note({"lastCompleteRun": "later"}))
    clock.reader.close()
    assert world.value("SELECT value FROM meta WHERE name = 'lastCompleteRun'") == "later"


def test_file_when_it_holds_free_pages_is_not_rewritten_by_each_run(tmp_path: Path) -> None:
    """VACUUM writes the whole file twice and locks readers out meanwhile."""
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        world.index()
        world.rows("CREATE TABLE filler AS SELECT zeroblob(100000) AS x")
        world.rows("DROP TABLE filler")
        free = world.value("PRAGMA freelist_count")
        assert free > 10
        world.index(full_sweep=True)
        assert world.value("PRAGMA freelist_count") > free // 2
