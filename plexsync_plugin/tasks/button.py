"""What happens when a task is run in Stash: its name leads to one function, whose verdict goes to the log and into
the reply."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from plexsync_plugin.base import packages, stashlog
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PackagesMissing, PlexSyncError
from plexsync_plugin.base.folder_owner import refusal
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.shown_text import one_line

Reply = dict[str, object]
Document = dict[str, Any]
LINGER = (
    0.2  # seconds; Stash drops what it has not read when the process ends (docs/facts/stash.md section 3)
)
RECENT_HOURS = 24.0


def run(document: Document) -> Reply:
    name = str((document.get("args") or {}).get("task") or "")
    task = _TASKS.get(name)
    connection = document.get("server_connection")
    if task is None or not isinstance(connection, dict) or not connection.get("Dir"):
        return {"output": None, "error": f"PlexSync has no task {name!r}. It has: {', '.join(_TASKS)}."}
    # What the worker's code logs is for its own file; without a handler Python would print it to Stash, unredacted.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        folder = _folder(document)
        folder.make()
        foreign = refusal(folder, str(connection["Dir"]))
        if foreign:
            return _ended("error", foreign)
        sentence = task(document)
    except PlexSyncError as error:
        return _ended("error", str(error))
    except OSError as error:
        return _ended("error", f"PlexSync cannot use its folder: {error}.")
    return _ended("info", sentence)


def _ended(level: str, told: str) -> Reply:
    sentence = one_line(told)  # Stash's log shows the reply too
    stashlog.write(level, sentence)
    Clock().sleep(LINGER)
    failed = level == "error"
    return {"output": None if failed else sentence, "error": sentence if failed else None}


def _order(
    task: str,
    order: str,
    arguments: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda _: {},
    *,
    about_queue: bool = False,
    brake: bool = False,
    works: bool = True,
) -> Callable[[Document], str]:
    """A task that gives an order to the worker and follows it.

    `arguments` makes the order's arguments from the task's.
    """

    def run_it(document: Document) -> str:
        _with_packages(document)
        from plexsync_plugin.tasks.follow_order import FollowedOrder, run_order  # noqa: PLC0415 - needs the packages

        args = document["args"]
        followed = FollowedOrder(
            task=task,
            order=order,
            ids=_scene(args),
            args=arguments(args),
            about_queue=about_queue,
            brake=brake,
            works=works,
        )
        return run_order(document, followed)

    return run_it


def _scene(args: Mapping[str, Any]) -> tuple[int, ...]:
    """The argument `scene` of a task for one scene alone, as a tuple of none or one.

    Defaults in PlexSync.yml arrive as text.
    """
    text = str(args.get("scene") or "")
    return (int(text),) if text.isdecimal() else ()


def _reason(args: Mapping[str, Any]) -> dict[str, Any]:
    reason = str(args.get("reason") or "")
    return {"reason": reason} if reason else {}


def _hours(args: Mapping[str, Any]) -> dict[str, Any]:
    return {"hours": _number(args, "hours") or RECENT_HOURS}


def _days_and_dry_run(args: Mapping[str, Any]) -> dict[str, Any]:
    days = _number(args, "days")
    found: dict[str, Any] = {"days": days} if days else {}
    if str(args.get("dry_run") or "").lower() in ("true", "1", "yes", "on"):
        found["dry_run"] = True
    return found


def _dry_run_or_not(args: Mapping[str, Any]) -> dict[str, Any]:
    """Whether only to list, where the argument says so; without it the order itself decides."""
    text = str(args.get("dry_run") or "").lower() if args.get("dry_run") is not False else "false"
    if not text:
        return {}
    return {"dry_run": text not in ("false", "0", "no", "off")}


def _force(args: Mapping[str, Any]) -> dict[str, Any]:
    """Forced, unless the argument says otherwise."""
    return {"force": str(args.get("force", True)).lower() not in ("false", "0", "no", "off")}


def _number(args: Mapping[str, Any], name: str) -> float:
    try:
        return max(float(args.get(name) or 0), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _preview(document: Document) -> str:
    _with_packages(document)
    from plexsync_plugin.tasks import preview  # noqa: PLC0415 - needs the packages

    return preview.run_task(document)


def _check_setup(document: Document) -> str:
    _with_packages(document)
    from plexsync_plugin.tasks.setup import check  # noqa: PLC0415 - needs the packages

    return check.run_task(document)


def _index(which: str) -> Callable[[Document], str]:
    """A task that runs the indexer; `which` names an `IndexTask` of tasks/index.py."""

    def run_it(document: Document) -> str:
        _with_packages(document)

        from plexsync_plugin.tasks import index  # noqa: PLC0415 - needs the packages

        return index.run(document, getattr(index, which))

    return run_it


def _status(document: Document) -> str:
    from plexsync_plugin.answers.status import read_status, status_lines  # noqa: PLC0415 - the others do without

    lines = status_lines(read_status(_folder(document)), Clock().now())
    for line in lines[1:]:
        stashlog.write("info", line)
    return f"Status: {lines[0]}"


def _with_packages(document: Document) -> None:
    """Raises PackagesMissing."""
    folder, clock = _folder(document), Clock()
    try:
        packages.ensure(folder, clock, install=False)
    except PackagesMissing:
        stashlog.write(
            "info", "PlexSync installs the Python packages it needs; once, and it may take some minutes."
        )
        packages.ensure(folder, clock, install=True, asked=True)


def _folder(document: Document) -> DataFolder:
    return DataFolder.of_stash(str(document["server_connection"]["Dir"]))


_TASKS: dict[str, Callable[[Document], str]] = {
    "process_queue": _order("Process Queue", ""),
    "sync_all": _order("Sync All Scenes", "sync_all", _force),
    "sync_recent": _order("Sync Recent Scenes", "sync_recent", _hours),
    "reconcile": _order("Reconcile", "reconcile", _days_and_dry_run),
    "preview": _preview,
    "retry_failed": _order("Retry Failed", "retry_failed", _reason, about_queue=True),
    "clear_failed": _order("Clear Failed", "clear_failed", _reason, about_queue=True, works=False),
    "clear_queue": _order("Clear Queue", "clear_queue", about_queue=True, works=False),
    "undo": _order("Undo", "undo", brake=True),
    "import_plays": _order("Import Plex Plays", "import_plays", _dry_run_or_not),
    "index": _index("INDEX"),
    "rebuild_index": _index("REBUILD"),
    "index_without_images": _index("WITHOUT_IMAGES"),
    "status": _status,
    "check_setup": _check_setup,
}
