"""A publisher killed inside its transaction leaves a journal: whoever may write rolls it back, and the index goes on."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.answers.query import reading
from tests.index_runs import World, start_plex
from tests.sim.process import ROOT

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
]

# What a large library does by itself: a transaction that outgrows the cache writes pages before its end.
KILLED = """
import os, signal, sys
from indexer.file.store import Store
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.model import Server

store = Store.open(sys.argv[1], Server(machine_id="machine-one", version=sys.argv[2], name="Den"), Clock())
store.connection.execute("PRAGMA cache_size = 1")

def work():
    store.connection.execute("UPDATE movies SET title = 'half', available = 0")
    store.connection.execute("CREATE TABLE filler (text TEXT)")
    store.connection.executemany("INSERT INTO filler VALUES (?)", [("x" * 3000,)] * 200)
    os.kill(os.getpid(), signal.SIGKILL)

store.write(work)
"""


def open_folders(file: Path, mode: int) -> None:
    """Let another user reach a file among pytest's own, which are closed."""
    for folder in file.parents:
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(mode)


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[World]:
    with start_plex(tmp_path) as plex:
        world = World(plex, tmp_path)
        world.index()
        version = world.value("SELECT value FROM meta WHERE name = 'serverVersion'")
        subprocess.run([sys.executable, "-c", KILLED, str(world.db), version], cwd=ROOT, check=False)
        journal = world.db.with_name("plex.db-journal")
        assert journal.exists()
        assert journal.read_bytes()[:8] != bytes(8), "the journal is not hot: nothing would be tested"
        yield world


def test_run_when_the_last_was_killed_while_publishing_heals_the_file(killed: World) -> None:
    verdict = killed.index(full_sweep=True)
    assert verdict.total.seen == 15
    assert killed.rows("SELECT title, available FROM movies WHERE ratingKey = 103") == [("No File", 1)]
    assert killed.rows("PRAGMA integrity_check") == [("ok",)]
    assert not killed.db.with_name("plex.db-journal").exists()


def test_query_when_the_last_run_was_killed_while_publishing_is_answered(killed: World) -> None:
    with reading(str(killed.db)) as connection:
        assert connection.execute("SELECT title FROM movies WHERE ratingKey = 103").fetchall() == [
            ("No File",)
        ]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
def test_reader_when_it_may_not_write_is_told_and_sees_the_old_state_after_the_next_run(
    killed: World,
) -> None:
    open_folders(killed.db, 0o755)
    script = (
        "import os, sqlite3, sys\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "connection = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)\n"
        "print(connection.execute('SELECT title FROM movies WHERE ratingKey = 103').fetchone()[0])\n"
    )

    def look() -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, str(killed.db)], capture_output=True, text=True, check=False
        )
        return done.stdout.strip() or done.stderr.splitlines()[-1]

    # Half a library is never shown, not even to those who cannot roll it back.
    assert look() != "half"
    killed.index()
    assert look() == "No File"
