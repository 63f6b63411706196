"""What the worker does without being asked: the scheduled reconcile and index, the looks for missing scenes, and
the looks at what people do in Plex.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from plexsync_plugin.base.errors import PlexSyncError, PutAside
from plexsync_plugin.core.retry import ListingLookFailed, RetryAt
from plexsync_plugin.worker.by_itself.first_run import FirstRun
from plexsync_plugin.worker.by_itself.index_schedule import IndexSchedule
from plexsync_plugin.worker.by_itself.reconcile_schedule import ReconcileSchedule
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.from_plex.look import FromPlex
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork:
    first_run: FirstRun
    reconcile: ReconcileSchedule
    index: IndexSchedule
    wake_missing: WakeMissing
    from_plex: FromPlex
    failures: FailureHandler
    pauses: Pauses
    interruptions: Interruptions

    def begin(self, stash: StashSession) -> None:
        """What a worker does once, before its work."""
        self.first_run.look(stash)

    def look(self, plex: PlexSide, stash: StashSession) -> None:
        """Start what is due by the clock."""
        self.reconcile.look(plex.settings)
        self.index.look(plex.settings, stash.connection)

    def look_through_listings(self, plex: PlexSide, stash: StashSession) -> bool:
        """Missing scenes that a new index or listing shows become due, a page at a time. True while there is more."""
        return self._carefully(
            lambda: self.wake_missing.step(plex, stash.client), pause=self.wake_missing.pause
        )

    def look_at_plex(self, plex: PlexSide, stash: StashSession) -> bool:
        """What people do in Plex comes back to Stash, where that is wanted and due. True when there was anything to look at."""
        if not self.from_plex.is_due(plex.settings):
            return False

        def look() -> bool:
            self.from_plex.look(plex, stash.client)
            return True

        return self._carefully(look, pause=self.from_plex.pause)

    def _carefully(self, step: Callable[[], bool], *, pause: Callable[[float], None]) -> bool:
        """What it returns; True also where it gave way to a person's edit, False where it failed."""
        try:
            with self.interruptions.yielding():
                return step()
        except PutAside:
            return True
        except PlexSyncError as error:
            decision = self.failures.decide(error, ListingLookFailed())
            if isinstance(decision.consequence, RetryAt):  # edits go on
                _log.warning("%s", error)
                pause(decision.consequence.delay)
            self.pauses.obey(decision, error)
            return False

    def close(self) -> None:
        self.index.close()
