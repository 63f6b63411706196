"""How many rows each table of plexsync.db holds, for the bug report."""

import contextlib

from plexsync_plugin.jobs.state import read_state


def table_sizes(path: str) -> dict[str, int]:
    """By name; `schema` is the number of the last migration. Empty while there is no file. Raises DatabaseError, sqlite3.Error."""
    connection = read_state(path)
    if connection is None:
        return {}
    with contextlib.closing(connection):
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            )
        ]
        sizes = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        return {"schema": connection.execute("PRAGMA user_version").fetchone()[0], **sizes}
