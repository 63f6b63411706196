"""What the page may ask with, one class for each operation; `form.py` reads them out of what it sent.

The page sends ids and short words. Whatever it sends besides is passed over, so that an older page can ask a newer plugin.
"""

from dataclasses import dataclass
from typing import Literal

from plexsync_plugin.answers.page.shapes import ItemKind, ProblemKind

OrderName = Literal["sync", "retry", "discard", "undo", "choose", "rule", "check", "preview", "compare"]
SearchSort = Literal["best", "title", "size", "added"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArguments:
    """Nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityArguments:
    """`before` as `next` of an answer gives it; at most 50 rows."""

    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsArguments:
    """`reason` "" for any of the kind; at most 100 rows."""

    kind: ProblemKind | None = None
    reason: str = ""
    after: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneArguments:
    """`id` of the scene in Stash."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewArguments:
    """`field` "" for any."""

    after: int | None = None
    field: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArguments:
    """`q` as a person types it; "" lists everything of the kind. `kind` None for any."""

    q: str = ""
    kind: ItemKind | None = None
    sort: SearchSort = "best"
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetails:
    """What some orders need besides scenes: `key` of the chosen item (choose), the two paths and `dry` (rule), `reason` (retry
    and discard of all for one reason), `letters` of the list of failed scenes that are no scenes (retry, discard)."""

    key: int | None = None
    stash_path: str = ""
    plex_path: str = ""
    dry: bool = False
    reason: str = ""
    letters: tuple[int, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderArguments:
    """`ids` of scenes; retry and discard without any mean the whole list, the others need some (but rule, check, preview)."""

    name: OrderName
    ids: tuple[int, ...] = ()
    args: OrderDetails = OrderDetails()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketArguments:
    ticket: str
