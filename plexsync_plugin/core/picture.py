"""Which picture goes into which slot, whether its bytes are fit for Plex, and when to look at a cover again. Pure.

How Plex names slots and pictures: docs/facts/plex.md section 4.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from plexsync_plugin.base.settings import Settings
from plexsync_plugin.core.image_header import dimensions
from plexsync_plugin.core.model import Kind

LIMIT = 10_000_000  # bytes; Plex refuses more than about this (docs/facts/plex.md section 4)
MOST_PIXELS = 40_000_000  # an 8K frame has 33 million; more is no cover, but an attack on memory
LOOK_AGAIN_AFTER = (300.0, 3_600.0, 86_400.0)  # seconds; Stash may make the cover later, without a word


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSlot:
    """A place for a picture on an item, under the three names that Plex has for it."""

    element: str  # in the address that lists pictures and takes uploads: posters, arts
    selector: str  # in the address that selects a picture: poster, art
    field: str  # of the item's attribute and of the lock: thumb, art


POSTERS = PictureSlot(element="posters", selector="poster", field="thumb")
ARTS = PictureSlot(element="arts", selector="art", field="art")
SLOTS = {slot.element: slot for slot in (POSTERS, ARTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOptions:
    """The settings that decide about pictures."""

    slots: tuple[PictureSlot, ...]  # those that PlexSync fills
    portrait: bool  # whether posters of movies are made upright
    preserve: bool  # the setting preserve_plex_edits

    @property
    def text(self) -> str:
        """Stored with each cover. Where it differs from the stored text, the cover is asked for again."""
        names = ",".join(slot.element for slot in self.slots)
        return f"{names} portrait={self.portrait:d} preserve={self.preserve:d}"


def picture_options(settings: Settings, *, can_compose: bool) -> PictureOptions:
    slots = ((POSTERS, settings.skip_poster), (ARTS, settings.skip_background))
    return PictureOptions(
        slots=tuple(slot for slot, skipped in slots if not skipped),
        portrait=settings.portrait_posters and can_compose,
        preserve=settings.preserve_plex_edits,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What we know of one slot of one item. The fields are the columns of the table `images`."""

    rating_key: int
    element: str  # the slot: `PictureSlot.element`
    section: int
    kind: int
    sha1: str = ""  # of the bytes that Plex has from us; "" before the first
    sending: str = ""  # SHA-1s of bytes that were sent and may have arrived, joined by commas
    source: str = (
        ""  # what the slot was last settled with: `source` or `left_alone`; "" while bytes are under way
    )
    saved: str | None = (
        None  # the key of what was selected before our first picture; "": nothing was; None: not known yet
    )
    saved_locked: bool = False  # whether the slot's field was locked before our first picture
    shown: str = ""  # the address under which Plex was seen to show our picture; "" while nobody looked

    @property
    def is_ours(self) -> bool:
        """Whether a picture of ours is there, or was on its way."""
        return bool(self.sha1 or self.sending)

    @property
    def under_way(self) -> tuple[str, ...]:
        return tuple(self.sending.split(",")) if self.sending else ()

    def wrote(self, selected: str) -> bool:
        """Whether `selected`, the key of the picture that Plex shows now, is ours to replace."""
        if selected in {upload_key(self.element, sha1) for sha1 in (self.sha1, *self.under_way) if sha1}:
            return True
        # Until our first upload has worked, what was there before it is still there.
        return not self.sha1 and bool(self.sending) and self.saved in (None, selected)


def may_be_lost(given: Given, address: str) -> bool:
    """Whether Plex may show another picture than ours in this slot. `address` is of what it shows there, "" for nothing.

    An unchanged address proves an unchanged picture; every edit of the item changes it (docs/facts/plex.md section 11.1).
    """
    return bool(given.sha1) and not given.sending and (not address or address != given.shown)


def is_portrait(options: PictureOptions, element: str, kind: int) -> bool:
    """Plex shows a movie's poster upright and an episode's picture across."""
    return options.portrait and element == POSTERS.element and kind == Kind.MOVIE


def source(options: PictureOptions, element: str, kind: int, etag: str) -> str:
    """Names the cover with this ETag in the form that this slot gets: what `Given.source` holds once Plex has it."""
    return f"{'portrait' if is_portrait(options, element, kind) else 'plain'}:{etag}"


def left_alone(etag: str) -> str:
    """What `Given.source` holds instead where a person's picture is kept, as long as preserve_plex_edits is on."""
    return f"left:{etag}"


def is_settled(options: PictureOptions, given: Given | None, etag: str) -> bool:
    """Whether nothing is to be sent to this slot while Stash's cover has this ETag."""
    if given is None or not etag:
        return False
    if options.preserve and given.source == left_alone(etag):
        return True
    return given.source == source(options, given.element, given.kind, etag)


def is_taken_as_it_is(data: bytes) -> bool:
    """A sound JPEG, PNG or WebP of a size that Plex takes (docs/facts/plex.md section 4)."""
    size = dimensions(data)
    return size is not None and size[0] * size[1] <= MOST_PIXELS and len(data) <= LIMIT


def digest(data: bytes) -> str:
    """SHA-1, by which Plex names an upload."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def upload_key(element: str, sha1: str) -> str:
    return f"upload://{element}/{sha1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A scene's cover as Stash served it last. The fields are the columns of the table `covers`."""

    etag: str
    wanted: str  # the `PictureOptions.text` under which it was asked for
    sure: bool = True  # False: answered within the second of Stash's own time of the scene, so it may be older than that
    stand_in: bool = (
        False  # nothing can be given: Stash served its default picture, or one that Plex would not show
    )
    looks: int = 0  # how often it was looked at again since
    look_at: float | None = (
        None  # when to look again, in epoch seconds; None: a look is under way, or none is left
    )

    def look_is_due(self, now: float) -> bool:
        """Whether to ask Stash again for a cover that was not there. Where `look_at` is None, a job was made for the look."""
        waiting = self.look_at is not None and self.look_at > now
        return self.stand_in and self.looks < len(LOOK_AGAIN_AFTER) and not waiting


def is_sure(updated_at: str, now: float) -> bool:
    """Whether Stash's time of the scene, in whole seconds, would change if the scene were edited after `now`."""
    try:
        return now >= datetime.fromisoformat(updated_at).timestamp() + 2.0
    except ValueError:
        return False


def looked_at(before: Cover | None, *, etag: str, wanted: str, edited: bool, now: float) -> Cover:
    """What to store when Stash served its default picture, once more or for the first time.

    A scene that was `edited` since begins its looks again.
    """
    looks, look_at = 0, now + LOOK_AGAIN_AFTER[0]
    if before is not None and before.stand_in and not edited:
        looks, due = before.looks, before.look_is_due(now)
        looks += due
        if not due or looks >= len(LOOK_AGAIN_AFTER):
            return Cover(
                etag=etag, wanted=wanted, stand_in=True, looks=looks, look_at=None if due else before.look_at
            )
        look_at = now + LOOK_AGAIN_AFTER[looks]
    return Cover(etag=etag, wanted=wanted, stand_in=True, looks=looks, look_at=look_at)
