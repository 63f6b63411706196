"""A worker that is killed between an event of Plex and what follows from it: the next one makes it good."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.orders import NO_PICTURES
from tests.libraries import plex_library, stash_library
from tests.stage import Stage

pytestmark = pytest.mark.crash

READ = "GET /library/metadata/"
WRITE = "PUT /library/sections/1/all"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(plex=plex_library(1), stash=stash_library(3), settings=NO_PICTURES) as stage:
        yield stage


def late_item(number: int) -> dict[str, Any]:
    return {
        "ratingKey": 2_000 + number,
        "title": "late",
        "file": f"/videos/{number}.mp4",
        "size": 5_000 + number,
    }


def requests(stage: Stage, match: str) -> int:
    return len(stage.plex.log(match))


@pytest.mark.parametrize("step", [READ, WRITE])
@pytest.mark.parametrize("when", ["before", "after"])
def test_file_that_appeared_is_written_although_the_worker_was_killed(
    stage: Stage, step: str, when: str
) -> None:
    """At the read of what rang, or at the write that follows from it, before Plex has done it or after."""
    stage.edit(2, title="Waits for its file")
    waits = "SELECT 1 FROM jobs WHERE scene_id = 2 AND reason = 'ItemMissing'"
    stage.wait(lambda: bool(stage.rows(waits)), "the wait for a file")
    stage.edit(1, title="One")
    stage.wait(lambda: bool(stage.rows("SELECT 1 FROM synced WHERE scene_id = 1")), "the first scene")
    stage.plex.clear_log()
    stage.plex.fault("hang", match=step, when=when, seconds=None, times=1)
    stage.plex.control("add_item", {"section": 1, "item": late_item(2)})
    stage.wait(lambda: requests(stage, step) == 1, "the request that hangs")
    stage.kill_workers()
    stage.plex.clear_faults()
    stage.edit(3, title="Starts the next worker")
    stage.wait(lambda: stage.item(2_002)["title"] == "Waits for its file", "the title in Plex")
    assert stage.rows("SELECT reason FROM jobs WHERE scene_id = 2") == [{"reason": ""}]


def test_edit_in_plex_is_answered_although_the_worker_was_killed(stage: Stage) -> None:
    stage.edit(1, title="One")
    stage.wait(lambda: bool(stage.rows("SELECT 1 FROM synced WHERE scene_id = 1")), "the first scene")
    stage.plex.clear_log()
    stage.plex.fault("hang", match=READ, seconds=None, times=1)
    stage.plex.control("edit_item", {"ratingKey": 1_001, "fields": {"title": "By hand"}})
    stage.wait(lambda: requests(stage, READ) == 1, "the request that hangs")
    stage.kill_workers()
    stage.plex.clear_faults()
    stage.edit(3, title="Starts the next worker")
    stage.wait(lambda: stage.item(1_001)["title"] == "One", "the title in Plex")
    assert stage.item(1_001)["locked"].count("title") == 1
