"""Starts a simulator's process: forked from a server that has imported the simulators, or, on Windows, from nothing.

Starting Python and importing a simulator takes 0.1 to 0.3 s, which most tests would pay twice; a fork takes 0.02 s.
Either way the child is the module's `main` in a process of its own. Its standard input ends when we do, its standard
output says when it is ready.
"""

import importlib
import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]


class Child(Protocol):
    """A simulator's process."""

    @property
    def pid(self) -> int: ...

    @property
    def exit_code(self) -> int | None: ...

    def first_line(self) -> str:
        """What it says first; "" when it ended without a word."""

    def end(self, seconds: float) -> None:
        """Ask it to end and wait. Kills it after `seconds`, and raises TimeoutError."""

    def kill(self) -> None: ...


class _Forked:
    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.sim.preload"])
        self._ours, theirs = socket.socketpair()
        # daemon: multiprocessing would otherwise wait at our exit for one that a test forgot.
        self._process = context.Process(
            target=_become,
            args=(module, arguments, theirs, _StandardError(), dict(os.environ)),
            daemon=True,
        )
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def first_line(self) -> str:
        with self._ours.makefile("r", encoding="utf-8") as stdout:
            return stdout.readline()

    def end(self, seconds: float) -> None:
        self._ours.close()
        self._process.join(seconds)
        if self._process.is_alive():
            self.kill()
            self._process.join()
            raise TimeoutError(f"the simulator went on for {seconds:.0f} s after its end was asked for")

    def kill(self) -> None:
        self._process.kill()


class _StandardError:
    """Our standard error of this moment, for the child: its server has the one from when it was started."""

    def __reduce__(self) -> Any:
        return _itself, (reduction.DupFd(2),)


def _itself(descriptor: Any) -> Any:
    return descriptor


def _become(
    module: str,
    arguments: Sequence[str],
    stream: socket.socket,
    stderr: Any,
    environment: Mapping[str, str],
) -> None:
    """In the child: what `python -m module arguments` would be, with `stream` as standard input and output."""
    os.dup2(stream.fileno(), 0)
    os.dup2(stream.fileno(), 1)
    os.dup2(stderr.detach(), 2)
    stream.close()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = [module, *arguments]
    importlib.import_module(f"{module}.__main__").main()


class _Spawned:
    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def first_line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def end(self, seconds: float) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            self.kill()
            self._process.wait()
            raise TimeoutError(str(error)) from error
        finally:
            self._process.stdout.close()

    def kill(self) -> None:
        self._process.kill()


def start(module: str, arguments: Sequence[str]) -> Child:
    if sys.platform == "win32":
        return _Spawned(module, arguments)
    return _Forked(module, arguments)
