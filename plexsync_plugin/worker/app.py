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
from plexsync_plugin.stash import voice
from plexsync_plugin.stash.client import StashClient
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.stash.pictures import fetch_cover
from plexsync_plugin.worker.index_schedule import IndexSchedule
from plexsync_plugin.worker.index_watch import IndexWatch
from plexsync_plugin.worker.loop import Worker
from plexsync_plugin.worker.notices import Notices
from plexsync_plugin.worker.orders import Bench, Orders
from plexsync_plugin.worker.pictures import PictureSources
from plexsync_plugin.worker.plex_health import PlexHealth
from plexsync_plugin.worker.plex_side import PlexSide
from plexsync_plugin.worker.procedures import PROCEDURES
from plexsync_plugin.worker.schedule import Schedule
from plexsync_plugin.worker.self_watch import SelfWatch, succeed
from plexsync_plugin.worker.settle import Settler
from plexsync_plugin.worker.stash_watch import StashWatch

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
    stash = StashWatch(connection, lock, redaction, clock)
    with contextlib.closing(open_state(folder.state)) as state:
        store = JobStore(state)

        def say(level: str, text: str) -> bool:
            return voice.say(stash.connection, level, text)

        def make_plex(settings: Settings) -> PlexSide:
            redaction.hide(settings.plex_token.get_secret_value())
            sources = PictureSources(
                fetch=lambda scene_id, etag: fetch_cover(stash.client, scene_id, etag),
                asks_sign_in=lambda: stash.asks_sign_in,
                notices=notices,
            )
            side = PlexSide(settings, folder, state, store, clock, sources=sources)
            side.files_like = lambda name: stash.client.files_like(name)
            return side

        def make_bench(client: StashClient, plex: PlexSide) -> Bench:
            return Bench(
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
                plugin=SelfWatch(clock, plugin_folder),
                drain=drain,
                store=store,
                orders=orders,
                schedule=Schedule(state, orders, clock),
                index_schedule=IndexSchedule(Records(state), notices, clock),
                index_watch=IndexWatch(folder.index, Records(state), MissingScenes(state), clock),
                health=PlexHealth(state, store, notices, clock),
                notices=notices,
                # Jitter spreads load and protects nothing, so any generator will do.
                settler=Settler(store, notices, redaction, clock, random.Random()),
                make_plex=make_plex,
                make_bench=make_bench,
            )
            yield worker
            worker.index_schedule.close()
            if worker.plex is not None:
                worker.plex.close()
            stash.close()
