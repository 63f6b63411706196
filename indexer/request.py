"""What a run of the indexer is asked for, what it answers, and how it tells how far it is. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from indexer.file.publish import Counts
from plexsync_plugin.base.names import NameList
from plexsync_plugin.plex.gateway import Connection

ALL = NameList()  # no title: every library


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRequest:
    """What a run is asked for."""

    connection: Connection
    db_path: str
    image_folder: str
    libraries: NameList = ALL  # titles; none: all libraries
    parallel: bool = True  # several requests at once
    images: bool = True  # keep posters
    art: bool = False  # keep backgrounds too
    episode_thumbs: bool = False  # keep pictures of episodes too
    rebuild: bool = False  # read everything anew, and drop what Plex no longer lists
    allow_empty: bool = False  # believe a library that suddenly lists nothing
    full_sweep: bool = False  # list libraries even where Plex's counters say that nothing has changed
    lists: bool = True  # keep collections and playlists, and what is in them
    history: bool = True  # keep who has played what, from Plex's history


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVerdict:
    """What a run did."""

    counts: Mapping[str, Counts] = field(default_factory=dict)  # by table of the index
    requests: int
    sections_read: int
    sections_unchanged: int
    seconds: float
    notes: tuple[str, ...] = ()  # sentences for a person
    yielded: bool = False  # it stopped for another job; the next run goes on from there
    libraries_done: bool = (
        False  # it stopped when all libraries were read; lists, plays or pictures are missing
    )

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
