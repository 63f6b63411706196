"""What the promised columns of a recorded item have to hold, said anew: from the element alone, without the indexer's extraction."""

import hashlib
import time
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from indexer.rows.values import duration_text, size_text
from plexsync_plugin.core.model import Kind

Value = Callable[[Element], Any]


def promised(item: Element, kind: Kind) -> dict[str, Any]:
    """Column -> value, for those that come from the item itself; totals come from its children."""
    return {column: value(item) for column, value in _COLUMNS[kind].items()}


def _text(name: str) -> Value:
    return lambda item: item.get(name) or None


def _number(name: str) -> Value:
    return lambda item: int(item.attrib[name]) if item.get(name, "").isdecimal() else None


def _key(item: Element) -> int:
    """What television is to record is named by words of its provider."""
    return int(item.attrib["ratingKey"]) if item.get("ratingKey", "").isdecimal() else 0


def _rating(name: str) -> Value:
    return lambda item: float(item.attrib[name]) if name in item.attrib else None


def _time(name: str) -> Value:
    def value(item: Element) -> str | None:
        given = item.get(name)
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(given))) if given else None

    return value


def _joined(tag: str) -> Value:
    return lambda item: ", ".join(child.attrib["tag"] for child in item.findall(tag)) or None


def _actors(item: Element) -> str | None:
    said = [(child.attrib["tag"], child.get("role")) for child in item.findall("Role")]
    return ", ".join(f"{name} as {role}" if role else name for name, role in said) or None


def _first(name: str) -> Value:
    def value(item: Element) -> str | None:
        medium = item.find("Media")
        return None if medium is None else medium.get(name)

    return value


def _duration(item: Element) -> int | None:
    given = _first("duration")(item) or item.get("duration")
    return int(given) if given else None


def _size(item: Element) -> int | None:
    sizes = [int(part.attrib["size"]) for part in item.findall("Media/Part") if "size" in part.attrib]
    return sum(sizes) if sizes else None


def _shown(value: Value, words: Callable[[int], str]) -> Value:
    def shown(item: Element) -> str | None:
        number = value(item)
        return None if number is None else words(number)

    return shown


def _hash(item: Element) -> str:
    codecs = [_first(name)(item) for name in ("videoCodec", "audioCodec", "videoResolution", "container")]
    values = [_size(item), _duration(item), *codecs, item.get("title"), item.get("year")]
    return hashlib.sha256(
        "\x1f".join("" if value is None else str(value) for value in values).encode()
    ).hexdigest()


_ITEM: dict[str, Value] = {"ratingKey": _key, "title": _text("title"), "summary": _text("summary")}
_YEAR: dict[str, Value] = {"year": _number("year")}
_DATE: dict[str, Value] = {"originallyAvailableAt": _text("originallyAvailableAt")}
_GENRES: dict[str, Value] = {"genres": _joined("Genre")}
_RATED: dict[str, Value] = {"rating": _rating("rating"), "audienceRating": _rating("audienceRating")}
_MEDIA: dict[str, Value] = {
    "duration": _duration,
    "durationHuman": _shown(_duration, duration_text),
    "sizeBytes": _size,
    "sizeHuman": _shown(_size, size_text),
    "mediaHash": _hash,
}
_VIDEO: dict[str, Value] = _MEDIA | {
    name: _first(name) for name in ("audioCodec", "videoCodec", "videoResolution")
}
_PEOPLE: dict[str, Value] = {
    "writers": _joined("Writer"),
    "directors": _joined("Director"),
    "actors": _actors,
}
_WORK: dict[str, Value] = {"studio": _text("studio"), "contentRating": _text("contentRating")} | _GENRES

_COLUMNS: dict[Kind, dict[str, Value]] = {
    Kind.MOVIE: _ITEM
    | _YEAR
    | _DATE
    | _RATED
    | _VIDEO
    | _PEOPLE
    | _WORK
    | {"producers": _joined("Producer"), "tagline": _text("tagline")},
    Kind.SHOW: _ITEM
    | _DATE
    | _RATED
    | _WORK
    | {"actors": _actors, "addedAt": _time("addedAt"), "updatedAt": _time("updatedAt")},
    Kind.SEASON: {
        "seasonRatingKey": _key,
        "showRatingKey": _number("parentRatingKey"),
        "seasonNumber": _number("index"),
    },
    Kind.EPISODE: _ITEM
    | _YEAR
    | _DATE
    | _RATED
    | _VIDEO
    | _PEOPLE
    | {
        "seasonRatingKey": _number("parentRatingKey"),
        "showRatingKey": _number("grandparentRatingKey"),
        "episodeNumber": _number("index"),
    },
    Kind.ARTIST: {
        "ratingKey": _key,
        "artistName": _text("title"),
        "summary": _text("summary"),
    }
    | _GENRES,
    Kind.ALBUM: _ITEM | _YEAR | {"artistRatingKey": _number("parentRatingKey")},
    Kind.TRACK: _ITEM
    | _DATE
    | _MEDIA
    | _GENRES
    | {
        "container": _first("container"),
        "albumRatingKey": _number("parentRatingKey"),
        "artistRatingKey": _number("grandparentRatingKey"),
        "trackNumber": _number("index"),
    },
}
