"""Performers' photos: which addresses Plex is given, so that it fetches the pictures from Stash by itself.

Only an address that needs no key and that Plex can reach is given, and once: Plex shares a member's photo between all
items (docs/facts/plex.md section 2.5).
"""

import dataclasses
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.model import Tag
from plexsync_plugin.jobs.server_records import ServerPictureRecords

SIGN_IN = (
    "The setting performer_photos is on, but Stash asks for a sign-in: Plex could fetch the photos only with a key in "
    "their address, so PlexSync leaves them out."
)
OUT_OF_REACH = (
    "The setting performer_photos is on, but Stash's address is known only as one that means this machine alone, which Plex "
    "elsewhere cannot reach, so photos are left out. Set external_host in Stash's config.yml to Stash's address as Plex sees it."
)


class PerformerPhotos:
    """Which photos a cast is given, on one server.

    `asks_sign_in` tells whether Stash hands out pictures only with a key. `tell` takes a sentence for a person.
    """

    def __init__(
        self,
        records: ServerPictureRecords,
        settings: Settings,
        asks_sign_in: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        self._records = records
        self._on = settings.performer_photos
        self._plex_url = settings.plex_url
        self._asks_sign_in = asks_sign_in
        self._tell = tell

    def fresh(self, desired: Mapping[str, Value]) -> dict[str, Value]:
        """The desired state with only those photos that Plex has not been given yet."""
        cast = desired.get("actor", ())
        if isinstance(cast, str) or not any(tag.thumb for tag in cast):
            return dict(desired)
        return {**desired, "actor": tuple(self._only_new(tag) for tag in cast)}

    def new_names(self, desired: Mapping[str, Value]) -> set[str]:
        """Keys of the cast members that would get a photo now."""
        cast = self.fresh(desired).get("actor", ())
        return set() if isinstance(cast, str) else {tag.key for tag in cast if tag.thumb}

    def save_before(self, sent: Iterable[Tag], shown: Iterable[Tag]) -> None:
        """Before a cast is sent: what its members show now, where they are to show a photo of ours. Undo gives it back."""
        there = {tag.key: tag.thumb for tag in shown}
        for tag in sent:
            if tag.thumb and tag.thumb != there.get(tag.key):
                self._records.save_photo_before(tag.name, there.get(tag.key, ""))

    def given(self, desired: Mapping[str, Value], shown: Iterable[Tag]) -> None:
        """Remember the photos that Plex has now. `shown` are cast members as Plex shows them or was told to."""
        there = {(tag.key, tag.thumb) for tag in shown}
        cast = desired.get("actor", ())
        for tag in () if isinstance(cast, str) else cast:
            if tag.thumb and (tag.key, tag.thumb) in there:
                self._records.put_photo(tag.name, tag.thumb)

    def _only_new(self, tag: Tag) -> Tag:
        wanted = tag.thumb and self._can_be_given(tag.thumb) and self._records.photo(tag.name) != tag.thumb
        return tag if wanted else dataclasses.replace(tag, thumb="")

    def _can_be_given(self, address: str) -> bool:
        if not self._on:
            return False
        if self._asks_sign_in():
            self._tell(SIGN_IN)
            return False
        if not is_reachable(address, self._plex_url):
            self._tell(OUT_OF_REACH)
            return False
        return not holds_secret(address)


def holds_secret(address: str) -> bool:
    parts = urlsplit(address)
    return "@" in parts.netloc or any(name.casefold() == "apikey" for name, _ in parse_qsl(parts.query))


def is_reachable(address: str, plex_url: str) -> bool:
    """Whether Plex can mean the same machine by this address: loopback only where we reach Plex by loopback too."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    return not _is_loopback(parts.hostname) or _is_loopback(urlsplit(plex_url).hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
