"""The packages of the community plugin PythonDepManager, where it is installed (docs/facts/stash.md section 11).

It is asked in a process of its own, because it deletes loaded modules; for the exact versions of our lock, because it reads no
upper bounds; not at all without git, for which it asks first; and what it gives counts once a further process has imported it.
Where it put things is remembered, so that later starts neither ask it nor let it run pip. Standard library alone.
"""

import json
import logging
import os
import shutil
import sys
import tempfile

from plexsync_plugin.base.child import run_python
from plexsync_plugin.base.neighbours import dep_managers
from plexsync_plugin.base.proof import flaw
from plexsync_plugin.base.requirements import canonical, locked_versions, missing, needed

PATIENCE = 1_200.0  # seconds; it runs pip once per package

_log = logging.getLogger(__name__)


def remembered(memory: str) -> list[str]:
    """The folders that held everything when they were last proved, and still do; else none."""
    try:
        with open(memory, encoding="utf-8") as file:
            folders = json.load(file)
    except (OSError, ValueError):
        return []
    if not (isinstance(folders, list) and folders and all(isinstance(each, str) for each in folders)):
        return []
    return folders if not missing([*folders, *sys.path]) else []


def ask(memory: str) -> list[str]:
    """Let it provide the packages; the folders to put before the import path, or none. Raises OSError."""
    beside = list(dep_managers())
    versions = locked_versions()
    if not beside or not versions or not shutil.which("git"):
        return []
    folders, problem = _asked(os.path.dirname(beside[0]), versions, os.path.dirname(memory))
    problem = problem or flaw(needed(), [*folders, *sys.path])
    if problem:
        _log.warning("PythonDepManager cannot provide the packages: %s", problem)
        return []
    _remember(memory, folders)
    return folders


def _asked(beside: str, versions: dict[str, str], folder: str) -> tuple[list[str], str]:
    specs = [f"{need.import_name}:{need.name}=={versions[canonical(need.name)]}" for need in needed()]
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ask_dep_manager.py")
    document = json.dumps({"beside": [beside], "specs": specs})
    _log.info("asking PythonDepManager in %s for %s", beside, " ".join(specs))
    ended = run_python([script], document=document, patience=PATIENCE, folder=folder)
    if ended.code is None:
        return [], f"it did not end within {PATIENCE:.0f} seconds"
    if not ended.well:
        return [], f"it ended with {ended.code}: {ended.errors.strip()[-500:]}"
    try:
        answer = json.loads(ended.output)
    except ValueError:
        return [], f"it wrote over our answer: {ended.output[:200]!r}"
    return answer["folders"], answer["problem"]


def _remember(memory: str, folders: list[str]) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=os.path.dirname(memory), delete=False
    ) as file:
        json.dump(folders, file)
    os.replace(file.name, memory)
