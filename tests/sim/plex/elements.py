"""How an item looks in an answer: in short in listings, in full in details (docs/facts/plex.md section 3.5).

Builds plain dictionaries in the JSON form of the API, keys in the order seen on the wire; rendering.py makes XML of them.
"""

from typing import Any

from tests.sim.plex.collections import members
from tests.sim.plex.fields import sort_title
from tests.sim.plex.library import Library
from tests.sim.plex.media_elements import describe_media
from tests.sim.plex.model import TAG_KINDS, Item, Link

BRANCHES = frozenset({"show", "season", "artist", "album", "collection"})
LISTED_TAGS = {"genre": 2, "country": 2, "collection": 2, "director": 2, "writer": 2, "actor": 3}
MOST_ROLES = 200

# Attributes in the order of the recordings; names of parents are filled in by _inherited.
_ORDER_TEXT = """
    parentRatingKey grandparentRatingKey guid parentGuid grandparentGuid slug parentSlug
    grandparentSlug parentStudio  studio type title grandparentKey parentKey librarySectionTitle
    librarySectionID librarySectionKey  grandparentTitle parentTitle titleSort originalTitle
    editionTitle contentRating subtype summary index parentIndex  ratingCount rating audienceRating
    userRating viewOffset viewCount skipCount lastViewedAt lastRatedAt parentYear  year tagline
    thumb art parentThumb grandparentThumb grandparentArt theme parentTheme grandparentTheme
    duration  originallyAvailableAt leafCount viewedLeafCount childCount addedAt updatedAt
    audienceRatingImage chapterSource  primaryExtraKey ratingImage
"""
ORDER = _ORDER_TEXT.split()
_ORDERED = frozenset(ORDER)
_STAMPED = ("thumb", "art", "theme")
# Kept of an item but shown elsewhere: in Image, or in the tree.
_HIDDEN = frozenset({"clearLogo", "squareArt", "refreshedAt"})


def describe(library: Library, item: Item, *, detail: bool, guids: bool) -> dict[str, Any]:
    """One entry of "Metadata"."""
    lineage = library.ancestors(item)
    values = _values(library, item, lineage, detail=detail)
    place = "collections" if item.kind == "collection" else "metadata"
    key = f"/library/{place}/{item.key}"
    suffix = "/children" if item.kind in BRANCHES else ""
    entry: dict[str, Any] = {"ratingKey": str(item.key), "key": key + suffix}
    entry |= {name: values[name] for name in ORDER if name in values}
    entry |= {
        name: value for name, value in item.fields.items() if name not in _ORDERED and name not in _HIDDEN
    }
    if item.trashed:
        entry["deletedAt"] = item.fields.get("updatedAt", 0)
    if item.media:
        entry["Media"] = [describe_media(medium, detail=detail) for medium in item.media]
    _add_images(item, lineage, entry)
    _add_elements(item, entry, detail=detail, guids=guids)
    return entry


def _values(library: Library, item: Item, lineage: list[Item], *, detail: bool) -> dict[str, Any]:
    values = dict(item.fields)
    values["type"] = item.kind
    for name in _STAMPED:
        if name in values:
            values[name] = image_address(item, name)
    values["titleSort"] = sort_title(item)
    if values["titleSort"] == values.get("title"):
        del values["titleSort"]
    if lineage:
        _inherit(item, lineage, values)
    if item.kind in BRANCHES:
        _count(library, item, values, detail=detail)
    if detail:
        values |= _place(library, item)
    return values


def _place(library: Library, item: Item) -> dict[str, Any]:
    section = library.sections[item.section]
    return {
        "librarySectionTitle": section.title,
        "librarySectionID": section.key,
        "librarySectionKey": f"/library/sections/{section.key}",
    }


def _inherit(item: Item, lineage: list[Item], values: dict[str, Any]) -> None:
    """parentIndex is the season's number, the disc's for a track, and not there for an album."""
    values |= _inherited("parent", lineage[0])
    if item.kind == "track":
        values.setdefault("parentIndex", 1)
    elif item.kind != "album" and "index" in lineage[0].fields:
        values["parentIndex"] = lineage[0].fields["index"]
    if len(lineage) > 1:
        values |= _inherited("grandparent", lineage[1])
        values.pop("grandparentStudio", None)
        values.pop("grandparentYear", None)
    _borrow_images(item, lineage, values)


def _inherited(prefix: str, ancestor: Item) -> dict[str, Any]:
    values: dict[str, Any] = {
        f"{prefix}RatingKey": str(ancestor.key),
        f"{prefix}Key": f"/library/metadata/{ancestor.key}",
        f"{prefix}Guid": ancestor.fields.get("guid"),
        f"{prefix}Title": ancestor.fields.get("title"),
        f"{prefix}Slug": ancestor.fields.get("slug"),
        f"{prefix}Studio": ancestor.fields.get("studio"),
        f"{prefix}Year": ancestor.fields.get("year"),
        f"{prefix}Thumb": image_address(ancestor, "thumb"),
        f"{prefix}Theme": image_address(ancestor, "theme"),
    }
    if prefix == "grandparent":
        values[f"{prefix}Art"] = image_address(ancestor, "art")
    return {name: value for name, value in values.items() if value is not None}


def _borrow_images(item: Item, lineage: list[Item], values: dict[str, Any]) -> None:
    """A season, episode, album or track shows the art of its show or artist, a track the cover of its album."""
    art = image_address(lineage[-1], "art")
    if "art" not in values and art is not None:
        values["art"] = art
    cover = image_address(lineage[0], "thumb")
    if item.kind == "track" and "thumb" not in values and cover is not None:
        values["thumb"] = cover


def _count(library: Library, item: Item, values: dict[str, Any], *, detail: bool) -> None:
    """Artists and albums say no counts in listings; recorded counts stand where the children were not loaded."""
    if item.kind == "collection":
        values.setdefault("childCount", str(len(members(library, item))))
        return
    children = library.children(item.key)
    if not children and "leafCount" in values:
        return
    leaves = list(library.leaves(item.key))
    if item.kind in {"show", "season"} or (detail and item.kind == "album"):
        values["leafCount"] = len(leaves)
        values["viewedLeafCount"] = sum(1 for leaf in leaves if leaf.fields.get("viewCount"))
    if item.kind == "show":
        values["childCount"] = len(children)


def image_address(item: Item, element: str) -> str | None:
    stamp = item.fields.get(element)
    return None if stamp is None else f"/library/metadata/{item.key}/{element}/{stamp}"


def _add_images(item: Item, lineage: list[Item], entry: dict[str, Any]) -> None:
    logo = image_address(lineage[-1] if lineage else item, "clearLogo")
    cover = entry.get("parentThumb") if item.kind == "episode" else entry.get("thumb")
    snapshot = entry.get("thumb") if item.kind == "episode" else None
    found = (
        ("coverPoster", cover),
        ("snapshot", snapshot),
        ("background", entry.get("art")),
        ("clearLogo", logo),
    )
    alt = entry.get("title", "")
    images = [{"alt": alt, "type": kind, "url": url} for kind, url in found if url is not None]
    if images:
        entry["Image"] = images
    if "UltraBlurColors" in item.extras:
        entry["UltraBlurColors"] = item.extras["UltraBlurColors"]
    elif images:
        entry["UltraBlurColors"] = blur_colors(item.key)


def blur_colors(key: int) -> dict[str, str]:
    seed = (key * 2_654_435_761) & 0xFFFFFF
    corners = ("topLeft", "topRight", "bottomRight", "bottomLeft")
    return {corner: f"{(seed ^ 0x1F3A7 * turn) & 0xFFFFFF:06x}" for turn, corner in enumerate(corners)}


def _add_elements(item: Item, entry: dict[str, Any], *, detail: bool, guids: bool) -> None:
    for kind in TAG_KINDS.values():
        links = item.tags.get(kind.name)
        if not links:
            continue
        if detail:
            most = MOST_ROLES if kind.name == "actor" else None
            entry[kind.element] = [tag_entry(link) for link in links[:most]]
        elif kind.name in LISTED_TAGS:
            entry[kind.element] = [{"tag": tag.name} for tag, _ in links[: LISTED_TAGS[kind.name]]]
    if item.guids and (detail or guids):
        entry["Guid"] = [{"id": guid} for guid in item.guids]
    if detail:
        entry |= {name: value for name, value in item.extras.items() if name != "UltraBlurColors"}
        if item.locks:
            entry["Field"] = [{"locked": True, "name": name} for name in item.locks]


def tag_entry(link: Link) -> dict[str, Any]:
    tag, text = link
    entry: dict[str, Any] = {"id": tag.id, "filter": f"{tag.kind}={tag.id}", "tag": tag.name}
    if tag.key is not None:
        entry["tagKey"] = tag.key
    if text is not None:
        entry["role"] = text
    if tag.thumb is not None:
        entry["thumb"] = tag.thumb
    if tag.guid is not None:
        entry["guid"] = tag.guid
    return entry
