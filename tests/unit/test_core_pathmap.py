"""Paths of any system, and the rules between Stash's and Plex's."""

import pytest

from plexsync_plugin.base.rules import PathRule, parse_path_map
from plexsync_plugin.core.pathmap import (
    PathMap,
    common_suffix,
    depth_below,
    file_name,
    folder_of,
    is_below,
    rule_between,
    same_path,
    spellings,
    to_plex,
    to_stash,
)

WINDOWS = "D:\\Media\\a\\b.mp4"
SHARE = "\\\\nas\\media\\a\\b.mp4"


@pytest.mark.parametrize(
    ("path", "name", "folder"),
    [
        ("/data/a/b.mp4", "b.mp4", "/data/a"),
        ("/b.mp4", "b.mp4", "/"),
        ("/data/back\\slash.mp4", "back\\slash.mp4", "/data"),
        (WINDOWS, "b.mp4", "D:\\Media\\a"),
        ("D:/Media/b.mp4", "b.mp4", "D:\\Media"),
        ("D:\\b.mp4", "b.mp4", "D:\\"),
        (SHARE, "b.mp4", "\\\\nas\\media\\a"),
    ],
)
def test_name_and_folder_of_a_path(path: str, name: str, folder: str) -> None:
    assert (file_name(path), folder_of(path)) == (name, folder)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/a/b.mp4", "/a/b.mp4", True),
        ("/a/b.mp4", "/A/b.mp4", False),
        (WINDOWS, "d:/media/A/B.mp4", True),
        (SHARE, "\\\\NAS\\media\\a\\b.mp4", True),
        ("/nas/media/a/b.mp4", SHARE, False),
        (WINDOWS, "/D:/Media/a/b.mp4", False),
    ],
)
def test_same_path_without_case_on_windows_alone(one: str, other: str, same: bool) -> None:
    assert same_path(one, other) is same


@pytest.mark.parametrize(
    ("rules", "path", "plex"),
    [
        ("/data => /media", "/data/a/b.mp4", "/media/a/b.mp4"),
        ("/data => /media", "/database/b.mp4", None),
        ("/data => /media", "/DATA/a/b.mp4", None),
        ("/data/ => /media/", "/data/b.mp4", "/media/b.mp4"),
        ("/ => /mnt/user", "/a/b.mp4", "/mnt/user/a/b.mp4"),
        ("/mnt/user => /", "/mnt/user/a/b.mp4", "/a/b.mp4"),
        ("/data => D:\\Media", "/data/a/b.mp4", WINDOWS),
        ("/data => D:/Media", "/data/a/b.mp4", WINDOWS),
        ("/data => D:\\", "/data/b.mp4", "D:\\b.mp4"),
        ("/data => \\\\nas\\media", "/data/a/b.mp4", SHARE),
        ("d:\\media => /data", WINDOWS, "/data/a/b.mp4"),
        ("D: => /data", WINDOWS, "/data/Media/a/b.mp4"),
        ("\\\\NAS\\media => Z:", SHARE, "Z:\\a\\b.mp4"),
        ("/nas => /data", SHARE, None),
        ("/data => /one; /data/a => /two", "/data/a/b.mp4", "/two/b.mp4"),
        ("/data/a => /two; /data => /one", "/data/a/b.mp4", "/two/b.mp4"),
        ("/data/a => /two; /data => /one", "/data/c/b.mp4", "/one/c/b.mp4"),
    ],
)
def test_longest_rule_leads_to_the_path_in_plex(rules: str, path: str, plex: str | None) -> None:
    assert to_plex(path, parse_path_map(rules)) == (() if plex is None else (plex,))


def test_two_rules_for_one_folder_give_two_places() -> None:
    rules = parse_path_map("/data => /one; /data => /two")
    assert to_plex("/data/b.mp4", rules) == ("/one/b.mp4", "/two/b.mp4")


def test_path_of_plex_is_named_as_stash_names_it() -> None:
    rules = parse_path_map("/data => D:\\Media; /more => D:\\Media\\more")
    assert to_stash("d:/media/More/b.mp4", rules) == ("/more/b.mp4",)
    assert PathMap(rules=rules).in_stash("E:\\b.mp4") == "E:\\b.mp4"


def test_places_of_a_file_are_ruled_then_learned_then_its_own() -> None:
    paths = PathMap(
        rules=(PathRule(stash="/data", plex="/ruled"),), learned=(PathRule(stash="/data", plex="/learned"),)
    )
    places = [(place.path, place.certain) for place in paths.places("/data/b.mp4")]
    assert places == [("/ruled/b.mp4", True), ("/learned/b.mp4", False), ("/data/b.mp4", False)]
    assert [(place.path, place.certain) for place in paths.places("/other/b.mp4")] == [("/other/b.mp4", True)]


def test_rule_that_leads_nowhere_else_keeps_its_place_certain() -> None:
    paths = PathMap(rules=(PathRule(stash="/data", plex="/data"),))
    assert [(place.path, place.certain) for place in paths.places("/data/b.mp4")] == [("/data/b.mp4", True)]


@pytest.mark.parametrize(
    ("stash", "plex", "rule"),
    [
        ("/data/videos/a/b.mp4", "/media/videos/a/b.mp4", ("/data", "/media")),
        ("/data/b.mp4", "/mnt/data/b.mp4", ("/", "/mnt")),
        ("/data/a/b.mp4", WINDOWS, ("/data", "D:\\Media")),
        ("D:\\Media\\A\\b.mp4", "/data/a/b.mp4", ("D:\\Media", "/data")),
        ("D:\\a\\b.mp4", "/data/a/b.mp4", ("D:\\", "/data")),
        ("/data/A/b.mp4", "/data/a/b.mp4", ("/data/A", "/data/a")),
        ("/data/a/B.mp4", "/data/a/b.mp4", None),
        ("/data/b.mp4", "/data/b.mp4", None),
        ("D:\\b.mp4", "d:\\b.mp4", None),
    ],
)
def test_rule_between_two_paths_of_one_file(stash: str, plex: str, rule: tuple[str, str] | None) -> None:
    found = rule_between(stash, plex)
    assert (None if found is None else (found.stash, found.plex)) == rule


def test_suffix_in_common_does_not_regard_case() -> None:
    assert common_suffix("/data/a/b.mp4", "D:\\x\\A\\B.mp4") == 2
    assert common_suffix("/data/a/b.mp4", "/data/a/c.mp4") == 0


@pytest.mark.parametrize(
    ("path", "folder", "depth"),
    [
        ("/media/a/b.mp4", "/media", 1),
        ("/media/a/b.mp4", "/media/a/", 2),
        ("/media/a/b.mp4", "/Media", None),
        ("/media/a/b.mp4", "/", 0),
        (WINDOWS, "d:\\MEDIA", 2),
        (WINDOWS, "/", None),
    ],
)
def test_depth_of_the_folder_that_a_path_lies_below(path: str, folder: str, depth: int | None) -> None:
    assert depth_below(path, folder) == depth


def test_folder_that_only_begins_with_the_name_does_not_hold_the_path() -> None:
    assert is_below("/data/a/b.mp4", ["/dat", "/DATA/A"])
    assert not is_below("/data/a/b.mp4", ["/dat", "/data/a/b"])


def test_spellings_are_the_text_itself_then_composed_then_decomposed() -> None:
    assert spellings("plain.mp4") == ("plain.mp4",)
    composed, decomposed = "caf\u00e9.mp4", "cafe\u0301.mp4"
    assert spellings(composed) == (composed, decomposed)
    assert spellings(decomposed) == (decomposed, composed)


def test_path_without_a_name_has_none() -> None:
    assert (file_name("/"), file_name("")) == ("", "")
