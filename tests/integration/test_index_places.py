"""Where the index cannot be kept, or the file there cannot be used: a sentence that says what to do, and code 5."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index_runs import TOKEN, World, start_plex
from tests.integration.test_index_command_line import CommandLine

as_another_user = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may do everything"
)


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    with start_plex(tmp_path) as plex:
        found = CommandLine(tmp_path / "a folder", World(plex, tmp_path))
        found.settings()
        yield found


def refused(command: CommandLine, *options: str) -> str:
    done = command(*options)
    assert done.returncode == 5, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("Not done: ")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_path_when_it_is_a_folder_is_said_before_plex_is_asked(command: CommandLine) -> None:
    (command.stands / "data").mkdir()
    words = refused(command, "--db-path", "data")
    assert "is a folder. Name the index file itself" in words
    assert os.listdir(command.stands / "data") == []
    assert command.world.targets() == []


def test_path_when_its_folder_cannot_be_made_is_said(command: CommandLine) -> None:
    words = refused(command, "--db-path", str(command.folder / "plex_sync.py/data/index.db"))
    assert "plex_sync.py/data for the index cannot be made" in words.replace("\\", "/")


@pytest.mark.skipif(sys.platform == "win32", reason="only an administrator may make symbolic links there")
@pytest.mark.parametrize(
    "options",
    [
        ("--db-path", "loop"),
        ("query", "SELECT 1", "--db-path", "loop"),
        ("--log-file", "loop"),
        ("--image-folder", "loop"),
        ("--db-path", "loop/a.db"),
    ],
    ids=str,
)
def test_path_when_its_link_leads_back_to_itself_is_said(
    command: CommandLine, options: tuple[str, ...]
) -> None:
    (command.stands / "loop").symlink_to("loop")
    done = command(*options)
    assert "Traceback" not in done.stderr
    assert done.returncode in (2, 5)
    assert f"{command.stands / 'loop'} " in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere such names cannot be")
def test_path_when_it_is_not_in_utf8_is_used(command: CommandLine) -> None:
    """As on a disk that an older system wrote."""
    folder = command.folder / os.fsdecode(b"caf\xe9")
    for options in ((), ("--export", "csv"), ("--report", str(folder / "a.html"))):
        done = subprocess.run(
            [sys.executable, command.folder / "plex_sync.py", *options],
            env=command.environment() | {"DB_PATH": str(folder / "a.db"), "PYTHONUTF8": "0"},
            capture_output=True,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert not options or b"caf\xe9" in done.stdout


@pytest.mark.parametrize(
    "options", [("--no-images",), ("query", "SELECT 1"), ("--export", "csv"), ("--report", "a.html")], ids=str
)
def test_file_when_it_is_a_persons_own_is_left_as_it_is(
    command: CommandLine, options: tuple[str, ...]
) -> None:
    diary = command.stands / "diary.txt"
    diary.write_text("Dear diary, this is no database at all.\n")
    assert "Move it away" in refused(command, "--db-path", "diary.txt", *options)
    assert diary.read_text().startswith("Dear diary")


@pytest.mark.parametrize(
    "options",
    [
        ("--no-images",),
        ("query", "SELECT * FROM items"),
        ("--export", "csv"),
        ("--report", "a.html"),
    ],
    ids=str,
)
def test_index_when_damaged_says_how_it_is_made_anew(command: CommandLine, options: tuple[str, ...]) -> None:
    assert command("--no-images").returncode == 0
    size = command.world.db.stat().st_size
    with open(command.world.db, "r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 8192))
    if options == ("--no-images",):
        command.world.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "changed"}})
    assert "The file is damaged. A rebuild (plex_sync.py --rebuild-db, " in refused(command, *options)
    command.world.db.unlink()
    assert "15 added" in command("--no-images").stdout


@pytest.mark.parametrize(("begin", "end"), [(4096, -4096), (0, 4096), (100, 2000), (60_000, 200_000)])
def test_index_when_damaged_is_put_aside_by_a_rebuild_and_made_anew(
    command: CommandLine, begin: int, end: int
) -> None:
    """Its middle, its first page (as a power cut leaves it), its schema."""
    assert command("--no-images").returncode == 0
    data = command.world.db.read_bytes()
    stop = end if end > 0 else len(data) + end
    filler = bytes(stop - begin) if begin == 0 else b"\xa5" * (stop - begin)
    damaged = data[:begin] + filler + data[stop:]
    command.world.db.write_bytes(damaged)
    done = command("--no-images", "--rebuild-db")
    assert done.returncode == 0, done.stderr
    assert "15 added" in done.stdout
    aside = Path(f"{command.world.db}.damaged")
    assert f"The damaged index is put aside as {aside}." in done.stdout
    assert aside.read_bytes() == damaged
    assert command.world.value("PRAGMA integrity_check") == "ok"


def test_file_when_it_is_a_persons_own_is_not_put_aside_by_a_rebuild(command: CommandLine) -> None:
    diary = command.stands / "diary.txt"
    diary.write_text("Dear diary, this is no database at all.\n")
    other = command.stands / "other.db"
    with sqlite3.connect(other) as connection:
        connection.executescript("CREATE TABLE a (b); INSERT INTO a VALUES (hex(zeroblob(20000)))")
    connection.close()
    other.write_bytes(other.read_bytes()[:100] + b"\xa5" * 8000)
    before = other.read_bytes()
    for path in (diary, other):
        refused(command, "--db-path", str(path), "--rebuild-db", "--no-images")
    assert (diary.read_text()[:10], other.read_bytes()) == ("Dear diary", before)


def test_staging_when_damaged_does_not_stop_every_later_run(command: CommandLine) -> None:
    command.world.should_yield = lambda: bool(command.world.details())
    command.world.db.parent.mkdir()
    assert command.world.index(parallel=False).yielded
    staging = Path(f"{command.world.db}.staging")
    connection = sqlite3.connect(staging)
    connection.execute("PRAGMA journal_mode=DELETE")
    # All but the page that tells what the file is for: it is opened, and found broken in the middle of the work.
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'listed'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with open(staging, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    first = command("--no-images")
    assert (first.returncode, command("--no-images").returncode) == (5, 0)
    assert "Traceback" not in first.stderr
    assert command.world.value("SELECT count(*) FROM items") == 15


def with_files_up_to(command: CommandLine, kilobytes: int) -> subprocess.CompletedProcess[str]:
    """Where a file may not grow, the disk is as good as full."""
    code = (
        "import resource, sys; from pathlib import Path\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024},) * 2)\n"
        "from indexer.command.cli import run\n"
        f"sys.exit(run(Path({str(command.folder)!r})))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, "--no-images"],
        env=command.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits the size of a process's files")
def test_update_when_its_disk_is_full_is_told_that_it_may_be(command: CommandLine) -> None:
    assert command("--no-images").returncode == 0
    command.world.plex.control("edit_item", {"ratingKey": 101, "fields": {"title": "changed"}})
    done = with_files_up_to(command, 16)
    assert done.returncode == 5
    assert "full" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits the size of a process's files")
@pytest.mark.parametrize("kilobytes", [64, 300, 420])
def test_run_when_its_files_may_not_grow_says_so_and_goes_on_later(
    command: CommandLine, kilobytes: int
) -> None:
    done = with_files_up_to(command, kilobytes)
    assert done.returncode == 5, done.stderr
    assert done.stderr.startswith("Not done: ")
    assert "Traceback" not in done.stderr
    assert command("--no-images").returncode == 0
    assert command.world.value("SELECT count(*) FROM items") == 15


@as_another_user
def test_folder_when_it_may_not_be_written_is_named(command: CommandLine) -> None:
    folder = command.stands / "locked"
    folder.mkdir(mode=0o555)
    assert f"The folder {folder} may not be written by this user" in refused(
        command, "--db-path", "locked/a.db"
    )


@as_another_user
def test_file_when_it_may_not_be_written_is_named(command: CommandLine) -> None:
    assert command("--no-images").returncode == 0
    command.world.db.chmod(0o444)
    assert "cannot be written: Permission denied" in refused(command, "--rebuild-db")
    assert command("query", "SELECT count(*) FROM movies").stdout == "count(*)\n3\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes that have a place among files")
def test_pipe_when_named_is_written_into_and_not_replaced(command: CommandLine) -> None:
    """As /dev/null, which an administrator could replace for everybody."""
    assert command("--no-images").returncode == 0
    pipe = command.stands / "pipe"
    os.mkfifo(pipe)
    words = refused(command, "--db-path", "pipe")
    assert "is a device or a pipe" in words
    page = command.folder / "page.html"
    with page.open("wb") as file, subprocess.Popen(["cat", pipe], stdout=file) as reader:
        assert command("--report", "pipe").returncode == 0
        if not pipe.is_fifo():
            reader.kill()  # nobody will ever write to what it has opened
    assert pipe.is_fifo()
    assert b"</html>" in page.read_bytes()


def test_file_when_still_empty_is_no_index_yet(command: CommandLine) -> None:
    """What is left of a first run that was killed at once."""
    (command.folder / "data").mkdir()
    command.world.db.touch()
    done = command("query", "SELECT 1")
    assert done.returncode == 2
    assert "There is no index" in done.stderr


def test_library_when_one_suddenly_lists_nothing_tells_of_the_others(command: CommandLine) -> None:
    assert command("--no-images").returncode == 0
    command.world.plex.control("remove_item", {"ratingKey": 301})
    words = refused(command, "--no-images")
    assert 'in the library "Musik", where the index has 1' in words
    assert "The other 2 libraries are up to date." in words


def test_settings_when_they_are_wrong_are_named_as_the_command_line_knows_them(command: CommandLine) -> None:
    command.env_file(f"PLEX_URL={command.world.plex.url}", "PLEX_TOKEN=an-old-token")
    assert "into PLEX_TOKEN." in command().stderr
    command.env_file("PLEX_URL=http://127.0.0.1:1", f"PLEX_TOKEN={TOKEN}")
    away = command()
    assert (away.returncode, "plex_url" in away.stderr) == (3, False)
    assert "Is Plex running, and is PLEX_URL right?" in away.stderr


def test_index_when_another_version_wrote_it_is_not_reported_on(command: CommandLine) -> None:
    assert command("--no-images").returncode == 0
    for version, words in ((99, "Update PlexSync"), (1, "Run plex_sync.py once")):
        connection = sqlite3.connect(command.world.db)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        assert words in refused(command, "--report", "a.html")
        assert command("query", "SELECT count(*) FROM movies").returncode == 0
    assert not (command.stands / "a.html").exists()
