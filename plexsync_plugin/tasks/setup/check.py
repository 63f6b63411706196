"""*Check Setup*: looks at everything that must fit together and says, for each thing that does not, how to mend it."""

from collections.abc import Callable, Iterator
from typing import Any

from plexsync_plugin.answers.status import read_status
from plexsync_plugin.base import stashlog
from plexsync_plugin.base.errors import DatabaseError, PlexSyncError, SettingsError
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.words import count
from plexsync_plugin.stash.defaults import write_defaults
from plexsync_plugin.tasks.context import TaskContext, task_context
from plexsync_plugin.tasks.setup.check_here import here_lines, worker_lines
from plexsync_plugin.tasks.setup.check_neighbours import neighbour_lines
from plexsync_plugin.tasks.setup.check_plex import plex_lines
from plexsync_plugin.tasks.setup.line import Line, good, note, problem

TASK = "Check Setup"
OLDEST_STASH = (0, 27)


def run_task(document: dict[str, Any]) -> str:
    lines = []
    for line in check(task_context(document)):
        stashlog.write("warning" if line.level == "problem" else "info", line.text)
        lines.append(line)
    return f"{TASK}: {verdict(lines)}"


def verdict(lines: list[Line]) -> str:
    problems = sum(line.level == "problem" for line in lines)
    if not problems:
        return "all is well."
    return f"{count(problems, 'problem')} found; each is named with what to do in the lines that begin with Problem."


def check(context: TaskContext) -> Iterator[Line]:
    """Line by line, as they are found: an answer that is slow to come does not hold up the others."""
    yield from here_lines(context)
    settings: Settings | None = None
    try:
        yield from _stash_lines(context)
        yield from neighbour_lines(context)
        yield from _default_lines(context)
        settings = context.settings()
    except SettingsError as error:
        yield problem(str(error))
    except PlexSyncError as error:
        yield problem(f"{error} Start Stash, or mend the address or the API key that PlexSync was given.")
        return
    status = read_status(context.folder)
    if settings is not None:
        yield from settings_lines(settings)
        try:
            yield from plex_lines(context, settings, remembers=not status.report.problem)
        except DatabaseError as error:  # the rest is worth being told
            yield problem(str(error))
    yield from worker_lines(context, status)


def _stash_lines(context: TaskContext) -> Iterator[Line]:
    version = context.stash.version_text()
    numbers = tuple(
        int(part) for part in version.lstrip("v").split("-")[0].split(".")[:2] if part.isdecimal()
    )
    if numbers and numbers < OLDEST_STASH:
        yield problem(f"Stash is {version}; PlexSync needs v0.27 or newer. Update Stash.")
    else:
        yield good(f"Stash answers, {version}, with {count(context.stash.scene_count(), 'scene')}.")


def _default_lines(context: TaskContext) -> Iterator[Line]:
    filled = write_defaults(context.stash)
    if filled:
        yield note(
            f"Filled in with their defaults, so that the settings page shows them: {', '.join(sorted(filled))}."
        )


def settings_lines(settings: Settings) -> Iterator[Line]:
    """What is in force: what differs from its default by name, the rest together. No secret."""
    other, same = [], []
    for name, information in Settings.model_fields.items():
        value = getattr(settings, name)
        if information.is_required() or value != information.default:
            other.append(f"{name} = {shown(name, value)}")
        else:
            same.append(name)
    yield note(f"Settings in force: {', '.join(other)}.")
    if same:
        yield note(f"At their defaults: {', '.join(same)}.")
    if not settings.enabled:
        yield problem("PlexSync is switched off, so edits wait. Switch the setting enabled on.")


_SHOW: dict[str, Callable[[Any], str]] = {
    "plex_token": lambda _: "(set, not shown)",
    "path_map": lambda rules: "; ".join(f"{rule.stash} => {rule.plex}" for rule in rules),
    "collections": lambda rules: ", ".join(
        rule.source + (f":{rule.name}" if rule.name else "") + (f"={rule.prefix}" if rule.prefix else "")
        for rule in rules
    ),
    "include_paths": "; ".join,
    "exclude_paths": "; ".join,
}


def shown(name: str, value: Any) -> str:
    """A setting as it would be typed; a secret never."""
    if name in _SHOW:
        return _SHOW[name](value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
