"""The index file as its user sees it: whether it can be kept where it is to be, and what to do when that fails.

Looks at a path before Plex is asked for anything, and opens no database. What is in the file is `store`'s.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator

from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase
from plexsync_plugin.base.paths import make_shared
from plexsync_plugin.base.sqlite import error_code

HEADER = b"SQLite format 3\0"
APPLICATION_ID = 0x50537849  # "PSxI"
_ID_AT = 68  # bytes from the begin (https://sqlite.org/fileformat2.html#database_header)
DAMAGED = ".damaged"

_RIGHTS = "See that the user that PlexSync runs as may read and write it and its folder."
# What is no fault of a statement -> what to do about it.
_ADVICE = {
    sqlite3.SQLITE_CORRUPT: "The file is damaged. A rebuild (plex_sync.py --rebuild-db, or the task Rebuild Plex Index) puts it aside and makes it "
    "anew from Plex.",
    sqlite3.SQLITE_NOTADB: "It is no SQLite file, or damaged. Move it away: the next run makes an index anew from Plex.",
    sqlite3.SQLITE_FULL: "Make room on its disk. Readers see the last whole state, and the next run goes on from here.",
    sqlite3.SQLITE_BUSY: "Another program keeps it open: wait until it is done, or end it.",
    sqlite3.SQLITE_LOCKED: "Another program keeps it open: wait until it is done, or end it.",
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    # So does SQLite name a full disk where the memory that it shares finds no room.
    sqlite3.SQLITE_IOERR: "Its disk is full, or that disk or the network share it is on has trouble.",
}
TROUBLE = frozenset(_ADVICE)


def prepare(path: str, *, rebuild: bool = False) -> None:
    """Make its folder and see that the file can be kept there. For a rebuild, one that lost its begin will do.

    Raises DatabaseError, ForeignDatabase.
    """
    if os.path.isdir(path):
        raise DatabaseError(
            f"{path} is a folder. Name the index file itself, like {os.path.join(path, 'plex_collection.db')}."
        )
    folder = os.path.dirname(os.path.abspath(path))
    try:
        make_shared(folder)
    except OSError as error:
        raise DatabaseError(
            f"The folder {folder} for the index cannot be made: {error.strerror}. Name another file in DB_PATH."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DatabaseError(
            f"The folder {folder} may not be written by this user, and the index is kept there. Give the user that "
            "right, or name another file in DB_PATH."
        )
    if os.path.exists(path):
        _look_at(path, rebuild=rebuild)


def _look_at(path: str, *, rebuild: bool) -> None:
    if not os.path.isfile(path):
        raise DatabaseError(f"{path} is a device or a pipe. Name a file for the index in DB_PATH.")
    try:
        with open(path, "r+b") as file:
            begins = file.read(len(HEADER))
    except OSError as error:
        raise DatabaseError(f"The index {path} cannot be written: {error.strerror}. {_RIGHTS}") from error
    if begins and begins != HEADER and not (rebuild and is_ours(path)):
        raise ForeignDatabase(
            f"{path} is not an index made by PlexSync, or is damaged: it does not begin as SQLite files do. Move it "
            "away, or name another file in DB_PATH."
        )


def is_ours(path: str) -> bool:
    """Whether the begin of a damaged file tells that it is an index, or tells nothing: a power cut leaves it empty or zero."""
    with open(path, "rb") as file:
        begins = file.read(_ID_AT + 4)
    if begins.startswith(HEADER):
        return int.from_bytes(begins[_ID_AT:], "big") == APPLICATION_ID
    return not begins.strip(b"\0")


def put_aside(path: str) -> str:
    """Give a damaged index another name, beside it, for who wants to save something of it. Returns that path. Raises OSError.

    An older one is replaced. The journal goes with it: it belongs to this file alone.
    """
    aside = f"{path}{DAMAGED}"
    for ending in ("-journal", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    os.replace(path, aside)
    return aside


@contextlib.contextmanager
def explaining(path: str) -> Iterator[None]:
    """What SQLite and the file system refuse becomes a DatabaseError that says what to do; bugs pass as they are."""
    try:
        yield
    except DatabaseError as error:
        advice = _advice(error.__cause__)
        if not advice:
            raise
        raise DatabaseError(f"{error} {advice}") from error
    except sqlite3.Error as error:
        advice = _advice(error)
        if not advice:
            raise
        raise DatabaseError(f"The index {path} cannot be used: {error}. {advice}") from error
    except OSError as error:
        if error.filename is None:  # no file, but a socket or a stream
            raise
        raise DatabaseError(f"{error.filename} cannot be used: {error.strerror}. {_RIGHTS}") from error


def _advice(error: BaseException | None) -> str:
    return _ADVICE.get(error_code(error), "")
