"""Provide the packages where they are missing: one installer at a time, at most once an hour by itself, put in place whole.

PythonDepManager is asked first, where it is installed; then pip fills a folder of our own beside the final one. Only what
a process of its own could import takes the final one's place. Standard library alone.
"""

import contextlib
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from plexsync_plugin.base import dep_manager, pip
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.proof import flaw
from plexsync_plugin.base.requirements import OPTIONAL, needed, requirements

BY_ITSELF_EVERY = 3_600.0  # seconds between two attempts that nobody asked for
OTHERS_PATIENCE = 1_800.0  # for another process that installs
PIP_LOG_SIZE = 500_000  # bytes, then it begins anew

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`own`: the folder of our packages for this Python and platform. Beside it lies what is remembered of it."""

    own: str

    @property
    def attempt(self) -> str:
        return f"{self.own}.attempt.json"

    @property
    def memory(self) -> str:
        return f"{self.own}.dep_manager.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`at` in epoch seconds; `problem` is "" where it went well."""

    at: float
    problem: str


def last_attempt(place: Place) -> Attempt | None:
    try:
        with open(place.attempt, encoding="utf-8") as file:
            found = json.load(file)
        return Attempt(at=float(found["at"]), problem=str(found["problem"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def provide(folder: DataFolder, place: Place, clock: Clock, *, asked: bool, anew: bool = False) -> str:
    """What is in the way, "" for nothing. `asked`: by a person, who need not wait for the hour; `anew`: what is there does not
    work. Raises OSError."""
    folder.make()
    began = clock.now()
    with _only_installer(folder, clock) as alone:
        if not alone:
            return "another process has been installing them for half an hour"
        last = last_attempt(place)
        if last is not None and _stands(last, began, clock.now(), asked=asked):
            return last.problem or ("they were installed less than an hour ago" if anew else "")
        problem = _attempt(folder, place, anew=anew)
        _note(place, Attempt(at=clock.now(), problem=problem))
        return problem


@contextlib.contextmanager
def _only_installer(folder: DataFolder, clock: Clock) -> Iterator[bool]:
    """False where another one has not ended in time."""
    lock = FileLock(folder.install_lock)
    deadline = clock.monotonic() + OTHERS_PATIENCE
    while not lock.try_acquire():
        if clock.monotonic() > deadline:
            yield False
            return
        clock.sleep(1.0)
    try:
        yield True
    finally:
        lock.release()


def _stands(last: Attempt, began: float, now: float, *, asked: bool) -> bool:
    """An attempt that ended while we waited for its lock is ours too. A clock that was set back makes no one wait."""
    age = now - last.at
    return last.at >= began or (not asked and 0 <= age < BY_ITSELF_EVERY)


def _attempt(folder: DataFolder, place: Place, *, anew: bool) -> str:
    parent = os.path.dirname(place.own)
    os.makedirs(parent, exist_ok=True)
    os.chmod(parent, 0o755)
    log_path = folder.path("log", "pip.log")
    with contextlib.suppress(OSError):
        if os.path.getsize(log_path) > PIP_LOG_SIZE:
            os.remove(log_path)
    if anew:
        with contextlib.suppress(FileNotFoundError):
            os.remove(place.memory)
    theirs = not anew and bool(dep_manager.ask(place.memory))
    _clear_up(parent)
    # Its own name each time: the pip of a killed installer may still be writing into an earlier one.
    fresh = tempfile.mkdtemp(prefix="installing-", dir=parent)
    try:
        problem = "" if theirs else pip.fill(fresh, log_path) or flaw(needed(), [fresh, *sys.path])
        if problem:
            return f"{problem}. All that pip said is in {log_path}"
        _add_pictures(
            fresh, log_path
        )  # PythonDepManager is not asked for them: without them nothing is missing
        _swap(fresh, place.own)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return ""


def _add_pictures(fresh: str, log_path: str) -> None:
    """Pillow apart from the rest: it may be missing for this machine, or bring down its Python (musl before 1.2.4)."""
    optional = [need for need in requirements() if need.name in OPTIONAL]
    extra = tempfile.mkdtemp(prefix="installing-", dir=os.path.dirname(fresh))
    try:
        problem = pip.fill(extra, log_path, pictures=True) or flaw(optional, [extra, fresh, *sys.path])
        if problem:
            _log.warning("no pictures, Pillow cannot be had: %s", problem)
            return
        for name in os.listdir(extra):
            if not os.path.exists(os.path.join(fresh, name)):
                os.replace(os.path.join(extra, name), os.path.join(fresh, name))
    finally:
        shutil.rmtree(extra, ignore_errors=True)


def _clear_up(parent: str) -> None:
    """What installers left behind that were killed: we hold the lock, so none is at work."""
    for name in os.listdir(parent):
        if name.startswith("installing-"):
            shutil.rmtree(os.path.join(parent, name), ignore_errors=True)


def _swap(fresh: str, target: str) -> None:
    old = f"{target}.old"
    shutil.rmtree(old, ignore_errors=True)
    if os.path.isdir(target):
        os.replace(target, old)
    os.chmod(fresh, 0o755)  # mkdtemp makes it private; a Stash of another user may come
    os.replace(fresh, target)
    shutil.rmtree(old, ignore_errors=True)


def _note(place: Place, attempt: Attempt) -> None:
    fresh = f"{place.attempt}.new"
    with open(fresh, "w", encoding="utf-8") as file:
        json.dump({"at": attempt.at, "problem": attempt.problem}, file)
    os.replace(fresh, place.attempt)
