"""The Plex simulator driven by plexapi itself: what the client does must have the effect it expects, in the requests it sends."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.server import PlexServer

from tests.sim.process import SimProcess

COMMA = "B, C"
LIBRARY: dict[str, Any] = {
    "server": {"friendlyName": "Den"},
    "sections": [
        {
            "key": 3,
            "type": "movie",
            "title": "Films",
            "locations": ["/media/films"],
            "items": [
                {
                    "ratingKey": 77,
                    "title": "First",
                    "year": 2001,
                    "file": "/media/films/first.mkv",
                    "Genre": ["A", COMMA],
                    "Role": [{"tag": "Ann", "role": "Eve"}],
                    "originallyAvailableAt": "2001-02-03",
                },
                {
                    "ratingKey": 78,
                    "title": "Second",
                    "year": 2010,
                    "file": "/media/films/second.mkv",
                    "Role": ["Ann"],
                },
                {
                    "ratingKey": 79,
                    "title": "Élan, vital",
                    "year": 2020,
                    "files": ["/media/a.mkv", "/media/b.mkv"],
                },
            ],
        },
        {
            "key": 4,
            "type": "show",
            "title": "Series",
            "locations": ["/media/series"],
            "items": [
                {
                    "title": "Saga",
                    "Location": [{"path": "/media/series/Saga"}],
                    "children": [
                        {
                            "children": [
                                {"title": "One", "file": "/media/series/Saga/1.mkv"},
                                {"title": "Two"},
                            ]
                        },
                        {"children": [{"title": "Three"}]},
                    ],
                }
            ],
        },
        {
            "key": 5,
            "type": "artist",
            "title": "Music",
            "items": [
                {"title": "Band", "children": [{"title": "Disc", "children": [{"file": "/m/01 Song.mp3"}]}]}
            ],
        },
    ],
}


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[SimProcess]:
    file = tmp_path / "library.json"
    file.write_text(json.dumps(LIBRARY), encoding="utf-8")
    with SimProcess("tests.sim.plex", "--token", "T", "--library", str(file)) as process:
        yield process


@pytest.fixture
def plex(sim: SimProcess) -> Any:
    return PlexServer(sim.url, "T")


@pytest.fixture
def films(plex: Any) -> Any:
    return plex.library.section("Films")


def tags(found: list[Any]) -> list[str]:
    return [each.tag for each in found]


def test_connecting_reads_the_server_and_its_sections(sim: SimProcess, plex: Any) -> None:
    assert (plex.friendlyName, plex.version[:5]) == ("Den", "1.43.")
    assert [(each.key, each.type, each.title) for each in plex.library.sections()] == [
        (3, "movie", "Films"),
        (4, "show", "Series"),
        (5, "artist", "Music"),
    ]
    assert [entry["target"] for entry in sim.log()] == ["/", "/library", "/library/sections"]


def test_wrong_token_is_unauthorized(sim: SimProcess) -> None:
    with pytest.raises(Unauthorized):
        PlexServer(sim.url, "wrong")


def test_batch_edit_is_one_request_and_locks_what_it_sets(sim: SimProcess, films: Any) -> None:
    film = films.get("First")
    film.reload()
    sim.clear_log()
    film.batchEdits().editTitle('N & é, "x"').editSummary("S\nT").editStudio("St").editTagline(
        "t"
    ).editContentRating("R").editOriginallyAvailable("2024-01-02").editSortTitle("s").editUserRating(
        8
    ).addLabel("label").saveEdits()
    assert [entry["method"] for entry in sim.log()] == ["PUT"]
    film.reload()
    assert (film.title, film.summary, film.studio, film.tagline) == ('N & é, "x"', "S\nT", "St", "t")
    assert (film.contentRating, film.titleSort, film.userRating) == ("R", "s", 8)
    assert film.originallyAvailableAt.strftime("%Y-%m-%d") == "2024-01-02"
    assert tags(film.labels) == ["Label"]
    names = {"title", "summary", "studio", "tagline", "contentRating", "titleSort", "userRating", "label"}
    assert {each.name for each in film.fields if each.locked} == names | {"originallyAvailableAt"}


def test_unlocked_edit_leaves_no_lock(films: Any) -> None:
    film = films.get("First")
    film.editTitle("Renamed").reload()
    assert [each.name for each in film.fields] == ["title"]
    film.editTitle("First", locked=False).reload()
    assert (film.title, film.fields) == ("First", [])


def test_cleared_field_is_gone(films: Any) -> None:
    film = films.get("First")
    film.editStudio("St").reload()
    film.editStudio(None).reload()
    assert film.studio is None


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_tags_are_added_and_removed_when_a_name_has_a_comma(sim: SimProcess, films: Any, mode: str) -> None:
    sim.control("set", {"tag_mode": mode})
    film = films.get("First")
    film.addGenre(["X", "D, E"]).reload()
    assert tags(film.genres) == ["A", COMMA, "X", "D, E"]
    film.removeGenre(["A", COMMA]).reload()
    assert tags(film.genres) == ["X", "D, E"]


def test_tag_list_alone_appends_or_replaces_by_mode(sim: SimProcess, films: Any) -> None:
    film = films.get("First")
    film.edit(**{"genre[0].tag.tag": "New"}).reload()
    assert sorted(tags(film.genres)) == sorted(["New", "A", COMMA])
    sim.control("set", {"tag_mode": "replace"})
    film.edit(**{"genre[0].tag.tag": "Only"}).reload()
    assert tags(film.genres) == ["Only"]


def test_actors_have_roles_and_share_their_picture(films: Any) -> None:
    film = films.get("First")
    film.edit(
        **{
            "actor.locked": 1,
            "actor[0].tag.tag": "Jane",
            "actor[0].tagging.text": "Role, main",
            "actor[0].tag.thumb": "http://127.0.0.1/jane.jpg",
            "actor[1].tag.tag": "Ann",
            "actor[1].tag.thumb": "http://127.0.0.1/ann.jpg",
        }
    ).reload()
    assert [(each.tag, each.role) for each in film.roles] == [("Jane", "Role, main"), ("Ann", "Eve")]
    other = films.get("Second").reload().roles[0]
    assert (other.tag, other.role, other.thumb) == ("Ann", None, "http://127.0.0.1/ann.jpg")
    assert other.id == film.roles[1].id


def test_refresh_keeps_locked_fields_and_rewrites_the_others(films: Any) -> None:
    film = films.get("First")
    film.editTitle("Mine").editSummary("not kept", locked=False).addGenre("Extra", locked=False)
    film.reload()
    assert (film.title, film.summary) == ("Mine", "not kept")
    film.refresh()
    film.reload()
    assert (film.title, film.summary, tags(film.genres)) == ("Mine", "", ["A", COMMA])


def test_multi_edit_is_one_request_for_all_items(sim: SimProcess, films: Any) -> None:
    chosen = [films.get("First"), films.get("Second")]
    sim.clear_log()
    films.batchMultiEdits(chosen).editStudio("Both").addLabel("seen").saveMultiEdits()
    puts = sim.log("PUT")
    assert len(puts) == 1
    assert "id=77%2C78" in puts[0]["target"]
    assert [each.studio for each in films.all()] == [None, "Both", "Both"]


def test_lock_all_reaches_the_whole_section(films: Any) -> None:
    films.lockAllField("title")
    assert all([each.name for each in film.reload().fields] == ["title"] for film in films.all())
    films.unlockAllField("title")
    assert all(film.reload().fields == [] for film in films.all())


def test_fetch_items_reads_many_details_at_once(sim: SimProcess, plex: Any) -> None:
    sim.clear_log()
    found = plex.fetchItems([79, 77, 4711])
    assert [each.ratingKey for each in found] == [79, 77]
    assert [len(each.media) for each in found] == [2, 1]
    assert found[1].media[0].parts[0].streams
    assert len(sim.log()) == 1
    with pytest.raises(NotFound):
        plex.fetchItems([4711, 4712])


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"title": "sec"}, ["Second"]),
        ({"title==": "first"}, ["First"]),
        ({"title!": "c"}, ["Élan, vital", "First"]),
        ({"title<": "se"}, ["Second"]),
        ({"title>": "nd"}, ["Second"]),
        ({"year": 2001}, ["First"]),
        ({"year": [2001, 2010]}, ["First", "Second"]),
        ({"year>>": 2001}, ["Élan, vital", "Second"]),
        ({"genre": COMMA}, ["First"]),
        ({"genre!": "A"}, ["Élan, vital", "Second"]),
        ({"actor": "Ann"}, ["First", "Second"]),
        ({"addedAt>>": "2023-01-01"}, ["Élan, vital", "First", "Second"]),
        ({"addedAt>>": "1d"}, []),
        ({"duplicate": True}, ["Élan, vital"]),
        ({"unwatched": True, "year<<": 2005}, ["First"]),
        ({"or": [{"title": "first"}, {"and": [{"year>>": 2005}, {"actor": "Ann"}]}]}, ["First", "Second"]),
        ({"id": 78}, ["Second"]),
    ],
)
def test_search_finds_what_the_filter_says(films: Any, filters: dict[str, Any], titles: list[str]) -> None:
    assert [each.title for each in films.search(filters=filters)] == titles


def test_search_sorts_and_limits(films: Any) -> None:
    assert [each.year for each in films.search(sort="year:desc")] == [2020, 2010, 2001]
    assert [each.year for each in films.search(sort="titleSort", limit=2)] == [2020, 2001]
    assert films.totalViewSize() == 3


def test_all_is_read_in_pages(sim: SimProcess, films: Any) -> None:
    sim.clear_log()
    assert len(films.search(container_size=2)) == 3
    assert [entry["method"] for entry in sim.log("GET /library/sections/3/all")] == ["GET", "GET"]


def test_choices_lead_to_their_items(films: Any) -> None:
    choice = next(each for each in films.listFilterChoices("genre") if each.title == COMMA)
    assert [each.title for each in choice.items()] == ["First"]


def test_rating_is_set_and_cleared(films: Any) -> None:
    film = films.get("First")
    film.rate(7.5)
    assert film.reload().userRating == 7.5
    assert film.fields == []
    film.rate(None)
    assert film.reload().userRating is None


def test_uploaded_poster_is_selected_under_its_sha1(tmp_path: Path, plex: Any, films: Any) -> None:
    film = films.get("First")
    before, image = film.thumb, tmp_path / "poster.jpg"
    image.write_bytes(plex._session.get(plex.url(films.get("Second").thumb, includeToken=True)).content)
    film.uploadPoster(filepath=str(image))
    selected = [each for each in film.posters() if each.selected]
    digest = hashlib.sha1(image.read_bytes()).hexdigest()
    assert [each.ratingKey for each in selected] == [f"upload://posters/{digest}"]
    film.reload()
    assert film.thumb != before
    assert plex._session.get(plex.url(film.thumb, includeToken=True)).content == image.read_bytes()
    film.setPoster(film.posters()[0])
    assert [each.selected for each in film.posters()] == [True, False]
    film.deletePoster()
    assert not any(each.selected for each in film.posters())
    assert film.reload().thumb is None


def test_poster_by_address_is_kept_under_it(films: Any) -> None:
    film = films.get("First")
    film.uploadPoster(url="http://127.0.0.1/p.jpg")
    assert [each.ratingKey for each in film.posters() if each.selected] == ["http://127.0.0.1/p.jpg"]


def test_poster_lock_is_a_field(films: Any) -> None:
    film = films.get("First")
    film.lockPoster().reload()
    assert [each.name for each in film.fields] == ["thumb"]
    film.unlockPoster().reload()
    assert film.fields == []


def test_transcoder_makes_jpeg_and_refuses_webp(sim: SimProcess, plex: Any, films: Any) -> None:
    address = plex.transcodeImage(films.get("First").thumb, height=60, width=60, imageFormat="jpeg")
    response = plex._session.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert plex._session.get(address.replace("format=jpeg", "format=webp")).status_code == 400
    assert not any("X-Plex-Token=T" in entry["target"] for entry in sim.log())


def test_series_are_walked_down_and_up(plex: Any) -> None:
    saga = plex.library.section("Series").get("Saga")
    assert [each.title for each in saga.seasons()] == ["Season 1", "Season 2"]
    assert [each.title for each in saga.episodes()] == ["One", "Two", "Three"]
    episode = saga.episode(season=1, episode=1)
    assert (episode.seasonEpisode, episode.grandparentTitle, episode.parentIndex) == ("s01e01", "Saga", 1)
    assert episode.show().ratingKey == saga.ratingKey
    assert saga.locations == ["/media/series/Saga"]
    assert [
        each.title for each in plex.library.section("Series").searchEpisodes(filters={"show.title": "saga"})
    ] == [
        "One",
        "Two",
        "Three",
    ]


def test_music_is_walked_down(plex: Any) -> None:
    band = plex.library.section("Music").get("Band")
    track = band.albums()[0].tracks()[0]
    assert (track.title, track.artist().title, track.album().title) == ("01 Song", "Band", "Disc")


def test_collections_follow_their_tag(films: Any) -> None:
    film = films.get("First")
    stamp = film.updatedAt
    film.addCollection("Best").reload()
    assert tags(film.collections) == ["Best"]
    assert [each.title for each in films.collections()] == ["Best"]
    assert [each.title for each in films.collection("Best").items()] == ["First"]
    assert film.updatedAt == stamp
    other = films.createCollection("Other", items=[films.get("Second")])
    with pytest.raises(BadRequest, match="conflict"):
        other.editTitle("Best")


def test_section_update_sends_the_folder(sim: SimProcess, films: Any) -> None:
    new = {"title": "Third", "file": "/media/films/A b/third.mkv"}
    sim.control("add_item", {"section": 3, "when_scanned": True, "item": new})
    films.update(path="/media/films/other")
    assert len(films.all()) == 3
    films.update(path="/media/films/A b")
    assert [each.title for each in films.search(title="Third")] == ["Third"]
    assert [entry["target"] for entry in sim.log("GET /library/sections/3/refresh")][1].endswith("A+b")
