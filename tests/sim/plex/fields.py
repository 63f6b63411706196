"""What an item can be filtered and sorted by: each field's type, and how its value is read off an item."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.model import TAG_KINDS, Item

# Plex's preference ArticleStrings as shipped; the recordings show "the" alone.
ARTICLE = re.compile(r"(?:the|das|der|a|an|el|la)\s+", re.IGNORECASE)
STRINGS = frozenset({"title", "studio", "editionTitle", "originalTitle", "summary", "tagline", "titleSort"})
INTEGERS = frozenset(
    {
        "year",
        "decade",
        "userRating",
        "rating",
        "audienceRating",
        "duration",
        "viewCount",
        "index",
        "id",
        "ratingCount",
    }
    | {
        "viewOffset",
        "mediaSize",
        "mediaBitrate",
        "mediaHeight",
        "unviewedLeafCount",
        "skipCount",
        "parentIndex",
    }
)
# Nothing counted yet is a zero to the filters, though items do not show it.
_COUNTS = frozenset({"viewCount", "skipCount", "viewOffset"})
DATES = frozenset({"addedAt", "updatedAt", "lastViewedAt", "lastRatedAt", "originallyAvailableAt"})
BOOLEANS = frozenset({"unwatched", "inProgress", "unmatched", "duplicate", "hdr", "trash"})
# Tags whose choices are plain values: their key is their text.
VALUES = frozenset({"contentRating", "resolution", "location", "guid", "audioLanguage", "subtitleLanguage"})


def field_type(name: str) -> str | None:
    """None for a field that Plex does not know."""
    families = (
        ("string", STRINGS),
        ("integer", INTEGERS),
        ("date", DATES),
        ("boolean", BOOLEANS),
        ("value", VALUES),
    )
    for family, names in families:
        if name in names:
            return family
    if name in TAG_KINDS:
        return "tag"
    return "file" if name == "file" else None


def read_text(item: Item, name: str) -> str:
    if name == "titleSort":
        return sort_title(item)
    return str(item.fields.get(name, ""))


def sort_title(item: Item) -> str:
    """The sort title given, or what Plex makes of the title: no leading article or dots, no diacritics (recorded of albums)."""
    given = item.fields.get("titleSort")
    if given:
        return str(given)
    title = ARTICLE.sub("", str(item.fields.get("title", "")), count=1).lstrip(".")
    if title.isascii():
        return title
    bare = "".join(each for each in unicodedata.normalize("NFD", title) if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", bare)


def read_number(library: Library, item: Item, name: str) -> float | None:
    reader = _NUMBERS.get(name)
    if reader is not None:
        return reader(library, item)
    value = item.fields.get(name, 0 if name in _COUNTS else None)
    return float(value) if isinstance(value, (int, float, str)) and value != "" else None


def read_date(item: Item, name: str) -> float | None:
    value = item.fields.get(name)
    return parse_day(value) if isinstance(value, str) else value


def parse_day(text: str) -> float | None:
    """Epoch seconds of YYYY-MM-DD; None for anything else."""
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def read_flag(item: Item, name: str) -> bool:
    flags: dict[str, Callable[[], bool]] = {
        "unwatched": lambda: not item.fields.get("viewCount"),
        "inProgress": lambda: bool(item.fields.get("viewOffset")),
        "unmatched": lambda: str(item.fields.get("guid", "")).startswith("local://"),
        "duplicate": lambda: len(item.media) > 1,
        "hdr": lambda: False,
        "trash": lambda: item.trashed,
    }
    return flags[name]()


def read_values(library: Library, item: Item, name: str) -> list[str]:
    match name:
        case "resolution":
            return [str(medium.attributes.get("videoResolution", "")) for medium in item.media]
        case "location":
            places = library.sections[item.section].locations
            files = [part.file for medium in item.media for part in medium.parts]
            return [str(number) for number, path in places if any(file.startswith(path) for file in files)]
        case "audioLanguage" | "subtitleLanguage":
            return []
        case "guid":
            return [str(item.fields.get("guid", "")), *item.guids]
    value = item.fields.get(name)
    return [] if value is None else [str(value)]


def _media_sum(item: Item) -> float | None:
    return float(sum(part.size for medium in item.media for part in medium.parts)) if item.media else None


def _media_attribute(name: str) -> Callable[[Library, Item], float | None]:
    def read(_library: Library, item: Item) -> float | None:
        found = [medium.attributes[name] for medium in item.media if name in medium.attributes]
        return float(found[0]) if found else None

    return read


def _decade(_library: Library, item: Item) -> float | None:
    year = item.fields.get("year")
    return None if year is None else float(int(year) // 10 * 10)


def _unviewed(library: Library, item: Item) -> float:
    return float(sum(1 for leaf in library.leaves(item.key) if not leaf.fields.get("viewCount")))


_NUMBERS: dict[str, Callable[[Library, Item], float | None]] = {
    "id": lambda _library, item: float(item.key),
    "decade": _decade,
    "mediaSize": lambda _library, item: _media_sum(item),
    "mediaBitrate": _media_attribute("bitrate"),
    "mediaHeight": _media_attribute("height"),
    "unviewedLeafCount": _unviewed,
}


def read_any(library: Library, item: Item, name: str) -> Any:
    """The value to sort by: a number, a text, or None."""
    family = field_type(name)
    if family == "string":
        return read_text(item, name).lower() or None
    if family == "date":
        return read_date(item, name)
    if family in {"value", "tag", "file", None}:
        value = item.fields.get(name)
        return None if value is None else str(value).lower()
    return read_number(library, item, name)
