"""Matches that a person has made by hand: which file of Plex a file of Stash is. Pure.

They are about files: a choice follows its file into another scene (a merge), and in its scene under another name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plexsync_plugin.core.model import Scene
from plexsync_plugin.core.pathmap import file_name, folded, same_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    path: str  # the file, as Stash names it
    place: str  # the file, as Plex names it
    scene_id: int  # that has the file, as far as is known
    size: int  # bytes, as Stash has them; 0: not known
    rating_key: int  # of the item that was chosen


class Choices:
    """All that hold on one server."""

    def __init__(self, choices: Iterable[Choice] = ()) -> None:
        self._by_path = {each.path: each for each in choices}
        self._by_name: dict[str, list[Choice]] = {}
        for each in self._by_path.values():
            self._by_name.setdefault(_key(each.place), []).append(each)

    def place_of(self, path: str) -> str:
        """The file of Plex that was chosen for this file of Stash; "" where none was."""
        choice = self._by_path.get(path)
        return choice.place if choice else ""

    def of_place(self, place: str) -> Choice | None:
        """The choice of this file of Plex."""
        found = self._by_name.get(_key(place), ())
        return next((each for each in found if same_path(each.place, place)), None)

    def is_for_another(self, path: str, place: str) -> bool:
        """Whether this file of Plex was chosen for another file of Stash than the one at `path`."""
        choice = self.of_place(place)
        return choice is not None and choice.path != path

    def moved(self, scene: Scene) -> Iterator[tuple[Choice, str]]:
        """Choices that are the scene's now, with the path of their file: it came from another scene, or has another path, which
        is known by its size where no other has that."""
        paths = {file.path for file in scene.files}
        for choice in self._by_path.values():
            if choice.path in paths:
                if choice.scene_id != scene.id:
                    yield choice, choice.path
            elif choice.scene_id == scene.id and choice.size:
                alike = [file.path for file in scene.files if file.size == choice.size]
                if len(alike) == 1 and alike[0] not in self._by_path:
                    yield choice, alike[0]


def _key(path: str) -> str:
    return folded(file_name(path))
