"""The fields of Query."""

import os
import platform
from typing import Any

from tests.sim.stash.criteria import meets_order, meets_text, to_id
from tests.sim.stash.execution import QueryFailed, Resolver
from tests.sim.stash.installation import Context
from tests.sim.stash.paging import Key, by_name, cut_page, nulls_first, select_ids, sort_rows
from tests.sim.stash.records import Record
from tests.sim.stash.scene_search import find_scenes

Arguments = dict[str, Any]
# What `version` and `systemStatus` say; build and schema of v0.27.2 were not recorded (the schema number is from its source).
BUILDS = {
    "v0.30.1": {"hash": "b23b0267a", "build_time": "2026-11-20 23:07:54", "schema": 75},
    "v0.27.2": {"hash": "unrecorded", "build_time": "2024-10-16 00:00:00", "schema": 68},
}
_SORTS: dict[str, Key] = {
    "id": lambda row: row["id"],
    "name": by_name,
    "created_at": lambda row: row["created_at"],
    "updated_at": lambda row: row["updated_at"],
    "rating": nulls_first(lambda row: row.get("rating100")),
}


def _version(context: Context, _root: None, _arguments: Arguments) -> Record:
    build = BUILDS[context.stash.version]
    return {"version": context.stash.version, "hash": build["hash"], "build_time": build["build_time"]}


def _system_status(context: Context, _root: None, _arguments: Arguments) -> Record:
    general = context.stash.configuration.general()
    schema = BUILDS[context.stash.version]["schema"]
    return {
        "status": "OK",
        "databaseSchema": schema,
        "appSchema": schema,
        "databasePath": general["databasePath"],
        "configPath": general["configFilePath"],
        "os": platform.system().lower(),
        "workingDir": os.getcwd(),
        "homeDir": os.path.expanduser("~"),
        "ffmpegPath": "",
        "ffprobePath": "",
    }


def _configuration(context: Context, _root: None, _arguments: Arguments) -> Record:
    configuration = context.stash.configuration
    return {"general": configuration.general(), "ui": configuration.ui}


def _find_scenes(context: Context, _root: None, arguments: Arguments) -> Record:
    count, rows = find_scenes(context.library, arguments)
    files = [row["files"][0] for row in rows if row["files"]]
    return {
        "count": count,
        "scenes": rows,
        "duration": sum(each["duration"] for each in files),
        "filesize": sum(each["size"] for each in files),
    }


def _find_saved_filters(context: Context, _root: None, arguments: Arguments) -> list[Record]:
    if arguments.get("mode") != "SCENES":
        raise QueryFailed("the simulator has saved filters of scenes alone")
    return context.library.saved_filters


def _find_one(kind: str) -> Resolver:
    def find(context: Context, _root: None, arguments: Arguments) -> Record | None:
        return context.library.get(kind, to_id(arguments["id"]))

    return find


def _find_scene(context: Context, _root: None, arguments: Arguments) -> Record | None:
    if arguments.get("id") is None:
        raise QueryFailed("the simulator finds a scene by its id alone")
    return context.library.get("scene", to_id(arguments["id"]))


def _find_many(kind: str, plural: str, filter_name: str) -> Resolver:
    def find(context: Context, _root: None, arguments: Arguments) -> Record:
        numbers = arguments.get("ids") or arguments.get(f"{kind}_ids")
        if numbers:
            rows = select_ids(context.library, kind, numbers)
            return {"count": len(rows), plural: rows}
        find_filter = arguments.get("filter") or {}
        criteria = arguments.get(filter_name) or {}
        words = (find_filter.get("q") or "").casefold().split()
        rows = [row for row in context.library.rows(kind) if _matches(row, criteria, words)]
        rows = sort_rows(rows, find_filter, _SORTS, by_name)
        return {"count": len(rows), plural: cut_page(rows, find_filter)}

    return find


def _matches(row: Record, criteria: dict[str, Any], words: list[str]) -> bool:
    names = [row["name"], *_aliases(row)]
    if not all(any(word in name.casefold() for name in names) for word in words):
        return False
    return all(_meets(row, name, value) for name, value in criteria.items() if value is not None)


def _aliases(row: Record) -> list[str]:
    aliases: list[str] | str = row.get("alias_list") or row.get("aliases") or []
    return [aliases] if isinstance(aliases, str) else aliases


def _meets(row: Record, name: str, criterion: dict[str, Any]) -> bool:
    if name in {"id", "created_at", "updated_at", "rating100"}:
        return meets_order(criterion, row.get(name))
    if name in {"name", "disambiguation", "details", "description"}:
        return meets_text(criterion, row.get(name))
    if name == "aliases":
        return any(meets_text(criterion, alias) for alias in _aliases(row) or [""])
    raise QueryFailed(f"the simulator does not know the filter {name}")


def _all(kind: str) -> Resolver:
    return lambda context, _root, _arguments: sorted(context.library.rows(kind), key=by_name)


def _logs(context: Context, _root: None, _arguments: Arguments) -> list[Record]:
    """Newest first, from the configured level up."""
    level = context.stash.configuration.general()["logLevel"]
    return context.stash.log.rows(level)[::-1]


def _plugins(context: Context, _root: None, _arguments: Arguments) -> list[Record]:
    return context.stash.plugins.rows(context.caller.base)


def _plugin_tasks(context: Context, _root: None, _arguments: Arguments) -> list[Record]:
    return [task for row in context.stash.plugins.rows() if row["enabled"] for task in row["tasks"]]


def _job_queue(context: Context, _root: None, _arguments: Arguments) -> list[Record] | None:
    return context.stash.jobs.rows()


def _find_job(context: Context, _root: None, arguments: Arguments) -> Record | None:
    return context.stash.jobs.find(to_id(arguments["input"]["id"]))


def _stats(context: Context, _root: None, _arguments: Arguments) -> Record:
    tables = {f"{kind}_count": len(table) for kind, table in context.library.tables.items()}
    return tables | {"movie_count": tables["group_count"]}


QUERIES: dict[str, Resolver] = {
    "version": _version,
    "systemStatus": _system_status,
    "configuration": _configuration,
    "findScene": _find_scene,
    "findScenes": _find_scenes,
    "findSavedFilters": _find_saved_filters,
    "allScenes": lambda context, _root, _arguments: context.library.rows("scene"),
    "findPerformer": _find_one("performer"),
    "findPerformers": _find_many("performer", "performers", "performer_filter"),
    "allPerformers": _all("performer"),
    "findStudio": _find_one("studio"),
    "findStudios": _find_many("studio", "studios", "studio_filter"),
    "allStudios": _all("studio"),
    "findTag": _find_one("tag"),
    "findTags": _find_many("tag", "tags", "tag_filter"),
    "allTags": _all("tag"),
    "findGroup": _find_one("group"),
    "findGroups": _find_many("group", "groups", "group_filter"),
    "findMovie": _find_one("group"),
    "findMovies": _find_many("group", "movies", "movie_filter"),
    "allMovies": _all("group"),
    "logs": _logs,
    "plugins": _plugins,
    "pluginTasks": _plugin_tasks,
    "jobQueue": _job_queue,
    "findJob": _find_job,
    "stats": _stats,
}
