"""What `make check` does for a browser: it installs Debian's where it may, says in one sentence why not elsewhere, and never fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sim.process import ROOT

SCRIPT = ROOT / "tools" / "page" / "chromium.sh"
NEEDED = ("sh", "timeout", "tail", "env")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for a Unix shell")


def said(folder: Path, **programs: str) -> str:
    """With these programs alone, each a line of shell."""
    for name in NEEDED:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"there is no {name} here")
        (folder / name).symlink_to(found)
    for name, line in programs.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o755)
    environment = {"PATH": str(folder), "LOG": str(folder / "log")}
    done = subprocess.run(
        ["sh", str(SCRIPT)],
        env={**environment, "HOME": os.environ.get("HOME", "")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


APT = 'echo "$@" >>"$LOG"; '


def test_browser_that_is_there_is_taken(tmp_path: Path) -> None:
    assert said(tmp_path, chromium="exit 0", npm="exit 0", id="echo 0", apt_get=f"{APT}exit 0") == ""
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize(
    ("programs", "sentence"),
    [
        ({}, "there is no Node here"),
        ({"npm": "exit 0"}, "there is no apt to install it with"),
        ({"npm": "exit 0", "apt_get": "exit 0", "id": "echo 1000"}, "only root may install it"),
        (
            {"npm": "exit 0", "apt_get": "echo E: no network; exit 100", "id": "echo 0"},
            "apt-get update failed (E: no network)",
        ),
    ],
)
def test_machine_without_one_is_told_why(tmp_path: Path, programs: dict[str, str], sentence: str) -> None:
    *_, last = said(tmp_path, **programs).splitlines()
    assert last.startswith("The page inside Stash is not tested in a browser: ")
    assert sentence in last


def test_small_package_is_asked_for_first_and_the_large_one_where_that_is_missing(tmp_path: Path) -> None:
    refuse = 'case "$*" in *headless*) echo E: Unable to locate package; exit 100;; esac'
    assert "Installing" in said(tmp_path, npm="exit 0", id="echo 0", apt_get=f"{APT}{refuse}")
    asked = [line.split()[-1] for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert asked == ["update", "chromium-headless-shell", "chromium"]
