"""Modules that one operating system alone has are imported behind a question for the platform, or not at all."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROGRAM, python_files
from tests.sim.process import ROOT

ONE_SYSTEM = {"fcntl", "grp", "msvcrt", "posix", "pty", "pwd", "resource", "syslog", "termios", "winreg"}


def unguarded(tree: ast.Module) -> Iterator[str]:
    """Names of such modules imported anywhere but below an `if` that reads sys.platform."""
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in ONE_SYSTEM)
        elif isinstance(node, ast.ImportFrom) and node.module in ONE_SYSTEM:
            yield node.module


@pytest.mark.parametrize("path", python_files(*PROGRAM), ids=str)
def test_no_module_of_one_system_is_imported_when_another_runs(path: Path) -> None:
    assert list(unguarded(ast.parse((ROOT / path).read_bytes()))) == []


def test_import_is_found_when_nothing_guards_it() -> None:
    source = (
        "import os, fcntl\nfrom pwd import getpwnam\nif sys.platform == 'win32':\n    import msvcrt\nelse:\n"
        "    import termios\ndef lock():\n    import resource\n"
    )
    assert sorted(unguarded(ast.parse(source))) == ["fcntl", "pwd", "resource"]
