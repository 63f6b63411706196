"""One Plex item in full detail -> its rows. Pure: elements in, frozen rows out; nothing is fetched, nothing stored.

Give it detail elements only: listings cut genres, people and collections short (docs/facts/plex.md section 3.5).
Children are found by `findall` with a plain tag, which is C: `iterfind` and paths cost a fifth more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from indexer.rows.fingerprint import media_hash
from indexer.rows.folding import search_text, unspaced_parts
from indexer.rows.media import NO_VERSION, media
from indexer.rows.parts import identifiers, parts
from indexer.rows.rows import (
    AlbumRow,
    ArtistRow,
    EpisodeRow,
    FileRow,
    ItemRow,
    LibraryRow,
    MediaRow,
    MovieRow,
    Row,
    SearchRow,
    SeasonRow,
    ShowRow,
    TrackRow,
    VersionRow,
)
from indexer.rows.values import duration_text, first_known, joined, moment, real, size_text, text, whole
from plexsync_plugin.core.model import Kind
from plexsync_plugin.plex.elements import rating_key

_PEOPLE = ("actors", "directors", "writers", "producers")


def extract(element: Element, kind: Kind, section: int) -> list[Row]:
    """All rows of one item: first its row in `items`, second its row in the table of its kind."""
    key = rating_key(element)
    media_rows = list(media(element, key, kind, section))
    if kind in _WITH_FILES:
        library_row = _WITH_FILES[kind](element, _Medium(element, media_rows))
    else:
        library_row = _WITHOUT_FILES[kind](element)
    return [
        _item(element, kind, section),
        library_row,
        *media_rows,
        *parts(element, key),
        *_search_rows(library_row, key),
    ]


def _search_rows(row: LibraryRow, key: int) -> Iterator[SearchRow]:
    """The same texts as view search_texts holds."""
    texts = row._asdict()
    title = texts.get("artistName") or texts.get("title")
    people = ", ".join(names for job in _PEOPLE if (names := texts.get(job)))
    original_title = texts.get("originalTitle")
    text = search_text(title, original_title, people, texts["summary"])
    if text:
        yield SearchRow(ratingKey=key, text=text, parts=unspaced_parts(title, original_title, people))


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

    def __init__(self, element: Element, rows: Sequence[MediaRow]) -> None:
        """`rows` are those of the element's versions and files."""
        first = next((row for row in rows if type(row) is VersionRow), NO_VERSION)
        known = [row.size for row in rows if type(row) is FileRow and row.size is not None]
        self.size = sum(known) if known else None
        self.duration = first_known(first.duration, whole(element, "duration"))
        self.first = first

    @property
    def size_text(self) -> str | None:
        return None if self.size is None else size_text(self.size)

    @property
    def duration_text(self) -> str | None:
        return None if self.duration is None else duration_text(self.duration)

    def fingerprint(self, element: Element) -> str:
        first = self.first
        codecs = (first.videoCodec, first.audioCodec, first.videoResolution, first.container)
        return media_hash(self.size, self.duration, *codecs, element.get("title"), whole(element, "year"))


def _movie(element: Element, medium: _Medium) -> MovieRow:
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
        audioCodec=medium.first.audioCodec,
        videoCodec=medium.first.videoCodec,
        videoResolution=medium.first.videoResolution,
        container=medium.first.container,
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
        hdr=medium.first.hdr,
        dolbyVisionProfile=medium.first.dolbyVisionProfile,
        bitDepth=medium.first.bitDepth,
        audioChannels=medium.first.audioChannels,
        atmos=medium.first.atmos,
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


def _episode(element: Element, medium: _Medium) -> EpisodeRow:
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
        audioCodec=medium.first.audioCodec,
        videoCodec=medium.first.videoCodec,
        videoResolution=medium.first.videoResolution,
        container=medium.first.container,
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
        hdr=medium.first.hdr,
        dolbyVisionProfile=medium.first.dolbyVisionProfile,
        bitDepth=medium.first.bitDepth,
        audioChannels=medium.first.audioChannels,
        atmos=medium.first.atmos,
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


def _track(element: Element, medium: _Medium) -> TrackRow:
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
        audioCodec=medium.first.audioCodec,
        container=medium.first.container,
        mediaHash=medium.fingerprint(element),
        summary=text(element, "summary"),
        originallyAvailableAt=text(element, "originallyAvailableAt"),
        genres=_names(element, "Genre"),
        ratingCount=whole(element, "ratingCount"),
        musicAnalysisVersion=whole(element, "musicAnalysisVersion"),
        bitDepth=medium.first.bitDepth,
        audioChannels=medium.first.audioChannels,
        atmos=medium.first.atmos,
        musicbrainz=identifiers(element).musicbrainz,
    )


_WITH_FILES: Mapping[Kind, Callable[[Element, _Medium], LibraryRow]] = {
    Kind.MOVIE: _movie,
    Kind.EPISODE: _episode,
    Kind.TRACK: _track,
}
_WITHOUT_FILES: Mapping[Kind, Callable[[Element], LibraryRow]] = {
    Kind.SHOW: _show,
    Kind.SEASON: _season,
    Kind.ARTIST: _artist,
    Kind.ALBUM: _album,
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
