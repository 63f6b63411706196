"""Composition root of the worker: makes the parts, runs the loop, and ends as the loop says."""

import contextlib
import logging
import random
import sqlite3
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
from plexsync_plugin.plex.connection import plex_connection
from plexsync_plugin.plex.yielding_gateway import YieldingGateway
from plexsync_plugin.stash import log_page
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.covers import StashCover, fetch_cover
from plexsync_plugin.worker.by_itself.first_run import FirstRun
from plexsync_plugin.worker.by_itself.index_schedule import IndexSchedule
from plexsync_plugin.worker.by_itself.own_work import OwnWork
from plexsync_plugin.worker.by_itself.reconcile_schedule import ReconcileSchedule
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.clock_watch import ClockWatch
from plexsync_plugin.worker.current_settings import CurrentSettings
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.from_plex.look import FromPlex
from plexsync_plugin.worker.inbox_drain import InboxDrain
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.loop import Worker
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.plex_health import PlexHealth
from plexsync_plugin.worker.neighbours.plugin_files import PluginFiles, succeed
from plexsync_plugin.worker.neighbours.stash_session import StashSession
from plexsync_plugin.worker.orders.changed_values import ChangedValues
from plexsync_plugin.worker.orders.order_steps import OrderSteps
from plexsync_plugin.worker.orders.orders import Orders
from plexsync_plugin.worker.orders.procedures import PROCEDURES
from plexsync_plugin.worker.pauses import Pauses
from plexsync_plugin.worker.pictures.composition import PictureSources
from plexsync_plugin.worker.scenes.batch import Batches
from plexsync_plugin.worker.scenes.plex_side import PlexSide
from plexsync_plugin.worker.scenes.scene_stars import Ratings
from plexsync_plugin.worker.scenes.stash_sources import StashSources

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
    with (
        contextlib.closing(open_state(folder.state)) as state,
        contextlib.closing(Drain(folder, state, JobStore(state), clock)) as drain,
    ):
        worker = _assembled(folder, state, drain, stash, redaction, clock, plugin_folder)
        yield worker
        worker.close()


def _assembled(
    folder: DataFolder,
    state: sqlite3.Connection,
    inbox: Drain,
    stash: StashSession,
    redaction: Redaction,
    clock: Clock,
    plugin_folder: str,
) -> Worker:
    def say(level: str, text: str) -> bool:
        return log_page.say(stash.connection, level, text)

    def open_plex(settings: Settings) -> PlexSide:
        redaction.hide(settings.plex_token.get_secret_value())
        redaction.obscure_paths = settings.obfuscate_paths
        changed_values.look(settings)
        gateway = YieldingGateway(plex_connection(settings, folder), clock, interruptions.between_requests)
        sources = _stash_sources(stash, notices, interruptions)
        return PlexSide(settings, gateway, state, clock, index=folder.index, sources=sources)

    store, records = JobStore(state), Records(state)
    notices = Notices(state, say, redaction, clock)
    health = PlexHealth(state, store, notices, clock)
    pauses = Pauses(stash, health, notices, clock)
    wake_missing = WakeMissing(folder.index, records, MissingScenes(state), clock)
    orders = Orders(state, PROCEDURES, clock)
    changed_values = ChangedValues(records, orders, clock)
    settings = CurrentSettings(stash, store, notices, pauses, wake_missing, open_plex=open_plex, clock=clock)
    drain = InboxDrain(inbox, stash, notices, clock)
    interruptions = Interruptions(stash, settings, drain, store, orders, clock)
    # Jitter spreads load and protects nothing, so any generator will do.
    failures = FailureHandler(store, notices, redaction, clock, random.Random())
    first_run = FirstRun(records, notices, plugin_folder)
    from_plex = FromPlex(state, notices, interruptions.come_before_order, clock)
    reconcile, index = ReconcileSchedule(state, orders, clock), IndexSchedule(records, notices, clock)
    return Worker(
        clock=clock,
        clock_watch=ClockWatch(state, clock),
        plugin=PluginFiles(clock, plugin_folder),
        stash=stash,
        settings=settings,
        drain=drain,
        store=store,
        health=health,
        pauses=pauses,
        orders=OrderSteps(
            orders,
            failures,
            pauses,
            interruptions,
            state,
            folder,
            clock,
        ),
        batches=Batches(store, health, pauses, failures, clock, interruptions),
        own_work=OwnWork(
            first_run=first_run,
            reconcile=reconcile,
            index=index,
            wake_missing=wake_missing,
            from_plex=from_plex,
            failures=failures,
            pauses=pauses,
            interruptions=interruptions,
        ),
    )


def _stash_sources(stash: StashSession, notices: Notices, interruptions: Interruptions) -> StashSources:
    """Each asks the client of now: another session brings another client."""

    def fetch(scene_id: int, etag: str) -> StashCover | None:
        interruptions.between_requests()
        return fetch_cover(stash.client, scene_id, etag)

    pictures = PictureSources(
        fetch=fetch,
        asks_sign_in=lambda: stash.asks_sign_in,
        notices=notices,
    )
    ratings = Ratings(
        rate=lambda scene_id, rating: stash.client.set_rating(scene_id, rating),
        scene=lambda scene_id: stash.client.scenes([scene_id]).get(scene_id),
        tell=lambda text: notices.mention("warning", text),
    )
    return StashSources(
        files_like=lambda name: stash.client.files_like(name),
        scenes=lambda ids: stash.client.scenes(ids),
        pictures=pictures,
        tell=lambda cause, text: notices.amend(cause, "warning", text),
        ratings=ratings,
    )
