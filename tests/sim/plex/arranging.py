"""The requests that arrange what is there: deletion and the trash, collections and their members, images of items."""

from tests.sim.plex import collections, images
from tests.sim.plex.listing import kind_of
from tests.sim.plex.model import Item
from tests.sim.plex.rendering import Refusal, accept, answer
from tests.sim.plex.world import World
from tests.sim.server import Request, Response


def empty_trash(world: World, _request: Request, section_id: str) -> Response:
    section = world.section(section_id)
    for item in [
        each for each in world.library.items.values() if each.section == section.key and each.trashed
    ]:
        if item.key in world.library.items:
            world.library.changed(item, stamp=False)
            world.library.remove_item(item.key)
    return accept()


def delete_items(world: World, _request: Request, ids: str) -> Response:
    if not world.settings.allow_deletion:
        raise Refusal(403)
    for item in world.items(ids):
        if item.kind == "collection":
            collections.remove_members(world.library, item, collections.members(world.library, item))
        world.library.changed(item, stamp=False)
        world.library.remove_item(item.key)
    return accept()


def create_collection(world: World, request: Request) -> Response:
    """POST /library/collections: a plain one; its members in uri, as server://.../library/metadata/1,2."""
    query = dict(request.query)
    section = world.section(query.get("sectionId", ""))
    items = _members_of(world, query.get("uri", ""))
    if not query.get("title") or query.get("smart") == "1":
        raise Refusal(400)
    made = collections.make_collection(
        world.library, section, query["title"], kind_of(section, query.get("type"))
    )
    collections.add_members(world.library, made, items)
    return answer(request, world.listings.detail(request, [made.key]))


def add_to_collection(world: World, request: Request, item_id: str) -> Response:
    items = _members_of(world, dict(request.query).get("uri", ""))
    collections.add_members(world.library, world.item(item_id), items)
    return answer(request, world.listings.detail(request, [int(item_id)]))


def remove_from_collection(world: World, request: Request, item_id: str, member_id: str) -> Response:
    collections.remove_members(world.library, world.item(item_id), [world.item(member_id)])
    return answer(request, world.listings.detail(request, [int(item_id)]))


def _members_of(world: World, uri: str) -> list[Item]:
    ids = uri.rpartition("/library/metadata/")[2]
    return world.items(ids) if ids else []


def upload_image(world: World, request: Request, ids: str, name: str) -> Response:
    for item in world.items(ids):
        url = dict(request.query).get("url")
        images.upload(world.library, world.settings, item, images.LISTS[name], request.body, url)
    return accept()


def select_image(world: World, request: Request, ids: str, name: str) -> Response:
    for item in world.items(ids):
        key = dict(request.query).get("url", "")
        images.select(world.library, world.settings, item, images.SELECTORS[name], key)
    return accept()


def delete_image(world: World, _request: Request, ids: str, element: str) -> Response:
    for item in world.items(ids):
        images.delete(world.library, world.settings, item, element)
    return accept()
