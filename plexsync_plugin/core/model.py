"""The values that every other part speaks in. Pure: no I/O, no clock.

Times are epoch seconds (UTC), sizes bytes, durations milliseconds, ids ints.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Kind(enum.IntEnum):
    """Plex's metadata type numbers (docs/facts/plex.md section 1)."""

    MOVIE = 1
    SHOW = 2
    SEASON = 3
    EPISODE = 4
    ARTIST = 8
    ALBUM = 9
    TRACK = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    machine_id: str
    version: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A Plex library. `type` is Plex's word: movie, show, artist, photo."""

    key: int
    title: str
    type: str
    uuid: str = ""
    content_changed_at: int = 0
    updated_at: int = 0
    scanned_at: int = 0
    created_at: int = 0
    agent: str = ""
    scanner: str = ""
    language: str = ""
    locations: tuple[str, ...] = ()

    @property
    def item_kind(self) -> Kind | None:
        """The kind of item that holds video files, or None where the section holds no videos."""
        return {"movie": Kind.MOVIE, "show": Kind.EPISODE}.get(self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    path: str
    size: int = 0
    trashed: bool = False  # Plex does not find it any more, and keeps its item until the trash is emptied


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A genre or a cast member. `role` and `thumb` are kept so that Undo can restore a cast as it was."""

    name: str
    role: str = ""
    thumb: str = ""

    @property
    def key(self) -> str:
        """What tags are compared by. Plex changes the case of some (docs/facts/plex.md section 11.1)."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A performer, studio, tag or group of Stash. `kind` is its name in Stash's events, in lower case."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Stash scene, with what syncing needs of it. A text that Stash does not have is ""."""

    id: int
    title: str = ""
    details: str = ""
    date: str = ""
    code: str = ""
    director: str = ""
    rating100: int | None = None
    studio: str = ""
    parent_studio: str = ""
    performers: tuple[str, ...] = ()
    photos: dict[str, str] = field(
        default_factory=dict
    )  # addresses by performer name, of those who have a photo
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    organized: bool = False
    filters: tuple[str, ...] = ()  # names of the saved filters of the settings that the scene fits
    unsure_filters: tuple[str, ...] = ()  # of those of which it cannot be told
    updated_at: str = ""  # as Stash writes it
    entities: tuple[
        Entity, ...
    ] = ()  # all that the scene shows: an edit of one of them syncs the scene again
    # By the source of a rule for collections (`CollectionRule.source`): names of what can have a picture.
    collectable: Mapping[str, tuple[tuple[str, Entity], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A Plex item, as its details give it."""

    rating_key: int
    section: int
    kind: Kind
    title: str
    scalars: dict[str, str] = field(
        default_factory=dict
    )  # texts by field name; "" for what Plex does not have
    lists: dict[str, tuple[Tag, ...]] = field(default_factory=dict)  # complete tag lists by field name
    locked: frozenset[str] = frozenset()  # names of locked fields
    pictures: Mapping[str, str] = field(
        default_factory=dict
    )  # addresses of the pictures that the item shows, by thumb and art; one that is unchanged proves an unchanged picture
    files: tuple[File, ...] = ()


SORT_TITLE = "titleSort"
SCALARS = (
    "title",
    SORT_TITLE,
    "originalTitle",
    "studio",
    "summary",
    "originallyAvailableAt",
    "contentRating",
    "userRating",
)
LISTS = ("genre", "actor", "director", "collection")
# Lists of which PlexSync owns single tags and never the whole: a person's own collections stay as they are.
SHARED_LISTS = ("collection",)
# An item in full detail shows no more of them, and nobody says how many there are (docs/facts/plex.md section 2.5).
SHOWN_AT_MOST = {"actor": 200}
# What only a person gives, whether it is locked or not (docs/facts/plex.md section 13).
GIVEN_BY_PERSONS = ("userRating",)
