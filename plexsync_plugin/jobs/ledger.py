"""Owns the table `ledger`: for each Plex item, what PlexSync wrote and what it overwrote. What follows from it is
`core.ledger`'s and `core.plan`'s. It outlives the scene, for Undo needs it.
"""

import json
import sqlite3

from plexsync_plugin.core import ledger
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.model import File, Item
from plexsync_plugin.core.pathmap import same_name, same_path
from plexsync_plugin.jobs.stored_text import stored_json, stored_records


class LedgerStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load_ledger(self, server: str, rating_key: int) -> dict[str, Record]:
        """By field; empty for an item that was never written."""
        row = self._connection.execute(
            "SELECT fields FROM ledger WHERE server = ? AND rating_key = ?", (server, rating_key)
        ).fetchone()
        return stored_records(row[0]) if row else {}

    def ledger_of(self, server: str, item: Item) -> dict[str, Record]:
        """By field. Empty where the item holds none of the files that it held when it was written: then another item has got
        its rating key, as all do when Plex's database is made anew."""
        row = self._connection.execute(
            "SELECT fields, files FROM ledger WHERE server = ? AND rating_key = ?", (server, item.rating_key)
        ).fetchone()
        if not row or not _is_same_item(row[1], item):
            return {}
        return stored_records(row[0])

    def is_foreign(self, server: str, item: Item) -> bool:
        """Whether what is kept under the item's rating key was written to another item."""
        row = self._connection.execute(
            "SELECT files FROM ledger WHERE server = ? AND rating_key = ?", (server, item.rating_key)
        ).fetchone()
        return row is not None and not _is_same_item(row[0], item)

    def scene_written(self, server: str, rating_key: int) -> int:
        """The scene that the item was written for last; 0 where it shows nothing of ours."""
        row = self._connection.execute(
            "SELECT scene_id FROM ledger WHERE server = ? AND rating_key = ? AND fields <> '{}'",
            (server, rating_key),
        ).fetchone()
        return row[0] if row else 0

    def save_ledger(self, server: str, item: Item, scene_id: int, fields: ledger.Ledger, now: float) -> None:
        """What is known of the item's fields now. `now` in epoch seconds."""
        self._connection.execute(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, files, written_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, rating_key) DO UPDATE SET "
            "scene_id = excluded.scene_id, section = excluded.section, kind = excluded.kind, "
            "fields = excluded.fields, files = excluded.files, accepted = '', written_at = excluded.written_at",
            (
                server,
                item.rating_key,
                scene_id,
                item.section,
                int(item.kind),
                ledger.dump(fields),
                json.dumps([[file.path, file.size] for file in item.files], ensure_ascii=False),
                now,
            ),
        )

    def ledger_row(self, server: str, rating_key: int) -> sqlite3.Row | None:
        """All that is stored of the item, for `put_back_ledger`."""
        row: sqlite3.Row | None = self._connection.execute(
            "SELECT * FROM ledger WHERE server = ? AND rating_key = ?", (server, rating_key)
        ).fetchone()
        return row

    def put_back_ledger(self, server: str, rating_key: int, row: sqlite3.Row | None) -> None:
        """As `ledger_row` found it. Call it inside a transaction."""
        self._connection.execute(
            "DELETE FROM ledger WHERE server = ? AND rating_key = ?", (server, rating_key)
        )
        if row is not None:
            names = row.keys()
            self._connection.execute(
                f"INSERT INTO ledger ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", tuple(row)
            )

    def set_kept(self, server: str, item: Item, scene_id: int, kept: str, now: float) -> bool:
        """In these fields of the item, joined by commas, a person's value stays; whether that is new."""
        values = {
            "server": server, "key": item.rating_key, "scene": scene_id, "section": item.section,
            "kind": int(item.kind), "kept": kept, "now": now,
        }  # fmt: skip
        changed = self._connection.execute(
            "UPDATE ledger SET kept = :kept WHERE server = :server AND rating_key = :key AND kept <> :kept",
            values,
        ).rowcount
        if kept and not changed:
            changed = self._connection.execute(
                "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at, kept) "
                "VALUES (:server, :key, :scene, :section, :kind, '{}', :now, :kept) ON CONFLICT DO NOTHING",
                values,
            ).rowcount
        return bool(changed)

    def kept_scenes(self, server: str) -> tuple[int, int, str]:
        """How many scenes have an item in which a person's value stays; the first of them, and the fields there joined by
        commas."""
        count: int = self._connection.execute(
            "SELECT count(DISTINCT scene_id) FROM ledger WHERE server = ? AND kept <> ''", (server,)
        ).fetchone()[0]
        first = self._connection.execute(
            "SELECT scene_id, kept FROM ledger WHERE server = ? AND kept <> '' ORDER BY scene_id LIMIT 1",
            (server,),
        ).fetchone()
        return (count, first[0], first[1]) if first else (0, 0, "")

    def follow(self, server: str, rating_key: int, scene_id: int) -> None:
        """The item shows this scene now, though nothing of it had to be written."""
        self._connection.execute(
            "UPDATE ledger SET scene_id = ? WHERE server = ? AND rating_key = ? AND scene_id <> ?",
            (scene_id, server, rating_key, scene_id),
        )

    def empty_ledger(self, server: str, rating_key: int, now: float) -> None:
        """Nothing on this item is ours any more: it was given back, or is gone. `now` in epoch seconds."""
        self._connection.execute(
            "UPDATE ledger SET fields = '{}', accepted = '', kept = '', written_at = ? WHERE server = ? AND rating_key = ?",
            (now, server, rating_key),
        )

    def accept_listing(self, server: str, rating_key: int, mark: str) -> None:
        """Remember the listing that is looked into now: if that changes nothing, it need not be found again."""
        self._connection.execute(
            "UPDATE ledger SET accepted = ? WHERE server = ? AND rating_key = ?", (mark, server, rating_key)
        )


def _is_same_item(text: str, item: Item) -> bool:
    """Whether the item holds one of the files that it held; what is not known counts as the same."""
    held = [File(path=path, size=size) for path, size in stored_json(text)] if text else []
    if not held or not item.files:
        return True
    return any(_is_same_file(before, now) for before in held for now in item.files)


def _is_same_file(one: File, other: File) -> bool:
    moved = one.size > 0 and one.size == other.size and same_name(one.path, other.path)
    return moved or same_path(one.path, other.path)
