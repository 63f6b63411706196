"""Plex's history of plays, page by page, and the accounts that its rows name.

A row is a real play: since PMS 1.40 "mark as played" writes none (docs/facts/plex.md section 13). An owner's token sees everybody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from plexsync_plugin.plex import elements
from plexsync_plugin.plex.gateway import PlexGateway

OWNER = 1  # the account of the server's owner
PAGE_SIZE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One row. `at` is in epoch seconds; 0 of a number and "" of a text is what Plex does not tell, which happens."""

    key: str
    rating_key: int
    account: int
    device: int
    at: int
    section: int
    type: str
    title: str
    part_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """`next_start` rows have been read with it."""

    plays: list[Play]
    next_start: int
    is_last: bool


def plays(
    gateway: PlexGateway, *, since: int = 0, section: int = 0, account: int = 0, newest_first: bool = False
) -> Iterator[list[Play]]:
    """Pages of plays from `since` (epoch seconds) on, the oldest first unless asked otherwise; of one library or account where
    given.

    One request a page, and the first is always sent. Raises PlexUnauthorized where the token may not see the history.
    """
    start = 0
    while True:
        found = page(
            gateway, since=since, section=section, account=account, newest_first=newest_first, start=start
        )
        yield found.plays
        start = found.next_start
        if found.is_last:
            return


def page(
    gateway: PlexGateway,
    *,
    since: int = 0,
    section: int = 0,
    account: int = 0,
    newest_first: bool = False,
    start: int = 0,
) -> HistoryPage:
    """One page, `start` rows passed over; one request. Arguments and errors are those of `plays`."""
    filters = {"librarySectionID": section, "accountID": account, "viewedAt>": since}
    query: dict[str, str | int] = {name: value for name, value in filters.items() if value}
    order = "desc" if newest_first else "asc"
    listed = gateway.listing(
        "/status/sessions/history/all",
        query={"sort": f"viewedAt:{order}", **query},
        start=start,
        size=PAGE_SIZE,
        named="historyKey",
    )
    behind = start + len(listed.elements)
    return HistoryPage(
        plays=[_play(element) for element in listed.elements],
        next_start=behind,
        is_last=not listed.elements or behind >= listed.total,
    )


def accounts(gateway: PlexGateway) -> dict[int, str]:
    """Names by number of account; what has no name (the local one, 0) is left out."""
    page = gateway.listing("/accounts", query={}, start=0, size=PAGE_SIZE, named="name")
    return {elements.number(each, "id"): each.attrib["name"] for each in page.elements if each.get("name")}


def _play(element: Element) -> Play:
    return Play(
        key=element.attrib["historyKey"],
        rating_key=elements.number(element, "ratingKey"),
        account=elements.number(element, "accountID"),
        device=elements.number(element, "deviceID"),
        at=elements.number(element, "viewedAt"),
        section=elements.number(element, "librarySectionID"),
        type=element.get("type", ""),
        title=element.get("title", ""),
        part_of=element.get("grandparentTitle", ""),
    )
