"""Which picture goes where, what its bytes are, and when to look at a cover again. Pure: bytes in, words out.

Places and keys: docs/facts/plex.md section 4.
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
    """One slot for a picture. `element` names its list, `selector` its choice, `field` its lock and attribute."""

    element: str
    selector: str
    field: str


POSTERS = PictureSlot(element="posters", selector="poster", field="thumb")
ARTS = PictureSlot(element="arts", selector="art", field="art")
SLOTS = {slot.element: slot for slot in (POSTERS, ARTS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOptions:
    """`slots` are those that PlexSync fills; `portrait`: posters of movies are composed, where they can be."""

    slots: tuple[PictureSlot, ...]
    portrait: bool
    preserve: bool

    @property
    def text(self) -> str:
        """Equal texts mean equal pictures: a scene asked for under another is asked for again."""
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
    """What the state knows of one slot of one item; the columns of the table images.

    `sending` are the SHA-1s, joined by commas, of bytes that may have arrived. `saved` is None until it is known what
    was selected before our first picture, and "" where nothing was.
    """

    rating_key: int
    element: str
    section: int
    kind: int
    sha1: str = ""
    sending: str = ""
    source: str = ""
    saved: str | None = None
    saved_locked: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether a picture of ours is there, or was on its way."""
        return bool(self.sha1 or self.sending)

    @property
    def under_way(self) -> tuple[str, ...]:
        return tuple(self.sending.split(",")) if self.sending else ()

    def wrote(self, selected: str) -> bool:
        """Whether the picture that is selected now is one that we may replace as ours."""
        if selected in {upload_key(self.element, sha1) for sha1 in (self.sha1, *self.under_way) if sha1}:
            return True
        # Until our first upload has worked, what was there before it is still there.
        return not self.sha1 and bool(self.sending) and self.saved in (None, selected)


def is_portrait(options: PictureOptions, element: str, kind: int) -> bool:
    """Plex shows a movie's poster upright and an episode's picture across."""
    return options.portrait and element == POSTERS.element and kind == Kind.MOVIE


def source(options: PictureOptions, element: str, kind: int, etag: str) -> str:
    """The cover in the form that this slot gets."""
    return f"{'portrait' if is_portrait(options, element, kind) else 'plain'}:{etag}"


def left_alone(etag: str) -> str:
    """In slot of a source: the slot is a person's, for as long as preserve_plex_edits is on."""
    return f"left:{etag}"


def is_settled(options: PictureOptions, given: Given | None, etag: str) -> bool:
    """Whether nothing is owed to this slot while Stash's cover has this ETag."""
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
    """As Plex names an upload."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def upload_key(element: str, sha1: str) -> str:
    return f"upload://{element}/{sha1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A scene's cover as it was answered last. `stand_in`: there is nothing to give to Plex.

    Stash's time of a scene is in whole seconds, so an answer from within that second proves nothing: not `sure`.
    """

    etag: str
    wanted: str
    sure: bool = True
    stand_in: bool = False
    looks: int = 0
    look_at: float | None = None

    def look_is_due(self, now: float) -> bool:
        """A look whose time has been taken away is under way."""
        waiting = self.look_at is not None and self.look_at > now
        return self.stand_in and self.looks < len(LOOK_AGAIN_AFTER) and not waiting


def is_sure(updated_at: str, now: float) -> bool:
    """Whether a change after `now` must give the scene another time."""
    try:
        return now >= datetime.fromisoformat(updated_at).timestamp() + 2.0
    except ValueError:
        return False


def looked_at(before: Cover | None, *, etag: str, wanted: str, edited: bool, now: float) -> Cover:
    """Stash's stand-in was seen (again); a scene that was edited since starts its looks afresh."""
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
