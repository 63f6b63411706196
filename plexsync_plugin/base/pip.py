"""Fill a folder with the packages of our locks by pip: wheels alone, each checked against its hash. Standard library alone.

Where a folder `wheels` lies in the plugin's folder, pip takes them from there, without a network; only if that fails it asks
the package index. Everything it says is kept in `log/pip.log`.
"""

import contextlib
import logging
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence

from plexsync_plugin.base.child import Ended, run_python
from plexsync_plugin.base.requirements import OPTIONAL, lock_file, needed, requirements
from plexsync_plugin.base.spawn import PLUGIN_FOLDER

PATIENCE = 1_200.0  # seconds; compiled wheels of some 20 MB over a slow line
WHEELS = os.path.join(PLUGIN_FOLDER, "wheels")

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")  # of a private package index
_log = logging.getLogger(__name__)


def fill(target: str, log_path: str, *, pictures: bool = False) -> str:
    """What kept pip from filling the folder, "" for nothing. `pictures`: with Pillow, else with all that is needed."""
    reason = ""
    for source in _sources():
        ended = _run([*arguments(target, pictures=pictures), *source], os.path.dirname(target), log_path)
        if ended.well:
            return ""
        reason = _reason(ended)
    return reason


def arguments(target: str, *, pictures: bool = False) -> list[str]:
    """What follows `python`: also what a person is told to type."""
    words = ["-m", "pip", "install", "--only-binary", ":all:", "--target", target]
    lock = lock_file(pictures=pictures)
    if lock is not None:
        return [*words, "--require-hashes", "-r", lock]
    # A Python that came after this PlexSync: the bounds have to do.
    optional = [need for need in requirements() if need.name in OPTIONAL]
    return [*words, *(need.text for need in (optional if pictures else needed()))]


def typed(words: Sequence[str]) -> str:
    """A command as it is typed in this system's shell."""
    command = [sys.executable, *words]
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def _sources() -> Iterator[list[str]]:
    if os.path.isdir(WHEELS) and any(name.endswith(".whl") for name in os.listdir(WHEELS)):
        yield ["--no-index", "--find-links", WHEELS]
    yield []


def _run(words: list[str], folder: str, log_path: str) -> Ended:
    words = [*words, "--no-input", "--no-user", "--disable-pip-version-check", "--no-warn-script-location"]
    _log.info("running %s", typed(words))
    ended = run_python(words, patience=PATIENCE, folder=folder, together=True)
    text = _CREDENTIALS.sub("***@", ended.output)
    _keep(log_path, f"{typed(words)}\n{text}ended with {ended.code}\n\n")
    _log.info("pip ended with %s; see %s", ended.code, log_path)
    return Ended(code=ended.code, output=text, errors="")


def _keep(path: str, text: str) -> None:
    with contextlib.suppress(OSError):  # a log that cannot be written is no reason to go without packages
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(text)


def _reason(ended: Ended) -> str:
    if ended.code is None:
        return f"pip did not end within {PATIENCE / 60:.0f} minutes"
    lines = [line.strip() for line in ended.output.splitlines() if line.strip()]
    if any("No module named pip" in line for line in lines):
        return "this Python has no pip; install it with the system's package manager (python3-pip, py3-pip)"
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["pip said nothing"])[-1].rstrip(".")
