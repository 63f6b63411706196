"""Imports go one way (docs/architecture.md): the contracts of import-linter, and what it cannot see."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import (
    CODE,
    PROGRAM,
    imports,
    is_within,
    module_name,
    python_files,
)
from tests.sim.process import ROOT

OWNERS = {
    "plexapi": "plexsync_plugin.plex",
    "stashapi": "plexsync_plugin.stash.client",
    "persistqueue": "plexsync_plugin.jobs.drain",
}
INDEXER_MAY_USE = ("indexer", "plexsync_plugin.base", "plexsync_plugin.core", "plexsync_plugin.plex")
INDEXER_USERS = (
    "indexer",
    "plexsync_plugin.tasks.index",
    "plexsync_plugin.answers.page.search",
    "plexsync_plugin.answers.page.posters",
    "plex_sync",
)
IMPURE = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "open",
    "print",
    "input",
}


def test_contracts_of_import_linter_are_kept() -> None:
    script = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([str(script), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    assert " 0 broken." in result.stdout


@pytest.mark.parametrize(("package", "owner"), OWNERS.items())
def test_package_is_imported_by_its_owner_alone(package: str, owner: str) -> None:
    users = {
        module_name(path)
        for path in python_files(*PROGRAM)
        if any(is_within(name, package) for name in imports(path))
    }
    assert users, f"nobody imports {package}"
    assert [user for user in users if not is_within(user, owner)] == []


def test_indexer_uses_base_core_and_plex_alone() -> None:
    wrong = [
        f"{path} imports {name}"
        for path in python_files("indexer")
        for name in imports(path)
        if is_within(name, "plexsync_plugin") and not any(is_within(name, each) for each in INDEXER_MAY_USE)
    ]
    assert wrong == []


def test_indexer_is_imported_by_its_ways_in_alone() -> None:
    users = {
        module_name(path)
        for path in python_files(*PROGRAM)
        if any(is_within(name, "indexer") for name in imports(path))
    }
    assert [user for user in users if not any(is_within(user, each) for each in INDEXER_USERS)] == []
    assert {"plexsync_plugin.tasks.index", "plex_sync"} <= users


def test_program_imports_no_tests() -> None:
    wrong = [
        f"{path} imports {name}"
        for path in python_files(*PROGRAM)
        for name in imports(path)
        if is_within(name, "tests") or is_within(name, "bench")
    ]
    assert wrong == []


def calls(path: Path) -> set[str]:
    """Dotted names of everything called, with imported names in full."""
    tree = ast.parse((ROOT / path).read_bytes())
    full = {name.rpartition(".")[2]: name for name in imports(path)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, dot, rest = ast.unparse(node.func).partition(".")
            found.add(f"{full.get(first, first)}{dot}{rest}")
    return found


def test_core_neither_looks_at_the_clock_nor_rolls_dice_nor_reads_files() -> None:
    """A generator passed in is fine; the module's own functions share hidden state."""
    files = python_files("plexsync_plugin")
    wrong = [
        f"{path} calls {name}"
        for path in files
        if path.parts[1] == "core"
        for name in calls(path)
        if name in IMPURE or name.startswith(("random.", "time.", "os.", "logging."))
    ]
    assert wrong == []


def test_calls_are_found_in_full() -> None:
    """The test above rests on it."""
    assert "random.Random" in calls(Path("plexsync_plugin/worker/app.py"))
    assert "time.time" in calls(Path("plexsync_plugin/base/clock.py"))


def test_no_module_has_the_name_of_a_standard_one() -> None:
    """The plugin's folder stands before the standard library in sys.path; a `queue` would break requests."""
    tops = {path.parts[0].removesuffix(".py") for path in python_files(*CODE)}
    beside_start = {path.stem for path in python_files("plexsync_plugin") if len(path.parts) == 2}
    assert (tops | beside_start) & set(sys.stdlib_module_names) == set()
