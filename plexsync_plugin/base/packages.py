"""Make the runtime packages of requirements.txt importable (docs/architecture.md, "Packages"). Never inside a hook.

In order: our own folder below the data folder; what this Python finds within the bounds; what PythonDepManager was seen to
have; and, where that is allowed, what installing.py can provide. What cannot be had is one sentence with the command to run.
"""

import os
import sys
import sysconfig
from collections.abc import Sequence

from plexsync_plugin.base import dep_manager, pip
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PackagesMissing
from plexsync_plugin.base.installing import Place, provide
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.requirements import missing


def ensure(folder: DataFolder, clock: Clock, *, install: bool, asked: bool = False) -> None:
    """Make the packages importable. `install` allows pip: at most once an hour, unless a person `asked` for it now. Raises
    PackagesMissing with the command to run."""
    place = _place(folder)
    _use(place)
    if not missing():
        return
    problem = _provided(folder, place, clock, asked=asked) if install else ""
    absent = missing()
    if absent:
        why = f" They could not be installed: {problem}." if problem else ""
        raise PackagesMissing(
            f"PlexSync needs Python packages that are not there: {', '.join(need.name for need in absent)}.{why} "
            f"Install them with: {pip.typed(pip.arguments(place.own))}"
        )


def enter(folder: DataFolder) -> None:
    """Make importable what is there, for who does without the rest."""
    _use(_place(folder))


def repair(folder: DataFolder, clock: Clock) -> None:
    """Install our own anew, because what is there cannot be imported; at most once an hour. The process has halves of packages
    loaded by then and starts itself anew. Raises PackagesMissing."""
    place = _place(folder)
    problem = _provided(folder, place, clock, asked=False, anew=True)
    if problem:
        raise PackagesMissing(
            f"PlexSync's Python packages cannot be used, and could not be installed anew: {problem}. "
            f"Install them with: {pip.typed(pip.arguments(place.own))}"
        )


def own_folder(folder: DataFolder) -> str:
    """Where PlexSync puts packages of its own."""
    return os.path.join(folder.packages, platform_tag())


def platform_tag() -> str:
    """Names this Python on this platform: packages with compiled parts fit no other. SOABI tells musl from glibc."""
    soabi = sysconfig.get_config_var("SOABI")
    return str(soabi or f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}")


def _place(folder: DataFolder) -> Place:
    return Place(own=own_folder(folder))


def _provided(folder: DataFolder, place: Place, clock: Clock, *, asked: bool, anew: bool = False) -> str:
    try:
        problem = provide(folder, place, clock, asked=asked, anew=anew)
    except OSError as error:
        problem = f"the folder {os.path.dirname(place.own)} cannot be used ({error})"
    _use(place)
    return problem


def _use(place: Place) -> None:
    """Our own first, before what the system has: Debian 12 ships pydantic 1. A folder that was just filled is entered anew,
    because what the import system knows of it is old."""
    ours = [place.own] if os.path.isdir(place.own) else []
    _put_first(ours)
    if missing():
        _put_first([*ours, *dep_manager.remembered(place.memory)])


def _put_first(folders: Sequence[str]) -> None:
    sys.path[:] = [*folders, *(path for path in sys.path if path not in folders)]
