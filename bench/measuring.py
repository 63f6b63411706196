"""What a line of the table is, and its arithmetic: figures, spread, and what counts as worse than before. Pure.

A line is measured in turns: the limit, ours, the limit, ours, and so on, so that whatever else the machine does meets both. What
is compared between two results are ratios within one run, never seconds.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

RUNS = 5  # turns of a line, at least
TRIMMED_FROM = 7  # turns; from here on the lowest and the highest do not count, as one turn may meet anything
TOLERANCE = 0.02  # of the last figure: a smaller difference is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median of some figures, and between which they lie."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Self:
        """Raises ValueError without figures."""
        if not figures:
            raise ValueError("nothing was measured")
        ordered = sorted(figures)
        kept = ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered
        return cls(median=statistics.median(ordered), low=kept[0], high=kept[-1])

    def is_worse_than(self, last: Self) -> bool:
        """Higher than the last by more than the noise of both: they do not overlap, and differ by more than `TOLERANCE`."""
        return self.low > last.high and self.median > last.median * (1 + TOLERANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table.

    `ours` is what each turn took, in `unit`; `limits`, of the same length, what the limit took in the same turn, and is empty
    where nothing is to be compared with. `goal` is what the figure is to reach (docs/architecture.md, "Numbers"): a ratio where
    there is a limit, else a number of `unit`; None where nothing is promised.
    """

    group: str
    name: str
    unit: str
    ours: tuple[float, ...]
    limit: str = ""
    limits: tuple[float, ...] = ()
    goal: float | None = None

    def __post_init__(self) -> None:
        if self.limits and len(self.limits) != len(self.ours):
            raise ValueError(
                f"{self.name}: {len(self.ours)} turns of ours and {len(self.limits)} of the limit"
            )

    @property
    def figures(self) -> tuple[float, ...]:
        """What is compared with the goal and with the last result: the ratio of each turn, or what was measured."""
        if not self.limits:
            return self.ours
        return tuple(mine / bare for mine, bare in zip(self.ours, self.limits, strict=True))

    @property
    def spread(self) -> Spread:
        return Spread.of(self.figures)

    @property
    def reaches(self) -> bool | None:
        """Whether the median reaches the goal; None where there is none."""
        return None if self.goal is None else self.spread.median <= self.goal


def in_turns(programs: dict[str, Callable[[], float]], turns: int = RUNS) -> dict[str, tuple[float, ...]]:
    """Run each program once in each turn, in the order given; what each said it took, by name."""
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(turns):
        for name, program in programs.items():
            taken[name].append(program())
    return {name: tuple(figures) for name, figures in taken.items()}
