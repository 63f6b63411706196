"""Notices that the worker's own files are others than it holds open: a backup was put back, or the data folder deleted; or that
plexsync.db was ruined under it, which its own connection would not meet while it goes by what it has read.
"""

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.file_trouble import FilesReplaced
from plexsync_plugin.base.paths import DataFolder, file_id, standing_at
from plexsync_plugin.jobs.state import open_anew, refuse_empty

OPEN_EVERY = 30.0  # seconds


class OwnFiles:
    """Made when the files are open. The inbox is `jobs.drain`'s, which can follow another one by itself."""

    def __init__(self, folder: DataFolder, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._held, _ = self._now()
        self._next_opening = clock.monotonic() + OPEN_EVERY

    def look(self) -> None:
        """Readings of the file system, some microseconds: before each use of a path, so that another worker's spool is never taken
        for ours. Raises FilesReplaced, and what opening a ruined plexsync.db raises: DatabaseError, sqlite3.Error."""
        now, is_sound = self._now()
        if now != self._held:
            raise FilesReplaced(f"The files in {self._folder.root} are not those that the worker has open.")
        if not is_sound:
            refuse_empty(self._folder.state)
        if self._clock.monotonic() >= self._next_opening:
            self._next_opening = self._clock.monotonic() + OPEN_EVERY
            open_anew(self._folder.state)

    def _now(self) -> tuple[tuple[object, ...], bool]:
        """Which files they are, and whether plexsync.db is a file that holds something. One reading each: this is done before each
        write to Plex."""
        state, is_folder, is_emptied = standing_at(self._folder.state)
        _, has_spool, _ = standing_at(self._folder.spool)
        return (file_id(self._folder.worker_lock), state, has_spool), not is_folder and not is_emptied
