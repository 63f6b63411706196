"""One Plex item in full detail -> its rows. Pure: elements in, frozen rows out; nothing is fetched, nothing stored.

Give it detail elements only: listings cut genres, people and collections short (docs/facts/plex.md section 3.5).
Children are found by `findall` with a plain tag, which is C: `iterfind` and paths cost a fifth more.
"""

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from indexer.rows.fingerprint import media_hash
from indexer.rows.folding import search_text
from indexer.rows.media import NOTHING_TOLD, media, quality
from indexer.rows.parts import identifiers, parts
from indexer.rows.rows import (
    AlbumRow,
    ArtistRow,
    EpisodeRow,
    ItemRow,
    LibraryRow,
    MovieRow,
    Row,
    SearchRow,
    SeasonRow,
    ShowRow,
    TrackRow,
)
from indexer.rows.values import duration_text, first_known, joined, moment, real, size_text, text, whole
from plexsync_plugin.core.model import Kind
from plexsync_plugin.plex.elements import rating_key

_PEOPLE = ("actors", "directors", "writers", "producers")


def extract(element: Element, kind: Kind, section: int) -> list[Row]:
    """All rows of one item: first its row in `items`, second its row in the table of its kind."""
    key = rating_key(element)
    library_row = _LIBRARY_ROW[kind](element)
    return [
        _item(element, kind, section),
        library_row,
        *media(element, key, kind, section),
        *parts(element, key),
        *_search_rows(library_row, key),
    ]


def _search_rows(row: LibraryRow, key: int) -> Iterator[SearchRow]:
    """The same texts as view search_texts holds."""
    texts = row._asdict()
    title = texts.get("artistName") or texts.get("title")
    people = ", ".join(names for job in _PEOPLE if (names := texts.get(job)))
    text = search_text(title, texts.get("originalTitle"), people, texts["summary"])
    if text:
        yield SearchRow(ratingKey=key, text=text)


def _item(element: Element, kind: Kind, section: int) -> ItemRow:
    return ItemRow(
        ratingKey=rating_key(element),
        kind=int(kind),
        sectionKey=section,
        parentKey=whole(element, "parentRatingKey"),
        grandparentKey=whole(element, "grandparentRatingKey"),
        title=element.get("title", ""),
        titleSort=text(element, "titleSort"),
        editionTitle=text(element, "editionTitle"),
        guid=text(element, "guid"),
        slug=text(element, "slug"),
        addedAt=moment(element, "addedAt"),
        updatedAt=moment(element, "updatedAt"),
        thumb=text(element, "thumb"),
        art=text(element, "art"),
        userRating=real(element, "userRating"),
        deletedAt=moment(element, "deletedAt"),
    )


class _Medium:
    """What an item's row says of its versions: length and codecs of the first, bytes of all files of all versions."""

    def __init__(self, element: Element) -> None:
        first = element.find("Media")
        parts = [part for medium in element.findall("Media") for part in medium.findall("Part")]
        sizes = [whole(part, "size") for part in parts]
        known = [size for size in sizes if size is not None]
        self.size = sum(known) if known else None
        self.duration = first_known(_first(first, "duration"), whole(element, "duration"))
        self.channels = _first(first, "audioChannels")
        self.quality = NOTHING_TOLD if first is None else quality(first)
        self.audio = None if first is None else text(first, "audioCodec")
        self.video = None if first is None else text(first, "videoCodec")
        self.resolution = None if first is None else text(first, "videoResolution")
        self.container = None if first is None else text(first, "container")

    @property
    def size_text(self) -> str | None:
        return None if self.size is None else size_text(self.size)

    @property
    def duration_text(self) -> str | None:
        return None if self.duration is None else duration_text(self.duration)

    def fingerprint(self, element: Element) -> str:
        codecs = (self.video, self.audio, self.resolution, self.container)
        return media_hash(self.size, self.duration, *codecs, element.get("title"), whole(element, "year"))


def _first(element: Element | None, name: str) -> int | None:
    return None if element is None else whole(element, name)


def _movie(element: Element) -> MovieRow:
    medium = _Medium(element)
    known = identifiers(element)
    return MovieRow(
        ratingKey=rating_key(element),
        title=element.get("title", ""),
        originalTitle=text(element, "originalTitle"),
        year=whole(element, "year"),
        duration=medium.duration,
        durationHuman=medium.duration_text,
        sizeBytes=medium.size,
        sizeHuman=medium.size_text,
        audioCodec=medium.audio,
        videoCodec=medium.video,
        videoResolution=medium.resolution,
        container=medium.container,
        genres=_names(element, "Genre"),
        studio=text(element, "studio"),
        writers=_names(element, "Writer"),
        directors=_names(element, "Director"),
        producers=_names(element, "Producer"),
        actors=_cast(element),
        summary=text(element, "summary"),
        tagline=text(element, "tagline"),
        contentRating=text(element, "contentRating"),
        originallyAvailableAt=text(element, "originallyAvailableAt"),
        rating=real(element, "rating"),
        audienceRating=real(element, "audienceRating"),
        mediaHash=medium.fingerprint(element),
        imdb=known.imdb,
        tmdb=known.tmdb,
        tvdb=known.tvdb,
        hdr=medium.quality.hdr,
        dolbyVisionProfile=medium.quality.dolby_vision_profile,
        bitDepth=medium.quality.bit_depth,
        audioChannels=medium.channels,
        atmos=medium.quality.atmos,
    )


def _show(element: Element) -> ShowRow:
    known = identifiers(element)
    return ShowRow(
        ratingKey=rating_key(element),
        title=element.get("title", ""),
        originalTitle=text(element, "originalTitle"),
        year=whole(element, "year"),
        duration=whole(element, "duration"),
        actors=_cast(element),
        summary=text(element, "summary"),
        tagline=text(element, "tagline"),
        genres=_names(element, "Genre"),
        studio=text(element, "studio"),
        contentRating=text(element, "contentRating"),
        rating=real(element, "rating"),
        audienceRating=real(element, "audienceRating"),
        originallyAvailableAt=text(element, "originallyAvailableAt"),
        theme=text(element, "theme"),
        addedAt=moment(element, "addedAt"),
        updatedAt=moment(element, "updatedAt"),
        imdb=known.imdb,
        tmdb=known.tmdb,
        tvdb=known.tvdb,
    )


def _season(element: Element) -> SeasonRow:
    known = identifiers(element)
    return SeasonRow(
        seasonRatingKey=rating_key(element),
        showRatingKey=whole(element, "parentRatingKey"),
        seasonNumber=whole(element, "index"),
        title=text(element, "title"),
        summary=text(element, "summary"),
        imdb=known.imdb,
        tmdb=known.tmdb,
        tvdb=known.tvdb,
    )


def _episode(element: Element) -> EpisodeRow:
    medium = _Medium(element)
    known = identifiers(element)
    return EpisodeRow(
        ratingKey=rating_key(element),
        seasonRatingKey=whole(element, "parentRatingKey"),
        showRatingKey=whole(element, "grandparentRatingKey"),
        seasonNumber=whole(element, "parentIndex"),
        episodeNumber=whole(element, "index"),
        title=element.get("title", ""),
        originalTitle=text(element, "originalTitle"),
        contentRating=text(element, "contentRating"),
        year=whole(element, "year"),
        duration=medium.duration,
        durationHuman=medium.duration_text,
        audioCodec=medium.audio,
        videoCodec=medium.video,
        videoResolution=medium.resolution,
        container=medium.container,
        sizeBytes=medium.size,
        sizeHuman=medium.size_text,
        directors=_names(element, "Director"),
        writers=_names(element, "Writer"),
        actors=_cast(element),
        rating=real(element, "rating"),
        audienceRating=real(element, "audienceRating"),
        summary=text(element, "summary"),
        originallyAvailableAt=text(element, "originallyAvailableAt"),
        mediaHash=medium.fingerprint(element),
        imdb=known.imdb,
        tmdb=known.tmdb,
        tvdb=known.tvdb,
        hdr=medium.quality.hdr,
        dolbyVisionProfile=medium.quality.dolby_vision_profile,
        bitDepth=medium.quality.bit_depth,
        audioChannels=medium.channels,
        atmos=medium.quality.atmos,
    )


def _artist(element: Element) -> ArtistRow:
    return ArtistRow(
        ratingKey=rating_key(element),
        artistName=element.get("title", ""),
        summary=text(element, "summary"),
        genres=_names(element, "Genre"),
        musicbrainz=identifiers(element).musicbrainz,
    )


def _album(element: Element) -> AlbumRow:
    return AlbumRow(
        ratingKey=rating_key(element),
        artistRatingKey=whole(element, "parentRatingKey"),
        title=element.get("title", ""),
        year=whole(element, "year"),
        originallyAvailableAt=text(element, "originallyAvailableAt"),
        studio=text(element, "studio"),
        genres=_names(element, "Genre"),
        summary=text(element, "summary"),
        musicbrainz=identifiers(element).musicbrainz,
    )


def _track(element: Element) -> TrackRow:
    medium = _Medium(element)
    return TrackRow(
        ratingKey=rating_key(element),
        albumRatingKey=whole(element, "parentRatingKey"),
        artistRatingKey=whole(element, "grandparentRatingKey"),
        title=element.get("title", ""),
        originalTitle=text(element, "originalTitle"),
        discNumber=whole(element, "parentIndex"),
        trackNumber=whole(element, "index"),
        duration=medium.duration,
        durationHuman=medium.duration_text,
        sizeBytes=medium.size,
        sizeHuman=medium.size_text,
        audioCodec=medium.audio,
        container=medium.container,
        mediaHash=medium.fingerprint(element),
        summary=text(element, "summary"),
        originallyAvailableAt=text(element, "originallyAvailableAt"),
        genres=_names(element, "Genre"),
        ratingCount=whole(element, "ratingCount"),
        musicAnalysisVersion=whole(element, "musicAnalysisVersion"),
        bitDepth=medium.quality.bit_depth,
        audioChannels=medium.channels,
        atmos=medium.quality.atmos,
        musicbrainz=identifiers(element).musicbrainz,
    )


_LIBRARY_ROW: Mapping[Kind, Callable[[Element], LibraryRow]] = {
    Kind.MOVIE: _movie,
    Kind.SHOW: _show,
    Kind.SEASON: _season,
    Kind.EPISODE: _episode,
    Kind.ARTIST: _artist,
    Kind.ALBUM: _album,
    Kind.TRACK: _track,
}


def _names(element: Element, tag: str) -> str | None:
    return joined([name for child in element.findall(tag) if (name := child.get("tag"))])


def _cast(element: Element) -> str | None:
    cast = []
    for child in element.findall("Role"):
        name, role = child.get("tag"), child.get("role")
        if name:
            cast.append(f"{name} as {role}" if role else name)
    return joined(cast)
