"""Composition root of the worker: makes the parts, runs the loop, and ends as the loop says."""

import contextlib
import logging
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.lock import FileLock
from plexsync_plugin.base.log import Redaction
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.base.spawn import PLUGIN_FOLDER
from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.base.version import read_version
from plexsync_plugin.jobs.drain import Drain
from plexsync_plugin.jobs.facts import WORKER_SINCE, WORKER_VERSION
from plexsync_plugin.jobs.missing import MissingScenes
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.store import JobStore
from plexsync_plugin.plex.connection import plex_connection
from plexsync_plugin.plex.event_listener import EventSource
from plexsync_plugin.plex.event_stream import EventStream
from plexsync_plugin.plex.yielding_gateway import YieldingGateway
from plexsync_plugin.stash import log_page
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.covers import StashCover, fetch_cover, fetch_entity_picture
from plexsync_plugin.worker.by_itself.asked_tasks import AskedTasks
from plexsync_plugin.worker.by_itself.first_run import FirstRun
from plexsync_plugin.worker.by_itself.index_schedule import IndexSchedule
from plexsync_plugin.worker.by_itself.own_work import OwnWork
from plexsync_plugin.worker.by_itself.reconcile_schedule import ReconcileSchedule
from plexsync_plugin.worker.by_itself.unstored_edits import UnstoredEdits
from plexsync_plugin.worker.by_itself.wake_missing import WakeMissing
from plexsync_plugin.worker.clock_watch import ClockWatch
from plexsync_plugin.worker.current_settings import CurrentSettings
from plexsync_plugin.worker.failures import FailureHandler
from plexsync_plugin.worker.from_plex.look import FromPlex
from plexsync_plugin.worker.inbox_drain import InboxDrain
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.live.catch_up import CatchUp
from plexsync_plugin.worker.live.live import FILTERS, Live
from plexsync_plugin.worker.live.looks import Looks
from plexsync_plugin.worker.loop import Worker
from plexsync_plugin.worker.neighbours.notices import Notices
from plexsync_plugin.worker.neighbours.own_files import OwnFiles
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
from plexsync_plugin.worker.waiting import Waiting

_log = logging.getLogger(__name__)


def run(folder: DataFolder, waiting: Waiting, lock: FileLock, redaction: Redaction, clock: Clock) -> None:
    """Raises what a connection to our own files raised, and FilesReplaced. Whatever happens, `waiting` has the session of then."""
    with assemble(folder, waiting.connection, lock, redaction, clock) as worker:
        try:
            ending = worker.run()
        finally:
            waiting.use(worker.stash.connection)
    _log.info("worker ends: %s", ending)
    if ending == "updated":
        succeed(folder, lock, waiting.connection)


@contextlib.contextmanager
def assemble(
    folder: DataFolder,
    connection: StashConnection,
    lock: FileLock,
    redaction: Redaction,
    clock: Clock,
    plugin_folder: str = PLUGIN_FOLDER,
    *,
    listens: bool = True,
) -> Iterator[Worker]:
    """A worker that is ready to run; its files are closed at the end. The caller holds the lock.

    `listens`: to Plex's events, while there is a Plex to work with.
    """
    stash = StashSession(connection, lock, redaction, clock)
    with (
        contextlib.closing(open_state(folder.state)) as state,
        contextlib.closing(Drain(folder, state, JobStore(state), clock)) as drain,
    ):
        parts = _Outside(folder=folder, stash=stash, redaction=redaction, clock=clock, listens=listens)
        worker = _assembled(parts, state, drain, plugin_folder)
        try:
            yield worker
        finally:
            worker.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outside:
    """What a worker is given, and does not make."""

    folder: DataFolder
    stash: StashSession
    redaction: Redaction
    clock: Clock
    listens: bool


def _assembled(outside: _Outside, state: sqlite3.Connection, inbox: Drain, plugin_folder: str) -> Worker:
    folder, stash, redaction, clock = outside.folder, outside.stash, outside.redaction, outside.clock

    def say(level: str, text: str) -> bool:
        return log_page.say(stash.connection, level, text)

    def open_plex(settings: Settings) -> PlexSide:
        redaction.hide(settings.plex_token.get_secret_value())
        redaction.obscure_paths = settings.obfuscate_paths
        changed_values.look(settings)
        gateway = YieldingGateway(
            plex_connection(settings, folder), clock, interruptions.between_requests, live.wrote
        )
        sources = _stash_sources(stash, notices, interruptions)
        return PlexSide(settings, gateway, state, clock, index=folder.index, sources=sources)

    store, records, missing = JobStore(state), Records(state), MissingScenes(state)
    with transaction(state):
        records.set_fact(WORKER_SINCE, str(clock.now()))
        records.set_fact(WORKER_VERSION, read_version(plugin_folder))
    notices = Notices(state, say, redaction, clock)
    health = PlexHealth(state, store, notices, clock)
    pauses = Pauses(stash, health, notices, clock)
    wake_missing = WakeMissing(folder.index, records, missing, clock)
    orders = Orders(state, PROCEDURES, clock)
    changed_values = ChangedValues(records, orders, clock)
    settings = CurrentSettings(stash, store, notices, pauses, wake_missing, open_plex=open_plex, clock=clock)
    unstored = UnstoredEdits(folder, orders, notices, clock)
    drain = InboxDrain(inbox, stash, notices, OwnFiles(folder, clock), unstored, clock)
    interruptions = Interruptions(stash, settings, drain, store, orders, clock)
    # Jitter spreads load and protects nothing, so any generator will do.
    failures = FailureHandler(store, notices, redaction, clock, random.Random())
    looks = Looks(store, missing, clock)
    live = Live(
        looks,
        CatchUp(records, looks, clock),
        failures,
        pauses,
        interruptions,
        open_stream=_event_streams(folder, clock) if outside.listens else None,
        clock=clock,
    )
    first_run = FirstRun(records, notices, plugin_folder)
    from_plex = FromPlex(state, notices, interruptions.come_before_order, clock)
    live.also_tell(from_plex)
    reconcile = ReconcileSchedule(state, orders, clock)
    index = IndexSchedule(records, folder, notices, clock)
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
        asked=AskedTasks(orders, folder, clock),
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
        live=live,
    )


def _event_streams(folder: DataFolder, clock: Clock) -> Callable[[Settings], EventSource]:
    return lambda settings: EventStream(plex_connection(settings, folder), clock, filters=FILTERS)


def _stash_sources(stash: StashSession, notices: Notices, interruptions: Interruptions) -> StashSources:
    """Each asks the client of now: another session brings another client."""

    def fetch(scene_id: int, etag: str) -> StashCover | None:
        interruptions.between_requests()
        return fetch_cover(stash.client, scene_id, etag)

    def fetch_entity(kind: str, entity_id: int, etag: str) -> StashCover | None:
        interruptions.between_requests()
        return fetch_entity_picture(stash.client, kind, entity_id, etag)

    pictures = PictureSources(
        fetch=fetch,
        fetch_entity=fetch_entity,
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
