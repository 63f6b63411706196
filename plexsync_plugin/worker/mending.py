"""What becomes of a worker whose own files cannot be used: it waits, or makes them anew, and goes on.

The worker's parts end by what their connection raised; here it is told which file that was, what is lost, and when the worker is put
together again. Standard library alone, as `entry` is.
"""

import contextlib
import logging
import os
import shutil
import sqlite3

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.base.file_trouble import FileTrouble, trouble_of
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.paths import DataFolder, file_id
from plexsync_plugin.jobs import salvage, unstored
from plexsync_plugin.jobs.state import try_to_write
from plexsync_plugin.worker.waiting import Waiting

LOOK_EVERY = 5.0  # seconds, at what is locked or full
AT_REST = 60.0  # seconds between two new files, so that a failing disk is not busy with them
ROOM = 256 * 1024  # bytes that can be written before it goes on
SHORT_LIFE = 60.0  # seconds; who meets a full disk again so soon needs more room than there was
# Seconds after which it is tried all the same, for a limit that no number tells of, such as a quota; twice as many each time.
SHORTEST_WAIT, LONGEST_WAIT = 30.0, 600.0

_log = logging.getLogger(__name__)


class Mending:
    def __init__(self, folder: DataFolder, waiting: Waiting, clock: Clock) -> None:
        self._folder = folder
        self._waiting = waiting
        self._clock = clock
        self._next_salvage = 0.0  # monotonic
        self._went_on = -SHORT_LIFE  # monotonic, with so many bytes free
        self._free = 0
        self._at_most = 0.0  # seconds

    def mend(self, error: Exception) -> bool:
        """True once the worker can be put together again; False when Stash has gone meanwhile. Raises the error where it says nothing
        of our files."""
        trouble = trouble_of(error)
        if trouble is None and not isinstance(error, DatabaseError):
            raise error
        _log.warning("own files: %s %s", trouble.value if trouble else "refused", error)
        if trouble is FileTrouble.DAMAGED:
            return self._make_anew()
        if trouble is None:
            self._waiting.tell(str(error))
            return self._waiting.wait()
        if trouble is FileTrouble.LOCKED:
            return self._wait_until_free(
                f"{self._folder.state} is kept locked by another program, perhaps a backup or a viewer of databases. PlexSync waits for "
                "it; edits are kept meanwhile.",
                "PlexSync's database is free again, and PlexSync goes on.",
            )
        return self._wait_for_room(error)

    def _make_anew(self) -> bool:
        if self._clock.monotonic() < self._next_salvage and not self._waiting.wait(
            self._next_salvage - self._clock.monotonic()
        ):
            return False
        self._next_salvage = self._clock.monotonic() + AT_REST
        try:
            made = salvage.replace_damaged(self._folder.state, self._clock.now())
        except (OSError, sqlite3.Error, DatabaseError) as hindrance:
            self._waiting.tell(
                f"{self._folder.state} is damaged, and cannot be put aside and made anew: {hindrance}. PlexSync tries again."
            )
            return self._waiting.wait()
        _log.error("%s", made.sentence)  # the new file holds it as a notice
        return True

    def _wait_for_room(self, error: Exception) -> bool:
        unstored.mark(self._folder)
        reason = getattr(error, "strerror", None) or error
        needed, longer = 0, 0.0
        if self._clock.monotonic() - self._went_on < SHORT_LIFE:
            needed, longer = self._free + ROOM, 2 * self._at_most  # what there was then was too little
        self._at_most = min(max(SHORTEST_WAIT, longer), LONGEST_WAIT)
        if self._wait_until_free(
            f"PlexSync cannot write to its folder {self._folder.root}: {reason}. Make room, or make it writable again. Edits of this time "
            "are found by comparing all scenes then.",
            "PlexSync can write to its folder again, and goes on.",
            needed,
        ):
            unstored.mark(self._folder)
            self._went_on, self._free = self._clock.monotonic(), self._room()
            return True
        return False

    def _room(self) -> int:
        try:
            return shutil.disk_usage(self._folder.root).free
        except OSError:
            return 0

    def _wait_until_free(self, sentence: str, afterwards: str, needed: int = 0) -> bool:
        """`needed`: bytes that are to be free."""
        self._waiting.tell(sentence)
        at_last = self._clock.monotonic() + self._at_most
        while True:
            if not self._waiting.wait(LOOK_EVERY):
                return False
            if needed and self._room() < needed and self._clock.monotonic() < at_last:
                continue
            hindrance = self._hindrance()
            if hindrance is None or trouble_of(hindrance) is FileTrouble.DAMAGED:
                self._waiting.over(afterwards)
                return True
            _log.info("own files: %s", hindrance)

    def _hindrance(self) -> Exception | None:
        """What still keeps the folder from being written to, by writing to it."""
        path = os.path.join(self._folder.queue, "room")
        try:
            with open(path, "wb", opener=_private) as file:
                file.write(bytes(ROOM))
                file.flush()
                os.fsync(file.fileno())
            if os.path.exists(self._folder.state):
                try_to_write(self._folder.state, LOOK_EVERY)
        except (OSError, sqlite3.Error, DatabaseError) as error:
            return error
        finally:
            with contextlib.suppress(OSError):
                os.remove(path)
        return None

    # --- files that were replaced --------------------------------------------------------------------------------

    def follow(self, lock: FileLock) -> FileLock | None:
        """The lock of the folder that is there now; None where there is none any more, or another worker serves it."""
        folder = self._folder
        if not os.path.isdir(folder.root):
            self._waiting.tell(f"PlexSync's folder {folder.root} was deleted, so its worker ends.")
            return None
        folder.make()
        for handler in logging.getLogger().handlers:
            handler.close()  # it opens the file of that name again
        taken = lock
        if lock.descriptor is None or file_id(folder.worker_lock) != _id_of(lock.descriptor):
            lock.release()
            taken = FileLock(folder.worker_lock)
            if not taken.try_acquire():
                self._waiting.tell(
                    f"PlexSync's files in {folder.root} were replaced, and another worker serves those that are there now; this one ends."
                )
                return None
        unstored.mark(folder)
        self._waiting.tell(
            f"PlexSync's files in {folder.root} were replaced while it ran, perhaps from a backup. It goes on with those that are there "
            "now, and compares all scenes. What only the others held, such as what Undo needs for later edits, is not known any more."
        )
        return taken


def _id_of(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return (found.st_dev, found.st_ino)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
