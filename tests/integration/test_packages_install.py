"""The plugin gets its packages by itself, from nothing, and keeps them, whoever else lies about: real pip, real processes."""

import json
import os
import random
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.packages import platform_tag
from tests.long_form import IS_LONG, SEED, rounds
from tests.package_runs import Wheels, bare_python, lay_dep_manager
from tests.stage import Stage

INSTALLED_WITHIN = 300.0  # seconds; a bound for broken code


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(bare_python(tmp_path_factory.mktemp("python") / "bare"))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    return Wheels(tmp_path_factory.mktemp("wheels") / "wheels")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


@pytest.fixture
def stage(python: str, wheels: Wheels) -> Iterator[Stage]:
    with Stage(python=python) as found:
        wheels.lay_locks(plugin(found))
        yield found


def plugin(stage: Stage) -> Path:
    return stage.config / "plugins" / "PlexSync"


def own(stage: Stage) -> Path:
    return stage.data / "packages" / platform_tag()


def arrives(stage: Stage, scene: int, title: str) -> None:
    stage.edit(scene, title=title)
    found = stage.item
    stage.wait(lambda: found(100 + scene).get("title") == title, f"{title} in Plex", INSTALLED_WITHIN)


def errors(stage: Stage) -> list[str]:
    entries = stage.stash.control("plugin_log", {"level": "Error"})
    return [entry["message"] for entry in entries if entry.get("plugin") == "PlexSync"]


def test_first_edit_installs_everything_from_the_folder_of_wheels(stage: Stage, wheels: Wheels) -> None:
    (plugin(stage) / "wheels").symlink_to(wheels.folder)
    arrives(stage, 1, "First")
    assert (own(stage) / "pydantic").is_dir()
    assert (own(stage) / "PIL").is_dir()
    assert "--no-index" in (stage.data / "log" / "pip.log").read_text("utf-8")
    stage.kill_workers()
    arrives(stage, 2, "Second")
    assert errors(stage) == []


def test_dep_manager_beside_it_provides_and_harms_nothing(
    stage: Stage, wheels: Wheels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The second edit, and a worker that was started anew, are what failed with its `ensure_import` in our own process."""
    lay_dep_manager(stage.config / "plugins" / "community" / "PythonDepManager")
    restart_stash_with(stage, monkeypatch, PIP_FIND_LINKS=str(wheels.folder), PATH=with_git(tmp_path))
    arrives(stage, 1, "First")
    stage.kill_workers()
    arrives(stage, 2, "Second")
    stage.run_task("Check Setup")
    assert "Check Setup: all is well." in " ".join(stage.log_lines())
    assert not (own(stage) / "pydantic").exists()
    assert (own(stage) / "PIL").is_dir()
    assert "has no attribute" not in stage.worker_log()
    assert stage.worker_log().count("asking PythonDepManager") == 1
    assert errors(stage) == []


def test_dep_manager_without_git_is_not_asked(
    stage: Stage, wheels: Wheels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lay_dep_manager(stage.config / "plugins" / "PythonDepManager")
    (plugin(stage) / "wheels").symlink_to(wheels.folder)
    restart_stash_with(stage, monkeypatch, PATH=str(tmp_path))
    arrives(stage, 1, "First")
    assert own(stage).is_dir()
    assert "PythonDepManager" not in stage.worker_log()
    assert errors(stage) == []


def test_dep_manager_whose_packages_do_not_work_is_not_believed(
    stage: Stage, wheels: Wheels, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lay_dep_manager(stage.config / "plugins" / "PythonDepManager")
    half = stage.config / "plugins" / "py_dependencies" / f"requests_{locked(stage, 'requests')}"
    (half / "requests").mkdir(parents=True)
    (half / "requests" / "__init__.py").write_text("")  # half of a package, as a killed pip leaves it
    restart_stash_with(stage, monkeypatch, PIP_FIND_LINKS=str(wheels.folder), PATH=with_git(tmp_path))
    arrives(stage, 1, "First")
    assert own(stage).is_dir()
    assert "PythonDepManager cannot provide the packages" in stage.worker_log()


def test_pip_runs_once_an_hour_by_itself_and_whenever_a_person_asks(stage: Stage) -> None:
    """Without wheels and without a network every attempt fails."""
    stage.edit(1, title="Waits")
    said = "could not be installed: ERROR: No matching distribution found"
    stage.wait(lambda: any(said in line for line in stage.log_lines()), said, INSTALLED_WITHIN)
    stage.kill_workers()
    stage.edit(2, title="Waits too")
    stage.wait(lambda: stage.worker_log().count("needs Python packages") == 2, "the second worker's sentence")
    assert attempts(stage) == 1
    stage.run_task("Process Queue")
    assert attempts(stage) == 2
    assert any("Install them with: " in line and "--require-hashes" in line for line in stage.log_lines())


def test_packages_that_cannot_be_imported_are_installed_anew(stage: Stage, wheels: Wheels) -> None:
    (plugin(stage) / "wheels").symlink_to(wheels.folder)
    arrives(stage, 1, "First")
    stage.kill_workers()
    (own(stage) / "requests" / "adapters.py").unlink()
    for cached in (own(stage) / "requests" / "__pycache__").glob("adapters*"):
        cached.unlink()
    attempt = next((stage.data / "packages").glob("*.attempt.json"))
    attempt.write_text(json.dumps({"at": 0, "problem": ""}))  # more than an hour ago
    arrives(stage, 2, "Second")
    assert (own(stage) / "requests" / "adapters.py").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_what_is_installed_is_readable_by_all_and_writable_by_nobody_else(
    python: str, wheels: Wheels, tmp_path: Path, umask: int
) -> None:
    with Stage(python=python) as stage:
        wheels.lay_locks(plugin(stage))
        (plugin(stage) / "wheels").symlink_to(wheels.folder)
        answer = run_start(stage, python, {"task": "status"}, umask=umask, cwd=tmp_path)
        assert answer["error"] is None
        run_start(stage, python, {"task": "preview"}, umask=umask, cwd=tmp_path)
        modes = {
            str(path.relative_to(stage.data)): stat.S_IMODE(path.stat().st_mode)
            for path in (stage.data, *stage.data.rglob("*"))
        }
        assert {path: oct(mode) for path, mode in modes.items() if mode & 0o022} == {}
        inside = {path: mode for path, mode in modes.items() if path.startswith("packages/")}
        assert len(inside) > 500
        packages = {path: oct(mode) for path, mode in inside.items() if not path.endswith(".json")}
        assert {path: mode for path, mode in packages.items() if int(mode, 8) & 0o444 != 0o444} == {}
        caches = list(plugin(stage).rglob("__pycache__"))
        assert caches
        assert [path for path in caches if stat.S_IMODE(path.stat().st_mode) & 0o022] == []


def test_foreign_modules_in_reach_are_not_imported(python: str, wheels: Wheels, tmp_path: Path) -> None:
    """Stash's current folder by an empty entry of PYTHONPATH, the plugins folder, and the plugin's own."""
    with Stage(python=python) as stage:
        wheels.lay_locks(plugin(stage))
        (plugin(stage) / "wheels").symlink_to(wheels.folder)
        plugins = stage.config / "plugins"
        for folder in (tmp_path, plugins, plugin(stage), stage.data):
            folder.mkdir(exist_ok=True)
            for name in ("pip", "requests", "pydantic", "json", "sqlite3", "typing"):
                (folder / f"{name}.py").write_text(
                    f"open({str(tmp_path / 'owned')!r}, 'a').write(__file__ + '\\n')\n"
                )
        path = f"{os.pathsep}{plugins}"
        answer = run_start(stage, python, {"task": "preview"}, cwd=tmp_path, PYTHONPATH=path)
        assert answer["error"] is None
        answer = run_start(stage, python, {"operation": "status"}, cwd=tmp_path, PYTHONPATH=path)
        assert answer["error"] is None
        assert own(stage).is_dir()
        assert not (tmp_path / "owned").exists(), (tmp_path / "owned").read_text()


def run_start(
    stage: Stage, python: str, args: dict[str, Any], *, cwd: Path, umask: int = -1, **variables: str
) -> dict[str, Any]:
    """`start.py` as Stash runs it, and its reply."""
    port = int(stage.stash.url.rpartition(":")[2])
    connection = {
        "Scheme": "http",
        "Host": "127.0.0.1",
        "Port": port,
        "SessionCookie": None,
        "Dir": str(stage.config),
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [python, str(plugin(stage) / "plexsync_plugin" / "start.py")],
        input=json.dumps({"server_connection": connection, "args": args}).encode(),
        stdout=subprocess.PIPE,
        cwd=cwd,
        env={**environment, **variables},
        umask=umask,
        check=True,
    )
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply


def restart_stash_with(stage: Stage, monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if "PIP_FIND_LINKS" in variables:
        monkeypatch.setenv("PIP_FIND_LINKS", variables["PIP_FIND_LINKS"])
    stage.stash.down()
    stage.stash.up()
    stage.configure(stage.settings)


def with_git(folder: Path) -> str:
    """A PATH on which something answers to `git`."""
    git = folder / "git"
    git.write_text("#!/bin/sh\necho git version 2\n")
    git.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def locked(stage: Stage, name: str) -> str:
    lines = (
        next((plugin(stage) / "plexsync_plugin" / "locks").glob("python3.*[0-9].txt"))
        .read_text()
        .splitlines()
    )
    return next(line.split()[0].partition("==")[2] for line in lines if line.startswith(f"{name}=="))


def attempts(stage: Stage) -> int:
    return (stage.data / "log" / "pip.log").read_text("utf-8").count("ended with ")


@pytest.mark.skipif(not IS_LONG, reason="each kill takes seconds: make torture does it")
def test_installation_that_is_killed_at_any_moment_is_done_by_the_next_worker(
    stage: Stage, wheels: Wheels
) -> None:
    (plugin(stage) / "wheels").symlink_to(wheels.folder)
    moments = random.Random(SEED)
    for number in range(rounds(3, 60)):
        stage.edit(1, title=f"Try {number}")
        stage.wait(lambda: bool(stage.workers()), "a worker")
        time.sleep(moments.uniform(0.0, 6.0))
        stage.kill_workers()
    arrives(stage, 2, "At last")
    assert errors(stage) == []
