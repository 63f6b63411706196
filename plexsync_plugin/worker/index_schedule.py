"""The index that the worker starts by itself, every `index_interval` hours of its life (-1: never).

It runs as a child, fed with the document that Stash writes for the task: the worker goes on syncing meanwhile, and the
lock beside the index file keeps task, child and cron apart.
"""

import json
import logging
import subprocess
import sys

from plexsync_plugin.base import spawn
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.records import Records
from plexsync_plugin.stash.connection import StashConnection

INDEXED = "indexed_at"  # the fact: epoch seconds of the last start, or of the first worker's
LOOK_EVERY = 60.0  # seconds
SETTLE = 600.0  # seconds; a worker that has just started does what waits first
HOUR = 3_600.0

_log = logging.getLogger(__name__)


class IndexSchedule:
    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._child: subprocess.Popen[bytes] | None = None
        self._next_look = clock.monotonic() + SETTLE
        self._last()

    def look(self, settings: Settings, connection: StashConnection) -> None:
        """Start it when it is due and none runs; note its end."""
        if self._clock.monotonic() < self._next_look:
            return
        self._next_look = self._clock.monotonic() + LOOK_EVERY
        if self._runs() or settings.index_interval < 0:
            return
        now = self._clock.now()
        if now - self._last() >= settings.index_interval * HOUR:
            self._records.set_fact(INDEXED, str(now))
            self._start(connection)

    def close(self) -> None:
        """End a run with the worker: its staging survives, and the next run goes on from there."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _runs(self) -> bool:
        if self._child is None:
            return False
        code = self._child.poll()  # reaps it, too
        if code is None:
            return True
        _log.info("scheduled index ended code=%d", code)
        self._child = None
        return False

    def _start(self, connection: StashConnection) -> None:
        document = {"server_connection": connection.document(), "args": {"task": "index"}}
        child = subprocess.Popen(
            [sys.executable, spawn.START],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert child.stdin is not None  # PIPE was asked for
        with child.stdin as pipe:
            pipe.write(json.dumps(document).encode())
        _log.info("scheduled index started pid=%d", child.pid)
        self._child = child

    def _last(self) -> float:
        """The start of the interval. A clock set back starts it anew."""
        kept, now = self._records.fact(INDEXED), self._clock.now()
        if kept and float(kept) <= now:
            return float(kept)
        self._records.set_fact(INDEXED, str(now))
        return now
