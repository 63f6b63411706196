"""The Plex simulator's rules over plain HTTP: access, paging, the query language, modes, what controls do.

The rules come from facts about real servers that no recording covers; each test names one.
"""

import xml.etree.ElementTree as ET

import pytest
import requests

from tests.contract.plex_client import Client, genres
from tests.sim.process import SimProcess


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


@pytest.mark.parametrize(
    ("locking", "locked", "title"), [("", [], "Film 1"), ("&title.locked=1", ["title"], "Ours")]
)
def test_edit_locks_nothing_by_itself_when_set(
    plex: Client, locking: str, locked: list[str], title: str
) -> None:
    plex.sim.control("set", {"edit_locks": False})
    plex.send("PUT", f"/library/sections/1/all?type=1&id=1&title.value=Ours{locking}")
    assert (plex.item(1)["title"], plex.sim.control("item", {"ratingKey": 1})["locked"]) == ("Ours", locked)
    plex.send("PUT", "/library/metadata/1/refresh")
    assert plex.item(1)["title"] == title


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
