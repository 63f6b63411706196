"""Look-ups in the index file, read-only, through its views `sync_files` and `sync_server` alone: the index's tables are not ours."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from plexsync_plugin.base import sqlite
from plexsync_plugin.base.errors import DatabaseError
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import File, Kind
from plexsync_plugin.core.pathmap import PlexPath, file_name, is_windows, spellings

_SELECT = "SELECT rating_key, kind, section_key, path, size FROM sync_files WHERE "
DAMAGED = "index_damaged"  # the cause of the notice
BUSY_SECONDS = 2.0  # publishing takes less; a look-up that fails is made up for by asking Plex


class IndexView:
    """The files that Plex held when the index was last published. No index is an empty index; of one that is damaged a person is
    told through `tell`, which takes a cause and a sentence, "" once the cause is gone."""

    def __init__(
        self, path: str, machine_id: str, tell: Callable[[str, str], None] = lambda _cause, _text: None
    ) -> None:
        self._path = path
        self._machine_id = machine_id
        self._tell = tell
        self._is_told: bool | None = None  # None: not known of an earlier worker
        self._keeps = False
        self._kept: sqlite3.Connection | None = None

    @contextlib.contextmanager
    def kept_open(self) -> Iterator[None]:
        """Within this all look-ups use one connection: to open the file takes ten times as long as a look-up.

        For a batch at most. Windows replaces no file that is open, and what replaced it elsewhere would not be seen.
        """
        self._keeps = True
        try:
            yield
        finally:
            self._keeps = False
            connection, self._kept = self._kept, None
            if connection is not None:
                connection.close()

    def at(self, places: Sequence[PlexPath]) -> list[Candidate]:
        """Items that hold a file at one of the places.

        A Windows path may differ in case, and letters may be composed in another way. SQLite could compare such paths only
        by reading all files; so for these places every file of the same name is a candidate.
        """
        exact = [place.path for place in places if not _may_differ(place.path)]
        names = dict.fromkeys(
            name for place in places if _may_differ(place.path) for name in spellings(file_name(place.path))
        )
        conditions = ["path = ?"] * len(exact) + ["name = ?"] * len(names)
        return self._candidates(" OR ".join(conditions), (*exact, *names))

    def named(self, file: File) -> list[Candidate]:
        """Items that hold a file of the same name and size."""
        if not file.size:
            return []
        names = spellings(file_name(file.path))
        return self._candidates(f"name IN ({','.join('?' * len(names))}) AND size = ?", (*names, file.size))

    def _candidates(self, condition: str, values: tuple[str | int, ...]) -> list[Candidate]:
        with self._open() as connection:
            rows = connection.execute(_SELECT + condition, values).fetchall() if connection else []
            return [
                Candidate(
                    rating_key=row["rating_key"],
                    section=row["section_key"],
                    kind=Kind(row["kind"]),
                    file=File(path=row["path"], size=row["size"] or 0),
                )
                for row in rows
            ]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        """None where there is none of this server. Raises DatabaseError, of its own connection alone."""
        if self._kept is not None:
            with self._damage_told():
                yield self._kept
            return
        if not os.path.exists(self._path):
            yield None
            return
        with self._damage_told():
            connection = sqlite.connect_readonly(self._path, busy_seconds=BUSY_SECONDS)
            try:
                is_ours = self._is_of_server(connection)
                if is_ours and self._keeps:
                    self._kept = connection
                yield connection if is_ours else None
            finally:
                if connection is not self._kept:
                    connection.close()

    @contextlib.contextmanager
    def _damage_told(self) -> Iterator[None]:
        """Round what asks the index, so that a person hears of damage once, and once that it is over."""
        try:
            yield
        except (sqlite3.Error, DatabaseError, ValueError) as error:
            self._tell_damage(error)
            raise DatabaseError(f"The index {self._path} cannot be read: {error}.") from error
        if self._is_told is not False:
            self._tell(DAMAGED, "")
            self._is_told = False

    def _tell_damage(self, error: Exception) -> None:
        if not self._is_told and (sqlite.is_damage(error) or isinstance(error, ValueError)):
            self._tell(
                DAMAGED,
                f"The index {self._path} is damaged ({error}). Edits are synced all the same: items are looked for in Plex itself. The "
                "task Rebuild Plex Index puts the file aside and makes it anew; what it kept of plays and of former months is lost then.",
            )
            self._is_told = True

    def _is_of_server(self, connection: sqlite3.Connection) -> bool:
        """Whether the index is of our server.

        False also for a file of another program, and before the first publishing.
        """
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sync_server'").fetchone():
            return False
        row = connection.execute("SELECT machine_id FROM sync_server").fetchone()
        return row is not None and row[0] == self._machine_id


def _may_differ(path: str) -> bool:
    return is_windows(path) or not path.isascii()
