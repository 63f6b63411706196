"""Stash's GraphQL as the worker and the tasks need it: a subclass of stashapp-tools' StashInterface.

The original asks for half a megabyte of introspection when it is made, sets no timeout, raises a plain `Exception` for every
failure after writing to standard error, and never renews its cookie (docs/facts/stash.md sections 5 and 6).
Every query here is valid in v0.27.2 and v0.30.1 (tests validate them against both schemas).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import requests
import stashapi.stashapp
import urllib3
from pydantic import TypeAdapter

from plexsync_plugin.base.answer_limits import AnswerOverdue, AnswerTooLong, Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.base.errors import StashBusy, StashRejected, StashUnavailable
from plexsync_plugin.base.limited_http import LimitedAdapter
from plexsync_plugin.base.rules import parse_collections
from plexsync_plugin.core.model import File, Scene
from plexsync_plugin.core.scene import scene_of
from plexsync_plugin.stash import activity, pages, shapes
from plexsync_plugin.stash.activity import Activity
from plexsync_plugin.stash.answer import data_of
from plexsync_plugin.stash.connection import PLUGIN_ID, StashConnection
from plexsync_plugin.stash.identify import greet
from plexsync_plugin.stash.pages import IdPage, ScenePage
from plexsync_plugin.stash.saved_filters import SavedFilters

LIMITS = Limits(connect=5.0, silence=60.0, whole=240.0)  # Stash's database may be busy with a scan
MOST_PICTURE_BYTES = 64_000_000
PICTURE_LIMITS = Limits(connect=5.0, silence=20.0, whole=120.0, length=MOST_PICTURE_BYTES)
T = TypeVar("T")

SCENE_FIELDS = (
    "id title details date code director rating100 organized updated_at studio{id name parent_studio{id name}} "
    "performers{id name disambiguation image_path} tags{id name} groups{group{id name}} files{path size}"
)
CONFIGURATION = f'configuration{{plugins(include:["{PLUGIN_ID}"]) general{{apiKey username}}}}'
SETTINGS = f"{{{CONFIGURATION}}}"
# What reads scenes reads the settings too: they hold for what is done with the answer, and cost no request of their own.
SCENES = f"query($ids:[ID!]){{{CONFIGURATION} findScenes(ids:$ids){{scenes{{{SCENE_FIELDS}}}}}}}"
SCENE_PAGE = (
    "query($after:Int!,$size:Int!){findScenes(scene_filter:{id:{value:$after,modifier:GREATER_THAN}},"
    'filter:{per_page:$size,sort:"id"}){count scenes{id}}}'
)
FOUND_IDS = pages.query("id updated_at", beside=CONFIGURATION)
FOUND_SCENES = pages.query(SCENE_FIELDS, beside=CONFIGURATION)
FILES_LIKE = (
    "query($name:String!){findScenes(scene_filter:{path:{value:$name,modifier:INCLUDES}},"
    "filter:{per_page:-1}){scenes{id files{path size}}}}"
)
JOB_QUEUE = "{jobQueue{id status description}}"
VERSION = "{version{version}}"
PICTURE_ADDRESSES = {
    "studio": "query($id:ID!){found:findStudio(id:$id){address:image_path}}",
    "group": "query($id:ID!){found:findGroup(id:$id){address:front_image_path}}",
}
FOLDERS = "{configuration{general{stashes{path}}}}"
PLUGINS_FOLDER = "{configuration{general{pluginsPath}}}"
SCENE_COUNT = "{findScenes(filter:{per_page:0}){count}}"
CONFIGURE = "mutation($plugin:ID!,$settings:Map!){configurePlugin(plugin_id:$plugin,input:$settings)}"
RUN_TASK = "mutation($plugin:ID!,$task:String,$args:Map){runPluginTask(plugin_id:$plugin,task_name:$task,args_map:$args)}"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StashState:
    """What the worker asks for with each look at Stash."""

    settings: Mapping[str, Any]  # of this plugin, as they are stored
    api_key: str  # "" where there is none
    asks_sign_in: bool  # whether others can fetch pictures only with a key


class _QuietLogger:
    """StashInterface wants a logger of its own kind; its lines go to the log file."""

    def debug(self, text: object) -> None:
        _log.debug("%s", text)

    trace = info = debug

    def warning(self, text: object) -> None:
        _log.warning("%s", text)

    error = warning


class StashClient(stashapi.stashapp.StashInterface):  # type: ignore[misc] # stashapi ships no types
    """Raises StashUnavailable, StashUnauthorized and StashRejected. The API key, once known, outlives the cookie.

    `heard` is told the settings each time scenes are read, before the scenes are handed out, and may raise to keep them back. Scenes
    come with those saved filters that the settings name.
    """

    def __init__(
        self,
        connection: StashConnection,
        heard: Callable[[StashState], None] = lambda _: None,
        clock: Clock | None = None,
    ) -> None:
        self._connection = connection
        self._heard = heard
        self._filter_names: tuple[str, ...] = ()
        self._filters = SavedFilters(self._read, clock or Clock())
        self._http = requests.Session()
        adapter = LimitedAdapter(Clock(), partial(greet, connection, Clock()))
        self._http.mount("http://", adapter)
        self._http.mount("https://", adapter)
        # Stash sets proxy variables for its own purposes; this connection goes to Stash itself.
        self._http.trust_env = False
        # Stash's own certificate is normally self-signed or made for another name than loopback.
        self._http.verify = False
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self._http.headers.update({"Accept": "application/json"})
        if connection.cookie:
            # With its domain: else the renewed cookie would be sent second and never be read.
            self._http.cookies.set(
                "session", connection.cookie, domain=_cookie_domain(connection.host), path="/"
            )
        if connection.api_key:
            self.use_key(connection.api_key)
        conn = {"Scheme": connection.scheme, "Host": connection.host, "Port": connection.port}
        try:
            super().__init__({**conn, "Logger": _QuietLogger()}, verify_ssl=False)
        except (LookupError, TypeError, ValueError, AttributeError) as error:  # it looks at answers unchecked
            raise StashRejected("Stash gave answers that are not of the form it promises.") from error

    @property
    def connection(self) -> StashConnection:
        """The connection with the session as it is now, for a worker that takes over."""
        cookie = next((c.value for c in self._http.cookies if c.name == "session"), None)
        key = self._http.headers.get("ApiKey") or ""
        return replace(
            self._connection,
            cookie=cookie or self._connection.cookie,
            api_key=key if isinstance(key, str) else key.decode(),
        )

    def use_key(self, api_key: str) -> None:
        """A wrong key is refused even where no password is set, so an empty one takes the header away."""
        if api_key:
            self._http.headers["ApiKey"] = api_key
        else:
            self._http.headers.pop("ApiKey", None)

    def state(self) -> StashState:
        answer = self._read(shapes.STATE, SETTINGS)
        return _state_of({**answer})

    @property
    def filter_problems(self) -> Mapping[str, str]:
        """A sentence for each saved filter of the settings, by name, of which it cannot be told what fits it."""
        return self._filters.problems

    def scenes(self, ids: Sequence[int], *, since: float | None = None) -> dict[int, Scene]:
        """Scenes by id; an id that Stash does not know is missing in the answer. `since`: when the last of them is known to have
        been changed, in epoch seconds."""
        try:
            found = self._with_state(shapes.SCENES, SCENES, {"ids": [str(number) for number in ids]})
            answers: Sequence[Mapping[str, Any]] = found["findScenes"]["scenes"]
        except StashRejected:
            # One id that is gone spoils the whole query; one by one, in one request, it is just null.
            answers = self._each_scene(ids)
        found_scenes = self._filters.mark(map(scene_of, answers), self._filter_names, since=since)
        return {scene.id: scene for scene in found_scenes}

    def _each_scene(self, ids: Sequence[int]) -> list[Mapping[str, Any]]:
        fields = " ".join(f"s{number}:findScene(id:{number}){{{SCENE_FIELDS}}}" for number in ids)
        answer = dict(self._GQL(f"{{{CONFIGURATION} {fields}}}"))
        state = shapes.fit(shapes.STATE, {"configuration": answer.pop("configuration", None)})
        self._hear(_state_of({**state}))
        return [scene for scene in shapes.fit(shapes.EACH_SCENE, answer).values() if scene]

    def scene_ids(self, after: int, size: int) -> list[int]:
        """The next ids above `after`, in order; an empty list at the end."""
        page = self._read(shapes.IDS, SCENE_PAGE, {"after": after, "size": size})
        return [scene["id"] for scene in page["findScenes"]["scenes"]]

    def scene_page(self, after: int, size: int, *, since: float | None = None) -> ScenePage:
        """The next scenes above the id `after`, in full; with `since` (epoch seconds) only those updated then or later."""
        variables = pages.variables(after, size, pages.updated_since(since))
        page = pages.scene_page(
            self._with_state(shapes.SCENE_PAGE, FOUND_SCENES, variables)["findScenes"], since
        )
        return replace(page, scenes=tuple(self._filters.mark(page.scenes, self._filter_names, since=None)))

    def scenes_showing(self, kind: str, entity_ids: Sequence[int], *, after: int, size: int) -> IdPage:
        """Scenes that show one of these performers, studios (or their children), tags or groups."""
        criteria = pages.shows(kind, tuple(str(number) for number in entity_ids))
        return pages.id_page(self._ids(after, size, criteria))

    def scenes_since(self, since: float, *, after: int, size: int) -> IdPage:
        """Scenes updated at `since` (epoch seconds) or later."""
        return pages.id_page(self._ids(after, size, pages.updated_since(since)), since)

    def _ids(self, after: int, size: int, criteria: pages.Criteria) -> Mapping[str, Any]:
        found = self._with_state(shapes.ID_PAGE, FOUND_IDS, pages.variables(after, size, criteria))
        ids: Mapping[str, Any] = found["findScenes"]
        return ids

    def _with_state(
        self, shape: TypeAdapter[Any], query: str, variables: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """The answer to a query that reads the settings too."""
        answer: Mapping[str, Any] = self._read(shape, query, variables)
        self._hear(_state_of(answer))
        return answer

    def _hear(self, state: StashState) -> None:
        self._filter_names = _filters_of(state.settings)
        self._heard(state)

    def files_like(self, name: str) -> dict[int, tuple[File, ...]]:
        """All files, by scene id, of the scenes with a file whose path contains the name.

        `_` and `%` in it match anything.
        """
        # In quotes it is one word; else Stash takes any word of it (docs/facts/stash.md section 6).
        found = self._read(shapes.FILES, FILES_LIKE, {"name": f'"{name}"'})["findScenes"]["scenes"]
        return {
            scene["id"]: tuple(File(path=file["path"], size=file.get("size") or 0) for file in scene["files"])
            for scene in found
        }

    def activity(self, ids: Sequence[int]) -> dict[int, Activity]:
        """Plays and resume points by scene id; a scene that is gone is missing in the answer."""
        return activity.read(self._GQL(activity.query(ids))) if ids else {}

    def add_plays(self, scene_id: int, times: Sequence[int]) -> None:
        """Count plays at these epoch seconds. Given twice they count twice (docs/facts/stash.md, last section)."""
        self._GQL(activity.ADD_PLAYS, activity.plays(scene_id, times))

    def delete_plays(self, scene_id: int, times: Sequence[int]) -> None:
        """Take back one play for each of these epoch seconds."""
        self._GQL(activity.DELETE_PLAYS, activity.plays(scene_id, times))

    def set_resume(self, scene_id: int, milliseconds: int) -> None:
        self._GQL(activity.SET_RESUME, {"id": str(scene_id), "seconds": milliseconds / 1000})

    def set_rating(self, scene_id: int, rating100: int | None) -> None:
        """The rating alone; None takes it away. Fires our own hook."""
        self._GQL(activity.SET_RATING, {"input": {"id": str(scene_id), "rating100": rating100}})

    def job_queue(self) -> Sequence[Mapping[str, Any]]:
        return self._read(shapes.JOB_QUEUE, JOB_QUEUE)["jobQueue"] or []

    def has_picture(self, kind: str, entity_id: int) -> bool:
        """Whether this studio or group is there and has a picture of its own: Stash marks the address of a default one."""
        found = self._read(shapes.PICTURE, PICTURE_ADDRESSES[kind], {"id": str(entity_id)})["found"] or {}
        address = found.get("address") or ""
        return bool(address) and "default=true" not in address

    def version_text(self) -> str:
        version = self._read(shapes.VERSION, VERSION)["version"] or {}
        return version.get("version") or "of an unknown version"

    def scene_count(self) -> int:
        return self._read(shapes.COUNT, SCENE_COUNT)["findScenes"]["count"]

    def library_folders(self) -> list[str]:
        general = self._read(shapes.FOLDERS, FOLDERS)["configuration"]["general"]
        return [folder["path"] for folder in general["stashes"] or []]

    def plugins_folder(self) -> str:
        """As Stash was told; it may be relative to where Stash was started (docs/facts/stash.md section 1)."""
        return str(self._GQL(PLUGINS_FOLDER)["configuration"]["general"]["pluginsPath"] or "")

    def settings_of(self, plugin: str) -> Mapping[str, Any]:
        """What is stored for another plugin, also one that is gone."""
        found = (self._GQL(SETTINGS, {"ids": [plugin]})["configuration"].get("plugins") or {}).get(plugin)
        return found if isinstance(found, dict) else {}

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Replaces all that is stored for the plugin: read and merge first (docs/facts/stash.md section 6)."""
        self._GQL(CONFIGURE, {"plugin": PLUGIN_ID, "settings": dict(settings)})

    def run_task(self, task: str, args: Mapping[str, Any]) -> None:
        self._GQL(RUN_TASK, {"plugin": PLUGIN_ID, "task": task, "args": dict(args)})

    def get(self, path: str, headers: Mapping[str, str]) -> requests.Response:
        """Ask for what Stash serves beside GraphQL. The body is not read yet, and no redirect is followed.

        Raises what requests raises and StashUnavailable; its body AnswerOverdue and AnswerTooLong.
        """
        return self._http.get(
            f"{self._connection.address}{path}",
            headers=dict(headers),
            timeout=PICTURE_LIMITS,  # type: ignore[arg-type] # of our adapter, not of requests
            stream=True,
            allow_redirects=False,
        )

    def close(self) -> None:
        self._http.close()

    def _read(self, shape: TypeAdapter[T], query: str, variables: Mapping[str, Any] | None = None) -> T:
        return shapes.fit(shape, self._GQL(query, variables))

    # --- what StashInterface calls -------------------------------------------------------------------------------

    def _get_fragments_introspection(self, *_: Any, **__: Any) -> dict[str, str]:
        return {}

    def _GQL(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        try:
            response = self._http.post(
                f"{self._connection.address}/graphql",
                json={"query": query, "variables": dict(variables or {})},
                timeout=LIMITS,  # type: ignore[arg-type] # of our adapter, not of requests
                allow_redirects=False,
            )
        except (requests.exceptions.ReadTimeout, AnswerOverdue) as error:
            raise StashBusy("Stash did not answer in time.") from error
        except AnswerTooLong as error:
            raise StashRejected(
                "Stash gave an answer that is longer than any that PlexSync reads."
            ) from error
        except requests.exceptions.RequestException as error:
            raise StashUnavailable(f"Stash at {self._connection.address} cannot be reached.") from error
        return data_of(response.status_code, response.content)


def _state_of(answer: Mapping[str, Any]) -> StashState:
    configuration = answer["configuration"]
    settings = (configuration.get("plugins") or {}).get(PLUGIN_ID) or {}
    general = configuration.get("general") or {}
    api_key, username = general.get("apiKey") or "", general.get("username") or ""
    return StashState(settings=settings, api_key=api_key, asks_sign_in=bool(api_key or username))


def _filters_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the saved filters that the setting `collections` names; none where it makes no sense, for then nothing is done."""
    try:
        rules = parse_collections(str(settings.get("collections") or ""))
    except ValueError:
        return ()
    return tuple(dict.fromkeys(rule.name for rule in rules if rule.source == "filter"))


def _cookie_domain(host: str) -> str:
    """The host as Python's cookie jar writes it: a name without a dot gets ".local"
    (http.cookiejar.eff_request_host)."""
    bare = host.strip("[]")
    if ":" in bare:
        return f"[{bare}].local"
    return bare if "." in bare else f"{bare}.local"
