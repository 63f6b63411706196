"""What is recognised as ours, and that the ledger survives being stored."""

import json

import pytest

from plexsync_plugin.core.ledger import Record, Saved, Value, alike, dump, load, same, written_tags
from plexsync_plugin.core.model import Tag


def tags(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(name=name) for name in names)


@pytest.mark.parametrize(
    ("one", "other", "are_alike", "are_same"),
    [
        ("", "", True, True),
        ("a b", "a b", True, True),
        ("a b", " a\n\nb ", True, False),
        ("a b", "A b", False, False),
        ("a b", "ab", False, False),
        ("", "a", False, False),
        ((), (), True, True),
        (tags("a", "b"), tags("A", "B"), True, False),
        (tags("a", "b"), tags("b", "a"), True, False),
        (tags("a", "b"), tags("a"), False, False),
        (tags("straße"), tags("STRASSE"), True, False),
        ((Tag(name="a", role="Hero", thumb="t"),), tags("a"), True, True),
        ("", (), False, False),
        ("a", tags("a"), False, False),
    ],
)
def test_values_compare_as_a_server_may_show_them(
    one: Value, other: Value, are_alike: bool, are_same: bool
) -> None:
    assert alike(one, other) == alike(other, one) == are_alike
    assert same(one, other) == same(other, one) == are_same


@pytest.mark.parametrize(
    ("wrote", "shown", "ours"),
    [
        ((), "", False),
        (("one",), "one", True),
        (("one", "two"), " one", True),
        (("one", "two"), "two", True),
        (("one", "two"), "three", False),
    ],
)
def test_any_value_that_may_have_been_written_is_ours(wrote: tuple[str, ...], shown: str, ours: bool) -> None:
    assert Record(wrote=wrote).is_ours(shown) == ours


def test_writing_names_each_value_once_and_takes_the_new_saved_one() -> None:
    old = Record(wrote=("one", "two"), saved=Saved(value="old", locked=False))
    new = Record(wrote=("two",), saved=Saved(value="theirs", locked=True))
    assert old.writing(new) == Record(wrote=("one", "two"), saved=new.saved)


def test_ledger_is_readable_text_and_reads_back() -> None:
    member = Tag(name="Zoë", role="Hero", thumb="https://image")
    ledger = {
        "title": Record(wrote=("One", "Two"), saved=Saved(value="Ältere", locked=True)),
        "actor": Record(wrote=((member,), ()), saved=Saved(value=tags("b", "c"), locked=False)),
        "genre": Record(wrote=(tags("a"),)),
    }
    stored = dump(ledger)
    assert "Ältere" in stored
    assert list(json.loads(stored)) == ["actor", "genre", "title"]
    assert load(stored) == ledger


def test_tags_that_we_wrote_are_told_by_their_keys() -> None:
    record = Record(wrote=(tags("A", "b"), tags("b", "C")))
    assert written_tags(record, {"a", "b", "z"}) == tags("A", "b")
    assert written_tags(record, set()) == written_tags(None, {"a"}) == ()
    assert written_tags(Record(wrote=("a",)), {"a"}) == ()
