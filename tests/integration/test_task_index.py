"""The tasks that index, as a person starts them on Stash's page: one line of the log, a bar, Stop, and giving way."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from plexsync_plugin.base.lock import FileLock
from tests.stage import Stage

INDEX, REBUILD, BARE = "Index Plex Library", "Rebuild Plex Index", "Index Without Images"
PICTURES = "GET /photo/:/transcode"
SCAN = "mutation{metadataScan(input:{})}"


def start(stage: Stage, task: str) -> None:
    stage.gql('mutation($n:String){runPluginTask(plugin_id:"PlexSync",task_name:$n)}', n=task)


def jobs(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.gql("{jobQueue{status progress description}}")["jobQueue"] or []
    return found


def said(stage: Stage, task: str) -> str:
    """The one line that a run of the task leaves in the log."""
    before = len(stage.log_lines())
    stage.run_task(task)
    (line,) = stage.log_lines()[before:]
    return line


def rows(stage: Stage, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"{(stage.data / 'plex_collection.db').as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def posters(stage: Stage) -> set[str]:
    return {path.name for path in (stage.data / "assets" / "images").rglob("*.webp")}


def test_tasks_when_run_say_in_one_line_what_was_done_and_where(stage: Stage) -> None:
    file = stage.data / "plex_collection.db"
    bare = said(stage, BARE)
    assert bare.startswith(
        f"{BARE}: Index up to date: 40 items seen, 40 added, 0 changed, 0 gone; 1 library read"
    )
    assert bare.endswith(f"The file: {file}")
    assert posters(stage) == set()
    assert "nothing has changed in 1 library" in said(stage, INDEX)
    assert len(posters(stage)) == 40
    stage.plex.clear_log()
    assert said(stage, INDEX).startswith(
        f"{INDEX}: Index up to date: nothing has changed in 1 library (3 requests"
    )
    history = "GET /status/sessions/history/all?sort=viewedAt%3Aasc"
    assert stage.plex_requests() == ["GET /", "GET /library/sections", history]
    stage.plex.control("remove_item", {"ratingKey": 101})
    assert f"{REBUILD}: Index up to date: 39 items seen, 39 added" in said(stage, REBUILD)
    assert rows(stage, "SELECT count(*) FROM movies") == [(39,)]
    assert len(posters(stage)) == 39


def test_bar_when_a_task_runs_never_goes_back(stage: Stage) -> None:
    stage.plex.control("set", {"latency_ms": 30})
    start(stage, INDEX)
    seen = []
    while found := jobs(stage):
        seen.append(found[0]["progress"] or 0)
    assert seen == sorted(seen)
    assert len(set(seen)) > 5


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"plex_token": "an-old-token"}, "it does not accept the token. Put a fresh token"),
        ({"plex_url": "http://127.0.0.1:1"}, "cannot be reached"),
        ({"plex_url": ""}, "The setting plex_url is empty."),
    ],
)
def test_task_when_it_cannot_says_why_in_one_line(
    open_stage: Callable[..., Stage], settings: dict[str, str], words: str
) -> None:
    line = said(open_stage(settings=settings), INDEX)
    assert words in line
    assert "PLEX_" not in line


def test_task_when_its_file_is_damaged_says_what_to_do(stage: Stage) -> None:
    stage.data.mkdir(exist_ok=True)
    (stage.data / "plex_collection.db").write_text("no database at all, but long enough to be one")
    assert "Move it away" in said(stage, INDEX)


def test_task_when_stopped_goes_on_where_it_was(stage: Stage) -> None:
    stage.plex.control("set", {"latency_ms": 50})
    start(stage, INDEX)
    stage.wait(lambda: bool(stage.plex.log(PICTURES)), "the first picture")
    stage.gql("mutation{stopAllJobs}")
    stage.wait(lambda: not jobs(stage), "the end of the task")
    kept = len(posters(stage))
    assert kept < 40
    stage.plex.clear_log()
    assert "nothing has changed in 1 library" in said(stage, INDEX)
    assert len(stage.plex.log(PICTURES)) <= 40 - kept
    assert len(posters(stage)) == 40


def hurried(stage: Stage) -> None:
    """The plugin gives way after a moment, not after a minute."""
    follow = stage.config / "plugins" / "PlexSync" / "plexsync_plugin" / "tasks/follow_order.py"
    text = follow.read_text("utf-8")
    assert "YIELD_AFTER = 60.0" in text
    assert "QUEUE_EVERY = 5.0" in text
    follow.write_text(
        text.replace("YIELD_AFTER = 60.0", "YIELD_AFTER = 0.1").replace(
            "QUEUE_EVERY = 5.0", "QUEUE_EVERY = 0.1"
        ),
        "utf-8",
    )


def ended(stage: Stage) -> list[str]:
    """Verdicts in the log, each by the task's name and its first words."""
    return [line.partition(" (")[0] for line in stage.log_lines() if "Index" in line]


@pytest.mark.parametrize("task", [INDEX, REBUILD])
def test_task_when_another_job_waits_for_it_steps_back_and_goes_on(stage: Stage, task: str) -> None:
    hurried(stage)
    stage.plex.control("set", {"latency_ms": 80})
    start(stage, task)
    stage.wait(lambda: bool(stage.plex.log("GET /library/sections")), "its first request")
    stage.gql(SCAN)
    stage.wait(lambda: not jobs(stage), "the end of all jobs")
    first, *others = ended(stage)
    assert first == f"{task}: Index paused for another job; the next run goes on from here"
    assert others[-1].startswith(f"{task}: Index up to date")
    assert rows(stage, "SELECT count(*) FROM movies WHERE available") == [(40,)]


def test_rebuild_when_only_pictures_are_left_does_not_read_everything_again(stage: Stage) -> None:
    hurried(stage)
    stage.plex.control("set", {"latency_ms": 60})
    start(stage, REBUILD)
    stage.wait(lambda: bool(stage.plex.log(PICTURES)), "the first picture")
    stage.gql(SCAN)
    stage.wait(lambda: not jobs(stage), "the end of all jobs")
    assert [line.partition(":")[0] for line in ended(stage)] == [REBUILD, INDEX]
    assert len(posters(stage)) == 40
    assert len(stage.plex.log(r"GET /library/sections/1/all")) == 1


def by_itself(stage: Stage) -> dict[str, Any]:
    """What the worker's own run answers; it has no job in Stash's queue."""
    document = {
        "server_connection": {
            "Scheme": "http", "Host": "127.0.0.1", "Port": stage.stash.port, "Dir": str(stage.config),
            "SessionCookie": {"Name": "session", "Value": ""},
        },
        "args": {"task": "index", "by_itself": True},
    }  # fmt: skip
    entry = stage.config / "plugins" / "PlexSync" / "plexsync_plugin" / "start.py"
    done = subprocess.run(
        [sys.executable, str(entry)], input=json.dumps(document).encode(), capture_output=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_run_by_itself_gives_way_to_nobody(stage: Stage) -> None:
    """Stash's jobs do not wait for it, and it would come back as a job that holds them up."""
    for scene in range(1, 41):
        stage.stash.control("change", {"kind": "scene", "id": scene, "fields": {"title": f"Title {scene}"}})
    stage.plex.control("set", {"latency_ms": 50})
    start(stage, "Sync All Scenes")
    stage.wait(lambda: bool(stage.puts()), "the first write")
    stage.gql(SCAN)
    assert [job["status"] for job in jobs(stage)] == ["RUNNING", "READY"]
    hurried(stage)
    answer = by_itself(stage)
    assert answer["output"].startswith(f"{INDEX}: Index up to date: 40 items seen")
    assert len(posters(stage)) == 40


def test_run_by_itself_beside_another_is_no_failure(stage: Stage) -> None:
    stage.data.mkdir(exist_ok=True)
    lock = FileLock(str(stage.data / "plex_collection.db.lock"))
    assert lock.try_acquire()
    try:
        assert by_itself(stage)["output"] == f"{INDEX}: another run is at work on it already."
        assert "Another run is already working" in said(stage, INDEX)
    finally:
        lock.release()
    assert not (stage.data / "plex_collection.db").exists()
