"""Breaks the code in one place at a time and says which breaks no test noticed: python -m tools.mutations core/plan.py

Works in a temporary copy of the repository. For each module its nearest tests run: those of tests/unit and tests/property
that are named after it, else those that import it. A survivor is a missing test, or a change that changes nothing.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from plexsync_plugin.base.clock import Clock

CLOCK = Clock()
ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (ROOT / "plexsync_plugin", ROOT / "indexer")
LEFT_OUT = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
HARNESS_FAILED = 2  # pytest's exit codes: 0 all passed, 1 a test failed, from 2 on it could not run them

OPPOSITES: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
}
DROPPED = (ast.Expr, ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One break: `source` is the whole module with it; `before` and `after` show it to a person."""

    line: int
    before: str
    after: str
    source: str


def mutations(source: str) -> list[Mutation]:
    """Every break of a module, in the order of its lines."""
    found = [
        Mutation(
            line=node.lineno, before=_short(node), after=_short(new), source=_replaced(source, node, new)
        )
        for node in _mutable(ast.parse(source))
        for new in _changes(node)
    ]
    return sorted(found, key=lambda each: each.line)


def _mutable(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Every statement and expression that does something: no annotation, decorator, docstring or text in an f-string."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            if isinstance(child, (ast.expr, ast.stmt)) and not isinstance(child, ast.JoinedStr):
                yield child
            if not isinstance(child, ast.JoinedStr):
                yield from _mutable(child)


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _changes(node: ast.expr | ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                changed = copy.deepcopy(node)
                changed.ops[place] = OPPOSITES[type(operator)]()  # type: ignore[call-overload]
                yield changed
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in OPPOSITES:
            changed_operation = copy.deepcopy(node)
            changed_operation.op = OPPOSITES[type(operator)]()  # type: ignore[assignment]
            yield changed_operation
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=value):
            yield from (ast.Constant(value=other) for other in _other_values(value))
        case ast.Return(value=ast.expr()):
            yield ast.Return(value=None)
        case ast.If():
            yield ast.If(test=ast.Constant(value=False), body=node.body, orelse=node.orelse)
        case _ if isinstance(node, DROPPED):
            yield ast.Pass()


def _other_values(value: object) -> tuple[bool | float | str, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, (int, float)):
        return (value + 1,)
    if isinstance(value, str):
        return (f"{value}~",) if value else ("~",)
    return ()


def _short(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(node)).partition("\n")[0][:100]


def _replaced(source: str, node: ast.expr | ast.stmt, new: ast.expr | ast.stmt) -> str:
    """The source with the node's text exchanged. The columns that ast gives count UTF-8 bytes."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    start = starts[node.lineno - 1] + node.col_offset
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    end = starts[node.end_lineno - 1] + node.end_col_offset
    text = ast.unparse(ast.fix_missing_locations(new))
    indented = text.replace("\n", "\n" + " " * node.col_offset)
    text = f"({text})" if isinstance(new, ast.expr) else indented
    whole = source.encode()
    return (whole[:start] + text.encode() + whole[end:]).decode()


def nearest_tests(module: Path, tests: Path) -> list[Path]:
    """Test files for a module (its path in the repository), those named after it before all others.

    core/plan.py has unit/test_core_plan*.py and property/test_plan*.py; a module without tests of its name has those that
    import it.
    """
    dotted = ".".join(module.with_suffix("").parts)
    words = "_".join(module.with_suffix("").parts[1:])
    named = [
        *tests.glob(f"unit/test_{words}*.py"),
        *tests.glob(f"unit/test_{module.stem}*.py"),
        *tests.glob(f"property/test_{module.stem}*.py"),
    ]
    if named:
        return sorted(set(named))
    parent, _, name = dotted.rpartition(".")
    imports = (f"from {dotted} import", f"import {dotted}\n", f"from {parent} import {name}\n")
    return [
        path
        for room in ("unit", "property")
        for path in sorted(tests.glob(f"{room}/test_*.py"))
        if any(each in path.read_text(encoding="utf-8") for each in imports)
    ]


class Copy:
    """A copy of the repository in which one module at a time is broken."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns(*LEFT_OUT))

    def passes(self, tests: Sequence[Path | str], patience: float | None = None, **environment: str) -> bool:
        """False when a test fails, or when they last longer than `patience` seconds. Raises SystemExit when none ran."""
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "0",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            *map(str, tests),
        ]
        # Shrinking an example to the smallest takes long, and here nobody reads it. A half-read module may stay cached
        # when two breaks of it have one size and were written within one second.
        given = {"HYPOTHESIS_PROFILE": "first failure", "PYTHONDONTWRITEBYTECODE": "1", **environment}
        try:
            done = subprocess.run(
                command,
                cwd=self.root,
                env=os.environ | given,
                capture_output=True,
                text=True,
                timeout=patience,
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode > HARNESS_FAILED:
            raise SystemExit(f"pytest could not run {tests}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.returncode == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """At most `most` breaks of each module, drawn with `seed`, none begun after the monotonic time `until`."""

    seed: int
    most: int
    until: float


def survivors(copied: Copy, module: Path, bounds: Bounds) -> list[Mutation]:
    """The breaks of a module that its nearest tests do not notice; says on standard output how many were tried."""
    tests = [path.relative_to(copied.root) for path in nearest_tests(module, copied.root / "tests")]
    if not tests:
        print(f"{module}: no test is named after it or imports it")
        return []
    target = copied.root / module
    source = target.read_text(encoding="utf-8")
    began = CLOCK.monotonic()
    if not copied.passes(tests):
        raise SystemExit(f"{module}: its tests fail before anything is broken")
    patience = 20 + 10 * (CLOCK.monotonic() - began)
    every = mutations(source)
    drawn = random.Random(bounds.seed).sample(every, min(bounds.most, len(every)))
    found, tried = [], 0
    try:
        for mutation in sorted(drawn, key=lambda each: each.line):
            if CLOCK.monotonic() > bounds.until:
                break
            target.write_text(mutation.source, encoding="utf-8")
            tried += 1
            if copied.passes(tests, patience):
                found.append(mutation)
                print(f"{module}:{mutation.line}: {mutation.before}  ->  {mutation.after}", flush=True)
    finally:
        target.write_text(source, encoding="utf-8")
    print(f"{module}: {tried} of {len(every)} breaks tried, {len(found)} unnoticed", flush=True)
    return found


def _modules(names: list[str]) -> list[Path]:
    """Paths below plexsync_plugin/ or indexer/, in the form core/plan.py or as they stand; a folder is all of its modules."""
    found: list[Path] = []
    for name in names:
        places = [path for path in (ROOT / name, *(each / name for each in PACKAGES)) if path.exists()]
        if not places:
            raise SystemExit(f"there is no module {name}")
        found += sorted(places[0].rglob("*.py")) if places[0].is_dir() else places[:1]
    return [path.relative_to(ROOT) for path in found if path.name != "__init__.py"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.mutations", description=__doc__)
    parser.add_argument("modules", nargs="+", help="core/plan.py, core, indexer/rows, ...")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=100, help="breaks of each module")
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args()
    bounds = Bounds(seed=options.seed, most=options.most, until=CLOCK.monotonic() + 60 * options.minutes)
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        copied = Copy(Path(folder))
        unnoticed = [
            each for module in _modules(options.modules) for each in survivors(copied, module, bounds)
        ]
    print(f"{len(unnoticed)} breaks that no test noticed")


if __name__ == "__main__":
    main()
