"""The sync tasks as a person starts them: real workers, followed; what each says, and what stops the work."""

from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.jobs.ticket import give_order
from tests.stage import PLEX_LIBRARY, Stage, item_key

STOPS = "the task Clear Queue stops the work"
EVERY = list(range(1, 41))


def said(stage: Stage, task: str) -> list[str]:
    """The log lines of one run of the task."""
    before = len(stage.log_lines())
    stage.run_task(task)
    return [line for line in stage.log_lines()[before:] if line.startswith(f"{task}:")]


def job_states(stage: Stage) -> dict[str, int]:
    return {
        row["state"]: row["n"] for row in stage.rows("SELECT state, count(*) AS n FROM jobs GROUP BY state")
    }


@pytest.mark.parametrize(
    "task",
    ["Process Queue", "Sync All Scenes", "Sync Recent Scenes", "Reconcile", "Retry Failed", "Undo"],
)
def test_sync_task_first_says_how_the_work_is_stopped(task: str, stage: Stage) -> None:
    lines = said(stage, task)
    assert STOPS in lines[0]
    assert len(lines) == 2, "how it is stopped, and the verdict"


def test_sync_all_counts_what_is_in_sync_and_what_waits(open_stage: Callable[..., Stage]) -> None:
    items = [item for item in PLEX_LIBRARY["sections"][0]["items"] if item["ratingKey"] != item_key(3)]
    stage = open_stage(plex={"sections": [{**PLEX_LIBRARY["sections"][0], "items": items}]})
    assert said(stage, "Sync All Scenes")[-1] == (
        "Sync All Scenes: 39 of 40 scenes in sync, 1 waiting for a later try."
    )


def test_task_that_is_stopped_loses_nothing_and_the_work_goes_on(stage: Stage) -> None:
    for scene in EVERY:
        stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"title": f"Title {scene}"}})
    stage.plex.control("set", {"latency_ms": 20})
    stage.gql('mutation{runPluginTask(plugin_id:"PlexSync",task_name:"Sync All Scenes")}')
    stage.wait(lambda: len(stage.puts()) > 2, "the first writes")
    stage.gql("mutation{stopAllJobs}")
    assert len(stage.puts()) < 40
    stage.wait_synced(40)
    assert [stage.item(item_key(scene))["title"] for scene in EVERY] == [f"Title {scene}" for scene in EVERY]


def test_clear_queue_ends_the_work_after_what_is_in_hand(stage: Stage) -> None:
    stage.plex.control("set", {"latency_ms": 100})
    stage.bulk_edit(EVERY, studio_id="1")
    stage.wait(lambda: len(stage.puts()) > 2, "the first writes")
    (verdict,) = said(stage, "Clear Queue")
    states = job_states(stage)
    assert set(states) == {"done"}, "nothing is left in hand or waiting"
    assert 3 <= states["done"] < 40
    assert verdict.startswith(f"Clear Queue: Out of the queue: {40 - states['done']} waiting scenes.")
    written = [scene for scene in EVERY if stage.item(item_key(scene)).get("studio") == "Studio One"]
    assert len(written) == states["done"]


def test_clear_queue_works_while_plex_is_away(stage: Stage) -> None:
    stage.plex.down()
    stage.bulk_edit([1, 2, 3], studio_id="1")
    stage.wait(lambda: job_states(stage) == {"waiting": 3}, "three waiting jobs")
    (verdict,) = said(stage, "Clear Queue")
    assert "Out of the queue: 3 waiting scenes." in verdict
    assert job_states(stage) == {}
    stage.plex.up()
    stage.edit(1, title="Later")
    assert "studio" in stage.wait_title(1, "Later"), "an edit brings everything of its scene along"
    assert stage.item(item_key(2)).get("studio") is None


@pytest.mark.parametrize("settings", [{"enabled": False}, {"max_retries": "many"}])
def test_clear_queue_works_whatever_the_settings_say(
    settings: dict[str, Any], open_stage: Callable[..., Stage]
) -> None:
    stage = open_stage(settings=settings)
    stage.edit(1, title="Waits")
    stage.wait(lambda: job_states(stage) == {"waiting": 1}, "a waiting job")
    (verdict,) = said(stage, "Clear Queue")
    assert "Out of the queue: 1 waiting scene." in verdict
    assert stage.puts() == []


def test_followed_task_is_told_that_its_work_was_cleared(stage: Stage) -> None:
    stage.plex.control("set", {"latency_ms": 150})
    for scene in EVERY:
        stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"title": f"Title {scene}"}})
    run = 'mutation($n:String){runPluginTask(plugin_id:"PlexSync",task_name:$n)}'
    stage.gql(run, n="Sync All Scenes")
    stage.wait(lambda: len(stage.puts()) > 2, "the first writes")
    # A task would wait behind the other one in Stash's queue; a shell's order does not.
    give_order(DataFolder(str(stage.data)), "clear_queue", Clock())
    stage.wait(lambda: not stage.gql("{jobQueue{id}}")["jobQueue"], "the end of the task")
    verdict = [line for line in stage.log_lines() if line.startswith("Sync All Scenes:")][-1]
    assert "taken out of the queue" in verdict
    assert len(stage.puts()) < 40


def two_items_of_one_file() -> dict[str, Any]:
    section = PLEX_LIBRARY["sections"][0]
    double = {
        "ratingKey": 900,
        "title": "double",
        "file": "/media/other/videos/scene 1.mp4",
        "size": 1_000_001,
    }
    return {"sections": [{**section, "locations": ["/media"], "items": [*section["items"], double]}]}


def test_retry_failed_tries_again_and_clear_failed_gives_up(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(plex=two_items_of_one_file())
    stage.edit(1, title="Which?")
    stage.wait(lambda: job_states(stage) == {"dead": 1}, "a dead letter")
    assert "1 on the list of failed scenes" in said(stage, "Retry Failed")[-1], "the cause is still there"
    assert said(stage, "Clear Failed")[-1].startswith("Clear Failed: Off the list: 1 failed scene.")
    assert (job_states(stage), stage.rows("SELECT * FROM dead_letters")) == ({"done": 1}, [])
    stage.edit(1, title="Which?")
    stage.wait(lambda: job_states(stage) == {"dead": 1}, "a dead letter again")
    stage.plex.control("remove_item", {"ratingKey": 900})
    lines = said(stage, "Retry Failed")
    assert lines[-1] == "Retry Failed: Tried again: 1 failed scene. 1 of 1 scene in sync."
    assert stage.item(item_key(1))["title"] == "Which?"


def test_sync_task_says_that_plexsync_is_switched_off(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(settings={"enabled": False})
    verdict = said(stage, "Sync All Scenes")[-1]
    assert "switched off" in verdict
    assert "Clear Queue" in verdict
    assert stage.plex_requests() == []


def test_undo_task_works_while_plexsync_is_switched_off(stage: Stage) -> None:
    before = stage.item(item_key(1))["title"]
    stage.edit(1, title="Ours")
    stage.wait_title(1, "Ours")
    stage.configure({**stage.settings, "enabled": False})
    verdict = said(stage, "Undo")[-1]
    assert "1 Plex item restored." in verdict
    assert stage.item(item_key(1))["title"] == before


def test_unknown_task_is_refused_with_the_names_there_are(stage: Stage) -> None:
    stage.gql(
        'mutation($a:Map){runPluginTask(plugin_id:"PlexSync",args_map:$a,description:"odd")}',
        a={"task": "nonsense"},
    )
    stage.wait(lambda: not stage.gql("{jobQueue{id}}")["jobQueue"], "the end of the task")
    errors = [entry["message"] for entry in stage.stash.control("plugin_log", {"level": "Error"})]
    assert any("no task 'nonsense'" in line and "clear_queue" in line for line in errors)


def test_process_queue_ends_when_its_jobs_wait_for_plex(stage: Stage) -> None:
    stage.plex.down()
    stage.edit(1, title="Waits")
    stage.run_task("Process Queue")
    (_, verdict) = [line for line in stage.log_lines() if line.startswith("Process Queue:")]
    assert " wait" in verdict  # for a later try, or for Plex: it may have been found away for good by then
    stage.plex.up()
    stage.wait_title(1, "Waits")
