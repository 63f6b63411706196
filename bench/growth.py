"""How costs grow: libraries of 2 000 to 200 000 items into the index, and 1 000 to 100 000 scenes at their first contact.

A row says of how many (`of` is "items" or "jobs"), what one of them cost, and what memory and file came to. The cost is the
processor's time, which tells what grows also on a machine that does other things.
"""

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
from bench.processes import peak_memory, processor
from tests.stage import Stage

ITEMS = (2_000, 20_000, 200_000)
JOBS = (1_000, 10_000, 100_000)
GOAL = 1.2  # times the cost of one, over a hundred times as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`seconds` until it was done, `processor` seconds of the indexer or worker; `memory` is its peak and `file` its size, in MB.
    Where the system does not tell the processor's time, `seconds` stand in its place."""

    of: str
    number: int
    seconds: float
    processor: float
    memory: float | None
    file: float

    @property
    def each(self) -> float:
        """Milliseconds of the processor for one item or job."""
        return self.processor * 1000 / self.number

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "each": round(self.each, 4)}


def of_items(numbers: Sequence[int] = ITEMS) -> Iterator[Row]:
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder, library(f"movies={number}") as plex:
            path = Path(folder, "plex_collection.db")
            took = index(plex.url, path)
            yield Row(
                of="items",
                number=number,
                seconds=took.seconds,
                processor=took.processor or took.seconds,
                memory=took.memory,
                file=path.stat().st_size / 1e6,
            )


def of_jobs(numbers: Sequence[int] = JOBS) -> Iterator[Row]:
    """Once for each number: what is in sync cannot be contacted for the first time again."""
    for number in numbers:
        with Stage(plex=plex_library(number), stash=stash_library(number)) as stage:
            carried_out(stage, "Index Plex Library")
            stage.operation(operation="wake")
            stage.wait(lambda: bool(stage.workers()), "a worker")
            pid = stage.workers()[0]
            before, began = processor(pid) or 0.0, time.perf_counter()
            carried_out(stage, "Sync All Scenes")
            seconds = time.perf_counter() - began
            spent = (processor(pid) or 0.0) - before
            yield Row(
                of="jobs",
                number=number,
                seconds=seconds,
                processor=spent or seconds,
                memory=peak_memory(pid),
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
