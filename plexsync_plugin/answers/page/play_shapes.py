"""The forms of the answer of *plays*; `shapes.py` says what holds for all of them."""

from dataclasses import dataclass
from typing import Literal

from plexsync_plugin.answers.page.shapes import ItemLink

PlayState = Literal["counted", "planned", "waiting", "undone"]


@dataclass(kw_only=True, eq=False, repr=False)
class PlayRow:
    """One play in Plex, at the second that Plex noted. `user` is the name of the `account`, "" where the index has none; 1 is the
    server's owner. `state` planned: Stash is about to be told. waiting: no scene of Stash is matched with the item yet. undone: it
    was taken back. `scene_id` None: it has no scene."""

    at: float
    account: int
    user: str
    scene_id: int | None
    title: str
    item: ItemLink
    state: PlayState


@dataclass(kw_only=True, eq=False, repr=False)
class PlayUser:
    """How many plays of one account stand how; what is planned is among `counted`."""

    account: int
    user: str
    counted: int
    waiting: int
    undone: int
    last_at: float


@dataclass(kw_only=True, eq=False, repr=False)
class PlaysFromPlex:
    """The newest first. `rated` are items whose star Stash and Plex have agreed on. `counting`: the worker has seen that new plays
    are to count (setting watch_back), and from when on."""

    rows: tuple[PlayRow, ...]
    next: str | None
    users: tuple[PlayUser, ...]
    waiting: int
    rated: int
    counting: bool
