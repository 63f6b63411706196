"""What a run stores of every item, read back from the file: streams, chapters, people, tags, pictures, what was watched."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.index_runs import TOKEN, World, movie_section, start_plex

BOB = {"tag": "Bob Gale", "id": 256, "tagKey": "5d77", "thumb": "https://example.test/bob.jpg"}
STREAMS: list[dict[str, Any]] = [
    {
        "id": 1,
        "streamType": 1,
        "codec": "hevc",
        "default": True,
        "bitDepth": 10,
        "colorTrc": "smpte2084",
        "colorPrimaries": "bt2020",
        "width": 3840,
        "height": 1600,
        "frameRate": 23.976,
        "DOVIPresent": True,
        "DOVIProfile": 8,
    },
    {"id": 2, "streamType": 2, "codec": "eac3", "selected": True, "languageCode": "deu", "channels": 6},
    {
        "id": 3,
        "streamType": 3,
        "codec": "srt",
        "languageTag": "pt-BR",
        "forced": True,
        "file": "/media/a.pt.srt",
    },
    {"id": 4, "streamType": 1, "codec": "hevc", "colorTrc": "arib-std-b67"},
]
RICH: dict[str, Any] = {
    "ratingKey": 401,
    "title": "Rich",
    "originalTitle": "Reich",
    "year": 1999,
    "Genre": [{"tag": "Drama", "id": 11}, {"tag": "Comedy", "id": 12}],
    "Collection": [{"tag": "Best of", "id": 13, "guid": "collection://1"}],
    "Label": ["Kids"],
    "Role": [BOB | {"id": 258, "role": "Himself"}, {"tag": "Ann", "role": "Eve"}],
    "Director": [BOB],
    "Rating": [{"image": "imdb://image.rating", "value": 7.5, "type": "audience"}],
    "Location": [{"path": "/media/rich"}],
    "Chapter": [
        {"id": 1, "index": 1, "tag": "Start", "startTimeOffset": 0, "endTimeOffset": 5000},
        {"id": 2, "index": 2, "startTimeOffset": 5000, "endTimeOffset": 9000, "thumb": "/library/media/1/chapterImages/2"},
    ],
    "Marker": [{"id": 9, "type": "credits", "startTimeOffset": 8000, "endTimeOffset": 9000, "final": True}],
    "Media": [
        {
            "id": 71,
            "duration": 9000,
            "videoCodec": "hevc",
            "videoResolution": "4k",
            "aspectRatio": 2.35,
            "optimizedForStreaming": 1,
            "Part": [{"id": 81, "file": "/media/rich/a.mkv", "size": 5000, "Stream": STREAMS}],
        },
        {"id": 72, "videoCodec": "h264", "Part": [{"id": 82, "file": "/media/rich/b.mkv", "size": 1000}]},
    ],
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "ratingKey": 402,
    "title": "Plain",
    "year": 1999,
    "Genre": [{"tag": "Drama", "id": 11}],
    "Writer": [{"tag": "Ann"}],
    "file": "/media/plain.mkv",
    "viewCount": 2,
    "lastViewedAt": 1_700_000_000,
}


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    return [movie_section(1, "Films", [RICH, PLAIN])]


def edit(world: World, key: int, **fields: object) -> None:
    world.plex.control("edit_item", {"ratingKey": key, "fields": fields})


def test_versions_and_files_when_indexed_are_all_there(world: World) -> None:
    world.index()
    versions = world.rows(
        "SELECT version, mediaId, videoCodec, videoResolution, aspectRatio, optimizedForStreaming FROM versions "
        "WHERE ratingKey = 401 ORDER BY version"
    )
    assert versions == [(0, 71, "hevc", "4k", 2.35, 1), (1, 72, "h264", None, None, None)]
    files = world.rows("SELECT version, partId, path, size FROM files WHERE ratingKey = 401 ORDER BY version")
    assert files == [(0, 81, "/media/rich/a.mkv", 5000), (1, 82, "/media/rich/b.mkv", 1000)]


def test_streams_when_indexed_tell_codec_language_and_hdr(world: World) -> None:
    world.index()
    found = world.rows(
        "SELECT type, codec, languageCode, languageTag, channels, isDefault, selected, forced, hdr, dolbyVisionProfile, path "
        "FROM streams WHERE ratingKey = 401 AND version = 0 ORDER BY position"
    )
    assert found == [
        ("video", "hevc", None, None, None, 1, 0, 0, "Dolby Vision", 8, None),
        ("audio", "eac3", "deu", None, 6, 0, 1, 0, None, None, None),
        ("subtitle", "srt", None, "pt-BR", None, 0, 0, 1, None, None, "/media/a.pt.srt"),
        ("video", "hevc", None, None, None, 0, 0, 0, "HLG", None, None),
    ]


def test_chapters_and_markers_when_indexed_have_their_times(world: World) -> None:
    world.index()
    assert world.rows("SELECT position, title, startsAt, endsAt, thumb FROM chapters ORDER BY position") == [
        (0, "Start", 0, 5000, None),
        (1, None, 5000, 9000, "/library/media/1/chapterImages/2"),
    ]
    assert world.rows("SELECT type, startsAt, endsAt, final FROM markers") == [("credits", 8000, 9000, 1)]
    details = [target for target in world.targets() if "/library/metadata/" in target]
    assert all("includeChapters=1&includeMarkers=1" in target for target in details)


def test_people_when_in_several_jobs_and_items_are_stored_once(world: World) -> None:
    world.index()
    assert world.rows("SELECT name, tagKey, thumb FROM people ORDER BY name") == [
        ("Ann", "", None),
        ("Bob Gale", "5d77", "https://example.test/bob.jpg"),
    ]
    assert world.rows(
        "SELECT ratingKey, job, position, role FROM credits WHERE name = 'Bob Gale' ORDER BY job"
    ) == [
        (401, "actor", 0, "Himself"),
        (401, "director", 0, None),
    ]
    assert world.value("SELECT count(DISTINCT personId) FROM item_people") == 2


def test_tags_when_shared_are_stored_once_and_counted(world: World) -> None:
    world.index()
    assert world.rows("SELECT name, items FROM genres ORDER BY name") == [("Comedy", 1), ("Drama", 2)]
    assert world.rows("SELECT name, items, guid FROM collections") == [("Best of", 1, "collection://1")]
    assert world.rows("SELECT name, items FROM labels") == [("Kids", 1)]
    assert world.rows("SELECT type, name, plexId FROM tag_names WHERE type = 'genre' ORDER BY plexId") == [
        ("genre", "Drama", 11),
        ("genre", "Comedy", 12),
    ]


def test_names_when_no_item_has_them_any_more_go(world: World) -> None:
    world.index()
    edit(world, 401, Genre=["Noir"], Role=[], Director=[], Collection=[])
    world.index()
    assert world.rows("SELECT name FROM people") == [("Ann",)]
    assert world.rows("SELECT type, name FROM tag_names ORDER BY type, name") == [
        ("genre", "Drama"),
        ("genre", "Noir"),
        ("label", "Kids"),
    ]
    assert world.rows("SELECT name FROM tags WHERE ratingKey = 402") == [("Drama",)]


def test_ratings_folders_and_artwork_when_indexed_are_there(world: World) -> None:
    world.index()
    assert world.rows("SELECT type, source, value FROM ratings") == [("audience", "imdb://image.rating", 7.5)]
    assert world.rows("SELECT path FROM folders") == [("/media/rich",)]
    shown = world.rows("SELECT type, url, stamp FROM artwork WHERE ratingKey = 401 ORDER BY type DESC")
    assert [row[0] for row in shown] == ["thumb", "art"]
    assert all(url.endswith(f"/{stamp}") for _, url, stamp in shown)


def test_library_when_indexed_tells_agent_scanner_and_folders(world: World) -> None:
    world.index()
    (row,) = world.rows("SELECT agent, scanner, language, createdAt FROM sections")
    assert row[:2] == ("tv.plex.agents.movie", "Plex Movie")
    assert world.rows("SELECT sectionKey, position, path FROM section_folders") == [(1, 0, "/media/1")]


def mark(world: World, path: str, key: int) -> None:
    target = f"{world.plex.url}/:/{path}?key={key}&identifier=com.plexapp.plugins.library"
    urlopen(Request(target, headers={"X-Plex-Token": TOKEN})).close()


def test_watching_when_nothing_else_changed_is_stored_without_reading_details(world: World) -> None:
    world.index()
    state = "SELECT ratingKey, viewCount FROM watch_states ORDER BY ratingKey"
    assert world.rows(state) == [(402, 2)]
    assert world.value("SELECT lastViewedAt FROM watch_states") == "2023-11-14T22:13:20Z"
    mark(world, "scrobble", 401)
    mark(world, "scrobble", 402)
    world.plex.clear_log()
    verdict = world.index(full_sweep=True)
    assert (world.details(), verdict.total.changed) == ([], 0)
    assert world.rows(state) == [(401, 1), (402, 3)]
    mark(world, "unscrobble", 402)
    world.index(full_sweep=True)
    assert world.rows(state) == [(401, 1)]


def test_runs_when_recorded_tell_what_each_did_in_each_library(world: World) -> None:
    world.index()
    edit(world, 401, summary="changed")
    world.plex.control("remove_item", {"ratingKey": 402})
    world.index(full_sweep=True)
    assert world.rows(
        "SELECT runId, sectionKey, tableName, seen, added, changed, lost, missing FROM run_counts ORDER BY runId"
    ) == [(1, 1, "movies", 2, 2, 0, 0, 0), (2, 1, "movies", 1, 0, 1, 1, 0)]


def test_item_when_deleted_by_hand_leaves_nothing_behind(world: World) -> None:
    world.index()
    connection = sqlite3.connect(world.db)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("DELETE FROM movies WHERE ratingKey = 401")
    connection.commit()
    tables = (
        "versions",
        "files",
        "streams",
        "chapters",
        "markers",
        "ratings",
        "item_people",
        "item_tags",
        "guids",
        "folders",
    )
    left = {
        name: connection.execute(f"SELECT count(*) FROM {name} WHERE ratingKey = 401").fetchone()[0]
        for name in tables
    }
    connection.close()
    assert set(left.values()) == {0}
    world.index(full_sweep=True)
    assert world.value("SELECT count(*) FROM streams WHERE ratingKey = 401 AND version = 0") == 4


def test_tag_when_its_name_holds_a_comma_stays_one(tmp_path: Path) -> None:
    genres = ["Sci-Fi, Fantasy", "Sci-Fi", "Fantasy"]
    with start_plex(
        tmp_path, [movie_section(1, "M", [{"ratingKey": 1, "title": "F", "Genre": genres}])]
    ) as plex:
        world = World(plex, tmp_path)
        world.index()
        assert [name for (name,) in world.rows("SELECT name FROM tags ORDER BY position")] == genres
        assert world.rows("SELECT name, items FROM genres ORDER BY name") == [
            (name, 1) for name in sorted(genres)
        ]
