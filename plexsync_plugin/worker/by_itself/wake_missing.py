"""Wakes scenes without a Plex item when a listing shows their file: a new index, or a listing of the libraries.

Looks at the index file's time every few seconds; reads the scenes from Stash, a page a step, so that edits go on between
two steps. Plex is asked for nothing but its sections.
"""

import logging
import os
from collections.abc import Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.core.model import File, Scene
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.missing import MissingScenes
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.scenes.plex_side import PlexSide, ServerSide

LOOK_EVERY = 5.0  # seconds
PAGE = 100  # scenes per query
SEEN = "index_seen"  # the fact that keeps which index was looked through last

_log = logging.getLogger(__name__)


class WakeMissing:
    def __init__(self, path: str, facts: Facts, missing: MissingScenes, clock: Clock) -> None:
        self._path = path
        self._facts = facts
        self._missing = missing
        self._clock = clock
        self._next_look = clock.monotonic()
        self._listed_at = 0.0  # of the listing that was looked through last
        self._passing = ""  # the index that is being looked through
        self._cursor: int | None = None  # the last scene looked at; None between two passes

    def step(self, plex: PlexSide, stash: StashClient) -> bool:
        """True while there is more to look through. Raises what Stash and the gateway raise: it is done again then."""
        if self._cursor is None and not self._begins(plex):
            return False
        ids = self._missing.after(self._cursor or 0, PAGE)
        if ids:
            try:
                plex.learn_rules()
                woken = self._wake(plex.current(), ids, stash.scenes(ids))
            except DatabaseError as error:
                _log.warning("index not looked through: %s", error)
                self._cursor = None
                return False
            _log.info("looked for missing scenes=%d shown=%d", len(ids), woken)
            self._cursor = ids[-1]
            return True
        self._facts.set_fact(SEEN, self._passing)
        self._cursor = None
        return False

    def pause(self, seconds: float) -> None:
        """Begin anew later."""
        self._cursor = None
        self._next_look = self._clock.monotonic() + seconds

    def wake_all(self) -> None:
        """The settings that items are found by have changed: whatever has none, or several, is looked for again."""
        woken = self._missing.wake_for_settings(self._clock.now())
        _log.info("settings changed, due again scenes=%d", woken)

    def _begins(self, plex: PlexSide) -> bool:
        """Whether there is a listing that was not looked through yet."""
        listed_at = plex.listed_at
        if listed_at == self._listed_at and self._clock.monotonic() < self._next_look:
            return False
        self._next_look = self._clock.monotonic() + LOOK_EVERY
        now = _fingerprint(self._path)
        if listed_at == self._listed_at and now == self._facts.fact(SEEN):
            return False
        self._listed_at, self._passing, self._cursor = listed_at, now, 0
        return True

    def _wake(self, side: ServerSide, ids: Sequence[int], scenes: dict[int, Scene]) -> int:
        lacking = {number: _lacking(side, scenes[number]) for number in ids if number in scenes}
        self._missing.remember_files(lacking)
        shown = [
            number for number, files in lacking.items() if any(side.finder.shows(file) for file in files)
        ]
        return self._missing.wake(shown, self._clock.now())


def _lacking(side: ServerSide, scene: Scene) -> list[File]:
    """The scene's files that have no item yet; another file of it may have one."""
    found = {each.path for each in side.records.file_matches(scene.id) if each.found}
    return [file for file in scene.files if file.path not in found]


def _fingerprint(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"
