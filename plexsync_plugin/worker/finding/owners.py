"""Whose a file or an item of Plex is, where more than one scene of Stash could have it: asked of Stash, never of our own matches,
which may be of a file that has moved.
"""

from collections.abc import Callable, Iterable, Iterator

from plexsync_plugin.base.errors import Ambiguous
from plexsync_plugin.core.match import NO_MATCH, Candidate, Grade, Wanted, grade
from plexsync_plugin.core.model import File, Item
from plexsync_plugin.core.pathmap import file_name, spellings
from plexsync_plugin.worker.finding.finder import Finder
from plexsync_plugin.worker.scenes.scene_work import SceneWork

FilesLike = Callable[
    [str], dict[int, tuple[File, ...]]
]  # a file's name -> files of scenes that have one like it


class Owners:
    """`left_out` says whether the settings leave out a scene. With `files_like` None Stash is not asked, and all is ours."""

    def __init__(
        self, finder: Finder, files_like: FilesLike | None, left_out: Callable[[int], bool] | None
    ) -> None:
        self._finder = finder
        self._files_like = files_like
        self._left_out = left_out

    def is_ours(self, work: SceneWork, wanted: Wanted, candidate: Candidate) -> bool:
        """Whether no file of Stash has a better claim to the candidate's file.

        Raises Ambiguous where another scene's claim is as good: equal name and size alone never decides.
        """
        ours = grade(candidate.file, wanted)
        for scene_id, file, theirs in self._claims(work, candidate.file):
            if file.path == wanted.file.path or theirs < ours:
                continue
            if theirs > ours:
                return False
            if scene_id != work.scene.id:
                raise Ambiguous(
                    f"The Plex item with {candidate.file.path!r} could be this scene's or scene {scene_id}'s: both have a file "
                    "of that name and size, and nothing tells which of them Plex shows. Put a rule for their folders into "
                    "path_map, or let Plex scan both.",
                    (candidate.file.path,),
                )
        return True

    def check(self, work: SceneWork, item: Item) -> None:
        """An item that holds files of two scenes belongs to the scene of its first part, unless the settings leave that out.

        Parts that no scene has do not count. Whom a person has given it to has it. Raises Ambiguous.
        """
        paths = {file.path for file in work.scene.files}
        chosen = [found for file in item.files if (found := self._finder.choices.of_place(file.path))]
        if any(each.path in paths for each in chosen):
            return
        for each in chosen:
            raise Ambiguous(
                f"A person chose the Plex item {item.title!r} for scene {each.scene_id}. To sync it for this scene, take that choice "
                "back, or choose the item for this one.",
                (item.title,),
            )
        for file in item.files:
            if any(grade(file, self._finder.wanted(each)) > NO_MATCH for each in work.scene.files):
                return
            other = self._owner(work, file)
            if other is not None:
                raise Ambiguous(
                    f"The Plex item {item.title!r} holds files of two scenes, and the first of them is scene {other}'s. "
                    "Split the item in Plex to sync both.",
                    (item.title,),
                )

    def _owner(self, work: SceneWork, file: File) -> int | None:
        """The scene that has this file of Plex, as Stash says: it may be one that was never synced."""
        owners = {scene_id for scene_id, _, _ in self._claims(work, file)} - {work.scene.id}
        return min((each for each in owners if not self._is_left_out(each)), default=None)

    def _is_left_out(self, scene_id: int) -> bool:
        return self._left_out is not None and self._left_out(scene_id)

    def _claims(self, work: SceneWork, file: File) -> Iterator[tuple[int, File, Grade]]:
        """Every file of Stash that could be this file of Plex, with its scene."""
        for scene_id, files in self._like(work, file_name(file.path)):
            for each in files:
                found = grade(file, self._finder.wanted(each))
                if found > NO_MATCH:
                    yield scene_id, each, found

    def _like(self, work: SceneWork, name: str) -> Iterable[tuple[int, tuple[File, ...]]]:
        """Each name is asked for once for a scene in a batch."""
        if self._files_like is None:
            return
        for spelling in spellings(name):
            if spelling not in work.asked:
                work.asked[spelling] = self._files_like(spelling)
            yield from work.asked[spelling].items()
