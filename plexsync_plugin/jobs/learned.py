"""Owns the table `learned_paths`: path rules that nobody had to write, pairs of folders that files of the same name and size
have in common. What a match teaches is `core.match`'s.

A pair is known once `ENOUGH` files agree and none of the same Stash folder lay elsewhere.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

from plexsync_plugin.base.rules import PathRule

ENOUGH = 3

_KNOWN = (
    "SELECT server, stash, min(plex) AS plex, max(hits) AS hits FROM learned_paths "
    "GROUP BY server, stash HAVING count(*) = 1 AND max(hits) >= ? ORDER BY hits DESC, stash"
)


def observe(connection: sqlite3.Connection, server: str, pairs: Iterable[PathRule]) -> None:
    """One pair for each file that was found. Call it inside a transaction."""
    connection.executemany(
        "INSERT INTO learned_paths (server, stash, plex, hits) VALUES (?, ?, ?, 1) "
        "ON CONFLICT (server, stash, plex) DO UPDATE SET hits = hits + 1",
        [(server, pair.stash, pair.plex) for pair in pairs],
    )


def known_pairs(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """`server`, `stash`, `plex` and `hits` of the rules that are known, the best supported first."""
    return [dict(row) for row in connection.execute(_KNOWN, (ENOUGH,))]


def known_rules(connection: sqlite3.Connection, server: str) -> tuple[PathRule, ...]:
    """The rules that are known for this server, the best supported first."""
    return tuple(
        PathRule(stash=pair["stash"], plex=pair["plex"])
        for pair in known_pairs(connection)
        if pair["server"] == server
    )
