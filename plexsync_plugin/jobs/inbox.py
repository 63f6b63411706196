"""Put one row into the persist-queue file, with the standard library alone.

The row has the exact form that `persistqueue.SQLiteAckQueue` 1.1 with its JSON serializer reads: table
`ack_queue_default`, `data` as UTF-8 bytes (text would raise after the row is marked). A contract test reads rows
with persist-queue itself. What cannot be written within `PATIENCE` seconds of waiting for locks goes to the spool.
"""

import os

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.quick_json import dumps

TYPE_CHECKING = False  # importing typing for it costs the hook milliseconds
if TYPE_CHECKING:
    import sqlite3
    from typing import Any
else:
    try:
        # What `sqlite3` is made of. That imports datetime besides, and registers converters for it.
        import _sqlite3 as sqlite3
    except ImportError:
        import sqlite3

PATIENCE = 3.0  # seconds; the hook runs inside the user's save
PAUSE = 0.02  # seconds between tries where SQLite does not wait by itself
TABLE = "ack_queue_default"
READY = 0  # persistqueue.sqlackqueue.AckStatus.inited

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)

_CREATE = (
    f"CREATE TABLE IF NOT EXISTS `{TABLE}` "
    "(_id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB, timestamp FLOAT, status INTEGER)"
)
_INSERT = f"INSERT INTO `{TABLE}` (data, timestamp, status) VALUES (?, ?, {READY})"


def put(folder: DataFolder, row: "dict[str, Any]", clock: Clock) -> None:
    """Store the row durably, in the database or else in the spool. Raises OSError when neither can be written."""
    data = dumps(row).encode("utf-8")
    deadline = clock.monotonic() + PATIENCE
    while True:
        try:
            _insert(folder.inbox, data, clock.now(), max(deadline - clock.monotonic(), 0.0))
        except sqlite3.DatabaseError as error:
            # Busy also while another hook creates the file: switching to WAL ignores the timeout
            # (docs/architecture.md, "The inbox").
            # A full disk or a damaged file is not mended by waiting.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _BUSY or clock.monotonic() >= deadline:
                break
            clock.sleep(PAUSE)
        else:
            return
    spool(folder, data, clock)


def _insert(path: str, data: bytes, now: float, patience: float) -> None:
    if not os.path.exists(path):
        create_private(path)
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=FULL")  # a power cut must not take back what Stash was told
        try:
            connection.execute(_INSERT, (data, now))
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_CREATE)
            connection.execute(_INSERT, (data, now))
    finally:
        connection.close()


def create_private(path: str) -> None:
    """The rows are nobody else's business: 0600 whatever the umask says."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def spool(folder: DataFolder, data: bytes, clock: Clock) -> None:
    """One file per row, named so that sorting gives the order of arrival; complete or not there at all."""
    name = f"{int(clock.now() * 1e6):018d}-{os.urandom(6).hex()}"
    temporary, final = (os.path.join(folder.spool, name + ending) for ending in (".tmp", ".json"))
    descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, final)
    except OSError:
        try:  # noqa: SIM105 - contextlib would be imported for it
            os.remove(temporary)  # what room there is is needed
        except OSError:
            pass  # the folder became read-only
        raise
