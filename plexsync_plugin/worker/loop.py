"""The worker's life: look at Stash, drain the inbox, do what is due, sleep a quarter of a second.

Owns the order of things. One batch of scenes is `scenes.batch`'s, a step of an order `orders.order_steps`'s, whom to wait
for `pauses`'s, and the settings `current_settings`'s.
"""

import logging
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.jobs.store import BULK, PERSON, JobStore
from plexsync_plugin.worker.by_itself.asked_tasks import AskedTasks
from plexsync_plugin.worker.by_itself.own_work import OwnWork
from plexsync_plugin.worker.clock_watch import ClockWatch
from plexsync_plugin.worker.current_settings import CurrentSettings
from plexsync_plugin.worker.inbox_drain import InboxDrain
from plexsync_plugin.worker.live.live import Live
from plexsync_plugin.worker.neighbours.plex_health import PlexHealth
from plexsync_plugin.worker.neighbours.plugin_files import Plugin, PluginFiles
from plexsync_plugin.worker.neighbours.stash_session import Presence, StashSession
from plexsync_plugin.worker.orders.order_steps import OrderSteps
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.scenes.batch import Batches
from plexsync_plugin.worker.scenes.plex_side import PlexSide

TICK = 0.25  # seconds; a hook's commit is seen within it

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    clock: Clock
    clock_watch: ClockWatch
    plugin: PluginFiles
    stash: StashSession
    settings: CurrentSettings
    drain: InboxDrain
    store: JobStore
    health: PlexHealth
    pauses: Pauses
    orders: OrderSteps
    batches: Batches
    own_work: OwnWork
    asked: AskedTasks
    live: Live

    @property
    def plex(self) -> PlexSide | None:
        """Plex's side under the settings that were worked by last."""
        return self.settings.plex

    def run(self) -> str:
        """Until there is a reason to end, which is returned: "gone", "updated"."""
        self._recover()
        self.own_work.begin(self.stash)
        while True:
            ending = self.turn()
            if ending:
                return ending

    def close(self) -> None:
        self.live.close()
        self.own_work.close()
        self.asked.close()
        self.settings.close()
        self.stash.close()

    def _recover(self) -> None:
        """What another worker, or this one in an earlier life, had in hand is due again."""
        self.clock_watch.begin()
        recovered = self.store.recover(self.clock.now())
        if recovered:
            _log.info("recovered jobs=%d", recovered)
        self.drain.resume()
        self.health.reload()

    def turn(self) -> str:
        self.clock_watch.look()
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

    def _work(self) -> bool:
        """True when something was done and more may be due at once."""
        come = self.drain.look()
        self.asked.look(self.stash.connection)
        if self.orders.carry_out_queue_order():
            return True
        plex = self.settings.look()
        self.live.follow(plex)
        if come and not (plex and self._both_work):
            self.stash.look_soon()  # else the query that reads the scenes brings the settings of now
        if plex is None:
            return self._undo_although_off()
        self.health.probe_if_due(plex.gateway.probe)
        self.own_work.look(plex, self.stash)
        if not self.pauses.let_stash_work:
            return False
        return self._sync(plex) if self._waits(PERSON) else self._carry_out(plex)

    def _carry_out(self, plex: PlexSide) -> bool:
        """What rang in Plex, and what people did there; else a step of an order; where there is none, a page of the missing scenes
        and a batch of the due ones."""
        self.own_work.from_plex.stream_tells(self.live.bell.stands)
        if self._both_work and (
            self.live.look(plex, self.stash) or self.own_work.look_at_plex(plex, self.stash)
        ):
            return True
        if self.orders.carry_out(plex, self.stash, bulk_waits=self._waits(BULK)):
            return True
        more = self._both_work and self.own_work.look_through_listings(plex, self.stash)
        return self._sync(plex) or more

    def _undo_although_off(self) -> bool:
        """The setting `enabled` stops all work but Undo, which is what a person who stops it may want next."""
        plex = self.settings.look_for_undo() if self.orders.waits("undo") else None
        if plex is None:
            return False
        self.health.probe_if_due(plex.gateway.probe)
        return self.pauses.let_stash_work and self.orders.carry_out(plex, self.stash, only="undo")

    def _sync(self, plex: PlexSide) -> bool:
        """A batch of the due scenes, while Stash and Plex can be asked."""
        return self._both_work and self.batches.carry_out(plex, self.stash)

    def _waits(self, priority: int) -> bool:
        """Whether work of this priority is due and can be done."""
        return self.pauses.let_plex_work and self.store.is_due(priority, self.clock.now())

    @property
    def _both_work(self) -> bool:
        return self.pauses.let_stash_work and self.pauses.let_plex_work
