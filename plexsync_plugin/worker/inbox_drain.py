"""When the inbox is drained: at once when its file has changed, and every `poll_interval` seconds whatever the file says."""

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.stash_session import StashSession

WITHOUT_SETTINGS = 30.0  # seconds


class InboxDrain:
    def __init__(self, drain: Drain, stash: StashSession, notices: Notices, clock: Clock) -> None:
        self._drain = drain
        self._stash = stash
        self._notices = notices
        self._clock = clock
        self._next_run = 0.0  # monotonic

    def look(self) -> int:
        """Drain what there is, if it is time to or something came; tell of an inbox that was damaged. The number of rows."""
        if self._drain.damaged:
            self._notices.mention(
                "error",
                f"PlexSync's inbox was damaged and moved to {self._drain.damaged}. All scenes are compared again, "
                "so no edit is lost.",
            )
            self._drain.damaged = ""
        now = self._clock.monotonic()
        if now >= self._next_run:  # where nothing wakes us: network file systems
            settings = self._stash.settings
            interval = settings.poll_interval if isinstance(settings, Settings) else WITHOUT_SETTINGS
            self._next_run = now + interval
            return self._drain.run()
        return self._drain.run_if_woken()

    def run(self) -> int:
        """Drain now; the number of rows."""
        return self._drain.run()

    def run_if_woken(self) -> int:
        return self._drain.run_if_woken()

    def resume(self) -> None:
        self._drain.resume()
