"""Rows of which an item may have several, other than its files: people, tags, ratings, identifiers, locks, pictures.

Also how it was watched. Pure, like `extract`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from indexer.rows.rows import (
    CreditRow,
    FolderRow,
    GuidRow,
    ImageRow,
    LockRow,
    PartRow,
    RatingRow,
    TagRow,
    WatchRow,
)
from indexer.rows.values import moment, real, text, whole

JOBS = {"Role": "actor", "Director": "director", "Writer": "writer", "Producer": "producer"}
TAG_TYPES = {
    "Genre": "genre",
    "Collection": "collection",
    "Label": "label",
    "Country": "country",
    "Mood": "mood",
    "Style": "style",
}
_IMDB = re.compile("tt[0-9]+")
_NUMBER = re.compile("[0-9]{1,15}")
# These two stand in `items` as thumb and art.
SHOWN_ELSEWHERE = frozenset({"coverPoster", "snapshot", "background"})


def parts(element: Element, key: int) -> Iterator[PartRow]:
    yield from ratings(element, key)
    yield from credits(element, key)
    yield from tags(element, key)
    yield from guids(element, key)
    yield from locks(element, key)
    yield from folders(element, key)
    yield from images(element, key)


def ratings(element: Element, key: int) -> Iterator[RatingRow]:
    """All ratings in the details. Older servers give none there, but one or two as attributes of the item."""
    found = [
        (child.get("type", ""), text(child, "image"), real(child, "value"))
        for child in element.findall("Rating")
    ]
    if not found:
        found = [
            ("critic", text(element, "ratingImage"), real(element, "rating")),
            ("audience", text(element, "audienceRatingImage"), real(element, "audienceRating")),
        ]
    for position, (kind, source, value) in enumerate(found):
        if value is not None:
            yield RatingRow(ratingKey=key, position=position, type=kind, source=source, value=value)


def credits(element: Element, key: int) -> Iterator[CreditRow]:
    for tag, job in JOBS.items():
        for position, child in enumerate(element.findall(tag)):
            name = child.get("tag")
            if name:
                yield CreditRow(
                    ratingKey=key,
                    job=job,
                    position=position,
                    role=text(child, "role"),
                    tagId=whole(child, "id"),
                    name=name,
                    tagKey=child.get("tagKey", ""),
                    thumb=text(child, "thumb"),
                )


def tags(element: Element, key: int) -> Iterator[TagRow]:
    for tag, name_of_type in TAG_TYPES.items():
        for position, child in enumerate(element.findall(tag)):
            name = child.get("tag")
            if name:
                yield TagRow(
                    ratingKey=key,
                    position=position,
                    type=name_of_type,
                    name=name,
                    plexId=whole(child, "id"),
                    guid=text(child, "guid"),
                )


def guids(element: Element, key: int) -> Iterator[GuidRow]:
    for guid in dict.fromkeys(child.get("id") for child in element.findall("Guid")):
        if guid:
            yield GuidRow(ratingKey=key, guid=guid)


class Identifiers(NamedTuple):
    """In other databases. Of several in one of them, the smallest: an order of theirs means nothing."""

    imdb: str | None
    tmdb: int | None
    tvdb: int | None
    musicbrainz: str | None


def identifiers(element: Element) -> Identifiers:
    found: dict[str, list[str]] = {}
    for child in element.findall("Guid"):
        database, _, name = child.get("id", "").partition("://")
        found.setdefault(database, []).append(name)
    return Identifiers(
        imdb=min((name for name in found.get("imdb", ()) if _IMDB.fullmatch(name)), default=None),
        tmdb=_smallest(found.get("tmdb", ())),
        tvdb=_smallest(found.get("tvdb", ())),
        musicbrainz=min(filter(None, found.get("mbid", ())), default=None),
    )


def _smallest(names: Iterable[str]) -> int | None:
    return min((int(name) for name in names if _NUMBER.fullmatch(name)), default=None)


def locks(element: Element, key: int) -> Iterator[LockRow]:
    locked = (child.get("name") for child in element.findall("Field") if child.get("locked") == "1")
    for name in dict.fromkeys(locked):
        if name:
            yield LockRow(ratingKey=key, field=name)


def folders(element: Element, key: int) -> Iterator[FolderRow]:
    for path in dict.fromkeys(child.get("path") for child in element.findall("Location")):
        if path:
            yield FolderRow(ratingKey=key, path=path)


def images(element: Element, key: int) -> Iterator[ImageRow]:
    """Pictures beyond poster and background, one of each type."""
    found = {"banner": element.get("banner")}
    for child in element.findall("Image"):
        found.setdefault(child.get("type", ""), child.get("url"))
    for name, url in found.items():
        if url and name not in SHOWN_ELSEWHERE:
            yield ImageRow(ratingKey=key, type=name, url=url)


def watch_state(element: Element, key: int) -> WatchRow | None:
    """How the item was watched; None when it never was."""
    row = WatchRow(
        ratingKey=key,
        viewCount=whole(element, "viewCount"),
        lastViewedAt=moment(element, "lastViewedAt"),
        viewOffset=whole(element, "viewOffset"),
        viewedLeafCount=whole(element, "viewedLeafCount"),
        skipCount=whole(element, "skipCount"),
        lastRatedAt=moment(element, "lastRatedAt"),
    )
    given = (
        row.viewCount,
        row.lastViewedAt,
        row.viewOffset,
        row.viewedLeafCount,
        row.skipCount,
        row.lastRatedAt,
    )
    return row if any(given) else None
