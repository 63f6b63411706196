"""What syncing scenes asks Stash for, gives it and says there, besides reading the scenes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plexsync_plugin.core.model import Scene
from plexsync_plugin.worker.finding.owners import FilesLike
from plexsync_plugin.worker.pictures.composition import PictureSources
from plexsync_plugin.worker.scenes.scene_stars import Ratings


def say_nothing(_cause: str, _text: str) -> None:
    """In a dry run nothing is kept or cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StashSources:
    """What is asked of Stash while scenes are synced. Without `files_like` it is not asked whose a file is; without `scenes`
    no other scene counts as left out; without `pictures` no picture is touched, without `ratings` no rating. `tell` takes a cause and a sentence for a
    person, "" once the cause is gone."""

    files_like: FilesLike | None = None
    scenes: Callable[[Sequence[int]], dict[int, Scene]] | None = None
    pictures: PictureSources | None = None
    tell: Callable[[str, str], None] = say_nothing
    ratings: Ratings | None = None
