"""Opens plexsync.db, the file of everything the worker must not forget, and brings its schema up to date. Each of its tables
has a module in this package that bears its name, but for `jobs`, which is `store`'s, and `learned_paths`, which is `learned`'s.
"""

import contextlib
import logging
import os
import pathlib
import sqlite3

from plexsync_plugin.base import levelling, sqlite

APPLICATION_ID = 0x506C5331  # "PlS1"
_log = logging.getLogger(__name__)
_SCHEMA = pathlib.Path(__file__).parent / "schema"


def migrations() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(_SCHEMA.glob("*.sql"))]


def open_state(path: str) -> sqlite3.Connection:
    """For the worker, the file's only writer. Raises DatabaseError and its kinds."""
    # 0600 whatever the umask says: it holds the titles of the user's scenes.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite.connect(path)
    if levelling.level(connection, migrations(), path=path):
        _log.info("carried over into the schema of today path=%s", path)
    sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)
    return connection


def read_state(path: str) -> sqlite3.Connection | None:
    """For everybody else: read-only, or None while no worker has made the file yet."""
    if not os.path.exists(path):
        return None
    connection = sqlite.connect_readonly(path)
    if connection.execute("PRAGMA user_version").fetchone()[0] < 1:
        connection.close()
        return None
    return connection


def missing_steps(connection: sqlite3.Connection) -> int:
    """How many migrations the file lacks to be of this program's schema; less than 0 where it is of a newer one's."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return len(migrations()) - version


def copy_state(path: str) -> sqlite3.Connection:
    """plexsync.db as it is now, in a nameless temporary database that goes with its connection."""
    copy = sqlite.connect("", wal=False)
    state = read_state(path)
    if state is not None:
        with contextlib.closing(state):
            state.backup(copy)
    sqlite.migrate(copy, migrations(), application_id=APPLICATION_ID, path=path)
    return copy
