"""`python -m plexsync_plugin bug-report`: one file with what a developer needs, and nothing that is a person's."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from plexsync_plugin.answers.bug_report import write_report
from plexsync_plugin.base.paths import DataFolder
from tests.sim.process import ROOT
from tests.stage import TOKEN, Stage


def report(stage: Stage) -> str:
    environment = {**os.environ, "STASH_URL": stage.stash.url, "PLEXSYNC_DATA": str(stage.data)}
    command = [sys.executable, "-m", "plexsync_plugin", "bug-report"]
    said = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    path = Path(said.splitlines()[0].removeprefix("Written: "))
    assert path == stage.data / "bug-report.txt"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text(encoding="utf-8")


def test_report_says_how_things_stand_and_names_nothing_private() -> None:
    with Stage(
        settings={
            "path_map": "/data/videos => /media/videos",
            "require_tags": "",
            "read_timeout": 7,
            "collection_posters": False,
        }
    ) as stage:
        stage.edit(1, title="A very private title")
        stage.wait_title(1, "A very private title")
        stage.wait_synced(1)
        found = report(stage)
        for part in (
            "versions",
            "settings",
            "how things stand",
            "failed",
            "tables",
            "files",
            "worker.log",
            "pip.log",
        ):
            assert f"== {part} ==" in found
        for fact in (
            "PlexSync 0.1.0",
            "pydantic 2.",
            "Stash v0.30.1\n",
            "read_timeout = 7",
            "collection_posters = False",
            "path_map is set",
            "require_tags is empty",
            "plex_token is set",
            "synced: 1",
            "schema: ",
        ):
            assert fact in found, fact
        assert "In sync: 1 scene." in found
        assert "synced scene=1 item=101" in found
        assert "plexsync.db: " in found
        for private in (TOKEN, "A very private title", "/data/videos", str(stage.folder), "127.0.0.1"):
            assert private not in found


def test_report_is_written_also_where_stash_is_away_and_a_database_is_damaged() -> None:
    with Stage() as stage:
        stage.edit(1, title="First")
        stage.wait_title(1, "First")
        stage.wait_synced(1)
        stage.stash.down()
        stage.kill_workers()
        for name in ("plexsync.db", "plexsync.db-wal", "plexsync.db-shm"):
            (stage.data / name).unlink(missing_ok=True)
        (stage.data / "plexsync.db").write_bytes(b"no database at all" * 100)
        found = report(stage)
        assert "cannot be asked" in found
        assert found.count("cannot be read") >= 4
        assert "synced scene=1 item=101" in found
        stage.stash.up()


@pytest.mark.skipif(sys.platform == "win32", reason="who may make links there may do all else")
def test_report_does_not_follow_a_link_that_lies_in_its_place(tmp_path: Path) -> None:
    other = tmp_path / "another file"
    other.write_text("stays", encoding="utf-8")
    folder = DataFolder(str(tmp_path / "plexsync"))
    folder.make()
    Path(folder.path("bug-report.txt")).symlink_to(other)
    path = Path(write_report(folder, dict, lambda: "none", 1_800_000_000.0))
    assert other.read_text(encoding="utf-8") == "stays"
    assert not path.is_symlink()
    assert "PlexSync bug report" in path.read_text(encoding="utf-8")
