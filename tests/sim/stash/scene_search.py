"""findScenes: which scenes, in which order."""

from collections.abc import Callable
from typing import Any

from tests.sim.stash.criteria import is_like, meets_order, meets_set, meets_text
from tests.sim.stash.execution import QueryFailed
from tests.sim.stash.fields import references
from tests.sim.stash.library import Library
from tests.sim.stash.paging import Key, cut_page, natural, nulls_first, select_ids, sort_rows
from tests.sim.stash.records import Record

Check = Callable[[Record], bool]
_RELATIONS = {
    "performers": "performer",
    "studios": "studio",
    "tags": "tag",
    "groups": "group",
    "movies": "group",
}
_TEXTS = ("title", "code", "details", "director")
_ORDERED: dict[str, Key] = {
    "id": lambda row: row["id"],
    "rating100": lambda row: row["rating100"],
    "date": lambda row: row["date"],
    "created_at": lambda row: row["created_at"],
    "updated_at": lambda row: row["updated_at"],
    "file_count": lambda row: len(row["files"]),
    "tag_count": lambda row: len(row["tag_ids"]),
    "performer_count": lambda row: len(row["performer_ids"]),
    "o_counter": lambda row: len(row["o_history"]),
    "play_count": lambda row: len(row["play_history"]),
    "duration": lambda row: max((each["duration"] for each in row["files"]), default=None),
}


def _path(row: Record) -> str:
    return str(row["files"][0]["path"]) if row["files"] else ""


def _tie(row: Record) -> Any:
    """Stash sorts equal scenes by title, or by id where there is none."""
    return natural(row["title"] or str(row["id"]))


_SORTS: dict[str, Key] = {
    **{name: nulls_first(read) for name, read in _ORDERED.items() if name not in {"id"}},
    "id": lambda row: row["id"],
    "rating": nulls_first(_ORDERED["rating100"]),
    "path": lambda row: natural(_path(row)),
    "title": lambda row: natural(row["title"] or _path(row).rpartition("/")[2]),
    "filesize": lambda row: row["files"][0]["size"] if row["files"] else 0,
    "file_mod_time": lambda row: row["files"][0]["mod_time"] if row["files"] else "",
}


def find_scenes(library: Library, arguments: dict[str, Any]) -> tuple[int, list[Record]]:
    """The count of all that match, and the page. With ids the filter is ignored. Raises QueryFailed."""
    numbers = arguments.get("ids") or arguments.get("scene_ids")
    if numbers:
        rows = select_ids(library, "scene", numbers)
        return len(rows), rows
    find_filter = arguments.get("filter") or {}
    scene_filter = arguments.get("scene_filter") or {}
    check = compile_filter(library, scene_filter)
    words = (find_filter.get("q") or "").split()
    rows = [row for row in library.rows("scene") if check(row) and _mentions(row, words)]
    if "tags" in scene_filter:
        # Recorded: without a sort a filter by tag gives the newest first (the join decides); nobody may rely on an order.
        rows.reverse()
    rows = sort_rows(rows, find_filter, _SORTS, _tie)
    return len(rows), cut_page(rows, find_filter)


def _mentions(row: Record, words: list[str]) -> bool:
    texts = [row["title"], row["details"], *(each["path"] for each in row["files"])]
    return all(any(is_like(text, f"%{word}%") for text in texts) for word in words)


def compile_filter(library: Library, scene_filter: dict[str, Any]) -> Check:
    """Raises QueryFailed for a criterion that is not simulated, rather than ignoring it."""
    checks = [_compile(library, name, value) for name, value in scene_filter.items() if value is not None]
    joined = {"AND", "OR", "NOT"} & set(scene_filter)
    if "OR" in joined:
        inner = compile_filter(library, scene_filter["OR"])
        own = [_compile(library, name, value) for name, value in scene_filter.items() if name != "OR"]
        return lambda row: all(check(row) for check in own) or inner(row)
    return lambda row: all(check(row) for check in checks)


def _compile(library: Library, name: str, value: Any) -> Check:
    if name in {"AND", "OR", "NOT"}:
        inner = compile_filter(library, value)
        return (lambda row: not inner(row)) if name == "NOT" else inner
    if name in _RELATIONS:
        return _compile_relation(library, _RELATIONS[name], value)
    if name in _ORDERED:
        read = _ORDERED[name]
        return lambda row: meets_order(value, read(row))
    if name in _TEXTS:
        return lambda row: meets_text(value, row[name])
    if name in _OTHERS:
        other = _OTHERS[name]
        return lambda row: other(row, value)
    raise QueryFailed(f"the simulator does not know the scene filter {name}")


def _compile_relation(library: Library, kind: str, criterion: dict[str, Any]) -> Check:
    depth = criterion.get("depth") or 0
    expanded: dict[int, set[int]] = {}

    def expand(number: int) -> set[int]:
        if number not in expanded:
            expanded[number] = library.descend(kind, [number], depth)
        return expanded[number]

    return lambda row: meets_set(criterion, references(row, kind), expand)


def _hash(row: Record, kind: str, criterion: dict[str, Any]) -> bool:
    values = [each["value"] for file in row["files"] for each in file["fingerprints"] if each["type"] == kind]
    return any(meets_text(criterion, value) for value in values)


def _meets_path(row: Record, criterion: dict[str, Any]) -> bool:
    return any(meets_text(criterion, each["path"], any_word=True) for each in row["files"])


def _misses(row: Record, name: str) -> bool:
    reads: dict[str, Any] = {
        "studio": row["studio_id"],
        "performers": row["performer_ids"],
        "tags": row["tag_ids"],
        "date": row["date"],
        "title": row["title"],
        "details": row["details"],
        "url": row["urls"],
        "stash_id": row["stash_ids"],
        "group": row["groups"],
        "movie": row["groups"],
    }
    if name not in reads:
        raise QueryFailed(f"the simulator does not know is_missing {name}")
    return not reads[name]


def _meets_stash_id(row: Record, criterion: dict[str, Any]) -> bool:
    endpoint = criterion.get("endpoint")
    values = [each["stash_id"] for each in row["stash_ids"] if not endpoint or each["endpoint"] == endpoint]
    text = {"modifier": criterion["modifier"], "value": criterion.get("stash_id") or ""}
    return any(meets_text(text, value) for value in values or [""])


_OTHERS: dict[str, Callable[[Record, Any], bool]] = {
    "organized": lambda row, value: bool(row["organized"] == value),
    "path": _meets_path,
    "oshash": lambda row, value: _hash(row, "oshash", value),
    "checksum": lambda row, value: _hash(row, "md5", value),
    "phash": lambda row, value: _hash(row, "phash", value),
    "url": lambda row, value: any(meets_text(value, url) for url in row["urls"] or [""]),
    "is_missing": _misses,
    "stash_id_endpoint": _meets_stash_id,
}
