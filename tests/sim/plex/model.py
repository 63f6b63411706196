"""What the simulated Plex server stores: sections, items, media, parts, tags; and the names Plex gives to their kinds.

Plain data. What an item looks like on the wire is elements.py's business, how it changes editing.py's.
"""

from dataclasses import dataclass, field
from typing import Any

TYPE_NUMBERS = {
    "movie": 1,
    "show": 2,
    "season": 3,
    "episode": 4,
    "artist": 8,
    "album": 9,
    "track": 10,
    "clip": 12,
    "collection": 18,
}
TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}
CHILD_TYPES = {"show": "season", "season": "episode", "artist": "album", "album": "track"}
ANCESTRY = {
    "episode": ("season", "show"),
    "season": ("show",),
    "track": ("album", "artist"),
    "album": ("artist",),
}
SECTION_TYPES = {
    "movie": ("movie",),
    "show": ("show", "season", "episode"),
    "artist": ("artist", "album", "track"),
}


@dataclass(frozen=True, slots=True)
class TagKind:
    """name is what edits, locks and filters say; element is what items show; number is the tag type of the API."""

    name: str
    element: str
    number: int


TAG_KINDS = {
    kind.name: kind
    for kind in (
        TagKind("genre", "Genre", 1),
        TagKind("country", "Country", 8),
        TagKind("collection", "Collection", 2),
        TagKind("director", "Director", 4),
        TagKind("writer", "Writer", 5),
        TagKind("actor", "Role", 6),
        TagKind("producer", "Producer", 7),
        TagKind("similar", "Similar", 305),
        TagKind("label", "Label", 11),
        TagKind("mood", "Mood", 300),
        TagKind("style", "Style", 301),
        TagKind("tag", "Tag", 0),
    )
}
TAG_ELEMENTS = {kind.element: kind for kind in TAG_KINDS.values()}

# Elements of an item that are single images, and the name of the list in which their candidates are found.
IMAGE_LISTS = {
    "thumb": "posters",
    "art": "arts",
    "clearLogo": "clearLogos",
    "squareArt": "squareArts",
    "theme": "themes",
}


@dataclass(slots=True)
class Tag:
    """One tag of one kind; every item that carries it shares its id and its picture."""

    id: int
    kind: str
    name: str
    key: str | None = None
    thumb: str | None = None
    guid: str | None = None


# A tag on an item, with the text of this association alone (the role of an actor).
Link = tuple[Tag, str | None]


@dataclass(slots=True)
class Part:
    """A file. stamp is the change stamp in its key; attributes are the rest (container, indexes, ...), often shared."""

    id: int
    file: str
    size: int
    stamp: int
    attributes: dict[str, Any]
    streams: list[dict[str, Any]] | None = None
    hashes: dict[str, Any] | None = None


@dataclass(slots=True)
class Media:
    """attributes (codec, width, ...) are often one dict shared by many items: never change it in place."""

    id: int
    duration: int | None
    attributes: dict[str, Any]
    parts: list[Part]


@dataclass(slots=True)
class Upload:
    """A candidate image of an item: an uploaded one has bytes or the address it was fetched from."""

    key: str
    data: bytes | None = None
    provider: str | None = None


@dataclass(slots=True)
class Gallery:
    """The candidates for one image of an item, and the key of the selected one."""

    uploads: list[Upload] = field(default_factory=list)
    selected: str | None = None


@dataclass(slots=True)
class Item:
    """fields holds the scalars under Plex's names; for thumb, art, clearLogo and theme the number at the end of the address.

    agent is what the metadata agent would say, kept from before the first edit: name -> value, tag kind -> links.
    extras are further elements shown in detail only (Chapter, Marker, Location, Rating, ...), in recorded form.
    """

    key: int
    kind: str
    section: int
    parent: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, list[Link]] = field(default_factory=dict)
    guids: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    locks: list[str] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)
    agent: dict[str, Any] | None = None
    galleries: dict[str, Gallery] | None = None
    trashed: bool = False


@dataclass(slots=True)
class Section:
    """attributes are those of the Directory element, in their order on the wire; None leaves one out."""

    key: int
    kind: str
    title: str
    attributes: dict[str, Any]
    locations: list[tuple[int, str]]

    @property
    def uuid(self) -> str:
        return str(self.attributes.get("librarySectionUUID") or self.attributes.get("uuid") or "")


def nocase(text: str) -> str:
    """Lower case for ASCII alone, as SQLite's NOCASE does: the collation of names in a Plex database."""
    return text.translate(_ASCII_LOWER)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
