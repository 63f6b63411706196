"""Scenes without a Plex item: those that are looked for again, those given up, and those recorded as absent.

Owns what becomes of them together; their rows are `store`'s and `dead_letters`'. They are made due when a listing shows
their file, or Plex tells of it; which ones that are, the worker finds out.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping

from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.model import File
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.missing_files import MissingFiles
from plexsync_plugin.jobs.store import JobStore


class MissingScenes:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._files = MissingFiles(connection)
        self._jobs = JobStore(connection)
        self._letters = DeadLetters(connection)

    def after(self, scene_id: int, limit: int) -> list[int]:
        """The next scenes without an item, by id."""
        return self._jobs.without_item_after(scene_id, limit)

    def remember_files(self, files: Mapping[int, Iterable[File]]) -> None:
        """By scene the files that have no item, so that one which appears in Plex is known."""
        with relaxed(self._connection), transaction(self._connection):
            for scene_id, lacking in files.items():
                self._files.put(scene_id, lacking)

    def has_files(self) -> bool:
        """Whether any file may be waited for."""
        return self._files.any()

    def files_named(self, names: Collection[str]) -> list[tuple[int, File]]:
        """Files with one of these names (`core.pathmap.name_key`) that had no item, each with its scene."""
        return self._files.named(names)

    def wake(self, scene_ids: Iterable[int], now: float) -> int:
        """Due now, as if never looked for; a scene that has an item, or is due anyway, is left alone."""
        with transaction(self._connection):
            woken = self._jobs.wake_without_item(scene_ids, now)
            self._letters.drop_all_revived()
        return woken

    def wake_for_settings(self, now: float) -> int:
        """The settings that matching goes by have changed: every scene without an item, or with several, is due."""
        with transaction(self._connection):
            woken = self._jobs.wake_unmatched(now)
            self._letters.drop_all_revived()
        return woken
