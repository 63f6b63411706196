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
    """`keys` are of the items that hold, or may hold, the scene's files.

    `known_at` is Stash's time of the scene when it was last in sync; `owed` what was found out about its cover.
    `looked_for` are the files that were searched in this batch, each with the key that was found; `refuted` are keys that
    turned out to be of other files; `near` is what had the right name and the wrong size; `lessons` are the pairs of
    folders that the matches teach.
    """

    job: Job
    scene: Scene
    desired: dict[str, Value]
    digest: str
    keys: list[int]
    known_at: str = ""
    owed: PictureDue | None = None
    looked_for: dict[str, int | None] = field(default_factory=dict)
    refuted: set[int] = field(default_factory=set)
    near: list[Candidate] = field(default_factory=list)
    lessons: list[PathRule] = field(default_factory=list)
    unclear: Ambiguous | None = None  # of the last file that could be in several items
