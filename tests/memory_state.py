"""plexsync.db with its newest schema and nothing in it, in memory."""

import contextlib
import sqlite3
from collections.abc import Iterator

from plexsync_plugin.base.sqlite import migrate
from plexsync_plugin.jobs.state import APPLICATION_ID, migrations


@contextlib.contextmanager
def memory_state() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        migrate(connection, migrations(), application_id=APPLICATION_ID, path=":memory:")
        yield connection
