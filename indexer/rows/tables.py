"""Which row class goes into which table of the index, by which key, and which of its columns point to a parent.

Storage writes its SQL from this; a new table needs a row class, an entry here and a migration. Neither reads Plex nor
writes anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.rows.rows import (
    AlbumRow,
    ArtistRow,
    ChapterRow,
    CreditRow,
    EpisodeRow,
    FileRow,
    FolderRow,
    GuidRow,
    ImageRow,
    ItemRow,
    LockRow,
    MarkerRow,
    MovieRow,
    RatingRow,
    Row,
    SearchRow,
    SeasonRow,
    ShowRow,
    StreamRow,
    TagRow,
    TrackRow,
    VersionRow,
    WatchRow,
)
from plexsync_plugin.core.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """People or tags that many rows name, held once in a table of their own.

    A row is staged with the columns of `key` and `carried`, and stored with the id of its name in their place.
    """

    table: str  # holds each name once
    column: str  # of the stored row: the id of a row of `table`
    key: tuple[str, ...]  # columns by which a name is known
    carried: tuple[str, ...]  # columns with what else is known of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the index."""

    name: str
    row: type[Row]
    key: tuple[str, ...] = ("ratingKey",)
    parents: Mapping[str, tuple[str, str]] = field(
        default_factory=dict
    )  # column -> table and key that it points to
    names: Names | None = None  # where rows hold the id of a name in place of the name

    @property
    def columns(self) -> tuple[str, ...]:
        return self.row._fields

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
    Table(name="versions", row=VersionRow, key=("ratingKey", "version")),
    Table(name="files", row=FileRow, key=("ratingKey", "version", "part")),
    Table(name="streams", row=StreamRow, key=("ratingKey", "version", "part", "position")),
    Table(name="chapters", row=ChapterRow, key=("ratingKey", "position")),
    Table(name="markers", row=MarkerRow, key=("ratingKey", "position")),
    Table(name="ratings", row=RatingRow, key=("ratingKey", "position")),
    Table(
        name="item_people",
        row=CreditRow,
        key=("ratingKey", "job", "position"),
        names=Names(table="people", column="personId", key=("name", "tagKey"), carried=("thumb",)),
    ),
    Table(
        name="item_tags",
        row=TagRow,
        key=("ratingKey", "type", "position"),
        names=Names(table="tag_names", column="tagNameId", key=("type", "name"), carried=("plexId", "guid")),
    ),
    Table(name="guids", row=GuidRow, key=("ratingKey", "guid")),
    Table(name="field_locks", row=LockRow, key=("ratingKey", "field")),
    Table(name="folders", row=FolderRow, key=("ratingKey", "path")),
    Table(name="images", row=ImageRow, key=("ratingKey", "type")),
    Table(name="search_folded", row=SearchRow),
)

# Comes with every listing, not with the details.
WATCH_STATES = Table(name="watch_states", row=WatchRow)

TABLES: tuple[Table, ...] = (ITEMS, *LIBRARY_TABLES.values(), *PART_TABLES)
TABLE_OF: Mapping[type[Row], Table] = {table.row: table for table in TABLES}

# The kinds that a library of each type holds, parents first.
KINDS_OF_SECTION: Mapping[str, tuple[Kind, ...]] = {
    "movie": (Kind.MOVIE,),
    "show": (Kind.SHOW, Kind.SEASON, Kind.EPISODE),
    "artist": (Kind.ARTIST, Kind.ALBUM, Kind.TRACK),
}
