"""Between the page's classes and JSON: names are JavaScript's, and what the page sends is read strictly."""

from dataclasses import asdict

import pytest

from plexsync_plugin.answers.page.arguments import (
    ActivityArguments,
    OrderArguments,
    OrderDetails,
    ProblemsArguments,
    SceneArguments,
    SearchArguments,
)
from plexsync_plugin.answers.page.form import BadArguments, plain, read
from plexsync_plugin.answers.page.library_shapes import Library, Tile
from plexsync_plugin.answers.page.shapes import Change, PreviewRow
from plexsync_plugin.answers.page.shapes import ItemLink as Link
from tools import page_types


def test_shape_becomes_json_with_the_names_of_javascript() -> None:
    row = PreviewRow(
        scene_id=7,
        title="T",
        item=Link(key=1, title="I", url=""),
        problem="",
        changes=(Change(field="genre", before="", after="A"),),
    )
    assert plain(row) == {
        "sceneId": 7,
        "title": "T",
        "item": {"key": 1, "title": "I", "url": ""},
        "problem": "",
        "changes": [{"field": "genre", "before": "", "after": "A"}],
    }


def test_keys_of_mappings_are_data_and_stay_as_they_are() -> None:
    shown = Library(
        at=None,
        tiles=(Tile(name="movies", value=1, unit="number"),),
        shares={"video_codec": (("h264", 1, 2),)},
        growth=(),
    )
    assert plain(shown)["shares"] == {"video_codec": [["h264", 1, 2]]}


def test_arguments_are_read_and_what_is_not_given_has_its_default() -> None:
    assert asdict(read(ActivityArguments, {"before": 3})) == {"before": 3, "limit": 50}
    assert asdict(read(ActivityArguments, {"before": None, "unknown": []})) == {"before": None, "limit": 50}
    assert read(ProblemsArguments, {"kind": "orders"}).kind == "orders"


def test_number_may_come_as_digits_because_ids_of_stash_do() -> None:
    assert read(SceneArguments, {"id": "12"}).id == 12
    assert read(SceneArguments, {"id": 12.0}).id == 12


def test_objects_within_arguments_are_read_too() -> None:
    given = {
        "name": "rule",
        "ids": ["4"],
        "args": {"stashPath": "/a/b.mp4", "plexPath": "/c/b.mp4", "dry": True},
    }
    details = OrderDetails(stash_path="/a/b.mp4", plex_path="/c/b.mp4", dry=True)
    assert asdict(read(OrderArguments, given)) == asdict(OrderArguments(name="rule", ids=(4,), args=details))


def test_lone_surrogate_is_replaced_because_no_database_takes_it() -> None:
    assert read(SearchArguments, {"q": "a\ud800"}).q == "a?"


@pytest.mark.parametrize(
    ("shape", "given", "complaint"),
    [
        (SceneArguments, {}, "The argument id is missing."),
        (SceneArguments, {"id": None}, "The argument id is missing."),
        (SceneArguments, {"id": "1; DROP TABLE jobs"}, "The argument id is to be a number"),
        (SceneArguments, {"id": "٣"}, "The argument id is to be a number"),
        (SceneArguments, {"id": True}, "The argument id is to be a number"),
        (SceneArguments, {"id": -1}, "The argument id is to be a number"),
        (SceneArguments, {"id": 1.5}, "The argument id is to be a number"),
        (SceneArguments, {"id": "9" * 4000}, "The argument id is to be a number"),
        (SceneArguments, {"id": 1 << 60}, "The argument id is to be a number"),
        (SearchArguments, {"q": ["a"]}, "The argument q is to be a text"),
        (SearchArguments, {"q": "a" * 5000}, "The argument q is to be a text"),
        (SearchArguments, {"kind": "photo"}, "The argument kind is to be one of movie, show"),
        (SearchArguments, {"kind": {}}, "The argument kind is to be one of movie, show"),
        (OrderArguments, {"name": "sync", "ids": 4}, "The argument ids is to be a list"),
        (OrderArguments, {"name": "sync", "ids": [1] * 1001}, "The argument ids is to be a list"),
        (OrderArguments, {"name": "sync", "args": []}, "The argument args is to be an object"),
        (OrderArguments, {"name": "rule", "args": {"dry": 1}}, r"The argument args\.dry is to be true"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_name_of_the_argument(
    shape: type, given: dict[str, object], complaint: str
) -> None:
    with pytest.raises(BadArguments, match=complaint):
        read(shape, given)


def test_types_of_the_page_are_current() -> None:
    assert page_types.PATH.read_text(encoding="utf-8") == page_types.render(), (
        "run: python -m tools.page_types"
    )


def test_types_of_the_page_hold_every_kind_of_type() -> None:
    text = page_types.render()
    assert "  before?: number | null;\n" in text  # an argument with a default
    assert "  hours: readonly Hour[];\n" in text
    assert "  kind?: ProblemKind | null;\n" in text
    assert "  growth: readonly (readonly [string, number, number])[];\n" in text
    assert "  byField: Readonly<Record<string, number>>;\n" in text
    assert 'export type Unit = "number" | "bytes" | "seconds";\n' in text
    assert "export type NoArguments = Record<string, never>;\n" in text
    assert "  overview: { args: NoArguments; data: Overview };\n" in text
