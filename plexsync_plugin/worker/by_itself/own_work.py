"""What the worker does without being asked: the scheduled reconcile and index, and the looks for missing scenes."""

import logging

from plexsync_plugin.base.errors import PlexSyncError, PutAside
from plexsync_plugin.core.retry import ListingLookFailed, RetryAt
from plexsync_plugin.worker.by_itself.first_run import FirstRun
from plexsync_plugin.worker.by_itself.index_schedule import IndexSchedule
from plexsync_plugin.worker.by_itself.reconcile_schedule import ReconcileSchedule
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide

_log = logging.getLogger(__name__)


class OwnWork:
    def __init__(
        self,
        first_run: FirstRun,
        reconcile: ReconcileSchedule,
        index: IndexSchedule,
        wake_missing: WakeMissing,
        failures: FailureHandler,
        pauses: Pauses,
        interruptions: Interruptions,
    ) -> None:
        self._first_run = first_run
        self._reconcile = reconcile
        self._index = index
        self._wake_missing = wake_missing
        self._failures = failures
        self._pauses = pauses
        self._interruptions = interruptions

    def begin(self, stash: StashSession) -> None:
        """What a worker does once, before its work."""
        self._first_run.look(stash.client)

    def look(self, plex: PlexSide, stash: StashSession) -> None:
        """Start what is due by the clock."""
        self._reconcile.look(plex.settings)
        self._index.look(plex.settings, stash.connection)

    def look_through_listings(self, plex: PlexSide, stash: StashSession) -> bool:
        """Missing scenes that a new index or listing shows become due, a page at a time. True while there is more."""
        try:
            with self._interruptions.yielding():
                return self._wake_missing.step(plex, stash.client)
        except PutAside:
            return True
        except PlexSyncError as error:
            decision = self._failures.decide(error, ListingLookFailed())
            if isinstance(decision.consequence, RetryAt):  # edits go on
                _log.warning("%s", error)
                self._wake_missing.pause(decision.consequence.delay)
            self._pauses.obey(decision, error)
            return False

    def close(self) -> None:
        self._index.close()
