"""What sync knows of scenes and items: matches, ledger, the hash of the last synced state, servers, facts."""

import sqlite3
from collections.abc import Iterable

from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core import ledger
from plexsync_plugin.core.drift import files_mark
from plexsync_plugin.core.ledger import Record
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import Item, Scene, Server
from plexsync_plugin.jobs import learned

LONGEST_TARGET = "longest_target"  # the fact, per server: characters of a request that it takes for sure


class Records:
    """What is known of no server in particular: which one answered at an address, who shows what, single facts."""

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


class ServerRecords:
    """Of one server, by its machine identifier: another one at the same address starts without history."""

    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        self._connection = connection
        self._server = server
        self._facts = Records(connection)

    def synced_hashes(self, scene_ids: Iterable[int]) -> dict[int, str]:
        found = {}
        for scene_id in scene_ids:
            row = self._connection.execute(
                "SELECT desired_hash FROM synced WHERE scene_id = ? AND server = ?", (scene_id, self._server)
            ).fetchone()
            if row:
                found[scene_id] = row[0]
        return found

    def synced_times(self, scene_ids: Iterable[int]) -> dict[int, str]:
        """Stash's own time of the scene when it was last in sync, pictures included; "" while those are owed."""
        found = {}
        for scene_id in scene_ids:
            row = self._connection.execute(
                "SELECT updated_at FROM synced WHERE scene_id = ? AND server = ?", (scene_id, self._server)
            ).fetchone()
            if row:
                found[scene_id] = row[0]
        return found

    def set_synced_time(self, scene_id: int, updated_at: str) -> None:
        self._connection.execute(
            "UPDATE synced SET updated_at = ? WHERE scene_id = ? AND server = ?",
            (updated_at, scene_id, self._server),
        )

    def forget_synced(self, scene_id: int) -> None:
        self._connection.execute(
            "DELETE FROM synced WHERE scene_id = ? AND server = ?", (scene_id, self._server)
        )

    def set_synced(self, scene: Scene, desired_hash: str, now: float) -> None:
        """The scene is in sync; it counts as edited since, should it have been undone."""
        self._connection.execute(
            "INSERT INTO synced (scene_id, server, desired_hash, updated_at, synced_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (scene_id, server) DO UPDATE SET desired_hash = excluded.desired_hash, "
            "updated_at = excluded.updated_at, synced_at = excluded.synced_at",
            (scene.id, self._server, desired_hash, scene.updated_at, now),
        )
        self._connection.execute("DELETE FROM undone WHERE scene_id = ?", (scene.id,))
        self._connection.execute("DELETE FROM scene_entities WHERE scene_id = ?", (scene.id,))
        self._connection.executemany(
            "INSERT INTO scene_entities (kind, entity_id, scene_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(entity.kind, entity.id, scene.id) for entity in scene.entities],
        )

    def matched_keys(self, scene_id: int) -> list[int]:
        """Of the items that it was found to be; where that is forgotten, of those that were written for it."""
        for table in ("matches", "ledger"):
            rows = self._connection.execute(
                f"SELECT rating_key FROM {table} WHERE scene_id = ? AND server = ? ORDER BY rating_key",
                (scene_id, self._server),
            ).fetchall()
            if rows:
                return [row[0] for row in rows]
        return []

    def add_match(self, scene_id: int, candidate: Candidate) -> None:
        """A guess until the item is read and seen to hold the file."""
        self._connection.execute(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (scene_id, self._server, candidate.rating_key, candidate.section, int(candidate.kind)),
        )

    def set_matches(self, scene_id: int, items: Iterable[Item]) -> None:
        self._connection.execute(
            "DELETE FROM matches WHERE scene_id = ? AND server = ?", (scene_id, self._server)
        )
        self._connection.executemany(
            "INSERT INTO matches (scene_id, server, rating_key, section, kind, files) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    scene_id,
                    self._server,
                    item.rating_key,
                    item.section,
                    int(item.kind),
                    files_mark(item.files),
                )
                for item in items
            ],
        )

    def load_ledger(self, rating_key: int) -> dict[str, Record]:
        row = self._connection.execute(
            "SELECT fields FROM ledger WHERE server = ? AND rating_key = ?", (self._server, rating_key)
        ).fetchone()
        return ledger.load(row[0]) if row else {}

    def save_ledger(self, item: Item, scene_id: int, fields: ledger.Ledger, now: float) -> None:
        self._connection.execute(
            "INSERT INTO ledger (server, rating_key, scene_id, section, kind, fields, written_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (server, rating_key) DO UPDATE SET "
            "scene_id = excluded.scene_id, section = excluded.section, kind = excluded.kind, "
            "fields = excluded.fields, accepted = '', written_at = excluded.written_at",
            (self._server, item.rating_key, scene_id, item.section, int(item.kind), ledger.dump(fields), now),
        )

    def observe(self, pairs: Iterable[PathRule]) -> None:
        """What the matches of a scene teach about paths. Call it inside a transaction."""
        learned.observe(self._connection, self._server, pairs)

    def known_rules(self) -> tuple[PathRule, ...]:
        """The learned path rules that are sure."""
        return learned.known_rules(self._connection, self._server)

    def longest_target(self) -> int:
        """So many characters of a request the server takes for sure; 0 while it has refused none."""
        return int(self._facts.fact(f"{LONGEST_TARGET}:{self._server}") or 0)

    def set_longest_target(self, characters: int) -> None:
        self._facts.set_fact(f"{LONGEST_TARGET}:{self._server}", str(characters))
