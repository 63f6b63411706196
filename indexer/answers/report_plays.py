"""Who has played how much, and in which months, for the report: as plain values, from the views of plays."""

import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

USERS = 7  # with a colour of their own; the others are one
UNNAMED, OTHERS = "(no name)", "others"

_BY_USER = f"""
SELECT coalesce(nullif(trim(user), ''), '{UNNAMED}'), sum(plays), sum(items), max(lastPlayedAt) FROM plays_by_user
GROUP BY 1 ORDER BY 2 DESC, 1
"""
_BY_MONTH = f"""
SELECT month, coalesce(nullif(trim(user), ''), '{UNNAMED}'), sum(plays) FROM plays_by_month GROUP BY 1, 2 ORDER BY 1
"""


def plays_by_month(connection: sqlite3.Connection) -> dict[str, Any]:
    """`users`, the most active first; `months`: of each, from the first to the last, its name and each user's plays."""
    names = [row[0] for row in connection.execute(_BY_USER)]
    shown = names if len(names) <= USERS + 1 else [*names[:USERS], OTHERS]
    places = {name: min(place, len(shown) - 1) for place, name in enumerate(names)}
    found: dict[str, list[int]] = {}
    for month, name, plays in connection.execute(_BY_MONTH):
        found.setdefault(month, [0] * len(shown))[places[name]] += plays
    months = [[month, *found.get(month, [0] * len(shown))] for month in every_month(found)]
    return {"users": shown, "months": months}


def users(connection: sqlite3.Connection, most: int) -> dict[str, Any]:
    """A list like the others of the report."""
    rows = connection.execute(_BY_USER).fetchmany(most)
    return {
        "columns": ["User", "Plays", "Items", "Last played"],
        "rows": [[name, f"{plays:,}", f"{items:,}", (last or "")[:10]] for name, plays, items, last in rows],
    }


def every_month(known: Collection[str]) -> Iterator[str]:
    """All from the first to the last, those in which nothing happened too."""
    if not known:
        return
    (year, month), last = map(int, min(known).split("-")), max(known)
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
