"""One event of Stash becomes one row of the inbox, inside the user's save. Standard library alone, no network.

The row carries ids, never data: the state is read when the job runs, because a hook's `input` holds nulls for
keys that nobody sent (docs/facts/stash.md section 2). The event's shapes are in tests/data/stash.
"""

import os

from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.paths import DataFolder
from plexsync_plugin.base.quick_json import dumps
from plexsync_plugin.base.spawn import ensure_worker
from plexsync_plugin.jobs import inbox

TYPE_CHECKING = False  # importing typing for it costs the hook milliseconds
if TYPE_CHECKING:
    from typing import Any

Reply = dict[str, object]
LARGEST_ID = (1 << 63) - 1  # what SQLite holds, ours and Stash's


def run(document: "dict[str, Any]") -> Reply:
    """Returns Stash's reply: `output`, or `error` with a sentence when the event could not be stored."""
    context = document["args"]["hookContext"]
    connection = document.get("server_connection")
    row = row_of(context) if isinstance(context, dict) else None
    if row is None:
        return _refused("PlexSync cannot read this event: it has no id and no type.")
    if not isinstance(connection, dict) or not connection.get("Dir"):
        return _refused("PlexSync cannot store this event: Stash did not tell its configuration folder.")
    folder = DataFolder.of_stash(str(connection["Dir"]))
    try:
        folder.make()
        foreign = _foreign(folder, str(connection["Dir"]))
        if foreign:
            return _refused(f"{foreign} This edit is not synced.")
        inbox.put(folder, row, Clock())
    except OSError as error:
        return _not_stored(folder, connection, error)
    try:
        ensure_worker(folder, connection)
    except OSError as error:
        return _refused(
            f"PlexSync has stored this event, but cannot start its worker: {error.strerror or error}. "
            "The next event tries again."
        )
    return {"output": "queued", "error": None}


def _foreign(folder: DataFolder, config_folder: str) -> str:
    """As `folder_owner.refusal`, which only a shared folder can have something to say to."""
    if not os.environ.get("PLEXSYNC_DATA"):
        return ""
    from plexsync_plugin.base.folder_owner import refusal  # noqa: PLC0415

    return refusal(folder, config_folder)


def _not_stored(folder: DataFolder, connection: "dict[str, Any]", error: OSError) -> Reply:
    """Leave a mark, and a worker that waits for room: what was edited meanwhile is then found by comparing all scenes."""
    from plexsync_plugin.jobs import unstored  # noqa: PLC0415 - only where nothing can be written

    marked = unstored.mark(folder)
    try:  # noqa: SIM105 - contextlib would be imported for it
        ensure_worker(folder, connection)
    except OSError:
        pass  # the sentence below says what hinders it
    after = "All scenes are compared as soon as it can." if marked else "Run Reconcile once it can."
    return _refused(f"PlexSync cannot write to its folder {folder.root}: {error.strerror or error}. {after}")


def _refused(sentence: str) -> Reply:
    return {"output": None, "error": sentence}


def row_of(context: "dict[str, Any]") -> "dict[str, Any] | None":
    """The inbox row of one hookContext, or None where it names nothing.

    The first hook of a multi-id event holds all ids, so that a bulk edit whose client goes away after it is still
    whole. All its hooks carry the same `batch`, so that the later ones need not do the work
    again (docs/architecture.md, "How one edit travels").
    """
    scene, name = _whole(context.get("id")), context.get("type")
    if scene is None or not isinstance(name, str):
        return None
    name = name.encode("utf-8", "replace").decode()  # a lone surrogate could not be stored later
    kind = "scene" if name.startswith("Scene.") else "entity"
    ids = _ids_of(context.get("input"))
    if len(ids) < 2 or scene not in ids:
        # Scans send no input: bulk work, behind what a person edits.
        args = {"quiet": True} if context.get("input") is None else {}
        if name.startswith("Scene.Update") and not _names_its_scene(context.get("inputFields")):
            args = args or {"bulk": True}
        return {"v": 1, "kind": kind, "name": name, "ids": [scene], "args": args}
    import zlib  # noqa: PLC0415 - for edits of many scenes alone

    digest = zlib.crc32(dumps(context.get("input")).encode())
    batch = {"batch": f"{name}:{ids[0]}:{len(ids)}:{digest:08x}", "size": len(ids), "first": scene == ids[0]}
    return {"v": 1, "kind": kind, "name": name, "ids": ids if scene == ids[0] else [scene], "args": batch}


def _names_its_scene(fields: object) -> bool:
    """Whether the fields that were sent hold the id: in a person's save they do, in what the Identify task changes they do not
    (docs/facts/stash.md section 2)."""
    return not isinstance(fields, list) or "id" in fields or "ids" in fields


def _ids_of(value: object) -> "list[int]":
    """All ids an `input` names: `ids` of a bulk edit, the elements of a list of updates or of destroys."""
    if isinstance(value, dict):
        value = value.get("ids")
    if not isinstance(value, list):
        return []
    found = [_whole(entry.get("id") if isinstance(entry, dict) else entry) for entry in value]
    return [number for number in found if number is not None]


def _whole(value: object) -> "int | None":
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        number = int(value)
    except ValueError:
        return None
    return number if 0 < number <= LARGEST_ID else None
