"""Reads a library from JSON: what tests, the demo and people write, and what was recorded of real servers.

    {"server": {"friendlyName": "Den", ...},            any attribute of GET /, all optional
     "sections": [
       {"key": 1, "type": "movie", "title": "Films",     type: movie, show or artist; key: next free where left out
        "locations": ["/media/films"],
        "items": [
          {"title": "A Film", "file": "/media/films/a.mkv"},
          {"ratingKey": 77, "title": "B", "year": 2020, "summary": "...", "studio": "S",
           "Genre": ["Drama"], "Role": [{"tag": "Ann", "role": "Eve", "thumb": "https://..."}, "Bob"],
           "files": ["/media/films/b1.mkv", {"file": "/media/films/b2.mkv", "size": 1000}],
           "locked": ["title"], "agent": {"title": "What the agent says"}}]},
       {"type": "show", "title": "Series", "locations": ["/media/series"],
        "items": [{"title": "S", "children": [{"index": 1, "children": [{"title": "E1", "file": "..."}]}]}]}]}

An item is what a recorded Metadata object is, so one can be pasted: scalars under Plex's names, tags as Genre, Role, ... (names
or recorded objects), Guid, Rating, Location, Media with Part and Stream, other elements kept as they are. Short forms:
`file` or `files` (one medium each; `size`, `duration` beside it), `children` (seasons, episodes, albums, tracks; their index is
their place), `locked` (field names). Defaults: title from the file's name, guid, addedAt, updatedAt, thumb and art, taken from
the rating key so that two runs agree; null takes a default away. thumb, art: true, or the number at the end of the address, or
a recorded address. A section takes any attribute of its Directory element the same way.
"""

import hashlib
import re
from pathlib import PurePosixPath
from typing import Any

from tests.sim.plex.library import Library
from tests.sim.plex.model import (
    CHILD_TYPES,
    IMAGE_LISTS,
    TAG_ELEMENTS,
    TYPE_NAMES,
    Item,
    Media,
    Part,
    Section,
)

EPOCH = 1_700_000_000
AGENTS = {
    "movie": ("tv.plex.agents.movie", "Plex Movie"),
    "show": ("tv.plex.agents.series", "Plex TV Series"),
    "artist": ("tv.plex.agents.music", "Plex Music"),
}
# A 720p file as a recorded server describes it (stevezau cassettes), shared by all items that say nothing else.
VIDEO = {
    "bitrate": 3250,
    "width": 1280,
    "height": 720,
    "aspectRatio": 1.78,
    "audioChannels": 2,
    "audioCodec": "aac",
    "videoCodec": "h264",
    "videoResolution": "720",
    "container": "mkv",
    "videoFrameRate": "24p",
    "videoProfile": "high",
    "hasVoiceActivity": False,
}
AUDIO = {"bitrate": 320, "audioChannels": 2, "audioCodec": "mp3", "container": "mp3"}
VIDEO_PART = {"container": "mkv", "videoProfile": "high"}
AUDIO_PART = {"container": "mp3"}

# Words of the short form, and what is derived when an item is shown.
_NOT_FIELDS = {
    "ratingKey",
    "type",
    "file",
    "files",
    "size",
    "children",
    "locked",
    "agent",
    "Media",
    "Guid",
    "Image",
}
_DERIVED = re.compile(
    r"key|librarySection\w+|(grandparent|parent)(Key|RatingKey|Guid|Title|Thumb|Art|Theme|Studio|Slug|Index|Year)"
)


def load_library(library: Library, document: dict[str, Any]) -> None:
    """Raises ValueError for a section or item that Plex could not hold."""
    for number, given in enumerate(document.get("sections", []), start=1):
        section = load_section(library, given, number)
        for item in given.get("items", []):
            load_item(library, section, item)


def load_section(library: Library, given: dict[str, Any], number: int) -> Section:
    kind = str(given["type"])
    if kind not in AGENTS:
        raise ValueError(f"a section is of type movie, show or artist, not {kind!r}")
    key = int(given.get("key", number))
    stamp = EPOCH + key
    attributes = {
        "allowSync": True,
        "art": None,
        "composite": None,
        "filters": True,
        "refreshing": False,
        "thumb": None,
        "key": str(key),
        "type": kind,
        "title": str(given.get("title", kind)),
        "agent": AGENTS[kind][0],
        "scanner": AGENTS[kind][1],
        "language": "en-US",
        "uuid": _uuid(f"section {key}"),
        "metadataAgentProviderGroupId": "1",
        "updatedAt": stamp,
        "createdAt": stamp,
        "scannedAt": stamp,
        "content": True,
        "directory": True,
        "contentChangedAt": 74,
        "hidden": 0,
    }
    short = {"key", "type", "items", "locations", "Location"}
    attributes |= {name: value for name, value in given.items() if name not in short}
    places = given.get("locations") or [each["path"] for each in given.get("Location", [])]
    locations = [(library.take_id("location"), str(path)) for path in places]
    section = Section(key, kind, str(attributes["title"]), attributes, locations)
    library.add_section(section)
    return section


def load_item(library: Library, section: Section, given: dict[str, Any], parent: Item | None = None) -> Item:
    kind = given.get("type") or (CHILD_TYPES[parent.kind] if parent else section.kind)
    kind = TYPE_NAMES[kind] if isinstance(kind, int) else str(kind)
    key = int(given["ratingKey"]) if "ratingKey" in given else library.take_id("item")
    item = Item(key, kind, section.key, parent.key if parent else None)
    if parent is not None:
        given = {"index": len(library.children(parent.key)) + 1} | given
    _load_media(library, item, given)
    _load_fields(item, given)
    _load_elements(library, item, given)
    item.locks = list(given.get("locked", []))
    item.locks += [each["name"] for each in given.get("Field", []) if each.get("locked")]
    if "agent" in given:
        item.agent = {**_agent_values(item), **_agent_given(library, given["agent"])}
    library.add_item(item)
    for child in given.get("children", []):
        load_item(library, section, child, item)
    return item


def _agent_values(item: Item) -> dict[str, Any]:
    values: dict[str, Any] = {name: value for name, value in item.fields.items() if name not in IMAGE_LISTS}
    return values | {f"tags:{kind}": list(links) for kind, links in item.tags.items()}


def _agent_given(library: Library, given: dict[str, Any]) -> dict[str, Any]:
    carrier = Item(0, "movie", 0)
    _load_elements(library, carrier, given)
    scalars = {name: value for name, value in given.items() if not isinstance(value, (list, dict))}
    return scalars | {f"tags:{kind}": links for kind, links in carrier.tags.items()}


def snapshot_agent(item: Item) -> None:
    """Keeps what the agent said, before the first edit changes it."""
    if item.agent is None:
        item.agent = _agent_values(item)


def _load_fields(item: Item, given: dict[str, Any]) -> None:
    stamp = EPOCH + item.key
    file = item.media[0].parts[0].file if item.media and item.media[0].parts else f"Item {item.key}"
    fields: dict[str, Any] = {
        "guid": f"plex://{item.kind}/{hashlib.sha1(str(item.key).encode()).hexdigest()[:24]}",
        "title": f"Season {given.get('index', '')}".strip()
        if item.kind == "season"
        else PurePosixPath(file).stem,
        "summary": "",
        "thumb": None if item.kind == "track" else stamp,
        "art": None if item.kind in {"season", "episode", "album", "track"} else stamp,
        "addedAt": stamp,
        "updatedAt": stamp,
    }
    for name, value in given.items():
        if name in _NOT_FIELDS or _DERIVED.fullmatch(name) or isinstance(value, (list, dict)):
            continue
        fields[name] = value
    for element in IMAGE_LISTS:
        if element in fields:
            fields[element] = _stamp(item, fields[element], fields.get("updatedAt") or stamp)
    fields = item.fields | fields
    item.fields = {name: value for name, value in fields.items() if value is not None}


def _stamp(item: Item, value: Any, stamp: int) -> int | None:
    """The number at the end of an image's address; None where the address is another item's (a track shows its album's)."""
    if isinstance(value, str):
        own = re.fullmatch(r"/library/metadata/(\d+)/\w+/(\d+)", value)
        return int(own[2]) if own and int(own[1]) == item.key else None
    return stamp if value is True else value or None


def _load_elements(library: Library, item: Item, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name in _NOT_FIELDS or name == "Field" or not isinstance(value, (list, dict)):
            continue
        kind = TAG_ELEMENTS.get(name)
        if kind is None:
            item.extras[name] = value
            continue
        links = item.tags.setdefault(kind.name, [])
        for entry in value:
            one: dict[str, Any] = {"tag": entry} if isinstance(entry, str) else entry
            tag = library.tag(kind.name, one["tag"], one.get("id"))
            tag.key = one.get("tagKey", tag.key)
            tag.thumb = one.get("thumb", tag.thumb)
            tag.guid = one.get("guid", tag.guid)
            links.append((tag, one.get("role")))
    item.guids = [each if isinstance(each, str) else each["id"] for each in given.get("Guid", [])]


def _load_media(library: Library, item: Item, given: dict[str, Any]) -> None:
    for medium in given.get("Media", []):
        attributes = {name: value for name, value in medium.items() if name not in {"id", "duration", "Part"}}
        number = library.reserve_id("media", medium["id"]) if "id" in medium else library.take_id("media")
        parts = [_load_part(library, item, part) for part in medium.get("Part", [])]
        item.media.append(Media(number, medium.get("duration"), attributes, parts))
    audio = item.kind == "track"
    for entry in [given["file"]] if "file" in given else given.get("files", []):
        one = {"file": entry} if isinstance(entry, str) else entry
        size = {"size": given["size"]} if "size" in given else {}
        part = _load_part(library, item, size | one)
        part.attributes = part.attributes or (AUDIO_PART if audio else VIDEO_PART)
        duration = one.get("duration", given.get("duration", 240_000 if audio else 1_800_000))
        item.media.append(Media(library.take_id("media"), duration, AUDIO if audio else VIDEO, [part]))
    if item.media and "duration" not in given and item.media[0].duration is not None:
        item.fields["duration"] = item.media[0].duration


def _load_part(library: Library, item: Item, given: dict[str, Any]) -> Part:
    known = {"id", "file", "size", "key", "Stream", "hash", "openSubtitleHash"}
    number = library.reserve_id("part", given["id"]) if "id" in given else library.take_id("part")
    key = str(given.get("key", "")).split("/")
    return Part(
        number,
        given["file"],
        given.get("size", 700_000_000 + number),
        int(key[4]) if len(key) > 4 else EPOCH + item.key,
        {name: value for name, value in given.items() if name not in known},
        given.get("Stream"),
        {name: given[name] for name in ("openSubtitleHash", "hash") if name in given} or None,
    )


def _uuid(text: str) -> str:
    digits = hashlib.sha1(text.encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))
