"""Items that a listing shows at the exact place of a scene's file, and that the scene does not have yet: they have come there since
the file was looked for (a rescan, a rule, a file that is back out of the trash), and take over from an item on weaker grounds.

Compared with what the matches rest on, page by page; Plex is asked nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from plexsync_plugin.core.match import Candidate, FileMatch, may_take_over
from plexsync_plugin.core.model import File, Item
from plexsync_plugin.core.pathmap import file_name
from plexsync_plugin.jobs.census import Census
from plexsync_plugin.worker.orders.orders import StepContext
from plexsync_plugin.worker.orders.reconcile_progress import SceneDifference
from plexsync_plugin.worker.scenes.plex_side import ServerSide


def better_places(context: StepContext, listed: Iterable[Item]) -> Iterator[SceneDifference]:
    """One difference for each scene and item."""
    side = context.plex.current()
    context.plex.learn_rules()
    by_name = _by_name(listed)
    known = [
        (scene_id, matches, by_name[matches[0].name])
        for scene_id, matches in side.records.file_matches_named(by_name)
    ]
    found = [
        (scene_id, candidate)
        for scene_id, matches, candidates in [*known, *_chosen(side, by_name)]
        for candidate in candidates
        if all(candidate.rating_key != each.rating_key for each in matches)
        and may_take_over(candidate.file, side.finder.wanted(_file(matches)), matches)
    ]
    concerned = Census(context.connection).may_be_found(side.machine_id, {scene_id for scene_id, _ in found})
    for scene_id, candidate in dict.fromkeys(found):
        if scene_id in concerned:
            yield SceneDifference(
                scene_id=scene_id,
                reason="place",
                text=f"the Plex item {candidate.title!r} ({candidate.rating_key}) is at the exact place of "
                f"{file_name(candidate.file.path)!r} now",
                forget=True,
                candidate=candidate,
                at_rest=concerned[scene_id],
            )


def _chosen(
    side: ServerSide, by_name: Mapping[str, Sequence[Candidate]]
) -> Iterator[tuple[int, list[FileMatch], list[Candidate]]]:
    """What a person has chosen may have another name than the file in Stash."""
    for candidates in by_name.values():
        for candidate in candidates:
            choice = side.finder.choices.of_place(candidate.file.path)
            if choice is not None:
                matches = [
                    each for each in side.records.file_matches(choice.scene_id) if each.path == choice.path
                ]
                if matches:
                    yield choice.scene_id, matches, [candidate]


def _by_name(listed: Iterable[Item]) -> dict[str, list[Candidate]]:
    """What is in the trash is at no place."""
    found: dict[str, list[Candidate]] = {}
    for item in listed:
        for file in item.files:
            if not file.trashed:
                candidate = Candidate.of(item, file)
                found.setdefault(candidate.name, []).append(candidate)
    return found


def _file(matches: list[FileMatch]) -> File:
    return File(path=matches[0].path, size=matches[0].size)
