"""The requests that read: each function answers one, given the world, the request and the ids in its path."""

from typing import Any

from tests.sim.plex import filter_meta, images, lists, personal, server_info
from tests.sim.plex.elements import describe
from tests.sim.plex.listing import IDENTIFIER, kind_of, paged
from tests.sim.plex.media_elements import describe_tree
from tests.sim.plex.model import TAG_KINDS, TYPE_NAMES, Item
from tests.sim.plex.rendering import HEADERS, Refusal, answer
from tests.sim.plex.world import World, parse_ids
from tests.sim.server import Request, Response


def _show(world: World, request: Request, container: dict[str, Any]) -> Response:
    if "Metadata" in container:
        account = personal.account_of(world, request)
        container = container | {"Metadata": personal.as_seen_by(world, account, container["Metadata"])}
    return answer(request, container, spoil=world.settings.invalid_utf8)


def show_server(world: World, request: Request) -> Response:
    return _show(world, request, server_info.describe_server(world.about))


def show_identity(world: World, request: Request) -> Response:
    return _show(world, request, server_info.describe_identity(world.about))


def show_library(world: World, request: Request) -> Response:
    return _show(world, request, server_info.describe_library())


def show_sections(world: World, request: Request) -> Response:
    return _show(world, request, server_info.describe_sections(world.library))


def show_section(world: World, request: Request, section_id: str) -> Response:
    section = world.section(section_id)
    details = dict(request.query).get("includeDetails") == "1"
    meta = filter_meta.describe_meta(section, section.kind) if details else None
    return _show(world, request, server_info.describe_pages(section, meta))


def list_section(world: World, request: Request, section_id: str) -> Response:
    section = world.section(section_id)
    container = world.listings.list_section(request, section)
    query = dict(request.query)
    if query.get("includeMeta") == "1":
        container["Meta"] = filter_meta.describe_meta(section, kind_of(section, query.get("type")))
    return _show(world, request, container)


def list_leaves(world: World, request: Request, section_id: str) -> Response:
    section = world.section(section_id)
    kind = {"show": "episode", "artist": "track"}.get(section.kind, section.kind)
    return _show(world, request, world.listings.list_kind(request, section, kind))


def list_albums(world: World, request: Request, section_id: str) -> Response:
    return _show(world, request, world.listings.list_kind(request, world.section(section_id), "album"))


def list_collections(world: World, request: Request, section_id: str) -> Response:
    section = world.section(section_id)
    container = world.listings.list_kind(request, section, "collection")
    if dict(request.query).get("includeMeta") == "1":
        container["Meta"] = filter_meta.describe_meta(section, "collection")
    return _show(world, request, container)


def list_locations(world: World, request: Request, section_id: str) -> Response:
    places = world.section(section_id).locations
    entries = [{"id": number, "path": path} for number, path in places]
    return _show(world, request, {"size": len(entries), "Location": entries})


def list_choices(world: World, request: Request, section_id: str, name: str) -> Response:
    section = world.section(section_id)
    kind = kind_of(section, dict(request.query).get("type"))
    return _show(world, request, filter_meta.list_choices(world.library, section, kind, name))


def show_common(world: World, request: Request, section_id: str) -> Response:
    """What the chosen items have in common; fields in which they differ are named in mixedFields."""
    section = world.section(section_id)
    query = dict(request.query)
    items = world.listings.choose(section, kind_of(section, query.get("type")), request.query)
    if not items:
        raise Refusal(404)
    described = [describe(world.library, item, detail=True, guids=True) for item in items]
    names = dict.fromkeys(name for entry in described for name in entry)
    same = {
        name: described[0][name]
        for name in names
        if all(e.get(name) == described[0].get(name) for e in described)
    }
    mixed = ",".join(name for name in names if name not in same)
    entry = same | {"type": "common", "mixedFields": mixed}
    return _show(world, request, {"size": 1, **IDENTIFIER, "title2": "Common", "Metadata": [entry]})


def list_everything(world: World, request: Request) -> Response:
    """GET /library/all: over all sections, of one type where one is given."""
    kind = TYPE_NAMES.get(int(dict(request.query).get("type", "0") or 0))
    found: list[Item] = []
    for section in world.library.sections.values():
        found += world.listings.choose(section, kind or section.kind, request.query)
    container = paged(request, found, world.settings)
    return _show(
        world,
        request,
        container | IDENTIFIER | world.listings.entries(request, container["Metadata"], detail=False),
    )


def show_items(world: World, request: Request, ids: str) -> Response:
    return _show(world, request, world.listings.detail(request, parse_ids(ids)))


def list_children(world: World, request: Request, item_id: str) -> Response:
    item = world.item(item_id)
    if item.kind == "collection":
        found = lists.members_of_collection(world, item)
        return _show(world, request, world.listings.below(request, item, found, ordered=True))
    return _show(world, request, world.listings.below(request, item, world.library.children(item.key)))


def list_grandchildren(world: World, request: Request, item_id: str) -> Response:
    item = world.item(item_id)
    found = [low for child in world.library.children(item.key) for low in world.library.children(child.key)]
    return _show(world, request, world.listings.below(request, item, found))


def list_item_leaves(world: World, request: Request, item_id: str) -> Response:
    item = world.item(item_id)
    return _show(world, request, world.listings.below(request, item, list(world.library.leaves(item.key))))


def show_tree(world: World, request: Request, item_id: str) -> Response:
    entry = describe_tree(world.library, world.item(item_id))
    return _show(world, request, {"size": 1, **IDENTIFIER, "MetadataItem": [entry]})


def list_images(world: World, request: Request, item_id: str, name: str) -> Response:
    return _show(world, request, images.list_images(world.item(item_id), images.LISTS[name]))


def show_image(world: World, _request: Request, item_id: str, element: str) -> Response:
    return _picture(*images.read_selected(world.item(item_id), element))


def show_file(world: World, request: Request, item_id: str) -> Response:
    return _picture(*images.read_file(world.item(item_id), dict(request.query).get("url", "")))


def transcode(world: World, request: Request) -> Response:
    return _picture(*images.transcode(world.library, world.settings, dict(request.query)))


def _picture(content_type: str, data: bytes) -> Response:
    return Response(headers={"Content-Type": content_type, **HEADERS}, body=data)


def list_tags(world: World, request: Request) -> Response:
    number = dict(request.query).get("type", "")
    kinds = {kind.name for kind in TAG_KINDS.values() if str(kind.number) == number}
    found = [tag for tag in world.library.tags.values() if tag.kind in kinds]
    entries = [
        {"id": tag.id, "filter": f"{tag.kind}={tag.id}", "tag": tag.name, "tagType": int(number)}
        for tag in found
    ]
    return _show(world, request, {"size": len(entries), "Directory": entries})


def list_butler_tasks(_world: World, _request: Request) -> Response:
    """Form from plexapi's ButlerTask; every token but the owner's is refused before (admin in the official specification)."""
    body = '<ButlerTasks><ButlerTask name="BackupDatabase" interval="3" scheduleRandomized="0" enabled="1"/></ButlerTasks>'
    return Response(headers={"Content-Type": "text/xml;charset=utf-8"}, body=body.encode())


def list_activities(world: World, request: Request) -> Response:
    return _show(world, request, {"size": 0})
