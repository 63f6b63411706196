"""The simulated server as an Application: checks every request as Plex does, then hands it to its route."""

import re
import threading
from collections.abc import Callable
from typing import Any

from tests.sim.plex import arranging, history, lists, reading, writing
from tests.sim.plex.control import CONTROLS
from tests.sim.plex.events import EVENT_SOURCE, STREAM_HEADERS, Events
from tests.sim.plex.images import LISTS, SELECTORS
from tests.sim.plex.listing import Unlistable
from tests.sim.plex.model import IMAGE_LISTS
from tests.sim.plex.rendering import Refusal, maintain, refuse
from tests.sim.plex.state import dump_world, load_world
from tests.sim.plex.world import World
from tests.sim.server import Request, Response

Route = Callable[..., Response]
_IDS = r"([0-9,]+)"
_SECTION = r"/library/sections/(\w+)"
_ITEM = rf"/library/metadata/{_IDS}"
_ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("GET", r"/", reading.show_server),
    ("GET", r"/identity", reading.show_identity),
    ("GET", r"/library", reading.show_library),
    ("GET", r"/library/all", reading.list_everything),
    ("GET", r"/library/tags", reading.list_tags),
    ("GET", r"/activities", reading.list_activities),
    ("GET", r"/accounts", history.list_accounts),
    ("GET", r"/status/sessions/history/all", history.list_history),
    ("GET", r"/playlists", lists.list_playlists),
    ("GET", r"/playlists/(\d+)", lists.show_playlist),
    ("GET", r"/playlists/(\d+)/items", lists.list_playlist_items),
    ("GET", r"/butler", reading.list_butler_tasks),
    ("GET", r"/library/sections(?:/all)?", reading.show_sections),
    ("GET|POST", r"/library/sections/(?:all/)?refresh", writing.refresh_all),
    ("DELETE", r"/library/sections/all/refresh", writing.accept_all),
    ("PUT", r"/library/(?:optimize|clean/bundles)", writing.accept_all),
    ("GET", _SECTION, reading.show_section),
    ("GET", rf"{_SECTION}/all", reading.list_section),
    ("GET", rf"{_SECTION}/allLeaves", reading.list_leaves),
    ("GET", rf"{_SECTION}/albums", reading.list_albums),
    ("GET", rf"{_SECTION}/collections", reading.list_collections),
    ("GET", rf"{_SECTION}/location", reading.list_locations),
    ("GET", rf"{_SECTION}/common", reading.show_common),
    ("GET|POST", rf"{_SECTION}/refresh", writing.refresh_section),
    ("DELETE", rf"{_SECTION}/refresh", writing.cancel_refresh),
    ("PUT", rf"{_SECTION}/all", writing.edit_section),
    ("PUT", rf"{_SECTION}/analyze", writing.accept_section),
    ("PUT", rf"{_SECTION}/emptyTrash", arranging.empty_trash),
    ("GET", rf"{_SECTION}/(\w+)", reading.list_choices),
    ("GET", _ITEM, reading.show_items),
    ("PUT", _ITEM, writing.edit_items),
    ("DELETE", _ITEM, arranging.delete_items),
    ("GET", rf"{_ITEM}/children", reading.list_children),
    ("GET", r"/library/collections/(\d+)/(?:children|items)", reading.list_children),
    ("GET", r"/library/collections/(\d+)", reading.show_items),
    ("POST", r"/library/collections", arranging.create_collection),
    ("PUT", r"/library/collections/(\d+)/items", arranging.add_to_collection),
    ("DELETE", r"/library/collections/(\d+)/(?:children|items)/(\d+)", arranging.remove_from_collection),
    ("DELETE", r"/library/collections/(\d+)", arranging.delete_items),
    ("GET", rf"{_ITEM}/grandchildren", reading.list_grandchildren),
    ("GET", rf"{_ITEM}/allLeaves", reading.list_item_leaves),
    ("GET", rf"{_ITEM}/tree", reading.show_tree),
    ("GET", rf"{_ITEM}/file", reading.show_file),
    ("PUT", rf"{_ITEM}/refresh", writing.refresh_items),
    ("PUT", rf"{_ITEM}/analyze", writing.analyze),
    ("GET", rf"{_ITEM}/({'|'.join(LISTS)})", reading.list_images),
    ("POST", rf"{_ITEM}/({'|'.join(LISTS)})", arranging.upload_image),
    ("PUT", rf"{_ITEM}/({'|'.join(SELECTORS)})", arranging.select_image),
    ("DELETE", rf"{_ITEM}/({'|'.join(IMAGE_LISTS)})", arranging.delete_image),
    ("GET", rf"{_ITEM}/({'|'.join(IMAGE_LISTS)})(?:/\d+)?", reading.show_image),
    ("GET", r"/photo/:/transcode", reading.transcode),
    ("GET|PUT", r"/:/rate", writing.rate_item),
    ("GET|PUT", r"/:/scrobble", writing.mark_played),
    ("GET|PUT", r"/:/unscrobble", writing.mark_unplayed),
)
_COMPILED = [(frozenset(methods.split("|")), re.compile(path), route) for methods, path, route in _ROUTES]
_DETAIL = re.compile(_ITEM)
_OWNERS_ALONE = re.compile(rf"/butler|{EVENT_SOURCE}")
_OPEN_TO_SHARED = re.compile(r"/:/(rate|scrobble|unscrobble)")


class PlexApplication:
    """One lock around each request: a Plex server has one writer, and a test wants a definite order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._pause = threading.Event()
        self._events = Events()
        self._events.know(world.library.items)

    def answer(self, request: Request) -> Response:
        with self._lock:
            self._world.clients[request.headers.get("X-Plex-Client-Identifier", "")] += 1
        try:
            self._check(request)
            self._delay(request)
            if request.path == EVENT_SOURCE and request.method == "GET":
                return Response(headers=dict(STREAM_HEADERS), stream=self._events.follow())
            with self._lock:
                response = self._route(request)
                self._events.tell(self._world.library)
                return response
        except Unlistable as refusal:
            self._pause.wait(self._world.settings.unlistable_ms / 1000)
            return refuse(refusal.status)
        except Refusal as refusal:
            return refuse(refusal.status) if refusal.status != 503 else maintain()

    def _check(self, request: Request) -> None:
        settings = self._world.settings
        if len(request.target.encode("utf-8", "replace")) > settings.url_limit:
            raise Refusal(400)
        if settings.starting or (settings.maintenance and request.path != "/identity"):
            raise Refusal(503)
        if settings.token is None or request.path == "/identity":
            return
        given = dict(request.query).get("X-Plex-Token") or request.headers.get("X-Plex-Token")
        if given == settings.token:
            return
        if settings.shared_token is None or given != settings.shared_token:
            raise Refusal(401)
        changes = request.method not in {"GET", "HEAD"} and not _OPEN_TO_SHARED.fullmatch(request.path)
        if changes or _OWNERS_ALONE.fullmatch(request.path):
            raise Refusal(403)

    def _delay(self, request: Request) -> None:
        settings = self._world.settings
        delay = settings.latency_ms
        found = _DETAIL.fullmatch(request.path)
        if found and settings.detail_ms and request.method == "GET":
            delay += settings.detail_ms * (found[1].count(",") + 1)
        if delay:
            self._pause.wait(delay / 1000)

    def _route(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        path = request.path.rstrip("/") or "/"
        for methods, pattern, route in _COMPILED:
            found = pattern.fullmatch(path)
            if found and method in methods:
                return route(self._world, request, *found.groups())
        raise Refusal(404)

    def control(self, name: str, payload: Any) -> Any:
        if name == "playing":
            self._events.play(payload or {})
            return None
        if name not in CONTROLS:
            raise KeyError(f"no such control: {name}")
        with self._lock:
            answer = CONTROLS[name](self._world, payload or {})
            self._events.tell(self._world.library)
            return answer

    def dump_state(self) -> Any:
        return dump_world(self._world)

    def load_state(self, state: Any) -> None:
        load_world(self._world, state)
