"""Every test says what it expects, in itself or in a function whose name shows it."""

import ast
from pathlib import Path

import pytest

from tests.sim.process import ROOT

CHECKING = ("assert_", "expect_", "check_")
PYTEST_CHECKS = {"raises", "warns", "fail", "deprecated_call"}


def expects(test: ast.AST) -> bool:
    """Whether something in it can fail it: assert, pytest.raises, or a call of a function named assert_…, expect_…, check_…"""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.lstrip("_").startswith(CHECKING) or name in PYTEST_CHECKS:
                return True
    return False


def named_tests(source: str) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_every_test_expects_something() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {test.name}"
        for path in sorted(Path(ROOT, "tests").rglob("test_*.py"))
        for test in named_tests(path.read_text(encoding="utf-8"))
        if not expects(test)
    ]
    assert silent == [], "let it assert, or give the function that asserts for it a name that says so"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("assert answer() == 1", True),
        ("with pytest.raises(ValueError): answer()", True),
        ("rig.expect_title(1)", True),
        ("_check_order(answer())", True),
        ("answer()", False),
        ("pass", False),
    ],
)
def test_what_counts_as_expecting(body: str, seen: bool) -> None:
    (test,) = named_tests(f"def test_it():\n    {body}")
    assert expects(test) is seen
