"""Plex's stream of events becomes typed values; what cannot be read is none, and breaks nothing."""

import threading

import pytest

from plexsync_plugin.plex.events import (
    Connected,
    Event,
    LibraryEvent,
    PlayingEvent,
    TimelineEvent,
    parse,
    signals,
)

LIBRARY = "com.plexapp.plugins.library"
ENDED = '{"ActivityNotification": {"event": "%s", "Activity": {"type": "%s"}}}'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            f'{{"TimelineEntry": {{"state": 5, "identifier": "{LIBRARY}", "sectionID": "2", "itemID": "41", '
            '"parentItemID": 7, "rootItemID": "8", "type": 4, "title": "A", "updatedAt": 1700000000}}',
            [TimelineEvent(item=41, state=5, section=2, kind=4, parent=7, root=8, updated_at=1_700_000_000)],
        ),
        (
            '{"TimelineEntry": [{"itemID": 1, "state": "1"}, {"itemID": "2", "state": "9", "sectionID": -1}]}',
            [TimelineEvent(item=1, state=1), TimelineEvent(item=2, state=9, section=-1)],
        ),
        ('{"TimelineEntry": {"itemID": "x", "state": []}}', [TimelineEvent(item=0, state=-1)]),
        (
            '{"TimelineEntry": {"itemID": 1e400, "state": 5, "sectionID": 1e30}}',
            [TimelineEvent(item=0, state=5)],
        ),
        ('{"TimelineEntry": {"state": 5, "identifier": "tv.plex.providers.epg"}}', []),
        (
            '{"NotificationContainer": {"type": "timeline", "TimelineEntry": [{"state": 5, "itemID": 3}]}}',
            [TimelineEvent(item=3, state=5)],
        ),
        (
            '{"PlaySessionStateNotification": {"sessionKey": "12", "ratingKey": "7", "viewOffset": 61000, '
            '"state": "stopped", "key": "/library/metadata/7"}}',
            [PlayingEvent(session="12", state="stopped", rating_key=7, view_offset=61_000)],
        ),
        (
            '{"NotificationContainer": {"type": "playing", "PlaySessionStateNotification": '
            '[{"sessionKey": 1, "ratingKey": 8, "viewOffset": -5, "state": "playing"}, {"ratingKey": ""}]}}',
            [PlayingEvent(session="1", state="playing", rating_key=8)],
        ),
        (ENDED % ("ended", "library.update.section"), [LibraryEvent()]),
        (ENDED % ("started", "library.update.section"), []),
        (ENDED % ("ended", "butler"), []),
        ('{"StatusNotification": {"notificationName": "LIBRARY_UPDATE"}}', [LibraryEvent()]),
        ("{}", []),
        ("[]", []),
        ("null", []),
        ("not JSON", []),
        (
            '{"TimelineEntry": 7, "ActivityNotification": {"Activity": 1}, "PlaySessionStateNotification": "a"}',
            [],
        ),
        pytest.param("[" * 1_500 + "]" * 1_500, [], id="deeper than Python 3.11 reads"),
        pytest.param('{"a":[' * 166_666, [], id="deeper than the stack of a thread"),
    ],
)
def test_message_becomes_events(text: str, found: list[Event]) -> None:
    assert list(parse(text)) == found


def test_message_with_a_thousand_entries_is_read() -> None:
    text = '{"TimelineEntry": [%s{"itemID": 1, "state": 5}]}' % ('{"itemID": 1, "state": 3}, ' * 1_000)
    assert [each.settled for each in parse(text) if isinstance(each, TimelineEvent)].count(True) == 1


@pytest.mark.parametrize(
    ("state", "settled", "deleted"), [(0, False, False), (3, False, False), (5, True, False), (9, True, True)]
)
def test_item_is_settled_when_it_is_processed_or_deleted(state: int, settled: bool, deleted: bool) -> None:
    event = TimelineEvent(item=1, state=state)
    assert (event.settled, event.deleted) == (settled, deleted)


def test_play_ends_with_its_stop_alone() -> None:
    states = ("playing", "paused", "buffering", "stopped")
    events = [PlayingEvent(session="1", state=state, rating_key=1) for state in states]
    assert [event.stopped for event in events] == [False, False, False, True]


def test_stream_when_an_event_is_nested_without_end_is_listened_to_further() -> None:
    lines = ["", "data: " + "[" * 100_000, "", 'data: {"TimelineEntry": {"itemID": 1, "state": 5}}', ""]
    heard: list[object] = []
    # In a thread, as it is listened to: musl's have a smaller stack than a process's first.
    listener = threading.Thread(target=lambda: heard.extend(signals(lines)))
    listener.start()
    listener.join(60.0)
    assert heard == [Connected(), TimelineEvent(item=1, state=5)]


def test_lines_when_a_stream_begins_and_goes_on_become_signals() -> None:
    change = 'data: {"TimelineEntry":\ndata: {"itemID": 1, "state": 5}}'
    lines = ["", "event: timeline", *change.split("\n"), "", ": comment", "event: ping", "data: {}", ""]
    assert list(signals(lines)) == [Connected(), TimelineEvent(item=1, state=5)]
    assert list(signals([])) == []


def test_event_of_many_lines_without_end_is_left_out_and_the_next_is_heard() -> None:
    long = [
        "",
        *(["data: " + "x" * 100_000] * 30),
        "",
        'data: {"TimelineEntry": {"itemID": 1, "state": 9}}',
        "",
    ]
    assert list(signals(long)) == [Connected(), TimelineEvent(item=1, state=9)]
