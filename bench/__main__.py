"""`make bench`: what things cost, as ratios within this run, in one table; and the same as JSON in `bench/results/`.

`python -m bench` measures all in minutes. With names it measures those alone and writes nothing. `python -m bench full` takes as
long as it needs: it adds the index of 200 000 items and how costs grow, and draws that; `python -m bench growth` measures how they grow alone.
`python -m bench profiles` writes where the time goes, `python -m bench plots` draws again what the last result says of growth.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bench import growth, machine, plots, profiles, results
from bench.lines import (
    hook,
    index,
    installing,
    live,
    many_edits,
    many_scenes,
    one_edit,
    page_first_row,
    page_questions,
    pictures,
    questions,
)
from bench.measuring import RUNS, Line
from bench.table import shown

LARGEST = 200_000  # items
LONG_CASTS = 6_000  # movies
MANY_LONG_CASTS = 20_000

Measure = Callable[[int], list[Line]]

# Each takes the turns of its lines; those that are short take more.
MEASURES: Mapping[str, Measure] = {
    "hook": lambda turns: hook.measure(max(turns, hook.TURNS), turns),
    "edit": lambda turns: one_edit.measure(max(turns, one_edit.TURNS)),
    "live": lambda turns: live.measure(max(turns, live.TURNS)),
    "edits": lambda turns: many_edits.measure(turns=turns),
    "covers": lambda turns: many_edits.measure_covers(turns=turns),
    "scenes": lambda turns: many_scenes.measure(turns=turns),
    "index": lambda turns: index.measure(turns=turns),
    "memory": lambda _turns: index.measure_long_casts(LONG_CASTS),
    "pictures": lambda turns: pictures.measure(turns=turns),
    "page": lambda turns: page_questions.measure(turns=turns),
    "views": lambda turns: page_first_row.measure(turns=turns),
    "questions": lambda turns: questions.measure(turns=turns),
    "install": lambda turns: installing.measure(turns),
}


def main() -> None:
    # As a user's Python does, those that are measured keep their compiled modules, whatever a developer's shell says.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    alone: Mapping[str, Callable[[int], None]] = {
        "full": lambda turns: _measure_and_save(turns, full=True),
        "growth": lambda _turns: _grow(),
        "profiles": lambda _turns: profiles.write(),
        "plots": lambda _turns: _draw(),
    }
    parser = argparse.ArgumentParser(prog="python -m bench", description="What things cost.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="name",
        help=f"what to measure alone: {', '.join(MEASURES)}; or one of {', '.join(alone)}",
    )
    parser.add_argument("--turns", type=int, default=RUNS, help="of each measurement")
    options = parser.parse_args()
    names: list[str] = options.names
    if len(names) == 1 and names[0] in alone:
        alone[names[0]](options.turns)
    elif unknown := set(names) - set(MEASURES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join((*MEASURES, *alone))}")
    elif names:
        _show(_measured(names, options.turns))
    else:
        _measure_and_save(options.turns, full=False)


def _measure_and_save(turns: int, *, full: bool) -> None:
    at = _now()
    facts = machine.facts()
    lines = _measured(list(MEASURES), turns)
    rows: list[growth.Row] = []
    if full:
        lines += index.measure_long_casts(MANY_LONG_CASTS)
        lines += index.measure(LARGEST, turns)
        rows = list(_grown())
        lines += growth.lines(rows)
    _show(lines)
    grown = [row.as_json() for row in rows]
    day = results.of_day(at)
    if day:
        grown = grown or day["growth"]  # it is this day's file that is written anew
    results.save(results.as_json(lines, facts, at, grown))
    if full:
        _draw()


def _measured(names: Sequence[str], turns: int) -> list[Line]:
    lines: list[Line] = []
    for name in names:
        began = time.perf_counter()
        lines += MEASURES[name](turns)
        _note(f"{name}: measured in {time.perf_counter() - began:.0f} s")
    return lines


def _grown() -> Iterator[growth.Row]:
    for measured in (growth.of_items(), growth.of_jobs()):
        for row in measured:
            _note(f"growth: {row.number} {row.of}, {row.each:.2f} ms each")
            yield row


def _grow() -> None:
    """Into the day's result, beside what was measured already: the processor's time tells growth also on a machine that is not quiet."""
    at, rows = _now(), list(_grown())
    _show(growth.lines(rows))
    day = results.of_day(at) or results.as_json([], machine.facts(), at)
    results.save({**day, "growth": [row.as_json() for row in rows]})
    _draw()


def _draw() -> None:
    last = results.last(lambda result: bool(result["growth"]))
    for path in plots.draw(last["growth"] if last else []):
        _note(f"drawn: {path.name}")


def _show(lines: Sequence[Line]) -> None:
    """To be called before the result is saved: it is compared with the last one."""
    for text in shown(lines):
        print(text)
    told = results.worse(lines, results.last())
    if told:
        print("\nWorse than in the last result, by more than the noise of both:")
    for sentence in told:
        print(f"  {sentence}")


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
