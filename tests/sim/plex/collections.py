"""Collections: items of their own that go by the name of a tag; whoever has the tag is a member."""

import uuid
from typing import Any

from tests.sim.plex.library import Library, now
from tests.sim.plex.model import Item, Section, nocase
from tests.sim.plex.rendering import Refusal


def keep_collections(library: Library, items: list[Item], names: list[str]) -> None:
    """Makes the collections that these names call for: the first tag of a name does."""
    for name in names:
        if name and items:
            make_collection(library, library.sections[items[0].section], name, items[0].kind)


def make_collection(library: Library, section: Section, name: str, kind: str) -> Item:
    """Of members of that kind; the one that exists, if there is one."""
    found = find_collection(library, section, name)
    if found is not None:
        return found
    stamp, tag = now(), library.tag("collection", name)
    tag.guid = tag.guid or f"collection://{uuid.uuid5(uuid.NAMESPACE_URL, f'{section.uuid} {tag.name}')}"
    fields: dict[str, Any] = {
        "guid": tag.guid,
        "title": tag.name,
        "summary": "",
        "index": tag.id,
        "subtype": kind,
    }
    item = Item(library.take_id("item"), "collection", section.key)
    item.fields = fields | {"addedAt": stamp, "updatedAt": stamp}
    library.add_item(item)
    return item


def find_collection(library: Library, section: Section, name: str) -> Item | None:
    wanted = nocase(name)
    keys = library.of_kind(section.key, "collection")
    return next(
        (library.items[key] for key in keys if nocase(library.items[key].fields["title"]) == wanted), None
    )


def members(library: Library, collection: Item) -> list[Item]:
    tag = library.tag("collection", collection.fields["title"])
    keys = library.of_kind(collection.section, collection.fields["subtype"])
    items = [library.items[key] for key in keys]
    return [item for item in items if any(each is tag for each, _ in item.tags.get("collection", ()))]


def add_members(library: Library, collection: Item, items: list[Item]) -> None:
    tag = library.tag("collection", collection.fields["title"])
    for item in items:
        links = item.tags.setdefault("collection", [])
        if all(each is not tag for each, _ in links):
            links.append((tag, None))
            library.changed(item, stamp=False)


def remove_members(library: Library, collection: Item, items: list[Item]) -> None:
    tag = library.tag("collection", collection.fields["title"])
    for item in items:
        item.tags["collection"] = [link for link in item.tags.get("collection", []) if link[0] is not tag]
        library.changed(item, stamp=False)


def rename_collection(library: Library, item: Item, title: str) -> None:
    """A collection and its tag have one name; another collection of that name is a 409 (openapi 1.2.0)."""
    section = library.sections[item.section]
    other = find_collection(library, section, title)
    if other is not None and other is not item:
        raise Refusal(409)
    tag = library.tag("collection", item.fields["title"])
    tag.name = title
    library.add_tag(tag)
