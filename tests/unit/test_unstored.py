"""The mark of an edit that could not be stored, on a machine that takes nothing anywhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import unstored
from tests.sim.process import ROOT

NOTHING_GROWS = """
import resource, sys
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import unstored
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
folder = DataFolder(sys.argv[1])
print(unstored.mark(folder), unstored.seen(folder), unstored.clear(folder))
"""


def test_mark_is_seen_until_it_is_cleared(tmp_path: Path) -> None:
    folder = DataFolder(str(tmp_path / "data"))
    folder.make()
    assert unstored.seen(folder) == ()
    assert unstored.mark(folder)
    assert len(unstored.seen(folder)) == 1
    unstored.clear(folder)
    assert unstored.seen(folder) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the length of files")
def test_machine_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    """Python finds no folder for temporary files there; a worker that waits for room goes on waiting."""
    missing = str(tmp_path / "read-only" / "data")
    command = [sys.executable, "-c", NOTHING_GROWS, missing]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr) == ("False () None\n", "")
