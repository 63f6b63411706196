"""What the page may ask with, one class for each operation; `form.py` reads them out of what it sent.

The page sends ids and short words. Whatever it sends besides is passed over, so that an older page can ask a newer plugin.
"""

from dataclasses import dataclass, field
from typing import Literal

from plexsync_plugin.answers.page.library_shapes import ItemKind
from plexsync_plugin.answers.page.shapes import ProblemKind

OrderName = Literal[
    "sync", "retry", "discard", "undo", "choose", "rule", "check", "preview", "compare", "libraries"
]
SearchSort = Literal["best", "title", "size", "added"]


@dataclass(kw_only=True, eq=False, repr=False)
class NoArguments:
    """Nothing."""


@dataclass(kw_only=True, eq=False, repr=False)
class ActivityArguments:
    """`before` as `next` of an answer gives it; at most 50 rows."""

    before: int | None = None
    limit: int = 50


@dataclass(kw_only=True, eq=False, repr=False)
class ProblemsArguments:
    """`reason` "" for any of the kind; at most 100 rows."""

    kind: ProblemKind | None = None
    reason: str = ""
    after: int | None = None
    limit: int = 50


@dataclass(kw_only=True, eq=False, repr=False)
class SceneArguments:
    """`id` of the scene in Stash."""

    id: int


@dataclass(kw_only=True, eq=False, repr=False)
class PreviewArguments:
    """`field` "" for any."""

    after: int | None = None
    field: str = ""
    limit: int = 50


@dataclass(kw_only=True, eq=False, repr=False)
class SearchArguments:
    """`q` as a person types it; "" lists everything of the kind. `kind` None for any."""

    q: str = ""
    kind: ItemKind | None = None
    sort: SearchSort = "best"
    after: str = ""
    limit: int = 50


@dataclass(kw_only=True, eq=False, repr=False)
class PostersArguments:
    """`keys` of rows of a search that have a poster; of more than 12 the first are answered."""

    keys: tuple[int, ...]


@dataclass(kw_only=True, eq=False, repr=False)
class PlaysArguments:
    """`before` as `next` of an answer gives it, "" for the newest; at most 50 rows."""

    before: str = ""
    limit: int = 50


@dataclass(kw_only=True, eq=False, repr=False)
class OrderDetails:
    """What some orders need besides scenes: `key` of the chosen item, 0 to take the choice back, and
    `stash_path` of the file that is meant (choose), the two paths and `dry` (rule), `reason` (retry
    and discard of all for one reason), `letters` of the list of failed scenes that are no scenes (retry, discard)."""

    key: int | None = None
    stash_path: str = ""
    plex_path: str = ""
    dry: bool = False
    reason: str = ""
    letters: tuple[int, ...] = ()
    limit: int | None = None


@dataclass(kw_only=True, eq=False, repr=False)
class OrderArguments:
    """`ids` of scenes; retry and discard without any mean the whole list, the others need some (but rule, check, preview, libraries)."""

    name: OrderName
    ids: tuple[int, ...] = ()
    args: OrderDetails = field(default_factory=OrderDetails)


@dataclass(kw_only=True, eq=False, repr=False)
class TicketArguments:
    ticket: str
