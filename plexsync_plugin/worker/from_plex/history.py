"""Reads a library's history of plays and writes down what counts; Stash is told of nothing here.

The first look at a library counts nothing: it finds out where plays begin to count. What is read twice is known by its item,
account and second, so a page is simply read again after a kill.
"""

from collections.abc import Collection, Iterable, Sequence

from plexsync_plugin.base.sqlite import transaction
from plexsync_plugin.core import plays as core
from plexsync_plugin.jobs.plays import PASSED, WAITING, KnownPlay, Plays
from plexsync_plugin.jobs.watched_sections import WatchedSection, WatchedSections
from plexsync_plugin.plex import history
from plexsync_plugin.plex.history import Play
from plexsync_plugin.worker.from_plex.side import WatchSide


class HistoryReading:
    def __init__(self, side: WatchSide) -> None:
        self._side = side
        self._plays = Plays(side.connection, side.server)
        self._sections = WatchedSections(side.connection, side.server)

    def read(self, section: int, chosen: Collection[int] | None) -> list[KnownPlay]:
        """Plays that were not known before and count, of the `chosen` accounts, None for all. One request, and one more for
        each further page. Raises what the gateway raises."""
        known = self._sections.get(section)
        if not known.begins:
            self._begin(section, chosen)
            return []
        begins = core.begin(chosen, known.begins, known.played_to)
        found: list[KnownPlay] = []
        played_to = known.played_to
        since = core.read_from(played_to, known.begins, self._side.clock.now())
        for page in history.plays(self._side.gateway, since=since, section=section):
            rows = [self._row(play, known, begins) for play in _usable(page)]
            played_to = core.newest((play.at for play in page), self._side.clock.now(), played_to)
            with transaction(self._side.connection):
                found += self._keep(row for row in rows if row is not None)
                if played_to != known.played_to:
                    self._sections.put_plays(section, known.begins, played_to)
        if begins != known.begins:
            with transaction(self._side.connection):
                self._sections.put_plays(section, begins, played_to)
        return found

    def _row(self, play: Play, known: WatchedSection, begins: core.Begins) -> KnownPlay | None:
        """None for a play that does not count, and need not be known again."""
        if not core.counts(play.account, play.at, begins):
            return None
        return _known(play, PASSED if core.is_new(play.account, known.begins) else WAITING)

    def _keep(self, rows: Iterable[KnownPlay]) -> list[KnownPlay]:
        return [row for row in rows if self._plays.add([row]) and row.state == WAITING]

    def _begin(self, section: int, chosen: Collection[int] | None) -> None:
        """Plays count from the newest one on that there is; itself, and what claims to be of the future, is passed over."""
        now = self._side.clock.now()
        seen: list[Play] = []
        for page in history.plays(self._side.gateway, section=section, newest_first=True):
            seen += _usable(page)
            if any(play.at <= now for play in page):
                break
        start = core.newest((play.at for play in seen), now)
        begins = core.begin(chosen, {}, start)
        rows = [_known(play, PASSED) for play in seen if core.counts(play.account, play.at, begins)]
        with transaction(self._side.connection):
            self._plays.add(rows)
            self._sections.put_plays(section, begins, start)


def _usable(page: Sequence[Play]) -> list[Play]:
    """Rows without a time or an item occur (docs/facts/plex.md section 13)."""
    return [play for play in page if play.at > 0 and play.rating_key > 0]


def _known(play: Play, state: str) -> KnownPlay:
    return KnownPlay(
        rating_key=play.rating_key,
        account=play.account,
        played_at=play.at,
        section=play.section,
        state=state,
    )
