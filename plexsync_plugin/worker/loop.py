"""The worker's life: look at Stash, drain the inbox, do what is due, sleep a quarter of a second.

Owns the order of things and who waits for whom; what happens to one scene is `scene_sync`'s, what a failure leads to
is `settle`'s.
"""

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import (
    PlexBusy,
    PlexSyncError,
    PlexUnauthorized,
    PlexUnavailable,
    SettingsError,
    StashBusy,
    StashRejected,
    StashUnauthorized,
    StashUnavailable,
)
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.store import PERSON, Job, JobStore
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.worker.by_itself.first_run import FirstRun
from plexsync_plugin.worker.by_itself.index_schedule import IndexSchedule
from plexsync_plugin.worker.by_itself.reconcile_schedule import ReconcileSchedule
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.plex_health import REASONS, PlexHealth
from plexsync_plugin.worker.neighbours.plugin_files import Plugin, PluginFiles
from plexsync_plugin.worker.neighbours.stash_session import Presence, StashSession
from plexsync_plugin.worker.orders.orders import Orders, StepContext
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from plexsync_plugin.worker.scenes.scene_sync import FRESH
from plexsync_plugin.worker.scenes.scene_work import SceneWork
from plexsync_plugin.worker.scenes.settle import Settler

TICK = 0.25  # seconds; a hook's commit is seen within it
BATCH = 100
REFUSED_PAUSE = 10.0  # seconds
MATCHING = (
    "plex_library",
    "path_map",
    "strict_matching",
    "skip_unmatched",
)  # settings that items are found by
PERSON_PAUSE = 300.0  # seconds; a refused token is tried again after it

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Worker:
    clock: Clock
    stash: StashSession
    plugin: PluginFiles
    drain: Drain
    store: JobStore
    orders: Orders
    first_run: FirstRun
    wake_missing: WakeMissing
    health: PlexHealth
    notices: Notices
    settler: Settler
    make_plex: Callable[[Settings], PlexSide]
    make_step_context: Callable[[StashClient, PlexSide], StepContext]
    schedule: ReconcileSchedule
    index_schedule: IndexSchedule
    plex: PlexSide | None = None
    held_until: float = 0.0  # monotonic; a person has to act first
    singly: int = 0  # so many jobs are to be read one by one, to find out which of them fails
    next_drain: float = 0.0
    refused_until: float = 0.0  # monotonic; Stash refused a query, as it does while its database is busy

    def run(self) -> str:
        """Until there is a reason to end, which is returned: "gone", "updated"."""
        self._recover()
        self.first_run.look(self.stash.client)
        while True:
            ending = self.turn()
            if ending:
                return ending

    def _recover(self) -> None:
        """What another worker, or this one in an earlier life, had in hand is due again."""
        recovered = self.store.recover(self.clock.now())
        if recovered:
            _log.info("recovered jobs=%d", recovered)
        self.drain.resume()
        self.health.reload()

    def turn(self) -> str:
        plugin = self.plugin.look()
        if plugin is not Plugin.SAME:
            return "updated" if plugin is Plugin.UPDATED else "gone"
        presence = self.stash.look()
        if presence is Presence.GONE:
            return "gone"
        if self.stash.has_returned():
            self._recover()
        if presence is Presence.LOST or not self._work():
            self.clock.sleep(TICK)
        return ""

    # --- one turn ------------------------------------------------------------------------------------------------

    def _work(self) -> bool:
        """True when something was done and more may be due at once."""
        self._drain_inbox()
        if self.orders.carry_out_queue_order():
            return True
        settings = self._settings()
        if settings is None:
            return False
        plex = self._wire(settings)
        self.health.probe_if_due(plex.gateway.probe)
        self.schedule.look(settings)
        self.index_schedule.look(settings, self.stash.connection)
        if self.clock.monotonic() < self.refused_until:
            return False
        try:
            ready = self.clock.monotonic() >= self.held_until and self.health.lets_work
            # A person's edit does not wait for the end of an order.
            urgent = ready and self.store.urgent_since(self.clock.now())
            if not urgent and self._carry_out_orders(plex):
                return True
            more = ready and self._look_through_listings(plex)
            return ready and (self._sync_due(plex) or more)
        except (StashBusy, StashRejected) as error:
            _log.warning("%s", error)
            self.refused_until = self.clock.monotonic() + REFUSED_PAUSE
        except StashUnavailable as error:
            self.stash.lost(error)
        except StashUnauthorized:
            self.stash.session_refused()
        return False

    def _drain_inbox(self) -> None:
        if self.drain.damaged:
            self.notices.mention(
                "error",
                f"PlexSync's inbox was damaged and moved to {self.drain.damaged}. All scenes are compared again, "
                "so no edit is lost.",
            )
            self.drain.damaged = ""
        now = self.clock.monotonic()
        if now >= self.next_drain:  # where nothing wakes us: network file systems
            settings = self.stash.settings
            self.next_drain = now + (settings.poll_interval if isinstance(settings, Settings) else 30.0)
            self.drain.run()
        else:
            self.drain.run_if_woken()

    def _settings(self) -> Settings | None:
        """Settings to work by, or None with the person told why not."""
        settings = self.stash.settings
        self.notices.repeat()
        self._tell_refusal()
        if isinstance(settings, SettingsError):
            self.notices.tell(
                f"setting:{settings.setting}", "error", f"{settings} Until then edits wait.", blocking=True
            )
            return None
        if settings is None or not settings.enabled:
            return None
        for cause in self.notices.causes("setting:"):
            if self.plex is None or self.plex.settings != settings:
                self.notices.clear(cause)
        return settings

    def _tell_refusal(self) -> None:
        if self.stash.refusal:
            self.notices.tell(
                "StashRejected", "error", f"{self.stash.refusal} Is this Stash v0.27 or newer?", blocking=True
            )
        else:
            self.notices.clear("StashRejected")

    def _wire(self, settings: Settings) -> PlexSide:
        if self.plex is not None and self.plex.settings == settings:
            return self.plex
        if self.plex is not None:
            self.plex.close()
            self._settings_changed(self.plex.settings, settings)
        self.plex = self.make_plex(settings)
        return self.plex

    def _settings_changed(self, before: Settings, after: Settings) -> None:
        self.held_until = 0.0
        if (before.plex_url, before.plex_token) != (after.plex_url, after.plex_token):
            self.health.reset()
            self.notices.clear("PlexUnauthorized")
            self.store.wake_all(self.clock.now())
        else:
            self.store.wake(["SettingsError"], self.clock.now())
        if any(getattr(before, name) != getattr(after, name) for name in MATCHING):
            self.wake_missing.wake_all()

    def _look_through_listings(self, plex: PlexSide) -> bool:
        try:
            return self.wake_missing.step(plex, self.stash.client)
        except PlexUnavailable as error:
            self.health.request_failed(error)
        except (PlexUnauthorized, SettingsError) as error:
            self._pause("person", error)
        except StashRejected as error:  # edits go on
            _log.warning("%s", error)
            self.wake_missing.pause()
        return False

    def _carry_out_orders(self, plex: PlexSide) -> bool:
        answers = self.clock.monotonic() >= self.held_until and self.health.lets_work
        order = self.orders.next(plex_answers=answers)
        if order is None:
            return False
        try:
            self.orders.carry_out(order, self.make_step_context(self.stash.client, plex))
        except StashBusy as error:
            self.settler.order_failed(self.orders, order, error)
            raise
        except (StashUnavailable, StashUnauthorized, sqlite3.OperationalError):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of an order, like that of a job
            self._pause(self.settler.order_failed(self.orders, order, error), error)
        return True

    # --- scenes --------------------------------------------------------------------------------------------------

    def _sync_due(self, plex: PlexSide) -> bool:
        limit = 1 if self.health.cautious or self.singly else BATCH
        jobs = self.store.due(self.clock.now(), limit)
        if not jobs:
            self._nothing_due()
            plex.wake_looks()
            return False
        self.singly = max(0, self.singly - len(jobs))
        try:
            scenes = self.stash.client.scenes([job.scene_id for job in jobs])
        except StashRejected as error:
            self._batch_failed(jobs, error, plex.settings)
            return True
        try:
            work = plex.unsynced(jobs, scenes)
            server = plex.server() if work else ""
        except (StashUnavailable, StashUnauthorized):
            raise
        except PlexSyncError as error:
            self._batch_failed(jobs, error, plex.settings)
            return True
        if work:
            self._sync_batch(plex, server, work)
        return True

    def _nothing_due(self) -> None:
        if self.health.cautious and self.health.lets_work and not self.store.waits_for(REASONS):
            self.health.settled()
        self.settler.tidy()

    def _sync_batch(self, plex: PlexSide, server: str, batch: list[SceneWork]) -> None:
        sync = plex.sync(server)
        found: list[SceneWork] = []
        try:
            sync.look_ahead(batch)
            for work in batch:
                if self._attempt(work.job, partial(sync.find_items, server, work), plex.settings) is not None:
                    found.append(work)
                if self._interrupted(work.job):
                    return
            items = sync.read_items(key for work in found for key in work.keys)
            read_at = self.clock.monotonic()  # a listing takes its time
            sync.look_ahead(found, items)
        except (StashUnavailable, StashUnauthorized):
            raise
        except PlexSyncError as error:
            self._batch_failed([work.job for work in found or batch], error, plex.settings)
            return
        self._write_batch(
            found,
            partial(sync.sync, server, items=items),
            fresh_until=read_at + FRESH,
            settings=plex.settings,
        )

    def _write_batch(
        self,
        found: list[SceneWork],
        write: Callable[[SceneWork], int],
        *,
        fresh_until: float,
        settings: Settings,
    ) -> None:
        for work in found:
            if self.clock.monotonic() > fresh_until:
                return
            if not self.store.begin(work.job, self.clock.now()):
                continue  # edited again or destroyed since it was read
            written = self._attempt(work.job, partial(write, work), settings)
            if written is not None:
                self._succeeded(work.job, written)
            if self._interrupted(work.job):
                return

    def _attempt(self, job: Job, action: Callable[[], int | None], settings: Settings) -> int | None:
        """The job boundary: whatever the action raises settles this job alone. None when it failed."""
        try:
            return action() or 0
        except (StashUnavailable, StashUnauthorized):
            self.store.release(job, self.clock.now())
            raise
        except Exception as error:  # noqa: BLE001 - the job boundary; the traceback is kept with the job
            self._failed(job, error, settings)
            return None

    def _succeeded(self, job: Job, written: int) -> None:
        self.store.finish([job], self.clock.now())
        self.notices.clear("PlexUnauthorized", "Plex accepts the token again.")
        self.health.write_succeeded()
        if written:
            self.settler.wrote(job)

    def _failed(self, job: Job, error: Exception, settings: Settings) -> None:
        pause = self.settler.failed(job, error, max_retries=settings.max_retries)
        self._pause(pause, error)

    def _pause(self, pause: str, error: Exception) -> None:
        if isinstance(error, PlexUnavailable):
            self.health.request_failed(error)
        if isinstance(error, PlexBusy) and error.retry_after:
            self.held_until = max(self.held_until, self.clock.monotonic() + error.retry_after)
        if pause == "person":
            self.held_until = self.clock.monotonic() + PERSON_PAUSE
            cause = f"setting:{error.setting}" if isinstance(error, SettingsError) else type(error).__name__
            self.notices.tell(cause, "error", f"{error} Until then edits wait.", blocking=True)

    def _batch_failed(self, jobs: list[Job], error: PlexSyncError, settings: Settings) -> None:
        """A read for several jobs failed: unless it concerns them all, one of them spoils it, so read them singly."""
        if len(jobs) == 1 or isinstance(error, (PlexUnauthorized, SettingsError)):
            self._failed(jobs[0], error, settings)
            return
        self.singly = len(jobs)
        if isinstance(error, PlexUnavailable):
            self.health.request_failed(error)

    def _interrupted(self, job: Job) -> bool:
        """Between two jobs: whether the batch must end because Stash, Plex or a person's edit comes first."""
        if self.clock.monotonic() < self.held_until or not self.health.lets_work:
            return True
        if self.stash.look() is not Presence.HERE or self.stash.settings != (
            self.plex and self.plex.settings
        ):
            return True
        if not self.drain.run_if_woken():
            return False
        urgent = job.priority > PERSON and self.store.urgent_since(self.clock.now())
        return urgent or self.orders.queue_order_waits()
