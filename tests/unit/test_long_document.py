"""Pictures leave a long document before it is read, and nothing else of it changes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexsync_plugin.base.long_document import without_pictures


def document(value: Any, *, compact: bool) -> bytes:
    return json.dumps({"input": value}, separators=(",", ":") if compact else None).encode()


def read(value: Any, *, compact: bool = True) -> Any:
    return json.loads(without_pictures(document(value, compact=compact)))["input"]


@pytest.mark.parametrize("compact", [True, False])
@pytest.mark.parametrize("key", ["cover_image", "image", "front_image", "back_image"])
def test_picture_becomes_its_checksum(key: str, compact: bool) -> None:
    picture = "data:image/jpeg;base64," + "A" * 1000
    one, same = ({"id": "1", key: picture} for _ in range(2))
    other = {"id": "1", key: picture + "B"}
    found = read(one, compact=compact)
    assert found["id"] == "1"
    assert len(found[key]) == 8
    assert found == read(same, compact=compact)
    assert found != read(other, compact=compact)


TEXTS = st.text(st.sampled_from('image":\\ é\n{}[],A'), max_size=12) | st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "cover_image", "image", 'x"image', "ids"]) | TEXTS,
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def is_picture(name: str, value: Any) -> bool:
    return name.endswith("image") and isinstance(value, str)


def without(value: Any) -> Any:
    if isinstance(value, list):
        return [without(entry) for entry in value]
    if isinstance(value, dict):
        return {name: None if is_picture(name, entry) else without(entry) for name, entry in value.items()}
    return value


@given(value=VALUES, compact=st.booleans())
def test_all_but_pictures_is_read_as_it_was(value: Any, compact: bool) -> None:
    assert without(read(value, compact=compact)) == without(value)


@given(st.binary(max_size=30) | st.sampled_from([b'"image":"', b'"image":', b'{"image":"A\\"', b'"image": ']))
def test_half_a_document_stays_one(end: bytes) -> None:
    assert without_pictures(b'{"a": 1, ' + end).startswith(b'{"a": 1, ')
