"""When the inbox is drained: at once when its file has changed, and every `poll_interval` seconds whatever the file says."""

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.worker.by_itself.unstored_edits import UnstoredEdits
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.own_files import OwnFiles
from plexsync_plugin.worker.neighbours.stash_session import StashSession

WITHOUT_SETTINGS = 30.0  # seconds
LOCKED = "inbox_locked"  # the cause of the notice


class InboxDrain:
    def __init__(
        self,
        drain: Drain,
        stash: StashSession,
        notices: Notices,
        files: OwnFiles,
        unstored: UnstoredEdits,
        clock: Clock,
    ) -> None:
        self._drain = drain
        self._files = files
        self._unstored = unstored
        self._stash = stash
        self._notices = notices
        self._clock = clock
        self._next_run = 0.0  # monotonic

    def look(self) -> int:
        """Drain what there is, if it is time to or something came. The number of rows."""
        self._files.look()
        self._unstored.look()
        self._tell_lock()
        now = self._clock.monotonic()
        if now >= self._next_run:  # where nothing wakes us: network file systems
            settings = self._stash.settings
            interval = settings.poll_interval if isinstance(settings, Settings) else WITHOUT_SETTINGS
            self._next_run = now + interval
            return self._drain.run()
        return self._drain.run_if_woken()

    def run(self) -> int:
        """Drain now; the number of rows."""
        self._files.look()
        return self._drain.run()

    def run_if_woken(self) -> int:
        self._files.look()  # first: another worker's spool is not ours to drain
        return self._drain.run_if_woken()

    def resume(self) -> None:
        self._drain.resume()

    def _tell_lock(self) -> None:
        """Edits wait in the spool, which is drained all the same."""
        if self._drain.locked:
            self._notices.tell(
                LOCKED,
                "warning",
                "PlexSync's inbox queue/data.db is kept locked by another program. Edits that are in it already wait until that "
                "program lets it go.",
            )
        else:
            self._notices.clear(LOCKED, "PlexSync's inbox can be read again.")
