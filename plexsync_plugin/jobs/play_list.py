"""What the page lists of the table `plays`: plays that came from Plex, the newest first, and how many of whom. Nothing is written."""

import sqlite3
from dataclasses import dataclass
from typing import Self

from plexsync_plugin.jobs.plays import ADDING, OURS, PASSED, PLANNED, REMOVING, THEIRS, UNDONE, WAITING

# What a person is told of a state.
_SHOWN = {
    WAITING: "waiting",
    PLANNED: "planned",
    ADDING: "planned",
    OURS: "counted",
    THEIRS: "counted",
    REMOVING: "undone",
    UNDONE: "undone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayPlace:
    """Where a play stands in the list; several can be of the same second."""

    played_at: int
    account: int
    rating_key: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Of `str(place)`; None for any other text."""
        numbers = [
            int(part) for part in text.split(".") if part.isascii() and part.isdigit() and len(part) < 19
        ]
        if len(numbers) != 3:
            return None
        played_at, account, rating_key = numbers
        return cls(played_at=played_at, account=account, rating_key=rating_key)

    def __str__(self) -> str:
        return f"{self.played_at}.{self.account}.{self.rating_key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPlay:
    """`state` is counted, planned, waiting or undone; `scene_id` is 0 while the item has none."""

    place: PlayPlace
    state: str
    scene_id: int


@dataclass(slots=True, kw_only=True)
class AccountPlays:
    """How many plays of one account stand how. `last_at` in epoch seconds, Plex's own."""

    account: int
    counted: int = 0
    waiting: int = 0
    undone: int = 0
    last_at: int = 0


class PlayList:
    """Plays that were passed over, since they are from before plays counted, are not in it."""

    def __init__(self, connection: sqlite3.Connection, server: str) -> None:
        """`server` is the machine identifier."""
        self._connection = connection
        self._server = server

    def newest(self, limit: int, before: PlayPlace | None = None) -> list[ListedPlay]:
        """Those that come after `before` in the list, the newest first."""
        after = (
            "AND (played_at, account, rating_key) < (:played_at, :account, :rating_key) " if before else ""
        )
        place = (
            {"played_at": before.played_at, "account": before.account, "rating_key": before.rating_key}
            if before
            else {}
        )
        rows = self._connection.execute(
            "SELECT played_at, account, rating_key, state, scene_id FROM plays "
            f"WHERE server = :server AND state <> 'passed' {after}"
            "ORDER BY played_at DESC, account DESC, rating_key DESC LIMIT :limit",
            {"server": self._server, "limit": limit, **place},
        )
        return [
            ListedPlay(
                place=PlayPlace(played_at=row[0], account=row[1], rating_key=row[2]),
                state=_SHOWN[row[3]],
                scene_id=row[4],
            )
            for row in rows
        ]

    def by_account(self) -> list[AccountPlays]:
        """Who played most comes first. What is planned counts as counted: Stash is told within minutes."""
        found: dict[int, AccountPlays] = {}
        rows = self._connection.execute(
            "SELECT account, state, count(*), max(played_at) FROM plays WHERE server = ? AND state <> ? GROUP BY account, state",
            (self._server, PASSED),
        )
        for account, state, number, last_at in rows:
            of_account = found.setdefault(account, AccountPlays(account=account))
            shown = _SHOWN[state]
            if shown == "waiting":
                of_account.waiting += number
            elif shown == "undone":
                of_account.undone += number
            else:
                of_account.counted += number
            of_account.last_at = max(of_account.last_at, last_at)
        return sorted(found.values(), key=lambda each: (-each.counted - each.waiting, each.account))
