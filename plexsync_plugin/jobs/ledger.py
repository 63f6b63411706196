"""Owns the table `ledger`: for each Plex item, what PlexSync wrote and what it overwrote. What follows from it is
`core.ledger`'s and `core.plan`'s. It outlives the scene, for Undo needs it.
"""

import sqlite3

from plexsync_plugin.core import ledger
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.model import Item


class LedgerStore:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load_ledger(self, server: str, rating_key: int) -> dict[str, Record]:
        """By field; empty for an item that was never written."""
        row = self._connection.execute(
            "SELECT fields FROM ledger WHERE server = ? AND rating_key = ?", (server, rating_key)
        ).fetchone()
        return ledger.load(row[0]) if row else {}

    def save_ledger(self, server: str, item: Item, scene_id: int, fields: ledger.Ledger, now: float) -> None:
        """What is known of the item's fields now. `now` in epoch seconds."""
        self._connection.execute(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, rating_key) DO UPDATE SET "
            "scene_id = excluded.scene_id, section = excluded.section, kind = excluded.kind, "
            "fields = excluded.fields, accepted = '', written_at = excluded.written_at",
            (server, item.rating_key, scene_id, item.section, int(item.kind), ledger.dump(fields), now),
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

    def follow(self, server: str, rating_key: int, scene_id: int) -> None:
        """The item shows this scene now, though nothing of it had to be written."""
        self._connection.execute(
            "UPDATE ledger SET scene_id = ? WHERE server = ? AND rating_key = ? AND scene_id <> ?",
            (scene_id, server, rating_key, scene_id),
        )

    def empty_ledger(self, server: str, rating_key: int, now: float) -> None:
        """Nothing on this item is ours any more: it was given back, or is gone. `now` in epoch seconds."""
        self._connection.execute(
            "UPDATE ledger SET fields = '{}', accepted = '', written_at = ? WHERE server = ? AND rating_key = ?",
            (now, server, rating_key),
        )

    def accept_listing(self, server: str, rating_key: int, mark: str) -> None:
        """Remember the listing that is looked into now: if that changes nothing, it need not be found again."""
        self._connection.execute(
            "UPDATE ledger SET accepted = ? WHERE server = ? AND rating_key = ?", (mark, server, rating_key)
        )
