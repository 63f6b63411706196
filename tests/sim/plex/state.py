"""The whole world as JSON and back, for a server that is taken down and brought up again."""

import base64
from dataclasses import asdict
from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.model import Gallery, Item, Link, Media, Part, Section, Tag, Upload
from tests.sim.plex.world import World


def dump_world(world: World) -> dict[str, Any]:
    library = world.library
    return {
        "settings": asdict(world.settings),
        "about": world.about,
        "pending": world.pending,
        "plays": world.plays,
        "playlists": list(world.playlists.items()),
        "accounts": list(world.accounts.items()),
        "personal": [[account, list(items.items())] for account, items in world.personal.items()],
        "version": library.version,
        "ids": library.next_ids,
        "sections": [asdict(section) for section in library.sections.values()],
        "tags": [asdict(tag) for tag in library.tags.values()],
        "items": [_dump_item(item) for item in library.items.values()],
    }


def load_world(world: World, state: dict[str, Any]) -> None:
    """Into an empty world."""
    world.settings.change(state["settings"])
    world.about, world.pending = state["about"], state["pending"]
    world.plays, world.accounts = state["plays"], dict(state["accounts"])
    world.personal = {account: dict(items) for account, items in state["personal"]}
    world.playlists = dict(state["playlists"])
    library = world.library
    for given in state["sections"]:
        places = [(number, path) for number, path in given.pop("locations")]
        library.add_section(Section(**given, locations=places))
    for given in state["tags"]:
        library.add_tag(Tag(**given))
    for given in state["items"]:
        library.add_item(_load_item(library, given))
    library.next_ids = state["ids"]
    library.version = state["version"]


def _dump_item(item: Item) -> dict[str, Any]:
    galleries = {
        element: {"selected": each.selected, "uploads": [_dump_upload(upload) for upload in each.uploads]}
        for element, each in (item.galleries or {}).items()
    }
    return {
        "key": item.key,
        "kind": item.kind,
        "section": item.section,
        "parent": item.parent,
        "fields": item.fields,
        "tags": {kind: _dump_links(links) for kind, links in item.tags.items()},
        "guids": item.guids,
        "media": [asdict(medium) for medium in item.media],
        "locks": item.locks,
        "extras": item.extras,
        "agent": None
        if item.agent is None
        else {name: _dump_value(value) for name, value in item.agent.items()},
        "galleries": galleries,
        "trashed": item.trashed,
    }


def _dump_links(links: list[Link]) -> list[list[Any]]:
    return [[tag.id, text] for tag, text in links]


def _dump_value(value: Any) -> Any:
    return _dump_links(value) if isinstance(value, list) else value


def _dump_upload(upload: Upload) -> dict[str, Any]:
    data = None if upload.data is None else base64.b64encode(upload.data).decode()
    return {"key": upload.key, "data": data, "provider": upload.provider}


def _load_item(library: Library, given: dict[str, Any]) -> Item:
    media = given.pop("media")
    galleries = given.pop("galleries")
    given["tags"] = {kind: _load_links(library, links) for kind, links in given["tags"].items()}
    if given["agent"] is not None:
        given["agent"] = {
            name: _load_links(library, value) if name.startswith("tags:") else value
            for name, value in given["agent"].items()
        }
    item = Item(**given)
    item.media = [
        Media(each["id"], each["duration"], each["attributes"], [Part(**part) for part in each["parts"]])
        for each in media
    ]
    item.galleries = {
        element: Gallery([_load_upload(each) for each in one["uploads"]], one["selected"])
        for element, one in galleries.items()
    } or None
    return item


def _load_links(library: Library, links: list[list[Any]]) -> list[Link]:
    return [(library.tags[number], text) for number, text in links]


def _load_upload(given: dict[str, Any]) -> Upload:
    data = None if given["data"] is None else base64.b64decode(given["data"])
    return Upload(given["key"], data, given["provider"])
