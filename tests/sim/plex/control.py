"""What a test does behind Plex's back, or looks up there (POST /_sim/<name>; JSON in, JSON out).

item          {"ratingKey": 1}                     the detail form, and locked, trashed, galleries
find          {"file": "/media/a.mkv"} or {"title": "T"}     the rating keys
edit_item     {"ratingKey": 1, "fields": {"title": "T", "Genre": ["A"]}, "lock": true}    a person's edit in Plex
add_item      {"section": 1, "item": {...}}        as in the library JSON (loading.py); with "when_scanned": true it is
                                                   found by the next scan of its folder only; answers {"ratingKey"};
                                                   with "items": [{...}] many at once
remove_item   {"ratingKey": 1, "trash": false}     gone, or in the trash until emptyTrash
rekey_item    {"ratingKey": 1}                     added again: new rating key, agent's values, no locks, no uploads
replace_file  {"ratingKey": 1, "file": "...", "size": 1}     another file in its first part; updatedAt stays
refresh_item  {"ratingKey": 1}                     the agent rewrites what is not locked
set           settings.Settings by name            answers them all
sections      {}                                   the sections with their counters and number of items by type
counts        {}                                   items by type, tags, uploads
clients       {}                                   requests by X-Plex-Client-Identifier since the start of the process
pass_time     {"seconds"}                          what is stamped from now on is so much later
play          {"ratingKey": 1, "viewedAt": 1700000000}     played to its end: one row of the history; also "account", "device",
                                                   "without": ["ratingKey"]
leave         {"ratingKey": 1, "viewOffset": 60000}     stopped in the middle, at so many milliseconds; also "account", "viewedAt"
rate          {"ratingKey": 1, "rating": 8}        the owner gives a star, 0 to 10; null takes it away
restore_plays {"keep": 3}                          the history of an older copy of the database: the numbers of lost rows come again
renumber_plays {"from": 1000}                      the history of a database made anew
forget_plays  {}                                   as a person may, in Plex's settings
playing       {"ratingKey": 1, "state": "stopped"}     an event alone; also "sessionKey", "viewOffset"
accounts      {"2": "Ann"}                         names the accounts of the history
playlist      {"title": "P", "members": [1, 2]}    a new one, or with "ratingKey" another form of one (lists.py)
remove_playlist {"ratingKey": 1}
collection    {"section": 1, "title": "C", "members": [1, 2], "fields": {"collectionSort": 2}}    made or changed (lists.py)
server        {"friendlyName": "..."}              attributes of GET /; null takes one away
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tests.sim.plex import editing, history, lists, personal
from tests.sim.plex.edits import EDITABLE
from tests.sim.plex.elements import describe
from tests.sim.plex.library import let_pass, now
from tests.sim.plex.loading import load_item, snapshot_agent
from tests.sim.plex.model import TAG_ELEMENTS, Item
from tests.sim.plex.server_info import describe_section
from tests.sim.plex.world import World
from tests.sim.plex.writing import rekey


def _item(world: World, payload: dict[str, Any]) -> Item:
    key = int(payload["ratingKey"])
    if key not in world.library.items:
        raise KeyError(f"no item {key}")
    return world.library.items[key]


def show_item(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    item = _item(world, payload)
    entry = describe(world.library, item, detail=True, guids=True)
    galleries = {
        element: {"selected": each.selected, "uploads": [upload.key for upload in each.uploads]}
        for element, each in (item.galleries or {}).items()
    }
    return entry | {"locked": list(item.locks), "trashed": item.trashed, "galleries": galleries}


def find_items(world: World, payload: dict[str, Any]) -> list[int]:
    def fits(item: Item) -> bool:
        files = [part.file for medium in item.media for part in medium.parts]
        return payload.get("file") in files or item.fields.get("title") == payload.get("title", object())

    return [item.key for item in world.library.items.values() if fits(item)]


def edit_item(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    item = _item(world, payload)
    snapshot_agent(item)
    for name, value in payload["fields"].items():
        kind = TAG_ELEMENTS.get(name)
        if kind is not None:
            item.tags[kind.name] = []
            for each in ({"tag": each} if isinstance(each, str) else each for each in value):
                tag = world.library.tag(kind.name, each["tag"])
                if "thumb" in each:
                    tag.thumb = each["thumb"] or None
                item.tags[kind.name].append((tag, each.get("role")))
        elif name not in EDITABLE:
            raise ValueError(f"no such field: {name}")
        elif value is None:
            item.fields.pop(name, None)
        else:
            item.fields[name] = value
        editing.set_lock(item, kind.name if kind else name, locked=payload.get("lock", True))
    editing.note_change(world.library, world.settings, item, stamp=True)
    return show_item(world, payload)


def add_item(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    if "items" in payload:
        several = [
            add_item(world, {"section": payload["section"], "item": each}) for each in payload["items"]
        ]
        return {"ratingKeys": [each["ratingKey"] for each in several]}
    section = world.library.sections[int(payload["section"])]
    given = dict(payload["item"])
    if payload.get("when_scanned"):
        world.pending.append({"section": section.key, "item": given})
        return {"ratingKey": None}
    parent = world.library.items[int(payload["parent"])] if "parent" in payload else None
    item = load_item(world.library, section, {"addedAt": now(), "updatedAt": now()} | given, parent)
    world.library.changed(item, stamp=False)
    return {"ratingKey": item.key}


def remove_item(world: World, payload: dict[str, Any]) -> list[int]:
    item = _item(world, payload)
    world.library.changed(item, stamp=False)
    if payload.get("trash"):
        item.trashed = True
        return []
    return world.library.remove_item(item.key)


def rekey_item(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    item = _item(world, payload)
    item.locks.clear()
    item.galleries = None
    editing.refresh(world.library, world.settings, item)
    item.agent = None
    item.fields["addedAt"] = now()
    return {"ratingKey": rekey(world, item, world.library.take_id("item")).key}


def give_star(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    item, rating = _item(world, payload), payload["rating"]
    editing.rate(world.library, world.settings, item, -1.0 if rating is None else float(rating))
    return show_item(world, payload)


def replace_file(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    item = _item(world, payload)
    part = item.media[0].parts[0]
    part.file = payload.get("file", part.file)
    part.size = int(payload.get("size", part.size + 1))
    part.id = world.library.take_id("part")
    part.stamp = now()
    world.library.changed(item, stamp=False)
    return show_item(world, payload)


def refresh_item(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    editing.refresh(world.library, world.settings, _item(world, payload))
    return show_item(world, payload)


def change_settings(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    world.settings.change(payload)
    return asdict(world.settings) | {"token": None, "shared_token": None}


def show_sections(world: World, _payload: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {key: Counter[str]() for key in world.library.sections}
    for item in world.library.items.values():
        kinds[item.section][item.kind] += 1
    return [
        describe_section(section) | {"counts": kinds[key]} for key, section in world.library.sections.items()
    ]


def count(world: World, _payload: dict[str, Any]) -> dict[str, int]:
    found = Counter(item.kind for item in world.library.items.values())
    uploads = sum(
        1
        for item in world.library.items.values()
        for gallery in (item.galleries or {}).values()
        for upload in gallery.uploads
        if upload.data is not None
    )
    return dict(found) | {"tags": len(world.library.tags), "uploads": uploads}


def change_server(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    world.about |= payload
    return world.about


def pass_time(_world: World, payload: dict[str, Any]) -> int:
    return let_pass(int(payload["seconds"]))


def show_clients(world: World, _payload: dict[str, Any]) -> dict[str, int]:
    return dict(world.clients)


CONTROLS: dict[str, Callable[[World, dict[str, Any]], Any]] = {
    "item": show_item,
    "find": find_items,
    "edit_item": edit_item,
    "add_item": add_item,
    "remove_item": remove_item,
    "rekey_item": rekey_item,
    "replace_file": replace_file,
    "refresh_item": refresh_item,
    "set": change_settings,
    "sections": show_sections,
    "counts": count,
    "clients": show_clients,
    "pass_time": pass_time,
    "server": change_server,
    "playlist": lists.put_playlist,
    "remove_playlist": lists.remove_playlist,
    "collection": lists.put_collection,
    "play": history.add_play,
    "leave": personal.leave,
    "rate": give_star,
    "restore_plays": history.restore_history,
    "renumber_plays": history.renumber_history,
    "forget_plays": history.forget_plays,
    "accounts": history.name_accounts,
}
