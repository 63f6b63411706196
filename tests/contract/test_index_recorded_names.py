"""Every attribute and element of every recorded item, library and listing is stored, or left out on purpose."""

from xml.etree.ElementTree import fromstring

import pytest

from tests.contract.index_names import Survey, survey
from tests.contract.index_recordings import COMPLETE, Answer, complete_answers, excerpts, items, libraries
from tools.left_out import LEFT_OUT


@pytest.fixture(scope="module")
def excerpt() -> Survey:
    return survey(excerpts())


def test_attributes_when_recorded_are_stored_or_left_out_on_purpose(excerpt: Survey) -> None:
    assert len(excerpt.read) > 150
    assert excerpt.forgotten() == []


def test_left_out_when_listed_is_in_a_recorded_answer(excerpt: Survey) -> None:
    recorded = set().union(*(name.entries for name in excerpt.unread))
    assert set(LEFT_OUT) - recorded == set()


def test_left_out_when_listed_is_not_stored_all_the_same(excerpt: Survey) -> None:
    stored = set().union(*(name.entries for name in excerpt.read))
    assert {name for name in LEFT_OUT if not name.endswith(".*")} & stored == set()


def test_attributes_when_neither_stored_nor_left_out_are_told() -> None:
    root = fromstring(
        '<MediaContainer size="1"><Video type="movie" ratingKey="1" title="A" shoeSize="43">'
        '<Media id="1" smell="2"><Part id="2"><Cover/></Part></Media><Extras><Video hat="1"/></Extras></Video></MediaContainer>'
    )
    found = survey([Answer(source="here", root=root)])
    assert found.forgotten() == [
        "item/Media.smell in here",
        "item/Media/Part/Cover. in here",
        "movie.shoeSize in here",
    ]
    assert {str(name) for name in found.read} == {
        "movie.ratingKey",
        "movie.title",
        "item/Media.id",
        "item/Media/Part.id",
    }


@pytest.mark.skipif(not COMPLETE.is_dir(), reason="The complete recordings do not lie beside the repository.")
def test_recordings_when_complete_hold_nothing_that_the_excerpts_lack(excerpt: Survey) -> None:
    answers = list(complete_answers())
    assert sum(len(items(answer.root)) for answer in answers) >= 301
    assert sum(len(libraries(answer.root)) for answer in answers) >= 18
    complete = survey(answers)
    assert complete.forgotten() == []
    assert {name for name in complete.read | set(complete.unread) if name.scope != "listing"} == {
        name for name in excerpt.read | set(excerpt.unread) if name.scope != "listing"
    }
    assert {name for name in complete.unread if name.scope == "listing" and not name.path} == {
        name for name in excerpt.unread if name.scope == "listing" and not name.path
    }
