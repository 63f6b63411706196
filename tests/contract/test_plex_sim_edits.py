"""How the Plex simulator takes an edit over plain HTTP; each test names a rule of facts about real servers."""

import pytest

from tests.contract.plex_client import Client, genres


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
