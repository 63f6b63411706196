"""One scene on its way through a batch: what is known, what was searched, what it will show."""

from dataclasses import dataclass, field

from plexsync_plugin.base.errors import Ambiguous, PlexSyncError
from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.match import Candidate, FileMatch
from plexsync_plugin.core.model import File, Scene
from plexsync_plugin.jobs.store import Job
from plexsync_plugin.worker.pictures.covers import PictureDue


@dataclass(slots=True, kw_only=True)
class SceneWork:
    """`keys` are of the items that hold, or may hold, the scene's files; `known` is what was stored of each file.

    `known_at` is Stash's time of the scene when it was last in sync; `owed` what was found out about its cover.
    `looked_for` are the files that were searched in this batch, each with the keys that were found; `refuted` are keys that
    turned out to be of other files; `near` is what had the right name and the wrong size; `lessons` are the pairs of
    folders that the matches teach; `asked` is what Stash said of files by name. `matches` are what `held` settled for each
    file, and `left` why a file has no item, although another has.
    """

    job: Job
    scene: Scene
    desired: dict[str, Value]
    keys: list[int]
    known: list[FileMatch] = field(default_factory=list)
    known_at: str = ""
    owed: PictureDue | None = None
    looked_for: dict[str, tuple[int, ...]] = field(default_factory=dict)
    refuted: set[int] = field(default_factory=set)
    near: list[Candidate] = field(default_factory=list)
    lessons: list[PathRule] = field(default_factory=list)
    asked: dict[str, dict[int, tuple[File, ...]]] = field(default_factory=dict)
    unclear: dict[str, Ambiguous] = field(
        default_factory=dict
    )  # by path: files that could be in several items
    matches: list[FileMatch] = field(default_factory=list)
    left: PlexSyncError | None = None

    def known_of(self, path: str) -> list[FileMatch]:
        return [each for each in self.known if each.path == path]
