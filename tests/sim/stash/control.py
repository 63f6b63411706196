"""What a test may ask of the simulated Stash beside GraphQL: POST /_sim/<name> with a JSON object.

Documented, with the form of each payload, at the function of that name. ValueError and KeyError refuse a payload.
"""

import base64
from collections.abc import Callable
from typing import Any

from tests.sim.stash.clock import now
from tests.sim.stash.edits import Editor
from tests.sim.stash.installation import Context
from tests.sim.stash.library import PLURALS
from tests.sim.stash.records import Record, complete
from tests.sim.stash.scans import clean, find_record, identify, occupy, scan_changed, scan_new


def load(context: Context, payload: dict[str, Any]) -> dict[str, int]:
    """A library (see load_library); replaces all records. {"scenes": number, ...}"""
    load_library(context, payload)
    return {PLURALS[kind]: len(table) for kind, table in context.library.tables.items()}


def load_library(context: Context, payload: dict[str, Any]) -> None:
    """{"scenes": [...], "performers", "studios", "tags", "groups", "markers", "images", "configuration", "stashes"}"""
    given = dict(payload)
    configuration = given.pop("configuration", None)
    if configuration is not None:
        context.stash.configuration.load(configuration)
    if "stashes" in given:
        stashes = [{"excludeVideo": False, "excludeImage": False} | each for each in given.pop("stashes")]
        context.stash.configuration.load(
            context.stash.configuration.dump() | {"general": {"stashes": stashes}}
        )
    context.library.load(given)


def dump(context: Context, _payload: dict[str, Any]) -> dict[str, Any]:
    """The library as it is now, in the form of `load`."""
    return context.library.dump()


def add(context: Context, payload: dict[str, Any]) -> int:
    """{"kind": "tag", "fields": {...}}: a new record, as identify makes them; no hook. Its id."""
    return int(context.library.add(payload["kind"], payload["fields"])["id"])


def change(context: Context, payload: dict[str, Any]) -> Record:
    """{"kind": "scene", "id": 1, "fields": {...}, "touch": false}: edits a record and fires nothing.

    For what Stash does in silence: a renamed folder, moveFiles, an auto-tag (touch true sets updated_at).
    """
    record = find_record(context, payload["kind"], payload["id"])
    fields = dict(payload["fields"])
    with context.library.lock:
        if "files" in fields:
            fields["files"] = [context.library.new_file(each) for each in fields["files"]]
        changed = complete(payload["kind"], record | fields, record["id"])
        record.update(changed)
        if payload.get("touch"):
            record["updated_at"] = now()
    return record


def save_filter(context: Context, payload: dict[str, Any]) -> None:
    """{"name": "To watch", "object_filter": {...}, "q": ""}: as the page saves it; another of that name goes. Without
    "object_filter" it is only gone."""
    with context.library.lock:
        others = [each for each in context.library.saved_filters if each["name"] != payload["name"]]
        if "object_filter" in payload:
            others.append(
                {
                    "id": len(others) + 1,
                    "mode": "SCENES",
                    "name": payload["name"],
                    "find_filter": {"q": payload["q"]} if payload.get("q") else None,
                    "object_filter": payload["object_filter"],
                    "ui_options": {"display_mode": 0},
                }
            )
        context.library.saved_filters = others


def remove(context: Context, payload: dict[str, Any]) -> bool:
    """{"kind": "scene", "id": 1}: the record is gone and nothing is fired."""
    return context.library.remove(payload["kind"], int(payload["id"])) is not None


def set_cover(context: Context, payload: dict[str, Any]) -> None:
    """{"kind": "scene", "id": 1, "image": base64 or null, "touch": true}: a picture appears or goes; no hook."""
    kind = payload.get("kind", "scene")
    record = find_record(context, kind, payload["id"])
    image = payload.get("image")
    data = None if image is None else base64.b64decode(image, validate=True)
    Editor(context.library, context.stash.version).set_image(f"{kind}/{record['id']}", data)
    if payload.get("touch", True):
        record["updated_at"] = now()


def auth(context: Context, payload: dict[str, Any]) -> dict[str, str]:
    """{"username", "password", "api_key": text, or true for a new one}; {} removes all three. {"api_key": ...}"""
    sessions = context.stash.sessions
    sessions.username = payload.get("username", "")
    sessions.password = payload.get("password", "")
    key = payload.get("api_key", "")
    sessions.api_key = "" if key is True else key
    if key is True:
        sessions.new_api_key()
    return {"api_key": sessions.api_key}


def session_age(context: Context, payload: dict[str, Any]) -> None:
    """{"seconds": 3600}: how long a session is valid; 0 is for ever."""
    context.stash.sessions.max_age = int(payload["seconds"])


def cookie(context: Context, payload: dict[str, Any]) -> str:
    """{"username": "", "age": 0}: the value of a session cookie that sign-in gave `age` seconds ago."""
    return context.stash.sessions.make_cookie(payload.get("username", ""), [], float(payload.get("age", 0)))


def plugin_log(context: Context, payload: dict[str, Any]) -> list[dict[str, Any]]:
    """{"level": "Trace"}: the log page, oldest first, from that level up: [{"time", "level", "message", "plugin"}]"""
    return context.stash.log.rows(payload.get("level", "Trace"))


def documents(context: Context, _payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Every document written to a plugin's stdin: [{"plugin": id, "document": {...}}], the cookie's value blank."""
    return context.stash.runner.documents.rows()


def timings(context: Context, _payload: dict[str, Any]) -> list[dict[str, Any]]:
    """How long each hook took: [{"plugin", "type", "id", "ms"}]"""
    return list(context.stash.runner.timings)


def refuse(context: Context, payload: dict[str, Any]) -> None:
    """{"containing": "GREATER_THAN", "message": "database is locked"}: queries whose text contains it are answered
    with that error alone, until {}."""
    if set(payload) - {"containing", "message"}:
        raise ValueError("refuse takes containing and message")
    context.stash.refused = (payload["containing"], payload["message"]) if payload else None


def server(context: Context, payload: dict[str, Any]) -> None:
    """{"host": "0.0.0.0", "python": path or null, "both": true, "line_delay": 0.02}, each optional.

    host: the Host of server_connection. both: refuse what only one of the two schemas knows. line_delay: the reader of stderr
    lags by so many seconds per line and loses what is unread when the plugin ends, as Stash's may.
    """
    known = {"host", "python", "both", "line_delay"}
    if set(payload) - known:
        raise ValueError(f"server takes {sorted(known)}")
    stash = context.stash
    stash.connection.host = payload.get("host", stash.connection.host)
    stash.runner.python = payload.get("python", stash.runner.python)
    stash.runner.line_delay = float(payload.get("line_delay", stash.runner.line_delay))
    stash.schemas.both = bool(payload.get("both", stash.schemas.both))


CONTROLS: dict[str, Callable[[Context, dict[str, Any]], Any]] = {
    each.__name__: each
    for each in (
        load,
        dump,
        add,
        change,
        remove,
        save_filter,
        scan_new,
        scan_changed,
        clean,
        identify,
        set_cover,
        occupy,
        auth,
        session_age,
        cookie,
        plugin_log,
        documents,
        timings,
        refuse,
        server,
    )
}
