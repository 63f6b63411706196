"""What a section can be filtered and sorted by, as a server tells it (includeMeta=1), and the choices of a filter."""

from typing import Any
from urllib.parse import quote

from tests.sim.plex.fields import field_type, read_number, read_values
from tests.sim.plex.library import Library
from tests.sim.plex.listing import IDENTIFIER
from tests.sim.plex.model import SECTION_TYPES, TAG_KINDS, TYPE_NUMBERS, Item, Section
from tests.sim.plex.rendering import Refusal

_TITLES = {
    "movie": "Movies",
    "show": "TV Shows",
    "season": "Seasons",
    "episode": "Episodes",
    "artist": "Artists",
    "album": "Albums",
    "track": "Tracks",
    "collection": "Collections",
}
# Filters: name, type, title. Recorded for films (LukeHagar get-library-all 1); the other kinds have those that apply.
_VIDEO_FILTERS = (
    ("genre", "string", "Genre"),
    ("year", "integer", "Year"),
    ("decade", "integer", "Decade"),
    ("contentRating", "string", "Content Rating"),
    ("collection", "string", "Collection"),
    ("director", "string", "Director"),
    ("actor", "string", "Actor"),
    ("writer", "string", "Writer"),
    ("producer", "string", "Producer"),
    ("country", "string", "Country"),
    ("studio", "string", "Studio"),
    ("resolution", "string", "Resolution"),
    ("unwatched", "boolean", "Unwatched"),
    ("inProgress", "boolean", "In Progress"),
    ("unmatched", "boolean", "Unmatched"),
    ("editionTitle", "string", "Edition"),
    ("duplicate", "boolean", "Duplicates"),
    ("label", "string", "Labels"),
)
_SHARED_FILTERS = {"genre", "year", "collection", "studio", "unmatched", "country"}
_MUSIC_FILTERS = (
    *(each for each in _VIDEO_FILTERS if each[0] in _SHARED_FILTERS),
    ("mood", "string", "Mood"),
    ("style", "string", "Style"),
    ("similar", "string", "Similar Artist"),
)
_SORTS = (
    ("titleSort", "asc", "Title"),
    ("year", "desc", "Year"),
    ("originallyAvailableAt", "desc", "Release Date"),
    ("rating", "desc", "Critic Rating"),
    ("audienceRating", "desc", "Audience Rating"),
    ("userRating", "desc", "Rating"),
    ("contentRating", "desc", "Content Rating"),
    ("duration", "desc", "Duration"),
    ("viewCount", "desc", "Plays"),
    ("addedAt", "desc", "Date Added"),
    ("lastViewedAt", "desc", "Date Viewed"),
    ("mediaHeight", "asc", "Resolution"),
    ("mediaBitrate", "desc", "Bitrate"),
    ("random", "desc", "Randomly"),
)
_EXTRA_FIELDS = (
    ("title", "string", "Title"),
    ("userRating", "integer", "Rating"),
    ("originallyAvailableAt", "date", "Release Date"),
    ("duration", "integer", "Duration"),
    ("addedAt", "date", "Date Added"),
    ("viewCount", "integer", "Plays"),
    ("lastViewedAt", "date", "Last Watched"),
    ("mediaSize", "integer", "File Size"),
    ("mediaBitrate", "integer", "Bitrate"),
    ("trash", "boolean", "Trash"),
    ("location", "tag", "Folder Location"),
)
_FIELD_TITLES = {"duplicate": "Duplicate"}
_OPERATORS = {
    "tag": (("=", "is"), ("!=", "is not")),
    "integer": (("=", "is"), ("!=", "is not"), (">>=", "is greater than"), ("<<=", "is less than")),
    "string": (
        ("=", "contains"),
        ("!=", "does not contain"),
        ("==", "is"),
        ("!==", "is not"),
        ("<=", "begins with"),
        (">=", "ends with"),
    ),
    "boolean": (("=", "is true"), ("!=", "is false")),
    "date": (("<<=", "is before"), (">>=", "is after")),
    "subtitleLanguage": (("=", "is"), ("!=", "is not")),
    "audioLanguage": (("=", "is"), ("!=", "is not")),
    "resolution": (("=", "is"),),
}


def describe_meta(section: Section, kind: str) -> dict[str, Any]:
    kinds = ("collection",) if kind == "collection" else SECTION_TYPES[section.kind]
    types = [_describe_type(section, each, active=each == kind) for each in kinds]
    folder = {
        "key": f"/library/sections/{section.key}/folder",
        "type": "folder",
        "title": "Folders",
        "active": False,
    }
    operators = [
        {"type": name, "Operator": [{"key": key, "title": title} for key, title in found]}
        for name, found in _OPERATORS.items()
    ]
    return {"Type": types if kind == "collection" else [*types, folder], "FieldType": operators}


def _describe_type(section: Section, kind: str, *, active: bool) -> dict[str, Any]:
    number = TYPE_NUMBERS[kind]
    path = f"/library/sections/{section.key}"
    suffix = "" if kind == section.kind else f"?type={number}"
    filters = _MUSIC_FILTERS if section.kind == "artist" else _VIDEO_FILTERS
    address = f"{path}/collections" if kind == "collection" else f"{path}/all?type={number}"
    entry: dict[str, Any] = {"key": address, "type": kind, "title": _TITLES[kind], "active": active}
    if kind == "collection":
        filters = tuple(each for each in filters if each[0] == "contentRating")
    entry["Filter"] = [
        {"filter": name, "filterType": of, "key": f"{path}/{name}{suffix}", "title": title, "type": "filter"}
        for name, of, title in filters
    ]
    entry["Sort"] = [
        {"defaultDirection": way, "descKey": f"{name}:desc", "key": name, "title": title}
        for name, way, title in _SORTS
    ]
    entry["Sort"][0] |= {"default": "asc"}
    prefix = "" if kind == "movie" else f"{kind}."
    filters = tuple((name, of, _FIELD_TITLES.get(name, title)) for name, of, title in filters)
    known = [*_EXTRA_FIELDS, *((name, _field_type(name, of), title) for name, of, title in filters)]
    entry["Field"] = [{"key": prefix + name, "title": title, "type": of} for name, of, title in known]
    return entry


def _field_type(name: str, filter_type: str) -> str:
    if name == "resolution":
        return "resolution"
    if name in TAG_KINDS or name == "contentRating":
        return "tag"
    return filter_type


def list_choices(library: Library, section: Section, kind: str, name: str) -> dict[str, Any]:
    """GET /library/sections/{id}/{filter}: the values that occur, with the address of each one's listing."""
    if field_type(name) is None:
        raise Refusal(404)
    found: dict[str, str] = {}
    for key in library.of_kind(section.key, kind):
        for choice, title in _choices(library, library.items[key], name):
            found[choice] = title
    path = f"/library/sections/{section.key}/all?{name}="
    entries = [
        {"fastKey": path + quote(choice), "key": choice, "title": title, "type": name}
        for choice, title in sorted(found.items(), key=lambda pair: pair[1].lower())
    ]
    frame: dict[str, Any] = {"size": len(entries), "allowSync": False, "content": "secondary", **IDENTIFIER}
    return frame | {"title1": section.title, "title2": f"By {name.capitalize()}", "Directory": entries}


def _choices(library: Library, item: Item, name: str) -> list[tuple[str, str]]:
    family = field_type(name)
    if family == "tag":
        return [(str(tag.id), tag.name) for tag, _ in item.tags.get(name, ())]
    if family == "integer":
        number = read_number(library, item, name)
        return [] if number is None else [(f"{number:g}", f"{number:g}")]
    values = [str(item.fields[name])] if name in item.fields else read_values(library, item, name)
    return [(value, value) for value in values if value]
