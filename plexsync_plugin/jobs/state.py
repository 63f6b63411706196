"""Opens plexsync.db, the file of everything the worker must not forget, and brings its schema up to date. Each of its tables
has a module in this package that bears its name, but for `jobs`, which is `store`'s, and `learned_paths`, which is `learned`'s.
"""

import contextlib
import logging
import os
import pathlib
import sqlite3
from collections.abc import Sequence

from plexsync_plugin.base import levelling, sqlite
from plexsync_plugin.base.aside import SIDE_FILES
from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase
from plexsync_plugin.base.paths import is_emptied

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
    else:
        refuse_empty(path)
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
    whole = path + SALVAGED
    if not os.path.exists(whole):
        whole = path + FRESH
        make_state(whole)
    _remove(path, SIDE_FILES)  # of a file that was deleted: SQLite would read them into this one
    os.replace(whole, path)


def make_state(path: str) -> None:
    """A new file with the schema of today, in place of what a killed worker left there."""
    _remove(path, ("", *SIDE_FILES))
    # 0600 whatever the umask says: it holds the titles of the user's scenes.
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite.connect(path)) as connection:
        sqlite.migrate(connection, migrations(), application_id=APPLICATION_ID, path=path)
        sqlite.settle(connection)


def discard(path: str) -> None:
    """A file that did not become whole: what room it takes is needed."""
    with contextlib.suppress(OSError):
        _remove(path, ("", *SIDE_FILES))


def _remove(path: str, endings: Sequence[str]) -> None:
    for ending in endings:
        with contextlib.suppress(FileNotFoundError):
            os.remove(path + ending)


def read_state(path: str) -> sqlite3.Connection | None:
    """For everybody else: read-only, or None while no worker has made the file yet. Raises DatabaseError and its kinds, sqlite3.Error."""
    if not os.path.lexists(path):
        return None
    refuse_empty(path)
    connection = sqlite.connect_readonly(path)
    try:
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
    except BaseException:
        connection.close()
        raise
    if owner != APPLICATION_ID:
        connection.close()
        raise ForeignDatabase(f"{path} is not a file of this program. Move it away.")
    return connection


def refuse_empty(path: str) -> None:
    """The file gets its name when its schema is whole: one that holds nothing has lost it. Raises DatabaseError."""
    if os.path.isdir(path):
        raise DatabaseError(f"A folder stands in the place of the database {path}.") from sqlite.Damage(
            "nothing is in it"
        )
    if is_emptied(path):
        raise DatabaseError(f"The database {path} is empty.") from sqlite.Damage("nothing is in it")


def open_anew(path: str) -> None:
    """Raises what a process meets that opens the file now: DatabaseError and its kinds, sqlite3.Error.

    By SQLite: who opens and closes it otherwise takes away the locks that this process holds on it
    (https://sqlite.org/howtocorrupt.html, section 2.2).
    """
    state = read_state(path)
    if state is not None:
        with contextlib.closing(state):
            state.execute("SELECT count(*) FROM sqlite_schema").fetchone()


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
    try:
        state = read_state(path)
        if state is not None:
            with contextlib.closing(state):
                state.backup(copy)
        levelling.level(copy, migrations(), path=path, backs_up=False)
        sqlite.migrate(copy, migrations(), application_id=APPLICATION_ID, path=path, backs_up=False)
    except BaseException:
        copy.close()
        raise
    return copy
