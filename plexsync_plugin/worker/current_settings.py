"""The settings to work by: whether there are any, what hangs on them, what follows from a change, what a person is told."""

from collections.abc import Callable, Mapping

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.neighbours.notices import SETTING, Notices, cause_of
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.plex_side import PlexSide

MATCHING = (
    "plex_library",
    "path_map",
    "strict_matching",
    "skip_unmatched",
)  # settings that items are found by
REFUSED = "StashRejected"  # the cause of the notice
FILTER = "filter:"  # causes of notices about saved filters


class CurrentSettings:
    """`open_plex` makes Plex's side of the worker for one reading of the settings."""

    def __init__(
        self,
        stash: StashSession,
        store: JobStore,
        notices: Notices,
        pauses: Pauses,
        wake_missing: WakeMissing,
        *,
        open_plex: Callable[[Settings], PlexSide],
        clock: Clock,
    ) -> None:
        self._stash = stash
        self._store = store
        self._notices = notices
        self._pauses = pauses
        self._wake_missing = wake_missing
        self._open_plex = open_plex
        self._clock = clock
        self._told: Mapping[str, str] = {}  # what was told of saved filters last
        self.plex: PlexSide | None = None  # of the settings that were worked by last

    def look(self) -> PlexSide | None:
        """Plex's side under the settings of now. None when nothing can be done by them, and the person is told why."""
        settings = self._stash.settings
        self._notices.repeat()
        self._tell_refusal()
        self._tell_filters()
        if isinstance(settings, SettingsError):
            self._notices.tell(
                cause_of(settings), "error", f"{settings} Until then edits wait.", blocking=True
            )
            return None
        if settings is None or not settings.enabled:
            return None
        if self.plex is None or self.plex.settings != settings:
            self._change(settings)
        return self.plex

    def look_for_undo(self) -> PlexSide | None:
        """Plex's side although the setting `enabled` is off: Undo is the brake. None where the settings make no sense."""
        settings = self._stash.settings
        if settings is None or isinstance(settings, SettingsError):
            return None
        if self.plex is None or self.plex.settings != settings:
            self._change(settings)
        return self.plex

    def have_changed(self) -> bool:
        """Whether Stash has told of other settings than those that are worked by."""
        told, ours = self._stash.settings, self.plex and self.plex.settings
        return told is not ours and told != ours  # asked before each write, and all the fields take longer

    def close(self) -> None:
        if self.plex is not None:
            self.plex.close()

    def _change(self, settings: Settings) -> None:
        for cause in self._notices.causes(SETTING):
            self._notices.clear(cause)
        if self.plex is not None:
            self.plex.close()
            self._follow(self.plex.settings, settings)
        self.plex = self._open_plex(settings)

    def _follow(self, before: Settings, after: Settings) -> None:
        """What waited for a setting need not wait any more."""
        another_plex = (before.plex_url, before.plex_token) != (after.plex_url, after.plex_token)
        self._pauses.end_for_settings(another_plex=another_plex)
        if another_plex:
            self._store.wake_all(self._clock.now())
        else:
            self._store.wake(["SettingsError"], self._clock.now())
        if any(getattr(before, name) != getattr(after, name) for name in MATCHING):
            self._wake_missing.wake_all()

    def _tell_filters(self) -> None:
        problems = self._stash.filter_problems
        if problems is self._told:
            return
        self._told = problems
        for cause in self._notices.causes(FILTER):
            if cause.removeprefix(FILTER) not in problems:
                self._notices.clear(cause)
        for name, sentence in problems.items():
            self._notices.amend(f"{FILTER}{name}", "warning", sentence)

    def _tell_refusal(self) -> None:
        if self._stash.refusal:
            text = f"{self._stash.refusal} Is this Stash v0.27 or newer?"
            self._notices.tell(REFUSED, "error", text, blocking=True)
        else:
            self._notices.clear(REFUSED)
