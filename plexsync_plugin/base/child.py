"""Run a Python of our own to its end: pip, the proof of the imports, the question to PythonDepManager.

Nobody else's code gets in by lying about (facts: `-P` keeps the current folder out of the import path, PYTHONPATH holds what
our own has kept of it), nobody else may write to what it writes, and it ends with all it started when its time is up.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OPEN_TO_READ = 0o022  # umask: others read what is installed, and nobody but us writes it
# pip refuses --target beside these, and an API key is nothing for it.
_LEFT_OUT = (
    "PYTHONPATH",
    "PIP_USER",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_TARGET",
    "PIP_REQUIRE_VIRTUALENV",
    "STASH_API_KEY",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """`code` None: its time was up. A negative one names the signal that ended it (POSIX)."""

    code: int | None
    output: str
    errors: str

    @property
    def well(self) -> bool:
        return self.code == 0


def run_python(
    arguments: Sequence[str], *, document: str = "", patience: float, folder: str, together: bool = False
) -> Ended:
    """`folder` is where it works, `patience` its time in seconds; `together`: what it says on both streams, in order.
    Raises OSError where it cannot be started."""
    process = subprocess.Popen(
        [sys.executable, "-P", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if together else subprocess.PIPE,
        cwd=folder,
        env=environment(os.environ),
        encoding="utf-8",
        errors="replace",
        **_apart(),
    )
    try:
        output, errors = process.communicate(document, timeout=patience)
    except subprocess.TimeoutExpired:
        _end(process)
        output, errors = process.communicate()
        return Ended(code=None, output=output, errors=errors or "")
    except BaseException:  # Ctrl-C at the command line: it would go on alone
        _end(process)
        raise
    return Ended(code=process.returncode, output=output, errors=errors or "")


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Of the child, and of what it starts in turn."""
    kept = {name: value for name, value in ours.items() if name not in _LEFT_OUT}
    entries = [entry for entry in ours.get("PYTHONPATH", "").split(os.pathsep) if entry]
    entries = [entry for entry in map(os.path.abspath, entries) if entry in sys.path]
    if entries:
        kept["PYTHONPATH"] = os.pathsep.join(entries)
    return {**kept, "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}


if sys.platform == "win32":

    def _apart() -> dict[str, Any]:
        return {"creationflags": subprocess.CREATE_NO_WINDOW}

    def _end(process: "subprocess.Popen[str]") -> None:
        process.kill()

else:

    def _apart() -> dict[str, Any]:
        return {"start_new_session": True, "umask": OPEN_TO_READ}

    def _end(process: "subprocess.Popen[str]") -> None:
        with contextlib.suppress(ProcessLookupError):  # it ended by itself in between
            os.killpg(process.pid, signal.SIGKILL)
