"""Items that show anything of ours, fields or pictures, and the scenes that it came from: what an undo has to give back.

Owns the questions alone; the rows are `ledger`'s, `images`' and `matches`'.
"""

import json
import sqlite3
from collections.abc import Sequence

# The scene of pictures alone may be gone; then the ledger may know it. 0: nobody knows it.
_OURS = """
SELECT rating_key, scene_id FROM ledger WHERE server = :server AND fields <> '{}'
UNION
SELECT i.rating_key, coalesce(m.scene_id, l.scene_id, 0) FROM images AS i
LEFT JOIN matches AS m ON m.server = i.server AND m.rating_key = i.rating_key
LEFT JOIN ledger AS l ON l.server = i.server AND l.rating_key = i.rating_key
WHERE i.server = :server
"""
_WANTED = "(:scenes = '[]' OR scene_id IN (SELECT value FROM json_each(:scenes)))"


class WrittenItems:
    """`scene_ids` everywhere: none is all scenes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def scenes(self, server: str, scene_ids: Sequence[int]) -> list[int]:
        """Which of these scenes have an item on this server that shows anything of ours."""
        rows = self._connection.execute(
            f"SELECT DISTINCT scene_id FROM ({_OURS}) WHERE {_WANTED} ORDER BY scene_id",
            {"server": server, "scenes": json.dumps(list(scene_ids))},
        )
        return [row[0] for row in rows]

    def undone_keys(self, server: str, scene_ids: Sequence[int], *, first: int, limit: int) -> list[int]:
        """The next items to give back, rating keys from `first` on.

        Of scenes that are still undone: one that was edited meanwhile is synced, not undone.
        """
        rows = self._connection.execute(
            f"SELECT DISTINCT rating_key FROM ({_OURS}) WHERE rating_key >= :first "
            f"AND scene_id IN (SELECT scene_id FROM undone) AND {_WANTED} ORDER BY rating_key LIMIT :limit",
            {
                "server": server,
                "first": first,
                "limit": limit,
                "scenes": json.dumps(list(scene_ids)),
            },
        )
        return [row[0] for row in rows]
