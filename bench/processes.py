"""Runs a program to its end and says what it took: seconds, processor time and the most memory it held."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.sim.process import ROOT

LIMITS = ROOT / "bench" / "limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """One whole process. `memory` is its peak in MB; None where the system does not tell it."""

    seconds: float
    memory: float | None
    output: str


def run(
    arguments: Sequence[str],
    *,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> Took:
    """Python with these arguments, from start to end. Raises CalledProcessError when it fails, with what it said."""
    began = time.perf_counter()
    with subprocess.Popen(
        [python, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(given)
        child.stdin.close()
        output = child.stdout.read()
        memory = _wait(child)
    seconds = time.perf_counter() - began
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, list(arguments), output)
    return Took(seconds=seconds, memory=memory, output=output.decode())


def run_at_once(arguments: Sequence[str], number: int, *, given: bytes) -> None:
    """So many of the same, all started before the first is waited for. Raises CalledProcessError when one fails."""
    children = [
        subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        for _ in range(number)
    ]
    for child in children:
        child.communicate(given)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, list(arguments))


def limit(name: str, *arguments: str, given: bytes = b"") -> Took:
    """One of the programs in `limits/`."""
    return run([str(LIMITS / f"{name}.py"), *arguments], given=given)


def _wait(child: "subprocess.Popen[bytes]") -> float | None:
    if sys.platform == "win32":
        child.wait()
        return None
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def peak_memory(pid: int) -> float | None:
    """The most that a running process has held so far, in MB; None where /proc does not tell it."""
    return _status(pid, "VmHWM")


def memory(pid: int) -> float | None:
    """What a running process holds now, in MB; None where /proc does not tell it."""
    return _status(pid, "VmRSS")


def _status(pid: int, name: str) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), None)
