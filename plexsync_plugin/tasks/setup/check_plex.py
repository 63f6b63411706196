"""The part of *Check Setup* about Plex: address, token, libraries, path rules, sample scenes. Reads alone."""

from collections.abc import Iterator, Sequence

from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.names import plain
from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.model import Section
from plexsync_plugin.core.pathmap import depth_below
from plexsync_plugin.core.plays import is_before_history
from plexsync_plugin.plex import history
from plexsync_plugin.plex.dry_gateway import DryGateway
from plexsync_plugin.tasks.context import TaskContext
from plexsync_plugin.tasks.dry_run import open_dry_run
from plexsync_plugin.tasks.setup.line import Line, good, note, problem
from plexsync_plugin.tasks.setup.samples import sample_lines, sample_scenes
from plexsync_plugin.worker.from_plex.users import choose


def plex_lines(context: TaskContext, settings: Settings, *, remembers: bool) -> Iterator[Line]:
    """Not `remembers`: plexsync.db cannot be read, which is told with the queue, and all the rest is worth being looked at."""
    with open_dry_run(
        settings, context.folder, context.clock, context.stash.files_like, remembers=remembers
    ) as run:
        try:
            yield from _server_lines(run.gateway)
            yield from _watch_lines(run.gateway, settings)
            sections = run.gateway.sections()
        except PlexSyncError as error:
            yield problem(str(error))
            return
        lines = list(_section_lines(settings, sections))
        yield from lines
        scenes = sample_scenes(context.stash)
        files = [file.path for scene in scenes for file in scene.files]
        yield from rule_lines(settings.path_map, sections, [*files, *context.stash.library_folders()])
        if any(line.level == "problem" for line in lines):
            yield note("The sample scenes are not looked for until the libraries are right.")
            return
        yield from sample_lines(run, settings, scenes)


def _server_lines(gateway: DryGateway) -> Iterator[Line]:
    """Raises PlexSyncError: away, no Plex, token refused."""
    gateway.probe()
    yield good(f"Plex answers at {gateway.address}.")
    server = gateway.server()
    yield good(f"It is {server.name!r}, version {server.version}, and accepts the token.")
    owns = gateway.owns()
    if owns is None:
        yield note("Whether the token may write cannot be told without writing: this Plex does not say.")
    elif owns:
        yield good("The token is the owner's, so it may write.")
    else:
        yield problem(
            "The token may read but not write: it is not the server owner's. Put the owner's token into the setting "
            "plex_token (support.plex.tv, article 204059436)."
        )


def _watch_lines(gateway: DryGateway, settings: Settings) -> Iterator[Line]:
    """Whose plays count, and whether marks do too. Raises PlexSyncError."""
    if not settings.watch_back:
        return
    version = gateway.server().version
    if is_before_history(version):
        yield problem(
            f"This Plex, version {version}, notes a play also where somebody marks an item as played, so marks count in Stash as "
            "plays do. Update Plex to 1.40 or newer, or switch watch_back off."
        )
    unknown = choose(settings.watch_users, lambda: history.accounts(gateway)).unknown
    if unknown:
        yield problem(
            f"Plex has no account {unknown!r}, which the setting watch_users names. Write the name as Plex's settings show it under "
            "Users, or owner, or all."
        )
    else:
        yield good(f"Plays in Plex count in Stash: those of {settings.watch_users}.")


def _section_lines(settings: Settings, sections: Sequence[Section]) -> Iterator[Line]:
    videos = [section for section in sections if section.item_kind is not None]
    there = ", ".join(repr(section.title) for section in videos)
    if not videos:
        yield problem("Plex has no video library. Add one in Plex that holds the folders of your scenes.")
        return
    titles = {plain(section.title) for section in videos}
    missing = settings.plex_library.unknown(titles)
    if missing:
        yield problem(
            f"Plex has no video library {missing!r}, which the setting plex_library names. Put there one or several of: "
            f"{there}."
        )
        return
    wanted = settings.plex_library.found_in(titles) or titles
    for section in videos:
        if plain(section.title) in wanted:
            yield good(f"Library {section.title!r}, its folders: {', '.join(section.locations) or 'none'}.")


def rule_lines(
    rules: Sequence[PathRule], sections: Sequence[Section], stash_paths: Sequence[str]
) -> Iterator[Line]:
    """Rules of path_map that cannot apply, each side by itself. `stash_paths` are files and library folders of Stash."""
    folders = [folder for section in sections for folder in section.locations]
    for rule in rules:
        wrong = False
        if not any(_related(path, rule.stash) for path in stash_paths):
            wrong = True
            yield problem(
                f"The rule {rule.stash} => {rule.plex} of path_map fits nothing: Stash has no file below {rule.stash}. "
                f"Write the folder as Stash names it, as in {_example(stash_paths)}."
            )
        if not any(_related(folder, rule.plex) for folder in folders):
            wrong = True
            yield problem(
                f"The rule {rule.stash} => {rule.plex} of path_map leads nowhere: no Plex library has the folder "
                f"{rule.plex}. Write it as Plex names it, one of: {', '.join(folders) or 'none'}."
            )
        if not wrong:
            yield good(f"Path rule: {rule.stash} => {rule.plex}.")


def _related(path: str, folder: str) -> bool:
    """One below the other: a rule may be about a part of a library, or about what holds several."""
    return depth_below(path, folder) is not None or depth_below(folder, path) is not None


def _example(paths: Sequence[str]) -> str:
    return paths[0] if paths else "Settings > Library"
