"""`python plex_sync.py` as a person and cron run it: a process of its own, its exit code, its words."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.command.environment import read_environment
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import parse_names
from tests.index_runs import TOKEN, World, start_plex

ROOT = Path(__file__).resolve().parents[2]


class CommandLine:
    """A copy of plex_sync.py in a folder of its own, so that its `.env` and data are there and not in the repository.

    It is called from another folder, `stands`.
    """

    def __init__(self, folder: Path, world: World) -> None:
        self.folder = folder
        self.stands = folder.parent
        self.world = world
        folder.mkdir()
        shutil.copy(ROOT / "plex_sync.py", folder)
        world.db = folder / "data" / "plex_collection.db"

    def env_file(self, *lines: str) -> None:
        (self.folder / ".env").write_text("\n".join(lines) + "\n", "utf-8")

    def settings(self, *lines: str) -> None:
        self.env_file(f"PLEX_URL={self.world.plex.url}", f"PLEX_TOKEN={TOKEN}", *lines)

    def environment(self) -> dict[str, str]:
        """Without PYTHONUNBUFFERED, with which no stream has anything left to write when Python ends."""
        ours = ("PLEX", "DB_PATH", "PYTHONUNBUFFERED")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}

    def __call__(self, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(self.folder / "plex_sync.py"), *options],
            cwd=self.stands,
            env=self.environment() | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )


@pytest.fixture
def command(tmp_path: Path) -> Iterator[CommandLine]:
    with start_plex(tmp_path) as plex:
        yield CommandLine(tmp_path / "a folder", World(plex, tmp_path))


def test_run_when_the_env_file_has_all_fills_the_default_file(command: CommandLine) -> None:
    command.settings()
    done = command()
    assert (done.returncode, done.stderr) == (0, "")
    assert "15 added" in done.stdout
    assert command.world.value("SELECT count(*) FROM movies") == 3
    again = command("--fast")
    assert again.returncode == 0
    assert "nothing has changed in 3 libraries (3 requests" in again.stdout


def test_path_of_the_index_when_relative_is_below_the_folder_of_the_script(command: CommandLine) -> None:
    command.settings("DB_PATH=name.db")
    assert command("--no-parallel", "--no-images").returncode == 0
    assert (command.folder / "name.db").is_file()
    assert command("--no-images", DB_PATH="other/name.db").returncode == 0
    assert (command.folder / "other" / "name.db").is_file()


def test_paths_when_typed_are_below_the_folder_where_a_person_stands(command: CommandLine) -> None:
    command.settings()
    typed = ("--db-path", "mine/a.db", "--log-file", "mine/log.txt", "--image-folder", "mine/pictures")
    assert command("--library", "Serien", *typed).returncode == 0
    made = command(
        "--db-path", "mine/a.db", "--export", "csv", "--to", "mine/tables", "--report", "mine/page.html"
    )
    assert made.returncode == 0
    assert str(command.stands / "mine" / "tables") in made.stdout
    found = {path.name for path in (command.stands / "mine").iterdir()}
    assert {"a.db", "log.txt", "pictures", "tables", "page.html"} <= found
    assert not (command.folder / "mine").exists()


def test_folder_when_it_is_gone_that_a_person_stands_in_is_said(command: CommandLine) -> None:
    code = (
        "import os, sys, tempfile; from pathlib import Path\n"
        "from indexer.command.cli import run\n"
        "gone = tempfile.mkdtemp(); os.chdir(gone); os.rmdir(gone)\n"
        f"sys.exit(run(Path({str(command.folder)!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--report", "a.html"],
        env=command.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "a.html is relative to a folder that is no longer there" in done.stderr


def test_environment_when_it_says_otherwise_wins(command: CommandLine) -> None:
    command.env_file(
        "PLEX_URL=http://127.0.0.1:9", "PLEX_TOKEN=wrong", "DB_PATH=a.db", "PLEX_LIBRARY_NAMES=Nothing"
    )
    done = command(
        PLEX_URL=command.world.plex.url,
        PLEX_TOKEN=TOKEN,
        DB_PATH="b.db",
        PLEX_LIBRARY_NAMES="Fílme, alt & neu,Musik",
    )
    assert done.returncode == 0
    command.world.db = command.folder / "b.db"
    assert not (command.folder / "a.db").exists()
    assert command.world.rows("SELECT title FROM sections ORDER BY 1") == [("Fílme, alt & neu",), ("Musik",)]


def test_library_names_when_unknown_lists_those_there_are(command: CommandLine) -> None:
    command.settings("PLEX_LIBRARY_NAMES=Movies")
    done = command()
    assert done.returncode == 2
    assert 'no library "Movies"' in done.stderr
    assert '"Fílme, alt & neu", "Serien", "Musik"' in done.stderr


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), "PLEX_URL is not set"),
        (("PLEX_URL=http://127.0.0.1:9",), "PLEX_TOKEN is not set"),
        (("PLEX_URL=ftp://host", "PLEX_TOKEN=x"), "PLEX_URL is not an address"),
    ],
)
def test_settings_when_missing_or_senseless_are_named(
    command: CommandLine, lines: tuple[str, ...], words: str
) -> None:
    command.env_file(*lines)
    done = command()
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_option_when_unknown_ends_with_the_usage(command: CommandLine) -> None:
    done = command("--faster")
    assert done.returncode == 2
    assert "usage: plex_sync.py" in done.stderr


def test_exit_code_when_plex_is_away(command: CommandLine) -> None:
    command.settings()
    command.world.plex.down()
    done = command()
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert done.stdout == ""
    command.world.plex.up()


def test_exit_code_when_the_token_is_refused(command: CommandLine) -> None:
    command.env_file(f"PLEX_URL={command.world.plex.url}", "PLEX_TOKEN=an-old-token")
    done = command()
    assert done.returncode == 4
    assert "an-old-token" not in done.stderr


def test_exit_code_when_a_run_is_refused_and_allowed(command: CommandLine) -> None:
    command.settings("PLEX_LIBRARY_NAMES=Musik")
    assert command().returncode == 0
    command.world.plex.control("remove_item", {"ratingKey": 301})
    refused = command()
    assert refused.returncode == 5
    assert "--allow-empty" in refused.stderr
    allowed = command("--allow-empty")
    assert allowed.returncode == 0
    assert "6 gone" in allowed.stdout


def test_rebuild_when_asked_for_reads_everything(command: CommandLine) -> None:
    command.settings()
    assert command().returncode == 0
    assert "15 added" in command("--rebuild-db").stdout


def test_pictures_when_a_folder_is_named_are_kept_there(command: CommandLine) -> None:
    command.settings("PLEX_LIBRARY_NAMES=Serien")
    assert command("--image-folder", "elsewhere").returncode == 0
    assert list((command.stands / "elsewhere" / "tv_image").glob("*.thumb.webp"))
    assert not (command.folder / "assets").exists()


def test_help_when_asked_for_tells_options_variables_and_codes(command: CommandLine) -> None:
    shown = command("--help").stdout
    for word in (
        "--fast",
        "--no-parallel",
        "--no-images",
        "--verbose",
        "--rebuild-db",
        "PLEX_LIBRARY_NAMES",
        "exit codes",
    ):
        assert word in shown
    assert "fetch no pictures" in shown


def test_documents_when_read_name_every_option_and_code_of_the_help(command: CommandLine) -> None:
    shown = command("--help").stdout
    told = (ROOT / "docs" / "config.md").read_text("utf-8").partition("## The index alone")[2]
    of_commands = "".join(command(name, "--help").stdout for name in ("query", "search"))
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", shown + of_commands)) - {"--help"}
    assert options == set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", told))
    codes = set(re.findall(r"\b(\d+) [a-z]|\b(\d+) Plex", shown.partition("exit codes:")[2]))
    assert {one or other for one, other in codes} == set(re.findall(r"^\| (\d+) \|", told, re.MULTILINE))
    for name in ("PLEX_URL", "PLEX_TOKEN", "PLEX_LIBRARY_NAMES", "DB_PATH"):
        assert name in shown
        assert f"`{name}`" in told


def test_client_when_run_twice_is_the_same_device(command: CommandLine) -> None:
    command.settings()
    command()
    first = (command.world.db.parent / "client_id").read_text()
    command()
    assert (command.world.db.parent / "client_id").read_text() == first
    assert len(first.strip()) == 36


def test_library_when_named_on_the_command_line_wins(command: CommandLine) -> None:
    command.settings("PLEX_LIBRARY_NAMES=Serien")
    assert command("--library", "Musik", "--library", "Fílme, alt & neu", "--no-images").returncode == 0
    assert command.world.rows("SELECT title FROM sections ORDER BY 1") == [("Fílme, alt & neu",), ("Musik",)]
    assert 'no library "Filme"' in command("--library", "Filme").stderr


def test_db_path_when_given_wins_over_the_settings(command: CommandLine) -> None:
    command.settings("DB_PATH=a.db")
    assert command("--db-path", "b.db", "--no-images", DB_PATH="c.db").returncode == 0
    assert sorted(path.name for path in command.stands.rglob("*.db")) == ["b.db"]
    assert (command.stands / "b.db").is_file()


@pytest.mark.parametrize(
    "options",
    [
        ("--watch", "--export", "csv"),
        ("--watch", "query", "SELECT 1"),
        ("--report", "a.html", "query", "SELECT 1"),
        ("--to", "folder"),
        ("--no-images", "--art"),
        ("--no-images", "--episode-thumbs"),
        ("--episode-thumbs", "--report", "a.html"),
        ("--fast", "--no-parallel"),
        ("--export", "xml"),
        ("--export", "csv", "--rebuild-db"),
        ("--report", "a.html", "--library", "Musik"),
        ("--no-images", "query", "SELECT 1"),
        ("--allow", "--no-images"),
        ("--quiet", "--verbose"),
        ("--db-path", ""),
        ("--library", " "),
    ],
)
def test_options_when_they_contradict_end_with_the_usage(
    command: CommandLine, options: tuple[str, ...]
) -> None:
    command.settings()
    done = command(*options)
    assert done.returncode == 2
    assert "usage: plex_sync.py" in done.stderr


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('PLEX_LIBRARY_NAMES="Films, Serien"  # two', ("Films", "Serien")),
        ("export PLEX_LIBRARY_NAMES=Films", ("Films",)),
        ("PLEX_LIBRARY_NAMES=", ()),
        ("PLEX_LIBRARY_NAMES='$HOME, #1'", ("$HOME", "#1")),
    ],
)
def test_env_file_when_written_in_any_usual_way(tmp_path: Path, line: str, names: tuple[str, ...]) -> None:
    text = f"\ufeff# settings\r\nPLEX_URL = 10.0.0.1 \r\nPLEX_TOKEN=abc\r\n{line}\r\n"
    (tmp_path / ".env").write_text(text, "utf-8", newline="")
    settings = read_environment(tmp_path, {})
    assert parse_names(", ".join(names)) == settings.PLEX_LIBRARY_NAMES
    assert settings.PLEX_URL == "http://10.0.0.1:32400"
    assert settings.DB_PATH == "./data/plex_collection.db"
    assert "abc" not in repr(settings)


def test_env_file_when_it_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PLEX_URL=\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        read_environment(tmp_path, {})
