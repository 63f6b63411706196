"""Recorded listings, details and lists of libraries, sent over HTTP to the real gateway, become the promised values."""

from typing import TypeVar
from xml.etree.ElementTree import Element, tostring

import pytest

from indexer.rows.extract import extract
from indexer.rows.rows import EpisodeRow, FileRow, ItemRow, MovieRow, Row, ShowRow, StreamRow, TrackRow
from indexer.rows.tables import LIBRARY_TABLES
from plexsync_plugin.core.model import Kind, Section
from plexsync_plugin.plex.gateway import PlexGateway
from tests.contract.index_promises import promised
from tests.contract.index_recordings import KINDS, Answer, excerpts, items, libraries
from tests.contract.test_index_columns import PROMISED
from tests.sim.process import SimProcess

# These the indexer fills from an item's children, or from the run.
FILLED = {
    "available lastSeen",
    "avgEpisodeDuration seasonCount totalEpisodes totalSizeBytes avgVideoResolutions avgAudioCodecs",
    "seasonTotalEpisode avgSeasonEpisodeDuration seasonSizeBytes yearRange",
    "totalAlbums totalTracks",
    "tracks albumSizeBytes albumDuration albumContainers",
}
DIRECT = [answer for answer in excerpts() if any(child.get("ratingKey") for child in answer.root)]
LISTS = [answer for answer in excerpts() if answer.root.get("title1") == "Plex Library"]


R = TypeVar("R", bound=Row)


def named(answer: Answer) -> str:
    return answer.source.rpartition("/")[2]


def serve(plex: SimProcess, match: str, root: Element) -> None:
    headers = {"Content-Type": "text/xml;charset=utf-8"}
    body = tostring(root, encoding="unicode")
    plex.fault("status", match=match, status=200, headers=headers, body=body)


@pytest.mark.parametrize("answer", DIRECT, ids=named)
def test_listing_when_recorded_is_read_whole(
    empty_plex: SimProcess, gateway: PlexGateway, answer: Answer
) -> None:
    serve(empty_plex, "GET /library/sections/1/all", answer.root)
    page = gateway.page(1, int(Kind.MOVIE), start=0, size=100)
    # Without a total it is all there is; `size` counts what the excerpt leaves out as well.
    said = answer.root.get("totalSize") or len(items(answer.root))
    assert (page.total, page.offset) == (int(said), 0)
    assert list(map(tostring, page.elements)) == [tostring(each) for each in items(answer.root)]


@pytest.mark.parametrize("answer", DIRECT, ids=named)
def test_items_when_recorded_have_the_promised_values(
    empty_plex: SimProcess, gateway: PlexGateway, answer: Answer
) -> None:
    serve(empty_plex, "GET /library/metadata/1", answer.root)
    for element in gateway.details([1]):
        kind = KINDS.get(element.get("type", ""))
        if kind is not None:
            check_promises(element, kind)


@pytest.mark.parametrize("answer", [answer for answer in excerpts() if answer not in DIRECT], ids=named)
def test_items_when_recorded_deeper_have_the_promised_values(answer: Answer) -> None:
    for element in items(answer.root):
        check_promises(element, KINDS[element.attrib["type"]])


def check_promises(element: Element, kind: Kind) -> None:
    item, row, *_ = extract(element, kind, 7)
    assert isinstance(item, ItemRow)
    assert (item.kind, item.sectionKey, item.title) == (int(kind), 7, element.get("title", ""))
    assert {name: getattr(row, name) for name in promised(element, kind)} == promised(element, kind)


def rows_of(source: str, kind: Kind) -> list[Row]:
    (answer,) = [each for each in excerpts() if source in each.source and items(each.root)]
    return extract(items(answer.root)[0], kind, 7)


def one(rows: list[Row], wanted: type[R]) -> R:
    (row,) = [row for row in rows if isinstance(row, wanted)]
    return row


def test_movie_when_recorded_over_the_wire_has_slug_and_preview_pictures() -> None:
    rows = rows_of("TestGetBundleMetadata", Kind.MOVIE)
    assert one(rows, ItemRow).slug == "test-movie-g-boaf"
    assert one(rows, FileRow).indexes == "sd"


def test_show_when_recorded_in_detail_has_slug_and_theme() -> None:
    rows = rows_of("get-media-meta-data__1", Kind.SHOW)
    assert one(rows, ItemRow).slug == "better-call-saul"
    assert one(rows, ShowRow).theme == "/library/metadata/44288/theme/1736487993"


def test_episode_when_recorded_knows_its_season() -> None:
    episode = one(rows_of("sectionId_allLeaves", Kind.EPISODE), EpisodeRow)
    assert (episode.seasonNumber, episode.episodeNumber) == (4, 8)


def test_track_when_recorded_in_detail_has_loudness_lyrics_and_listeners() -> None:
    rows = rows_of("metadata_157786", Kind.TRACK)
    track = one(rows, TrackRow)
    assert (track.ratingCount, track.musicAnalysisVersion, track.discNumber) == (1549072, 1, 1)
    streams = [row for row in rows if isinstance(row, StreamRow)]
    assert [(row.type, row.codec, row.loudness, row.loudnessRange, row.key) for row in streams] == [
        ("audio", "mp3", -12.23, 6.73, None),
        ("lyrics", "lrc", None, None, "/library/streams/564240"),
    ]


def test_movie_when_recorded_in_detail_tells_identifiers_and_quality() -> None:
    movie = one(rows_of("metadata_159637", Kind.MOVIE), MovieRow)
    assert (movie.imdb, movie.tmdb, movie.tvdb) == ("tt9114286", 505642, 31110)
    assert (movie.hdr, movie.bitDepth, movie.audioChannels, movie.atmos) == ("HDR10", 10, 6, 1)
    plain = one(rows_of("metadata_1036", Kind.MOVIE), MovieRow)
    assert (plain.hdr, plain.bitDepth, plain.audioChannels, plain.atmos) == (None, 8, 2, 0)


def test_music_and_show_when_recorded_in_detail_tell_identifiers() -> None:
    track = one(rows_of("metadata_157786", Kind.TRACK), TrackRow)
    assert (track.musicbrainz, track.audioChannels) == ("5bc23f28-1b3a-33c7-ac1a-5d78c63cd8d1", 2)
    show = one(rows_of("get-media-meta-data__1", Kind.SHOW), ShowRow)
    assert (show.imdb, show.tmdb, show.tvdb) == ("tt3032476", 60059, 273181)


def test_streams_when_recorded_tell_rate_and_colour() -> None:
    movie = [row for row in rows_of("metadata_1036", Kind.MOVIE) if isinstance(row, StreamRow)]
    assert [(row.type, row.chromaSubsampling, row.key) for row in movie] == [
        ("video", "4:2:0", None),
        ("audio", None, None),
        ("subtitle", None, "/library/streams/566408"),
    ]
    music = [row for row in rows_of("music_mp3", Kind.TRACK) if isinstance(row, StreamRow)]
    assert [row.bitrateMode for row in music] == ["vbr"]


def test_kinds_when_recorded_are_all_there() -> None:
    found = [each.get("type", "") for answer in excerpts() for each in items(answer.root)]
    assert set(KINDS) <= set(found)
    assert len([kind for kind in found if kind in KINDS]) >= 50


@pytest.mark.parametrize("kind", LIBRARY_TABLES, ids=lambda kind: kind.name)
def test_columns_when_promised_are_all_compared(kind: Kind) -> None:
    filled = set(" ".join(FILLED).split())
    columns = set(PROMISED[LIBRARY_TABLES[kind].name].split()) - filled
    assert set(promised(Element("Video"), kind)) == columns


@pytest.mark.parametrize("answer", LISTS, ids=named)
def test_libraries_when_recorded_are_read_whole(
    empty_plex: SimProcess, gateway: PlexGateway, answer: Answer
) -> None:
    serve(empty_plex, "GET /library/sections", answer.root)
    assert gateway.sections() == tuple(map(section_of_element, libraries(answer.root)))


def section_of_element(element: Element) -> Section:
    def number(name: str) -> int:
        return int(element.get(name, "0"))

    return Section(
        key=number("key"),
        title=element.attrib["title"],
        type=element.attrib["type"],
        uuid=element.get("uuid", ""),
        agent=element.attrib["agent"],
        scanner=element.attrib["scanner"],
        language=element.attrib["language"],
        content_changed_at=number("contentChangedAt"),
        created_at=number("createdAt"),
        updated_at=number("updatedAt"),
        scanned_at=number("scannedAt"),
        locations=tuple(location.attrib["path"] for location in element.findall("Location")),
    )


def test_libraries_when_described_by_plex_have_type_and_folders(
    empty_plex: SimProcess, gateway: PlexGateway
) -> None:
    (answer,) = [each for each in LISTS if each.source.endswith("sections_all_200_basic.json")]
    serve(empty_plex, "GET /library/sections", answer.root)
    assert [(each.key, each.type, each.title, each.content_changed_at) for each in gateway.sections()] == [
        (1, "movie", "Movies", 1234),
        (2, "show", "TV Shows", 1235),
        (3, "artist", "Music", 1233),
    ]
    assert gateway.sections()[2].locations == (
        "O:\\fatboy\\Media\\Ripped\\Music",
        "O:\\fatboy\\Media\\My Music",
    )
