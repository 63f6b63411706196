"""Results as JSON, one file a day in `bench/results/`, and the comparison with the one before.

A result says what was measured on which kind of machine, and nothing of whose: no path, no host's name.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measuring import Line, Spread

FORM = 1  # of the files; others are not compared with
FOLDER = Path(__file__).with_name("results")


def as_json(
    lines: Sequence[Line], machine: Mapping[str, Any], at: str, growth: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """`at` in ISO 8601, UTC; `growth` are rows of `bench.growth`."""
    return {
        "form": FORM,
        "at": at,
        "machine": dict(machine),
        "lines": [_line_as_json(line) for line in lines],
        "growth": [dict(row) for row in growth],
    }


def _line_as_json(line: Line) -> dict[str, Any]:
    spread = line.spread
    return {
        "group": line.group,
        "name": line.name,
        "unit": line.unit,
        "ours": [_short(value) for value in line.ours],
        "limit": line.limit,
        "limits": [_short(value) for value in line.limits],
        "figure": _short(spread.median),
        "low": _short(spread.low),
        "high": _short(spread.high),
        "goal": line.goal,
    }


def _short(value: float) -> float:
    """Six significant digits: more would only be noise in a diff."""
    return float(f"{value:.6g}")


def save(result: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """In the file of its day, in place of an earlier one."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{result['at'][:10]}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def last(
    wanted: Callable[[dict[str, Any]], bool] = lambda _result: True, folder: Path = FOLDER
) -> dict[str, Any] | None:
    """The newest result that can be compared with, and is wanted; None where there is none."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if result.get("form") == FORM and wanted(result):
            return result
    return None


def of_day(at: str) -> dict[str, Any] | None:
    """The newest result, where it is of the same day as `at`."""
    return last(lambda result: bool(result["at"][:10] == at[:10]))


def worse(lines: Sequence[Line], before: Mapping[str, Any] | None) -> list[str]:
    """A sentence for each line that is worse than in `before` by more than the noise of both."""
    known = {} if before is None else {(line["group"], line["name"]): line for line in before["lines"]}
    told = []
    for line in lines:
        earlier = known.get((line.group, line.name))
        # Another limit or unit makes it another measurement.
        if earlier is None or (earlier["limit"], earlier["unit"]) != (line.limit, line.unit):
            continue
        then, now = Spread(median=earlier["figure"], low=earlier["low"], high=earlier["high"]), line.spread
        if now.is_worse_than(then):
            told.append(f"{line.group}, {line.name}: {_told(now)}, was {_told(then)}")
    return told


def _told(spread: Spread) -> str:
    return f"{spread.median:.3g} ({spread.low:.3g} to {spread.high:.3g})"
