"""findScenes beyond the recordings: modifiers, depth, wildcards, text comparison of times, and speed enough for 10 000 scenes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sim.stash.client import GraphQLError, StashProcess

LIBRARY: dict[str, Any] = {
    "studios": [
        {"id": 1, "name": "Parent"},
        {"id": 2, "name": "Child", "parent_id": 1},
        {"id": 3, "name": "Grandchild", "parent_id": 2},
    ],
    "tags": [{"id": 1, "name": "b"}, {"id": 2, "name": "a", "parent_ids": [1]}],
    "performers": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}],
    "groups": [{"id": 1, "name": "Series"}],
    "scenes": [
        {
            "id": 1,
            "title": "10 b",
            "studio_id": 1,
            "performer_ids": [1],
            "updated_at": "2024-01-01T00:00:00+02:00",
        },
        {
            "id": 2,
            "title": "9 a",
            "studio_id": 2,
            "performer_ids": [1, 2],
            "updated_at": "2024-01-01T01:00:00Z",
        },
        {"id": 3, "studio_id": 3, "tag_ids": [1, 2], "organized": True, "updated_at": "2024-02-01T00:00:00Z"},
        {
            "id": 4,
            "rating100": 50,
            "groups": [{"group_id": 1, "scene_index": None}],
            "updated_at": "2024-03-01T00:00:00Z",
            "files": [{"path": "/data/My_file 100%.mp4"}, {"path": "/other/two.mp4"}],
        },
        {"id": 5, "updated_at": "2024-03-01T00:00:00Z", "files": [{"path": "/data/MyXfile 1000.mp4"}]},
    ],
}


@pytest.fixture(scope="module")
def stash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StashProcess]:
    with StashProcess(tmp_path_factory.mktemp("search")) as process:
        process.control("load", LIBRARY)
        yield process


def find(stash: StashProcess, scene_filter: dict[str, Any], **find_filter: Any) -> list[int]:
    query = (
        "query($s:SceneFilterType,$f:FindFilterType){findScenes(scene_filter:$s,filter:$f){count scenes{id}}}"
    )
    result = stash.query(query, {"s": scene_filter, "f": {"sort": "id", "per_page": -1} | find_filter})
    return [int(scene["id"]) for scene in result["findScenes"]["scenes"]]


def criterion(value: Any, modifier: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "modifier": modifier} | more


FOUND: list[tuple[dict[str, Any], list[int]]] = [
    ({"studios": criterion(["1"], "INCLUDES", depth=0)}, [1]),
    ({"studios": criterion(["1"], "INCLUDES", depth=1)}, [1, 2]),
    ({"studios": criterion(["1"], "INCLUDES", depth=-1)}, [1, 2, 3]),
    ({"studios": criterion(["1"], "INCLUDES", depth=-1, excludes=["3"])}, [1, 2]),
    ({"studios": criterion(["1"], "EXCLUDES", depth=-1)}, [4, 5]),
    ({"studios": criterion([], "IS_NULL")}, [4, 5]),
    ({"performers": criterion(["1", "2"], "INCLUDES")}, [1, 2]),
    ({"performers": criterion(["1", "2"], "INCLUDES_ALL")}, [2]),
    ({"performers": criterion(["1"], "EXCLUDES")}, [3, 4, 5]),
    ({"tags": criterion(["1"], "INCLUDES", depth=-1)}, [3]),
    ({"groups": criterion(["1"], "INCLUDES")}, [4]),
    ({"organized": True}, [3]),
    ({"organized": False, "rating100": criterion(1, "GREATER_THAN")}, [4]),
    ({"id": criterion(2, "BETWEEN", value2=4)}, [2, 3, 4]),
    ({"title": criterion("9 a", "EQUALS")}, [2]),
    # _ and % are wildcards: one file is found by the other's path, as in Stash.
    ({"path": criterion("/data/My_file 100%.mp4", "EQUALS")}, [4, 5]),
    ({"path": criterion("/OTHER/TWO.mp4", "EQUALS")}, [4]),
    ({"path": criterion('"/data/MyX"', "INCLUDES")}, [5]),
    ({"path": criterion(r"two\.mp4$", "MATCHES_REGEX")}, [4]),
    # Compared as text: 00:00 at +02:00 is before 23:00 of the day before, but not for SQLite.
    ({"updated_at": criterion("2023-12-31T23:30:00Z", "GREATER_THAN")}, [1, 2, 3, 4, 5]),
    ({"updated_at": criterion("2024-02-01T00:00:00Z", "GREATER_THAN")}, [4, 5]),
    ({"NOT": {"organized": True}, "studios": criterion(["1"], "INCLUDES", depth=-1)}, [1, 2]),
    ({"organized": True, "OR": {"rating100": criterion(50, "EQUALS")}}, [3, 4]),
    ({"AND": {"organized": True}}, [3]),
    ({"is_missing": "studio"}, [4, 5]),
]


@pytest.mark.parametrize(("scene_filter", "expected"), FOUND)
def test_filter_finds_these_scenes(
    stash: StashProcess, scene_filter: dict[str, Any], expected: list[int]
) -> None:
    assert find(stash, scene_filter) == expected


@pytest.mark.parametrize(
    ("find_filter", "expected"),
    [
        ({"sort": "updated_at", "direction": "DESC"}, [4, 5, 3, 2, 1]),
        ({"sort": "id", "direction": "DESC"}, [5, 4, 3, 2, 1]),
        ({"sort": "title"}, [3, 2, 1, 4, 5]),
        ({"per_page": 2, "page": 2}, [3, 4]),
        ({"per_page": 2, "page": 0}, [1, 2]),
        ({"per_page": 2, "page": 9}, []),
        ({"per_page": 0}, []),
        ({"q": "9"}, [2]),
    ],
)
def test_pages_are_sorted(stash: StashProcess, find_filter: dict[str, Any], expected: list[int]) -> None:
    assert find(stash, {}, **find_filter) == expected


def test_count_is_of_all_pages_and_25_is_the_default(stash: StashProcess) -> None:
    stash.control("load", {"scenes": [{} for _ in range(30)]})
    try:
        result = stash.query("{findScenes{count scenes{id}}}")["findScenes"]
    finally:
        stash.control("load", LIBRARY)
    assert (result["count"], len(result["scenes"])) == (30, 25)


def test_unknown_sort_is_an_error(stash: StashProcess) -> None:
    with pytest.raises(GraphQLError, match="invalid sort: nonsense"):
        find(stash, {}, sort="nonsense")


def test_filter_that_is_not_simulated_is_an_error(stash: StashProcess) -> None:
    with pytest.raises(GraphQLError, match="does not know the scene filter has_markers"):
        find(stash, {"has_markers": "true"})


def test_tags_of_a_scene_come_by_name(stash: StashProcess) -> None:
    assert stash.query("{findScene(id:3){tags{name}}}") == {
        "findScene": {"tags": [{"name": "a"}, {"name": "b"}]}
    }


@pytest.mark.parametrize(
    ("plural", "filter_name"),
    [
        ("performers", "performer_filter"),
        ("studios", "studio_filter"),
        ("tags", "tag_filter"),
        ("groups", "group_filter"),
    ],
)
def test_relations_are_found_by_name(stash: StashProcess, plural: str, filter_name: str) -> None:
    wanted = LIBRARY[plural][-1]
    kind = plural[:-1].capitalize()
    query = f"query($n:{kind}FilterType){{find{kind}s({filter_name}:$n){{count {plural}{{id name}}}}}}"
    data = stash.query(query, {"n": {"name": criterion(wanted["name"], "EQUALS")}})
    assert data[f"find{kind}s"] == {"count": 1, plural: [{"id": str(wanted["id"]), "name": wanted["name"]}]}


def test_ten_thousand_scenes_are_read_in_pages(stash: StashProcess) -> None:
    scenes = [
        {"title": f"S{n}", "files": [{"path": f"/data/{n}.mp4"}], "performer_ids": [1]} for n in range(10_000)
    ]
    stash.control("load", {"scenes": scenes, "performers": [{"id": 1, "name": "Ann"}]})
    query = """query($a:Int!){findScenes(scene_filter:{id:{value:$a,modifier:GREATER_THAN}},filter:{sort:"id",per_page:1000})
        {count scenes{id title files{id path size} performers{id name}}}}"""
    seen: list[int] = []
    try:
        while page := stash.query(query, {"a": seen[-1] if seen else 0})["findScenes"]["scenes"]:
            seen += [int(scene["id"]) for scene in page]
    finally:
        stash.control("load", LIBRARY)
    assert seen == list(range(1, 10_001))
