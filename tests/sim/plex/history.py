"""The history of plays and the accounts that made them (docs/facts/plex.md section 13).

Form of a row: plexapi's `PlexServer.history`. A row may lack ratingKey or viewedAt; `>=` is the name `viewedAt>` with a value.
"""

from typing import Any

from tests.sim.plex import personal
from tests.sim.plex.listing import paged
from tests.sim.plex.model import Item
from tests.sim.plex.rendering import answer
from tests.sim.plex.world import World
from tests.sim.server import Request, Response

OWNER = personal.OWNER


def list_history(world: World, request: Request) -> Response:
    query = dict(request.query)
    account = personal.account_of(world, request)
    rows = [
        row
        for row in world.plays
        if _fits(row, query) and account in (OWNER, row.get("accountID"))  # the owner sees everybody's
    ]
    # The newest first unless asked otherwise; a row without a time is the oldest.
    rows.sort(
        key=lambda row: (row.get("viewedAt", 0), int(row["historyKey"].rpartition("/")[2])),
        reverse=query.get("sort") != "viewedAt:asc",
    )
    return answer(request, paged(request, rows, world.settings))


def _fits(row: dict[str, Any], query: dict[str, str]) -> bool:
    same = {"accountID": "accountID", "librarySectionID": "librarySectionID", "metadataItemID": "ratingKey"}
    if any(name in query and str(row.get(column, "")) != query[name] for name, column in same.items()):
        return False
    return int(row.get("viewedAt", 0)) >= int(query.get("viewedAt>", 0))


def list_accounts(world: World, request: Request) -> Response:
    """The first is the local one, without a name; then the owner, then those whom the server is shared with."""
    accounts = [{"id": 0, "key": "/accounts/0", "name": ""}]
    accounts += [
        {"id": number, "key": f"/accounts/{number}", "name": name} for number, name in world.accounts.items()
    ]
    return answer(
        request, {"size": len(accounts), "identifier": "com.plexapp.system.accounts", "Account": accounts}
    )


def add_play(world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """Somebody has played an item to its end: a row about it as it is now, `without` the attributes named so."""
    item = world.library.items[int(payload["ratingKey"])]
    at, account = int(payload["viewedAt"]), int(payload.get("account", OWNER))
    personal.finish(personal.state_of(world, account, item), at)
    row = write_row(world, item, at, account, device=int(payload.get("device", 1)))
    for name in payload.get("without", ()):
        del row[name]
    return row


def write_row(world: World, item: Item, at: int, account: int, *, device: int = 1) -> dict[str, Any]:
    number = len(world.plays) + 1
    row: dict[str, Any] = {
        "historyKey": f"/status/sessions/history/{number}",
        "key": f"/library/metadata/{item.key}",
        "ratingKey": str(item.key),
        "librarySectionID": str(item.section),
        "title": item.fields.get("title", ""),
        "type": item.kind,
        "viewedAt": at,
        "accountID": account,
        "deviceID": device,
    }
    above = world.library.ancestors(item)
    if len(above) > 1:
        row["grandparentTitle"] = above[1].fields.get("title", "")
    world.plays.append(row)
    return row


def restore_history(world: World, payload: dict[str, Any]) -> int:
    """As with an older copy of Plex's database: the newest rows are lost, and their numbers are dealt anew."""
    del world.plays[int(payload["keep"]) :]
    return len(world.plays)


def renumber_history(world: World, payload: dict[str, Any]) -> None:
    """As with a database made anew: the same rows under other numbers."""
    for number, row in enumerate(world.plays, int(payload["from"])):
        row["historyKey"] = f"/status/sessions/history/{number}"


def name_accounts(world: World, payload: dict[str, Any]) -> dict[int, str]:
    """Numbers and names, besides the owner's."""
    world.accounts |= {int(number): name for number, name in payload.items()}
    return world.accounts


def forget_plays(world: World, _payload: dict[str, Any]) -> list[Any]:
    world.plays.clear()
    return world.plays
