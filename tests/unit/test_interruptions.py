"""What work gives way to, and how often it looks: after each scene and before each request, but not twice with nothing in between."""

from dataclasses import dataclass
from typing import Any

import pytest

from plexsync_plugin.base.errors import PutAside
from plexsync_plugin.jobs.store import BULK, Job
from plexsync_plugin.worker.interruptions import Interruptions
from plexsync_plugin.worker.neighbours.stash_session import Presence
from tests.clocks import HandClock

JOB: Any = type("Bulk", (), {"priority": BULK})()


@dataclass
class Surroundings:
    """Everybody that is asked, in one: a person's edit waits or not, and how often the inbox was looked at."""

    waits: bool = False
    looks: int = 0
    changed: bool = False

    def look(self) -> Presence:
        return Presence.HERE

    def have_changed(self) -> bool:
        return self.changed

    def run_if_woken(self) -> int:
        self.looks += 1
        return 0

    def is_due(self, _priority: int, _now: float) -> bool:
        return self.waits

    def is_in_hand(self, _job: Job) -> bool:
        return True

    def queue_order_waits(self) -> bool:
        return False


def between(around: Any) -> Interruptions:
    return Interruptions(around, around, around, around, around, HandClock())


def test_request_after_a_scene_goes_out_without_another_look_and_the_next_one_not() -> None:
    around = Surroundings()
    interruptions = between(around)
    with interruptions.yielding():
        assert not interruptions.come_first(JOB)
        around.waits = True
        interruptions.between_requests()
        assert around.looks == 1
        with pytest.raises(PutAside):
            interruptions.between_requests()
    assert around.looks == 2


def test_work_that_begins_anew_looks_before_its_first_request() -> None:
    around = Surroundings()
    interruptions = between(around)
    with interruptions.yielding():
        assert not interruptions.come_first(JOB)
    around.waits = True
    with interruptions.yielding(), pytest.raises(PutAside):
        interruptions.between_requests()


def test_scene_that_gives_way_spares_no_look() -> None:
    around = Surroundings(waits=True)
    interruptions = between(around)
    with interruptions.yielding():
        assert interruptions.come_first(JOB)
        with pytest.raises(PutAside):
            interruptions.between_requests()


def test_settings_that_changed_come_first() -> None:
    around = Surroundings(changed=True)
    assert between(around).come_first(JOB)
