"""The fields of Mutation that change scenes, and which hook each fires how often with what.

The facts: docs/facts/stash.md section 2.
"""

from datetime import UTC, datetime
from typing import Any

from tests.sim.stash.clock import precise_now
from tests.sim.stash.criteria import to_id, to_ids
from tests.sim.stash.edits import Editor
from tests.sim.stash.execution import QueryFailed, Resolver
from tests.sim.stash.installation import Context
from tests.sim.stash.records import Record
from tests.sim.stash.runner import Event

Arguments = dict[str, Any]


def _editor(context: Context) -> Editor:
    return Editor(context.library, context.stash.version)


def _scene(context: Context, value: Any) -> Record:
    number = to_id(value)
    record = context.library.get("scene", number)
    if record is None:
        raise QueryFailed(f"scene with id {number} not found")
    return record


def stop_when_gone(context: Context) -> None:
    """What follows a hook reads the database with the request's context, and fails once the client is gone."""
    if context.caller.is_gone():
        raise QueryFailed("context canceled")


def _update(context: Context, given: dict[str, Any]) -> Record:
    record = _scene(context, given["id"])
    editor = _editor(context)
    editor.apply("scene", record, editor.prepare("scene", given))
    return record


def _fire_update(context: Context, record: Record, written: Any, given: dict[str, Any]) -> None:
    event = Event(type="Scene.Update.Post", id=record["id"], given=written, fields=tuple(given))
    context.fire(event)


def scene_update(context: Context, _root: None, arguments: Arguments) -> Record:
    given = arguments["input"]
    record = _update(context, given)
    _fire_update(context, record, context.stash.forms.write("SceneUpdateInput", given), given)
    stop_when_gone(context)
    return record


def _scenes_update(context: Context, _root: None, arguments: Arguments) -> list[Record]:
    """Every hook gets the whole list; inputFields are those of its own element."""
    inputs = arguments["input"]
    editor = _editor(context)
    prepared = [(_scene(context, each["id"]), editor.prepare("scene", each)) for each in inputs]
    for record, changes in prepared:
        editor.apply("scene", record, changes)
    written = [context.stash.forms.write("SceneUpdateInput", each) for each in inputs]
    for (record, _), given in zip(prepared, inputs, strict=True):
        _fire_update(context, record, written, given)
        stop_when_gone(context)
    return [record for record, _ in prepared]


def _bulk_scene_update(context: Context, _root: None, arguments: Arguments) -> list[Record]:
    """All scenes are saved before the first hook; a client that goes away costs the remaining hooks, not the edits."""
    given = arguments["input"]
    editor = _editor(context)
    records = [_scene(context, number) for number in given.get("ids") or []]
    prepared = [(record, editor.prepare_bulk("scene", record, given)) for record in records]
    for record, changes in prepared:
        editor.apply("scene", record, changes)
    written = context.stash.forms.write("BulkSceneUpdateInput", given)
    for record in records:
        _fire_update(context, record, written, given)
        stop_when_gone(context)
    return records


def _scene_create(context: Context, _root: None, arguments: Arguments) -> Record:
    """The hook's input is null, not what was sent."""
    given = arguments["input"]
    editor = _editor(context)
    changes = editor.prepare("scene", given)
    with context.library.lock:
        record = context.library.add("scene", {})
        editor.apply("scene", record, changes)
        record["updated_at"] = record["created_at"]
    context.fire(Event(type="Scene.Create.Post", id=record["id"]))
    return record


def destroy_input(record: Record, first: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """`first` is {"id"} or {"ids"}; the path is the primary file's, "" without one."""
    primary: Record = record["files"][0] if record["files"] else {"path": "", "fingerprints": []}
    hashes = {each["type"]: each["value"] for each in primary["fingerprints"]}
    return first | {
        "delete_file": given.get("delete_file"),
        "delete_generated": given.get("delete_generated"),
        "checksum": hashes.get("md5", ""),
        "oshash": hashes.get("oshash", ""),
        "path": primary["path"],
    }


def _destroy(context: Context, numbers: list[Any], first: dict[str, Any], given: dict[str, Any]) -> bool:
    records = [_scene(context, number) for number in numbers]
    for record in records:
        context.library.remove("scene", record["id"])
    for record in records:
        written = destroy_input(record, first, given)
        context.fire(Event(type="Scene.Destroy.Post", id=record["id"], given=written))
        stop_when_gone(context)
    return True


def _scene_destroy(context: Context, _root: None, arguments: Arguments) -> bool:
    given = arguments["input"]
    return _destroy(context, [given["id"]], {"id": given["id"]}, given)


def _scenes_destroy(context: Context, _root: None, arguments: Arguments) -> bool:
    given = arguments["input"]
    return _destroy(context, given["ids"], {"ids": given["ids"]}, given)


def _scene_merge(context: Context, _root: None, arguments: Arguments) -> Record:
    """No hook at all: not for the destination, not for the scenes that are gone."""
    given = arguments["input"]
    destination = _scene(context, given["destination"])
    sources = [_scene(context, number) for number in given["source"]]
    if destination in sources:
        raise QueryFailed("cannot merge where source == destination")
    editor = _editor(context)
    changes = editor.prepare("scene", given.get("values") or {})
    with context.library.lock:
        for source in sources:
            destination["files"] = [*destination["files"], *source["files"]]
            context.library.remove("scene", source["id"])
        editor.apply("scene", destination, changes)
    return destination


def _assign_file(context: Context, _root: None, arguments: Arguments) -> bool:
    """No hook, and updated_at stays."""
    given = arguments["input"]
    target, number = _scene(context, given["scene_id"]), to_id(given["file_id"])
    with context.library.lock:
        for record in context.library.rows("scene"):
            for file in [each for each in record["files"] if each["id"] == number]:
                record["files"] = [each for each in record["files"] if each is not file]
                target["files"] = [*target["files"], file]
                return True
    raise QueryFailed(f"file with id {number} not found")


def _add_to_history(key: str) -> Resolver:
    """No hook, and updated_at stays. The table has no unique key: a time that is given twice stands there twice."""

    def add(context: Context, _root: None, arguments: Arguments) -> Record:
        record = _scene(context, arguments["id"])
        times = [_second(each) for each in arguments.get("times") or [precise_now()]]
        record[key] = sorted([*record[key], *times], reverse=True)
        return {"count": len(record[key]), "history": record[key]}

    return add


def _delete_from_history(key: str) -> Resolver:
    """One row for each exact time; without times the latest."""

    def delete(context: Context, _root: None, arguments: Arguments) -> Record:
        record = _scene(context, arguments["id"])
        left = list(record[key])
        for each in [_second(time) for time in arguments.get("times") or left[:1]]:
            if each in left:
                left.remove(each)
        record[key] = left
        return {"count": len(left), "history": left}

    return delete


def _second(text: str) -> str:
    """As Stash stores the time of a play: UTC, whole seconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryFailed(f"parsing time {text!r}: {error}") from error
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _save_activity(context: Context, _root: None, arguments: Arguments) -> bool:
    record = _scene(context, arguments["id"])
    if arguments.get("resume_time") is not None:
        record["resume_time"] = arguments["resume_time"]
    record["play_duration"] += arguments.get("playDuration") or 0
    return True


def _marker_create(context: Context, _root: None, arguments: Arguments) -> Record:
    given = arguments["input"]
    to_ids([given["scene_id"], given["primary_tag_id"], *(given.get("tag_ids") or [])])
    record = context.library.add("marker", given)
    written = context.stash.forms.write("SceneMarkerCreateInput", given)
    context.fire(Event(type="SceneMarker.Create.Post", id=record["id"], given=written))
    return record


SCENE_MUTATIONS: dict[str, Resolver] = {
    "sceneUpdate": scene_update,
    "scenesUpdate": _scenes_update,
    "bulkSceneUpdate": _bulk_scene_update,
    "sceneCreate": _scene_create,
    "sceneDestroy": _scene_destroy,
    "scenesDestroy": _scenes_destroy,
    "sceneMerge": _scene_merge,
    "sceneAssignFile": _assign_file,
    "sceneAddPlay": _add_to_history("play_history"),
    "sceneDeletePlay": _delete_from_history("play_history"),
    "sceneAddO": _add_to_history("o_history"),
    "sceneSaveActivity": _save_activity,
    "sceneMarkerCreate": _marker_create,
}
