"""Generic SQLite: connect, one transaction, migrations. Holds no business logic.

`PRAGMA user_version` is the number of migrations applied and is set inside the migration's own transaction, so a
kill leaves either the old schema or the new one. A file is backed up before its first migration beyond creation.
"""

import contextlib
import os
import pathlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Literal

from plexsync_plugin.base.errors import DatabaseError, ForeignDatabase, NewerDatabase

BUSY_SECONDS = 10.0


def connect(path: str, *, wal: bool = True, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open for writing, in autocommit mode: transactions are explicit, by `transaction`.

    `wal` False leaves the rollback journal (the index: docs/architecture.md, "The index"). Raises DatabaseError.
    """
    mode = "WAL" if wal else "DELETE"
    pragmas = (f"journal_mode={mode}", "synchronous=FULL", "foreign_keys=ON")
    return _opened(path, path, pragmas, uri=False, busy_seconds=busy_seconds)


def connect_readonly(path: str, *, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open an existing file for reading only. Raises DatabaseError when it does not exist or is no database."""
    uri = pathlib.Path(path).absolute().as_uri()
    try:
        return _opened(path, f"{uri}?mode=ro", ("schema_version",), uri=True, busy_seconds=busy_seconds)
    except DatabaseError as error:
        cause = error.__cause__
        if not isinstance(cause, sqlite3.Error) or cause.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
            raise
    # A writer was killed while it wrote: whoever opens the file for writing first brings back what it was.
    _opened(path, f"{uri}?mode=rw", ("schema_version",), uri=True, busy_seconds=busy_seconds).close()
    return _opened(path, f"{uri}?mode=ro", ("schema_version",), uri=True, busy_seconds=busy_seconds)


def _opened(
    path: str, target: str, pragmas: Sequence[str], *, uri: bool, busy_seconds: float
) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            target, uri=uri, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise DatabaseError(f"The database {path} cannot be opened: {error}.") from error
    try:
        connection.row_factory = sqlite3.Row
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error as error:
        connection.close()  # an open file can be neither moved nor deleted on Windows
        raise DatabaseError(f"The database {path} cannot be opened: {error}.") from error
    return connection


@contextlib.contextmanager
def transaction(
    connection: sqlite3.Connection, *, begin: Literal["IMMEDIATE", "EXCLUSIVE"] = "IMMEDIATE"
) -> Iterator[sqlite3.Connection]:
    """BEGIN ... COMMIT; rolled back on any exception. Keep network calls out of it."""
    connection.execute(f"BEGIN {begin}")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself; a COMMIT that meets a reader leaves the transaction open.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def relaxed(connection: sqlite3.Connection) -> Iterator[None]:
    """Within this, a commit does not wait for the disk, which on a NAS takes some 15 ms.

    Such commits outlive a kill of the process. A power cut may take them back, the newest first, as far as the last commit
    made outside; so only what may be done twice is committed here. Not for use inside a transaction
    (https://sqlite.org/pragma.html#pragma_synchronous).
    """
    connection.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous=FULL")


def error_code(error: BaseException | None) -> int:
    """SQLite's primary result code of an error or of its cause; 0 for none."""
    while error is not None and not isinstance(error, sqlite3.Error):
        error = error.__cause__
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


class Damage(sqlite3.DatabaseError):
    """What we found broken ourselves: an empty file, a text that nobody wrote."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def is_damage(error: BaseException | None) -> bool:
    """Whether the file itself is broken, rather than busy or wrongly used."""
    if error_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return True
    # All text was written as UTF-8; Python gives this error no code.
    return isinstance(error, sqlite3.OperationalError) and "decode to UTF-8" in str(error)


def migrate(
    connection: sqlite3.Connection,
    steps: Sequence[str],
    *,
    application_id: int,
    path: str,
    backs_up: bool = True,
) -> None:
    """Bring the file to the newest schema. `steps[n]` is the SQL script from version n to n+1. `backs_up`: not for a copy.

    Raises NewerDatabase (written by a newer program) and ForeignDatabase (another program's file).
    """
    version, owner = _read_header(connection)
    if owner not in (0, application_id) or (owner == 0 and (version > 0 or _holds_tables(connection))):
        raise ForeignDatabase(f"{path} is not a file of this program. Move it away, or name another path.")
    if version > len(steps):
        raise NewerDatabase(
            f"{path} was written by a newer PlexSync (schema {version}, this one knows {len(steps)}). "
            "Update PlexSync, or move the file away."
        )
    if backs_up and 0 < version < len(steps):
        back_up(connection, f"{path}.v{version}.backup")
    for number in range(version, len(steps)):
        _apply(connection, steps[number], number, application_id)


def _read_header(connection: sqlite3.Connection) -> tuple[int, int]:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    return int(version), int(owner)


def _holds_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])


def _apply(connection: sqlite3.Connection, script: str, number: int, application_id: int) -> None:
    with transaction(connection):
        if (
            _read_header(connection)[0] > number
        ):  # another process migrated while this one waited for the lock
            return
        for statement in statements(script):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={application_id}")
        connection.execute(f"PRAGMA user_version={number + 1}")


def statements(script: str) -> Iterator[str]:
    """Split a script at the semicolons that end statements (triggers hold inner ones)."""
    pending = ""
    *ended, rest = script.split(";")
    for piece in ended:
        pending += f"{piece};"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    pending += rest
    if pending.strip() and not all(
        line.lstrip().startswith("--") for line in pending.splitlines() if line.strip()
    ):
        raise ValueError(f"the script ends inside a statement: {pending.strip()[:80]}")


def settle(connection: sqlite3.Connection) -> None:
    """Bring what the write-ahead log holds into the file itself, which can then be given another name.

    Raises sqlite3.Error where the disk does not take it: closing would say nothing, and leave it beside the file.
    """
    is_busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if is_busy:
        raise sqlite3.OperationalError("another program reads the file, so it cannot be brought up to date")


def back_up(connection: sqlite3.Connection, target: str) -> None:
    """Raises OSError and sqlite3.Error where it does not become whole; then there is none."""
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    os.close(os.open(target, os.O_CREAT | os.O_RDWR, os.stat(path).st_mode & 0o644))
    try:
        with contextlib.closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(target)  # what room it took is needed
        raise
