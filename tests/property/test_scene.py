"""Whatever Stash holds, what reaches Plex can be carried in XML, and says the same each time."""

import datetime
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.core.model import LISTS, Scene, Tag
from plexsync_plugin.core.scene import clean, clean_line, desired_hash, desired_state, full_date, scene_of

texts = st.text(st.characters()) | st.none()  # lone surrogates and control characters too
named = st.none() | st.lists(st.fixed_dictionaries({"name": texts}), max_size=5)
answers = st.fixed_dictionaries(
    {"id": st.integers(1).map(str)},
    optional={
        "title": texts,
        "details": texts,
        "date": texts | st.dates().map(str),
        "code": texts,
        "director": texts,
        "rating100": st.none() | st.integers(-10, 200),
        "studio": st.none() | st.fixed_dictionaries({"name": texts}),
        "performers": named,
        "tags": named,
        "files": st.none() | st.lists(st.fixed_dictionaries({"path": st.text(), "size": st.integers(0)})),
    },
)


@given(answers)
def test_everything_that_is_sent_survives_plex_s_xml(answer: dict[str, object]) -> None:
    for value in desired_state(scene_of(answer)).values():
        for text in [value] if isinstance(value, str) else [tag.name for tag in value]:
            element = ET.fromstring(ET.tostring(ET.Element("Video", title=text), encoding="utf-8"))
            assert element.get("title") == text


@given(answers)
def test_lists_hold_no_empty_and_no_double_name(answer: dict[str, object]) -> None:
    wanted = desired_state(scene_of(answer))
    for name in LISTS:
        tags = wanted[name]
        assert isinstance(tags, tuple)
        assert len({tag.key for tag in tags}) == len(tags)
        assert all(isinstance(tag, Tag) and tag.name.strip() for tag in tags)


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str | None) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.dates())
def test_a_whole_date_stays_and_a_part_of_it_means_its_first_day(date: datetime.date) -> None:
    assert full_date(date.isoformat()) == date.isoformat()
    assert full_date(date.isoformat()[:7]) == date.replace(day=1).isoformat()
    assert full_date(date.isoformat()[:4]) == date.replace(month=1, day=1).isoformat()


@given(texts | st.from_regex(r"\d{4}(-\d{2}){0,2}", fullmatch=True))
def test_what_is_sent_as_a_date_is_one(text: str | None) -> None:
    sent = full_date(text)
    assert sent == "" or datetime.date.fromisoformat(sent).isoformat() == sent
    assert sent == "" or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", sent)


@given(answers, answers, st.booleans(), st.booleans())
def test_hashes_agree_exactly_when_the_same_is_written_to_the_same_files(
    one: dict[str, object], other: dict[str, object], preserve: bool, other_preserve: bool
) -> None:
    first, second = scene_of(one), scene_of(other)
    alike = (_written(first), preserve) == (_written(second), other_preserve)
    assert (_hash(first, preserve) == _hash(second, other_preserve)) == alike
    assert _hash(first, preserve) == _hash(scene_of(dict(one)), preserve)


def _written(scene: Scene) -> tuple[object, ...]:
    return desired_state(scene), scene.files


def _hash(scene: Scene, preserve: bool) -> str:
    return desired_hash(scene, desired_state(scene), preserve=preserve)
