"""Owns the table `file_matches`: for each file of a scene the items that hold it, and the grounds of that. What the grounds
mean is `core.match`'s, how files are looked for `worker.finding`'s.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping

from plexsync_plugin.core.match import FileMatch, name_of

_MATCH = "path, rating_key, grounds, mark, size, place"


class FileMatches:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def file_matches(self, server: str, scene_id: int) -> list[FileMatch]:
        """Of every file of the scene that was ever looked for, with an item or without."""
        rows = self._connection.execute(
            f"SELECT {_MATCH} FROM file_matches WHERE server = ? AND scene_id = ? ORDER BY path, rating_key",
            (server, scene_id),
        )
        return [FileMatch(**dict(row)) for row in rows]

    def file_matches_anywhere(self, scene_id: int) -> list[FileMatch]:
        """The same, on any server."""
        rows = self._connection.execute(
            f"SELECT {_MATCH} FROM file_matches WHERE scene_id = ? ORDER BY path, server, rating_key",
            (scene_id,),
        )
        return [FileMatch(**dict(row)) for row in rows]

    def file_matches_named(self, server: str, names: Iterable[str]) -> list[tuple[int, list[FileMatch]]]:
        """For each file with one of these names (`FileMatch.name`), its scene and all that is known of it."""
        rows = self._connection.execute(
            f"SELECT scene_id, {_MATCH} FROM file_matches WHERE server = ? "
            "AND name IN (SELECT value FROM json_each(?)) ORDER BY scene_id, path, rating_key",
            (server, json.dumps(list(names), ensure_ascii=False)),
        )
        found: dict[tuple[int, str], list[FileMatch]] = {}
        for row in rows:
            values = dict(row)
            found.setdefault((values.pop("scene_id"), row["path"]), []).append(FileMatch(**values))
        return [(scene_id, matches) for (scene_id, _), matches in found.items()]

    def name_old_files(self) -> None:
        """Rows that were written before names were kept get them. Call it inside a transaction."""
        rows = self._connection.execute(
            "SELECT DISTINCT scene_id, server, path FROM file_matches WHERE name = ''"
        ).fetchall()
        self._connection.executemany(
            "UPDATE file_matches SET name = ? WHERE scene_id = ? AND server = ? AND path = ?",
            [(name_of(row[2]), *row) for row in rows],
        )

    def file_matches_between(self, server: str, after: int, last: int) -> dict[int, list[FileMatch]]:
        """By scene, with ids above `after`, up to `last`."""
        rows = self._connection.execute(
            f"SELECT scene_id, {_MATCH} FROM file_matches WHERE server = ? AND scene_id > ? AND scene_id <= ? ORDER BY scene_id, path, rating_key",
            (server, after, last),
        )
        found: dict[int, list[FileMatch]] = {}
        for row in rows:
            values = dict(row)
            found.setdefault(values.pop("scene_id"), []).append(FileMatch(**values))
        return found

    def set_file_matches(self, server: str, scene_id: int, matches: Iterable[FileMatch]) -> None:
        """All that is known of the scene's files from now on."""
        self._connection.execute(
            "DELETE FROM file_matches WHERE server = ? AND scene_id = ?", (server, scene_id)
        )
        self._connection.executemany(
            "INSERT INTO file_matches (scene_id, server, path, rating_key, grounds, mark, name, size, place) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    scene_id,
                    server,
                    each.path,
                    each.rating_key,
                    each.grounds,
                    each.mark,
                    each.name,
                    each.size,
                    each.place,
                )
                for each in matches
            ],
        )

    def scenes_partly_found(self, after: int, last: int) -> set[int]:
        """Scenes with ids above `after`, up to `last`, of which one file has an item and another has none."""
        rows = self._connection.execute(
            "SELECT scene_id FROM file_matches WHERE scene_id > ? AND scene_id <= ? "
            "GROUP BY scene_id HAVING max(rating_key) > 0 AND min(rating_key) = 0",
            (after, last),
        )
        return {row[0] for row in rows}

    def paths_of(self, scene_ids: Iterable[int]) -> list[str]:
        """The files that these scenes had, as Stash names them."""
        found: dict[str, None] = {}
        for scene_id in scene_ids:
            rows = self._connection.execute(
                "SELECT DISTINCT path FROM file_matches WHERE scene_id = ? ORDER BY path", (scene_id,)
            )
            found.update((row[0], None) for row in rows)
        return list(found)

    def drop_weaker(self, server: str, scene_id: int, sure: Mapping[int, int]) -> list[int]:
        """This scene has these items, on these grounds: other scenes' weaker claims to them are void. Whose they were.

        Call it inside a transaction.
        """
        losers: set[int] = set()
        for rating_key, grounds in sure.items():
            values = (server, rating_key, scene_id, grounds)
            where = "server = ? AND rating_key = ? AND scene_id <> ? AND grounds < ?"
            rows = self._connection.execute(f"SELECT scene_id FROM file_matches WHERE {where}", values)
            losers.update(row[0] for row in rows)
            self._connection.execute(f"DELETE FROM file_matches WHERE {where}", values)
        return sorted(losers)
