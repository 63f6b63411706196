"""The commands of `python -m plexsync_plugin`: each gives a document (for --json), lines for a person, an exit code.

Packages are looked for only by the commands that need them, Stash is asked only where it must be.
"""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from plexsync_plugin.answers.advice import advice
from plexsync_plugin.answers.bug_report import write_report
from plexsync_plugin.answers.explain import explain, explain_lines
from plexsync_plugin.answers.status import letter_line, read_status, status_lines
from plexsync_plugin.base import packages
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import PlexSyncError, SettingsError, StashUnauthorized, StashUnavailable
from plexsync_plugin.base.folder_owner import told_another
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.spawn import PLUGIN_FOLDER, ensure_worker
from plexsync_plugin.base.words import count
from plexsync_plugin.jobs.progress import Progress, read_progress
from plexsync_plugin.jobs.ticket import give_choice, give_order
from plexsync_plugin.stash.connection import PLUGIN_ID, StashConnection
from plexsync_plugin.stash.plain_query import DEFAULT_URL, ask, connection_from, lacking_scenes

DONE, FOUND, STORED = 0, 5, 6
VERSION = "{version{version}}"
PLUGIN_SETTINGS = '{configuration{plugins(include:["PlexSync"])}}'
CONFIG_PATH = "{systemStatus{configPath}}"
CARRIED_OUT_WITHIN = 20.0  # seconds that a command waits for the worker; the order goes on without it
TAKEN_WITHIN = 2.0  # by a worker that runs already, where Stash cannot be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """Where the command works: the data folder, and how Stash would be reached."""

    folder: DataFolder
    stash: StashConnection
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    document: Any
    lines: Iterator[str] | list[str]
    code: int = DONE


def command_context(environ: Mapping[str, str], clock: Clock) -> CommandContext:
    """Raises SettingsError where the data folder cannot be told."""
    stash = connection_from(environ.get("STASH_URL") or DEFAULT_URL, environ.get("STASH_API_KEY", ""), "")
    config = _config_folder(environ, stash)
    folder = DataFolder.of_stash(config)
    folder.make()
    known = replace(stash, folder=config or folder.root)
    return CommandContext(folder=folder, stash=known, clock=clock)


def _config_folder(environ: Mapping[str, str], stash: StashConnection) -> str:
    """Stash's configuration folder: not asked for where PLEXSYNC_DATA says it all, else the one above the plugin."""
    if environ.get("PLEXSYNC_DATA"):
        return ""
    folder = PLUGIN_FOLDER
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        if os.path.isfile(os.path.join(folder, "config.yml")):
            return folder
    why = "Stash does not name a folder that is on this machine. "
    try:
        status = ask(stash, CONFIG_PATH)["systemStatus"]
    except PlexSyncError as error:
        status, why = None, f"{error} "
    found = os.path.dirname(str(status["configPath"])) if isinstance(status, dict) else ""
    if not found or not os.path.isdir(found):
        raise SettingsError(
            "PLEXSYNC_DATA",
            f"PlexSync's data folder is not known, as this is not below Stash's plugins folder. {why}Else the "
            "environment variable PLEXSYNC_DATA says where it is: the folder plexsync in Stash's configuration folder.",
        )
    return found


# --- reading ------------------------------------------------------------------------------------------------------


def status(context: CommandContext, _: Namespace) -> Answer:
    found = read_status(context.folder)
    blocked = any(notice.blocking for notice in found.report.notices)
    wrong = found.report.dead or blocked or found.problems
    lines = status_lines(found, context.clock.now())
    return Answer(document=found.document(), lines=lines, code=FOUND if wrong else DONE)


def failed(context: CommandContext, _: Namespace) -> Answer:
    report = read_status(context.folder, letters=-1).report
    lines = [report.problem] if report.problem else []
    for reason, number in report.reasons:
        lines.append(f"{reason} ({number}): {advice(reason)}")
        lines += [f"  {letter_line(letter)}" for letter in report.dead_letters if letter["reason"] == reason]
    document = [{**letter, "advice": advice(letter["reason"])} for letter in report.dead_letters]
    return Answer(
        document=document,
        lines=lines or ["No scene has failed."],
        code=FOUND if report.dead_letters or report.problem else DONE,
    )


def explain_scene(context: CommandContext, options: Namespace) -> Answer:
    found = explain(context.folder.state, options.scene)
    found["stash"] = _in_stash(context, options.scene)
    code = FOUND if "problem" in found else DONE
    return Answer(document=found, lines=explain_lines(found, context.clock.now()), code=code)


def _in_stash(context: CommandContext, scene: int) -> dict[str, Any]:
    """What Stash says of the scene now; a sentence where it cannot be asked, or has no such scene."""
    try:
        ask(context.stash, VERSION)
        packages.ensure(context.folder, context.clock, install=False)
        from plexsync_plugin.answers.scene_in_stash import look_up  # noqa: PLC0415 - needs the packages

        return look_up(context.stash, scene)
    except PlexSyncError as error:
        return {"problem": f"Stash was not asked: {error}"}


def preview(context: CommandContext, _: Namespace) -> Answer:
    from plexsync_plugin.tasks import preview as previewing  # noqa: PLC0415 - needs the packages

    found = previewing.preview_all(_task_context(context))
    lines = [*found.lines(), previewing.summary(found.counts)]
    return Answer(document=found.document(), lines=lines)


def check(context: CommandContext, _: Namespace) -> Answer:
    from plexsync_plugin.tasks.setup import check as checking  # noqa: PLC0415 - needs the packages

    lines = list(checking.check(_task_context(context)))
    problems = any(line.level == "problem" for line in lines)
    texts = [*(line.text for line in lines), f"Check Setup: {checking.verdict(lines)}"]
    return Answer(document=[asdict(line) for line in lines], lines=texts, code=FOUND if problems else DONE)


def _task_context(context: CommandContext) -> Any:
    from plexsync_plugin.stash.client import StashClient  # noqa: PLC0415
    from plexsync_plugin.tasks.context import TaskContext  # noqa: PLC0415 - needs the packages

    _ask_whose(context)  # where it cannot be asked, this says what to do in a shell
    document = context.stash.document()
    return TaskContext(
        folder=context.folder, document=document, stash=StashClient(context.stash), clock=context.clock
    )


def bug_report(context: CommandContext, _: Namespace) -> Answer:
    def settings() -> Mapping[str, Any]:
        found = ask(context.stash, PLUGIN_SETTINGS)["configuration"]
        plugins = found.get("plugins") if isinstance(found, dict) else None
        return (plugins or {}).get(PLUGIN_ID) or {}

    def stash_version() -> str:
        try:
            found = ask(context.stash, VERSION)["version"]
            return str(found["version"]) if isinstance(found, dict) else "tells no version"
        except PlexSyncError as error:
            return f"cannot be asked: {error}"

    path = write_report(context.folder, settings, stash_version, context.clock.now())
    lines = [
        f"Written: {path}",
        "It holds no token, key, path, title or address. Read it before you attach it.",
    ]
    return Answer(document={"path": path}, lines=lines)


# --- orders -------------------------------------------------------------------------------------------------------


def wake(context: CommandContext, _: Namespace) -> Answer:
    _ask_whose(context)  # without Stash a worker would leave again
    started = ensure_worker(context.folder, context.stash.document())
    line = "A worker was started." if started else "A worker runs already."
    return Answer(document={"started": started}, lines=[line])


def retry(context: CommandContext, options: Namespace) -> Answer:
    args = {"reason": options.reason} if options.reason else {}
    return _order(context, "retry_failed", options.scene, args)


def undo(context: CommandContext, options: Namespace) -> Answer:
    return _order(context, "undo", options.scene, {})


def choose(context: CommandContext, options: Namespace) -> Answer:
    """Without an item the choice is taken back."""
    hindrance = _hindrance(context)
    ticket = give_choice(context.folder, context.clock, options.scene, options.item or 0, file=options.file)
    return _follow(context, ticket, hindrance)


def sync(context: CommandContext, options: Namespace) -> Answer:
    """Some scenes, or all of them."""
    args = {"force": bool(options.force)}
    if not options.scenes:
        return _give(context, "sync_all", [], args)
    hindrance = _hindrance(context)
    lacking = [] if hindrance else _lacking(context, options.scenes)
    # One that was synced before it was deleted in Stash is carried out too: its item may be undone.
    wanted = [number for number in options.scenes if number not in lacking or _is_known(context, number)]
    if not lacking:
        return _put_in(context, hindrance, "sync_scenes", wanted, args)
    said = f"Stash has no {'scene' if len(lacking) == 1 else 'scenes'} {', '.join(map(str, lacking))}."
    if not wanted:
        document = {"carried_out": False, "message": said, "lacking": lacking}
        return Answer(document=document, lines=[said], code=FOUND)
    given = _put_in(context, hindrance, "sync_scenes", wanted, args)
    document = {**given.document, "message": f"{given.document['message']} {said}", "lacking": lacking}
    return Answer(document=document, lines=[*given.lines, said], code=FOUND)


def _lacking(context: CommandContext, scenes: Sequence[int]) -> list[int]:
    try:
        return lacking_scenes(context.stash, scenes)
    except (
        StashUnavailable
    ):  # it answered a moment ago: a number too large for it, say, which the worker deals with
        return []


def _is_known(context: CommandContext, scene: int) -> bool:
    found = explain(context.folder.state, scene)
    return bool(found["job"] or found["files"] or found["items"])


def _order(context: CommandContext, name: str, scene: int | None, args: Mapping[str, Any]) -> Answer:
    return _give(context, name, [] if scene is None else [scene], args)


def _give(context: CommandContext, name: str, scenes: Sequence[int], args: Mapping[str, Any]) -> Answer:
    return _put_in(context, _hindrance(context), name, scenes, args)


def _put_in(
    context: CommandContext, hindrance: str, name: str, scenes: Sequence[int], args: Mapping[str, Any]
) -> Answer:
    """`hindrance`: why Stash cannot be asked; "" where it can."""
    ticket = give_order(context.folder, name, context.clock, ids=list(scenes), args=args)
    return _follow(context, ticket, hindrance)


def _hindrance(context: CommandContext) -> str:
    """Why Stash cannot be asked; "" where it can. Raises SettingsError where it is another's data folder."""
    try:
        _ask_whose(context)
    except (StashUnavailable, StashUnauthorized) as error:
        return str(error)
    return ""


def _ask_whose(context: CommandContext) -> None:
    """Raises SettingsError where the data folder is another Stash's, StashUnavailable and StashUnauthorized."""
    ask(context.stash, VERSION)
    foreign = told_another(context.folder, os.path.dirname(context.stash.known.config_path))
    if foreign:
        raise SettingsError("STASH_URL", foreign)


def _follow(context: CommandContext, ticket: str, hindrance: str) -> Answer:
    if not hindrance:
        ensure_worker(context.folder, context.stash.document())
    progress = _wait(context, ticket, TAKEN_WITHIN if hindrance else CARRIED_OUT_WITHIN)
    if progress.taken:
        in_line = f"Put in line: {count(progress.total + progress.left, 'scene')}."
        said = progress.refused or progress.message or in_line
        code = FOUND if progress.refused else DONE
        return Answer(document={"carried_out": True, "message": said}, lines=[said], code=code)
    why = hindrance or progress.blocked or "The worker has not come to it yet."
    said = f"The order is stored, and carried out when a worker can. {why}"
    return Answer(document={"carried_out": False, "message": said}, lines=[said], code=STORED)


def _wait(context: CommandContext, ticket: str, seconds: float) -> Progress:
    until = context.clock.monotonic() + seconds
    while True:
        progress = read_progress(context.folder, ticket, context.clock.now())
        if progress.taken or progress.refused or context.clock.monotonic() > until:
            return progress
        context.clock.sleep(0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`needs_packages`: beyond the standard library."""

    run: Callable[[CommandContext, Namespace], Answer]
    help: str
    needs_packages: bool = False
    scene: str = ""  # "", "optional", "required", or "several": any number of them, and the option --force


COMMANDS: Mapping[str, Command] = {
    "status": Command(run=status, help="how things stand"),
    "explain": Command(run=explain_scene, help="all that is known of one scene", scene="required"),
    "failed": Command(run=failed, help="the scenes that failed, and why"),
    "retry": Command(
        run=retry, help="try failed scenes again: all, one, or those of a reason", scene="optional"
    ),
    "preview": Command(
        run=preview, help="what syncing everything would change; writes nothing", needs_packages=True
    ),
    "sync": Command(
        run=sync,
        help="sync everything, or these scenes; with --force also what counts as in sync",
        scene="several",
    ),
    "choose": Command(
        run=choose,
        help="say by hand which Plex item a scene is, or take that back (--none)",
        scene="required",
    ),
    "undo": Command(
        run=undo, help="put back what stood in Plex before: everywhere, or for one scene", scene="optional"
    ),
    "check": Command(run=check, help="look at everything that must fit together", needs_packages=True),
    "bug-report": Command(run=bug_report, help="write one file to attach to a report of a bug"),
    "wake": Command(run=wake, help="start the worker unless one runs (for cron)"),
}
