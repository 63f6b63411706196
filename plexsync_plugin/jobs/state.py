"""Opens plexsync.db, the file of everything the worker must not forget, and brings its schema up to date. Each of its tables
has a module in this package that bears its name, but for `jobs`, which is `store`'s, and `learned_paths`, which is `learned`'s.
"""

import contextlib
import logging
import os
import pathlib
import sqlite3

from plexsync_plugin.base import levelling, sqlite
from plexsync_plugin.base.aside import SIDE_FILES
from plexsync_plugin.base.errors import DatabaseError

APPLICATION_ID = 0x506C5331  # "PlS1"
FRESH = ".fresh"  # a file whose schema is being made
SALVAGED = ".salvaged"  # what `jobs.salvage` has carried out of a damaged file
_log = logging.getLogger(__name__)
_SCHEMA = pathlib.Path(__file__).parent / "schema"


def migrations() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(_SCHEMA.glob("*.sql"))]


def open_state(path: str) -> sqlite3.Connection:
    """For the worker, the file's only writer. Raises DatabaseError and its kinds, OSError."""
    if not os.path.lexists(path):
        _begin(path)
    elif os.path.isdir(path) or not os.path.getsize(path):
        raise DatabaseError(f"The database {path} is empty.") from sqlite.Damage("nothing is in it")
    connection = sqlite.connect(path)
    try:
        if levelling.level(connection, migrations(), path=path):
            _log.info("carried over into the schema of today path=%s", path)
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)
    except BaseException:
        connection.close()  # an open file can be neither moved nor deleted on Windows
        raise
    return connection


def _begin(path: str) -> None:
    """Give the file its name when its schema is whole: an empty one of that name has then lost what it held."""
    if os.path.exists(path + SALVAGED):
        sqlite.connect(path + SALVAGED).close()  # what a killed worker left beside it goes into it
        os.replace(path + SALVAGED, path)
        return
    make_state(path + FRESH)
    os.replace(path + FRESH, path)


def make_state(path: str) -> None:
    """A new file with the schema of today, in place of what a killed worker left there."""
    for ending in ("", *SIDE_FILES):
        with contextlib.suppress(FileNotFoundError):
            os.remove(path + ending)
    # 0600 whatever the umask says: it holds the titles of the user's scenes.
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite.connect(path)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)


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


def try_to_write(path: str, seconds: float) -> None:
    """Take the right to write, and give it back. Raises what hinders it: DatabaseError, sqlite3.Error."""
    with contextlib.closing(sqlite.connect(path, busy_seconds=seconds)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def copy_state(path: str) -> sqlite3.Connection:
    """plexsync.db as it is now, in a nameless temporary database that goes with its connection."""
    copy = sqlite.connect("", wal=False)
    state = read_state(path)
    if state is not None:
        with contextlib.closing(state):
            state.backup(copy)
    sqlite.migrate(copy, migrations(), application_id=APPLICATION_ID, path=path)
    return copy
