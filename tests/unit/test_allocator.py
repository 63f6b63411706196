"""`base/allocator.py`: blocks that were freed go back to the system, on glibc; elsewhere the calls do nothing."""

import subprocess
import sys

import pytest

from plexsync_plugin.base import allocator
from tests.sim.process import ROOT

# Frees blocks of 1 MB between small ones that stay: without `keep_little` they remain in the heap after the first.
MEASURED = """
import ctypes
from plexsync_plugin.base import allocator

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
if {asked}:
    allocator.keep_little()
first = library.malloc(8_000_000)
library.free(first)  # from here on glibc takes blocks of that size from the heap, unless it was told not to
before = resident()
large, small = [], []
for _ in range(40):
    block = library.malloc(1_000_000)
    ctypes.memset(block, 1, 1_000_000)
    large.append(block)
    small.append(library.malloc(60_000))
for block in large:
    library.free(block)
print(resident() - before)
"""


def kept(*, asked: bool) -> int:
    """Bytes that a process holds of 40 MB that it has freed."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED.format(asked=asked)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.skipif(allocator._glibc() is None, reason="not glibc")
def test_blocks_when_freed_are_given_back() -> None:
    assert kept(asked=False) > 20_000_000
    assert kept(asked=True) < 5_000_000


@pytest.mark.skipif(allocator._glibc() is not None, reason="glibc")
def test_calls_when_there_is_no_glibc_do_nothing() -> None:
    assert (allocator.keep_little(), allocator.give_back()) == (None, None)  # type: ignore[func-returns-value]
