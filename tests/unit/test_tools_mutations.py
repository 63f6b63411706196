"""The tool that breaks the code: which breaks it makes, and which tests it takes for the nearest."""

import ast
from pathlib import Path

import pytest

from tests.sim.process import ROOT
from tools.mutations import mutations, nearest_tests


def changes(source: str) -> list[tuple[str, str]]:
    return [(each.before, each.after) for each in mutations(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ("a < b", "a <= b")),
        ("a in b", ("a in b", "a not in b")),
        ("a or b", ("a or b", "a and b")),
        ("not a", ("not a", "a")),
        ("x = True", ("True", "False")),
        ("x = 3", ("3", "4")),
        ("x = 'é'", ("'é'", "'é~'")),
        ("x = a + b", ("a + b", "a - b")),
        ("def f():\n    return a", ("return a", "return")),
        ("tell(a)", ("tell(a)", "pass")),
    ],
)
def test_break_of_each_kind_is_made(source: str, expected: tuple[str, str]) -> None:
    assert expected in changes(source)


def test_what_does_nothing_at_run_time_is_left_alone() -> None:
    source = '"""Says."""\n@decorated(1)\ndef f(a: "int") -> "str":\n    """Says."""\nx: list["int"]\n'
    assert changes(source) == []


def test_each_break_changes_one_place_and_is_python() -> None:
    source = (
        "def f(é):\n    if é > 1 and not g(é):\n        h(\n            é\n        )\n    return 'é' + é\n"
    )
    found = mutations(source)
    assert len(found) > 8
    assert len({each.source for each in found} | {source}) == len(found) + 1
    for each in found:
        ast.parse(each.source)


def test_dropped_statement_leaves_its_neighbours() -> None:
    (broken,) = [each for each in mutations("if a:\n    f()\n    g()\n") if each.before == "g()"]
    assert broken.source == "if a:\n    f()\n    pass\n"
    assert broken.line == 3


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("plexsync_plugin/core/plan.py", "unit/test_core_plan.py"),
        ("plexsync_plugin/core/plan.py", "property/test_plan.py"),
        ("plexsync_plugin/core/image_header.py", "unit/test_core_picture.py"),
    ],
)
def test_nearest_tests_are_found_by_name_or_by_import(module: str, expected: str) -> None:
    tests = ROOT / "tests"
    assert tests / expected in nearest_tests(Path(module), tests)
