"""A task of Stash's task page as a process of the worker's own, fed with the document that Stash writes for it.

What it writes is kept in nameless files beside the worker's log, which need no room in the system's folder for temporary files and go
with the process: so its length has no limit, and nobody has to read it while the task runs.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import IO, Any

from plexsync_plugin.base import spawn
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.stash.connection import StashConnection

SHOWN = ("i", "w", "e")  # levels of Stash's log that a person is told


class TaskChild:
    """Runs from the moment it is made. Raises OSError where the system gives no file or no process."""

    def __init__(
        self, folder: DataFolder, connection: StashConnection, args: Mapping[str, Any], *, keeps_lines: bool
    ) -> None:
        document = json.dumps({"server_connection": connection.document(), "args": args}).encode()
        with contextlib.ExitStack() as undone:
            beside = os.path.dirname(folder.log)
            self._output = undone.enter_context(tempfile.TemporaryFile(dir=beside))
            self._lines = undone.enter_context(tempfile.TemporaryFile(dir=beside)) if keeps_lines else None
            self._process = subprocess.Popen(
                [sys.executable, spawn.START],
                stdin=subprocess.PIPE,
                stdout=self._output,
                stderr=self._lines or subprocess.DEVNULL,
            )
            self._files = undone.pop_all()
        assert self._process.stdin is not None  # PIPE was asked for
        # One that has ended already says so by its code.
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            pipe.write(document)

    @property
    def pid(self) -> int:
        return self._process.pid

    def code(self) -> int | None:
        """None while it runs; reaps it, too."""
        return self._process.poll()

    def end(self) -> int:
        """Kill it where it still runs. Its code."""
        if self._process.poll() is None:
            self._process.kill()
        return self._process.wait()

    def answer(self) -> dict[str, Any]:
        """What start.py wrote, when it has ended: `output` or `error`. Empty when it was killed."""
        self._output.seek(0)
        try:
            answer = json.loads(self._output.read())
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}

    def lines(self) -> list[str]:
        """Of Stash's log, as base.stashlog writes them; none where they were not kept."""
        return _shown(self._lines) if self._lines is not None else []

    def close(self) -> None:
        self._files.close()


def _shown(file: IO[bytes]) -> list[str]:
    file.seek(0)
    found = []
    for line in file.read().decode("utf-8", "replace").splitlines():
        level, mark, text = line[1:2], line[2:3], line[3:]
        if line[:1] == "\x01" and mark == "\x02" and level in SHOWN:
            found.append(text)
    return found
