"""The Plex simulator's rules over plain HTTP: access, paging, the query language, edits, modes, what controls do.

The rules come from facts about real servers that no recording covers; each test names one.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sim.process import SimProcess

LIBRARY: dict[str, Any] = {
    "sections": [
        {
            "key": 1,
            "type": "movie",
            "title": "Films",
            "locations": ["/media/films"],
            "items": [
                {
                    "ratingKey": number,
                    "title": f"Film {number}",
                    "year": 2000 + number,
                    "file": f"/media/films/Film {number}, part.mkv",
                    "Genre": ["One", "Two", "Three"],
                }
                for number in range(1, 6)
            ],
        },
        {"key": 2, "type": "show", "title": "Series", "items": [{"ratingKey": 50, "title": "Saga"}]},
        {
            "key": 3,
            "type": "artist",
            "title": "Music",
            "items": [
                {
                    "ratingKey": 60,
                    "title": "Band",
                    "children": [
                        {
                            "ratingKey": 61,
                            "title": "Disc",
                            "children": [{"ratingKey": 62, "title": "Song", "file": "/m/s.mp3"}],
                        }
                    ],
                },
                {"ratingKey": 70, "title": "Group", "children": [{"ratingKey": 71, "title": "Other"}]},
            ],
        },
    ]
}


class Client:
    """Plain requests to one simulator with the owner's token."""

    def __init__(self, sim: SimProcess) -> None:
        self.sim = sim
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["X-Plex-Token"] = "T"

    def send(self, method: str, target: str, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.request(method, self.sim.url + target, headers=named, timeout=10)

    def listing(self, target: str, **headers: str) -> dict[str, Any]:
        response = self.send("GET", target, Accept="application/json", **headers)
        assert response.status_code == 200
        container: dict[str, Any] = response.json()["MediaContainer"]
        return container

    def titles(self, query: str) -> list[str]:
        return [each["title"] for each in self.listing(f"/library/sections/1/all?type=1&{query}")["Metadata"]]

    def item(self, key: int) -> dict[str, Any]:
        found: dict[str, Any] = self.sim.control("item", {"ratingKey": key})
        return found

    def content_counter(self) -> int:
        return int(self.sim.control("sections")[0]["contentChangedAt"])


@pytest.fixture
def plex(tmp_path: Path) -> Iterator[Client]:
    file = tmp_path / "library.json"
    file.write_text(json.dumps(LIBRARY), encoding="utf-8")
    with SimProcess("tests.sim.plex", "--token", "T", "--library", str(file)) as sim:
        client = Client(sim)
        yield client
        client.session.close()


def genres(item: dict[str, Any]) -> list[str]:
    return [each["tag"] for each in item.get("Genre", [])]


def test_access_without_token_is_refused_but_identity_answers(plex: Client) -> None:
    del plex.session.headers["X-Plex-Token"]
    response = plex.send("GET", "/library/sections", Accept="application/json")
    assert (response.status_code, len(response.content)) == (401, 91)
    identity = plex.listing("/identity")
    assert set(identity) == {"size", "claimed", "machineIdentifier", "version"}


def test_token_in_query_is_accepted_and_never_logged(plex: Client) -> None:
    del plex.session.headers["X-Plex-Token"]
    assert plex.send("GET", "/library?X-Plex-Token=T&a=1").status_code == 200
    assert [entry["target"] for entry in plex.sim.log()] == ["/library?X-Plex-Token=&a=1"]


def test_shared_token_reads_but_does_not_change(plex: Client) -> None:
    plex.sim.control("set", {"shared_token": "S"})
    assert plex.send("GET", "/library/metadata/1", X_Plex_Token="S").status_code == 200
    edit = "/library/sections/1/all?type=1&id=1&title.value=x"
    assert plex.send("PUT", edit, X_Plex_Token="S").status_code == 403
    assert plex.item(1)["title"] == "Film 1"


def test_maintenance_is_xml_and_leaves_identity(plex: Client) -> None:
    plex.sim.control("set", {"maintenance": True})
    response = plex.send("GET", "/library/sections", Accept="application/json")
    assert response.status_code == 503
    assert ET.fromstring(response.text).attrib["title"] == "Maintenance"
    assert plex.send("GET", "/identity").status_code == 200
    plex.sim.control("set", {"starting": True})
    assert plex.send("GET", "/identity").status_code == 503


@pytest.mark.parametrize("limit", [8192, 16384])
def test_longer_target_than_the_limit_is_bad_request(plex: Client, limit: int) -> None:
    plex.sim.control("set", {"url_limit": limit})
    start = "/library/sections/1/all?type=1&id=1&summary.value="
    assert plex.send("PUT", start + "s" * (limit - len(start))).status_code == 200
    assert len(plex.item(1)["summary"]) == limit - len(start)
    assert plex.send("PUT", start + "t" * (limit - len(start) + 1)).status_code == 400
    assert plex.item(1)["summary"].startswith("s")


def test_page_is_asked_for_by_header_or_parameter(plex: Client) -> None:
    by_header = plex.listing(
        "/library/sections/1/all?type=1", X_Plex_Container_Start="1", X_Plex_Container_Size="2"
    )
    by_parameter = plex.listing(
        "/library/sections/1/all?type=1&X-Plex-Container-Start=1&X-Plex-Container-Size=2"
    )
    assert by_header == by_parameter
    assert (by_header["size"], by_header["totalSize"], by_header["offset"]) == (2, 5, 1)
    assert [each["title"] for each in by_header["Metadata"]] == ["Film 2", "Film 3"]
    unpaged = plex.listing("/library/sections/1/all?type=1")
    assert (unpaged["size"], "totalSize" in unpaged, "offset" in unpaged) == (5, False, False)


def test_size_zero_and_head_give_the_total(plex: Client) -> None:
    empty = plex.listing("/library/sections/1/all?type=1&X-Plex-Container-Size=0")
    assert (empty["size"], empty["totalSize"], empty["Metadata"]) == (0, 5, [])
    head = plex.send("HEAD", "/library/sections/1/all?type=1&X-Plex-Container-Size=0")
    assert (head.headers["X-Plex-Container-Total-Size"], head.content) == ("5", b"")


def test_listing_without_size_is_refused_in_strict_mode(plex: Client) -> None:
    plex.sim.control("set", {"strict_paging": True, "page_cap": 3})
    assert plex.send("GET", "/library/sections/1/all?type=1").status_code == 400
    assert plex.listing("/library/sections/1/all?type=1&X-Plex-Container-Size=100")["size"] == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unknown=5", 5),
        ("Year=2001", 5),
        ("year=2001", 1),
        ("year%3E%3E=2003", 2),
        ("year>>=2003", 2),
        ("year%3E%3E%3D2003", 5),
        ("year>=2003", 3),
        ("year!=2003", 4),
        ("year=2001%2C2002", 2),
        ("year=2001,2002", 2),
        ("title=film+1", 1),
        ("title==film+1", 1),
        ("title==film", 0),
        ("title%3D=Film+2", 1),
        ("title!==film+1", 4),
        ("genre=two", 5),
        ("genre!=two", 0),
        ("file=FILM+2,+PART", 1),
        ("file=film", 5),
        ("file=nothing-of-that-name", 0),
        ("id=2,3,99", 2),
        ("push=1&year=2001&or=1&year=2002&pop=1&title=1", 1),
        ("push=1&year=2001&or=1&year=2002&pop=1", 2),
        ("addedAt>>=-3d", 0),
        ("addedAt<<=-3d", 5),
        ("limit=2", 2),
    ],
)
def test_condition_selects_as_the_query_language_says(plex: Client, query: str, found: int) -> None:
    assert len(plex.titles(query)) == found


def test_operator_without_equals_sign_is_bad_request(plex: Client) -> None:
    assert plex.send("GET", "/library/sections/1/all?type=1&!year").status_code == 400


def test_file_filter_without_type_is_a_server_error(plex: Client) -> None:
    assert plex.send("GET", "/library/sections/1/all?file=Film").status_code == 500


def test_sections_that_do_not_exist_are_told_apart(plex: Client) -> None:
    assert plex.send("GET", "/library/sections/9/all?type=1").status_code == 404
    assert plex.send("GET", "/library/sections/None/all?type=1").status_code == 500


@pytest.mark.parametrize("name", ["genre[0].tag.tag", "genre%5B0%5D.tag.tag"])
def test_edit_takes_raw_and_encoded_brackets(plex: Client, name: str) -> None:
    response = plex.send("PUT", f"/library/sections/1/all?type=1&id=1&{name}=New")
    assert (response.status_code, response.content, response.headers["Content-Type"]) == (
        200,
        b"",
        "text/html",
    )
    assert "New" in genres(plex.item(1))
    assert plex.item(1)["locked"] == ["genre"]


@pytest.mark.parametrize("ids", ["1,2", "1%2C2"])
def test_edit_reaches_every_id_of_the_list_and_no_other(plex: Client, ids: str) -> None:
    plex.send("PUT", f"/library/sections/1/all?type=1&id={ids}&studio.value=S")
    assert [plex.item(number).get("studio") for number in (1, 2, 3)] == ["S", "S", None]


def test_edit_without_id_rewrites_the_whole_section(plex: Client) -> None:
    plex.send("PUT", "/library/sections/1/all?type=1&studio.value=S")
    assert [plex.item(number)["studio"] for number in range(1, 6)] == ["S"] * 5
    plex.send("PUT", "/library/sections/1/all?type=1&year=2002&studio.value=Filtered")
    assert [plex.item(number)["studio"] for number in (1, 2)] == ["S", "Filtered"]


def test_edit_of_another_type_or_section_changes_nothing(plex: Client) -> None:
    assert plex.send("PUT", "/library/sections/1/all?type=1&id=50&title.value=x").status_code == 404
    assert plex.send("PUT", "/library/sections/2/all?type=4&id=50&title.value=x").status_code == 404
    assert plex.item(50)["title"] == "Saga"


@pytest.mark.parametrize("status", [200, 404])
def test_edit_of_missing_id_answers_as_set(plex: Client, status: int) -> None:
    plex.sim.control("set", {"missing_id_status": status})
    assert plex.send("PUT", "/library/sections/1/all?type=1&id=999&title.value=x").status_code == status
    assert plex.send("PUT", "/library/metadata/999?title.value=x").status_code == status


def test_edit_of_item_path_needs_no_type(plex: Client) -> None:
    assert plex.send(
        "PUT", "/library/metadata/1?title.value=New&actor[0].tag.tag=Ann&actor[0].tagging.text=Eve"
    ).ok
    item = plex.item(1)
    assert (item["title"], item["Role"][0]["tag"], item["Role"][0]["role"]) == ("New", "Ann", "Eve")
    assert item["locked"] == ["title", "actor"]


def test_removal_decodes_names_twice_and_clearing_takes_all(plex: Client) -> None:
    plex.send("PUT", "/library/metadata/1?genre[0].tag.tag=A%2C%20B")
    plex.send("PUT", "/library/metadata/1?genre[].tag.tag-=One%2CA%252C%2520B")
    assert genres(plex.item(1)) == ["Two", "Three"]
    plex.send("PUT", "/library/metadata/1?genre[].tag=&genre[0].tag.tag=Last")
    assert genres(plex.item(1)) == ["Last"]


@pytest.mark.parametrize("mode", ["append", "replace"])
def test_full_list_with_removals_is_right_in_both_modes(plex: Client, mode: str) -> None:
    plex.sim.control("set", {"tag_mode": mode})
    query = "genre[0].tag.tag=Three&genre[1].tag.tag=New&genre[].tag.tag-=One%2CTwo&genre.locked=1"
    plex.send("PUT", f"/library/sections/1/all?type=1&id=1&{query}")
    assert genres(plex.item(1)) == ["Three", "New"]


def test_actor_with_bare_tag_does_nothing(plex: Client) -> None:
    assert plex.send("PUT", "/library/metadata/1?actor[0].tag=Ann").status_code == 200
    assert "Role" not in plex.item(1)


def test_lock_is_removed_by_zero(plex: Client) -> None:
    plex.send("PUT", "/library/metadata/1?title.value=New&title.locked=0&summary.locked=1")
    assert plex.item(1)["locked"] == ["summary"]
    plex.send("PUT", "/library/metadata/1?summary.locked=0")
    assert plex.item(1)["locked"] == []
    assert "Field" not in plex.item(1)


def test_field_edit_moves_the_stamps_and_file_replacement_does_not(plex: Client) -> None:
    before, counter = plex.item(1), plex.content_counter()
    replaced = plex.sim.control("replace_file", {"ratingKey": 1, "size": 5})
    assert replaced["updatedAt"] == before["updatedAt"]
    assert replaced["Media"][0]["Part"][0]["key"] != before["Media"][0]["Part"][0]["key"]
    assert plex.content_counter() == counter + 1
    plex.send("PUT", "/library/metadata/1?title.value=New")
    after = plex.item(1)
    assert after["updatedAt"] > before["updatedAt"]
    assert after["thumb"] == f"/library/metadata/1/thumb/{after['updatedAt']}"
    assert plex.content_counter() == counter + 2


def test_rekeyed_item_is_new_and_as_the_agent_left_it(plex: Client) -> None:
    plex.send("PUT", "/library/metadata/1?title.value=Mine")
    key = plex.sim.control("rekey_item", {"ratingKey": 1})["ratingKey"]
    assert plex.send("GET", "/library/metadata/1").status_code == 404
    item = plex.item(key)
    assert (item["title"], item["locked"]) == ("Film 1", [])
    assert item["Media"][0]["Part"][0]["file"] == "/media/films/Film 1, part.mkv"


def test_trashed_item_stays_until_the_trash_is_emptied(plex: Client) -> None:
    plex.sim.control("remove_item", {"ratingKey": 1, "trash": True})
    assert plex.titles("trash=1") == ["Film 1"]
    assert len(plex.titles("")) == 5
    plex.send("PUT", "/library/sections/1/emptyTrash")
    assert len(plex.titles("")) == 4


def test_persons_edit_is_locked_and_scan_rewrites_what_is_not(plex: Client) -> None:
    plex.sim.control("set", {"scan_reverts": True})
    plex.sim.control("edit_item", {"ratingKey": 1, "fields": {"title": "Person's", "Genre": ["Own"]}})
    plex.send("PUT", "/library/metadata/1?summary.value=loose&summary.locked=0")
    plex.send("GET", "/library/sections/1/refresh?path=%2Fmedia%2Ffilms")
    item = plex.item(1)
    assert (item["title"], genres(item), item["summary"]) == ("Person's", ["Own"], "")


def test_details_come_in_another_order_when_shuffled(plex: Client) -> None:
    plex.sim.control("set", {"shuffle_details": True})
    found = [each["ratingKey"] for each in plex.listing("/library/metadata/1,2,3,4,99,5")["Metadata"]]
    assert sorted(found) == ["1", "2", "3", "4", "5"]
    assert found != sorted(found)


def test_excluded_elements_and_fields_are_left_out(plex: Client) -> None:
    entry = plex.listing("/library/metadata/1?excludeElements=Genre,Image,Stream&excludeFields=summary,file")[
        "Metadata"
    ][0]
    assert not {"Genre", "Image", "summary"} & set(entry)
    assert not {"file", "Stream"} & set(entry["Media"][0]["Part"][0])
    assert entry["title"] == "Film 1"


def test_invalid_utf8_is_sent_when_asked_for(plex: Client) -> None:
    plex.sim.control("set", {"invalid_utf8": True})
    body = plex.send("GET", "/library/metadata/1").content
    with pytest.raises(UnicodeDecodeError):
        body.decode()


def test_artist_renamed_to_another_is_merged_into_it(plex: Client) -> None:
    plex.send("PUT", "/library/sections/3/all?type=8&id=70&title.value=band")
    assert plex.send("GET", "/library/metadata/70").status_code == 404
    assert plex.listing("/library/metadata/71")["Metadata"][0]["parentRatingKey"] == "60"
    plex.send("PUT", "/library/sections/3/all?type=10&id=62&artist.title.value=New&album.title.value=Fresh")
    track = plex.listing("/library/metadata/62")["Metadata"][0]
    assert (track["grandparentTitle"], track["parentTitle"]) == ("New", "Fresh")


def test_refreshed_track_gets_a_new_key_when_set(plex: Client) -> None:
    plex.sim.control("set", {"rekey_tracks": True})
    assert plex.send("PUT", "/library/metadata/62/refresh").status_code == 200
    assert plex.send("GET", "/library/metadata/62").status_code == 404
    assert plex.listing("/library/sections/3/all?type=10")["size"] == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("key=1&identifier=com.plexapp.plugins.library&rating=7.5", 200),
        ("key=1&identifier=com.plexapp.plugins.library&rating=11", 400),
        ("key=1&identifier=com.plexapp.plugins.library&rating=x", 400),
        ("key=1&identifier=com.plexapp.plugins.library&rating=5&ratedAt=99999999999", 400),
        ("key=999&identifier=com.plexapp.plugins.library&rating=5", 404),
        ("key=1&rating=5", 400),
    ],
)
def test_rating_is_checked(plex: Client, query: str, status: int) -> None:
    assert plex.send("PUT", f"/:/rate?{query}").status_code == status
    assert plex.item(1).get("userRating") == (7.5 if status == 200 else None)


def test_state_is_the_same_after_down_and_up(plex: Client) -> None:
    plex.send("PUT", "/library/metadata/1?title.value=Kept&genre[0].tag.tag=New")
    image = plex.send("GET", "/library/metadata/2/thumb/1").content
    plex.session.post(plex.sim.url + "/library/metadata/1/posters", data=image, timeout=10)
    plex.sim.control("set", {"tag_mode": "replace"})
    before, entries = [plex.item(number) for number in range(1, 6)], len(plex.sim.log())
    plex.sim.down()
    with pytest.raises(requests.ConnectionError):
        plex.send("GET", "/identity")
    plex.sim.up()
    assert [plex.item(number) for number in range(1, 6)] == before
    assert plex.send("GET", "/library/metadata/1/thumb/1").content == image
    assert plex.sim.control("set", {})["tag_mode"] == "replace"
    assert len(plex.sim.log()) == entries + 1
    plex.send("PUT", "/library/metadata/1/refresh")
    assert plex.item(1)["title"] == "Kept"


def test_generated_library_is_the_same_every_time() -> None:
    seen = []
    for _ in range(2):
        with SimProcess("tests.sim.plex", "--generate", "movies=300,shows=2,artists=2,sections=2") as sim:
            url = sim.url + "/library/metadata/" + ",".join(map(str, range(1, 100)))
            seen.append(requests.get(url, timeout=10).content)
            counts = sim.control("counts")
    assert seen[0] == seen[1]
    assert {
        kind: counts[kind] for kind in ("movie", "show", "season", "episode", "artist", "album", "track")
    } == {
        "movie": 300,
        "show": 2,
        "season": 4,
        "episode": 32,
        "artist": 2,
        "album": 4,
        "track": 40,
    }
