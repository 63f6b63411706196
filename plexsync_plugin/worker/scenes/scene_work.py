"""One scene on its way through a batch: what is known, what was searched, what it will show."""

from collections.abc import Callable
from dataclasses import dataclass, field

from plexsync_plugin.base.errors import Ambiguous, PlexSyncError
from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.match import Candidate, FileMatch
from plexsync_plugin.core.model import File, Scene
from plexsync_plugin.core.stars import Verdict
from plexsync_plugin.jobs.activity import Activity
from plexsync_plugin.jobs.store import Job
from plexsync_plugin.worker.pictures.covers import PictureDue


@dataclass(slots=True, kw_only=True)
class SceneWork:
    job: Job
    scene: Scene
    desired: dict[str, Value]
    keys: list[int]  # rating keys of the items that hold, or may hold, the scene's files
    known: list[FileMatch] = field(default_factory=list)  # what was stored of each file
    known_at: str = ""  # Stash's time of the scene when it was last in sync
    pictures: PictureDue | None = (
        None  # what was found out about its cover; None: nothing is to be sent, or not yet asked
    )
    cover_asked: bool = False  # before its turn: nothing is new but what `pictures` says
    looked_for: dict[str, tuple[int, ...]] = field(
        default_factory=dict
    )  # files searched in this batch -> the keys found
    refuted: set[int] = field(
        default_factory=set
    )  # keys that turned out to be of other files, or in the trash, unlike what index or listing say
    in_trash: set[int] = field(default_factory=set)  # keys that a search has found in the trash already
    near: list[Candidate] = field(default_factory=list)  # what had the right name and the wrong size
    lessons: list[PathRule] = field(default_factory=list)  # pairs of folders that the matches teach
    asked: dict[str, dict[int, tuple[File, ...]]] = field(
        default_factory=dict
    )  # what Stash said of files by name
    unclear: dict[str, Ambiguous] = field(
        default_factory=dict
    )  # by path: files that could be in several items
    stars: dict[int, Verdict] = field(
        default_factory=dict
    )  # by rating key, where ratings_back is on: whose rating counts
    taken: bool = (
        False  # a star of Plex is to become the scene's rating; `scene` and `desired` have it already
    )
    rated: int | None = None  # the rating that Stash has until then
    matches: list[FileMatch] = field(default_factory=list)  # what was settled for each file
    unsettled: Callable[[], None] | None = (
        None  # stores what was written to its items; None: nothing is left to store
    )
    activities: list[Activity] = field(default_factory=list)  # what was done in Plex, not yet stored
    left: PlexSyncError | None = None  # why a file has no item, although another file of the scene has one

    def known_of(self, path: str) -> list[FileMatch]:
        return [each for each in self.known if each.path == path]
