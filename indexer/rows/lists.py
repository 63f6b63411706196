"""Elements of Plex that stand for a collection or a playlist -> rows, and what each element says of one member. Pure."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from indexer.rows.fingerprint import element_hash
from indexer.rows.values import flag, moment, text, whole
from plexsync_plugin.plex.elements import rating_key

COLLECTION, PLAYLIST = "collection", "playlist"

# Plex's numbers of the order (plexapi, `Collection.sortUpdate`); it leaves out the first.
_ORDERS = {0: "release", 1: "title", 2: "custom"}
_MEMBERS = re.compile(r"/library/(?:collections|metadata)/[0-9]+/(?:children|items)|/playlists/[0-9]+/items")


class ListRow(NamedTuple):
    ratingKey: int
    kind: str
    sectionKey: int | None
    title: str
    titleSort: str | None
    summary: str | None
    memberKind: str | None
    smart: int
    memberOrder: str | None
    duration: int | None
    poster: str | None
    art: str | None
    guid: str | None
    addedAt: str | None
    updatedAt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedList:
    """A collection or playlist as Plex lists it."""

    row: ListRow
    mark: str  # fingerprint of its element
    path: str  # where Plex lists its members; "" for a radio station, which has none of its own


@dataclass(slots=True)
class Members:
    """What is in a list, in order: rating keys (0: on another server), and titles of what the index does not hold.

    A list of a whole library is eight bytes an item here, not a tuple each.
    """

    keys: "array[int]" = field(default_factory=lambda: array("q"))
    titles: dict[int, str] = field(default_factory=dict)  # by place, from 0


def collection(element: Element, section: int) -> ListedList:
    smart = flag(element, "smart")
    order = _ORDERS.get(whole(element, "collectionSort") or 0)
    row = ListRow(
        ratingKey=rating_key(element),
        kind=COLLECTION,
        sectionKey=section,
        title=element.get("title", ""),
        titleSort=text(element, "titleSort"),
        summary=text(element, "summary"),
        memberKind=text(element, "subtype"),
        smart=smart,
        memberOrder=None if smart else order,
        duration=None,
        poster=text(element, "thumb"),
        art=text(element, "art"),
        guid=text(element, "guid"),
        addedAt=moment(element, "addedAt"),
        updatedAt=moment(element, "updatedAt"),
    )
    path = _path(element, f"/library/collections/{row.ratingKey}/children")
    return ListedList(row=row, mark=element_hash(element), path=path)


def playlist(element: Element) -> ListedList:
    row = ListRow(
        ratingKey=rating_key(element),
        kind=PLAYLIST,
        sectionKey=None,
        title=element.get("title", ""),
        titleSort=text(element, "titleSort"),
        summary=text(element, "summary"),
        memberKind=text(element, "playlistType"),
        smart=flag(element, "smart"),
        memberOrder=None,
        duration=whole(element, "duration"),
        poster=text(element, "thumb") or text(element, "composite"),
        art=text(element, "art"),
        guid=text(element, "guid"),
        addedAt=moment(element, "addedAt"),
        updatedAt=moment(element, "updatedAt"),
    )
    path = "" if flag(element, "radio") else _path(element, f"/playlists/{row.ratingKey}/items")
    return ListedList(row=row, mark=element_hash(element), path=path)


def _path(element: Element, usual: str) -> str:
    """Where Plex itself says that the members are listed, where that is an address of its own."""
    given = element.get("key", "")
    return given if _MEMBERS.fullmatch(given) else usual


def member_keys(elements: Iterable[Element], machine_id: str) -> list[int]:
    """Rating keys; 0 for what is on another server, whose numbers mean other items here."""
    return [0 if _is_foreign(each, machine_id) else rating_key(each) for each in elements]


def _is_foreign(element: Element, machine_id: str) -> bool:
    """A playlist may hold items of other servers, each with the address of its own (`server://<machine identifier>/...`)."""
    source = element.get("sourceURI")
    return bool(source) and urlsplit(source).netloc != machine_id
