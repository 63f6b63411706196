"""What rings is gathered, and handed out once it has calmed down; our own writes explain their own events."""

import pytest

from plexsync_plugin.base.errors import PlexUnavailable
from plexsync_plugin.plex.events import (
    Broken,
    Connected,
    LibraryEvent,
    PlayingEvent,
    Signal,
    TimelineEvent,
)
from plexsync_plugin.worker.live.bell import LONGEST, MOST, QUIET, Bell, PlayEnd, Rung
from plexsync_plugin.worker.live.own_writes import WAKE, OwnWrites
from tests.clocks import HandClock

PROCESSED, DELETED = 5, 9


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def own(clock: HandClock) -> OwnWrites:
    return OwnWrites(clock)


@pytest.fixture
def bell(own: OwnWrites, clock: HandClock) -> Bell:
    return Bell(own, clock)


def timeline(item: int, state: int = PROCESSED, kind: int = 1, at: int = 0) -> TimelineEvent:
    return TimelineEvent(item=item, state=state, section=1, kind=kind, updated_at=at)


def taken(bell: Bell, clock: HandClock) -> Rung:
    clock.time += QUIET
    rung = bell.take()
    assert rung is not None
    return rung


def test_nothing_rings_and_nothing_is_taken(bell: Bell, clock: HandClock) -> None:
    clock.time += 3_600
    assert bell.take() is None


@pytest.mark.parametrize(
    "signal",
    [
        timeline(1, state=0),
        timeline(1, state=3),
        timeline(0),
        timeline(1, kind=2),
        timeline(1, kind=18),
        LibraryEvent(),
        PlayingEvent(session="1", state="playing", rating_key=1),
        PlayingEvent(session="1", state="paused", rating_key=1),
        Broken(PlexUnavailable("Away.")),
    ],
)
def test_signal_that_changes_no_video_does_not_ring(bell: Bell, signal: Signal) -> None:
    bell.ring(signal)
    assert not bell.rings


def test_events_of_one_item_are_one_and_its_newest_state_counts(bell: Bell, clock: HandClock) -> None:
    for event in (timeline(1), timeline(2), timeline(1), timeline(2, state=DELETED), timeline(3, kind=-1)):
        bell.ring(event)
    rung = taken(bell, clock)
    assert (rung.updated, rung.deleted) == ((1, 3), (2,))
    assert bell.take() is None


def test_look_waits_until_it_has_calmed_down_but_not_for_long(bell: Bell, clock: HandClock) -> None:
    bell.ring(timeline(1))
    clock.time += QUIET - 0.1
    bell.ring(timeline(2))
    clock.time += QUIET - 0.1
    assert bell.take() is None
    began = clock.time - 2 * (QUIET - 0.1)
    while clock.time < began + LONGEST:
        assert bell.take() is None
        bell.ring(timeline(3))
        clock.time += 0.1
    rung = bell.take()
    assert rung is not None
    assert rung.updated == (1, 2, 3)


def test_end_of_a_play_is_told_with_our_time(bell: Bell, clock: HandClock) -> None:
    bell.ring(PlayingEvent(session="1", state="stopped", rating_key=7, view_offset=500))
    assert taken(bell, clock).plays == (PlayEnd(rating_key=7, at=1_000.0, view_offset=500),)


def test_stream_that_stands_rings_and_one_that_is_broken_stands_no_more(bell: Bell, clock: HandClock) -> None:
    bell.ring(Connected())
    assert bell.stands
    assert taken(bell, clock).connected
    bell.ring(Broken(PlexUnavailable("Away.")))
    assert not bell.stands


def test_what_is_put_back_rings_again_and_newer_states_count(bell: Bell, clock: HandClock) -> None:
    bell.ring(Connected())
    bell.ring(timeline(1))
    bell.ring(timeline(2))
    bell.ring(PlayingEvent(session="1", state="stopped", rating_key=7))
    first = taken(bell, clock)
    bell.ring(timeline(2, state=DELETED))
    bell.put_back(first)
    again = taken(bell, clock)
    assert (again.updated, again.deleted, again.connected) == ((1,), (2,), True)
    assert again.plays == first.plays


def test_more_items_than_are_kept_are_told_as_that(bell: Bell, clock: HandClock) -> None:
    for number in range(1, MOST + 2):
        bell.ring(timeline(number))
    rung = taken(bell, clock)
    assert rung.overflowed
    assert rung.updated == ()


def test_newest_time_of_plex_is_kept_and_told_while_nothing_rings(
    bell: Bell, own: OwnWrites, clock: HandClock
) -> None:
    assert bell.latest_at_rest == 0
    bell.ring(timeline(1, at=50))
    assert bell.latest_at_rest == 0  # it is not dealt with yet
    assert taken(bell, clock).latest == 50
    own.wrote(2)
    bell.ring(timeline(2, at=70))
    bell.ring(timeline(3, state=0, at=90))
    assert bell.latest_at_rest == 70


def test_write_of_ours_explains_one_event_of_its_item(bell: Bell, own: OwnWrites, clock: HandClock) -> None:
    own.wrote(1)
    own.wrote(1)
    bell.ring(timeline(1))
    bell.ring(timeline(1))
    assert not bell.rings
    bell.ring(timeline(1))
    assert taken(bell, clock).updated == (1,)


def test_write_of_ours_explains_no_deletion(bell: Bell, own: OwnWrites, clock: HandClock) -> None:
    own.wrote(1)
    bell.ring(timeline(1, state=DELETED))
    assert taken(bell, clock).deleted == (1,)


def test_write_of_ours_explains_nothing_after_a_while(own: OwnWrites, clock: HandClock) -> None:
    own.wrote(1)
    clock.time += WAKE / 2
    own.wrote(1)
    clock.time += WAKE / 2
    assert [own.explain(1), own.explain(1), own.explain(2)] == [True, False, False]
    own.wrote(3)
    clock.time += WAKE
    assert not own.explain(3)
