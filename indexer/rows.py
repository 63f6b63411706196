"""The rows that extraction makes and storage writes: one frozen class per table, its fields named as the columns.

Columns that storage fills by itself (available, lastSeen, totals) are not here. Which table a class belongs to: `tables`.
"""

from dataclasses import dataclass


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
