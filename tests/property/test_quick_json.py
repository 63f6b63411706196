"""The hook's JSON is `json`'s: the same values from the same texts, the same texts from the same values, the same refusals."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.base import quick_json
from tests.hook_runs import VERSIONS, recorded_documents

KEYS = st.text() | st.integers()
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(KEYS, inner),
)
SPACES = st.text(" \t\n\r\x0b\xa0﻿", max_size=3)


def outcome(load: Any, text: str) -> object:
    try:
        return repr(load(text))
    except ValueError as error:
        return f"{type(error).__name__}: {error}"


@given(VALUES)
def test_values_become_the_same_text(value: Any) -> None:
    assert quick_json.dumps(value) == json.dumps(value)


@given(VALUES, SPACES, SPACES, st.booleans())
def test_texts_become_the_same_values(value: Any, before: str, after: str, ascii_alone: bool) -> None:
    text = before + json.dumps(value, ensure_ascii=ascii_alone) + after
    assert outcome(quick_json.loads, text) == outcome(json.loads, text)


@given(st.text('[]{}:,"\\ue0123456789.-+ \nnultrefaNInity', max_size=20))
def test_what_is_no_json_is_refused_in_the_same_words(text: str) -> None:
    assert outcome(quick_json.loads, text) == outcome(json.loads, text)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_stash_writes_is_read_as_json_reads_it(version: str) -> None:
    documents = recorded_documents(version)
    assert documents
    for document in documents.values():
        assert quick_json.loads(document.decode()) == json.loads(document)


def test_what_json_cannot_write_is_refused_by_json() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        quick_json.dumps({"a": [{1, 2}]})


def test_without_the_c_functions_json_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_json, "_scan", None)
    monkeypatch.setattr(quick_json, "_quoted", None)
    assert quick_json.dumps({"a": ["é", None]}) == json.dumps({"a": ["é", None]})
    assert quick_json.loads('{"a": 1.5}') == {"a": 1.5}
    with pytest.raises(ValueError, match="Extra data"):
        quick_json.loads("{} {}")
