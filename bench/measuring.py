"""Times and their comparison. Everything is compared with something measured in the same run, never with a number."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table; `goal` is what is to be reached (docs/architecture.md, "Numbers")."""

    what: str
    value: str
    compared: str = ""
    goal: str = ""


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def milliseconds(value: float) -> str:
    return f"{value * 1000:.1f} ms"


def ratio(value: float, base: float) -> str:
    return f"{value / base:.2f} x"


def show(title: str, lines: Sequence[Line]) -> None:
    print(f"\n{title}")
    for line in lines:
        print(f"  {line.what:58} {line.value:>12}  {line.compared:>9}  {line.goal}")
