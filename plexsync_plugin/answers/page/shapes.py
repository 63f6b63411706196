"""The forms of all answers that the page inside Stash gets, one class for each object, and nothing else.

In JSON each name is written as JavaScript writes it (`scene_id` becomes `sceneId`; `form.py` does that). TypeScript's types
are made of these classes by `tools/page_types.py`: whoever changes one runs `python -m tools.page_types`.

Times are epoch seconds, sizes are bytes, None is "not known". `next` is what to give as `after` (`before` in *activity* and *plays*) to get
the rows that follow, None when these are the last. `url` is an address in Plex's own page, "" where it is not known.

Each question of the page starts a process, and a class that is frozen and comparable takes four times as long to make; these are
made, written out and dropped.
"""

from dataclasses import dataclass
from typing import Literal

ActionName = Literal["", "settings", "check", "index", "wake", "rule", "retry", "reload", "preview", "task"]
PlexState = Literal["unknown", "reachable", "doubtful", "away"]
SetUp = Literal["unknown", "missing", "ready"]
Outcome = Literal["written", "failed", "absent", "undone"]
ProblemState = Literal["failed", "waiting", "absent"]
ProblemKind = Literal["ambiguous", "missing", "refused", "orders"]
SceneState = Literal[
    "unknown", "waiting", "running", "synced", "failed", "missing", "absent", "discarded", "undone"
]
TicketState = Literal["unknown", "waiting", "running", "done", "failed"]


@dataclass(kw_only=True, eq=False, repr=False)
class Action:
    """What the page can offer against a problem. `stash` and `plex` are the folders of a rule (name "rule"), `task` is the name
    of a task of Stash's task page (name "task"); both are "" otherwise."""

    name: ActionName = ""
    stash: str = ""
    plex: str = ""
    task: str = ""


@dataclass(kw_only=True, eq=False, repr=False)
class Problem:
    """Why there is no answer, and what to do, as sentences for a person."""

    text: str
    action: Action


@dataclass(kw_only=True, eq=False, repr=False)
class Worker:
    """`since` and `version` are those of the last worker when `alive` is false."""

    alive: bool
    since: float | None
    version: str


@dataclass(kw_only=True, eq=False, repr=False)
class Plex:
    """`since`: when the state began. `server` is the name it gives itself. `next_probe` only while it is away."""

    state: PlexState
    since: float | None
    server: str
    version: str
    next_probe: float | None


@dataclass(kw_only=True, eq=False, repr=False)
class Counts:
    """Scenes by state. `missing` of those that wait have no item in Plex yet; `failed` also counts orders."""

    synced: int
    waiting: int
    running: int
    failed: int
    missing: int
    absent: int
    undone: int
    discarded: int


@dataclass(kw_only=True, eq=False, repr=False)
class OrderRow:
    """An order that is not carried out yet. `total` 0: nobody knows yet. `text`: why it is put off, or ""."""

    ticket: str
    name: str
    state: TicketState
    done: int
    total: int
    text: str


@dataclass(kw_only=True, eq=False, repr=False)
class Hour:
    """`t` is the hour's begin; `ok` and `failed` are scenes settled in it."""

    t: float
    ok: int
    failed: int


@dataclass(kw_only=True, eq=False, repr=False)
class Notice:
    """What a person was told and is still true; the same `key`, the same cause."""

    key: str
    text: str
    blocking: bool
    action: Action


@dataclass(kw_only=True, eq=False, repr=False)
class Index:
    """`at` of the last complete run; `items` are those that Plex lists. `running`: a run is at work."""

    at: float | None
    items: int
    running: bool


@dataclass(kw_only=True, eq=False, repr=False)
class Overview:
    """`set_up` missing: address or token are not given, or make no sense. `hours` are the last 24, the oldest first, none left
    out. `inbox` are rows that no worker has taken."""

    worker: Worker
    plex: Plex
    set_up: SetUp
    counts: Counts
    inbox: int
    orders: tuple[OrderRow, ...]
    hours: tuple[Hour, ...]
    notices: tuple[Notice, ...]
    index: Index


@dataclass(kw_only=True, eq=False, repr=False)
class Change:
    """One field of one item; lists are joined by ", ". A picture's field is posters or arts, without values."""

    field: str
    before: str
    after: str


@dataclass(kw_only=True, eq=False, repr=False)
class ItemLink:
    """An item of Plex. `key` 0: none."""

    key: int
    title: str
    url: str


@dataclass(kw_only=True, eq=False, repr=False)
class ActivityRow:
    """What became of a scene once. `text` tells why, where it failed. `ms` are milliseconds, `requests` those that wrote."""

    id: int
    at: float
    scene_id: int
    title: str
    outcome: Outcome
    text: str
    changes: tuple[Change, ...]
    item: ItemLink
    ms: int
    requests: int


@dataclass(kw_only=True, eq=False, repr=False)
class Activity:
    """The newest first."""

    rows: tuple[ActivityRow, ...]
    next: int | None


@dataclass(kw_only=True, eq=False, repr=False)
class KindCount:
    kind: ProblemKind
    count: int


@dataclass(kw_only=True, eq=False, repr=False)
class ReasonCount:
    reason: str
    count: int
    advice: str


@dataclass(kw_only=True, eq=False, repr=False)
class ItemCandidate:
    """An item of Plex that may hold the scene's file `stash_path`. `why` says what speaks for it and against it."""

    key: int
    title: str
    section: str
    path: str
    size: int | None
    why: str
    stash_path: str
    url: str


@dataclass(kw_only=True, eq=False, repr=False)
class ChosenItem:
    """A person's word that the item's file `path` is the file `stash_path` of the scene, until it is taken back. `title` "": the
    index does not know the item."""

    scene_id: int
    key: int
    title: str
    path: str
    stash_path: str
    url: str


@dataclass(kw_only=True, eq=False, repr=False)
class ProblemRow:
    """A scene (`scene_id`), an order (`order_id`), or with neither an entry of the inbox that nobody can read. `choices` are the
    scene's own, and those that gave one of its candidates to another scene."""

    id: int
    scene_id: int | None
    order_id: int | None
    state: ProblemState
    title: str
    reason: str
    message: str
    advice: str
    attempts: int
    first_at: float
    last_at: float
    due_at: float | None
    candidates: tuple[ItemCandidate, ...]
    choices: tuple[ChosenItem, ...]


@dataclass(kw_only=True, eq=False, repr=False)
class Problems:
    """`kinds` are the tabs with their numbers, `reasons` those of the chosen kind."""

    kinds: tuple[KindCount, ...]
    reasons: tuple[ReasonCount, ...]
    rows: tuple[ProblemRow, ...]
    next: int | None


@dataclass(kw_only=True, eq=False, repr=False)
class SceneItem:
    """`matched_by` says in words what the match rests on. `certain`: at the exact place, or chosen by a person. `path` is the
    file as Plex names it, `stash_path` as Stash does."""

    key: int
    title: str
    section: str
    url: str
    matched_by: str
    certain: bool
    path: str
    stash_path: str


@dataclass(kw_only=True, eq=False, repr=False)
class SceneField:
    """One field of one item. `stash` is what PlexSync took from Stash last, `plex` what the index (or the last comparison) saw in
    Plex, None where nobody looked; `before` what stood there before PlexSync wrote. `ours`: PlexSync wrote it. `kept`: a
    person's value stays although Stash has another one."""

    item_key: int
    name: str
    stash: str | None
    plex: str | None
    before: str | None
    ours: bool
    differs: bool
    locked: bool | None
    kept: bool


@dataclass(kw_only=True, eq=False, repr=False)
class Plays:
    """How often Plex played the scene's items, and the owner's rating there, 0 to 10."""

    count: int
    last_at: float | None
    rating: float | None


@dataclass(kw_only=True, eq=False, repr=False)
class Scene:
    """`message` and `advice` say why it is not in sync, or "". `candidates` are other items than `items`. `choices` as in `ProblemRow`. `compared_at`: when *Compare with
    Plex now* looked last."""

    state: SceneState
    reason: str
    message: str
    advice: str
    due_at: float | None
    items: tuple[SceneItem, ...]
    candidates: tuple[ItemCandidate, ...]
    choices: tuple[ChosenItem, ...]
    fields: tuple[SceneField, ...]
    last_at: float | None
    compared_at: float | None
    plays: Plays


@dataclass(kw_only=True, eq=False, repr=False)
class PreviewRow:
    """`problem` says why the scene cannot be synced, "" where it can."""

    scene_id: int
    title: str
    item: ItemLink
    problem: str
    changes: tuple[Change, ...]


@dataclass(kw_only=True, eq=False, repr=False)
class Preview:
    """Of the last *Preview Changes* that ended; `made_at` None: there is none. `total` are scenes that would change, `by_field`
    how many of them in which field. `sentence` tells of all scenes that were looked at."""

    made_at: float | None
    total: int
    sentence: str
    by_field: dict[str, int]
    rows: tuple[PreviewRow, ...]
    next: int | None
