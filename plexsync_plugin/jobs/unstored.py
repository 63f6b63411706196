"""The mark that an edit could not be stored, for whoever can write again: then all scenes are compared.

It is an empty file, which a full disk still takes; where even that is refused (read-only, another's folder), one in the operating
system's folder for temporary files. Standard library alone: a hook that fails imports this.
"""

import os
import zlib

from plexsync_plugin.base.paths import DataFolder


def places(folder: DataFolder) -> "list[str]":
    """Where the mark can be, the best place first."""
    import tempfile  # noqa: PLC0415 - a hook that can write needs none of it

    found = [os.path.join(folder.queue, "unstored")]
    name = f"plexsync-{zlib.crc32(folder.root.encode('utf-8', 'surrogateescape')):08x}.unstored"
    try:  # noqa: SIM105 - contextlib would be imported for it
        found.append(os.path.join(tempfile.gettempdir(), name))
    except OSError:  # no folder for temporary files takes anything either
        pass
    return found


def mark(folder: DataFolder) -> bool:
    """False where it can be left nowhere."""
    return any(_left(path) for path in places(folder))


def _left(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o600))
        os.utime(path)  # another mark than the one that was seen before
    except OSError:
        return False
    return True


def seen(folder: DataFolder) -> "tuple[int, ...]":
    """When marks were left, in nanoseconds, the latest of each place; empty where there is none."""
    found = []
    for path in places(folder):
        try:
            found.append(os.lstat(path).st_mtime_ns)
        except OSError:
            continue
    return tuple(found)


def clear(folder: DataFolder) -> None:
    """What was marked is made good. A mark that cannot be removed stays what it was: seen."""
    for path in places(folder):
        try:  # noqa: SIM105 - contextlib would be imported for it
            os.remove(path)
        except OSError:
            pass
