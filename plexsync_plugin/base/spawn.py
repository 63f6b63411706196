"""Make sure that a worker runs: one detached process per data folder. Standard library alone.

The worker inherits the lock's descriptor (POSIX), so exactly one starts however many hooks race. It inherits none
of Stash's pipes: Stash reads a plugin's output to its end, and a child that holds it would block the save
(docs/facts/stash.md section 3). The connection goes through a pipe, never through argv or the environment.
"""

import os
import sys

from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.quick_json import dumps

TYPE_CHECKING = False  # importing typing for it costs the hook milliseconds
if TYPE_CHECKING:
    from typing import Any

PLUGIN_FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START = os.path.join(PLUGIN_FOLDER, "plexsync_plugin", "start.py")


def ensure_worker(folder: DataFolder, connection: "dict[str, Any]") -> bool:
    """Start a worker unless one runs; True when it started one. Raises OSError."""
    lock = FileLock(folder.worker_lock)
    if not lock.try_acquire():
        return False
    if sys.platform == "win32":
        lock.release()  # the lock cannot be handed on; the worker takes it as its first act
        _start_windows(_document(connection, None), folder.root)
    else:
        _start_posix(_document(connection, lock.descriptor), folder.root, lock.descriptor)
        lock.forget()
    return True


def _document(connection: "dict[str, Any]", descriptor: "int | None") -> bytes:
    return dumps({"server_connection": connection, "worker": {"lock": descriptor}}).encode("utf-8")


def command() -> "list[str]":
    return [sys.executable, START, "worker"]


if sys.platform == "win32":

    def _start_windows(document: bytes, cwd: str) -> None:
        import subprocess  # noqa: PLC0415 - 6 ms that only the hook that starts a worker pays

        flags = (
            subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        )
        process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=cwd,
            creationflags=flags,
        )
        assert process.stdin is not None  # PIPE was asked for
        process.stdin.write(document)
        process.stdin.close()

else:

    def _start_posix(document: bytes, cwd: str, keep: "int | None") -> None:
        # fork and exec by hand: `subprocess` would add 6 ms to the hook, whose process has one thread.
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                os.close(writer)
                _become_worker(reader, cwd, keep)
            finally:
                os._exit(127)
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(document)

    def _become_worker(stdin: int, cwd: str, keep: "int | None") -> None:
        os.setsid()
        os.chdir(cwd)
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(stdin, 0)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        _close_others(keep)
        if keep is not None:
            os.set_inheritable(keep, True)
        os.execv(sys.executable, command())

    def _close_others(keep: "int | None") -> None:
        """Close every open descriptor but these. It asks which are open: Docker allows a thousand million numbers."""
        try:
            numbers = [int(name) for name in os.listdir("/dev/fd")]
        except OSError:
            return  # Python's own descriptors do not outlive the exec anyway
        for number in numbers:
            if number > 2 and number != keep:
                try:
                    os.close(number)
                except OSError:
                    continue  # the listing's own descriptor
