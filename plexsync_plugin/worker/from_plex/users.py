"""Whose plays count: the accounts that the setting watch_users names."""

from collections.abc import Callable
from dataclasses import dataclass

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.names import NameList, plain
from plexsync_plugin.plex import history
from plexsync_plugin.plex.gateway import PlexGateway

OWNER, ALL = "owner", "all"
ASK_AGAIN = 3_600.0  # seconds; a name that Plex does not know may be given to somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`accounts` is None for everybody. `unknown` is the first name that Plex has no account of, "" where all are known."""

    accounts: frozenset[int] | None
    unknown: str = ""

    @property
    def owner(self) -> bool:
        return self.accounts is None or history.OWNER in self.accounts


def choose(names: NameList, accounts: Callable[[], dict[int, str]]) -> Chosen:
    """`accounts` asks Plex, and is called only where a name makes it necessary."""
    words = {OWNER, ALL}
    if not names.unknown(words):
        meant = names.found_in(words)
        return Chosen(accounts=None if ALL in meant else frozenset({history.OWNER}))
    by_name: dict[str, set[int]] = {OWNER: {history.OWNER}}
    for number, name in accounts().items():
        by_name.setdefault(plain(name), set()).add(number)
    existing = {*by_name, *words}
    meant = names.found_in(existing)
    if ALL in meant:
        return Chosen(accounts=None, unknown=names.unknown(existing))
    found = frozenset(number for name in meant for number in by_name[name])
    return Chosen(accounts=found, unknown=names.unknown(existing))


class Users:
    """Asks Plex for its accounts once in a while, and only where a name needs it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[int, str] = {}
        self._server = ""
        self._asked_at = 0.0

    def chosen(self, gateway: PlexGateway, server: str, names: NameList) -> Chosen:
        """Raises what the gateway raises."""
        chosen = choose(names, lambda: self._accounts(gateway, server))
        stale = self._clock.monotonic() - self._asked_at >= ASK_AGAIN
        if chosen.unknown and stale:
            self._server = ""
            chosen = choose(names, lambda: self._accounts(gateway, server))
        return chosen

    def _accounts(self, gateway: PlexGateway, server: str) -> dict[int, str]:
        if self._server != server:
            self._known = history.accounts(gateway)
            self._server, self._asked_at = server, self._clock.monotonic()
        return self._known
