"""What the hook, *wake* and *say* import: the standard library alone, and of it no more than json and sqlite3 do themselves.

What the page inside Stash asks every few seconds imports no package either.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plexsync_plugin.answers.page.operations import OPERATIONS
from tests.hook_runs import PATIENCE, START, HookFolder, environment, hook_document

LOCKING = "msvcrt" if sys.platform == "win32" else "fcntl"
ALLOWED = f"import json, os, sqlite3, sys, time, zlib, {LOCKING}"
BANNED = {
    "asyncio", "dataclasses", "email", "http", "logging", "pathlib", "persistqueue", "plexapi", "pydantic", "requests",
    "socket", "ssl", "stashapi", "subprocess", "typing", "urllib",
}  # fmt: skip
OURS = {
    "indexer",  # the empty package: so that its modules are found when the plugin's folder is no longer searched
    "plexsync_plugin",
    "plexsync_plugin.base",
    "plexsync_plugin.base.clock",
    "plexsync_plugin.base.folder_owner",
    "plexsync_plugin.base.lock",
    "plexsync_plugin.base.paths",
    "plexsync_plugin.base.quick_json",
    "plexsync_plugin.base.spawn",
}
HOOK = {"plexsync_plugin.hook", "plexsync_plugin.jobs", "plexsync_plugin.jobs.inbox"}
OPERATION = {
    "plexsync_plugin.operation",
    "plexsync_plugin.base.shown_text",
    "plexsync_plugin.base.stashlog",
}


@pytest.fixture
def hooks(tmp_path: Path) -> Iterator[HookFolder]:
    folder = HookFolder(tmp_path)
    yield folder
    folder.close()


def imported(arguments: list[str], document: bytes, data: Path) -> tuple[set[str], bytes]:
    """The modules that were imported from outside the interpreter's start, and standard output."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        input=document,
        capture_output=True,
        env=environment(data),
        timeout=PATIENCE,
        check=True,
    )
    lines = result.stderr.decode("utf-8", "replace").splitlines()
    names = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    return names, result.stdout


def operation(name: str) -> bytes:
    document = json.loads(hook_document())
    document["args"] = {"operation": name, "level": "info", "text": "said"}
    return json.dumps(document).encode()


CASES = {
    "hook": (hook_document(), OURS | HOOK),
    "wake": (operation("wake"), OURS | OPERATION),
    "say": (operation("say"), OURS | OPERATION),
}


@pytest.mark.parametrize(("document", "ours"), CASES.values(), ids=CASES)
def test_entry_imports_nothing_beyond_the_allowed(hooks: HookFolder, document: bytes, ours: set[str]) -> None:
    found, output = imported([str(START)], document, hooks.root)
    assert json.loads(output)["error"] is None
    allowed, _ = imported(["-c", ALLOWED], b"", hooks.root)
    assert {name for name in found if name.startswith(("plexsync_plugin", "indexer"))} == ours
    assert found - ours - allowed == set()


def test_what_is_allowed_holds_nothing_slow(hooks: HookFolder) -> None:
    start, _ = imported(["-c", "pass"], b"", hooks.root)
    allowed, _ = imported(["-c", ALLOWED], b"", hooks.root)
    tops = {name.partition(".")[0] for name in allowed - start}
    assert "sqlite3" in tops
    assert tops & BANNED == set()
    assert tops - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_of_the_page_imports_no_package_and_nothing_of_worker_and_tasks(
    hooks: HookFolder, name: str
) -> None:
    document = json.loads(operation(name))
    document["args"] |= {"id": 1, "ticket": "x", "q": "a", "keys": [1], "args": {"dry": True}}
    document["args"]["name"] = "rule"
    found, output = imported([str(START)], json.dumps(document).encode(), hooks.root)
    assert json.loads(output)["error"] is None
    tops = {each.partition(".")[0] for each in found}
    assert (
        tops & {"plexapi", "pydantic", "requests", "persistqueue", "stashapi", "subprocess", "ssl"} == set()
    )
    heavy = ("plexsync_plugin.worker", "plexsync_plugin.tasks", "plexsync_plugin.stash")
    assert [each for each in found if each.startswith(heavy)] == []
    assert name == "search" or not [each for each in found if each.startswith("indexer.")]
