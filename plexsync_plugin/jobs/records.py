"""What sync knows of scenes and items: matches, ledger, the hash of the last synced state, servers."""

import sqlite3
from collections.abc import Iterable

from plexsync_plugin.core import ledger
from plexsync_plugin.core.drift import files_mark
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import Item, Scene, Server


class Records:
    """Keyed by the server's machine identifier: another server at the same address starts without history."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known_server(self, url: str) -> str:
        """The machine identifier that answered there last, or ""."""
        row = self._connection.execute("SELECT machine_id FROM servers WHERE url = ?", (url,)).fetchone()
        return row[0] if row else ""

    def remember_server(self, url: str, server: Server) -> None:
        self._connection.execute(
            "INSERT INTO servers (url, machine_id, name) VALUES (?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET machine_id = excluded.machine_id, name = excluded.name",
            (url, server.machine_id, server.name),
        )

    def synced_hashes(self, server: str, scene_ids: Iterable[int]) -> dict[int, str]:
        found = {}
        for scene_id in scene_ids:
            row = self._connection.execute(
                "SELECT desired_hash FROM synced WHERE scene_id = ? AND server = ?", (scene_id, server)
            ).fetchone()
            if row:
                found[scene_id] = row[0]
        return found

    def synced_times(self, server: str, scene_ids: Iterable[int]) -> dict[int, str]:
        """Stash's own time of the scene when it was last in sync, pictures included; "" while those are owed."""
        found = {}
        for scene_id in scene_ids:
            row = self._connection.execute(
                "SELECT updated_at FROM synced WHERE scene_id = ? AND server = ?", (scene_id, server)
            ).fetchone()
            if row:
                found[scene_id] = row[0]
        return found

    def set_synced_time(self, server: str, scene_id: int, updated_at: str) -> None:
        self._connection.execute(
            "UPDATE synced SET updated_at = ? WHERE scene_id = ? AND server = ?",
            (updated_at, scene_id, server),
        )

    def forget_synced(self, server: str, scene_id: int) -> None:
        self._connection.execute("DELETE FROM synced WHERE scene_id = ? AND server = ?", (scene_id, server))

    def set_synced(self, server: str, scene: Scene, desired_hash: str, now: float) -> None:
        """The scene is in sync; it counts as edited since, should it have been undone."""
        self._connection.execute(
            "INSERT INTO synced (scene_id, server, desired_hash, updated_at, synced_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (scene_id, server) DO UPDATE SET desired_hash = excluded.desired_hash, "
            "updated_at = excluded.updated_at, synced_at = excluded.synced_at",
            (scene.id, server, desired_hash, scene.updated_at, now),
        )
        self._connection.execute("DELETE FROM undone WHERE scene_id = ?", (scene.id,))
        self._connection.execute("DELETE FROM scene_entities WHERE scene_id = ?", (scene.id,))
        self._connection.executemany(
            "INSERT INTO scene_entities (kind, entity_id, scene_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(entity.kind, entity.id, scene.id) for entity in scene.entities],
        )

    def scenes_showing(self, kind: str, entity_id: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT scene_id FROM scene_entities WHERE kind = ? AND entity_id = ? ORDER BY scene_id",
            (kind, entity_id),
        )
        return [row[0] for row in rows]

    def fact(self, name: str) -> str:
        row = self._connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_fact(self, name: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def matched_keys(self, server: str, scene_id: int) -> list[int]:
        """Of the items that it was found to be; where that is forgotten, of those that were written for it."""
        for table in ("matches", "ledger"):
            rows = self._connection.execute(
                f"SELECT rating_key FROM {table} WHERE scene_id = ? AND server = ? ORDER BY rating_key",
                (scene_id, server),
            ).fetchall()
            if rows:
                return [row[0] for row in rows]
        return []

    def add_match(self, server: str, scene_id: int, candidate: Candidate) -> None:
        """A guess until the item is read and seen to hold the file."""
        self._connection.execute(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (scene_id, server, candidate.rating_key, candidate.section, int(candidate.kind)),
        )

    def set_matches(self, server: str, scene_id: int, items: Iterable[Item]) -> None:
        self._connection.execute("DELETE FROM matches WHERE scene_id = ? AND server = ?", (scene_id, server))
        self._connection.executemany(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind, files) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (scene_id, server, item.rating_key, item.section, int(item.kind), files_mark(item.files))
                for item in items
            ],
        )

    def load_ledger(self, server: str, rating_key: int) -> dict[str, Record]:
        row = self._connection.execute(
            "SELECT fields FROM ledger WHERE server = ? AND rating_key = ?", (server, rating_key)
        ).fetchone()
        return ledger.load(row[0]) if row else {}

    def save_ledger(self, server: str, item: Item, scene_id: int, fields: ledger.Ledger, now: float) -> None:
        self._connection.execute(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, rating_key) DO UPDATE SET "
            "scene_id = excluded.scene_id, section = excluded.section, kind = excluded.kind, "
            "fields = excluded.fields, accepted = '', written_at = excluded.written_at",
            (server, item.rating_key, scene_id, item.section, int(item.kind), ledger.dump(fields), now),
        )
