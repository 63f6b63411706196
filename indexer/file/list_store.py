"""Collections and playlists in the index: what is known of them, and writing them. Every statement on `lists` and `list_members`."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.file.store import Store
from indexer.rows.lists import ListedList, ListRow, Members

_COLUMNS = ListRow._fields
_UPSERT = (
    f"INSERT INTO lists ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (ratingKey) DO "
    f"UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in _COLUMNS[1:])}"
)
_OF = "kind = ? AND sectionKey IS ?"  # of one library, or the playlists
PLAYLISTS_READ = "playlistsReadAt"  # in `meta`


@dataclass(frozen=True, slots=True)
class KnownList:
    """`mark` is its fingerprint when its members were read; "": they are to be read."""

    mark: str
    read_at: str


class ListStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def collections_due(self, sections: Collection[int], read_now: Collection[int]) -> list[int]:
        """Libraries that have been listed since their collections were: by this run, or by one that did not come to them."""
        rows = self._store.connection.execute(
            "SELECT key FROM sections WHERE available = 1 AND ifnull(collectionsReadAt, '') < ifnull(lastSweepAt, '')"
        )
        due = {row[0] for row in rows} | set(read_now)
        return [key for key in sections if key in due]

    def playlists_due(self) -> bool:
        """Whether a library has been listed since the playlists were."""
        row = self._store.connection.execute(
            "SELECT ifnull((SELECT value FROM meta WHERE name = ?), '') < ifnull(max(lastSweepAt), '') FROM sections",
            (PLAYLISTS_READ,),
        ).fetchone()
        return bool(row[0])

    def known(self, kind: str, section: int | None) -> dict[int, KnownList]:
        """By rating key. `section` is None for playlists."""
        rows = self._store.connection.execute(
            f"SELECT ratingKey, ifnull(elementHash, ''), ifnull(membersReadAt, '') FROM lists WHERE {_OF}",
            (kind, section),
        )
        return {row[0]: KnownList(row[1], row[2]) for row in rows}

    def held(self, keys: Sequence[int]) -> set[int]:
        """Those of the rating keys that are items of the index."""
        rows = self._store.connection.execute(
            "SELECT ratingKey FROM items WHERE ratingKey IN (SELECT value FROM json_each(?))",
            (json.dumps(keys),),
        )
        return {row[0] for row in rows}

    def write(self, found: Mapping[int, tuple[ListedList, Members | None]], now: str) -> None:
        """Rows, and the members of those that have been read, in one transaction. `found` by rating key."""
        if found:
            self._store.write(lambda: self._write(found, now))

    def finish(self, kind: str, section: int | None, there: Collection[int] | None, now: str) -> None:
        """Drop what is not in `there`, and note that the rest is as Plex has it. None: the listing was not complete."""
        self._store.write(lambda: self._finish(kind, section, there, now))

    def _write(self, found: Mapping[int, tuple[ListedList, Members | None]], now: str) -> None:
        connection = self._store.connection
        connection.executemany(_UPSERT, [listed.row for listed, _ in found.values()])
        for key, (listed, members) in found.items():
            if members is None:
                # What is shown of it may have changed, and its members are still to be read.
                connection.execute("UPDATE lists SET elementHash = NULL WHERE ratingKey = ?", (key,))
                continue
            connection.execute("DELETE FROM list_members WHERE listKey = ?", (key,))
            connection.executemany(
                "INSERT INTO list_members (listKey, position, ratingKey, title) VALUES (?, ?, ?, ?)",
                _member_rows(key, members),
            )
            connection.execute(
                "UPDATE lists SET elementHash = ?, membersReadAt = ?, members = ? WHERE ratingKey = ?",
                (listed.mark, now, len(members.keys), key),
            )

    def _finish(self, kind: str, section: int | None, there: Collection[int] | None, now: str) -> None:
        connection = self._store.connection
        if there is not None:
            connection.execute(
                f"DELETE FROM lists WHERE {_OF} AND ratingKey NOT IN (SELECT value FROM json_each(?))",
                (kind, section, json.dumps(list(there))),
            )
        if section is None:
            self._store.note({PLAYLISTS_READ: now})
        else:
            connection.execute("UPDATE sections SET collectionsReadAt = ? WHERE key = ?", (now, section))


def _member_rows(key: int, members: Members) -> Iterator[tuple[int, int, int | None, str | None]]:
    for place, member in enumerate(members.keys):
        yield key, place, member or None, members.titles.get(place)
