"""Puts a database that cannot be used aside: it keeps its folder and gets a dated name. Standard library alone."""

import contextlib
import os
import time

KEPT = 3  # of each file; a failing disk must not fill itself with copies
SIDE_FILES = ("-wal", "-shm", "-journal")


def name_aside(path: str, now: float, *, word: str = "damaged") -> str:
    """What the file would be called by `put_aside`, for who has to write that down first."""
    return _free_name(f"{path}.{word}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}")


def put_aside(path: str, now: float, *, word: str = "damaged") -> str:
    """Returns the new path. What SQLite keeps beside the file goes along: it belongs to this file alone. `now` in epoch seconds.

    Raises OSError: on Windows while any program has it open.
    """
    aside = name_aside(path, now, word=word)
    os.replace(path, aside)
    for ending in SIDE_FILES:
        with contextlib.suppress(FileNotFoundError):
            os.replace(path + ending, aside + ending)
    _drop_oldest(path, word)
    return aside


def _free_name(wanted: str) -> str:
    name, number = wanted, 1
    while os.path.lexists(name):
        number += 1
        name = f"{wanted}-{number}"
    return name


def _drop_oldest(path: str, word: str) -> None:
    folder, begin = os.path.dirname(path), f"{os.path.basename(path)}.{word}-"
    found = sorted(
        name for name in os.listdir(folder) if name.startswith(begin) and not name.endswith(SIDE_FILES)
    )
    for name in found[:-KEPT]:
        for ending in ("", *SIDE_FILES):
            with contextlib.suppress(OSError):  # a folder in the file's place stays
                os.remove(os.path.join(folder, name + ending))
