"""Requirements as they are read, and what a Python without packages says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.packages import ensure, platform_tag
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.requirements import OPTIONAL, Requirement, lock_file, requirements

ROOT = Path(__file__).resolve().parents[2]


def written(folder: Path, text: str) -> list[Requirement]:
    file = folder / "requirements.txt"
    file.write_text(text, encoding="utf-8")
    return requirements(str(file))


@pytest.mark.parametrize(
    ("line", "name", "bounds"),
    [
        ("plexapi", "plexapi", ()),
        ("plexapi>=4.18,<5", "plexapi", ((">=", (4, 18)), ("<", (5,)))),
        ("  persist-queue >= 1.1 , < 1.2  # the inbox", "persist-queue", ((">=", (1, 1)), ("<", (1, 2)))),
        ("a.b_c-d>=0", "a.b_c-d", ((">=", (0,)),)),
    ],
)
def test_requirement_is_read_with_its_bounds(
    tmp_path: Path, line: str, name: str, bounds: tuple[tuple[str, tuple[int, ...]], ...]
) -> None:
    assert written(tmp_path, f"# a comment\n\n{line}\n") == [Requirement(name=name, bounds=bounds)]


def test_every_line_of_our_own_requirements_is_understood() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [line.replace(" ", "") for line in lines if line.strip() and not line.startswith("#")]
    assert [need.text for need in requirements()] == wanted
    assert all(need.bounds for need in requirements())
    assert set(OPTIONAL) <= {need.name for need in requirements()}


@pytest.mark.parametrize("need", requirements(), ids=lambda need: need.name)
def test_our_own_requirements_are_met_here(need: Requirement) -> None:
    assert need.met()


@pytest.mark.parametrize(
    ("bounds", "met"),
    [
        ((), True),
        (((">=", (7,)),), True),
        (((">=", (7, 0)), ("<", (1000,))), True),
        (((">=", (1000,)),), False),
        ((("<", (7,)),), False),
        (((">=", (7,)), ("<", (8,)), (">=", (1000,))), False),
    ],
)
def test_requirement_is_met_within_its_bounds(
    bounds: tuple[tuple[str, tuple[int, ...]], ...], met: bool
) -> None:
    assert Requirement(name="pytest", bounds=bounds).met() == met


def test_package_that_is_not_there_meets_nothing() -> None:
    assert not Requirement(name="plexsync-has-no-such-package", bounds=()).met()


def test_text_of_a_requirement_is_what_pip_understands() -> None:
    assert Requirement(name="a", bounds=((">=", (1, 1)), ("<", (2,)))).text == "a>=1.1,<2"


def test_platform_tag_is_a_folder_name_of_this_python() -> None:
    tag = platform_tag()
    assert tag == Path(tag).name
    assert f"{sys.version_info.major}{sys.version_info.minor}" in tag


def test_nothing_is_touched_when_everything_is_there(tmp_path: Path) -> None:
    before = sys.path[:]
    ensure(DataFolder(str(tmp_path / "data")), Clock(), install=True)
    assert sys.path == before
    assert list(tmp_path.iterdir()) == []


def test_python_without_packages_says_which_and_how_to_install_them(tmp_path: Path) -> None:
    """`-S` is a Python without site-packages; nothing may be installed."""
    script = (
        "from plexsync_plugin.base import clock, errors, packages, paths\n"
        "try:\n"
        f"    packages.ensure(paths.DataFolder({str(tmp_path)!r}), clock.Clock(), install=False)\n"
        "except errors.PackagesMissing as error:\n"
        "    print(error)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    result = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=ROOT,
        env={**environment, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    names = ", ".join(need.name for need in requirements() if need.name not in OPTIONAL)
    assert f"needs Python packages that are not there: {names}. " in result.stdout
    assert f"-m pip install --only-binary :all: --target {tmp_path / 'packages'}" in result.stdout
    assert f"--require-hashes -r {lock_file()}" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_lock_names_a_fitting_version_of_everything_with_hashes(python: str) -> None:
    locks = ROOT / "plexsync_plugin" / "locks"
    for name, optional in ((f"python{python}.txt", False), (f"python{python}-pictures.txt", True)):
        entries = (
            (locks / name).read_text("utf-8").split("\n", 1)[1].replace(" \\\n", "").strip().splitlines()
        )
        found = dict(entry.split()[0].split("==") for entry in entries)
        assert all("--hash=sha256:" in entry for entry in entries)
        wanted = [need for need in requirements() if (need.name in OPTIONAL) == optional]
        assert [need.name for need in wanted if not need.allows(found[need.name.lower()])] == []
