"""What a run of the indexer is asked for, what it answers, and how it tells how far it is. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from indexer.file.publish import Counts
from plexsync_plugin.plex.gateway import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRequest:
    """`libraries` are titles, none for all. `images` keeps posters, `art` the backgrounds too. `full_sweep` lists even
    where Plex's counters say that nothing changed; `rebuild` reads everything anew and drops what Plex no longer lists.
    `history`: who has played what is kept too."""

    connection: Connection
    db_path: str
    image_folder: str
    libraries: tuple[str, ...] = ()
    parallel: bool = True
    images: bool = True
    art: bool = False
    rebuild: bool = False
    allow_empty: bool = False
    full_sweep: bool = False
    history: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVerdict:
    """`counts` by table of the index. `yielded`: stopped for another job; the next run goes on from there.
    `pictures_left`: it stopped when the libraries were read, and only pictures are missing."""

    counts: Mapping[str, Counts] = field(default_factory=dict)
    requests: int
    sections_read: int
    sections_unchanged: int
    seconds: float
    notes: tuple[str, ...] = ()
    yielded: bool = False
    pictures_left: bool = False

    @property
    def total(self) -> Counts:
        return sum(self.counts.values(), Counts())

    @property
    def sentence(self) -> str:
        total, cost = self.total, f"{self.requests} requests, {self.seconds:.1f} s"
        if self.yielded:
            text = f"Index paused for another job; the next run goes on from here ({cost})."
        elif not self.sections_read:
            text = f"Index up to date: nothing has changed in {_libraries(self.sections_unchanged)} ({cost})."
        else:
            text = (
                f"Index up to date: {total.seen} items seen, {total.added} added, {total.changed} changed, "
                f"{total.lost} gone; {_libraries(self.sections_read)} read, {self.sections_unchanged} unchanged ({cost})."
            )
        return " ".join((text, *self.notes))


def _libraries(number: int) -> str:
    return f"{number} library" if number == 1 else f"{number} libraries"


class Progress(Protocol):
    def __call__(self, done: float, text: str, /) -> None:
        """`done` from 0 to 1."""
