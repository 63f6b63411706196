"""What kind of trouble a database or file of our own makes, told from what SQLite or the operating system raised.

Each connection is one file's, and who owns a connection catches here what it raised: so the file that failed is the one that is named
and mended, and no other. Standard library alone.
"""

import enum
import errno
import sqlite3

from plexsync_plugin.base.sqlite import error_code, is_damage

_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
# SQLite names a full disk "disk I/O error" where the memory that it shares finds no room.
_UNWRITABLE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
)
_REFUSING = {
    errno.ENOSPC,
    errno.EROFS,
    errno.EIO,
    errno.EFBIG,
    errno.EACCES,  # the right was taken from the file or its folder; on Windows another program has it open
    errno.EPERM,
    getattr(errno, "EDQUOT", errno.ENOSPC),
}


class FileTrouble(enum.Enum):
    DAMAGED = "damaged"
    LOCKED = "locked"  # another program keeps it for longer than is waited for
    UNWRITABLE = "unwritable"  # no room, read-only, a disk that fails


def trouble_of(error: BaseException) -> FileTrouble | None:
    """None where the error says nothing of a file: a statement that is wrong, a value that does not fit, a bug."""
    if isinstance(error, OSError):
        return FileTrouble.UNWRITABLE if error.errno in _REFUSING else None
    if is_damage(error):
        return FileTrouble.DAMAGED
    code = error_code(error)
    if code in _LOCKED:
        return FileTrouble.LOCKED
    return FileTrouble.UNWRITABLE if code in _UNWRITABLE else None


class FilesReplaced(Exception):
    """The name of a file that is held open stands for another file now, or for none: a backup was put back, a folder deleted.

    No failure of the work in hand, so not of PlexSyncError's tree.
    """


def concerns_own_files(error: BaseException) -> bool:
    """Whether what a piece of work met is no failure of that work: nothing can be noted of it either. Expected failures are never
    that; what reads other files has put theirs into words."""
    return isinstance(error, FilesReplaced) or (
        isinstance(error, (sqlite3.Error, OSError)) and trouble_of(error) is not None
    )
