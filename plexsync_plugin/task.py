"""Stash's Run Task button: the task's name -> one function. Its verdict is one line of the log and the reply."""

from collections.abc import Callable
from typing import Any

from plexsync_plugin.base import packages, stashlog
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PackagesMissing, PlexSyncError
from plexsync_plugin.base.paths import DataFolder

Reply = dict[str, object]
LINGER = 0.2  # seconds; Stash drops what it has not read when the process ends (facts/stash.md section 3)


def run(document: dict[str, Any]) -> Reply:
    name = str((document.get("args") or {}).get("task") or "")
    task = _TASKS.get(name)
    connection = document.get("server_connection")
    if task is None or not isinstance(connection, dict) or not connection.get("Dir"):
        return {"output": None, "error": f"PlexSync has no task {name!r}. It has: {', '.join(_TASKS)}."}
    try:
        sentence = task(document)
    except PlexSyncError as error:
        return _ended("error", str(error))
    except OSError as error:
        return _ended("error", f"PlexSync cannot use its folder: {error}.")
    return _ended("info", sentence)


def _ended(level: str, sentence: str) -> Reply:
    stashlog.write(level, sentence)
    Clock().sleep(LINGER)
    failed = level == "error"
    return {"output": None if failed else sentence, "error": sentence if failed else None}


def _process_queue(document: dict[str, Any]) -> str:
    _with_packages(document)
    from plexsync_plugin import follow  # noqa: PLC0415 - needs the packages

    return follow.run_order(document, task="Process Queue", order="")


def _sync_all(document: dict[str, Any]) -> str:
    _with_packages(document)
    from plexsync_plugin import follow  # noqa: PLC0415 - needs the packages

    return follow.run_order(document, task="Sync All Scenes", order="sync_all")


def _index(document: dict[str, Any]) -> str:
    _with_packages(document)
    from plexsync_plugin import index_task  # noqa: PLC0415 - needs the packages

    return index_task.run(document)


def _status(document: dict[str, Any]) -> str:
    from plexsync_plugin.jobs.report import read_report  # noqa: PLC0415 - the other tasks do without

    lines = read_report(_folder(document).state).lines()
    for line in lines[1:]:
        stashlog.write("info", line)
    return f"Status: {lines[0]}"


def _with_packages(document: dict[str, Any]) -> None:
    """Raises PackagesMissing."""
    folder, clock = _folder(document), Clock()
    try:
        packages.ensure(folder, clock, install=False)
    except PackagesMissing:
        stashlog.write(
            "info", "PlexSync installs the Python packages it needs; once, and it may take some minutes."
        )
        packages.ensure(folder, clock, install=True)


def _folder(document: dict[str, Any]) -> DataFolder:
    return DataFolder.of_stash(str(document["server_connection"]["Dir"]))


_TASKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "process_queue": _process_queue,
    "sync_all": _sync_all,
    "index": _index,
    "status": _status,
}
