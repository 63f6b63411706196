"""Makes good what could not be stored: where hooks left a mark, all scenes are compared."""

import errno
import os
import sys

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs import unstored
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.orders.orders import Orders

LOOK_EVERY = 10.0  # seconds, at the disk
REST = 10.0  # seconds between two comparisons, where hooks may not write and the worker may: each of their edits leaves a mark
SAY_AGAIN = 600.0  # seconds
LEAST_ROOM = 64 * 1024  # bytes; with less, some edit soon cannot be stored


class UnstoredEdits:
    def __init__(self, folder: DataFolder, orders: Orders, notices: Notices, clock: Clock) -> None:
        self._folder = folder
        self._orders = orders
        self._notices = notices
        self._clock = clock
        self._made_good: tuple[int, ...] = ()
        self._next_look = self._next_order = self._next_sentence = 0.0  # monotonic

    def look(self) -> None:
        """Raises OSError where the disk takes nothing: a worker at rest writes nothing, and would not notice before a hook does."""
        now = self._clock.monotonic()
        marks = unstored.seen(self._folder) if now >= self._next_order else ()
        if marks and marks != self._made_good:
            self._next_order = now + REST
            self._make_good(max(marks), now)
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY
            look_at_disk(self._folder.root)

    def _make_good(self, mark: int, now: float) -> None:
        self._orders.give("reconcile", {}, ticket=f"unstored:{mark}")
        if now >= self._next_sentence:
            self._next_sentence = now + SAY_AGAIN
            self._notices.mention(
                "warning",
                "Edits could not be stored while nothing could be written. All scenes are compared now.",
            )
        unstored.clear(self._folder)
        self._made_good = unstored.seen(self._folder)  # what could not be removed


if sys.platform == "win32":

    def look_at_disk(folder: str) -> None:
        """What cannot be written is noticed by writing."""

else:

    def look_at_disk(folder: str) -> None:
        """Raises OSError for a disk that is full or was made read-only. Nothing is written: disks of a NAS sleep."""
        found = os.statvfs(folder)
        if found.f_flag & os.ST_RDONLY:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), folder)
        if found.f_blocks and found.f_bavail * found.f_frsize < LEAST_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)
