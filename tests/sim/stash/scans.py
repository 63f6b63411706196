"""Controls for what Stash does in jobs: scans, Clean and Identify find what a test gives them, and fire their hooks.

Called by control.py with its payloads; each waits for the end of its job unless "wait" is false.
"""

import threading
from collections.abc import Callable
from typing import Any

from tests.sim.stash.clock import now
from tests.sim.stash.edits import Editor
from tests.sim.stash.inputs import STRUCTS
from tests.sim.stash.installation import Context
from tests.sim.stash.jobs import Job
from tests.sim.stash.plugin_mutations import job_caller
from tests.sim.stash.records import Record, complete_membership
from tests.sim.stash.runner import Event
from tests.sim.stash.scene_mutations import destroy_input

JOB_SECONDS = 50


def find_record(context: Context, kind: str, number: Any) -> Record:
    record = context.library.get(kind, int(number))
    if record is None:
        raise KeyError(f"no {kind} {number}")
    return record


def _run_job(
    context: Context, description: str, payload: dict[str, Any], events: list[Callable[[Context], None]]
) -> dict[str, Any]:
    """One job that does `events`, `parallel` at a time (1); waits for its end unless "wait" is false."""
    width = int(payload.get("parallel", 1))

    def work(job: Job) -> None:
        inner = Context(stash=context.stash, caller=job_caller(context, job))
        for start in range(0, len(events), width):
            if job.stopped.is_set():
                return
            threads = [
                threading.Thread(target=event, args=(inner,)) for event in events[start : start + width]
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    job = context.stash.jobs.add(description, work)
    if payload.get("wait", True) and not context.stash.jobs.wait_for(job, JOB_SECONDS):
        raise ValueError(f"the job {description} did not end within {JOB_SECONDS} s")
    return {"job": job.number}


def scan_new(context: Context, payload: dict[str, Any]) -> dict[str, Any]:
    """{"scenes": [{"path": ..., other fields of a file or "files": [...]}], "parallel": 1, "wait": true}

    A scan finds new files: each becomes a scene and fires Scene.Create with a null input.
    """
    numbers: list[int] = []

    def create(given: Record) -> Callable[[Context], None]:
        row = given if "files" in given else {"files": [given]}
        return lambda inner: _create(inner, row, numbers)

    result = _run_job(context, "Scanning...", payload, [create(each) for each in payload["scenes"]])
    return result | {"ids": sorted(numbers)}


def _create(context: Context, row: Record, numbers: list[int]) -> None:
    number = context.library.add("scene", row)["id"]
    numbers.append(number)
    context.fire(Event(type="Scene.Create.Post", id=number))


def scan_changed(context: Context, payload: dict[str, Any]) -> dict[str, Any]:
    """{"scenes": [{"id": 1, "path": new path of its first file or "add": {file}}], "parallel": 1, "wait": true}

    A scan finds a renamed file, a second file or a changed one: Scene.Update with a null input.
    """

    def update(given: Record) -> Callable[[Context], None]:
        record = find_record(context, "scene", given["id"])
        return lambda inner: _rescan(inner, record, given)

    return _run_job(context, "Scanning...", payload, [update(each) for each in payload["scenes"]])


def _rescan(context: Context, record: Record, given: Record) -> None:
    """A renamed file leaves the scene's updated_at alone; a file added or changed sets it."""
    with context.library.lock:
        if "path" in given:
            old = record["files"][0]
            moved = {**old, "path": given["path"], "updated_at": now()}
            record["files"] = [context.library.new_file(moved), *record["files"][1:]]
        else:
            if "add" in given:
                record["files"] = [*record["files"], context.library.new_file(given["add"])]
            record["updated_at"] = now()
    context.fire(Event(type="Scene.Update.Post", id=record["id"]))


def clean(context: Context, payload: dict[str, Any]) -> dict[str, Any]:
    """{"ids": [1, 2], "wait": true}: the Clean task finds these scenes' files gone; Scene.Destroy with an empty id."""
    records = [find_record(context, "scene", number) for number in payload["ids"]]

    def destroy(record: Record) -> Callable[[Context], None]:
        return lambda inner: _clean(inner, record)

    return _run_job(context, "Cleaning...", payload, [destroy(record) for record in records])


def _clean(context: Context, record: Record) -> None:
    context.library.remove("scene", record["id"])
    given = destroy_input(record, {"id": ""}, {})
    context.fire(Event(type="Scene.Destroy.Post", id=record["id"], given=given))


def identify(context: Context, payload: dict[str, Any]) -> dict[str, Any]:
    """{"scenes": [{"id": 16, keys of SceneUpdateInput}], "parallel": 1, "wait": true}: the Identify task changes these.

    cover_image is bare base64; groups are written under "movies", and inputFields is without "id".
    """

    def update(given: Record) -> Callable[[Context], None]:
        record = find_record(context, "scene", given["id"])
        return lambda inner: _identify(inner, record, given)

    return _run_job(context, "Identifying...", payload, [update(each) for each in payload["scenes"]])


def _identify(context: Context, record: Record, payload: Record) -> None:
    given = dict(payload) | {"id": str(record["id"])}
    if "groups" in given:
        groups = [complete_membership(each) for each in given.pop("groups")]
        given["movies"] = [
            {"movie_id": str(each["group_id"]), "scene_index": each["scene_index"]} for each in groups
        ]
    editor = Editor(context.library, context.stash.version)
    editor.apply("scene", record, editor.prepare("scene", given))
    written = context.stash.forms.write("SceneUpdateInput", given)
    fields = tuple(key for key in STRUCTS["SceneUpdateInput"] if key in given and key != "id")
    context.fire(
        Event(type="Scene.Update.Post", id=record["id"], given=written, fields=fields), in_order=True
    )


def occupy(context: Context, payload: dict[str, Any]) -> dict[str, Any]:
    """{"description": "Scanning...", "seconds": 5}: a job that keeps the queue busy; {"job": number} at once."""
    seconds = float(payload["seconds"])
    description = payload.get("description", "Scanning...")
    return {
        "job": context.stash.jobs.add(description, lambda job: _sleep(job, seconds)).number,
    }


def _sleep(job: Job, seconds: float) -> None:
    job.stopped.wait(seconds)
