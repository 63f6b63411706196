"""What is in collections and playlists, and in which order; playlists themselves (docs/facts/plex.md section 14).

A smart list has a filter in `content`, in the form that Plex gives it: `.../library/sections/1/all?type=1&genre=...`, encoded
once. A playlist's members are rating keys, or objects of another server with their `sourceURI`.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.sim.plex import collections
from tests.sim.plex.library import now
from tests.sim.plex.listing import IDENTIFIER, paged
from tests.sim.plex.model import Item, nocase
from tests.sim.plex.rendering import Refusal, answer
from tests.sim.plex.world import World
from tests.sim.server import Request, Response

RELEASE, TITLE, CUSTOM = 0, 1, 2  # collectionSort


def members_of_collection(world: World, collection: Item) -> list[Item]:
    if collection.fields.get("smart"):
        return _filtered(world, collection.fields["content"])
    found = collections.members(world.library, collection)
    sort = collection.fields.get("collectionSort", RELEASE)
    if sort == CUSTOM:
        order = collection.extras.get("order", [])
        return sorted(found, key=lambda item: order.index(item.key) if item.key in order else len(order))
    if sort == TITLE:
        return sorted(found, key=lambda item: nocase(item.fields.get("title", "")))
    return sorted(found, key=lambda item: item.fields.get("originallyAvailableAt", ""))


def _filtered(world: World, content: str) -> list[Item]:
    """The items that a filter finds now."""
    address = urlsplit(unquote(content.rpartition("/directory/")[2]))
    section = world.section(address.path.split("/")[3])
    query = parse_qsl(address.query)
    kind = {"1": "movie", "2": "show", "4": "episode", "8": "artist", "9": "album", "10": "track"}
    return world.listings.choose(section, kind[dict(query)["type"]], query)


def list_playlists(world: World, request: Request) -> Response:
    query = dict(request.query)
    found = [
        _describe(world, playlist)
        for playlist in world.playlists.values()
        if query.get("playlistType", playlist["playlistType"]) == playlist["playlistType"]
        and query.get("smart", str(int(playlist["smart"]))) == str(int(playlist["smart"]))
    ]
    return answer(request, paged(request, found, world.settings))


def show_playlist(world: World, request: Request, key: str) -> Response:
    playlist = _playlist(world, key)
    content = {"content": playlist["content"]} if playlist["smart"] else {}
    return answer(request, {"size": 1, **IDENTIFIER, "Metadata": [_describe(world, playlist) | content]})


def list_playlist_items(world: World, request: Request, key: str) -> Response:
    playlist = _playlist(world, key)
    page = paged(request, _members(world, playlist), world.settings)
    ours = [entry for entry in page["Metadata"] if isinstance(entry, Item)]
    described = iter(world.listings.entries(request, ours, detail=False)["Metadata"])
    start = page.get("offset", 0)
    entries = [
        (next(described) if isinstance(entry, Item) else dict(entry))
        | ({} if playlist["smart"] else {"playlistItemID": start + place + 1})
        for place, entry in enumerate(page["Metadata"])
    ]
    frame = {"composite": _address(playlist), "title": playlist["title"], "leafCount": len(entries)}
    return answer(request, page | frame | {"Metadata": entries})


def _playlist(world: World, key: str) -> dict[str, Any]:
    found = world.playlists.get(int(key))
    if found is None:
        raise Refusal(404)
    return found


def _members(world: World, playlist: dict[str, Any]) -> list[Any]:
    """Items, and entries of other servers as they stand; what has been deleted is in no playlist any more."""
    if playlist["smart"]:
        return _filtered(world, playlist["content"])
    given = [
        each if isinstance(each, dict) else world.library.items.get(int(each)) for each in playlist["members"]
    ]
    return [each for each in given if each is not None]


def _describe(world: World, playlist: dict[str, Any]) -> dict[str, Any]:
    held = _members(world, playlist)
    lengths = [each.fields.get("duration", 0) for each in held if isinstance(each, Item)]
    shown = {name: value for name, value in playlist.items() if name not in {"members", "content"}}
    return {
        "key": f"/playlists/{playlist['ratingKey']}/items",
        "guid": f"com.plexapp.agents.none://{playlist['ratingKey']}",
        "type": "playlist",
        "composite": _address(playlist),
        "duration": sum(lengths),
        "leafCount": len(held),
        **shown,
    }


def _address(playlist: dict[str, Any]) -> str:
    return f"/playlists/{playlist['ratingKey']}/composite/{playlist['updatedAt']}"


def put_playlist(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """A new one, or with the ratingKey of one what is to be different of it; `keep_stamp` leaves its updatedAt."""
    given = dict(payload)
    stamped = {} if given.pop("keep_stamp", False) else {"updatedAt": now()}
    key = int(given.pop("ratingKey", 0)) or world.library.take_id("item")
    usual = {
        "ratingKey": str(key),
        "title": f"Playlist {key}",
        "summary": "",
        "smart": "content" in given,
        "playlistType": "video",
        "addedAt": now(),
        "members": [],
    }
    world.playlists[key] = world.playlists.get(key, usual) | given | stamped
    return world.playlists[key]


def remove_playlist(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    return world.playlists.pop(int(payload["ratingKey"]))


def put_collection(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """One of that title, its `fields` and `members` (in custom order, where its collectionSort is 2); `keep_stamp` as above."""
    library = world.library
    section = library.sections[int(payload["section"])]
    item = collections.make_collection(library, section, payload["title"], payload.get("kind", section.kind))
    item.fields |= payload.get("fields", {})
    if "members" in payload:
        wanted = [library.items[int(key)] for key in payload["members"]]
        gone = [each for each in collections.members(library, item) if each not in wanted]
        collections.remove_members(library, item, gone)
        collections.add_members(library, item, wanted)
        item.extras["order"] = [each.key for each in wanted]
    library.changed(item, stamp=not payload.get("keep_stamp"))
    return {"ratingKey": item.key}
