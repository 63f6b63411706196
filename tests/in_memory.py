"""Where tests put the many files that need no real disk: no kill of a process asks what is on it."""

import os
import shutil

MEMORY = "/dev/shm"  # Linux has it; in a container it may be small
ENOUGH = 2_000_000_000  # bytes: what all tests have at a time is a tenth of it


def memory_folder() -> str | None:
    """None: the system's folder for temporary files serves."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH:
        return None
    return MEMORY
