"""Performers' photos: which addresses Plex is given, so that it fetches the pictures from Stash by itself.

Only an address that needs no key and that Plex can reach is given, and once: Plex shares a member's photo between all
items (docs/facts/plex.md section 2.5). It counts as given when Plex shows it; one that Plex took and does not show at a later
reading is sent again, `SENDS` times in all.
"""

import dataclasses
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.model import Tag
from plexsync_plugin.jobs.photos import Photo
from plexsync_plugin.jobs.server_records import ServerPictureRecords

SIGN_IN = (
    "The setting performer_photos is on, but Stash asks for a sign-in: Plex could fetch the photos only with a key in "
    "their address, so PlexSync leaves them out."
)
SENDS = 3
SETTLED_AFTER = (
    60.0  # seconds; an item that was read before, or right after, may still show the photo of before
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
        clock: Clock,
    ) -> None:
        self._records = records
        self._preserve = settings.preserve_plex_edits
        self._clock = clock
        self._sent_at: dict[str, float] = {}  # by the member's key, monotonic
        self._on = settings.performer_photos
        self._plex_url = settings.plex_url
        self._asks_sign_in = asks_sign_in
        self._tell = tell

    def fresh(self, desired: Mapping[str, Value], shown: Iterable[Tag]) -> dict[str, Value]:
        """The desired state with only those photos that Plex is to be given. `shown` are the members as Plex shows them."""
        there = {tag.key: tag.thumb for tag in shown}
        return self._with_photos(desired, lambda tag: self._is_wanted(tag, there.get(tag.key)))

    def new_names(self, desired: Mapping[str, Value]) -> set[str]:
        """Keys of the cast members with a photo of which Plex was not told yet."""
        cast = self._with_photos(desired, lambda tag: self._is_wanted(tag, None)).get("actor", ())
        return set() if isinstance(cast, str) else {tag.key for tag in cast if tag.thumb}

    def _with_photos(
        self, desired: Mapping[str, Value], is_wanted: Callable[[Tag], bool]
    ) -> dict[str, Value]:
        cast = desired.get("actor", ())
        if isinstance(cast, str) or not any(tag.thumb for tag in cast):
            return dict(desired)
        return {
            **desired,
            "actor": tuple(
                tag if tag.thumb and is_wanted(tag) else dataclasses.replace(tag, thumb="") for tag in cast
            ),
        }

    def save_before(self, sent: Iterable[Tag], shown: Iterable[Tag]) -> None:
        """Before a cast is sent: what its members show now, where they are to show a photo of ours. Undo gives it back."""
        there = {tag.key: tag.thumb for tag in shown}
        for tag in sent:
            if tag.thumb and tag.thumb != there.get(tag.key):
                self._records.save_photo_before(tag.name, there.get(tag.key, ""))

    def sent(self, cast: Iterable[Tag]) -> None:
        """Plex took a list with these members; whether it shows the photos, a later reading tells."""
        for tag in cast:
            if tag.thumb:
                known = self._records.photo(tag.name)
                sends = known.sends + 1 if known.sent == tag.thumb else 1
                self._records.put_photo(tag.name, dataclasses.replace(known, sent=tag.thumb, sends=sends))
                self._sent_at[tag.key] = self._clock.monotonic()

    def seen(self, desired: Mapping[str, Value], shown: Iterable[Tag]) -> None:
        """Remember which of the desired photos Plex shows, and which it is not told of, since a person's stays."""
        there = {tag.key: tag.thumb for tag in shown}
        cast = desired.get("actor", ())
        for tag in () if isinstance(cast, str) else cast:
            thumb = there.get(tag.key, "")
            if not tag.thumb or not thumb:
                continue
            known = self._records.photo(tag.name)
            if thumb == tag.thumb and known != Photo(given=thumb):
                self._records.put_photo(tag.name, Photo(given=thumb))
            elif tag.thumb not in (known.given, known.sent) and self._is_a_persons(tag, thumb, known):
                self._records.put_photo(tag.name, dataclasses.replace(known, sent=tag.thumb, sends=0))

    def _is_wanted(self, tag: Tag, shown: str | None) -> bool:
        """`shown` is None where nobody knows what Plex shows of the member."""
        known = self._records.photo(tag.name)
        if known.given == tag.thumb or not self._can_be_given(tag.thumb):
            return False
        if known.sent == tag.thumb:
            settled = self._clock.monotonic() - self._sent_at.get(tag.key, -SETTLED_AFTER) >= SETTLED_AFTER
            if shown is None or not settled or known.sends >= SENDS:
                return False
        return not shown or not self._is_a_persons(tag, shown, known)

    def _is_a_persons(self, tag: Tag, shown: str, known: Photo) -> bool:
        """Whether a photo that an agent or a person set is to stay. One from Stash is ours, also under an earlier address."""
        ours = shown in (known.given, known.sent) or _without_query(shown) == _without_query(tag.thumb)
        return self._preserve and not ours

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


def _without_query(address: str) -> str:
    return address.partition("?")[0]


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
