"""The arithmetic of the benchmarks: figures, spread, worse than before, and the form of a result."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import results
from bench.measuring import Line, Spread, in_turns
from bench.profiles import summary
from bench.table import shown


def line(*ours: float, limits: tuple[float, ...] = (), **others: Any) -> Line:
    return Line(**{"group": "G", "name": "a line", "unit": "s", "ours": ours, "limits": limits, **others})


def before(*lines: Line) -> dict[str, Any]:
    return results.as_json(lines, {}, "2026-01-02T03:04:05Z")


def test_the_figure_is_the_ratio_of_each_turn() -> None:
    measured = line(2.0, 6.0, 3.0, limits=(1.0, 2.0, 3.0))
    assert measured.figures == (2.0, 3.0, 1.0)
    assert measured.spread == Spread(median=2.0, low=1.0, high=3.0)


def test_without_a_limit_the_figure_is_what_was_measured() -> None:
    assert line(4.0, 2.0).figures == (4.0, 2.0)


def test_turns_of_ours_and_of_the_limit_belong_together() -> None:
    with pytest.raises(ValueError, match="2 turns of ours and 1 of the limit"):
        line(1.0, 2.0, limits=(1.0,))


def test_one_turn_that_met_something_else_does_not_widen_the_spread() -> None:
    assert Spread.of([1, 2, 3, 4, 5, 6, 99]) == Spread(median=4, low=2, high=6)
    assert Spread.of([1, 2, 3, 4, 99]) == Spread(median=3, low=1, high=99)


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        Spread.of([])


@pytest.mark.parametrize(
    ("now", "then", "worse"),
    [
        ((1.5, 1.6, 1.7), (1.0, 1.1, 1.2), True),
        ((1.1, 1.6, 1.7), (1.0, 1.1, 1.2), False),  # they overlap
        ((0.8, 0.9, 0.9), (1.0, 1.1, 1.2), False),  # better
        ((1.01, 1.01, 1.01), (1.0, 1.0, 1.0), False),  # within what counts as the same
        ((3.0, 3.0, 3.0), (2.0, 2.0, 2.0), True),  # exact counts, such as requests
        ((1.0,), (0.0,), True),
    ],
)
def test_worse_is_what_noise_does_not_explain(
    now: tuple[float, ...], then: tuple[float, ...], worse: bool
) -> None:
    assert Spread.of(now).is_worse_than(Spread.of(then)) is worse


@pytest.mark.parametrize(("goal", "reaches"), [(None, None), (2.0, True), (1.5, False)])
def test_a_goal_is_reached_by_the_median(goal: float | None, reaches: bool | None) -> None:
    assert line(1.0, 2.0, 9.0, goal=goal).reaches is reaches


def test_programs_run_in_turns() -> None:
    order: list[str] = []

    def program(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    taken = in_turns({"limit": lambda: program("limit", 1.0), "ours": lambda: program("ours", 2.0)}, 3)
    assert order == ["limit", "ours"] * 3
    assert taken == {"limit": (1.0, 1.0, 1.0), "ours": (2.0, 2.0, 2.0)}


def test_a_result_holds_every_turn_and_what_follows_from_them() -> None:
    measured = line(2.0, 3.0, limits=(1.0, 1.0), limit="bare", goal=1.2)
    result = results.as_json([measured], {"cores": 2}, "2026-01-02T03:04:05Z", [{"of": "items"}])
    assert result == {
        "form": 1,
        "at": "2026-01-02T03:04:05Z",
        "machine": {"cores": 2},
        "lines": [
            {
                "group": "G",
                "name": "a line",
                "unit": "s",
                "ours": [2.0, 3.0],
                "limit": "bare",
                "limits": [1.0, 1.0],
                "figure": 2.5,
                "low": 2.0,
                "high": 3.0,
                "goal": 1.2,
            }
        ],
        "growth": [{"of": "items"}],
    }


def test_what_was_saved_last_is_found_again(tmp_path: Path) -> None:
    for day in ("2026-01-03", "2026-01-02"):
        results.save(results.as_json([line(1.0)], {}, f"{day}T00:00:00Z"), tmp_path)
    (tmp_path / "2026-01-04.json").write_text(json.dumps({"form": 0}), encoding="utf-8")
    found = results.last(folder=tmp_path)
    assert found is not None
    assert found["at"] == "2026-01-03T00:00:00Z"
    assert results.last(lambda result: bool(result["growth"]), tmp_path) is None


def test_a_later_run_of_the_same_day_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    for hour in ("08", "09"):
        results.save(results.as_json([line(1.0)], {}, f"2026-01-03T{hour}:00:00Z"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-01-03.json"]


def test_what_is_worse_is_named_with_both_figures() -> None:
    told = results.worse([line(3.0, 3.1, 3.2), line(1.0, name="another")], before(line(1.0, 1.1, 1.2)))
    assert told == ["G, a line: 3.1 (3 to 3.2), was 1.1 (1 to 1.2)"]


def test_another_limit_or_unit_is_another_measurement() -> None:
    then = before(line(1.0, limits=(1.0,), limit="one", name="x"), line(1.0, unit="MB", name="y"))
    now = [line(9.0, limits=(1.0,), limit="other", name="x"), line(9.0, name="y")]
    assert results.worse(now, then) == []


def test_nothing_is_worse_than_no_result() -> None:
    assert results.worse([line(1.0)], None) == []


def test_the_table_shows_ratio_spread_and_goal() -> None:
    measured = line(2.0, 3.0, limits=(1.0, 1.0), limit="bare", goal=1.2)
    counted = line(2.0, unit="requests", name="requests", goal=3)
    *_, first, second = shown([measured, counted])
    assert first.split("  ")[1] == "a line"
    assert "2.50 s" in first
    assert first.endswith("2.50 x     2.00-3.00  <= 1.2 x MISSED of bare")
    assert second.split() == ["requests", "2", "<=", "3"]


def test_a_profile_adds_up_by_function() -> None:
    told = summary(["main (a.py:3);read (b.py:7) 3", "main (a.py:5);read (b.py:9) 1", "main (a.py:5) 4"])
    below, here = told.split("\n\nIn the function itself:\n\n")
    assert below.splitlines()[2:] == [" 50.0% 100.0%  main (a.py)", " 50.0%  50.0%  read (b.py)"]
    assert here.splitlines() == [" 50.0%  read (b.py)", " 50.0%  main (a.py)"]
