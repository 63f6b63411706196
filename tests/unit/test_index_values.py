"""Attributes to values, values to text."""

from xml.etree.ElementTree import Element

import pytest

from indexer.rows.values import duration_text, file_name, joined, moment, real, size_text, text, whole


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (0, "0 s"),
        (5_062, "5 s"),
        (59_499, "59 s"),
        (60_000, "1 min"),
        (205_000, "3 min 25 s"),
        (600_000, "10 min"),
        (2_520_000, "42 min"),
        (3_600_000, "1 h"),
        (6_120_000, "1 h 42 min"),
        (3_599_999, "1 h"),
        (360_000_000, "100 h"),
    ],
)
def test_duration_text_when_read_by_a_person(milliseconds: int, shown: str) -> None:
    assert duration_text(milliseconds) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (13_400_382, "13.4 MB"),
        (999_949_999, "999.9 MB"),
        (999_960_000, "1.0 GB"),
        (4_300_000_000, "4.3 GB"),
        (2_500_000_000_000, "2.5 TB"),
        (7_000_000_000_000_000, "7.0 PB"),
    ],
)
def test_size_text_when_read_by_a_person(size: int, shown: str) -> None:
    assert size_text(size) == shown


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("42", 42),
        ("-1", -1),
        ("", None),
        ("4.5", None),
        ("--5", None),
        ("٣", None),
        ("9007199254740992", 2**53),
        ("9007199254740993", None),
        ("1" * 19, None),
    ],
)
def test_whole_when_plex_gives_any_text(given: str, number: int | None) -> None:
    assert whole(Element("Video", index=given), "index") == number


def test_whole_when_larger_than_a_column_holds() -> None:
    assert whole(Element("Video", index="9" * 19), "index") is None
    assert whole(Element("Video", index="9" * 400), "index") is None


@pytest.mark.parametrize(
    ("given", "number"), [("7.7", 7.7), ("9", 9.0), ("", None), ("x", None), ("inf", None), ("nan", None)]
)
def test_real_when_plex_gives_any_text(given: str, number: float | None) -> None:
    assert real(Element("Video", rating=given), "rating") == number


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("0", "1970-01-01T00:00:00Z"),
        ("1579514268", "2020-01-20T09:57:48Z"),
        ("", None),
        ("-5", None),
        ("9" * 18, None),
    ],
)
def test_moment_when_plex_gives_epoch_seconds(given: str, shown: str | None) -> None:
    assert moment(Element("Video", addedAt=given), "addedAt") == shown


def test_text_when_empty_or_missing_is_null() -> None:
    assert text(Element("Video", summary=""), "summary") is None
    assert text(Element("Video"), "summary") is None
    assert joined([]) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/media/films/A (2020)/A.mkv", "A.mkv"),
        ("D:\\Films\\A.mkv", "A.mkv"),
        ("\\\\nas\\films\\Ä 1.mkv", "Ä 1.mkv"),
        ("A.mkv", "A.mkv"),
        ("/media/films/", ""),
    ],
)
def test_file_name_when_the_server_runs_anywhere(path: str, name: str) -> None:
    assert file_name(path) == name
