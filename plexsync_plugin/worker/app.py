"""Composition root of the worker: makes the parts, runs the loop, and ends as the loop says."""

import contextlib
import logging
import random
from collections.abc import Iterator

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.spawn import PLUGIN_FOLDER
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.missing import MissingScenes
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.stash import log_page
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.covers import fetch_cover
from plexsync_plugin.worker.by_itself.first_run import FirstRun
from plexsync_plugin.worker.by_itself.index_schedule import IndexSchedule
from plexsync_plugin.worker.by_itself.reconcile_schedule import ReconcileSchedule
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.loop import Worker
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.plex_health import PlexHealth
from plexsync_plugin.worker.neighbours.plugin_files import PluginFiles, succeed
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.orders.orders import Orders, StepContext
from plexsync_plugin.worker.orders.procedures import PROCEDURES
from plexsync_plugin.worker.pictures.composition import PictureSources
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from plexsync_plugin.worker.scenes.settle import Settler

_log = logging.getLogger(__name__)


def run(
    folder: DataFolder, connection: StashConnection, lock: FileLock, redaction: Redaction, clock: Clock
) -> None:
    with assemble(folder, connection, lock, redaction, clock) as worker:
        ending = worker.run()
        session = worker.stash.connection
    _log.info("worker ends: %s", ending)
    if ending == "updated":
        succeed(folder, lock, session)


@contextlib.contextmanager
def assemble(
    folder: DataFolder,
    connection: StashConnection,
    lock: FileLock,
    redaction: Redaction,
    clock: Clock,
    plugin_folder: str = PLUGIN_FOLDER,
) -> Iterator[Worker]:
    """A worker that is ready to run; its files are closed at the end. The caller holds the lock."""
    stash = StashSession(connection, lock, redaction, clock)
    with contextlib.closing(open_state(folder.state)) as state:
        store = JobStore(state)

        def say(level: str, text: str) -> bool:
            return log_page.say(stash.connection, level, text)

        def make_plex(settings: Settings) -> PlexSide:
            redaction.hide(settings.plex_token.get_secret_value())
            redaction.obscure_paths = settings.obfuscate_paths
            sources = PictureSources(
                fetch=lambda scene_id, etag: fetch_cover(stash.client, scene_id, etag),
                asks_sign_in=lambda: stash.asks_sign_in,
                notices=notices,
            )
            side = PlexSide(settings, folder, state, store, clock, sources=sources)
            side.files_like = lambda name: stash.client.files_like(name)
            return side

        def make_step_context(client: StashClient, plex: PlexSide) -> StepContext:
            return StepContext(
                connection=state,
                store=store,
                records=Records(state),
                clock=clock,
                stash=client,
                plex=plex,
                settings=plex.settings,
                folder=folder,
            )

        notices = Notices(state, say, redaction, clock)
        orders = Orders(state, PROCEDURES, clock)
        with contextlib.closing(Drain(folder, state, store, clock)) as drain:
            worker = Worker(
                clock=clock,
                stash=stash,
                plugin=PluginFiles(clock, plugin_folder),
                drain=drain,
                store=store,
                orders=orders,
                first_run=FirstRun(Records(state), notices, plugin_folder),
                schedule=ReconcileSchedule(state, orders, clock),
                index_schedule=IndexSchedule(Records(state), notices, clock),
                wake_missing=WakeMissing(folder.index, Records(state), MissingScenes(state), clock),
                health=PlexHealth(state, store, notices, clock),
                notices=notices,
                # Jitter spreads load and protects nothing, so any generator will do.
                settler=Settler(store, notices, redaction, clock, random.Random()),
                make_plex=make_plex,
                make_step_context=make_step_context,
            )
            yield worker
            worker.index_schedule.close()
            if worker.plex is not None:
                worker.plex.close()
            stash.close()
