"""Text files that are their owner's alone, as they hold what a person keeps in Stash."""

import contextlib
import os
from typing import IO


def open_private(path: str, mode: str) -> IO[str]:
    """`mode` is "w" for a new file in place of what is there, a symbolic link included, or "a" to go on with one.

    Raises OSError, for a symbolic link that is to be gone on with too.
    """
    if mode == "w":
        with contextlib.suppress(FileNotFoundError):
            os.remove(path)
    return open(path, mode, encoding="utf-8", errors="replace", opener=_opener)


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
