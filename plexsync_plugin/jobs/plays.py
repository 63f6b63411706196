"""Owns the table `plays`: plays in Plex that were counted in Stash, are to be, or are left alone. What is done with them is
`worker.from_plex`'s.

A play is told by item, account and second: the numbers of Plex's history are dealt anew when its database is restored.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

PASSED, WAITING, PLANNED, ADDING = "passed", "waiting", "planned", "adding"
OURS, THEIRS, REMOVING, UNDONE = "ours", "theirs", "removing", "undone"

_PLAY = "rating_key, account, played_at, section, state, scene_id, stash_had"
_KEY = "server = ? AND rating_key = ? AND account = ? AND played_at = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlay:
    """`played_at` in epoch seconds, Plex's own; `scene_id` is 0 while the item has none."""

    rating_key: int
    account: int
    played_at: int
    section: int
    state: str
    scene_id: int = 0
    stash_had: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A play that waits, and the scene that its item was found to be meanwhile. `files` is the mark of the item's files then."""

    play: KnownPlay
    scene_id: int
    files: str


class Plays:
    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        """`server` is the machine identifier; what other servers played is not seen."""
        self._connection = connection
        self._server = server

    # --- writing -------------------------------------------------------------------------------------------------

    def add(self, plays: Iterable[KnownPlay]) -> int:
        """Those that were not known yet; how many. Call it inside a transaction."""
        before = self._connection.total_changes
        self._connection.executemany(
            f"INSERT INTO plays (server, {_PLAY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(self._server, *_values(play)) for play in plays],
        )
        return self._connection.total_changes - before

    def put(self, play: KnownPlay) -> None:
        """The play as it stands now."""
        self._connection.execute(
            f"UPDATE plays SET state = ?, scene_id = ?, stash_had = ? WHERE {_KEY}",
            (
                play.state,
                play.scene_id,
                play.stash_had,
                self._server,
                play.rating_key,
                play.account,
                play.played_at,
            ),
        )

    def revive(self, plays: Iterable[KnownPlay]) -> int:
        """Plays that were passed over or undone wait for their scene again; how many. Call it inside a transaction."""
        rows = [(self._server, play.rating_key, play.account, play.played_at) for play in plays]
        return sum(
            self._connection.execute(
                f"UPDATE plays SET state = 'waiting', scene_id = 0 WHERE {_KEY} AND state IN ('passed', 'undone')",
                row,
            ).rowcount
            for row in rows
        )

    def drop_plans(self, scene_ids: Collection[int]) -> int:
        """What is still to be counted for these scenes, or for all, will not be; how many."""
        return self._connection.execute(
            "UPDATE plays SET state = 'undone' WHERE server = :server AND state IN ('waiting', 'planned') "
            "AND (NOT :some OR scene_id IN (SELECT value FROM json_each(:scenes)))",
            {"server": self._server, "some": bool(scene_ids), "scenes": json.dumps(list(scene_ids))},
        ).rowcount

    # --- readings ------------------------------------------------------------------------------------------------

    def awaited(self, limit: int) -> list[Awaited]:
        """Plays that wait and whose item is a scene's by now; scenes that were undone are left alone. The oldest first."""
        rows = self._connection.execute(
            "SELECT p.rating_key, p.account, p.played_at, p.section, p.state, 0 AS scene_id, 0 AS stash_had, "
            "min(m.scene_id) AS scene, m.files AS files FROM plays AS p "
            "JOIN matches AS m ON m.server = p.server AND m.rating_key = p.rating_key "
            "WHERE p.server = ? AND p.state = 'waiting' AND m.files <> '' "
            "AND m.scene_id NOT IN (SELECT scene_id FROM undone) "
            "GROUP BY p.rating_key, p.account, p.played_at ORDER BY p.played_at LIMIT ?",
            (self._server, limit),
        )
        return [Awaited(play=_play(row), scene_id=row["scene"], files=row["files"]) for row in rows]

    def to_settle(self, limit: int) -> list[KnownPlay]:
        """Plays that Stash is to be told of, or may have been told of; all of a scene together, at most so many scenes."""
        rows = self._connection.execute(
            f"SELECT {_PLAY} FROM plays WHERE server = ? AND state IN ('planned', 'adding', 'removing') AND scene_id IN "
            "(SELECT DISTINCT scene_id FROM plays WHERE server = ? AND state IN ('planned', 'adding', 'removing') "
            "ORDER BY scene_id LIMIT ?) ORDER BY scene_id, played_at, account, rating_key",
            (self._server, self._server, limit),
        )
        return [_play(row) for row in rows]

    def accounted(self, scene_id: int) -> dict[int, int]:
        """How many plays of each second of the scene are known to be in Stash, ours or not, by whichever server."""
        rows = self._connection.execute(
            "SELECT played_at, count(*) FROM plays WHERE scene_id = ? AND state IN ('ours', 'theirs') GROUP BY played_at",
            (scene_id,),
        )
        return {row[0]: row[1] for row in rows}

    def is_counted(self, scene_id: int, account: int, played_at: int) -> bool:
        """Whether this play counts already by another of the scene's items, or by the item's earlier rating key."""
        row = self._connection.execute(
            "SELECT 1 FROM plays WHERE scene_id = ? AND account = ? AND played_at = ? AND server = ? "
            "AND state IN ('planned', 'adding', 'ours', 'theirs')",
            (scene_id, account, played_at, self._server),
        ).fetchone()
        return row is not None

    def ours(self, scene_ids: Sequence[int], limit: int) -> list[KnownPlay]:
        """Plays that are in Stash by us, or may be, of these scenes or of all; all of a scene together, at most so many scenes."""
        values = {
            "server": self._server,
            "some": bool(scene_ids),
            "scenes": json.dumps(list(scene_ids)),
            "limit": limit,
        }
        where = (
            "server = :server AND state IN ('ours', 'adding', 'removing') "
            "AND (NOT :some OR scene_id IN (SELECT value FROM json_each(:scenes)))"
        )
        rows = self._connection.execute(
            f"SELECT {_PLAY} FROM plays WHERE {where} AND scene_id IN "
            f"(SELECT DISTINCT scene_id FROM plays WHERE {where} ORDER BY scene_id LIMIT :limit) "
            "ORDER BY scene_id, played_at, account, rating_key",
            values,
        )
        return [_play(row) for row in rows]

    def find(self, rating_key: int, account: int, played_at: int) -> KnownPlay | None:
        """The play, where it is known."""
        row = self._connection.execute(
            f"SELECT {_PLAY} FROM plays WHERE {_KEY}", (self._server, rating_key, account, played_at)
        ).fetchone()
        return _play(row) if row else None

    def counts(self) -> dict[str, int]:
        """How many plays stand how."""
        rows = self._connection.execute(
            "SELECT state, count(*) FROM plays WHERE server = ? GROUP BY state", (self._server,)
        )
        return {row[0]: row[1] for row in rows}


def _values(play: KnownPlay) -> tuple[int | str, ...]:
    return (
        play.rating_key,
        play.account,
        play.played_at,
        play.section,
        play.state,
        play.scene_id,
        play.stash_had,
    )


def _play(row: sqlite3.Row) -> KnownPlay:
    return KnownPlay(
        rating_key=row["rating_key"],
        account=row["account"],
        played_at=row["played_at"],
        section=row["section"],
        state=row["state"],
        scene_id=row["scene_id"],
        stash_had=row["stash_had"],
    )
