"""The part of *Check Setup* about this machine: Python, packages, the data folder, the worker, the queue."""

import importlib.metadata
import os
import stat
import sys
from collections.abc import Iterator

from plexsync_plugin.answers.status import Status, status_lines
from plexsync_plugin.base import packages, pip
from plexsync_plugin.base.requirements import Requirement, requirements
from plexsync_plugin.base.spawn import ensure_worker
from plexsync_plugin.tasks.context import TaskContext
from plexsync_plugin.tasks.setup.line import Line, good, note, problem


def here_lines(context: TaskContext) -> Iterator[Line]:
    version = ".".join(str(number) for number in sys.version_info[:3])
    found = [f"{need.name} {importlib.metadata.version(need.name)}" for need in _there()]
    yield good(f"Python {version} ({sys.executable}) with {', '.join(found)}.")
    for need in requirements():
        if need not in _there():
            command = pip.arguments(packages.own_folder(context.folder), pictures=True)
            yield note(
                f"{need.name} is not there, so pictures are neither composed nor kept as WebP. To have them, run: "
                f"{pip.typed(command)}"
            )
    yield from _folder_lines(context.folder.root)


def _there() -> list[Requirement]:
    return [need for need in requirements() if need.met()]


def _folder_lines(root: str) -> Iterator[Line]:
    if os.access(root, os.W_OK | os.X_OK):
        yield good(f"The data folder is {root}.")
    else:
        yield problem(
            f"PlexSync may not write to its data folder {root}. Give that folder to the user that Stash runs as, "
            "or name another one in the environment variable PLEXSYNC_DATA."
        )
    if os.name == "posix":
        yield from trust_lines(root)


def trust_lines(root: str) -> Iterator[Line]:
    """Who else could read or replace what is in the data folder. No problem by itself: shares of a NAS look so."""
    status = os.stat(root)
    if status.st_uid not in (os.geteuid(), 0):
        yield note(
            f"The data folder belongs to another user (number {status.st_uid}), who may read and replace all that is in "
            f"it. If that user does not run Stash, run as root: chown -R {os.geteuid()} {root}"
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield note(f"Other users may write to the data folder. To stop that, run: chmod go-w {root}")
    links = [name for folder in ("", "queue", "log") for name in _links(root, folder)]
    if links:
        yield note(
            f"Symbolic links in the data folder: {', '.join(links)}. What PlexSync writes there goes where they lead."
        )


def _links(root: str, folder: str) -> list[str]:
    with os.scandir(os.path.join(root, folder)) as entries:
        return sorted(os.path.join(folder, entry.name) for entry in entries if entry.is_symlink())


def worker_lines(context: TaskContext, status: Status) -> Iterator[Line]:
    """Asks for a worker: the one way to know whether one runs that disturbs nobody. `status` is of the time before, so a file that a
    worker started here mends at once is told as it was found."""
    try:
        started = ensure_worker(context.folder, context.document)
    except OSError as error:
        yield problem(f"The worker cannot be started: {error}. See {context.folder.log}.")
    else:
        yield good("No worker was running; one has been started." if started else "The worker runs.")
    for line in status_lines(status, context.clock.now()):
        yield problem(line) if line in status.problems else note(line)
    if not (status.indexed_at or status.index_problem):
        yield note("Without an index each new scene is searched for in Plex. Run Index Plex Library once.")
