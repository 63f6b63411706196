"""What one hookContext becomes: all recorded shapes, and everything that is none."""

import json
from typing import Any

import pytest

from plexsync_plugin.hook import row_of
from tests.hook_runs import VERSIONS, recorded_hooks

EVENTS = [
    pytest.param(json.loads(document)["args"]["hookContext"], id=f"{version}-{name}")
    for version in VERSIONS
    for name, document in recorded_hooks(version).items()
]


def row_by_name(name: str) -> dict[str, Any]:
    """The row of one recorded event of v0.30.1."""
    documents = {key.partition("-")[2]: value for key, value in recorded_hooks("v0.30.1").items()}
    row = row_of(json.loads(documents[name])["args"]["hookContext"])
    assert row is not None
    return row


@pytest.mark.parametrize("context", EVENTS)
def test_row_names_the_event_when_recorded(context: dict[str, Any]) -> None:
    row = row_of(context)
    assert row is not None
    assert (row["v"], row["name"]) == (1, context["type"])
    assert row["kind"] == ("scene" if context["type"].split(".")[0] == "Scene" else "entity")
    assert context["id"] in row["ids"]
    assert all(type(number) is int and number > 0 for number in row["ids"])
    assert set(row) == {"v", "kind", "name", "ids", "args"}


@pytest.mark.parametrize("context", EVENTS)
def test_row_holds_no_data_when_recorded(context: dict[str, Any]) -> None:
    row = row_of(context)
    assert row is not None
    assert set(row["args"]) <= {"quiet", "bulk", "batch", "size", "first"}
    given = context["input"] if isinstance(context["input"], dict) else {}
    words = [
        value for value in given.values() if isinstance(value, str) and len(value) > 3 and not value.isdigit()
    ]
    assert not [word for word in words if word in json.dumps(row)]


@pytest.mark.parametrize(
    ("events", "ids"),
    [
        (["bulk_scene_update-1_of_3", "bulk_scene_update-2_of_3", "bulk_scene_update-3_of_3"], [3, 4, 5]),
        (["scenes_update-1_of_2", "scenes_update-2_of_2"], [6, 7]),
    ],
)
def test_first_row_has_all_ids_when_event_names_several(events: list[str], ids: list[int]) -> None:
    first, *later = map(row_by_name, events)
    assert first["ids"] == ids
    assert [row["ids"] for row in later] == [[number] for number in ids[1:]]
    assert {row["args"]["batch"] for row in later} == {first["args"]["batch"]}
    assert [row["args"]["first"] for row in (first, *later)] == [True] + [False] * len(later)


def test_first_row_has_all_ids_when_scenes_are_destroyed() -> None:
    first, later = map(row_by_name, ("scenes_destroy-1_of_2", "scenes_destroy-2_of_2"))
    assert (first["ids"], later["ids"]) == ([13, 14], [14])


def test_ids_are_all_when_performers_are_destroyed_as_a_bare_list() -> None:
    row = row_of({"id": 5, "type": "Performer.Destroy.Post", "input": ["5", "6"]})
    assert row is not None
    assert (row["kind"], row["ids"]) == ("entity", [5, 6])


def test_two_bulk_edits_of_the_same_scenes_have_different_batches() -> None:
    def batch(studio: str) -> str:
        given = {"ids": ["1", "2"], "studio_id": studio}
        row = row_of({"id": 1, "type": "Scene.Update.Post", "input": given})
        assert row is not None
        return str(row["args"]["batch"])

    assert batch("1") != batch("2")


@pytest.mark.parametrize(
    ("name", "quiet"), [("scan_new-1_of_24", True), ("scan_renamed", True), ("scene_update_form", False)]
)
def test_row_is_quiet_when_nobody_sent_an_input(name: str, quiet: bool) -> None:
    assert row_by_name(name)["args"].get("quiet", False) is quiet


def test_row_has_its_own_id_when_input_names_only_others() -> None:
    row = row_of({"id": 9, "type": "Tag.Merge.Post", "input": {"source": ["1", "2"], "destination": "9"}})
    assert row is not None
    assert row["ids"] == [9]


@pytest.mark.parametrize("number", ["7", " 7", 7])
def test_id_is_read_when_it_is_text(number: object) -> None:
    row = row_of({"id": number, "type": "Scene.Update.Post", "input": None})
    assert row is not None
    assert row["ids"] == [7]


@pytest.mark.parametrize(
    "number",
    [None, True, False, 0, -1, "-3", "", "x", "7.0", 1.5, [], {}, 1 << 63, str(1 << 63), "9" * 5000],
)
def test_nothing_is_queued_when_id_is_none(number: object) -> None:
    assert row_of({"id": number, "type": "Scene.Update.Post", "input": None}) is None


def test_largest_id_of_sqlite_is_queued() -> None:
    row = row_of({"id": (1 << 63) - 1, "type": "Scene.Update.Post", "input": None})
    assert row is not None


@pytest.mark.parametrize("name", [None, 3, ["Scene.Update.Post"], {}])
def test_nothing_is_queued_when_type_is_no_text(name: object) -> None:
    assert row_of({"id": 1, "type": name, "input": None}) is None


@pytest.mark.parametrize(
    "given",
    [
        "text",
        7,
        True,
        [],
        {},
        [None, True, {"no": "id"}, [1], -4, "x"],
        {"ids": "12"},
        {"ids": {"ids": [1, 2]}},
        {"ids": [True, None, -2, {"id": None}]},
    ],
)
def test_row_has_its_own_id_when_input_makes_no_sense(given: object) -> None:
    row = row_of({"id": 1, "type": "Scene.Update.Post", "input": given})
    assert row is not None
    assert row["ids"] == [1]


def test_row_is_utf8_when_type_holds_a_lone_surrogate() -> None:
    row = row_of({"id": 1, "type": "Scene.\ud800", "input": {"ids": [1, 2]}})
    assert row is not None
    for text in (row["name"], row["args"]["batch"]):
        text.encode("utf-8")


@pytest.mark.parametrize(
    "name", ["scene_update_rating", "scene_update_cover", "ui_edit_save", "ui_organized"]
)
def test_persons_save_goes_before_all_else(name: str) -> None:
    assert row_by_name(name)["args"] == {}


@pytest.mark.parametrize("name", ["identify-1_of_2", "identify-2_of_2"])
def test_what_identify_changes_is_bulk_work_as_its_fields_are_without_the_id(name: str) -> None:
    assert row_by_name(name)["args"] == {"bulk": True}
