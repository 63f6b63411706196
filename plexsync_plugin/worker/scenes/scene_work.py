"""One scene on its way through a batch: what is known, what was searched, what it will show."""

from dataclasses import dataclass, field

from plexsync_plugin.base.errors import Ambiguous
from plexsync_plugin.base.rules import PathRule
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.match import Candidate
from plexsync_plugin.core.model import Scene
from plexsync_plugin.jobs.store import Job
from plexsync_plugin.worker.pictures.covers import PictureDue


@dataclass(slots=True, kw_only=True)
class SceneWork:
    job: Job
    scene: Scene
    desired: dict[str, Value]
    digest: str  # of `desired` and of the settings that decide, as it is compared with what was last synced
    keys: list[int]  # rating keys of the items that hold, or may hold, the scene's files
    known_at: str = ""  # Stash's time of the scene when it was last in sync
    pictures: PictureDue | None = (
        None  # what was found out about its cover; None: nothing is to be sent, or not yet asked
    )
    looked_for: dict[str, int | None] = field(
        default_factory=dict
    )  # files searched in this batch -> the key found
    refuted: set[int] = field(default_factory=set)  # keys that turned out to be of other files
    near: list[Candidate] = field(default_factory=list)  # what had the right name and the wrong size
    lessons: list[PathRule] = field(default_factory=list)  # pairs of folders that the matches teach
    unclear: Ambiguous | None = None  # of the last file that could be in several items
