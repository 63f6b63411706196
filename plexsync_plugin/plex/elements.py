"""Plex's XML elements -> our values. Reads elements only, so that nothing here can send a request.

Element shapes: docs/facts/plex.md sections 3.1 and 3.5; checked against the recordings in tests.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plexsync_plugin.core.model import File, Item, Kind, Section, Server, Tag

_WHOLE = re.compile(r"-?[0-9]{1,18}")  # what an SQLite integer holds

# Names in an edit request and the elements that hold them in an answer (docs/facts/plex.md section 2.2).
LIST_ELEMENTS = {"genre": "Genre", "actor": "Role", "director": "Director", "collection": "Collection"}


def server(root: Element) -> Server:
    return Server(
        machine_id=root.get("machineIdentifier", ""),
        version=root.get("version", ""),
        name=root.get("friendlyName", ""),
    )


def section(element: Element) -> Section:
    return Section(
        key=number(element, "key"),
        title=element.get("title", ""),
        type=element.get("type", ""),
        uuid=element.get("uuid", ""),
        content_changed_at=number(element, "contentChangedAt"),
        updated_at=number(element, "updatedAt"),
        scanned_at=number(element, "scannedAt"),
        created_at=number(element, "createdAt"),
        agent=element.get("agent", ""),
        scanner=element.get("scanner", ""),
        language=element.get("language", ""),
        locations=tuple(location.get("path", "") for location in element.iter("Location")),
    )


def number(element: Element, name: str) -> int:
    """The attribute as an int; 0 where it is missing or no whole number."""
    text = element.get(name, "")
    return int(text) if _WHOLE.fullmatch(text) else 0


def total(root: Element, start: int, size: int, found: int) -> int | None:
    """The number of items in the whole listing. None where it cannot be told: the total is no number, or it is
    missing from a full page. A short page without a total is the last."""
    if root.get("totalSize") is None:
        return start + found if found < size else None
    given = number(root, "totalSize")
    return given if given > 0 or root.get("totalSize") == "0" else None


def rating_key(element: Element) -> int:
    return number(element, "ratingKey")


def files(element: Element) -> tuple[File, ...]:
    return tuple(_files(element))


def _files(element: Element) -> Iterator[File]:
    for medium in element.iterfind("Media"):
        for part in medium.iterfind("Part"):
            path = part.get("file")
            if path:
                # The whole item, one version of it, or one file of it (docs/facts/plex.md section 13).
                trashed = any(number(each, "deletedAt") for each in (element, medium, part))
                yield File(path=path, size=number(part, "size"), trashed=trashed)


KINDS = {"movie": Kind.MOVIE, "episode": Kind.EPISODE, "show": Kind.SHOW, "season": Kind.SEASON}


def item(element: Element, scalars: tuple[str, ...]) -> Item:
    """From an element of details, never of a listing, whose lists are cut short (docs/facts/plex.md section 3.5)."""
    return Item(
        rating_key=rating_key(element),
        section=number(element, "librarySectionID"),
        kind=KINDS.get(element.get("type", ""), Kind.MOVIE),
        title=element.get("title", ""),
        scalars={name: _scalar(element, name) for name in scalars},
        lists={name: tuple(_tags(element, tag)) for name, tag in LIST_ELEMENTS.items()},
        locked=frozenset(
            lock.get("name", "") for lock in element.iterfind("Field") if lock.get("locked") == "1"
        ),
        pictures={name: element.get(name, "") for name in ("thumb", "art") if element.get(name)},
        files=files(element),
    )


def _scalar(element: Element, name: str) -> str:
    text = element.get(name, "")
    # Plex gives `8.0` for a rating that was written as `8`.
    return text.removesuffix(".0") if name == "userRating" else text


def _tags(element: Element, name: str) -> Iterator[Tag]:
    for child in element.iterfind(name):
        yield Tag(name=child.get("tag", ""), role=child.get("role", ""), thumb=child.get("thumb", ""))
