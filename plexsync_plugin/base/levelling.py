"""Bring a file whose schema has the right number and another shape to the shape that this number has now.

Before the first release the first schemas were changed in place, so files are about that call themselves version 1 and lack
columns. What they hold is carried over: a table that differs is made anew and filled with the columns that both have. All in one
transaction, after a backup. Holds no business logic.
"""

import contextlib
import re
import sqlite3
from collections.abc import Mapping, Sequence

from plexsync_plugin.base import sqlite

_ZERO = {
    "INTEGER": "0",
    "REAL": "0.0",
    "BLOB": "x''",
}  # for a column that must not be empty and has no default


def level(connection: sqlite3.Connection, steps: Sequence[str], *, path: str, backs_up: bool = True) -> bool:
    """True when something was to do. `steps` and `backs_up` as for `sqlite.migrate`, which is to be called next. Raises
    DatabaseError."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if not 0 < version <= len(steps):
        return False
    with contextlib.closing(sqlite3.connect(":memory:")) as model:
        for step in steps[:version]:
            model.executescript(step)
        wanted = _objects(model)
    there = _objects(connection)
    was = _shape(there)
    if all(was.get(name) == sql for name, sql in _shape(wanted).items()):
        return False  # what others have added, an index or a view of their own, is theirs
    if backs_up:
        sqlite.back_up(connection, f"{path}.before-levelling.backup")
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        with sqlite.transaction(connection):
            _rebuild(connection, there, wanted)
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
    return True


Objects = Mapping[str, tuple[str, str]]  # name -> kind and SQL


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """What a schema makes by itself (of a search table: not what SQLite makes for it)."""
    rows = connection.execute("SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    listed = connection.execute("PRAGMA table_list").fetchall()  # schema, name, type, ...
    shadows = {row[1] for row in listed if row[2] == "shadow"}
    return {
        row[0]: (row[1], row[2]) for row in rows if not row[0].startswith("sqlite_") and row[0] not in shadows
    }


def _shape(objects: Objects) -> dict[str, str]:
    """The SQL without comments and layout."""
    return {name: re.sub(r"\s+", "", re.sub(r"--[^\n]*", "", sql)) for name, (_, sql) in objects.items()}


def _rebuild(connection: sqlite3.Connection, there: Objects, wanted: Objects) -> None:
    was, is_to_be = _shape(there), _shape(wanted)
    tables = [name for name, (kind, _) in wanted.items() if kind == "table"]
    changed = [name for name in tables if was.get(name) != is_to_be[name]]
    for name, (kind, _) in there.items():  # made anew below
        if kind != "table" and name in wanted:
            connection.execute(f'DROP {kind.upper()} IF EXISTS "{name}"')
        elif kind == "table" and name not in wanted:  # of the old shape; the backup has it
            connection.execute(f'DROP TABLE "{name}"')
    for name in changed:
        _remake(connection, name, wanted[name][1], exists=name in there)
    for kind, sql in wanted.values():
        if kind != "table":
            connection.execute(sql)
    for row in connection.execute("PRAGMA foreign_key_check").fetchall():
        connection.execute(f'DELETE FROM "{row[0]}" WHERE rowid = ?', (row[1],))


def _remake(connection: sqlite3.Connection, name: str, sql: str, *, exists: bool) -> None:
    if not exists or sql.upper().startswith("CREATE VIRTUAL"):
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        connection.execute(sql)
        return
    connection.execute(f'CREATE TEMP TABLE carried AS SELECT * FROM main."{name}"')
    connection.execute(f'DROP TABLE main."{name}"')
    connection.execute(sql)
    old = {row[1] for row in connection.execute("PRAGMA temp.table_info(carried)")}
    columns, values = [], []
    for row in connection.execute(f'PRAGMA main.table_info("{name}")').fetchall():
        column, kind, must, default = row[1], str(row[2]).upper(), row[3], row[4]
        if column in old:
            values.append(
                f'CAST("{column}" AS {kind})' if kind in ("INTEGER", "REAL", "TEXT") else f'"{column}"'
            )
        elif must and default is None:
            values.append(_ZERO.get(kind, "''"))
        else:
            continue
        columns.append(f'"{column}"')
    if old:
        connection.execute(
            f'INSERT OR IGNORE INTO main."{name}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM temp.carried'
        )
    connection.execute("DROP TABLE temp.carried")
