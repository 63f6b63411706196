"""How costs grow: libraries of 2 000 to 200 000 items into the index, and 1 000 to 100 000 scenes at their first contact.

A row says of how many (`of` is "items" or "jobs"), what one of them cost, and what memory and file came to.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.libraries import plex_library, stash_library
from bench.lines.index import index, library
from bench.lines.many_scenes import carried_out
from bench.measuring import Line
from bench.processes import peak_memory
from bench.replay import Replay
from tests.stage import Stage

ITEMS = (2_000, 20_000, 200_000)
JOBS = (1_000, 10_000, 100_000)
TURNS = 3  # of the index
GOAL = 1.2  # times the cost of one, over a hundred times as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`seconds` is the median of the turns; `memory` is the peak in MB, None where the system does not tell it; `file` in MB."""

    of: str
    number: int
    seconds: float
    memory: float | None
    file: float

    @property
    def each(self) -> float:
        """Milliseconds that one item or job took."""
        return self.seconds * 1000 / self.number

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "each": round(self.each, 4)}


def of_items(numbers: Sequence[int] = ITEMS, turns: int = TURNS) -> Iterator[Row]:
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder, library(f"movies={number}") as plex:
            path = Path(folder, "plex_collection.db")
            with Replay(plex.url) as replay:
                index(replay.url, path)  # fills the replay's memory
                runs = []
                for _ in range(turns):
                    path.unlink()
                    runs.append(index(replay.url, path))
            yield Row(
                of="items",
                number=number,
                seconds=statistics.median(run.seconds for run in runs),
                memory=max((run.memory for run in runs if run.memory is not None), default=None),
                file=path.stat().st_size / 1e6,
            )


def of_jobs(numbers: Sequence[int] = JOBS) -> Iterator[Row]:
    """Once for each number: what is in sync cannot be contacted for the first time again."""
    for number in numbers:
        with Stage(plex=plex_library(number), stash=stash_library(number)) as stage:
            carried_out(stage, "Index Plex Library")
            began = time.perf_counter()
            carried_out(stage, "Sync All Scenes")
            seconds = time.perf_counter() - began
            held = [peak for pid in stage.workers() if (peak := peak_memory(pid)) is not None]
            yield Row(
                of="jobs",
                number=number,
                seconds=seconds,
                memory=max(held, default=None),
                file=(stage.data / "plexsync.db").stat().st_size / 1e6,
            )


def lines(rows: Sequence[Row]) -> list[Line]:
    """What one of the most costs, against one of the second least: in the least, starting up still counts."""
    told = []
    for of in dict.fromkeys(row.of for row in rows):
        grown = sorted((row for row in rows if row.of == of), key=lambda row: row.number)
        first, last = grown[1 if of == "items" and len(grown) > 2 else 0], grown[-1]
        told.append(
            Line(group="Growth", name=f"one of {last.number} {of}", unit="ms", ours=(last.each,),
                 limit=f"one of {first.number}", limits=(first.each,), goal=GOAL)
        )  # fmt: skip
    return told
