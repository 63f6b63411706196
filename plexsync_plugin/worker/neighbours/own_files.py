"""Notices that the worker's own files are others than it holds open: a backup was put back, or the data folder deleted."""

import os

from plexsync_plugin.base.file_trouble import FilesReplaced
from plexsync_plugin.base.paths import DataFolder, file_id


class OwnFiles:
    """Made when the files are open. The inbox is `jobs.drain`'s, which can follow another one by itself."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._held = self._now()

    def look(self) -> None:
        """Three readings of the file system, some microseconds: before each use of a path, so that another worker's spool is never
        taken for ours. Raises FilesReplaced."""
        if self._now() != self._held:
            raise FilesReplaced(f"The files in {self._folder.root} are not those that the worker has open.")

    def _now(self) -> tuple[tuple[int, int], ...]:
        folder = self._folder
        return (
            file_id(folder.worker_lock),
            file_id(folder.state),
            (int(os.path.isdir(folder.spool)), 0),
        )
