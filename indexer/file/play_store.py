"""The history of plays in the index: how far it reaches, and what is new of a page. Every statement on `plays` and `users`."""

import json
from collections.abc import Iterable, Mapping, Sequence

from indexer.file.store import Store
from indexer.rows.values import moment_text
from plexsync_plugin.core.model import Kind
from plexsync_plugin.plex.history import Play

_KINDS = {"movie": int(Kind.MOVIE), "episode": int(Kind.EPISODE), "track": int(Kind.TRACK)}


class PlayStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self, now: str) -> int:
        """When the newest play was, in epoch seconds; 0: there is none. One that claims to be of the future is none."""
        row = self._store.connection.execute(
            "SELECT CAST(strftime('%s', max(playedAt)) AS INTEGER) FROM plays WHERE playedAt <= ?", (now,)
        ).fetchone()
        return int(row[0] or 0)

    def add(self, plays: Sequence[Play]) -> int:
        """Those that are not there yet, in one transaction; where all are, nothing is written. Returns how many are new."""
        rows = self._store.connection.execute(
            "SELECT historyKey FROM plays WHERE historyKey IN (SELECT value FROM json_each(?))",
            (json.dumps([play.key for play in plays]),),
        )
        known = {row[0] for row in rows}
        new = {play.key: play for play in plays if play.key not in known}
        if new:
            self._store.write(lambda: self._insert(new.values()))
        return len(new)

    def unnamed(self) -> list[int]:
        """The users of plays whose names have not been asked for."""
        rows = self._store.connection.execute(
            "SELECT DISTINCT userId FROM plays WHERE userId IS NOT NULL AND userId NOT IN (SELECT id FROM users)"
        )
        return [row[0] for row in rows]

    def name(self, names: Mapping[int, str], unnamed: Iterable[int]) -> None:
        """All users that Plex names; those that it does not are kept without, so that they are not asked for again."""
        self._store.write(lambda: self._name(names, unnamed))

    def forget(self) -> None:
        """For a rebuild: the whole history is read again."""
        if self._store.connection.execute("SELECT 1 FROM plays LIMIT 1").fetchone():
            self._store.write(self._forget)

    def _insert(self, plays: Iterable[Play]) -> None:
        rows = [
            (
                play.key,
                play.rating_key or None,
                play.account or None,
                play.device or None,
                moment_text(play.at or None),
                _KINDS.get(play.type),
                play.section or None,
                play.title or None,
                play.part_of or None,
            )
            for play in plays
        ]
        self._store.connection.executemany(
            "INSERT INTO plays (historyKey, ratingKey, userId, deviceId, playedAt, kind, sectionKey, title, partOf) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def _name(self, names: Mapping[int, str], unnamed: Iterable[int]) -> None:
        self._store.connection.executemany(
            "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            list((dict.fromkeys(unnamed) | dict(names)).items()),
        )

    def _forget(self) -> None:
        self._store.connection.execute("DELETE FROM plays")
        self._store.connection.execute("DELETE FROM users")
