"""What all changes of a history draw from: which scene, how many, what to call it; and what was told of it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.property.sync_watch import Watch
from tests.property.sync_world import SyncWorld

T = TypeVar("T")
NAMES = ("a.mp4", "b.mp4", "c.mp4", "d.mp4")
SIZES = {name: 1_000 + number for number, name in enumerate(NAMES)}


class Drawn:
    def __init__(self, world: SyncWorld, watch: Watch, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._world, self._watch, self._draw = world, watch, draw
        self._stamp = 0
        self.saved: set[int] = set()  # scenes that a person has saved
        self.told: list[str] = []
        self.chosen_meanwhile = False  # a picture in Plex, between two requests for its item

    def _tell(self, *words: Any) -> None:
        self.told[-1] += " " + " ".join(str(word) for word in words)

    def _pick(self, found: Sequence[T]) -> T:
        chosen: T = self._draw(st.sampled_from(found))
        self._tell(chosen)
        return chosen

    def _number(self, low: int, high: int) -> int:
        found: int = self._draw(st.integers(low, high))
        self._tell(found)
        return found

    def _fresh(self, word: str) -> str:
        self._stamp += 1
        return f"s {word} {self._stamp}"

    def _ids(self, kind: str) -> list[int]:
        return sorted(self._world.stash.library.tables[kind])

    def _scene(self) -> int | None:
        ids = self._ids("scene")
        return self._pick(ids) if ids else None
