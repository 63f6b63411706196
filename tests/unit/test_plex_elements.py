"""Plex's XML as our values, whatever is missing in it."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from plexsync_plugin.core.model import LISTS, SCALARS, File, Item, Kind, Section, Server, Tag
from plexsync_plugin.plex import elements

MOVIE = """
<Video ratingKey="77" librarySectionID="3" type="movie" title="T &amp; é" studio="S" summary="One.&#10;Two."
  originallyAvailableAt="2024-01-02" userRating="8.0" thumb="/library/metadata/77/thumb/1">
  <Media><Part file="/media/a (1).mp4" size="1000"/><Part file="/media/b.mp4"/></Media>
  <Media><Part size="5"/><Part file="" size="5"/><Part file="/media/c.mp4" size="many"/></Media>
  <Genre tag="Drama"/><Genre tag="B, C"/>
  <Director tag="Ann"/>
  <Role tag="Jane" role="Hero" thumb="https://image"/><Role tag="Joe"/>
  <Collection tag="Mine"/>
  <Field locked="1" name="title"/><Field locked="0" name="studio"/><Field name="summary"/>
  <Extras><Video><Media><Part file="/media/trailer.mp4" size="1"/></Media></Video></Extras>
</Video>
"""


def test_item_is_read_with_values_lists_locks_and_files() -> None:
    assert elements.item(fromstring(MOVIE), SCALARS) == Item(
        rating_key=77,
        section=3,
        kind=Kind.MOVIE,
        title="T & é",
        scalars={
            "title": "T & é",
            "titleSort": "",
            "originalTitle": "",
            "studio": "S",
            "summary": "One.\nTwo.",
            "originallyAvailableAt": "2024-01-02",
            "contentRating": "",
            "userRating": "8",
        },
        lists={
            "genre": (Tag(name="Drama"), Tag(name="B, C")),
            "actor": (Tag(name="Jane", role="Hero", thumb="https://image"), Tag(name="Joe")),
            "director": (Tag(name="Ann"),),
            "collection": (Tag(name="Mine"),),
        },
        locked=frozenset({"title"}),
        pictures={"thumb": "/library/metadata/77/thumb/1"},
        files=(
            File(path="/media/a (1).mp4", size=1000),
            File(path="/media/b.mp4"),
            File(path="/media/c.mp4"),
        ),
    )


def test_item_with_nothing_has_every_field_empty() -> None:
    found = elements.item(Element("Video"), SCALARS)
    assert found.scalars == dict.fromkeys(SCALARS, "")
    assert found.lists == dict.fromkeys(LISTS, ())
    assert (found.rating_key, found.section, found.locked, found.files) == (0, 0, frozenset(), ())


@pytest.mark.parametrize(
    ("kind", "number"),
    [("movie", Kind.MOVIE), ("episode", Kind.EPISODE), ("show", Kind.SHOW), ("season", Kind.SEASON)],
)
def test_kind_of_an_item_is_plex_s_number(kind: str, number: Kind) -> None:
    assert elements.item(Element("Video", type=kind), ()).kind == number


@pytest.mark.parametrize(("shown", "read"), [("8.0", "8"), ("7.5", "7.5"), ("10.0", "10"), ("8", "8")])
def test_rating_reads_back_as_it_is_written(shown: str, read: str) -> None:
    assert elements.item(Element("Video", userRating=shown), ("userRating",)).scalars == {"userRating": read}


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("77", 77),
        ("-1", -1),
        ("0", 0),
        ("", 0),
        ("x", 0),
        ("1.5", 0),
        ("-", 0),
        ("1-2", 0),
        ("²", 0),
        ("--5", 0),
    ],
)
def test_number_that_is_none_reads_as_zero(shown: str, read: int) -> None:
    assert elements.number(Element("Video", size=shown), "size") == read
    assert elements.number(Element("Video"), "size") == 0


def test_section_is_read_with_its_folders_and_change_token() -> None:
    found = elements.section(
        fromstring(
            '<Directory key="3" type="movie" title="Films" uuid="u-1" contentChangedAt="18253756" updatedAt="17" '
            'scannedAt="18"><Location id="1" path="/media/a"/><Location id="2" path="/media/b"/></Directory>'
        )
    )
    assert found == Section(
        key=3,
        title="Films",
        type="movie",
        uuid="u-1",
        content_changed_at=18_253_756,
        updated_at=17,
        scanned_at=18,
        locations=("/media/a", "/media/b"),
    )


def test_section_of_an_old_server_has_less() -> None:
    assert elements.section(fromstring('<Directory key="3" type="movie" title="F"/>')) == Section(
        key=3, title="F", type="movie"
    )


def test_server_is_read_from_its_root() -> None:
    root = fromstring('<MediaContainer machineIdentifier="abc" version="1.43" friendlyName="Zoë\'s"/>')
    assert elements.server(root) == Server(machine_id="abc", version="1.43", name="Zoë's")
    assert elements.server(Element("MediaContainer")) == Server(machine_id="", version="", name="")
