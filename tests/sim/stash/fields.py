"""The fields of objects that are not simply a value of the record: relations, addresses, counts."""

import zlib
from collections.abc import Callable
from typing import Any

from tests.sim.stash.clock import epoch
from tests.sim.stash.execution import Resolvers
from tests.sim.stash.installation import Context
from tests.sim.stash.records import Record

Arguments = dict[str, Any]


def _none(_context: Context, _record: Record, _arguments: Arguments) -> list[Any]:
    return []


def _zero(_context: Context, _record: Record, _arguments: Arguments) -> int:
    return 0


def _many(kind: str, key: str) -> Callable[[Context, Record, Arguments], list[Record]]:
    """The records that `key` lists, in the order of the list; tags by name, as Stash joins them."""

    def read(context: Context, record: Record, _arguments: Arguments) -> list[Record]:
        rows = context.library.some(kind, record[key])
        return sorted(rows, key=lambda row: row.get("sort_name") or row["name"]) if kind == "tag" else rows

    return read


def _one(kind: str, key: str) -> Callable[[Context, Record, Arguments], Record | None]:
    return lambda context, record, _arguments: context.library.get(kind, record.get(key))


def _address(context: Context, path: str, record: Record, suffix: str = "") -> str:
    return f"{context.caller.base}/{path}?t={epoch(record['updated_at'])}{suffix}"


def _image(kind: str, name: str) -> Callable[[Context, Record, Arguments], str]:
    """The address of a picture; says when it is only the default one."""

    def read(context: Context, record: Record, _arguments: Arguments) -> str:
        path = f"{kind}/{record['id']}"
        suffix = "" if path in context.library.images else "&default=true"
        return _address(context, f"{path}/{name}", record, suffix)

    return read


def _front_image(context: Context, record: Record, _arguments: Arguments) -> str | None:
    path = f"group/{record['id']}"
    return _address(context, f"{path}/frontimage", record) if path in context.library.images else None


def _paths(context: Context, record: Record, _arguments: Arguments) -> Record:
    base = f"{context.caller.base}/scene/{record['id']}"
    return {
        "screenshot": _address(context, f"scene/{record['id']}/screenshot", record),
        "preview": f"{base}/preview",
        "stream": f"{base}/stream.mp4",
        "webp": f"{base}/webp",
        "vtt": f"{base}_thumbs.vtt",
        "sprite": f"{base}_sprite.jpg",
        "funscript": f"{base}/funscript",
        "interactive_heatmap": f"{base}/interactive_heatmap",
        "caption": f"{base}/caption",
    }


def _memberships(name: str) -> Callable[[Context, Record, Arguments], list[Record]]:
    def read(context: Context, record: Record, _arguments: Arguments) -> list[Record]:
        found = []
        for entry in record["groups"]:
            group = context.library.get("group", entry["group_id"])
            if group is not None:
                found.append({name: group, "scene_index": entry["scene_index"]})
        return found

    return read


def _markers(context: Context, record: Record, _arguments: Arguments) -> list[Record]:
    return [row for row in context.library.rows("marker") if row["scene_id"] == record["id"]]


def scenes_of(context: Context, kind: str, number: int, depth: int = 0) -> list[Record]:
    """Scenes that refer to the record, or to one below it down to `depth`."""
    wanted = context.library.descend(kind, [number], depth)
    return [row for row in context.library.rows("scene") if references(row, kind) & wanted]


def references(scene: Record, kind: str) -> set[int]:
    if kind == "group":
        return {entry["group_id"] for entry in scene["groups"]}
    if kind == "studio":
        return set() if scene["studio_id"] is None else {scene["studio_id"]}
    return set(scene[f"{kind}_ids"])


def _scenes(kind: str) -> Callable[[Context, Record, Arguments], list[Record]]:
    return lambda context, record, _arguments: scenes_of(context, kind, record["id"])


def _scene_count(kind: str) -> Callable[[Context, Record, Arguments], int]:
    return lambda context, record, arguments: len(
        scenes_of(context, kind, record["id"], arguments.get("depth") or 0)
    )


def _below(kind: str) -> Callable[[Context, Record, Arguments], list[Record]]:
    def read(context: Context, record: Record, _arguments: Arguments) -> list[Record]:
        library = context.library
        return [row for row in library.rows(kind) if record["id"] in library.parents(row)]

    return read


def _history(key: str) -> Callable[[Context, Record, Arguments], int]:
    return lambda _context, record, _arguments: len(record[key])


def _last_played(_context: Context, record: Record, _arguments: Arguments) -> str | None:
    return max(record["play_history"], default=None)


def _first_url(_context: Context, record: Record, _arguments: Arguments) -> str | None:
    return next(iter(record["urls"]), None)


def _fingerprint(_context: Context, record: Record, arguments: Arguments) -> str | None:
    values = [each["value"] for each in record["fingerprints"] if each["type"] == arguments["type"]]
    return next(iter(values), None)


def _folder(record: Record) -> Record:
    """Folders have no table: the id follows from the path."""
    path = record["path"].removesuffix(record["basename"])[:-1]
    row = {name: record[name] for name in ("mod_time", "created_at", "updated_at")}
    return row | {"id": zlib.crc32(path.encode()), "path": path}


def _plugin_settings(context: Context, _record: Record, arguments: Arguments) -> dict[str, Any]:
    return context.stash.configuration.select_plugins(arguments.get("include"))


def _counts(*names: str) -> dict[str, Callable[[Context, Record, Arguments], int]]:
    """Counts of what the simulator does not hold."""
    return dict.fromkeys(names, _zero)


_GROUP: dict[str, Any] = {
    "studio": _one("studio", "studio_id"),
    "tags": _many("tag", "tag_ids"),
    "scenes": _scenes("group"),
    "scene_count": _scene_count("group"),
    "front_image_path": _front_image,
    "url": _first_url,
    "containing_groups": _none,
    "sub_groups": _none,
    **_counts("performer_count", "sub_group_count", "o_counter"),
}
FIELDS: Resolvers = {
    "Scene": {
        "url": _first_url,
        "paths": _paths,
        "studio": _one("studio", "studio_id"),
        "performers": _many("performer", "performer_ids"),
        "tags": _many("tag", "tag_ids"),
        "groups": _memberships("group"),
        "movies": _memberships("movie"),
        "scene_markers": _markers,
        "galleries": _none,
        "sceneStreams": _none,
        "o_counter": _history("o_history"),
        "play_count": _history("play_history"),
        "last_played_at": _last_played,
    },
    "VideoFile": {
        "fingerprint": _fingerprint,
        "parent_folder": lambda _context, record, _arguments: _folder(record),
        "parent_folder_id": lambda _context, record, _arguments: _folder(record)["id"],
    },
    "Performer": {
        "url": _first_url,
        "image_path": _image("performer", "image"),
        "tags": _many("tag", "tag_ids"),
        "scenes": _scenes("performer"),
        "scene_count": _scene_count("performer"),
        "groups": _none,
        "movies": _none,
        **_counts("image_count", "gallery_count", "group_count", "movie_count", "performer_count"),
        **_counts("o_counter"),
    },
    "Studio": {
        "url": _first_url,
        "parent_studio": _one("studio", "parent_id"),
        "child_studios": _below("studio"),
        "image_path": _image("studio", "image"),
        "tags": _many("tag", "tag_ids"),
        "scene_count": _scene_count("studio"),
        "groups": _none,
        "movies": _none,
        **_counts("image_count", "gallery_count", "performer_count", "group_count", "movie_count"),
        **_counts("o_counter"),
    },
    "Tag": {
        "image_path": _image("tag", "image"),
        "parents": _many("tag", "parent_ids"),
        "children": _below("tag"),
        "parent_count": lambda _context, record, _arguments: len(record["parent_ids"]),
        "child_count": lambda context, record, arguments: len(_below("tag")(context, record, arguments)),
        "scene_count": _scene_count("tag"),
        **_counts("scene_marker_count", "image_count", "gallery_count", "performer_count"),
        **_counts("studio_count", "group_count", "movie_count"),
    },
    "Group": _GROUP,
    "Movie": _GROUP,
    "SceneMarker": {
        "scene": _one("scene", "scene_id"),
        "primary_tag": _one("tag", "primary_tag_id"),
        "tags": _many("tag", "tag_ids"),
        "stream": lambda context, record, _arguments: _marker_path(context, record, "stream"),
        "preview": lambda context, record, _arguments: _marker_path(context, record, "preview"),
        "screenshot": lambda context, record, _arguments: _marker_path(context, record, "screenshot"),
    },
    "ConfigResult": {"plugins": _plugin_settings},
}


def _marker_path(context: Context, record: Record, name: str) -> str:
    return f"{context.caller.base}/scene/{record['scene_id']}/scene_marker/{record['id']}/{name}"
