"""The forms of the answers about what is in Plex: *library*, *libraries*, *search* and *posters*; `shapes.py` has the others."""

from dataclasses import dataclass
from typing import Literal

ItemKind = Literal["movie", "show", "season", "episode", "artist", "album", "track"]
Unit = Literal["number", "bytes", "seconds"]


@dataclass(kw_only=True, eq=False, repr=False)
class Tile:
    """One number of the library under its name (movies, episodes, bytes, duplicates, without poster ...)."""

    name: str
    value: float
    unit: Unit


@dataclass(kw_only=True, eq=False, repr=False)
class Library:
    """`shares` by what they are shares of (library, resolution, videoCodec, container): label, items, bytes, the largest first.
    `growth` by month ("2024-03"), the oldest first: items and bytes that were added in it. `at` None: there is no index."""

    at: float | None
    tiles: tuple[Tile, ...]
    shares: dict[str, tuple[tuple[str, int, int], ...]]
    growth: tuple[tuple[str, int, int], ...]


@dataclass(kw_only=True, eq=False, repr=False)
class SearchRow:
    """`part_of` names show or artist. `poster`: *posters* has a picture that shows it. `scene_id` None: no scene of Stash is
    matched with it."""

    key: int
    kind: ItemKind
    title: str
    part_of: str
    section: str
    year: int | None
    size: int | None
    resolution: str
    codec: str
    url: str
    poster: bool
    scene_id: int | None


@dataclass(kw_only=True, eq=False, repr=False)
class Search:
    """At most 1 000 rows over all pages."""

    rows: tuple[SearchRow, ...]
    next: str | None


@dataclass(kw_only=True, eq=False, repr=False)
class Posters:
    """Small pictures as addresses of the kind `data:`, by rating key; a key without one has no picture that can be shown."""

    pictures: dict[str, str]


@dataclass(kw_only=True, eq=False, repr=False)
class Libraries:
    """Titles of Plex's video libraries. `at`: when Plex was asked for them, None where only the index tells, or nothing does."""

    titles: tuple[str, ...]
    at: float | None
