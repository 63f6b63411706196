"""The requests that change something: each function carries one out, given the world, the request and the ids in its path."""

from tests.sim.plex import collections, editing, history, personal
from tests.sim.plex.edits import Edit, parse_edit
from tests.sim.plex.library import now
from tests.sim.plex.listing import kind_of
from tests.sim.plex.loading import load_item
from tests.sim.plex.model import Item, Section
from tests.sim.plex.music import move_tracks, rename_or_merge
from tests.sim.plex.rendering import Refusal, accept
from tests.sim.plex.world import World, parse_ids
from tests.sim.server import Request, Response

# The plain names of the official description's example for PUT /library/metadata/{ids}.
_PLAIN = {"title": "title", "sortTitle": "titleSort", "titleSort": "titleSort"}


def edit_section(world: World, request: Request, section_id: str) -> Response:
    """PUT /library/sections/{id}/all: the chosen items of the type; without an id those of the whole section."""
    section = world.section(section_id)
    edit, rest = _parse(request)
    query = dict(rest)
    if "type" not in query:
        raise Refusal(400)
    kind = kind_of(section, query["type"])
    filters = [pair for pair in rest if pair[0] != "id"]
    if "id" in query:
        items = world.listings.pick(section, kind, parse_ids(query["id"]), filters)
        if not items and world.settings.missing_id_status == 404:
            raise Refusal(404)
    else:
        items = list(world.listings.choose(section, kind, filters))
    _apply(world, items, edit)
    return accept()


def edit_items(world: World, request: Request, ids: str) -> Response:
    """PUT /library/metadata/{ids}: the same parameters, no type or section."""
    edit, rest = _parse(request)
    for name, value in rest:
        if name in _PLAIN:
            edit.values[_PLAIN[name]] = value or None
    try:
        items = world.items(ids)
    except Refusal:
        if world.settings.missing_id_status == 404:
            raise
        return accept()
    _apply(world, items, edit)
    return accept()


def _parse(request: Request) -> tuple[Edit, list[tuple[str, str]]]:
    try:
        return parse_edit(request.query)
    except ValueError:
        raise Refusal(400) from None


def _apply(world: World, items: list[Item], edit: Edit) -> None:
    title = edit.values.get("title")
    if items and title:
        if items[0].kind == "collection":
            collections.rename_collection(world.library, items[0], title)
        if items[0].kind in {"artist", "album"}:
            items = rename_or_merge(world.library, items, title)
    if items and items[0].kind == "track" and edit.parents:
        move_tracks(world.library, items, edit.parents)
    editing.apply_edit(world.library, world.settings, items, edit)


def rate_item(world: World, request: Request) -> Response:
    query = dict(request.query)
    try:
        rating = float(query["rating"])
        rated_at = int(query.get("ratedAt", 0))
    except (KeyError, ValueError):
        raise Refusal(400) from None
    if "identifier" not in query or not -1 <= rating <= 10 or rated_at > now():
        raise Refusal(400)
    item, account = world.item(query.get("key", "")), personal.account_of(world, request)
    if account == personal.OWNER:
        editing.rate(world.library, world.settings, item, rating)
    else:
        personal.state_of(world, account, item)["userRating"] = rating
    return accept()


def mark_played(world: World, request: Request) -> Response:
    """Cannot be backdated, and writes no row of the history since PMS 1.40 (docs/facts/plex.md section 13)."""
    account = personal.account_of(world, request)
    for item in _played(world, request):
        personal.finish(personal.state_of(world, account, item), now())
        if world.settings.marks_are_plays:
            history.write_row(world, item, now(), account)
    return accept()


def mark_unplayed(world: World, request: Request) -> Response:
    account = personal.account_of(world, request)
    for item in _played(world, request):
        for name in ("viewCount", "lastViewedAt", "viewOffset"):
            personal.state_of(world, account, item).pop(name, None)
    return accept()


def _played(world: World, request: Request) -> list[Item]:
    """The item, and all episodes or tracks below it. updatedAt stays."""
    world.library.version += 1
    item = world.item(dict(request.query).get("key", ""))
    return [item, *world.library.leaves(item.key)]


def refresh_section(world: World, request: Request, section_id: str) -> Response:
    """Answers at once; what the scan finds or the agent rewrites is there with the next request."""
    section = world.section(section_id)
    query = dict(request.query)
    scan(world, section, query.get("path", ""), force=query.get("force") == "1")
    return accept()


def cancel_refresh(world: World, _request: Request, section_id: str) -> Response:
    world.section(section_id)
    return accept()


def scan(world: World, section: Section, path: str, *, force: bool = False) -> None:
    """Without a path the whole section is scanned."""
    folder = path.rstrip("/\\")
    found = [
        each
        for each in world.pending
        if each["section"] == section.key and _inside(each["item"]["file"], folder)
    ]
    world.pending = [each for each in world.pending if each not in found]
    for each in found:
        item = load_item(world.library, section, {"addedAt": now(), "updatedAt": now()} | each["item"])
        world.library.changed(item, stamp=False)
    section.attributes["scannedAt"] = now()
    if not force and not world.settings.scan_reverts:
        return
    for item in list(world.library.items.values()):
        files = [part.file for medium in item.media for part in medium.parts]
        if item.section == section.key and (not folder or any(_inside(file, folder) for file in files)):
            editing.refresh(world.library, world.settings, item)


def _inside(file: str, folder: str) -> bool:
    return not folder or file.startswith((folder + "/", folder + "\\"))


def refresh_items(world: World, _request: Request, ids: str) -> Response:
    for item in world.items(ids):
        editing.refresh(world.library, world.settings, item)
        if item.kind == "track" and world.settings.rekey_tracks:
            rekey(world, item, world.library.take_id("item"))
    return accept()


def rekey(world: World, item: Item, key: int) -> Item:
    world.library.move(item, key=key)
    world.library.changed(item, stamp=False)
    return item


def analyze(world: World, _request: Request, ids: str) -> Response:
    world.items(ids)
    return accept()


def accept_section(world: World, _request: Request, section_id: str) -> Response:
    world.section(section_id)
    return accept()


def refresh_all(world: World, _request: Request) -> Response:
    for section in world.library.sections.values():
        scan(world, section, "")
    return accept()


def accept_all(_world: World, _request: Request) -> Response:
    return accept()
