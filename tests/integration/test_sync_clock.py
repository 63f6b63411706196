"""The computer's clock was ahead, and is set right: what was put off or written down by it does not wait until then."""

from collections.abc import Callable

import pytest

from plexsync_plugin.jobs.state import open_state
from plexsync_plugin.jobs.times import DUE, EXEMPT, HAPPENED, put_right
from tests.architecture.test_sql import schema
from tests.integration.orders import NO_PICTURES
from tests.rig import Rig
from tests.stage import item_key

DAY = 86_400.0


@pytest.mark.parametrize("restarted", [False, True], ids=["while it runs", "before its start"])
def test_edit_that_was_taken_in_while_the_clock_was_ahead_is_written(
    open_rig: Callable[..., Rig], restarted: bool
) -> None:
    rig = open_rig(settings={**NO_PICTURES, "enabled": False})
    rig.clock.set_wall_clock(DAY)
    rig.stage.edit(1, title="After")
    rig.run_for(2)
    rig.stage.configure({**rig.stage.settings, "enabled": True})
    rig.clock.set_wall_clock(0)
    if restarted:
        rig.start_worker().clock_watch.begin()
    rig.run_for(40)
    assert rig.stage.item(item_key(1))["title"] == "After"


def test_missing_scene_is_looked_for_on_its_schedule_by_the_right_clock(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.plex.control("remove_item", {"ratingKey": item_key(1)})
    rig.clock.set_wall_clock(DAY)
    rig.stage.edit(1, title="After")
    rig.settle()
    assert rig.job(1)["reason"] == "ItemMissing"
    rig.clock.set_wall_clock(0)
    rig.settle()
    assert rig.job(1)["due_at"] <= rig.clock.now() + 3_600


def test_jobs_that_the_right_clock_has_put_off_stay_so(open_rig: Callable[..., Rig]) -> None:
    rig = open_rig(settings=NO_PICTURES)
    rig.stage.plex.control("remove_item", {"ratingKey": item_key(1)})
    rig.stage.edit(1, title="After")
    rig.settle()
    due_at = rig.job(1)["due_at"]
    rig.clock.set_wall_clock(-100)
    rig.settle()
    rig.clock.set_wall_clock(-1)
    rig.settle()
    assert due_at > rig.clock.now()
    assert rig.job(1)["looks"] <= 2


def test_every_time_in_plexsync_db_is_put_right_or_an_exception_with_its_reason() -> None:
    known = {(table, column) for table, columns in HAPPENED.items() for column in columns}
    known |= {(table, due) for table, (due, _, _) in DUE.items()} | set(EXEMPT)
    times = {
        (table, line.split()[0])
        for table, columns in schema().items()
        for line in columns.splitlines()
        if " REAL" in line.partition("--")[0]
    }
    assert times - {("breaker", "interval")} == known


def test_no_time_is_left_in_the_future(tmp_path: object) -> None:
    state = open_state(f"{tmp_path}/plexsync.db")
    state.execute(
        "INSERT INTO orders (ticket, kind, name, ids, args, state, due_at, created_at) "
        "VALUES ('t', 'command', 'sync_all', '[]', '{}', 'waiting', 90000.0, 90000.0)"
    )
    state.execute("INSERT INTO covers (scene_id, etag, look_at) VALUES (1, '', 200000.0), (2, '', 50000.0)")
    state.execute(
        "INSERT INTO jobs (scene_id, state, priority, due_at, changed_at) VALUES (1, 'waiting', 0, 700.0, 700.0)"
    )
    state.execute(
        "INSERT INTO jobs (scene_id, state, priority, due_at, changed_at) VALUES (2, 'waiting', 0, 900.0, 10.0)"
    )
    state.execute("INSERT INTO folder_scans (server, folder, asked_at) VALUES ('s', 'f', 90000.0)")
    assert put_right(state, 100.0) == 3
    assert tuple(state.execute("SELECT due_at, created_at FROM orders").fetchone()) == (100.0, 100.0)
    assert [row[0] for row in state.execute("SELECT look_at FROM covers ORDER BY scene_id")] == [
        100.0,
        50000.0,
    ]
    rows = [tuple(row) for row in state.execute("SELECT due_at, changed_at FROM jobs ORDER BY scene_id")]
    assert rows == [(100.0, 100.0), (900.0, 10.0)]
    assert state.execute("SELECT asked_at FROM folder_scans").fetchone()[0] == 100.0
    state.close()
