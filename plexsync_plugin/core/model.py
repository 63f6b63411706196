"""The values that every other part speaks in. Pure: no I/O, no clock.

Times are epoch seconds (UTC), sizes bytes, durations milliseconds, ids ints.
"""

import enum
from dataclasses import dataclass, field


class Kind(enum.IntEnum):
    """Plex's metadata type numbers (facts/plex.md section 1)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A genre or a cast member. `role` and `thumb` are kept so that Undo can restore a cast as it was."""

    name: str
    role: str = ""
    thumb: str = ""

    @property
    def key(self) -> str:
        """What tags are compared by: Plex changes the case of some (facts/plex.md, "Also observed")."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A performer, studio, tag or group of Stash. `kind` is its name in Stash's events, in lower case."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A Stash scene as the planner sees it. A text that Stash does not have is "".

    `photos` are addresses of pictures by performer name, of those who have one. `entities` are all that the scene
    shows: when one of them is edited, the scene is synced again.
    """

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
    photos: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    organized: bool = False
    updated_at: str = ""
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A Plex item in full detail: values, complete tag lists, locks, files; `pictures` are those of thumb and art it shows."""

    rating_key: int
    section: int
    kind: Kind
    title: str
    scalars: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[Tag, ...]] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
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
# Of these PlexSync owns single tags and never the whole list: a person's own collections are nobody else's business.
SHARED_LISTS = ("collection",)
# An item in full detail shows no more of them, and nobody says how many there are (docs/facts/plex.md section 2.5).
SHOWN_AT_MOST = {"actor": 200}
# What only a person gives, whether it is locked or not (docs/facts/plex.md section 13).
GIVEN_BY_PERSONS = ("userRating",)
