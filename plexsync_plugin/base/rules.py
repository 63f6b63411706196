"""Reads the settings that have a form of their own: path rules, collections, title format. Standard library alone.

Text becomes values. A ValueError says what is wrong, as the end of a sentence that begins with the setting's name.
"""

import re
import string
from dataclasses import dataclass

PLACEHOLDERS = ("title", "studio", "performers", "date", "year", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRule:
    """A folder as Stash names it and as Plex names it, without a separator at the end."""

    stash: str
    plex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRule:
    """What of a scene becomes a collection."""

    source: str  # studio, parent, groups or tag
    tag: str = ""  # the tag's name, where the source is a tag
    prefix: str = ""  # of the collection's name


def parse_path_map(text: str) -> tuple[PathRule, ...]:
    """`stash prefix => plex prefix`, several separated by `;`."""
    rules = []
    for part in text.split(";"):
        if not part.strip():
            continue
        stash, arrow, plex = (piece.strip() for piece in part.partition("=>"))
        if not arrow or not stash or not plex:
            raise ValueError(
                f"has the rule {part.strip()!r}, which is not of the form: stash prefix => plex prefix"
            )
        rules.append(PathRule(stash=_folder(stash), plex=_folder(plex)))
    return tuple(rules)


def _folder(path: str) -> str:
    return path.rstrip("/\\") or path[0]


def parse_paths(text: str) -> tuple[str, ...]:
    """Folders or files, separated by `;`."""
    return tuple(_folder(part.strip()) for part in text.split(";") if part.strip())


def parse_collections(text: str) -> tuple[CollectionRule, ...]:
    """A list of `studio`, `parent`, `groups`, `tag:NAME`, separated by commas, each optionally `=PREFIX`."""
    return tuple(_collection(part) for part in text.split(",") if part.strip())


def _collection(part: str) -> CollectionRule:
    name, _, prefix = part.partition("=")
    source, _, tag = name.strip().partition(":")
    source, tag = source.strip().lower(), tag.strip()
    if source not in ("studio", "parent", "groups", "tag") or (source == "tag") != bool(tag):
        raise ValueError(f"has {part.strip()!r}, which is none of: studio, parent, groups, tag:NAME")
    return CollectionRule(source=source, tag=tag, prefix=prefix.lstrip())


def check_title_format(text: str) -> str:
    try:
        names = [name for _, name, spec, conversion in string.Formatter().parse(text) if name is not None]
        plain = re.sub(r"\{[a-z]+\}", "", text)
    except ValueError as error:
        raise ValueError(f"cannot be read ({error})") from None
    for name in names:
        if name not in PLACEHOLDERS:
            raise ValueError(
                f"has {{{name}}}, which is none of: {', '.join(f'{{{p}}}' for p in PLACEHOLDERS)}"
            )
    if "{" in plain or "}" in plain:
        raise ValueError("has a brace that belongs to no placeholder")
    return text
