"""The one file that a person can attach to a report of a bug: what the machine is, how things stand, what was logged.

It holds no secrets, and no paths, titles or addresses: a reader can tell that two are the same, and not what they are. What
cannot be read is said in its place, because a report is made when something is broken. Needs no packages.
"""

import os
import platform
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from plexsync_plugin.answers.status import read_status, status_lines
from plexsync_plugin.base import packages
from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.obscure import obscured
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.private_file import open_private
from plexsync_plugin.base.requirements import found_version, requirements
from plexsync_plugin.base.spawn import PLUGIN_FOLDER
from plexsync_plugin.base.version import read_version
from plexsync_plugin.jobs.sizes import table_sizes

LOG_LINES = 400
LETTERS = 50
# Whose values say nothing of a person, as no switch or number does; of the others it is told whether they are set.
_PLAIN = re.compile(
    r"(?:skip_|only_|.*_interval$|.*_timeout$|.*_back$|max_retries$|enabled$|strict_|preserve_|scan_|perf|portrait)"
)


def write_report(
    folder: DataFolder, settings: Callable[[], Mapping[str, Any]], stash: Callable[[], str], now: float
) -> str:
    """Its path. `settings` and `stash` (its version) are asked of Stash, which may be away. Raises OSError."""
    path = folder.path("bug-report.txt")
    with open_private(path, "w") as file:
        file.writelines(f"{line}\n" for line in _lines(folder, settings, stash, now))
    return path


def _lines(
    folder: DataFolder, settings: Callable[[], Mapping[str, Any]], stash: Callable[[], str], now: float
) -> Iterator[str]:
    hide = Redaction().text
    parts: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("versions", lambda: _versions(stash)),
        ("settings", lambda: _settings(settings())),
        ("how things stand", lambda: iter(status_lines(read_status(folder, letters=3), now))),
        ("failed", lambda: _letters(folder)),
        ("tables", lambda: (f"{name}: {size}" for name, size in table_sizes(folder.state).items())),
        ("files", lambda: _files(folder)),
        ("worker.log", lambda: _tail(folder.log)),
        ("pip.log", lambda: _tail(folder.path("log", "pip.log"))),
    )
    yield f"PlexSync bug report, {utc_text(now)}"
    for title, part in parts:
        yield f"\n== {title} =="
        try:
            found = list(part())
        except (PlexSyncError, OSError, sqlite3.Error) as error:
            found = [f"cannot be read: {error}"]
        yield from (obscured(hide(line)) for line in found or ["(nothing)"])


def _versions(stash: Callable[[], str]) -> Iterator[str]:
    yield f"PlexSync {read_version(PLUGIN_FOLDER) or 'of an unknown version'}"
    yield f"Python {sys.version.split()[0]} {packages.platform_tag()}, SQLite {sqlite3.sqlite_version}"
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    yield ", ".join(f"{need.name} {found_version(need.name) or '(not there)'}" for need in requirements())
    yield f"Stash {stash()}"


def _settings(stored: Mapping[str, Any]) -> Iterator[str]:
    for name, value in sorted(stored.items()):
        plain = isinstance(value, bool | int | float) or _PLAIN.match(name)
        yield f"{name} = {value!r}" if plain else f"{name} is {'set' if value else 'empty'}"


def _letters(folder: DataFolder) -> Iterator[str]:
    report = read_status(folder, letters=LETTERS).report
    if report.problem:
        yield report.problem
    for reason, number in report.reasons:
        yield f"{reason}: {number}"
    for letter in report.dead_letters:
        yield f"scene {letter['scene_id']}, {letter['reason']}, attempts {letter['attempts']}: {letter['message']}"


def _files(folder: DataFolder) -> Iterator[str]:
    """The data folder: each file, of packages and pictures how many. Relative, so that they are told apart."""
    for top, folders, names in os.walk(folder.root):
        inside = os.path.relpath(top, folder.root)
        if inside in ("packages", "assets"):
            yield f"{inside}: {sum(len(found) for _, _, found in os.walk(top))} files"
            folders.clear()
            continue
        for name in sorted(names):
            status = os.stat(os.path.join(top, name))
            shown = os.path.normpath(os.path.join(inside, name)).replace(os.sep, " > ")
            yield f"{shown}: {status.st_size} bytes, mode {status.st_mode & 0o777:o}, {utc_text(status.st_mtime)}"


def _tail(path: str) -> Iterator[str]:
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()[-LOG_LINES:]
    yield from lines
