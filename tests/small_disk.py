"""Disks that take no more: a small one of its own, where the tests may mount, and a limit on the length of files, anywhere but on
Windows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import resource

MEGABYTE = 1 << 20


def can_mount(folder: Path, size: int) -> bool:
    """Mounts a disk of so many bytes there; False where that is not allowed."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """False where none can be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = can_mount(folder, size)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Until the disk takes not one byte more; returns what fills it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


class Room:
    """Leaves a disk, or each file, so much room. `folder` is a small disk; None stands for a limit on the length of files."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def leave(self, size: int) -> None:
        """In bytes."""
        if self._folder is None:
            _limit_files(size)
            return
        ballast = fill(self._folder)
        os.truncate(ballast, max(0, ballast.stat().st_size - size))

    def give_back(self) -> None:
        if self._folder is None:
            _limit_files(-1)
        else:
            (self._folder / "ballast").unlink(missing_ok=True)


if sys.platform != "win32":

    def _limit_files(size: int) -> None:
        """Of this process. Python has the signal that comes with it ignored, so a write fails with EFBIG."""
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size if size >= 0 else most, most))

else:

    def _limit_files(size: int) -> None:
        raise NotImplementedError("Windows has no such limit")
