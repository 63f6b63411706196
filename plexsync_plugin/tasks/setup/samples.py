"""Looks for ten scenes in Plex as the worker would, and says why each was found or not.

For *Check Setup* and *explain*.
"""

from collections.abc import Iterator, Sequence

from plexsync_plugin.base.errors import PlexSyncError
from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.words import count
from plexsync_plugin.core.model import SCALARS, File, Item, Scene
from plexsync_plugin.core.options import scope
from plexsync_plugin.core.pathmap import same_name, same_path, to_plex
from plexsync_plugin.core.scene import out_of_scope
from plexsync_plugin.jobs.learned import known_rules
from plexsync_plugin.jobs.matches import Matches
from plexsync_plugin.plex import elements
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.tasks.dry_run import OF_ONE_SCENE, DryRun
from plexsync_plugin.tasks.setup.line import Line, good, note, problem

SAMPLES = 10
AMONG = 1_000  # the ten are spread over so many


def sample_scenes(stash: StashClient) -> list[Scene]:
    """Ten scenes spread evenly over the first thousand, so that more than one folder is among them."""
    ids = stash.scene_ids(0, AMONG)
    chosen = [ids[number * len(ids) // SAMPLES] for number in range(SAMPLES)] if ids else []
    return list(stash.scenes(list(dict.fromkeys(chosen))).values())


def sample_lines(run: DryRun, settings: Settings, scenes: Sequence[Scene]) -> Iterator[Line]:
    """Ends early when Plex goes away: each further scene would only wait for it."""
    if not scenes:
        yield note("Stash has no scene to look for.")
    missing = 0
    learned: tuple[PathRule, ...] | None = None
    for scene in scenes:
        try:
            if learned is None:
                # Before the first search, for each may teach the copy a rule: the rules of the worker, and no others.
                learned = known_rules(run.connection, run.plex.server())
            yield _sample_line(run, settings, learned, scene)
        except OF_ONE_SCENE as error:
            missing += 1
            yield problem(f"{_name(scene)}: {error}")
        except PlexSyncError as error:
            yield problem(str(error))
            return
    if missing:
        yield note(
            f"{missing} of {count(len(scenes), 'sample scene')} {'was' if missing == 1 else 'were'} not found. Where lines above show two names for one "
            "folder, write a rule into path_map; where Plex lacks the file, let it scan."
        )


def _sample_line(run: DryRun, settings: Settings, learned: Sequence[PathRule], scene: Scene) -> Line:
    """How one scene is matched: by what, and from which path to which. Raises PlexSyncError."""
    reason = out_of_scope(scene, scope(settings))
    if reason:
        return note(f"{_name(scene)} is left out: {reason}.")
    listings, known = run.gateway.listings, _matched(run, scene)
    items = found_items(run, scene)
    if known:
        where = "known from before"
    elif run.gateway.listings > listings:
        where = "found by asking Plex"
    else:
        where = "found in the index"
    pairs = [_pair(settings.path_map, learned, file, item) for item in items for file in scene.files[:1]]
    return good(f"{_name(scene)} is {'; '.join(pairs)} ({where}).")


def _name(scene: Scene) -> str:
    return f"Scene {scene.id}" + (f" ({scene.title})" if scene.title else "")


def _matched(run: DryRun, scene: Scene) -> list[int]:
    """Rating keys of the items that the scene was found to be."""
    return Matches(run.connection).found_keys(run.plex.server(), scene.id)


def found_items(run: DryRun, scene: Scene) -> list[Item]:
    """The items that the worker would write to. Raises PlexSyncError: missing, ambiguous, and what Plex meets."""
    for result in run.look({scene.id: scene}):
        if result.error is not None:
            raise result.error
    seen = run.gateway.seen
    return [elements.item(seen[key], SCALARS) for key in _matched(run, scene) if key in seen]


def _pair(rules: Sequence[PathRule], learned: Sequence[PathRule], file: File, item: Item) -> str:
    """Which of the item's files is the scene's, and by what it was recognised."""
    which = f"item {item.rating_key}"
    places = (
        ("the same path", (file.path,)),
        ("by a rule of path_map", to_plex(file.path, rules)),
        ("by a learned rule", to_plex(file.path, learned)),
    )
    for how, paths in places:
        for other in item.files:
            if any(same_path(other.path, path) for path in paths):
                return f"{which}, {how}: {file.path} => {other.path}"
    named = [other for other in item.files if same_name(other.path, file.path)]
    other = (named or item.files)[0]
    by = "name and size" if other.size and other.size == file.size else "name"
    return f"{which}, by {by}: {file.path} => {other.path}"
