"""A Stash scene as JSON -> `Scene` -> what its Plex items should show. Pure.

Nothing here is cut. Control characters and invalid Unicode never reach Plex: its XML answers could not carry them.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from plexsync_plugin.base.names import plain
from plexsync_plugin.base.rules import CollectionRule
from plexsync_plugin.core.ledger import Value
from plexsync_plugin.core.model import SORT_TITLE, Entity, File, Scene, Tag
from plexsync_plugin.core.options import FieldOptions, Scope
from plexsync_plugin.core.pathmap import is_below
from plexsync_plugin.core.plan import Desired
from plexsync_plugin.core.stars import STAR, star_text

# Bump when the same scene should give another result than before: every scene is then planned anew.
PLAN_VERSION = 3

DEFAULTS = FieldOptions()

# What XML 1.0 forbids, and the separators that are no text (tab and newline stay).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


def scene_of(answer: Mapping[str, Any]) -> Scene:
    """From one element of Stash's `findScenes`, with the fields that `stash.client` asks for."""
    studio = answer.get("studio") or {}
    parent = studio.get("parent_studio") or {}
    performers, tags = answer.get("performers") or [], answer.get("tags") or []
    groups = [entry["group"] for entry in answer.get("groups") or []]
    return Scene(
        id=int(answer["id"]),
        title=clean_line(answer.get("title")),
        details=clean(answer.get("details")),
        date=full_date(answer.get("date")),
        code=clean_line(answer.get("code")),
        director=clean_line(answer.get("director")),
        rating100=answer.get("rating100"),
        studio=clean_line(studio.get("name")),
        parent_studio=clean_line(parent.get("name")),
        performers=_names({"name": _performer_name(entry)} for entry in performers),
        photos=_photos(performers),
        tags=_names(tags),
        groups=_names(groups),
        files=tuple(
            File(path=file["path"], size=int(file.get("size") or 0)) for file in answer.get("files") or []
        ),
        organized=bool(answer.get("organized")),
        updated_at=answer.get("updated_at") or "",
        entities=_entities(performer=performers, studio=[studio, parent], tag=tags, group=groups),
        collectable={
            source: named
            for source, kind, entries in (
                ("studio", "studio", [studio]),
                ("parent", "studio", [parent]),
                ("groups", "group", groups),
            )
            if (named := _named(kind, entries))
        },
    )


def _named(kind: str, entries: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, Entity], ...]:
    found = ((clean_line(entry.get("name")), entry) for entry in entries if entry.get("id"))
    return tuple((name, Entity(kind=kind, id=int(entry["id"]))) for name, entry in found if name)


def _photos(performers: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Addresses by name, without Stash's default pictures, which it marks (docs/facts/stash.md section 7)."""
    return {
        _performer_name(entry): entry["image_path"]
        for entry in performers
        if entry.get("image_path") and "default=true" not in entry["image_path"]
    }


def _performer_name(entry: Mapping[str, Any]) -> str:
    """Stash tells performers of one name apart by a note, and Plex knows its cast by the name alone."""
    name, note = clean_line(entry.get("name")), clean_line(entry.get("disambiguation"))
    return f"{name} ({note})" if name and note else name


def _entities(**found: Iterable[Mapping[str, Any]]) -> tuple[Entity, ...]:
    return tuple(
        Entity(kind=kind, id=int(entry["id"]))
        for kind, entries in found.items()
        for entry in entries
        if entry.get("id")
    )


def _names(entries: Iterable[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """Names in order, each once: Plex knows a cast member by the name."""
    names: dict[str, str] = {}
    for entry in entries or []:
        name = clean_line(entry.get("name"))
        if name:
            names.setdefault(name.casefold(), name)
    return tuple(names.values())


def clean(text: str | None) -> str:
    """The text without carriage returns, control characters and lone surrogates; paragraphs stay."""
    tidy = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub("", tidy).strip()


def clean_line(text: str | None) -> str:
    return " ".join(clean(text).split())


def full_date(text: str | None) -> str:
    """Stash's dates may be partial (`2021`, `2021-05`); Plex wants a day: the first. "" for what is no date."""
    found = _DATE.fullmatch((text or "").strip())
    if not found:
        return ""
    year, month, day = found.groups(default="1")
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def desired_state(scene: Scene, options: FieldOptions = DEFAULTS) -> dict[str, Value]:
    """What the scene's items are to show, by Plex's field names; "" or () where Stash has nothing.

    A field that is missing here is left alone altogether.
    """
    ignored = options.ignored_tags.spellings
    wanted: dict[str, Value] = {
        "title": format_title(scene, options.title_format),
        SORT_TITLE: sort_title(scene, options.sort_title),
        "originalTitle": scene.code,
        "studio": scene.studio,
        "summary": scene.details,
        "originallyAvailableAt": scene.date,
        "contentRating": options.content_rating,
        STAR: star_text(scene.rating100),
        "genre": tuple(Tag(name=name) for name in scene.tags if plain(name) not in ignored),
        "actor": tuple(
            Tag(name=name, thumb=scene.photos.get(name, "") if options.photos else "")
            for name in scene.performers
        ),
        "director": tuple(Tag(name=name) for name in split_names(scene.director)),
        "collection": tuple(Tag(name=name) for name in collections_of(scene, options.collections)),
    }
    return {name: value for name, value in wanted.items() if name not in options.skipped}


def format_title(scene: Scene, title_format: str) -> str:
    """The scene's title, or the format filled in, without the separators round empty values.

    "" for a scene without a title where the format has `{title}`: Plex then keeps the title that it has.
    """
    if not title_format:
        return scene.title
    if "{title}" in title_format and not scene.title:
        return ""
    values = {
        "title": scene.title,
        "studio": scene.studio,
        "performers": ", ".join(scene.performers),
        "date": scene.date,
        "year": scene.date[:4],
        "code": scene.code,
    }
    return _without_gaps(title_format, values)


# Of English, German, French and Spanish, which is what titles in Stash begin with.
_ARTICLE = re.compile(r"(?:(?:the|an?|der|die|das|les?|la|los|las|el)\s+|l['’])(?=\S)", re.IGNORECASE)


def sort_title(scene: Scene, sort_format: str) -> str:
    """What Plex sorts by: the format filled in, its `{title}` without a leading article; "" without a format."""
    if not sort_format:
        return ""
    article = _ARTICLE.match(scene.title)
    return format_title(replace(scene, title=scene.title[article.end() if article else 0 :]), sort_format)


_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_EDGES = " -–—|,:;/·."


def _without_gaps(title_format: str, values: Mapping[str, str]) -> str:
    """Fill in; of the text between two placeholders only what stands between two values stays."""
    result, pending = "", ""
    pieces = _PLACEHOLDER.split(title_format)
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            pending += piece
        elif values[piece]:
            result += (pending if result else pending.lstrip(_EDGES)) + values[piece]
            pending = ""
        else:
            pending = pending.rstrip(_EDGES + "([{")
            pieces[number + 1] = pieces[number + 1].lstrip(")]}")
    return " ".join((result + pending.rstrip(_EDGES)).split())


def split_names(text: str) -> tuple[str, ...]:
    """Stash keeps directors as one text; several are separated by commas."""
    names = {name.strip().casefold(): name.strip() for name in text.split(",") if name.strip()}
    return tuple(names.values())


def collections_of(scene: Scene, rules: Iterable[CollectionRule]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for rule in rules:
        for name in _collection_names(scene, rule):
            full = clean_line(f"{rule.prefix}{name}")
            found.setdefault(full.casefold(), full)
    return tuple(found.values())


def unsure_collections(scene: Scene, rules: Iterable[CollectionRule]) -> frozenset[str]:
    """Collections of which nobody knows whether the scene belongs into them, as `Tag.key` compares them."""
    unsure = set(map(plain, scene.unsure_filters))
    found = (rule for rule in rules if rule.source == "filter" and plain(rule.name) in unsure)
    return frozenset(clean_line(f"{rule.prefix}{rule.name}").casefold() for rule in found)


def _collection_names(scene: Scene, rule: CollectionRule) -> tuple[str, ...]:
    if rule.source == "tag":
        return tuple(name for name in scene.tags if plain(name) == plain(rule.name))
    if rule.source == "filter":
        return (rule.name,) if plain(rule.name) in map(plain, scene.filters) else ()
    if rule.source == "groups":
        return scene.groups
    name = scene.studio if rule.source == "studio" else scene.parent_studio
    return (name,) if name else ()


def out_of_scope(scene: Scene, limits: Scope) -> str:
    """Why the scene is not synced, or "" when it is."""
    tags = {plain(name) for name in scene.tags}
    if limits.only_organized and not scene.organized:
        return "it is not organized (setting only_organized)"
    if limits.required_tags.unknown(tags):
        return "it lacks a tag (setting require_tags)"
    if limits.excluded_tags.spellings & tags:  # in doubt, excluded
        return "it has a tag of the setting exclude_tags"
    if limits.included_paths and not any(is_below(file.path, limits.included_paths) for file in scene.files):
        return "no file of it is below a folder of the setting include_paths"
    if any(is_below(file.path, limits.excluded_paths) for file in scene.files):
        return "a file of it is below a folder of the setting exclude_paths"
    return ""


def desired_hash(scene: Scene, desired: Desired, *, preserve: bool, grounds: str = "") -> str:
    """Fingerprint of everything that decides what is written where; `grounds` is that of the items it is written to.

    Where it equals the stored one, nothing is to be done.
    """
    plain: dict[str, Any] = {
        "version": PLAN_VERSION,
        "grounds": grounds,
        "preserve": preserve,
        "files": [[file.path, file.size] for file in scene.files],
        "fields": {
            name: value if isinstance(value, str) else [tag.name for tag in value]
            for name, value in desired.items()
        },
    }
    if (
        scene.unsure_filters
    ):  # once it can be told, what it shows may be another although what it is to show is the same
        plain["unsure"] = sorted(scene.unsure_filters)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
