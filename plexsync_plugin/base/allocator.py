"""How the C library keeps memory that was freed: asked to keep little, where it is glibc; elsewhere nothing is done.

glibc gives each thread an arena of its own, and after the first large block that is freed takes blocks of that size from
the arenas too, where they leave holes. A program that takes megabytes apart in several threads then holds several times
what it uses. Its environment variables work only when set before a process starts; `mallopt` works from inside.
"""

import ctypes
import sys
from typing import Any

# From glibc's malloc.h, where they are promised (mallopt(3)).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
LARGE = 128 * 1024  # bytes; a block from this size on is given back when it is freed


def keep_little() -> None:
    """For the whole process, from now on. Best before threads are started: the arenas that they have stay."""
    library = _glibc()
    if library is not None:
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, LARGE)
        library.mallopt(_TRIM_THRESHOLD, LARGE)


def give_back() -> None:
    """All that is free now. Takes some milliseconds."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> Any:
    """None where another library serves: musl gives large blocks back by itself, and the others have no such call."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
