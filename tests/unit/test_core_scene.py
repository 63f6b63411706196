"""Stash's answer -> scene -> what Plex should show."""

from typing import Any

import pytest

from plexsync_plugin.base.names import parse_names
from plexsync_plugin.base.rules import CollectionRule
from plexsync_plugin.core.model import LISTS, SCALARS, Entity, File, Scene, Tag
from plexsync_plugin.core.options import FieldOptions, Scope
from plexsync_plugin.core.scene import (
    clean,
    clean_line,
    collections_of,
    desired_hash,
    desired_state,
    format_title,
    full_date,
    out_of_scope,
    scene_of,
    split_names,
    unsure_collections,
)

FULL: dict[str, Any] = {
    "id": "12",
    "title": "  A  title ",
    "details": "First.\r\n\r\nSecond.",
    "date": "2021-05",
    "code": "AB-1",
    "director": "Ann, Bob",
    "rating100": 75,
    "organized": True,
    "updated_at": "2024-01-02T03:04:05Z",
    "studio": {"id": "3", "name": "Studio", "parent_studio": {"id": "4", "name": "Parent"}},
    "performers": [
        {"id": "5", "name": "Jane", "image_path": "http://stash/performer/5/image?t=1"},
        {"id": "6", "name": "Joe", "image_path": "http://stash/performer/6/image?default=true"},
    ],
    "tags": [{"id": "7", "name": "Drama"}, {"id": "8", "name": "B, C"}],
    "groups": [{"group": {"id": "9", "name": "Group"}}],
    "files": [{"path": "/media/a.mp4", "size": 10}, {"path": "/media/b.mp4"}],
}


def test_every_field_of_a_full_answer_is_read() -> None:
    assert scene_of(FULL) == Scene(
        id=12,
        title="A title",
        details="First.\n\nSecond.",
        date="2021-05-01",
        code="AB-1",
        director="Ann, Bob",
        rating100=75,
        studio="Studio",
        parent_studio="Parent",
        performers=("Jane", "Joe"),
        photos={"Jane": "http://stash/performer/5/image?t=1"},
        tags=("Drama", "B, C"),
        groups=("Group",),
        files=(File(path="/media/a.mp4", size=10), File(path="/media/b.mp4")),
        organized=True,
        updated_at="2024-01-02T03:04:05Z",
        entities=(
            Entity(kind="performer", id=5),
            Entity(kind="performer", id=6),
            Entity(kind="studio", id=3),
            Entity(kind="studio", id=4),
            Entity(kind="tag", id=7),
            Entity(kind="tag", id=8),
            Entity(kind="group", id=9),
        ),
        collectable={
            "studio": (("Studio", Entity(kind="studio", id=3)),),
            "parent": (("Parent", Entity(kind="studio", id=4)),),
            "groups": (("Group", Entity(kind="group", id=9)),),
        },
    )


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(FULL, None)], ids=["missing", "null"])
def test_a_scene_with_nothing_but_an_id_wants_nothing_of_plex(empty: dict[str, Any]) -> None:
    scene = scene_of({**empty, "id": 1})
    assert scene == Scene(id=1)
    wanted = desired_state(scene)
    assert wanted == dict.fromkeys(SCALARS, "") | dict.fromkeys(LISTS, ())


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("2021-05-09", "2021-05-09"),
        (" 2021-05-09 ", "2021-05-09"),
        ("2021-05", "2021-05-01"),
        ("2021", "2021-01-01"),
        ("2024-02-29", "2024-02-29"),
        ("", ""),
        (None, ""),
        ("2021-02-30", ""),
        ("2021-13", ""),
        ("2021-00-00", ""),
        ("0000", ""),
        ("21-05-09", ""),
        ("2021-5-9", ""),
        ("2021/05/09", ""),
        ("2021-05-09T00:00:00Z", ""),
        ("２０２１-05-09", ""),
        ("soon", ""),
    ],
)
def test_partial_date_means_its_first_day_and_no_date_means_none(stored: str | None, sent: str) -> None:
    assert full_date(stored) == sent


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        (None, ""),
        ("", ""),
        (" \n ", ""),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("First.\n\nSecond.", "First.\n\nSecond."),
        ("tab\tstays", "tab\tstays"),
        ("a\x00b\x07c\x1bd\x7fe", "abcde"),
        ("lone \ud800 surrogate\udfff", "lone  surrogate"),
        ("no character \ufffe\uffff", "no character"),
        ("Zoë 日本 👍🏽", "Zoë 日本 👍🏽"),
        ("“quotes” & <tags> 'single' \"double\"", "“quotes” & <tags> 'single' \"double\""),
    ],
)
def test_paragraphs_stay_and_what_xml_cannot_carry_goes(stored: str | None, sent: str) -> None:
    assert clean(stored) == sent


def test_a_long_text_is_not_cut() -> None:
    assert clean("word " * 20_000) == ("word " * 20_000).strip()


@pytest.mark.parametrize(
    ("stored", "sent"), [("  A \n B\t C ", "A B C"), ("A\u00a0B\u2028C", "A B C"), (None, "")]
)
def test_a_line_has_single_spaces(stored: str | None, sent: str) -> None:
    assert clean_line(stored) == sent


def test_names_come_once_and_in_order_whatever_their_case() -> None:
    named = [{"name": name} for name in ("Jane", " jane ", "Ann", "", None, "JANE", "Straße", "STRASSE")]
    scene = scene_of({"id": 1, "performers": named, "tags": named})
    assert scene.performers == scene.tags == ("Jane", "Ann", "Straße")


@pytest.mark.parametrize(
    ("rating", "sent"), [(None, ""), (0, "0"), (75, "7.5"), (80, "8"), (100, "10"), (120, "10"), (-5, "0")]
)
def test_rating_is_a_tenth_and_never_leaves_plex_s_scale(rating: int | None, sent: str) -> None:
    assert desired_state(Scene(id=1, rating100=rating))["userRating"] == sent


def test_everything_that_stash_has_is_wanted_under_plex_s_names() -> None:
    options = FieldOptions(
        content_rating="XXX",
        photos=True,
        ignored_tags=parse_names("drama"),
        collections=(CollectionRule(source="studio"), CollectionRule(source="groups", prefix="G: ")),
    )
    assert desired_state(scene_of(FULL), options) == {
        "title": "A title",
        "titleSort": "",
        "originalTitle": "AB-1",
        "studio": "Studio",
        "summary": "First.\n\nSecond.",
        "originallyAvailableAt": "2021-05-01",
        "contentRating": "XXX",
        "userRating": "7.5",
        "genre": (Tag(name="B, C"),),
        "actor": (Tag(name="Jane", thumb="http://stash/performer/5/image?t=1"), Tag(name="Joe")),
        "director": (Tag(name="Ann"), Tag(name="Bob")),
        "collection": (Tag(name="Studio"), Tag(name="G: Group")),
    }


@pytest.mark.parametrize(
    ("sort_format", "title", "sorted_by"),
    [
        ("", "The Zoo", ""),
        ("{title}", "The Zoo", "Zoo"),
        ("{title}", "L'été", "été"),
        ("{title}", "Theatre", "Theatre"),
        ("{title}", "The", "The"),
        ("{studio} {date}", "The Zoo", "S 2021-05-01"),
    ],
)
def test_sort_title_is_the_format_with_a_title_without_its_article(
    sort_format: str, title: str, sorted_by: str
) -> None:
    scene = Scene(id=1, title=title, studio="S", date="2021-05-01")
    assert desired_state(scene, FieldOptions(sort_title=sort_format))["titleSort"] == sorted_by


def test_performers_of_one_name_whom_stash_tells_apart_stay_two() -> None:
    answer = {
        "id": "1",
        "performers": [
            {"id": "1", "name": "Ann", "image_path": "http://stash/1"},
            {"id": "2", "name": "Ann", "disambiguation": "II", "image_path": "http://stash/2"},
            {"id": "3", "name": "Ann", "disambiguation": " II "},
        ],
    }
    cast = desired_state(scene_of(answer), FieldOptions(photos=True))["actor"]
    assert cast == (Tag(name="Ann", thumb="http://stash/1"), Tag(name="Ann (II)", thumb="http://stash/2"))


def test_a_skipped_field_is_not_wanted_at_all() -> None:
    wanted = desired_state(scene_of(FULL), FieldOptions(skipped=frozenset({"title", "actor"})))
    assert set(SCALARS + LISTS) - set(wanted) == {"title", "actor"}


@pytest.mark.parametrize(
    ("title_format", "scene", "shown"),
    [
        ("", Scene(id=1, title="T", studio="S"), "T"),
        ("{studio} - {title}", Scene(id=1, title="T", studio="S"), "S - T"),
        ("{studio} - {title}", Scene(id=1, title="T"), "T"),
        ("{studio} - {title}", Scene(id=1, studio="S"), ""),
        ("{title} ({year})", Scene(id=1, title="T", date="2021-05-01"), "T (2021)"),
        ("{title} ({year})", Scene(id=1, title="T"), "T"),
        ("{title}: {performers}", Scene(id=1, title="T", performers=("A", "B")), "T: A, B"),
        ("{code}", Scene(id=1, title="T", code="AB-1"), "AB-1"),
        ("{studio} {date}", Scene(id=1), ""),
    ],
)
def test_title_format_leaves_no_gap_where_a_value_is_missing(
    title_format: str, scene: Scene, shown: str
) -> None:
    assert format_title(scene, title_format) == shown


@pytest.mark.parametrize(
    ("text", "names"), [("", ()), (" Ann ,Bob,, ann", ("ann", "Bob")), ("Ann", ("Ann",))]
)
def test_directors_are_separated_by_commas(text: str, names: tuple[str, ...]) -> None:
    assert tuple(name.casefold() for name in split_names(text)) == tuple(name.casefold() for name in names)


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (CollectionRule(source="studio"), ("Studio",)),
        (CollectionRule(source="parent", prefix="P "), ("P Parent",)),
        (CollectionRule(source="groups"), ("Group",)),
        (CollectionRule(source="tag", name="dRAMA"), ("Drama",)),
        (CollectionRule(source="tag", name="none"), ()),
    ],
)
def test_collections_follow_their_rule(rule: CollectionRule, names: tuple[str, ...]) -> None:
    assert collections_of(scene_of(FULL), [rule, rule]) == names


FILTERED = (CollectionRule(source="filter", name="To watch", prefix="My "), CollectionRule(source="groups"))


def test_collection_of_a_saved_filter_is_that_of_the_scenes_that_fit_it() -> None:
    assert collections_of(Scene(id=1, filters=("to WATCH",)), FILTERED) == ("My To watch",)
    assert collections_of(Scene(id=1, filters=("Other",)), FILTERED) == ()


def test_collection_of_a_filter_that_cannot_be_told_is_unsure_and_counts_in_the_hash() -> None:
    unsure = Scene(id=1, unsure_filters=("to watch", "Other"))
    assert unsure_collections(unsure, FILTERED) == frozenset({"my to watch"})
    assert unsure_collections(Scene(id=1, filters=("To watch",)), FILTERED) == frozenset()
    assert collections_of(unsure, FILTERED) == ()
    digests = {desired_hash(scene, {}, preserve=False) for scene in (unsure, Scene(id=1))}
    assert len(digests) == 2


def test_no_collection_where_the_scene_has_no_studio() -> None:
    assert (
        collections_of(Scene(id=1), [CollectionRule(source="studio"), CollectionRule(source="parent")]) == ()
    )


@pytest.mark.parametrize(
    ("limits", "setting"),
    [
        (Scope(), ""),
        (Scope(only_organized=True), ""),
        (Scope(required_tags=parse_names("drama")), ""),
        (Scope(required_tags=parse_names("drama, other")), "require_tags"),
        (Scope(excluded_tags=parse_names("other")), ""),
        (Scope(excluded_tags=parse_names("drama")), "exclude_tags"),
        (Scope(excluded_tags=parse_names("drama, other")), "exclude_tags"),
        (Scope(excluded_tags=parse_names('"drama, other"')), ""),
        (Scope(included_paths=("/media",)), ""),
        (Scope(included_paths=("/med",)), "include_paths"),
        (Scope(excluded_paths=("/media/b.mp4",)), "exclude_paths"),
        (Scope(excluded_paths=("/other",)), ""),
    ],
)
def test_scene_out_of_scope_names_the_setting(limits: Scope, setting: str) -> None:
    reason = out_of_scope(scene_of(FULL), limits)
    assert (setting in reason) if setting else (reason == "")


def test_scene_that_is_not_organized_is_out_of_scope_where_only_organized_is_on() -> None:
    assert "only_organized" in out_of_scope(Scene(id=1), Scope(only_organized=True))


BASE = Scene(id=1, title="T", tags=("a", "b"), performers=("J",), files=(File(path="/a", size=1),))


@pytest.mark.parametrize(
    "other",
    [
        {"title": "U"},
        {"details": "D"},
        {"date": "2021-01-01"},
        {"studio": "S"},
        {"tags": ("b", "a")},
        {"tags": ("a, b",)},
        {"performers": ()},
        {"files": (File(path="/a", size=2),)},
        {"files": (File(path="/b", size=1),)},
    ],
    ids=str,
)
def test_hash_differs_when_something_that_is_written_differs(other: dict[str, Any]) -> None:
    fields = {"id": 1, "title": "T", "tags": ("a", "b"), "performers": ("J",), "files": BASE.files}
    changed = Scene(**{**fields, **other})
    assert _hash(changed) != _hash(BASE)


def test_hash_stays_when_nothing_that_is_written_differs() -> None:
    again = Scene(id=1, title="T", tags=("a", "b"), performers=("J",), files=BASE.files, updated_at="later")
    assert _hash(again) == _hash(BASE)


def test_hash_differs_when_preserve_plex_edits_is_changed() -> None:
    wanted = desired_state(BASE)
    assert desired_hash(BASE, wanted, preserve=True) != desired_hash(BASE, wanted, preserve=False)


def _hash(scene: Scene) -> str:
    return desired_hash(scene, desired_state(scene), preserve=False)
