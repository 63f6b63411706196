"""The way into `python plex_sync.py`: whatever keeps it from starting is a sentence and a code, never a traceback."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRY = ROOT / "plex_sync.py"


def start(script: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    """With `paths` before everything else that can be imported."""
    return subprocess.run(
        [sys.executable, str(script), "--help"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def package(folder: Path, name: str, source: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(source, "utf-8")
    return folder


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """In a folder of its own: what stands in PYTHONPATH is found before the packages beside it."""
    (tmp_path / "program").mkdir()
    return Path(shutil.copy(ENTRY, tmp_path / "program"))


def test_entry_when_the_python_is_old_still_parses() -> None:
    source = ENTRY.read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))
    assert "Python 3.11 or newer" in source


@pytest.mark.parametrize(
    "source",
    ["raise ModuleNotFoundError('No module named plexapi', name='plexapi')", "from json import nothing"],
)
def test_start_when_a_package_is_missing_or_old_names_the_command(
    script: Path, tmp_path: Path, source: str
) -> None:
    done = start(script, package(tmp_path / "stubs", "plexapi", source), ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "A Python package is missing or too old" in done.stderr
    assert f"{sys.executable} -m pip install -r {script.parent / 'requirements.txt'}" in done.stderr
    assert "Traceback" not in done.stderr


def test_start_when_the_script_was_copied_alone_says_what_it_needs(script: Path) -> None:
    done = start(script)
    assert done.returncode == 2
    assert "needs the folders indexer and plexsync_plugin beside it" in done.stderr
    assert "Traceback" not in done.stderr


def test_start_when_interrupted_while_it_loads_ends_quietly(script: Path, tmp_path: Path) -> None:
    done = start(script, package(tmp_path / "stubs", "plexapi", "raise KeyboardInterrupt"), ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
