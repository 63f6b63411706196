"""The rows that extraction makes and storage writes: one class per table, its fields named as the columns.

Tuples, because a large library has millions of them and SQLite takes a tuple as it is. Columns that storage fills by
itself (available, lastSeen, totals) are not here. Which table a class belongs to: `tables`.
"""

from typing import NamedTuple


class ItemRow(NamedTuple):
    ratingKey: int
    kind: int
    sectionKey: int
    parentKey: int | None
    grandparentKey: int | None
    title: str
    titleSort: str | None
    editionTitle: str | None
    guid: str | None
    slug: str | None
    addedAt: str | None
    updatedAt: str | None
    thumb: str | None
    art: str | None
    userRating: float | None
    deletedAt: str | None


class MovieRow(NamedTuple):
    ratingKey: int
    title: str
    originalTitle: str | None
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
    imdb: str | None
    tmdb: int | None
    tvdb: int | None
    hdr: str | None
    dolbyVisionProfile: int | None
    bitDepth: int | None
    audioChannels: int | None
    atmos: int | None


class ShowRow(NamedTuple):
    ratingKey: int
    title: str
    originalTitle: str | None
    year: int | None
    duration: int | None
    actors: str | None
    summary: str | None
    tagline: str | None
    genres: str | None
    studio: str | None
    contentRating: str | None
    rating: float | None
    audienceRating: float | None
    originallyAvailableAt: str | None
    theme: str | None
    addedAt: str | None
    updatedAt: str | None
    imdb: str | None
    tmdb: int | None
    tvdb: int | None


class SeasonRow(NamedTuple):
    seasonRatingKey: int
    showRatingKey: int | None
    seasonNumber: int | None
    title: str | None
    summary: str | None
    imdb: str | None
    tmdb: int | None
    tvdb: int | None


class EpisodeRow(NamedTuple):
    ratingKey: int
    seasonRatingKey: int | None
    showRatingKey: int | None
    seasonNumber: int | None
    episodeNumber: int | None
    title: str
    originalTitle: str | None
    contentRating: str | None
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
    imdb: str | None
    tmdb: int | None
    tvdb: int | None
    hdr: str | None
    dolbyVisionProfile: int | None
    bitDepth: int | None
    audioChannels: int | None
    atmos: int | None


class ArtistRow(NamedTuple):
    ratingKey: int
    artistName: str
    summary: str | None
    genres: str | None
    musicbrainz: str | None


class AlbumRow(NamedTuple):
    ratingKey: int
    artistRatingKey: int | None
    title: str
    year: int | None
    originallyAvailableAt: str | None
    studio: str | None
    genres: str | None
    summary: str | None
    musicbrainz: str | None


class TrackRow(NamedTuple):
    ratingKey: int
    albumRatingKey: int | None
    artistRatingKey: int | None
    title: str
    originalTitle: str | None
    discNumber: int | None
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
    ratingCount: int | None
    musicAnalysisVersion: int | None
    bitDepth: int | None
    audioChannels: int | None
    atmos: int | None
    musicbrainz: str | None


class VersionRow(NamedTuple):
    ratingKey: int
    version: int
    mediaId: int | None
    duration: int | None
    container: str | None
    bitrate: int | None
    videoCodec: str | None
    videoProfile: str | None
    videoResolution: str | None
    videoFrameRate: str | None
    width: int | None
    height: int | None
    aspectRatio: float | None
    audioCodec: str | None
    audioProfile: str | None
    audioChannels: int | None
    optimizedForStreaming: int | None
    hasVoiceActivity: int | None
    title: str | None
    proxyType: int | None
    target: str | None
    deletedAt: str | None
    hdr: str | None
    dolbyVisionProfile: int | None
    bitDepth: int | None
    atmos: int | None


class FileRow(NamedTuple):
    ratingKey: int
    version: int
    part: int
    kind: int
    sectionKey: int
    mediaId: int | None
    partId: int | None
    key: str | None
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
    indexes: str | None
    deletedAt: str | None


class StreamRow(NamedTuple):
    ratingKey: int
    version: int
    part: int
    position: int
    streamId: int | None
    type: str
    codec: str | None
    profile: str | None
    level: int | None
    language: str | None
    languageCode: str | None
    languageTag: str | None
    title: str | None
    displayTitle: str | None
    isDefault: int
    selected: int
    forced: int
    hearingImpaired: int
    visualImpaired: int
    dub: int
    original: int
    bitrate: int | None
    bitrateMode: str | None
    bitDepth: int | None
    chromaSubsampling: str | None
    channels: int | None
    channelLayout: str | None
    samplingRate: int | None
    width: int | None
    height: int | None
    frameRate: float | None
    scanType: str | None
    hdr: str | None
    colorPrimaries: str | None
    colorSpace: str | None
    colorTransfer: str | None
    dolbyVisionProfile: int | None
    loudness: float | None
    loudnessRange: float | None
    key: str | None
    path: str | None
    atmos: int | None


class ChapterRow(NamedTuple):
    ratingKey: int
    position: int
    title: str | None
    startsAt: int | None
    endsAt: int | None
    thumb: str | None


class MarkerRow(NamedTuple):
    ratingKey: int
    position: int
    type: str | None
    startsAt: int | None
    endsAt: int | None
    final: int


class RatingRow(NamedTuple):
    ratingKey: int
    position: int
    type: str
    source: str | None
    value: float


class CreditRow(NamedTuple):
    """`name`, `tagKey` and `thumb` are stored once per person; `tagKey` is "" where Plex gives none."""

    ratingKey: int
    job: str
    position: int
    role: str | None
    tagId: int | None
    name: str
    tagKey: str
    thumb: str | None


class TagRow(NamedTuple):
    """`type`, `name`, `plexId` and `guid` are stored once per tag."""

    ratingKey: int
    position: int
    type: str
    name: str
    plexId: int | None
    guid: str | None


class GuidRow(NamedTuple):
    ratingKey: int
    guid: str


class LockRow(NamedTuple):
    ratingKey: int
    field: str


class FolderRow(NamedTuple):
    ratingKey: int
    path: str


class ImageRow(NamedTuple):
    ratingKey: int
    type: str
    url: str


class SearchRow(NamedTuple):
    """What is searched by parts of words (`folding`)."""

    ratingKey: int
    text: str
    parts: str | None


class WatchRow(NamedTuple):
    """What watching changes: from the listing, so that it costs no further request."""

    ratingKey: int
    viewCount: int | None
    lastViewedAt: str | None
    viewOffset: int | None
    viewedLeafCount: int | None
    skipCount: int | None
    lastRatedAt: str | None


LibraryRow = MovieRow | ShowRow | SeasonRow | EpisodeRow | ArtistRow | AlbumRow | TrackRow
MediaRow = VersionRow | FileRow | StreamRow | ChapterRow | MarkerRow
PartRow = MediaRow | RatingRow | CreditRow | TagRow | GuidRow | LockRow | FolderRow | ImageRow | SearchRow
Row = ItemRow | LibraryRow | PartRow | WatchRow
