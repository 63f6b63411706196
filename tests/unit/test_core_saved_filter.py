"""A filter as Stash's page saves it becomes what Stash's query takes, criterion by criterion; both schemas accept it."""

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema
from graphql.utilities import coerce_input_value

from plexsync_plugin.core.saved_filter import NAMES, Translation, translate

DATA = Path(__file__).parents[1] / "data" / "stash"
VERSIONS = ("v0.27.2", "v0.30.1")
ANN = {"id": "1", "label": "Ann Alpha"}
BEA = {"id": 2, "label": "Bea Beta"}

TEXTS = (
    "title",
    "code",
    "path",
    "details",
    "director",
    "oshash",
    "checksum",
    "phash",
    "video_codec",
    "audio_codec",
    "url",
)
NUMBERS = (
    "id", "rating100", "o_counter", "framerate", "bitrate", "duration", "resume_time", "play_duration", "play_count",
    "tag_count", "performer_count", "performer_age", "interactive_speed", "file_count",
)  # fmt: skip

CASES: list[tuple[str, dict[str, Any], Any]] = [
    *((name, {"value": "a", "modifier": "INCLUDES"}, {"value": "a", "modifier": "INCLUDES"}) for name in TEXTS),
    ("title", {"modifier": "IS_NULL"}, {"value": "", "modifier": "IS_NULL"}),
    ("url", {"value": "", "modifier": "NOT_NULL"}, {"value": "", "modifier": "NOT_NULL"}),
    *(
        (name, {"value": {"value": 3}, "modifier": "GREATER_THAN"}, {"value": 3, "modifier": "GREATER_THAN"})
        for name in NUMBERS
    ),
    (
        "rating100",
        {"value": {"value": 20, "value2": 80}, "modifier": "BETWEEN"},
        {"value": 20, "value2": 80, "modifier": "BETWEEN"},
    ),
    ("rating100", {"value": 60, "modifier": "EQUALS"}, {"value": 60, "modifier": "EQUALS"}),
    ("rating100", {"value": 20.0, "value2": 30, "modifier": "BETWEEN"}, {"value": 20, "value2": 30, "modifier": "BETWEEN"}),
    ("rating100", {"value": {}, "modifier": "IS_NULL"}, {"value": 0, "modifier": "IS_NULL"}),
    ("date", {"value": {"value": "2020-01-01"}, "modifier": "LESS_THAN"}, {"value": "2020-01-01", "modifier": "LESS_THAN"}),
    (
        "date",
        {"value": {"value": "2020-01-01", "value2": "2021-01-01"}, "modifier": "NOT_BETWEEN"},
        {"value": "2020-01-01", "value2": "2021-01-01", "modifier": "NOT_BETWEEN"},
    ),
    ("date", {"value": {"value": "", "value2": ""}, "modifier": "NOT_NULL"}, {"value": "", "modifier": "NOT_NULL"}),
    *(
        (
            name,
            {"value": {"value": " 2020-01-01 10:30 "}, "modifier": "GREATER_THAN"},
            {"value": "2020-01-01T10:30", "modifier": "GREATER_THAN"},
        )
        for name in ("created_at", "updated_at", "last_played_at")
    ),
    ("created_at", {"value": "2020-01-01", "modifier": "LESS_THAN"}, {"value": "2020-01-01", "modifier": "LESS_THAN"}),
    *((name, {"value": "true", "modifier": "EQUALS"}, True) for name in ("organized", "performer_favorite", "interactive")),
    ("organized", {"value": "false", "modifier": "EQUALS"}, False),
    ("has_markers", {"value": "true", "modifier": "EQUALS"}, "true"),
    ("is_missing", {"value": "cover", "modifier": "EQUALS"}, "cover"),
    ("duplicated", {"value": "true", "modifier": "EQUALS"}, {"duplicated": True}),
    (
        "performers",
        {"value": {"items": [ANN], "excluded": [BEA]}, "modifier": "INCLUDES_ALL"},
        {"value": ["1"], "excludes": ["2"], "modifier": "INCLUDES_ALL"},
    ),
    ("performers", {"value": [ANN, BEA], "modifier": "INCLUDES"}, {"value": ["1", "2"], "modifier": "INCLUDES"}),
    ("galleries", {"value": [ANN], "modifier": "EXCLUDES"}, {"value": ["1"], "modifier": "EXCLUDES"}),
    ("movies", {"value": [ANN], "modifier": "INCLUDES"}, {"value": ["1"], "modifier": "INCLUDES"}),
    *(
        (
            name,
            {"value": {"items": [ANN], "excluded": [BEA], "depth": -1}, "modifier": "INCLUDES"},
            {"value": ["1"], "excludes": ["2"], "modifier": "INCLUDES", "depth": -1},
        )
        for name in ("tags", "performer_tags", "studios", "groups")
    ),
    (
        "tags",
        {"value": {"items": [ANN], "depth": 2}, "modifier": "EQUALS"},
        {"value": ["1"], "modifier": "EQUALS", "depth": 0},
    ),
    ("tags", {"modifier": "IS_NULL"}, {"value": [], "modifier": "IS_NULL", "depth": 0}),
    ("studios", {"value": {"items": []}, "modifier": "NOT_NULL"}, {"value": [], "modifier": "NOT_NULL", "depth": 0}),
    ("resolution", {"value": "1080p", "modifier": "EQUALS"}, {"value": "FULL_HD", "modifier": "EQUALS"}),
    ("resolution", {"value": "Huge", "modifier": "LESS_THAN"}, {"value": "HUGE", "modifier": "LESS_THAN"}),
    ("orientation", {"value": ["Landscape", "Square"], "modifier": "EQUALS"}, {"value": ["LANDSCAPE", "SQUARE"]}),
    ("orientation", {"value": "Portrait", "modifier": "EQUALS"}, {"value": ["PORTRAIT"]}),
    ("captions", {"value": "English", "modifier": "INCLUDES"}, {"value": "en", "modifier": "INCLUDES"}),
    ("captions", {"value": "", "modifier": "IS_NULL"}, {"value": "", "modifier": "IS_NULL"}),
    (
        "phash_distance",
        {"value": {"value": "c0ffee", "distance": 4}, "modifier": "EQUALS"},
        {"value": "c0ffee", "distance": 4, "modifier": "EQUALS"},
    ),
    ("phash_distance", {"modifier": "NOT_NULL"}, {"value": "", "modifier": "NOT_NULL"}),
    (
        "stash_id_endpoint",
        {"value": {"endpoint": "https://box", "stashID": "5"}, "modifier": "EQUALS"},
        {"endpoint": "https://box", "stash_id": "5", "modifier": "EQUALS"},
    ),
    ("stash_id_endpoint", {"modifier": "IS_NULL"}, {"endpoint": "", "stash_id": "", "modifier": "IS_NULL"}),
    ("stash_id_endpoint", {"value": "5", "modifier": "EQUALS"}, {"endpoint": "", "stash_id": "5", "modifier": "EQUALS"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def schemas() -> list[GraphQLSchema]:
    return [
        build_schema((DATA / f"schema-{version}.graphql").read_text(encoding="utf-8")) for version in VERSIONS
    ]


@pytest.mark.parametrize(("name", "saved", "expected"), CASES)
def test_criterion_becomes_that_of_the_query_and_both_schemas_accept_it(
    schemas: list[GraphQLSchema], name: str, saved: dict[str, Any], expected: Any
) -> None:
    found = translate({name: saved})
    assert found == Translation(criteria={name: expected})
    for schema in schemas:
        kind = schema.type_map["SceneFilterType"]
        assert isinstance(kind, GraphQLInputObjectType)
        assert coerce_input_value(dict(found.criteria), kind) is not None  # raises for what does not fit


def test_every_criterion_that_has_a_translation_is_tested() -> None:
    assert {name for name, _, _ in CASES} == set(NAMES)


def test_criteria_are_joined_and_nothing_is_all_scenes() -> None:
    joined = translate(
        {"organized": {"value": "true", "modifier": "EQUALS"}, "title": {"value": "a", "modifier": "EQUALS"}}
    )
    assert joined.criteria == {"organized": True, "title": {"value": "a", "modifier": "EQUALS"}}
    assert translate(None) == translate({}) == Translation()


@pytest.mark.parametrize(
    "saved",
    [
        {"filename": {"value": "a", "modifier": "EQUALS"}},
        {"custom_fields": [{"field": "a"}]},
        {"title": "a"},
        {"title": {"value": "a"}},
        {"title": {"value": 5, "modifier": "EQUALS"}},
        {"title": {"modifier": "EQUALS"}},
        {"organized": {"value": "perhaps", "modifier": "EQUALS"}},
        {"rating100": {"value": {"value": "high"}, "modifier": "EQUALS"}},
        {"rating100": {"value": {"value": 2.5}, "modifier": "EQUALS"}},
        {"rating100": {"value": True, "modifier": "EQUALS"}},
        {"rating100": {"value": {}, "modifier": "EQUALS"}},
        {"date": {"value": {"value": 2020}, "modifier": "EQUALS"}},
        {"created_at": {"value": {"value": "yesterday"}, "modifier": "GREATER_THAN"}},
        {"performers": {"value": {"items": [{"label": "Ann"}]}, "modifier": "INCLUDES"}},
        {"performers": {"value": {"items": "1"}, "modifier": "INCLUDES"}},
        {"performers": {"value": "1", "modifier": "INCLUDES"}},
        {"performers": {"modifier": "INCLUDES"}},
        {"tags": {"value": {"items": [ANN], "depth": "all"}, "modifier": "INCLUDES"}},
        {"resolution": {"value": "9k", "modifier": "EQUALS"}},
        {"orientation": {"value": ["Round"]}},
        {"captions": {"value": "Klingon", "modifier": "INCLUDES"}},
        {"phash_distance": {"value": 5, "modifier": "EQUALS"}},
        {"stash_id_endpoint": {"value": 5, "modifier": "EQUALS"}},
        {"duplicated": {"value": {"url": True}, "modifier": "EQUALS"}},
    ],
)
def test_criterion_without_a_translation_is_named_and_nothing_is_guessed(saved: dict[str, Any]) -> None:
    organized = {"organized": {"value": "true", "modifier": "EQUALS"}}
    name = next(iter(saved))
    assert translate(saved) == Translation(unknown=name)
    assert translate({**organized, **saved} if name != "organized" else saved) == Translation(unknown=name)


def test_filter_that_is_no_object_is_not_read() -> None:
    assert translate("title") == Translation(unknown="object_filter")
