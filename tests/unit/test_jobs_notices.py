"""What a person has been told and is still true."""

import sqlite3
from collections.abc import Iterator

import pytest

from plexsync_plugin.jobs.notices import Notice, NoticeStore
from tests.memory_state import memory_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with memory_state() as connection:
        yield connection


def test_notice_stands_until_it_is_dropped(connection: sqlite3.Connection) -> None:
    notices = NoticeStore(connection)
    mild = Notice(level="warning", text="Mind this.", blocking=False)
    grave = Notice(level="error", text="Nothing goes.", blocking=True)
    notices.add("dead:Ambiguous", mild, 1.0, delivered=True)
    assert notices.blocking() == ""
    notices.add("setting:plex_url", grave, 2.0, delivered=False)
    assert (notices.standing(), notices.blocking()) == ([grave], "Nothing goes.")
    assert list(notices.by_cause().values()) == [mild, grave]
    assert (notices.causes("dead:"), notices.stands("dead:")) == (["dead:Ambiguous"], False)
    assert notices.undelivered() == {"setting:plex_url": grave}
    notices.set_delivered("setting:plex_url")
    assert notices.undelivered() == {}
    assert (notices.drop("setting:plex_url"), notices.drop("setting:plex_url")) == (True, False)
    assert notices.stands("dead:Ambiguous")
    assert not notices.stands("setting:plex_url")
