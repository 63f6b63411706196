"""Items that show anything of ours, fields or pictures, and the scenes that it came from: what an undo has to give back.

Owns the questions alone; the rows are `ledger`'s, `images`' and `matches`'.
"""

import json
import sqlite3
from collections.abc import Sequence

# The scene of pictures alone may be gone; then the ledger may know it. 0: nobody knows it.
_OURS = """
SELECT rating_key, scene_id, section FROM ledger WHERE server = :server AND fields <> '{}'
UNION
SELECT i.rating_key, coalesce(m.scene_id, l.scene_id, 0), i.section FROM images AS i
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

    def scenes_anywhere(self, scene_ids: Sequence[int]) -> list[int]:
        """The same on any server."""
        servers = self._connection.execute(
            "SELECT server FROM ledger UNION SELECT server FROM images"
        ).fetchall()
        return sorted({scene for row in servers for scene in self.scenes(row[0], scene_ids)})

    def undone_keys(self, server: str, scene_ids: Sequence[int], *, first: int, limit: int) -> list[int]:
        """The next items to give back, rating keys from `first` on.

        Of scenes that are still to be restored: one that was edited meanwhile is synced, not undone.
        """
        rows = self._connection.execute(
            f"SELECT DISTINCT rating_key FROM ({_OURS}) WHERE rating_key >= :first "
            f"AND scene_id IN (SELECT scene_id FROM undone WHERE restored = 0) AND {_WANTED} ORDER BY rating_key LIMIT :limit",
            {
                "server": server,
                "first": first,
                "limit": limit,
                "scenes": json.dumps(list(scene_ids)),
            },
        )
        return [row[0] for row in rows]

    def items_of(
        self, server: str, scene_ids: Sequence[int], *, first: int, limit: int
    ) -> list[tuple[int, int]]:
        """Rating keys from `first` on, each with its scene, of these scenes alone. A negative `limit` is none."""
        rows = self._connection.execute(
            f"SELECT DISTINCT rating_key, scene_id FROM ({_OURS}) WHERE rating_key >= :first AND {_WANTED} "
            "ORDER BY rating_key, scene_id LIMIT :limit",
            {"server": server, "first": first, "limit": limit, "scenes": json.dumps(list(scene_ids))},
        )
        return [(row[0], row[1]) for row in rows]

    def items_in(
        self, server: str, sections: Sequence[int], *, first: int, limit: int
    ) -> list[tuple[int, int]]:
        """The same of all scenes, in these sections alone."""
        rows = self._connection.execute(
            f"SELECT DISTINCT rating_key, scene_id FROM ({_OURS}) WHERE rating_key >= :first "
            "AND section IN (SELECT value FROM json_each(:sections)) ORDER BY rating_key, scene_id LIMIT :limit",
            {"server": server, "first": first, "limit": limit, "sections": json.dumps(list(sections))},
        )
        return [(row[0], row[1]) for row in rows]

    def scenes_of(self, server: str, rating_key: int) -> list[int]:
        """The scenes that an item shows, or showed when it was written last; none where nobody knows it."""
        rows = self._connection.execute(
            "SELECT scene_id FROM ledger WHERE server = :server AND rating_key = :key "
            "UNION SELECT scene_id FROM matches WHERE server = :server AND rating_key = :key",
            {"server": server, "key": rating_key},
        )
        return [row[0] for row in rows]

    def shows_ours(self, server: str, scene_id: int) -> bool:
        """Whether an item of this scene has a field or a picture of ours."""
        row = self._connection.execute(
            "SELECT 1 FROM ledger WHERE scene_id = :scene AND server = :server AND fields <> '{}' "
            "UNION ALL SELECT 1 FROM matches AS m JOIN images AS i ON i.server = m.server AND i.rating_key = m.rating_key "
            "WHERE m.scene_id = :scene AND m.server = :server LIMIT 1",
            {"server": server, "scene": scene_id},
        ).fetchone()
        return row is not None
