"""Recorded items of real servers become complete rows."""

from typing import TypeVar
from xml.etree.ElementTree import Element, SubElement

from indexer.rows.extract import extract
from indexer.rows.rows import (
    AlbumRow,
    ArtistRow,
    CreditRow,
    EpisodeRow,
    FileRow,
    GuidRow,
    ItemRow,
    LockRow,
    MovieRow,
    Row,
    SeasonRow,
    ShowRow,
    TagRow,
    TrackRow,
)
from plexsync_plugin.core.model import Kind
from tests.unit.index_items import recorded, recorded_listing

R = TypeVar("R", bound=Row)


def of(rows: list[Row], kind: type[R]) -> list[R]:
    return [row for row in rows if isinstance(row, kind)]


def one(rows: list[Row], kind: type[R]) -> R:
    (row,) = of(rows, kind)
    return row


def test_movie_when_recorded_in_detail_gives_every_column() -> None:
    movie = one(extract(recorded("movie_detail"), Kind.MOVIE, 1), MovieRow)
    assert movie == MovieRow(
        ratingKey=108,
        title="Interstate 60",
        originalTitle=None,
        year=2002,
        duration=5062,
        durationHuman="5 s",
        sizeBytes=13400382,
        sizeHuman="13.4 MB",
        audioCodec="aac",
        videoCodec="h264",
        videoResolution="720",
        container="mkv",
        genres="Adventure, Comedy, Drama, Fantasy",
        studio="Fireworks Pictures",
        writers="Bob Gale",
        directors="Bob Gale",
        producers="Bob Gale, Neil Canton, Ira Deutchman, Peter Newman, Peter Bray",
        actors=movie.actors,
        summary="An aspiring painter meets various characters and learns valu",
        tagline="It began as a wish, became an adventure, and ended as the ultimate road trip.",
        contentRating="R",
        originallyAvailableAt="2002-04-13",
        rating=7.7,
        audienceRating=None,
        mediaHash=movie.mediaHash,
        imdb=None,
        tmdb=None,
        tvdb=None,
        hdr=None,
        dolbyVisionProfile=None,
        bitDepth=8,
        audioChannels=1,
        atmos=0,
    )
    assert movie.actors is not None
    assert movie.actors.startswith("James Marsden as Neal Oliver, ")
    assert len(movie.mediaHash) == 64


def test_item_when_recorded_names_library_guid_and_times() -> None:
    item = one(extract(recorded("movie_detail"), Kind.MOVIE, 1), ItemRow)
    assert (item.kind, item.sectionKey, item.parentKey) == (1, 1, None)
    assert item.guid == "com.plexapp.agents.imdb://tt0165832?lang=en"
    assert (item.addedAt, item.updatedAt) == ("2020-01-20T09:57:48Z", "2022-09-18T14:18:59Z")
    assert item.thumb == "/library/metadata/108/thumb/1663510739"


def test_file_when_recorded_has_full_path_and_name() -> None:
    file = one(extract(recorded("movie_detail"), Kind.MOVIE, 1), FileRow)
    assert file.path == "/data/Movies/Interstate 60 (2002).mkv"
    assert file.name == "Interstate 60 (2002).mkv"
    assert (file.kind, file.sectionKey, file.mediaId, file.partId) == (1, 1, 96, 96)
    assert (file.size, file.duration, file.container, file.width) == (13400382, 5062, "mkv", 1280)


def test_credits_when_recorded_keep_order_role_and_number() -> None:
    credits = of(extract(recorded("movie_detail"), Kind.MOVIE, 1), CreditRow)
    actors = [row for row in credits if row.job == "actor"]
    assert [row.position for row in actors] == [0, 1, 2, 3, 4]
    assert (actors[0].name, actors[0].role, actors[0].tagId) == ("James Marsden", "Neal Oliver", 258)
    assert [row.name for row in credits if row.job == "producer"][-1] == "Peter Bray"


def test_listing_when_recorded_over_the_wire_can_be_read() -> None:
    (video,) = recorded_listing().iterfind("Video")
    rows = extract(video, Kind.MOVIE, 1)
    movie = one(rows, MovieRow)
    assert (movie.title, movie.year, movie.summary) == ("Test Movie: G-BOAF", 2025, None)
    assert movie.actors == "Sushma H, Steven Morrison, James P Savage"
    assert one(rows, ItemRow).updatedAt is None
    assert [(row.type, row.name) for row in of(rows, TagRow)] == [
        ("genre", "Action"),
        ("country", "United Kingdom"),
    ]


def test_show_when_recorded_in_detail_keeps_all_people_and_guids() -> None:
    rows = extract(recorded("show_detail"), Kind.SHOW, 2)
    show = one(rows, ShowRow)
    assert show.title == "Better Call Saul"
    assert show.actors == (
        "Bob Odenkirk as Jimmy McGill, Jonathan Banks as Mike Ehrmantraut, "
        "Rhea Seehorn as Kim Wexler, Patrick Fabian as Howard Hamlin"
    )
    assert (show.genres, show.studio, show.audienceRating) == (
        "Crime, Drama",
        "Sony Pictures Television",
        8.7,
    )
    assert (show.addedAt, show.updatedAt) == ("2021-07-05T17:11:41Z", "2025-01-10T05:46:33Z")
    assert [row.guid for row in of(rows, GuidRow)] == ["imdb://tt3032476", "tmdb://60059", "tvdb://273181"]


def test_season_when_recorded_points_to_its_show() -> None:
    season = one(extract(recorded("season_listing"), Kind.SEASON, 2), SeasonRow)
    assert season == SeasonRow(
        seasonRatingKey=89,
        showRatingKey=22,
        seasonNumber=1,
        title="Season 1",
        summary=None,
        imdb=None,
        tmdb=None,
        tvdb=None,
    )


def test_episode_when_recorded_points_to_season_and_show() -> None:
    rows = extract(recorded("episode_detail"), Kind.EPISODE, 2)
    episode = one(rows, EpisodeRow)
    assert (episode.ratingKey, episode.seasonRatingKey, episode.showRatingKey) == (48049, 48047, 45520)
    assert (episode.episodeNumber, episode.title, episode.year) == (1, "Episode 1", 2020)
    assert (episode.videoResolution, episode.audioCodec, episode.container) == ("1080", "eac3", "mkv")
    assert (episode.duration, episode.durationHuman) == (2915744, "49 min")
    assert one(rows, FileRow).kind == 4


def test_music_when_recorded_points_upwards() -> None:
    artist = one(extract(recorded("artist_listing"), Kind.ARTIST, 5), ArtistRow)
    album = one(extract(recorded("album_listing"), Kind.ALBUM, 5), AlbumRow)
    track = one(extract(recorded("track_listing"), Kind.TRACK, 5), TrackRow)
    assert (artist.ratingKey, artist.artistName, artist.genres) == (156, "Skrillex", "Dubstep, Electronic")
    assert (album.ratingKey, album.artistRatingKey, album.title, album.year) == (157, 156, "Try It Out", 2013)
    assert (track.albumRatingKey, track.artistRatingKey, track.trackNumber) == (157, 156, 1)
    assert (track.sizeBytes, track.sizeHuman, track.container) == (100262, "100.3 kB", "aac")


def movie_of_versions() -> Element:
    movie = Element("Video", ratingKey="7", title="M", duration="99")
    for codec, sizes in (("hevc", ("1000", "2000")), ("h264", ("4000",))):
        media = SubElement(movie, "Media", id="1", videoCodec=codec, duration="60000", container="mkv")
        for size in sizes:
            SubElement(media, "Part", id=size, size=size, file=f"/m/{size}.mkv")
    return movie


def test_size_when_there_are_several_versions_and_files_is_of_all() -> None:
    rows = extract(movie_of_versions(), Kind.MOVIE, 1)
    movie = one(rows, MovieRow)
    assert (movie.sizeBytes, movie.videoCodec, movie.duration) == (7000, "hevc", 60000)
    places = [(row.version, row.part, row.size, row.videoCodec) for row in of(rows, FileRow)]
    assert places == [(0, 0, 1000, "hevc"), (0, 1, 2000, "hevc"), (1, 0, 4000, "h264")]


def test_movie_when_it_has_no_media_is_kept_with_nulls() -> None:
    rows = extract(Element("Video", ratingKey="7", title="Gone", duration="60000"), Kind.MOVIE, 1)
    movie = one(rows, MovieRow)
    assert (movie.sizeBytes, movie.sizeHuman, movie.videoCodec, movie.duration) == (None, None, None, 60000)
    assert of(rows, FileRow) == []


def test_names_when_they_hold_commas_stay_apart_in_the_credits() -> None:
    movie = Element("Video", ratingKey="7", title="M")
    SubElement(movie, "Role", {"tag": "Robert Downey, Jr.", "role": "Self as Other"})
    rows = extract(movie, Kind.MOVIE, 1)
    assert one(rows, MovieRow).actors == "Robert Downey, Jr. as Self as Other"
    credit = one(rows, CreditRow)
    assert (credit.name, credit.role) == ("Robert Downey, Jr.", "Self as Other")


def test_locks_when_given_are_kept_and_unlocked_left_out() -> None:
    movie = Element("Video", ratingKey="7", title="M")
    SubElement(movie, "Field", name="title", locked="1")
    SubElement(movie, "Field", name="summary", locked="0")
    assert one(extract(movie, Kind.MOVIE, 1), LockRow).field == "title"
