"""Makes plexsync.db anew when it is damaged: what can be read is carried over, and what could not be is told.

Owns which loss means what for a person. The damaged file is put aside with a dated name. The new one gets its name last, so a
worker that is killed in between finds it and goes on with it (`state.open_state`).
"""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.aside import name_aside, put_aside
from plexsync_plugin.base.file_trouble import trouble_of
from plexsync_plugin.jobs.notices import ONCE, Notice, NoticeStore
from plexsync_plugin.jobs.orders import OrderStore
from plexsync_plugin.jobs.state import FRESH, SALVAGED, discard, make_state

LARGEST = (1 << 22) - 1  # higher numbers are looked for from both ends alone
LONGEST = 1 << 40  # bytes; a head that tells more is broken itself
_JSON = (("ledger", "fields"), ("orders", "ids"), ("orders", "args"), ("dead_letters", "candidates"))
_log = logging.getLogger(__name__)

# What a person loses with rows of a table; the tables that are not named are made anew by comparing everything.
_LOSSES = {
    "ledger": "For some items nobody knows any more what was in Plex before PlexSync: Undo cannot give that back.",
    "images": "For some items nobody knows any more which picture was in Plex before PlexSync.",
    "collection_posters": "For some collections nobody knows any more which poster was in Plex before PlexSync.",
    "photos": "For some of the cast nobody knows any more which photo was in Plex before PlexSync.",
    "undone": "Some scenes that were undone may be synced again.",
    "dead_letters": "Some failed scenes are no longer listed; Reconcile tries them again.",
    "orders": "Some orders that were given may be lost: give them again.",
}
_NOTHING = "Nothing of it could be read: Undo cannot give back what was in Plex before PlexSync, and scenes that were undone may be synced again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """Where the damaged file is now, and the sentence about it that the new one holds as a notice."""

    aside: str
    sentence: str


@dataclass(slots=True, kw_only=True)
class _Carried:
    rows: int = 0
    whole: bool = True


def replace_damaged(path: str, now: float) -> Salvaged:
    """`now` in epoch seconds. Raises OSError and sqlite3.Error where nothing can be written, and OSError, on Windows, while
    another program has the file open."""
    fresh = path + FRESH
    try:
        sentence = _made(fresh, path, now)
    except BaseException:
        discard(fresh)
        raise
    os.replace(
        fresh, path + SALVAGED
    )  # whole from here on, so a worker that is killed now leaves it to the next
    aside = put_aside(path, now)
    os.replace(path + SALVAGED, path)
    return Salvaged(aside=aside, sentence=sentence)


def _made(fresh: str, path: str, now: float) -> str:
    """All that is to be in the new file, the order and the sentence too; returns the sentence."""
    aside = name_aside(path, now)
    make_state(fresh)
    with contextlib.closing(sqlite.connect(fresh)) as target:
        carried = _carry(path, target)
        lost = [name for name, each in carried.items() if not each.whole]
        _log.error(
            "plexsync.db damaged, rows carried over: %s", {name: c.rows for name, c in carried.items()}
        )
        sentence = _sentence(path, aside, lost, any(each.rows for each in carried.values()))
        with sqlite.transaction(target):
            OrderStore(target).add(
                f"damaged:{aside}", kind="command", name="reconcile", ids=(), args={}, now=now
            )
            notice = Notice(level="error", text=sentence, blocking=False)
            NoticeStore(target).drop(f"{ONCE}state")
            NoticeStore(target).add(f"{ONCE}state", notice, now, delivered=False)
        sqlite.settle(target)
    return sentence


def _sentence(path: str, aside: str, lost: list[str], anything: bool) -> str:
    losses = [_LOSSES[name] for name in lost if name in _LOSSES] if anything else [_NOTHING]
    told = " ".join(losses) or "Nothing of what Undo needs was lost."
    return (
        f"{path} was damaged and is made anew from what could be read of it; the damaged file is {aside}. {told} "
        "All scenes are compared again."
    )


# --- carrying over ----------------------------------------------------------------------------------------------


def _carry(path: str, target: sqlite3.Connection) -> dict[str, _Carried]:
    """Each table by itself: one that is broken leaves the others whole."""
    names = [
        row[0]
        for row in target.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
    ]
    carried = {name: _Carried(whole=False) for name in names}
    if os.path.isdir(path):
        return carried
    _lengthen(path)
    target.execute("PRAGMA foreign_keys=OFF")
    with contextlib.closing(sqlite3.connect(path, timeout=5.0)) as source:
        source.text_factory = _text
        for name in names:
            carried[name] = _carry_table(source, target, name)
    for table, column in _JSON:
        spoilt = target.execute(f'DELETE FROM "{table}" WHERE NOT json_valid("{column}")').rowcount
        if spoilt:
            carried[table].whole = False
    _mend_references(target)
    target.execute("PRAGMA foreign_keys=ON")
    return carried


def _lengthen(path: str) -> None:
    """A file that was cut is given empty pages up to the length that its head tells: SQLite reads nothing of a shorter one
    (https://sqlite.org/fileformat2.html#the_database_header)."""
    with open(path, "r+b") as file:
        head = file.read(32)
        pages = int.from_bytes(head[28:], "big")
        length = pages * int.from_bytes(head[16:18], "big")
        if head.startswith(b"SQLite format 3\0") and os.path.getsize(path) < length <= LONGEST:
            file.truncate(length)


def _mend_references(target: sqlite3.Connection) -> None:
    """Rows that point to one that was not carried over are treated as if it had been deleted."""
    for table, rowid, _, number in target.execute("PRAGMA foreign_key_check").fetchall():
        reference = next(
            row for row in target.execute(f'PRAGMA foreign_key_list("{table}")') if row["id"] == number
        )
        if reference["on_delete"] == "SET NULL":
            target.execute(f'UPDATE "{table}" SET "{reference["from"]}" = NULL WHERE rowid = ?', (rowid,))
        else:
            target.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))


def _text(raw: bytes) -> str:
    """Raises for what is no UTF-8: all that we wrote is."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise sqlite.Damage("a text that nobody wrote") from error


def _carry_table(source: sqlite3.Connection, target: sqlite3.Connection, name: str) -> _Carried:
    """The columns that both have. Raises sqlite3.Error where the new file takes nothing, which says nothing of the damaged one."""
    try:
        there = {row[1] for row in source.execute(f'PRAGMA table_info("{name}")')}
    except sqlite3.Error:
        return _Carried(whole=False)
    described = target.execute(f'PRAGMA table_info("{name}")').fetchall()
    columns = [row[1] for row in described if row[1] in there]
    keys = [row for row in sorted(described, key=lambda row: row[5]) if row[5]]
    if not columns:
        return _Carried(whole=False)
    table = _Table(
        name=name,
        columns=", ".join(f'"{column}"' for column in columns),
        keys=tuple(row[1] for row in keys),
        numbered=len(keys) == 1 and keys[0][2] == "INTEGER",
    )
    carried = _Carried()
    marks = ", ".join("?" * len(columns))
    insert = f'INSERT OR IGNORE INTO "{name}" ({table.columns}) VALUES ({marks})'
    with sqlite.transaction(target):
        for row in _rows(source, table, carried):
            try:
                carried.rows += target.execute(insert, tuple(row)).rowcount
            except sqlite3.Error as error:
                if trouble_of(error) is not None:
                    raise
                carried.whole = False  # it does not fulfil what every row does
    return carried


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    name: str
    columns: str
    keys: tuple[str, ...]
    numbered: bool


def _rows(source: sqlite3.Connection, table: _Table, carried: _Carried) -> Iterator[Sequence[Any]]:
    """From the beginning; where that ends at what cannot be read, in a table with numbers from behind it, and from the end."""
    try:
        yield from source.execute(f'SELECT {table.columns} FROM "{table.name}"')
    except sqlite3.Error:
        carried.whole = False
    if carried.whole:
        return
    order = ", ".join(f'"{key}" DESC' for key in table.keys)
    with contextlib.suppress(sqlite3.Error):
        yield from source.execute(f'SELECT {table.columns} FROM "{table.name}" ORDER BY {order}')
    if table.numbered:
        yield from _between(source, table)


def _between(source: sqlite3.Connection, table: _Table) -> Iterator[Sequence[Any]]:
    """What stands between broken pages, going on behind each by steps that grow. Rows are found again that were carried over already;
    a table that is broken at its root costs some hundred tries and no more."""
    key = f'"{table.keys[0]}"'
    select = f'SELECT {key}, {table.columns} FROM "{table.name}"'
    after, step = 0, 1
    while after < LARGEST:
        found = after
        try:
            for row in source.execute(f"{select} WHERE {key} > ? ORDER BY {key}", (after,)):
                if found == after:
                    yield from _before(source, f"{select} WHERE {key} < ? ORDER BY {key} DESC", row[0])
                found = row[0]
                yield row[1:]
        except sqlite3.Error:
            step = step * 4 // 3 + 1 if found == after else 1
            after = found + step
        else:
            return


def _before(source: sqlite3.Connection, query: str, key: int) -> Iterator[Sequence[Any]]:
    """Down from there to what cannot be read."""
    with contextlib.suppress(sqlite3.Error):
        for row in source.execute(query, (key,)):
            yield row[1:]
