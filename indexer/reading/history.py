"""Brings the history of plays into the index: what is new since the last run, in one request where nothing is."""

from indexer.file.play_store import PlayStore
from plexsync_plugin.base.clock import Clock, utc_text
from plexsync_plugin.base.errors import ItemMissing, PlexUnauthorized, PlexUnavailable, Rejected
from plexsync_plugin.plex.gateway import PlexGateway
from plexsync_plugin.plex.history import accounts, plays

OVERLAP = 3600  # seconds; a player that was offline tells of its plays later


class HistoryReader:
    """`requests` are those sent, `note` what a person should know of trouble: it never fails a run."""

    def __init__(self, gateway: PlexGateway, store: PlayStore, clock: Clock) -> None:
        self._gateway = gateway
        self._store = store
        self._clock = clock
        self.requests = 0
        self.added = 0
        self.note = ""

    def read(self, *, anew: bool) -> None:
        """`anew`: from its beginning, dropping what Plex no longer has. Raises PlexUnavailable where Plex is away."""
        try:
            self._read(anew=anew)
        except (PlexUnauthorized, ItemMissing, Rejected):
            self.note = "Plex shows its play history to its owner's token alone (--no-history leaves it out)."
        except PlexUnavailable as trouble:
            self._gateway.probe()  # raises when it is Plex that is away, and not its history that is broken
            self.note = f"The play history could not be read: {trouble}"

    def _read(self, *, anew: bool) -> None:
        since = 0 if anew else max(0, self._store.newest(utc_text(self._clock.now())) - OVERLAP)
        self.requests += 1
        for number, page in enumerate(plays(self._gateway, since=since)):
            if number:
                self.requests += 1
            elif anew:
                self._store.forget()
            self.added += self._store.add(page)
        unnamed = self._store.unnamed()
        if unnamed:
            self.requests += 1
            self._store.name(accounts(self._gateway), unnamed)
