"""Take rows out of the inbox (persist-queue) and the spool, and turn them into jobs and orders. Idempotent.

One consumer at a time, under the worker's lock: persist-queue is not made for more (docs/architecture.md, "The inbox").
A row is applied to plexsync.db first and acknowledged second, so a kill between the two applies it again, which changes nothing.
"""

import contextlib
import errno
import gc
import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import persistqueue
import persistqueue.serializers.json

from plexsync_plugin.base.aside import put_aside
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.file_trouble import FileTrouble
from plexsync_plugin.base.paths import DataFolder, file_id, is_emptied, standing_at
from plexsync_plugin.base.sqlite import Damage, transaction
from plexsync_plugin.jobs.dead_letters import DeadLetters
from plexsync_plugin.jobs.facts import Facts
from plexsync_plugin.jobs.file_matches import FileMatches
from plexsync_plugin.jobs.gone_scenes import forget_gone
from plexsync_plugin.jobs.inbox import TABLE, create_private
from plexsync_plugin.jobs.inbox_trouble import InboxTrouble, of_inbox
from plexsync_plugin.jobs.notices import ONCE, Notice, NoticeStore
from plexsync_plugin.jobs.orders import OrderStore
from plexsync_plugin.jobs.store import BULK, PERSON, JobStore
from plexsync_plugin.jobs.taken_rows import TakenRows
from plexsync_plugin.jobs.undone import UndoneScenes

PURGE_EVERY = 500  # acknowledged rows; they slow every look-up down (docs/architecture.md, "The inbox")
ACK_FAILED = 9  # persistqueue.sqlackqueue.AckStatus
UNACK = 2
LARGEST_ID = (1 << 63) - 1  # what SQLite holds

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    kind: str
    name: str
    ids: list[int]
    args: dict[str, Any]


def read_row(row: Any) -> Row:
    """Raises ValueError for what the jobs table could not hold: an exception while storing would come again for ever."""
    json.dumps(row, ensure_ascii=False).encode("utf-8")  # a lone surrogate is no text for SQLite
    try:
        ids, args = row.get("ids") or [], row.get("args") or {}
        read = Row(kind=str(row["kind"]), name=str(row["name"]), ids=list(ids), args=dict(args))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the row has another form") from error
    if not all(type(number) is int and 0 < number <= LARGEST_ID for number in read.ids):
        raise ValueError("an id is none")
    return read


class _Queue(persistqueue.SQLiteAckQueue):  # type: ignore[misc] # persist-queue comes without types
    """A power cut may take back what is marked here, and the row is drained once more; the hook's rows are safe before."""

    def _new_db_connection(self, *place: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._new_db_connection(*place)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


class Drain:
    def __init__(
        self, folder: DataFolder, connection: sqlite3.Connection, store: JobStore, clock: Clock
    ) -> None:
        self._folder = folder
        self._connection = connection
        self._store = store
        self._orders = OrderStore(connection)
        self._letters = DeadLetters(connection)
        self._undone = UndoneScenes(connection)
        self._matches = FileMatches(connection)
        self._clock = clock
        self._taken = TakenRows(folder, Facts(connection))
        self._notices = NoticeStore(connection)
        self.locked = False  # by another program; the spool is drained meanwhile
        self._seen: tuple[object, ...] | None = None
        self._queue: Any = None  # while another program keeps the file locked, too
        self._watcher: Any = None
        self._open()

    def run_if_woken(self) -> int:
        """Drain if anything was put in since the last look; two cheap readings otherwise. Rows drained."""
        try:
            state = self._fingerprint()
        except InboxTrouble:
            return self.run()  # which meets it too, and deals with it
        if self._queue is None:
            return self.run()
        if state == self._seen:
            return 0
        self._seen = state  # read before draining: a row that arrives meanwhile wakes the next look
        return self.run()

    def run(self) -> int:
        """Raises what plexsync.db's connection raises, and sqlite3.Error where the inbox cannot be written to."""
        count = self._drain_spool()
        if self.locked and not self._is_free():
            return count
        if self._queue is None:
            self._open()
        if self._queue is None:
            return count
        try:
            if file_id(self._folder.inbox) != self._id:
                count += self._follow_another_file()
            elif count or is_emptied(self._folder.inbox):
                self._look_at_file()
            another = self._taken.inbox_is_another(self._watcher)
            if another:  # asked before its new rows are taken, whose numbers hide it
                self._compare_all(another)
            count += self._drain_queue()
        except InboxTrouble as found:
            self._met(found)
        return count

    def resume(self) -> None:
        """Rows that a worker had taken and not acknowledged when it ended. Raises as `run` does."""
        if self._queue is None:
            return
        try:
            with of_inbox():
                self._queue.resume_unack_tasks()
        except InboxTrouble as found:
            self._met(found)

    def close(self) -> None:
        for each in (self._queue, self._watcher):
            if each is not None:
                each.close()
        self._queue = self._watcher = None

    def _met(self, found: InboxTrouble) -> None:
        if found.trouble is FileTrouble.UNWRITABLE:
            raise found.error from found
        if found.trouble is FileTrouble.DAMAGED:
            self._begin_anew(found.error)
        else:
            self.locked, self._seen = True, None  # looked at again with the next look

    def _fingerprint(self) -> tuple[object, ...]:
        version = 0
        if self._watcher is not None:
            with of_inbox():
                version = self._watcher.execute("PRAGMA data_version").fetchone()[0]
        return version, os.stat(self._folder.spool).st_mtime_ns, standing_at(self._folder.inbox)

    # --- the file itself -----------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Whatever is there: what is damaged is put aside first, and what is locked is opened with a later look."""
        try:
            self._open_file()
            another = self._taken.inbox_is_another(self._watcher) or self._taken.state_is_another(
                self._watcher
            )
        except InboxTrouble as found:
            self.close()
            self._met(found)
            return
        if another:
            self._compare_all(another)

    def _is_free(self) -> bool:
        """Of other programs' locks. Asked shortly: persist-queue waits ten seconds each time, and the spool is to be drained."""
        try:
            with (
                of_inbox(),
                contextlib.closing(
                    sqlite3.connect(self._folder.inbox, timeout=0.1, isolation_level=None)
                ) as probe,
            ):
                probe.execute("BEGIN IMMEDIATE")
                probe.execute("ROLLBACK")
        except InboxTrouble as found:
            return found.trouble is not FileTrouble.LOCKED  # whoever opens it next meets any other
        return True

    def _look_at_file(self) -> None:
        """By a connection of its own, for ours goes by what it has read: a hook that spools its row could not use the file."""
        if is_emptied(self._folder.inbox):
            raise InboxTrouble(Damage("it was emptied"), FileTrouble.DAMAGED)
        with of_inbox(), contextlib.closing(self._new_watcher()) as connection:
            connection.execute(f"SELECT count(*) FROM `{TABLE}` WHERE status = ?", (UNACK,)).fetchall()

    def _open_file(self) -> None:
        with of_inbox():
            self._queue = self._new_queue()
            self._watcher = self._new_watcher()
            # Those of earlier workers too: else workers that live for few rows would never purge.
            self._acked: int = self._queue.acked_count()
        self._id = file_id(self._folder.inbox)
        self._seen = None

    def _follow_another_file(self) -> int:
        """The inbox was deleted or replaced. What it held is still to be read, and drained; then the one that is there now."""
        try:
            count = self._drain_queue()
        except InboxTrouble:
            count = 0
        self.close()
        self._open_file()
        self._compare_all(
            f"{self._folder.inbox} was deleted or replaced while PlexSync ran. Edits that were in it may have been lost, so all scenes "
            "are compared again."
        )
        return count

    def _begin_anew(self, error: sqlite3.Error) -> None:
        """Nobody knows which edits were in the damaged file, so every scene is looked at again."""
        self.close()
        gc.collect()  # persist-queue's constructor leaves its connection behind, and Windows moves no open file
        aside = put_aside(self._folder.inbox, self._clock.now())
        _log.error("inbox damaged, moved to %s: %s", aside, error)
        try:
            self._open_file()
        except InboxTrouble as found:
            # A new file that cannot be used either is the disk's trouble, and not plexsync.db's.
            raise OSError(errno.EIO, str(found), self._folder.inbox) from found
        self._compare_all(
            f"PlexSync's inbox {self._folder.inbox} was damaged and is made anew; the damaged file is {aside}. Edits that were in it "
            "may have been lost, so all scenes are compared again."
        )

    def _compare_all(self, sentence: str) -> None:
        """What differs is found by a Reconcile; the sentence is said when Stash takes it."""
        now, taken = self._clock.now(), self._taken.last_taken(self._watcher)
        with transaction(self._connection):
            self._apply_order(f"inbox:{now:.0f}", Row(kind="command", name="reconcile", ids=[], args={}))
            self._taken.note(taken)
            notice = Notice(level="error", text=sentence, blocking=False)
            self._notices.drop(f"{ONCE}inbox")
            self._notices.add(f"{ONCE}inbox", notice, now, delivered=False)

    # --- persist-queue -------------------------------------------------------------------------------------------

    def _new_watcher(self) -> sqlite3.Connection:
        return sqlite3.connect(self._folder.inbox, timeout=10, isolation_level=None, check_same_thread=False)

    def _new_queue(self) -> Any:
        create_private(self._folder.inbox)
        queue = _Queue(
            self._folder.queue,
            auto_resume=False,
            serializer=persistqueue.serializers.json,
            timeout=10.0,
            # One thread uses it, but its destructor closes it in whichever thread the garbage is collected.
            multithreading=True,
        )
        queue.resume_unack_tasks()
        return queue

    def _drain_queue(self) -> int:
        count = 0
        if self.locked:  # what was taken and could not be acknowledged then
            with of_inbox():
                self._queue.resume_unack_tasks()
            self.locked = False
        for row in self._rows():
            self._apply(f"{row['pqid']}@{row['timestamp']}", row["data"], row["pqid"])
            with of_inbox():
                self._queue.ack(id=row["pqid"])
            count += 1
            self._acked += 1
            if self._acked >= PURGE_EVERY:
                self._purge()
        if count >= PURGE_EVERY:
            self._purge()
        return count

    def _purge(self) -> None:
        with of_inbox():
            self._queue.clear_acked_data(max_delete=0, keep_latest=0)
        self._acked = 0

    def _rows(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                with of_inbox():
                    row = self._queue.get(block=False, raw=True)
            except persistqueue.Empty:
                return
            except (ValueError, AttributeError, TypeError, RecursionError):
                # persist-queue marks a row before it reads it; the one it choked on is the only marked one.
                self._bury_marked()
            else:
                yield row

    def _bury_marked(self) -> None:
        with of_inbox():
            rows = self._watcher.execute(
                f"SELECT _id, data FROM `{TABLE}` WHERE status = ?", (UNACK,)
            ).fetchall()
        for number, data in rows:
            self._bury_raw(data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data))
            self._taken.note(number)
            with of_inbox():
                self._watcher.execute(f"UPDATE `{TABLE}` SET status = ? WHERE _id = ?", (ACK_FAILED, number))

    def _bury_raw(self, raw: str) -> None:
        _log.warning("unreadable inbox row buried")
        with transaction(self._connection):
            self._letters.put_row(raw[:4000], "A row of the inbox cannot be read.", self._clock.now())

    # --- spool ---------------------------------------------------------------------------------------------------

    def _drain_spool(self) -> int:
        names = sorted(name for name in os.listdir(self._folder.spool) if name.endswith(".json"))
        for name in names:
            path = os.path.join(self._folder.spool, name)
            with open(path, "rb") as file:
                raw = file.read()
            try:
                self._apply(name, json.loads(raw))
            except (ValueError, RecursionError):
                self._bury_raw(raw.decode("utf-8", "replace"))
            os.remove(path)
        return len(names)

    # --- rows ----------------------------------------------------------------------------------------------------

    def _apply(self, label: str, content: Any, number: int = 0) -> None:
        """One row becomes jobs or an order; what has no meaning becomes a dead letter. `number`: of the row in the inbox."""
        try:
            row = read_row(content)
        except ValueError:
            self._bury_raw(json.dumps(content))
            if number:
                self._taken.note(number)
            return
        with transaction(self._connection):
            if number:
                self._taken.note(number)
            if row.kind == "scene":
                self._apply_scenes(label, row)
            else:
                self._apply_order(str(row.args.get("ticket") or label), row)

    def _apply_scenes(self, label: str, row: Row) -> None:
        ids, args = row.ids, row.args
        if row.name.startswith("Scene.Destroy"):
            self._apply_destroyed(label, ids)
            return
        if args.get("quiet"):
            # A scan found something new about its files: no edit of a person's, so what was undone stays undone.
            ids = [number for number in ids if self._undone.undone_at(number) is None]
        else:
            self._undone.drop(ids)
        bulk = "batch" in args or bool(args.get("quiet") or args.get("bulk"))
        self._store.bump(
            ids,
            priority=BULK if bulk else PERSON,
            now=self._clock.now(),
            batch=str(args.get("batch", "")),
            leads=bool(args.get("first", True)),
        )

    def _apply_destroyed(self, label: str, ids: list[int]) -> None:
        """Merged into others, perhaps: who has their files now is asked later."""
        paths = self._matches.paths_of(ids)
        forget_gone(self._connection, ids, ticket=label, now=self._clock.now())
        if paths:
            self._apply_order(label, Row(kind="command", name="find_heirs", ids=[], args={"paths": paths}))

    def _is_led(self, args: Mapping[str, Any]) -> bool:
        """Whether this is a later row of a multi-id event whose first row, with all its ids, is an order already."""
        if not args.get("batch") or args.get("first", True):
            return False
        return self._orders.has_batch(str(args["batch"]))

    def _apply_order(self, ticket: str, row: Row) -> None:
        if row.kind == "entity" and self._is_led(row.args):
            return
        self._orders.add(
            ticket, kind=row.kind, name=row.name, ids=row.ids, args=row.args, now=self._clock.now()
        )
