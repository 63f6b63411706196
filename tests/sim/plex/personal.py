"""What an account has of an item: plays, resume point, star. Each account sees its own alone (docs/facts/plex.md section 13).

The owner's stand among the item's fields, those of the others beside the library.
"""

from typing import Any

from tests.sim.plex.library import now
from tests.sim.plex.model import Item
from tests.sim.plex.world import World
from tests.sim.server import Request

OWNER = 1
PERSONAL = ("viewCount", "lastViewedAt", "viewOffset", "skipCount", "userRating", "lastRatedAt")


def account_of(world: World, request: Request) -> int:
    """Whose token the request bears."""
    settings = world.settings
    given = dict(request.query).get("X-Plex-Token") or request.headers.get("X-Plex-Token")
    is_guest = settings.shared_token is not None and given == settings.shared_token
    return settings.shared_account if is_guest else OWNER


def state_of(world: World, account: int, item: Item) -> dict[str, Any]:
    """Where the account's state of the item stands; changed in place."""
    if account == OWNER:
        return item.fields
    return world.personal.setdefault(account, {}).setdefault(item.key, {})


def as_seen_by(world: World, account: int, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Described items as this account sees them."""
    if account == OWNER:
        return entries
    own = world.personal.get(account, {})
    return [
        {name: value for name, value in entry.items() if name not in PERSONAL}
        | own.get(int(entry.get("ratingKey", 0)), {})
        for entry in entries
    ]


def finish(state: dict[str, Any], at: int) -> None:
    """The item was played to its end."""
    state["viewCount"] = int(state.get("viewCount", 0)) + 1
    state["lastViewedAt"] = max(at, int(state.get("lastViewedAt", 0)))
    state.pop("viewOffset", None)


def leave(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """Somebody has stopped in the middle: no row of the history, but a place to go on from."""
    item = world.library.items[int(payload["ratingKey"])]
    state = state_of(world, int(payload.get("account", OWNER)), item)
    state["viewOffset"] = int(payload["viewOffset"])
    state["lastViewedAt"] = int(payload.get("viewedAt", now()))
    return dict(state)
