"""The index that the worker starts by itself, every `index_interval` hours (-1: never).

It runs as a child, fed with the document that Stash writes for the task: the worker goes on syncing meanwhile, and the
lock beside the index file keeps task, child and cron apart. What it answers is read here, for nobody else sees it.
"""

import logging

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.stash.connection import StashConnection
from plexsync_plugin.worker.by_itself.task_child import TaskChild
from plexsync_plugin.worker.neighbours.notices import Notices

INDEXED = (
    "indexed_at"  # the fact: epoch seconds of the last run that ended well, or of the first worker's start
)
CAUSE = "index"  # of the notice
LOOK_EVERY = 60.0  # seconds
SETTLE = 600.0  # seconds; a worker that has just started does what waits first
HOUR = 3_600.0  # also between two tries that fail

_log = logging.getLogger(__name__)


class IndexSchedule:
    def __init__(self, facts: Facts, folder: DataFolder, notices: Notices, clock: Clock) -> None:
        self._facts = facts
        self._folder = folder
        self._notices = notices
        self._clock = clock
        self._child: TaskChild | None = None
        self._next_look = self._next_try = clock.monotonic() + SETTLE
        self._last()

    def look(self, settings: Settings, connection: StashConnection) -> None:
        """Start it when it is due and none runs; note its end."""
        now = self._clock.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        if self._runs() or settings.index_interval < 0 or now < self._next_try:
            return
        if self._clock.now() - self._last() >= settings.index_interval * HOUR:
            self._start(connection)

    def close(self) -> None:
        """End a run with the worker: its staging survives, and the next worker's run goes on from there."""
        if self._child is not None:
            self._child.end()
            self._child.close()
            self._child = None

    def _runs(self) -> bool:
        if self._child is None:
            return False
        code = self._child.code()
        if code is None:
            return True
        _log.info("scheduled index ended code=%d", code)
        child, self._child = self._child, None
        answer = child.answer()
        child.close()
        self._note(answer, code)
        return False

    def _note(self, answer: dict[str, object], code: int) -> None:
        trouble = answer.get("error")
        if answer.get("output") and not trouble:
            _log.info("%s", answer["output"])
            self._facts.set_fact(INDEXED, str(self._clock.now()))
            self._notices.clear(CAUSE, "The index has been brought up to date again.")
            return
        self._failed(str(trouble or f"it ended with code {code} and without a word."))

    def _failed(self, sentence: str) -> None:
        self._next_try = self._clock.monotonic() + HOUR
        self._notices.tell(
            CAUSE,
            "warning",
            f"The index that runs by itself failed, and is tried again every hour: {sentence}",
        )

    def _start(self, connection: StashConnection) -> None:
        args = {"task": "index", "by_itself": True}
        try:
            self._child = TaskChild(self._folder, connection, args, keeps_lines=False)
        except OSError as error:  # no file or no process is to be had, and syncing needs neither
            self._failed(f"it could not be started: {error}.")
            return
        _log.info("scheduled index started pid=%d", self._child.pid)

    def _last(self) -> float:
        """The start of the interval. A clock set back starts it anew."""
        kept, now = self._facts.fact(INDEXED), self._clock.now()
        if kept and float(kept) <= now:
            return float(kept)
        self._facts.set_fact(INDEXED, str(now))
        return now
