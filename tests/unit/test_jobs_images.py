"""The pictures that each item of each server was given."""

from collections.abc import Iterator

import pytest

from plexsync_plugin.core.picture import Given
from plexsync_plugin.jobs.images import Images
from tests.memory_state import memory_state


@pytest.fixture
def images() -> Iterator[Images]:
    with memory_state() as connection:
        yield Images(connection)


def given(rating_key: int, element: str, sha1: str = "a") -> Given:
    return Given(
        rating_key=rating_key,
        element=element,
        section=1,
        kind=1,
        sha1=sha1,
        sending="b,c",
        source="d",
        saved="",
        saved_locked=True,
    )


def test_picture_is_kept_by_server_item_and_element(images: Images) -> None:
    poster, art = given(7, "posters"), given(7, "arts")
    images.put("s", poster)
    images.put("s", art)
    images.put("other", given(7, "posters", sha1="z"))
    assert images.given("s", 7) == {"posters": poster, "arts": art}
    assert images.given("s", 8) == {}
    newer = given(7, "posters", sha1="x")
    images.put("s", newer)
    assert images.given("s", 7) == {"posters": newer, "arts": art}


def test_dropped_pictures_of_an_item_leave_all_others(images: Images) -> None:
    for server, key, element in (
        ("s", 7, "posters"),
        ("s", 7, "arts"),
        ("s", 8, "posters"),
        ("t", 7, "posters"),
    ):
        images.put(server, given(key, element))
    images.drop("s", 7, ["posters"])
    assert list(images.given("s", 7)) == ["arts"]
    images.drop_all("s", 7)
    assert images.given("s", 7) == {}
    assert list(images.given("s", 8)) == list(images.given("t", 7)) == ["posters"]
