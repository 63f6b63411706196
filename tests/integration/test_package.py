"""The package of `make package`, as Stash's plugin manager takes it from a source: install, use, update, remove."""

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tests.sim.stash.package_source import PackageRefused, PackageSource
from tests.sim.stash.plugin_config import read_config
from tests.stage import Stage
from tools.package import INDEX, ROOT, ZIP, build, commit_time, packed_files

TIME = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)


def published(folder: Path, time: datetime = TIME, names: list[str] | None = None) -> Path:
    """The source as the release publishes it."""
    build(folder, time, names=names)
    (folder / INDEX).rename(folder / "index.yml")
    return folder


def members(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as opened:
        return opened.namelist()


def test_package_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(tmp_path / name, TIME)
    assert (tmp_path / "one" / ZIP).read_bytes() == (tmp_path / "two" / ZIP).read_bytes()
    assert (tmp_path / "one" / INDEX).read_bytes() == (tmp_path / "two" / INDEX).read_bytes()


def test_package_holds_the_plugin_and_nothing_else(tmp_path: Path) -> None:
    build(tmp_path, TIME)
    names = members(tmp_path / ZIP)
    assert [name for name in names if name.endswith(".yml")] == ["PlexSync.yml"]
    assert {name.partition("/")[0] for name in names} == {
        "PlexSync.yml", "plex_sync.py", "requirements.txt", "LICENSE", "CHANGELOG.md", "plexsync_plugin", "indexer",
    }  # fmt: skip
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc") or "test" in name] == []
    for needed in (
        "plexsync_plugin/start.py",
        "plexsync_plugin/locks/python3.12.txt",
        "plexsync_plugin/ui/built/entry.js",
        "plexsync_plugin/ui/built/page.mjs",
    ):
        assert needed in names
    assert [
        name
        for name in names
        if name.endswith((".ts", ".tsx")) or "tsconfig" in name or "node_modules" in name
    ] == []


def test_index_says_what_stash_compares(tmp_path: Path) -> None:
    build(tmp_path, TIME)
    (entry,) = yaml.safe_load((tmp_path / INDEX).read_text("utf-8"))
    assert entry["id"] == "PlexSync"
    assert entry["version"] == read_config(ROOT / "PlexSync.yml").version
    assert str(entry["date"]) == "2026-01-02 03:04:06"
    assert entry["sha256"] == hashlib.sha256((tmp_path / ZIP).read_bytes()).hexdigest()


def test_time_of_a_package_is_that_of_its_commit_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert commit_time() > datetime(2020, 1, 1, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert commit_time() == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_package_with_another_checksum_is_refused(tmp_path: Path) -> None:
    """The test below rests on it."""
    source = published(tmp_path / "source")
    with (source / ZIP).open("ab") as package:
        package.write(b"more")
    with pytest.raises(PackageRefused):
        PackageSource(source, tmp_path / "plugins").install("PlexSync")


def test_installed_used_updated_and_removed_through_the_plugin_manager(tmp_path: Path) -> None:
    names = packed_files()
    first = published(
        tmp_path / "first", names=[*names, "docs/install.md"]
    )  # a file that the next version drops
    second = published(tmp_path / "second", TIME + timedelta(days=1))
    with Stage(install=lambda folder: PackageSource(first, folder.parent).install("PlexSync")) as stage:
        plugins = stage.config / "plugins"
        folder = plugins / "community" / "PlexSync"
        stage.edit(1, title="First")
        stage.wait_title(1, "First")

        update = PackageSource(second, plugins)
        assert update.upgradable("PlexSync")
        update.install("PlexSync")
        stage.gql("mutation{reloadPlugins}")
        assert not update.upgradable("PlexSync")
        assert not (folder / "docs" / "install.md").exists()
        stage.edit(2, title="Second")
        stage.wait_title(2, "Second")
        stage.wait_synced(2)

        update.uninstall("PlexSync")
        stage.gql("mutation{reloadPlugins}")
        assert list(folder.rglob("*.py")) == []
        stage.kill_workers()
        assert [row["state"] for row in stage.rows("SELECT state FROM jobs ORDER BY scene_id")] == [
            "done",
            "done",
        ]

        update.install("PlexSync")
        stage.gql("mutation{reloadPlugins}")
        before = len(stage.puts())
        stage.edit(1, title="First")  # known as in sync from before
        stage.edit(3, title="Third")
        stage.wait_title(3, "Third")
        stage.wait_synced(3)
        assert len(stage.puts()) == before + 1
        entries = stage.stash.control("plugin_log", {"level": "Error"})
        assert [entry["message"] for entry in entries if "manifest" not in entry["message"]] == []
