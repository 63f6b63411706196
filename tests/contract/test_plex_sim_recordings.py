"""The Plex simulator against recorded traffic of real servers: the recorded state is loaded, the answers must be the recorded.

What may differ is named in each test and nothing else.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sim.process import SimProcess

DATA = Path(__file__).resolve().parents[1] / "data" / "plex"
TOKEN = "FAKE_PLEX_TOKEN"
# Differ from run to run, or describe the length of a body that was made shorter when it was recorded.
LOOSE_HEADERS = {
    "date",
    "content-length",
    "x-plex-content-original-length",
    "x-plex-content-compressed-length",
}


def load(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


CASSETTES = load("cassettes_1.43.1.json")
CAPTURES = load("captures.json")


def recorded_body(target: str) -> ET.Element:
    bodies = [each["response"]["body"] for each in CASSETTES if each["target"] == target]
    return ET.fromstring(next(body for body in bodies if body.startswith("<?xml")))


def as_json(element: ET.Element) -> dict[str, Any]:
    """Attributes, numbers as such, and child elements as lists: the JSON form of the same thing."""
    values: dict[str, Any] = {
        name: int(value) if value.isdigit() and name not in {"ratingKey", "key"} else value
        for name, value in element.attrib.items()
    }
    for child in element:
        values.setdefault(child.tag, []).append(as_json(child))
    return values


def cassette_state() -> dict[str, Any]:
    """The recorded server: its section, its one film, its streams from the tree; what was not recorded is left out."""
    listing = next(each["target"] for each in CASSETTES if "file=Test" in each["target"])
    item = as_json(recorded_body(listing)[0])
    item |= {"UltraBlurColors": item["UltraBlurColors"][0], "addedAt": None, "updatedAt": None}
    tree = recorded_body("/library/metadata/1/tree")[0]
    part = item["Media"][0]["Part"][0]
    recorded_part = next(tree.iter("MediaPart"))
    part |= {name: recorded_part.attrib[name] for name in ("hash", "openSubtitleHash")}
    streams = [as_json(stream) for stream in recorded_part]
    part["Stream"] = [stream | {"streamType": stream.pop("type")} for stream in streams]
    item["refreshedAt"] = int(tree.attrib["refreshedAt"])
    section = as_json(recorded_body("/library/sections")[0])
    uuid = recorded_body(listing).attrib["librarySectionUUID"]
    section |= {"updatedAt": None, "uuid": None, "librarySectionUUID": uuid, "items": [item]}
    root = as_json(recorded_body("/"))
    return {"server": {name: value for name, value in root.items() if name not in {"size", "Directory"}}} | {
        "sections": [section]
    }


def start(folder: Path, state: dict[str, Any]) -> SimProcess:
    file = folder / "library.json"
    file.write_text(json.dumps(state), encoding="utf-8")
    return SimProcess("tests.sim.plex", "--token", TOKEN, "--library", str(file))


@pytest.fixture(scope="module")
def recorded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimProcess]:
    with start(tmp_path_factory.mktemp("cassettes"), cassette_state()) as sim:
        yield sim


def replay(sim: SimProcess, interaction: dict[str, Any]) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            interaction["method"], sim.url + interaction["target"], headers=interaction["headers"], timeout=10
        )


def name_interaction(interaction: dict[str, Any]) -> str:
    return f"{interaction['target']} as {interaction['headers'].get('Accept')}"


def differences(ours: ET.Element, theirs: ET.Element, path: str = "") -> list[str]:
    """Every difference in tags, attributes and children, in order."""
    here = f"{path}/{theirs.tag}"
    if ours.tag != theirs.tag:
        return [f"{here}: is {ours.tag}"]
    found = [
        f"{here}@{name}: {ours.attrib.get(name)!r} instead of {theirs.attrib.get(name)!r}"
        for name in sorted({*ours.attrib, *theirs.attrib})
        if ours.attrib.get(name) != theirs.attrib.get(name)
    ]
    if len(ours) != len(theirs):
        return [*found, f"{here}: children {[e.tag for e in ours]} instead of {[e.tag for e in theirs]}"]
    for left, right in zip(ours, theirs, strict=True):
        found += differences(left, right, here)
    return found


@pytest.mark.parametrize("interaction", CASSETTES, ids=name_interaction)
def test_status_and_headers_when_recorded_request_is_replayed(
    recorded_server: SimProcess, interaction: dict[str, Any]
) -> None:
    response = replay(recorded_server, interaction)
    recorded = interaction["response"]
    assert response.status_code == recorded["status"]
    theirs = {name.lower(): value for name, value in recorded["headers"].items()}
    ours = {name.lower(): value for name, value in response.headers.items()}
    if "x-plex-content-compressed-length" in theirs:
        # The recorder unpacked the bodies and dropped this header.
        assert ours.pop("content-encoding") == "gzip"
    assert ours.keys() == theirs.keys()
    assert {n: v for n, v in ours.items() if n not in LOOSE_HEADERS} == {
        n: v for n, v in theirs.items() if n not in LOOSE_HEADERS
    }


@pytest.mark.parametrize("interaction", CASSETTES, ids=name_interaction)
def test_body_when_recorded_request_is_replayed(
    recorded_server: SimProcess, interaction: dict[str, Any]
) -> None:
    response = replay(recorded_server, interaction)
    recorded = interaction["response"]["body"]
    if not recorded:
        assert response.content == b""
        return
    if "json" in interaction["response"]["headers"]["Content-Type"]:
        ours, theirs = response.json()["MediaContainer"], json.loads(recorded)["MediaContainer"]
        # The recorder emptied the list of sections.
        assert {**ours, "size": 0, "Directory": []} == theirs
        return
    ours, theirs = ET.fromstring(response.content), ET.fromstring(recorded)
    for directory in [each for each in theirs if each.attrib == {"title": "FAKE"}]:
        # The recorder overwrote these entries of / and /library; their number stands.
        directory.attrib.update(ours[list(theirs).index(directory)].attrib)
    for section in [*ours.iter("Directory"), *theirs.iter("Directory")]:
        # The replayed refresh moves it.
        section.attrib.pop("scannedAt", None)
    assert differences(ours, theirs) == []


def with_ancestors(item: dict[str, Any]) -> dict[str, Any]:
    """The recorded item inside the show or artist that its own attributes describe."""
    if item["type"] not in {"season", "episode", "album", "track"}:
        return item
    parent: dict[str, Any] = {
        "ratingKey": item["parentRatingKey"],
        "title": item["parentTitle"],
        "guid": item["parentGuid"],
        "thumb": item.get("parentThumb"),
        "art": item["art"] if item["type"] == "album" and "art" in item else None,
        "index": item.get("parentIndex", 1),
        "year": item.get("parentYear"),
        "studio": item.get("parentStudio"),
        "children": [item],
    }
    if item["type"] in {"season", "album"}:
        return parent
    return {
        "ratingKey": item["grandparentRatingKey"],
        "title": item["grandparentTitle"],
        "guid": item["grandparentGuid"],
        "slug": item.get("grandparentSlug"),
        "thumb": item.get("grandparentThumb"),
        "art": item.get("grandparentArt"),
        "clearLogo": next(
            (each["url"] for each in item.get("Image", []) if each["type"] == "clearLogo"), None
        ),
        "children": [parent],
    }


def capture_state(capture: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    container = capture["container"]
    kind = {"movie": "movie", "show": "show", "episode": "show", "album": "artist", "track": "artist"}[
        item["type"]
    ]
    loaded = item if "updatedAt" in item else item | {"updatedAt": None}
    logo = next((each["url"] for each in item.get("Image", []) if each["type"] == "clearLogo"), None)
    section = {
        "key": container["librarySectionID"],
        "type": kind,
        "title": container["librarySectionTitle"],
        "uuid": container["librarySectionUUID"],
        "items": [
            with_ancestors(loaded | {"clearLogo": logo} if item["type"] in {"movie", "show"} else loaded)
        ],
    }
    return {"sections": [section]}


def cases(prefix: str) -> list[Any]:
    return [
        pytest.param(capture, item, id=f"{name} {item['title']}")
        for name, capture in CAPTURES.items()
        if name.startswith(prefix)
        for item in capture["items"]
    ]


def get(sim: SimProcess, target: str) -> dict[str, Any]:
    headers = {"X-Plex-Token": TOKEN, "Accept": "application/json"}
    response = requests.get(sim.url + target, headers=headers, timeout=10)
    assert response.status_code == 200
    container: dict[str, Any] = response.json()["MediaContainer"]
    return container


def comparable(item: dict[str, Any]) -> dict[str, Any]:
    """Without what older servers did not send yet; where it was sent, Image is compared by itself."""
    return {name: value for name, value in item.items() if name not in {"Image", "UltraBlurColors"}}


@pytest.mark.parametrize(("capture", "item"), cases("detail_"))
def test_detail_when_captured_item_is_loaded(
    tmp_path: Path, capture: dict[str, Any], item: dict[str, Any]
) -> None:
    with start(tmp_path, capture_state(capture, item)) as sim:
        container = get(sim, f"/library/metadata/{item['ratingKey']}")
    ours = container["Metadata"][0]
    if "Image" in item:
        assert ours["Image"] == item["Image"]
    assert comparable(ours) == comparable(item)
    # Exact types too: "1" is not 1, and true is not 1.
    assert {name: type(value) for name, value in comparable(ours).items()} == {
        name: type(value) for name, value in comparable(item).items()
    }
    theirs = {name for name in capture["container"] if name != "mediaTagVersion"}
    assert {name: container[name] for name in theirs} == {name: capture["container"][name] for name in theirs}


@pytest.mark.parametrize(("capture", "item"), cases("listing_"))
def test_listing_when_captured_item_is_loaded(
    tmp_path: Path, capture: dict[str, Any], item: dict[str, Any]
) -> None:
    number = {"movie": 1, "episode": 4, "album": 9}[item["type"]]
    paging = (
        "&X-Plex-Container-Start=0&X-Plex-Container-Size=10" if "totalSize" in capture["container"] else ""
    )
    guids = "&includeGuids=1" if "Guid" in item else ""
    section = capture["container"]["librarySectionID"]
    with start(tmp_path, capture_state(capture, item)) as sim:
        container = get(sim, f"/library/sections/{section}/all?type={number}{paging}{guids}")
    ours = container["Metadata"][0]
    assert ours["Image"] == item["Image"]
    assert comparable(ours) == comparable(item)
    # `content` and, in these, viewMode came and went with the versions; 1.43 has viewMode and no content.
    theirs = set(capture["container"]) - {"content", "size", "totalSize", "mediaTagVersion"}
    assert {name: container.get(name) for name in theirs} == {
        name: capture["container"][name] for name in theirs
    }


@pytest.mark.parametrize(("capture", "item"), cases("detail_"))
def test_listing_leaves_out_what_only_details_have(
    tmp_path: Path, capture: dict[str, Any], item: dict[str, Any]
) -> None:
    number = {"movie": 1, "show": 2, "episode": 4, "track": 10}[item["type"]]
    section = capture["container"]["librarySectionID"]
    with start(tmp_path, capture_state(capture, item)) as sim:
        listed = get(sim, f"/library/sections/{section}/all?type={number}")["Metadata"][0]
    never = {
        "Label",
        "Field",
        "Rating",
        "Producer",
        "Similar",
        "Location",
        "Mood",
        "Guid",
        "librarySectionID",
    }
    assert not never & set(listed)
    most = {"Genre": 2, "Country": 2, "Director": 2, "Writer": 2, "Role": 3, "Collection": 2}
    for element, limit in most.items():
        assert len(listed.get(element, [])) == min(limit, len(item.get(element, [])))
        assert all(set(entry) == {"tag"} for entry in listed.get(element, []))
    parts = [part for medium in listed.get("Media", []) for part in medium["Part"]]
    assert all("Stream" not in part for part in parts)
    assert len(parts) == sum(len(medium["Part"]) for medium in item.get("Media", []))


def test_sections_when_captured_sections_are_loaded(tmp_path: Path) -> None:
    recorded = load("sections.json")
    # Written by servers before 1.43, which did not have the agent group yet.
    sections = [section | {"metadataAgentProviderGroupId": None} for section in recorded["Directory"]]
    with start(tmp_path, {"sections": sections}) as sim:
        ours = get(sim, "/library/sections")
    for section in [*recorded["Directory"], *ours["Directory"]]:
        section["Location"] = [place["path"] for place in section["Location"]]
    assert ours["Directory"] == recorded["Directory"]


def test_filter_meta_has_the_captured_filters_and_operators(recorded_server: SimProcess) -> None:
    recorded = load("filter_meta.json")["Meta"]
    target = "/library/sections/1/all?type=1&includeMeta=1&X-Plex-Container-Start=0&X-Plex-Container-Size=0"
    ours = get(recorded_server, target)["Meta"]
    assert ours["FieldType"] == recorded["FieldType"]
    assert [each["type"] for each in ours["Type"]] == [each["type"] for each in recorded["Type"]]
    for family, name in (("Filter", "filter"), ("Sort", "key"), ("Field", "key")):
        theirs = {each[name]: each for each in recorded["Type"][0][family]}
        mine = {each[name]: each for each in ours["Type"][0][family]}
        shared = theirs.keys() & mine.keys()
        assert len(shared) >= 10
        for each in shared:
            assert {key: mine[each][key] for key in theirs[each].keys() & mine[each].keys()} == {
                key: theirs[each][key] for key in theirs[each].keys() & mine[each].keys()
            }


def test_choices_have_the_captured_form(recorded_server: SimProcess) -> None:
    recorded = load("genres.json")["container"]
    ours = get(recorded_server, "/library/sections/1/genre")
    assert [set(each) for each in ours["Directory"]] == [set(recorded["Directory"][0])]
    assert ours["Directory"][0]["title"] == "Action"
    assert ours["Directory"][0]["fastKey"] == f"/library/sections/1/all?genre={ours['Directory'][0]['key']}"


def test_posters_have_the_captured_form(recorded_server: SimProcess) -> None:
    recorded = load("posters.json")["container"]
    ours = get(recorded_server, "/library/metadata/1/posters")
    assert ours.keys() == recorded.keys()
    mine, theirs = ours["Metadata"][0], recorded["Metadata"][0]
    assert {name: type(value) for name, value in mine.items()} == {
        name: type(value) for name, value in theirs.items()
    }
    assert mine["selected"] is True
    assert mine["key"].startswith("/library/metadata/1/file?url=metadata%3A%2F%2Fposters%2F")


@pytest.mark.parametrize(
    ("status", "method", "target"),
    [
        (400, "PUT", "/library/sections/1/all?title.value=x"),
        (401, "GET", "/library/sections?wrong"),
        (404, "GET", "/library/metadata/4711"),
        (500, "PUT", "/library/sections/None/all?type=1&id=1&title.value=x"),
    ],
)
def test_error_body_is_the_described_html(
    recorded_server: SimProcess, status: int, method: str, target: str
) -> None:
    token = "wrong" if status == 401 else TOKEN
    headers = {"X-Plex-Token": token, "Accept": "application/json"}
    response = requests.request(method, recorded_server.url + target, headers=headers, timeout=10)
    assert response.status_code == status
    assert response.text == load("errors.json")[str(status)]["body"]
    assert response.headers["Content-Type"] == "text/html"
