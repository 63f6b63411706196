"""What only its owner may read, links that lead elsewhere, and a data folder that is not ours alone."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.private_file import open_private
from plexsync_plugin.tasks.setup.check_here import trust_lines

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits and owners")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct, autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_private_file_is_its_owner_s_alone_in_place_of_an_older_one_too(tmp_path: Path) -> None:
    path = tmp_path / "preview.txt"
    path.write_text("old")
    path.chmod(0o644)
    for mode in ("w", "a"):
        with open_private(str(path), mode) as file:
            file.write("line\n")
    assert path.read_text() == "line\nline\n"
    assert mode_of(path) == 0o600


def test_private_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "preview.txt.part"
    elsewhere.write_text("of others")
    path.symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic links"):
        open_private(str(path), "a")
    with open_private(str(path), "w") as file:
        file.write("ours")
    assert not path.is_symlink()
    assert (elsewhere.read_text(), path.read_text()) == ("of others", "ours")


def data_folder(tmp_path: Path) -> Path:
    root = tmp_path / "plexsync"
    DataFolder(str(root)).make()
    root.chmod(0o755)
    return root


def test_folder_of_our_own_is_not_spoken_of(tmp_path: Path) -> None:
    assert list(trust_lines(str(data_folder(tmp_path)))) == []


def test_folder_that_others_may_write_to_and_links_in_it_are_named(tmp_path: Path) -> None:
    root = data_folder(tmp_path)
    root.chmod(0o777)
    (root / "plexsync.db").symlink_to(tmp_path / "elsewhere.db")
    (root / "log" / "worker.log").symlink_to("/dev/null")
    open_to_all, links = [line.text for line in trust_lines(str(root))]
    assert f"chmod go-w {root}" in open_to_all
    assert "plexsync.db, log/worker.log" in links


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives a folder away, as root may"
)
def test_folder_of_another_user_is_named(tmp_path: Path) -> None:
    root = data_folder(tmp_path)
    os.chown(root, 12_345, -1)
    (line,) = trust_lines(str(root))
    assert "another user (number 12345)" in line.text
    assert line.level == "note"
