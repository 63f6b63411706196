"""The table that a person reads: one line for each line measured, grouped, with its goal."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bench.measuring import Line, Spread

_FORMS = {"s": "{:.2f} s", "ms": "{:.1f} ms", "MB": "{:.0f} MB", "requests": "{:.0f}"}


def shown(lines: Sequence[Line]) -> Iterable[str]:
    """The lines of the table; those of one group must stand together."""
    yield f"{'':60} {'ours':>12} {'limit':>12} {'ratio':>7} {'spread':>13}  goal"
    for group, members in groupby(lines, key=lambda line: line.group):
        yield ""
        yield group
        yield from (_row(line) for line in members)


def _row(line: Line) -> str:
    ours, spread = Spread.of(line.ours).median, line.spread
    limit = amount(Spread.of(line.limits).median, line.unit) if line.limits else ""
    ratio = f"{spread.median:.2f} x" if line.limits else ""
    form = "{:.2f}-{:.2f}" if line.limits or spread.high < 100 else "{:.0f}-{:.0f}"
    noise = form.format(spread.low, spread.high) if spread.low != spread.high else ""
    compared = f" of {line.limit}" if line.limit else ""
    text = f"  {line.name:58} {amount(ours, line.unit):>12} {limit:>12} {ratio:>7} {noise:>13}  {_goal(line)}{compared}"
    return text.rstrip()


def _goal(line: Line) -> str:
    if line.goal is None:
        return ""
    goal = f"{line.goal:g} x" if line.limits else amount(line.goal, line.unit)
    return f"<= {goal}{'' if line.reaches else ' MISSED'}"


def amount(value: float, unit: str) -> str:
    return _FORMS[unit].format(value)
