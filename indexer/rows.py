"""The rows that extraction makes and storage writes: one frozen class per table, its fields named as the columns.

Knows which class goes into which table, by which key, and which columns point to a parent. Neither reads Plex nor
writes SQL. Columns that storage fills by itself (available, lastSeen, totals) are not here.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from plexsync_plugin.core.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    ratingKey: int
    kind: int
    sectionKey: int
    parentKey: int | None
    grandparentKey: int | None
    title: str
    titleSort: str | None
    editionTitle: str | None
    guid: str | None
    addedAt: str | None
    updatedAt: str | None
    thumb: str | None
    art: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovieRow:
    ratingKey: int
    title: str
    year: int | None
    duration: int | None
    durationHuman: str | None
    sizeBytes: int | None
    sizeHuman: str | None
    audioCodec: str | None
    videoCodec: str | None
    videoResolution: str | None
    container: str | None
    genres: str | None
    studio: str | None
    writers: str | None
    directors: str | None
    producers: str | None
    actors: str | None
    summary: str | None
    tagline: str | None
    contentRating: str | None
    originallyAvailableAt: str | None
    rating: float | None
    audienceRating: float | None
    mediaHash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRow:
    ratingKey: int
    title: str
    actors: str | None
    summary: str | None
    genres: str | None
    studio: str | None
    contentRating: str | None
    rating: float | None
    audienceRating: float | None
    originallyAvailableAt: str | None
    addedAt: str | None
    updatedAt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonRow:
    seasonRatingKey: int
    showRatingKey: int | None
    seasonNumber: int | None
    title: str | None
    summary: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRow:
    ratingKey: int
    seasonRatingKey: int | None
    showRatingKey: int | None
    episodeNumber: int | None
    title: str
    year: int | None
    duration: int | None
    durationHuman: str | None
    audioCodec: str | None
    videoCodec: str | None
    videoResolution: str | None
    container: str | None
    sizeBytes: int | None
    sizeHuman: str | None
    directors: str | None
    writers: str | None
    actors: str | None
    rating: float | None
    audienceRating: float | None
    summary: str | None
    originallyAvailableAt: str | None
    mediaHash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtistRow:
    ratingKey: int
    artistName: str
    summary: str | None
    genres: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlbumRow:
    ratingKey: int
    artistRatingKey: int | None
    title: str
    year: int | None
    summary: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRow:
    ratingKey: int
    albumRatingKey: int | None
    artistRatingKey: int | None
    title: str
    trackNumber: int | None
    duration: int | None
    durationHuman: str | None
    sizeBytes: int | None
    sizeHuman: str | None
    audioCodec: str | None
    container: str | None
    mediaHash: str
    summary: str | None
    originallyAvailableAt: str | None
    genres: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    ratingKey: int
    version: int
    part: int
    kind: int
    sectionKey: int
    mediaId: int | None
    partId: int | None
    path: str | None
    name: str | None
    size: int | None
    duration: int | None
    container: str | None
    bitrate: int | None
    videoCodec: str | None
    videoResolution: str | None
    width: int | None
    height: int | None
    audioCodec: str | None
    audioChannels: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    ratingKey: int
    job: str
    position: int
    name: str
    role: str | None
    thumb: str | None
    tagId: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    ratingKey: int
    type: str
    position: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidRow:
    ratingKey: int
    guid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRow:
    ratingKey: int
    field: str


LibraryRow = MovieRow | ShowRow | SeasonRow | EpisodeRow | ArtistRow | AlbumRow | TrackRow
PartRow = FileRow | CreditRow | TagRow | GuidRow | LockRow
Row = ItemRow | LibraryRow | PartRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`parents` maps a column to the table and key that it points to."""

    name: str
    row: type[Row]
    key: tuple[str, ...] = ("ratingKey",)
    parents: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in dataclasses.fields(self.row))

    @property
    def values(self) -> Callable[[Any], tuple[Any, ...]]:
        """Row -> its values in the order of `columns`."""
        return attrgetter(*self.columns)

    @property
    def rating_key(self) -> str:
        """The column that holds the item's rating key."""
        return self.key[0]


ITEMS = Table(name="items", row=ItemRow)

# One table per kind; parents stand before their children, as foreign keys want them written.
LIBRARY_TABLES: Mapping[Kind, Table] = {
    Kind.MOVIE: Table(name="movies", row=MovieRow),
    Kind.SHOW: Table(name="tv_shows", row=ShowRow),
    Kind.SEASON: Table(
        name="seasons",
        row=SeasonRow,
        key=("seasonRatingKey",),
        parents={"showRatingKey": ("tv_shows", "ratingKey")},
    ),
    Kind.EPISODE: Table(
        name="episodes",
        row=EpisodeRow,
        parents={
            "seasonRatingKey": ("seasons", "seasonRatingKey"),
            "showRatingKey": ("tv_shows", "ratingKey"),
        },
    ),
    Kind.ARTIST: Table(name="artists", row=ArtistRow),
    Kind.ALBUM: Table(name="albums", row=AlbumRow, parents={"artistRatingKey": ("artists", "ratingKey")}),
    Kind.TRACK: Table(
        name="tracks",
        row=TrackRow,
        parents={"albumRatingKey": ("albums", "ratingKey"), "artistRatingKey": ("artists", "ratingKey")},
    ),
}

# Tables with any number of rows per item, replaced as a whole when the item changes.
PART_TABLES: tuple[Table, ...] = (
    Table(name="files", row=FileRow, key=("ratingKey", "version", "part")),
    Table(name="credits", row=CreditRow, key=("ratingKey", "job", "position")),
    Table(name="tags", row=TagRow, key=("ratingKey", "type", "position")),
    Table(name="guids", row=GuidRow, key=("ratingKey", "guid")),
    Table(name="field_locks", row=LockRow, key=("ratingKey", "field")),
)

TABLES: tuple[Table, ...] = (ITEMS, *LIBRARY_TABLES.values(), *PART_TABLES)
TABLE_OF: Mapping[type[Row], Table] = {table.row: table for table in TABLES}

# The kinds that a library of each type holds, parents first.
KINDS_OF_SECTION: Mapping[str, tuple[Kind, ...]] = {
    "movie": (Kind.MOVIE,),
    "show": (Kind.SHOW, Kind.SEASON, Kind.EPISODE),
    "artist": (Kind.ARTIST, Kind.ALBUM, Kind.TRACK),
}
