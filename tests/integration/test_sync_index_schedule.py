"""The index that the worker starts by itself."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plexsync_plugin.base.settings import read_settings
from plexsync_plugin.worker.by_itself import index_schedule
from tests.rig import Rig

PICTURES = "GET /photo/:/transcode"


def days(rig: Rig, number: float) -> None:
    rig.clock.sleep(number * 86_400)
    rig.settle()


def test_index_runs_by_itself_once_a_day_beside_the_worker(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"index_interval": 0})
    rig.settle()
    assert not (rig.stage.data / "plex_collection.db").exists()
    days(rig, 1.01)
    rig.stage.wait(lambda: (rig.stage.data / "plex_collection.db").exists(), "the index")
    rig.stage.edit(1, title="Goes on meanwhile")
    rig.settle()
    assert rig.stage.item(101)["title"] == "Goes on meanwhile"


def test_index_never_runs_by_itself_when_the_interval_is_minus_one(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"index_interval": -1})
    for _ in range(3):
        days(rig, 2)
    assert not (rig.stage.data / "plex_collection.db").exists()


@pytest.mark.parametrize(
    ("stored", "hours"),
    [(None, 24.0), ("", 24.0), (0, 24.0), (6, 6.0), ("0,5", 0.5), (-1, -1.0), ("-1", -1.0)],
)
def test_interval_when_stored_in_any_way(stored: object, hours: float) -> None:
    settings = {"plex_url": "x", "plex_token": "y", "index_interval": stored}
    assert read_settings(settings).index_interval == hours


def test_index_runs_when_its_own_interval_is_over_and_not_before(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"index_interval": 6})
    rig.settle()
    days(rig, 5.8 / 24)
    rig.run_for(130)
    assert not rig.stage.plex.log(PICTURES)
    days(rig, 0.5 / 24)
    wait_working(rig, lambda: len(posters(rig)) == 40, "the index")


def notices(rig: Rig) -> list[dict[str, Any]]:
    return rig.stage.rows("SELECT text FROM notices WHERE cause = 'index'")


def wait_working(rig: Rig, condition: Callable[[], bool], what: str) -> None:
    """The index is a process of its own and takes real time; the worker looks after it once a minute of its own."""

    def holds() -> bool:
        rig.run_for(61)
        return condition()

    rig.stage.wait(holds, what)


def starts(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line for line in caplog.messages if line.startswith("scheduled index started")]


def runs(rig: Rig) -> int:
    """How often the index has been brought up to date."""
    connection = sqlite3.connect(rig.stage.data / "plex_collection.db")
    try:
        return int(connection.execute("SELECT count(*) FROM runs").fetchone()[0])
    finally:
        connection.close()


def test_index_that_fails_by_itself_is_told_once_and_tried_again_until_it_succeeds(
    open_rig: Callable[..., Rig], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, index_schedule.__name__)
    rig = open_rig(settings={"index_interval": 24})
    rig.settle()
    file = rig.stage.data / "plex_collection.db"
    file.write_text("not a database, and long enough to be looked at")
    days(rig, 1.01)
    wait_working(rig, lambda: bool(notices(rig)), "what is said of the failure")
    (line,) = [line for line in rig.stage.log_lines() if "The index that runs by itself failed" in line]
    assert "tried again every hour" in line
    assert "Move it away" in line
    rig.run_for(3_000)  # with a look at it each minute
    assert len(starts(caplog)) == 1, "the next try is an hour after the last"
    rig.clock.sleep(3700)
    rig.run_for(130)
    assert len([line for line in rig.stage.log_lines() if "failed, and is tried" in line]) == 1
    file.unlink()
    rig.clock.sleep(3700)
    wait_working(rig, lambda: not notices(rig), "the end of the trouble")
    assert "The index has been brought up to date again." in rig.stage.log_lines()
    rig.clock.sleep(23 * 3600)
    rig.run_for(130)
    assert runs(rig) == 1, "the interval begins when a run has ended well"


def test_index_whose_worker_ended_is_run_by_the_next_one(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings={"index_interval": 24})
    rig.settle()
    rig.stage.plex.control("set", {"latency_ms": 300})
    days(rig, 1.01)
    rig.stage.wait(lambda: bool(rig.stage.plex.log(PICTURES)), "the first picture")
    rig.start_worker()
    rig.stage.plex.control("set", {"latency_ms": 0})
    rig.clock.sleep(700)
    wait_working(rig, lambda: len(posters(rig)) == 40, "what the second run fetches")
    assert len(rig.stage.plex.log(PICTURES)) < 2 * 40, "what the first had fetched is not fetched again"


def posters(rig: Rig) -> list[Path]:
    return list((rig.stage.data / "assets" / "images" / "movie_image").glob("*.webp"))
