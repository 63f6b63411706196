"""Plots of growth: the same file from the same numbers, so that a diff means other numbers."""

from pathlib import Path

from bench.growth import Row, lines
from bench.plots import draw


def rows(of: str, *costs: float) -> list[Row]:
    return [
        Row(of=of, number=10**place, seconds=9.0, processor=cost * 10**place / 1000, memory=50.0, file=1.0)
        for place, cost in enumerate(costs, start=3)
    ]


def test_plots_of_the_same_numbers_are_the_same_files(tmp_path: Path) -> None:
    growth = [row.as_json() for row in rows("items", 2.0, 1.0, 1.0)]
    drawn = [draw(growth, tmp_path / folder) for folder in ("one", "other")]
    assert [[path.name for path in paths] for paths in drawn] == [["growth-items.svg"]] * 2
    first, second = (paths[0].read_bytes() for paths in drawn)
    assert first == second
    assert b"milliseconds for one" in first


def test_what_one_costs_is_compared_with_fewer_but_not_with_starting_up() -> None:
    items, jobs = lines([*rows("items", 9.0, 1.0, 1.1), *rows("jobs", 1.0, 1.3)])
    assert (items.name, items.limit) == ("one of 100000 items", "one of 10000")
    assert round(items.spread.median, 6) == 1.1
    assert items.reaches
    assert (jobs.name, jobs.limit, jobs.reaches) == ("one of 10000 jobs", "one of 1000", False)
