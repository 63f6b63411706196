"""Which libraries a run reads."""

import pytest

from indexer.file.store import KnownSection, token
from indexer.reading.selection import choose, details_are_old, is_unchanged
from plexsync_plugin.base.clock import utc_text
from plexsync_plugin.base.errors import SettingsError
from plexsync_plugin.base.names import parse_names
from plexsync_plugin.core.model import Section

NOW = 1_790_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR


def section(key: int, title: str, kind: str = "movie") -> Section:
    return Section(key=key, title=title, type=kind, content_changed_at=5, updated_at=6, scanned_at=7)


THERE = [
    section(1, "Films"),
    section(2, "TV Series ", "show"),
    section(3, "Movies, old"),
    section(4, "Älteres"),
    section(5, "Films"),
]


@pytest.mark.parametrize(
    ("titles", "keys"),
    [
        ((), [1, 2, 3, 4, 5]),
        (("", " "), [1, 2, 3, 4, 5]),
        (("Films",), [1, 5]),
        (("films", "TV Series"), [1, 5, 2]),
        (("Movies", "old", "älteres"), [3, 4]),
        (("Films", "Films"), [1, 5]),
    ],
)
def test_choose_when_titles_are_given(titles: tuple[str, ...], keys: list[int]) -> None:
    assert [found.key for found in choose(THERE, parse_names(", ".join(titles)))] == keys


def test_choose_when_a_title_is_unknown_lists_those_there_are() -> None:
    with pytest.raises(
        SettingsError, match=r'no library "Serien".*"Films", "TV Series ", "Movies, old"'
    ) as caught:
        choose(THERE, parse_names("Films, Serien"))
    assert caught.value.setting == "PLEX_LIBRARY_NAMES"


def known(**changes: object) -> KnownSection:
    values: dict[str, object] = {
        "key": 1,
        "title": "Films",
        "token": token(THERE[0]),
        "last_sweep_at": utc_text(NOW - HOUR),
        "last_details_at": utc_text(NOW - 20 * DAY),
        "runs_since_sweep": 0,
        "available": True,
    }
    return KnownSection(**{**values, **changes})  # type: ignore[arg-type] # a table of cases


@pytest.mark.parametrize(
    ("state", "unchanged"),
    [
        (known(), True),
        (None, False),
        (known(token=token(section(1, "Films renamed"))), False),
        (known(token=token(section(1, "Films", "show"))), False),
        (known(token=""), False),
        (known(available=False), False),
        (known(last_sweep_at=""), False),
        (known(last_sweep_at=utc_text(NOW - 25 * HOUR)), False),
        (known(last_sweep_at=utc_text(NOW + HOUR)), False),
        (known(runs_since_sweep=8), True),
        (known(runs_since_sweep=9), False),
    ],
)
def test_is_unchanged_when_the_library_was_read_before(state: KnownSection | None, unchanged: bool) -> None:
    assert is_unchanged(THERE[0], state, NOW) is unchanged


def test_is_unchanged_when_the_server_gives_no_counter() -> None:
    silent = Section(key=1, title="Films", type="movie")
    assert is_unchanged(silent, known(token=token(silent)), NOW) is False


@pytest.mark.parametrize(
    ("read", "old"),
    [
        (utc_text(NOW), False),
        (utc_text(NOW - 29 * DAY), False),
        (utc_text(NOW - 31 * DAY), True),
        (utc_text(NOW + HOUR), True),  # a clock was set back
        ("", True),
    ],
)
def test_details_are_old_when_they_were_read_a_month_ago_or_never(read: str, old: bool) -> None:
    assert details_are_old(known(last_details_at=read), NOW) is old
    assert details_are_old(None, NOW)
