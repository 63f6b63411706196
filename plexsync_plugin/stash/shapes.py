"""The shapes of Stash's answers, field by field, as its schema promises them and as the code behind relies on them.

One value of another type makes StashRejected of the answer, with the place in it. Fields that nobody asked for are dropped.
"""

from typing import Annotated, Any, Required, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from plexsync_plugin.base.errors import StashRejected

Id = Annotated[int, Field(gt=0, lt=2**63)]  # what SQLite holds, Stash's and ours
Whole = Annotated[int, Field(ge=0, lt=2**63)]
Text = str | None
T = TypeVar("T")
LONGEST_PLACE = 100  # characters


class _Named(TypedDict, total=False):
    id: Required[Id]
    name: Text


class _Performer(_Named, total=False):
    disambiguation: Text
    image_path: Text


class _Studio(_Named, total=False):
    parent_studio: _Named | None


class _Group(TypedDict):
    group: _Named


class _File(TypedDict, total=False):
    path: Required[str]
    size: Whole | None


class SceneAnswer(TypedDict, total=False):
    id: Required[Id]
    title: Text
    details: Text
    date: Text
    code: Text
    director: Text
    rating100: int | None
    organized: bool | None
    updated_at: Required[str]
    studio: _Studio | None
    performers: list[_Performer] | None
    tags: list[_Named] | None
    groups: list[_Group] | None
    files: list[_File] | None


class _SceneId(TypedDict):
    id: Id


class _SceneTime(_SceneId):
    updated_at: str


class _SceneFiles(TypedDict):
    id: Id
    files: list[_File]


class _Scenes(TypedDict):
    scenes: list[SceneAnswer]


class _ScenePage(TypedDict):
    count: Whole
    scenes: list[SceneAnswer]


class _Ids(TypedDict):
    scenes: list[_SceneId]


class _IdPage(TypedDict):
    count: Whole
    scenes: list[_SceneTime]


class _FilesPage(TypedDict):
    scenes: list[_SceneFiles]


class _Count(TypedDict):
    count: Whole


class _General(TypedDict, total=False):
    apiKey: Text
    username: Text


class _Configuration(TypedDict, total=False):
    plugins: dict[str, dict[str, Any] | None] | None
    general: _General | None


class _State(TypedDict):
    configuration: _Configuration


class _FoundScenes(_State):
    findScenes: _Scenes


class _FoundScenePage(_State):
    findScenes: _ScenePage


class _FoundIds(TypedDict):
    findScenes: _Ids


class _FoundIdPage(_State):
    findScenes: _IdPage


class _FoundFiles(TypedDict):
    findScenes: _FilesPage


class _FoundCount(TypedDict):
    findScenes: _Count


class _Folder(TypedDict):
    path: str


class _Folders(TypedDict):
    stashes: list[_Folder] | None


class _FoldersGeneral(TypedDict):
    general: _Folders


class _LibraryFolders(TypedDict):
    configuration: _FoldersGeneral


class _FindFilter(TypedDict, total=False):
    q: Text


class _SavedFilter(TypedDict):
    name: str
    find_filter: _FindFilter | None
    object_filter: dict[str, Any] | None


class _SavedFilters(TypedDict):
    findSavedFilters: list[_SavedFilter]


class _Job(TypedDict, total=False):
    id: Required[str]
    status: Required[str]
    description: Text


class _JobQueue(TypedDict):
    jobQueue: list[_Job] | None


class _PictureAddress(TypedDict, total=False):
    address: Text


class _PictureAnswer(TypedDict):
    found: _PictureAddress | None


class _Version(TypedDict, total=False):
    version: Text


class _VersionAnswer(TypedDict):
    version: _Version | None


STATE = TypeAdapter(_State)
SCENES = TypeAdapter(_FoundScenes)
EACH_SCENE = TypeAdapter(dict[str, SceneAnswer | None])
SCENE_PAGE = TypeAdapter(_FoundScenePage)
IDS = TypeAdapter(_FoundIds)
ID_PAGE = TypeAdapter(_FoundIdPage)
FILES = TypeAdapter(_FoundFiles)
COUNT = TypeAdapter(_FoundCount)
FOLDERS = TypeAdapter(_LibraryFolders)
SAVED_FILTERS = TypeAdapter(_SavedFilters)
JOB_QUEUE = TypeAdapter(_JobQueue)
PICTURE = TypeAdapter(_PictureAnswer)
VERSION = TypeAdapter(_VersionAnswer)


def fit(shape: TypeAdapter[T], data: Any) -> T:
    """`data` as the shape says. Raises StashRejected."""
    try:
        return shape.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))[:LONGEST_PLACE]
        raise StashRejected(
            f"Stash gave an answer that is not of the form it promises (at {place or 'its beginning'})."
        ) from error
