"""One job at a time; a stopped one is killed and CANCELLED at once; the queue does not outlive Stash.

The facts: docs/facts/stash.md section 4.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sim.stash.client import Recorder, StashProcess, wait_until

QUEUE = "{jobQueue{id status description}}"


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


@pytest.fixture
def stash(tmp_path: Path, recorder: Recorder) -> Iterator[StashProcess]:
    assert recorder.folder.is_dir()
    with StashProcess(tmp_path) as process:
        yield process


def run(stash: StashProcess, plugin: str = "Recorder", **variables: Any) -> str:
    query = "mutation($p:ID!,$n:String,$d:String,$a:Map){runPluginTask(plugin_id:$p,task_name:$n,description:$d,args_map:$a)}"
    job: str = stash.query(query, {"p": plugin} | variables)["runPluginTask"]
    return job


def find(stash: StashProcess, job: str) -> dict[str, Any]:
    query = "query($j:ID!){findJob(input:{id:$j}){status error progress startTime endTime description}}"
    found: dict[str, Any] = stash.query(query, {"j": job})["findJob"]
    return found


def test_second_job_waits_for_the_first(stash: StashProcess, recorder: Recorder) -> None:
    first = run(stash, n="Slow")
    second = run(stash, n="Plain")
    third = run(stash, n="Plain")
    wait_until(lambda: len(recorder.pids()) == 1, "the first task runs")
    queue = stash.query(QUEUE)["jobQueue"]
    assert [(each["id"], each["status"]) for each in queue] == [
        (first, "RUNNING"),
        (second, "READY"),
        (third, "READY"),
    ]
    assert len(recorder.pids()) == 1
    stash.query("mutation($j:ID!){stopJob(job_id:$j)}", {"j": first})
    stash.wait_for_jobs()
    assert find(stash, second)["status"] == "FINISHED"
    times = [find(stash, job)[name] for job in (first, second, third) for name in ("startTime", "endTime")]
    assert times == sorted(times)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_stop_kills_the_process_without_a_chance_to_clean_up(stash: StashProcess, recorder: Recorder) -> None:
    (recorder.folder / "recorder.py").write_text(
        "import atexit, os, signal, sys, time\nfrom pathlib import Path\nhere = Path(__file__)\n"
        "signal.signal(signal.SIGTERM, lambda *_: here.with_name('cleaned').touch())\n"
        "atexit.register(lambda: here.with_name('cleaned').touch())\n"
        "here.with_name('pids').write_text(str(os.getpid()))\ntime.sleep(30)\n",
        encoding="utf-8",
    )
    job = run(stash, n="Slow")
    wait_until(lambda: len(recorder.pids()) == 1, "the task runs")
    stash.query("mutation($j:ID!){stopJob(job_id:$j)}", {"j": job})
    stash.wait_for_jobs()
    assert find(stash, job)["status"] == "CANCELLED"
    assert find(stash, job)["error"] is None
    wait_until(lambda: not _is_alive(recorder.pids()[0]), "the process is gone")
    assert not (recorder.folder / "cleaned").exists()


def _is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="utf-8").rpartition(") ")[2][0] != "Z"


def test_waiting_job_that_is_stopped_never_runs(stash: StashProcess, recorder: Recorder) -> None:
    stash.control("occupy", {"description": "Scanning...", "seconds": 60})
    waiting = run(stash, n="Plain")
    stash.query("mutation($j:ID!){stopJob(job_id:$j)}", {"j": waiting})
    assert find(stash, waiting)["status"] == "CANCELLED"
    assert [each["description"] for each in stash.query(QUEUE)["jobQueue"]] == ["Scanning..."]
    stash.query("mutation{stopAllJobs}")
    stash.wait_for_jobs()
    assert recorder.pids() == []


@pytest.mark.parametrize(
    ("plugin", "task", "error"),
    [
        ("Nope", "Plain", "Error creating plugin task: no plugin with ID Nope"),
        ("Recorder", "Nope", "Error creating plugin task: no task with name Nope in plugin Recorder"),
        ("recorder", "Plain", "Error creating plugin task: no plugin with ID recorder"),
    ],
)
def test_task_that_does_not_exist_is_accepted_and_fails(
    stash: StashProcess, plugin: str, task: str, error: str
) -> None:
    job = run(stash, plugin, n=task)
    stash.wait_for_jobs()
    assert (find(stash, job)["status"], find(stash, job)["error"]) == ("FAILED", error)


def test_task_that_answers_an_error_is_finished(stash: StashProcess) -> None:
    job = run(stash, a={"mode": "error"})
    stash.wait_for_jobs()
    found = find(stash, job)
    assert (found["status"], found["error"]) == ("FINISHED", None)
    errors = [each["message"] for each in stash.control("plugin_log", {"level": "Error"})]
    assert errors == ["Plugin returned error: it broke"]


def test_description_names_the_task_the_plugin_or_what_was_given(stash: StashProcess) -> None:
    jobs = [run(stash, n="Plain"), run(stash, a={}), run(stash, n="Plain", d="mine")]
    stash.wait_for_jobs()
    assert [find(stash, job)["description"] for job in jobs] == [
        "Running plugin task: Plain",
        "Running plugin task: Recorder",
        "Running plugin task: mine",
    ]


def test_task_without_a_name_gets_no_default_arguments(stash: StashProcess, recorder: Recorder) -> None:
    run(stash, a={"x": 1})
    stash.wait_for_jobs()
    assert recorder.take()[0].endswith(b'"args":{"x":1}}')


def test_only_the_last_ten_are_remembered(stash: StashProcess) -> None:
    jobs = [run(stash, "Nope") for _ in range(12)]
    stash.wait_for_jobs()
    assert [find(stash, job) is None for job in jobs] == [True] * 2 + [False] * 10


def test_queue_is_forgotten_with_stash(stash: StashProcess) -> None:
    stash.control("occupy", {"seconds": 60})
    job = run(stash, n="Plain")
    stash.down()
    stash.up()
    assert stash.query(QUEUE) == {"jobQueue": None}
    assert find(stash, job) is None
