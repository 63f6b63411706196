"""Ask Plex to scan the folder of a file that it does not show (setting scan_plex), once per folder and day."""

import logging
import sqlite3
from collections.abc import Sequence

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import Rejected
from plexsync_plugin.core.model import File, Section
from plexsync_plugin.core.pathmap import depth_below, folder_of, levelled, spellings
from plexsync_plugin.jobs.folder_scans import FolderScanStore
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.worker.finding.finder import Finder

EVERY = 86_400.0  # seconds

_log = logging.getLogger(__name__)


class FolderScans:
    def __init__(
        self,
        gateway: PlexGateway,
        finder: Finder,
        connection: sqlite3.Connection,
        server: str,
        clock: Clock,
    ) -> None:
        """`server` is the machine identifier."""
        self._gateway = gateway
        self._finder = finder
        self._asked = FolderScanStore(connection)
        self._server = server
        self._clock = clock

    def ask_for(self, files: Sequence[File]) -> bool:
        """Ask Plex to scan the files' folders. True when it was asked just now for one of them at least.

        Raises what the gateway raises, except when Plex refuses the scan itself.
        """
        asked = [self._ask(file) for file in files]
        return any(asked)

    def _ask(self, file: File) -> bool:
        home = self._home(file)
        if home is None:
            _log.debug("no library of Plex holds the folder of %s", file.path)
            return False
        section, folder = home
        if self._asked_lately(levelled(folder)):
            return False
        for spelling in spellings(folder):  # only one of them exists on Plex's side, and we cannot know which
            self._scan(section, spelling)
        self._remember(levelled(folder))
        return True

    def _scan(self, section: Section, folder: str) -> None:
        try:
            self._gateway.scan_folder(section.key, folder)
        except Rejected as error:
            _log.warning("scan of %s in section %d refused: %s", folder, section.key, error)
        else:
            _log.info("scan asked for section=%d folder=%s", section.key, folder)

    def _home(self, file: File) -> tuple[Section, str] | None:
        """The section with a folder above the best place that the file may have in Plex, and that place's own
        folder."""
        for place in self._finder.wanted(file).places:
            depths = [
                (depth, section)
                for section in self._finder.sections()
                for location in section.locations
                if (depth := depth_below(place.path, location)) is not None
            ]
            if depths:
                return max(depths, key=lambda found: found[0])[1], folder_of(place.path)
        return None

    def _asked_lately(self, folder: str) -> bool:
        asked_at = self._asked.asked_at(self._server, folder)
        # A time in the future means that the clock was set back since.
        return asked_at is not None and 0.0 <= self._clock.now() - asked_at < EVERY

    def _remember(self, folder: str) -> None:
        now = self._clock.now()
        self._asked.forget_before(now - EVERY)
        self._asked.remember(self._server, folder, now)
