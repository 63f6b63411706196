"""Lists of items: what is chosen, filtered, sorted, cut into pages, and the container around it."""

import random
from collections.abc import Iterable
from typing import Any

from tests.sim.plex.elements import describe
from tests.sim.plex.fields import sort_title
from tests.sim.plex.filters import parse_conditions, reject_malformed, sort_items
from tests.sim.plex.library import Library
from tests.sim.plex.model import TYPE_NAMES, Item, Section
from tests.sim.plex.rendering import Refusal
from tests.sim.plex.settings import Settings
from tests.sim.server import Request

IDENTIFIER = {
    "identifier": "com.plexapp.plugins.library",
    "mediaTagPrefix": "/system/bundle/media/flags/",
    "mediaTagVersion": 1775731696,
}
_PLURALS = {"movie": "Movies", "show": "Shows", "artist": "Artists"}
_CACHED_ORDERS = 8
_NO_CONDITIONS = frozenset({"sort", "limit", "type"})


class Unlistable(Refusal):
    """An item of the page cannot be written out."""


class Listings:
    """Remembers the order of recent listings until the library changes, so that a sweep sorts once and not per page."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        self._orders: dict[tuple[Any, ...], list[Item]] = {}
        self._version = -1

    def choose(self, section: Section, kind: str, query: list[tuple[str, str]]) -> list[Item]:
        """The items of that kind that fulfil the conditions, in the order asked for."""
        if self._version != self._library.version:
            self._orders.clear()
            self._version = self._library.version
        paging = ("X-Plex-", "include", "exclude")
        asked = tuple(pair for pair in query if not pair[0].startswith(paging))
        token = (section.key, kind, asked)
        if token not in self._orders:
            if len(self._orders) >= _CACHED_ORDERS:
                self._orders.pop(next(iter(self._orders)))
            self._orders[token] = self._choose(section, kind, list(asked))
        return self._orders[token]

    def pick(self, section: Section, kind: str, keys: list[int], query: list[tuple[str, str]]) -> list[Item]:
        """Those of the keys that are of the section and kind and fulfil the conditions, without a look at the others."""
        wanted = parse_conditions(self._library, [pair for pair in query if pair[0] not in _NO_CONDITIONS])
        items = [self._library.items[key] for key in keys if key in self._library.items]
        return [item for item in items if (item.section, item.kind) == (section.key, kind) and wanted(item)]

    def _choose(self, section: Section, kind: str, query: list[tuple[str, str]]) -> list[Item]:
        wanted = parse_conditions(self._library, [pair for pair in query if pair[0] not in _NO_CONDITIONS])
        given = dict(query)
        items = (self._library.items[key] for key in self._library.of_kind(section.key, kind))
        found = [item for item in items if wanted(item)]
        if given.get("sort"):
            found = sort_items(self._library, found, given["sort"])
        else:
            found.sort(key=self._natural_order)
        limit = given.get("limit", "")
        return found[: int(limit)] if limit.isdigit() else found

    def _natural_order(self, item: Item) -> tuple[Any, ...]:
        """By sort title; parts of a series or an album by theirs, then by place."""
        lineage = [*reversed(self._library.ancestors(item)), item]
        if item.kind in {"episode", "season", "track"}:
            places = [each.fields.get("index", 0) for each in lineage[1:]]
            return (sort_title(lineage[0]).lower(), lineage[0].key, *places)
        return (*(sort_title(each).lower() for each in lineage), item.key)

    def list_section(self, request: Request, section: Section) -> dict[str, Any]:
        """GET /library/sections/{id}/all."""
        reject_malformed(request.target)
        query = dict(request.query)
        if "file" in query and "type" not in query:
            raise Refusal(500)
        return self.list_kind(request, section, kind_of(section, query.get("type")))

    def list_kind(self, request: Request, section: Section, kind: str) -> dict[str, Any]:
        items = self.choose(section, kind, request.query)
        page = paged(request, items, self._settings, strict=True)
        if any(item.key in self._settings.unlistable for item in page["Metadata"]):
            raise Unlistable(500)
        return page | section_frame(section) | self.entries(request, page["Metadata"], detail=False)

    def entries(self, request: Request, items: Iterable[Item], *, detail: bool) -> dict[str, Any]:
        query = dict(request.query)
        guids = query.get("includeGuids") == "1"
        described = [describe(self._library, item, detail=detail, guids=guids) for item in items]
        hidden = {
            *query.get("excludeElements", "").split(","),
            *query.get("excludeFields", "").split(","),
        } - {""}
        if hidden:
            described = [_without(entry, hidden) for entry in described]
        if detail and query.get("checkFiles") == "1":
            for part in (p for entry in described for m in entry.get("Media", []) for p in m["Part"]):
                part |= {"accessible": True, "exists": True}
        return {"Metadata": described}

    def detail(self, request: Request, keys: list[int]) -> dict[str, Any]:
        """GET /library/metadata/{ids}: unknown ids are left out; 404 if nothing is left."""
        items = [self._library.items[key] for key in dict.fromkeys(keys) if key in self._library.items]
        if not items:
            raise Refusal(404)
        if self._settings.shuffle_details:
            random.Random(len(items)).shuffle(items)
        page = paged(request, items, self._settings)
        sections = {item.section for item in items}
        frame: dict[str, Any] = {"allowSync": True, "identifier": IDENTIFIER["identifier"]}
        if len(sections) == 1:
            section = self._library.sections[items[0].section]
            frame |= {"librarySectionID": section.key, "librarySectionTitle": section.title}
            frame["librarySectionUUID"] = section.uuid
        return page | frame | IDENTIFIER | self.entries(request, page["Metadata"], detail=True)

    def below(
        self, request: Request, parent: Item, items: list[Item], *, ordered: bool = False
    ) -> dict[str, Any]:
        """/children, /grandchildren, /allLeaves of an item: listing form. `ordered`: they are in their order already."""
        found = items if ordered else sorted(items, key=self._natural_order)
        page = paged(request, found, self._settings)
        section = self._library.sections[parent.section]
        frame = section_frame(section) | {"key": str(parent.key), "title2": parent.fields.get("title", "")}
        frame |= {"parentTitle": parent.fields.get("title", ""), "summary": parent.fields.get("summary", "")}
        if found:
            frame["viewGroup"] = found[0].kind
        return page | frame | self.entries(request, page["Metadata"], detail=False)


def _without(entry: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    """Elements and fields by name, at every depth."""
    kept: dict[str, Any] = {}
    for name, value in entry.items():
        if name in hidden:
            continue
        kept[name] = [_without(each, hidden) for each in value] if isinstance(value, list) else value
    return kept


def kind_of(section: Section, given: str | None) -> str:
    if given is None:
        return section.kind
    if not given.isdigit() or int(given) not in TYPE_NAMES:
        raise Refusal(400)
    return TYPE_NAMES[int(given)]


def paged(request: Request, items: list[Any], settings: Settings, *, strict: bool = False) -> dict[str, Any]:
    """size, and totalSize and offset only where a page was asked for, by header or parameter."""
    query = dict(request.query)
    start = query.get("X-Plex-Container-Start", request.headers.get("X-Plex-Container-Start"))
    size = query.get("X-Plex-Container-Size", request.headers.get("X-Plex-Container-Size"))
    if size is None:
        if strict and settings.strict_paging:
            raise Refusal(400)
        return {"size": len(items), "Metadata": items}
    if not size.isdigit() or not (start or "0").isdigit():
        raise Refusal(400)
    count = int(size) if settings.page_cap is None else min(int(size), settings.page_cap)
    offset = int(start or 0)
    page = items[offset : offset + count]
    return {"size": len(page), "totalSize": len(items), "offset": offset, "Metadata": page}


def section_frame(section: Section) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "allowSync": True,
        "art": f"/:/resources/{section.kind}-fanart.jpg",
        **IDENTIFIER,
        "librarySectionID": section.key,
        "librarySectionTitle": section.title,
        "librarySectionUUID": section.uuid,
        "thumb": f"/:/resources/{section.kind}.png",
        "title1": section.title,
        "title2": f"All {_PLURALS[section.kind]}",
        "viewGroup": section.kind,
        "viewMode": 65592,
    }
    return frame if section.kind == "movie" else frame | {"nocache": True}
