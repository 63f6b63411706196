"""Find or install the runtime packages of requirements.txt (docs/architecture.md, "Packages"). Never inside a hook.

In order: importable within the bounds; PythonDepManager's; our own folder below the data folder; pip into that folder,
one installer at a time, put in place by one rename. What cannot be had is one sentence with the command to run.
"""

import contextlib
import importlib
import importlib.metadata
import logging
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PackagesMissing
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder, make_shared
from plexsync_plugin.base.spawn import PLUGIN_FOLDER

OPTIONAL = ("Pillow",)  # artwork only; no wheel for armv7, and no compiler in Stash's image
IMPORT_NAMES = {"persist-queue": "persistqueue", "stashapp-tools": "stashapi", "python-dotenv": "dotenv"}
INSTALL_PATIENCE = 1_200.0  # seconds for pip, and for another process's pip

_LINE = re.compile(r"^([A-Za-z0-9._-]+)\s*([<>=!~,.0-9\s]*)$")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    name: str
    bounds: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def text(self) -> str:
        return self.name + ",".join(sign + ".".join(map(str, version)) for sign, version in self.bounds)

    def met(self) -> bool:
        try:
            version = _numbers(str(importlib.metadata.version(self.name)))
        except importlib.metadata.PackageNotFoundError:
            return False
        return all(_within(version, sign, bound) for sign, bound in self.bounds)


def requirements(path: str = os.path.join(PLUGIN_FOLDER, "requirements.txt")) -> list[Requirement]:
    with open(path, encoding="utf-8") as file:
        return list(_parsed(file))


def _parsed(lines: Iterator[str]) -> Iterator[Requirement]:
    for line in lines:
        found = _LINE.match(line.partition("#")[0].strip())
        if found:
            bounds = re.findall(r"(>=|<)\s*([0-9.]+)", found.group(2))
            yield Requirement(
                name=found.group(1), bounds=tuple((sign, _numbers(text)) for sign, text in bounds)
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", re.split(r"[a-z+]", version)[0]))


def _within(version: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    return version >= bound if sign == ">=" else version < bound


def ensure(folder: DataFolder, clock: Clock, *, install: bool) -> None:
    """Make the packages importable. `install` allows pip. Raises PackagesMissing with the command to run."""
    if not _missing():
        return
    own = own_folder(folder)
    for attempt in (_from_dep_manager, lambda: _use(own)):
        attempt()
        if not _missing():
            return
    if install:
        _install(folder, own, clock)
        _use(own)
    missing = _missing()
    if missing:
        raise PackagesMissing(
            f"PlexSync needs Python packages that are not there: {', '.join(need.name for need in missing)}. "
            f"Install them with: {sys.executable} -m pip install --target {own} -r "
            f"{os.path.join(PLUGIN_FOLDER, 'requirements.txt')}"
        )


def own_folder(folder: DataFolder) -> str:
    """Where PlexSync puts packages of its own."""
    return os.path.join(folder.packages, platform_tag())


def platform_tag() -> str:
    """Names this Python on this platform: packages with compiled parts fit no other. SOABI tells musl from glibc."""
    soabi = sysconfig.get_config_var("SOABI")
    return str(soabi or f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}")


def _missing() -> list[Requirement]:
    importlib.invalidate_caches()
    return [need for need in requirements() if need.name not in OPTIONAL and not need.met()]


def _use(path: str) -> None:
    if os.path.isdir(path) and path not in sys.path:
        sys.path.insert(0, path)  # before what the system has: Debian 12 ships pydantic 1


def _from_dep_manager() -> None:
    """Ask the community plugin PythonDepManager for the packages, where it is installed beside this plugin."""
    try:
        manager = importlib.import_module("PythonDepManager")
    except ImportError:
        return
    specs = [
        f"{IMPORT_NAMES.get(need.name, need.name.lower())}:{need.text}"
        for need in requirements()
        if need.name not in OPTIONAL
    ]
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is for the reply alone
            manager.ensure_import(*specs)
    except Exception as error:  # noqa: BLE001 - another plugin's code; it raises plain Exception, for one without git
        _log.warning("PythonDepManager cannot provide the packages: %s", error)


def _install(folder: DataFolder, target: str, clock: Clock) -> None:
    folder.make()
    lock = FileLock(folder.install_lock)
    deadline = clock.monotonic() + INSTALL_PATIENCE
    while not lock.try_acquire():
        if clock.monotonic() > deadline:
            return
        clock.sleep(1.0)
    try:
        _use(target)
        if _missing():
            _run_pip(target)
    finally:
        lock.release()


def _run_pip(target: str) -> None:
    """Install into a folder beside the final one, then put it in that one's place as a whole.

    Raises PackagesMissing.
    """
    try:
        make_shared(os.path.dirname(target))
        # Its own name each time: a killed installer's pip may still be writing into an earlier one.
        fresh = tempfile.mkdtemp(prefix="installing-", dir=os.path.dirname(target))
        try:
            _fill(fresh, target)
            _swap(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise PackagesMissing(
            f"PlexSync cannot install its Python packages into {target}: {error}."
        ) from error
    sys.path[:] = [path for path in sys.path if path != target]


def _fill(fresh: str, target: str) -> None:
    needed = [need.text for need in requirements() if need.name not in OPTIONAL]
    result = _pip(fresh, needed)
    if result.returncode != 0:
        raise PackagesMissing(_pip_sentence(result.stdout, target, needed))
    optional = [need.text for need in requirements() if need.name in OPTIONAL]
    if _pip(fresh, optional).returncode != 0:
        _log.warning("optional packages not installed: %s", ", ".join(optional))


def _swap(fresh: str, target: str) -> None:
    old = f"{target}.old"
    shutil.rmtree(old, ignore_errors=True)
    if os.path.isdir(target):
        os.replace(target, old)
    os.chmod(fresh, 0o755)  # mkdtemp makes it private; a Stash of another user may come
    os.replace(fresh, target)
    shutil.rmtree(old, ignore_errors=True)


def _pip(target: str, specs: list[str]) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--upgrade",
    ]
    command += ["--target", target, *specs]
    _log.info("running %s", " ".join(command))
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=INSTALL_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(command, 1, stdout=str(error), stderr="")
    _log.info("pip ended with %d: %s", result.returncode, result.stdout[-2000:])
    return result


def _pip_sentence(output: str, target: str, specs: list[str]) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR") or "No module named pip" in line]
    reason = (errors or lines or ["pip said nothing"])[-1]
    return (
        f"PlexSync cannot install its Python packages: {reason} "
        f"Install them with: {sys.executable} -m pip install --target {target} {' '.join(specs)}"
    )
