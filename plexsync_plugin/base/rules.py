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

    source: str  # studio, parent, groups, tag or filter
    name: str = ""  # of the tag or the saved filter, where the source is one
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
    """A list of `studio`, `parent`, `groups`, `tag:NAME`, `filter:NAME`, separated by commas, each optionally `=PREFIX`.

    A name may hold a comma: in quotes (`tag:"Private, Family"=My `), and without them where what follows the comma is
    no source of its own.
    """
    return tuple(_collection(part) for part in _collection_parts(text))


_NAMED = ("tag", "filter")  # sources that are followed by a name
_SOURCES = ("studio", "parent", "groups", *_NAMED)
_COLLECTION = re.compile(
    r'\s*(?:(?P<source>studio|parent|groups)|(?P<kind>tag|filter)\s*:\s*(?:"(?P<quoted>[^"]+)"|(?P<name>[^="\s][^=]*?)))'
    r"\s*(?:=(?P<prefix>.*))?",
    re.IGNORECASE | re.DOTALL,
)


def _collection_parts(text: str) -> list[str]:
    parts: list[str] = []
    for piece in text.split(","):
        if parts and (parts[-1].count('"') % 2 or _continues(parts[-1], piece)):
            parts[-1] += f",{piece}"
        elif piece.strip():
            parts.append(piece)
    return parts


def _continues(part: str, piece: str) -> bool:
    """Whether `piece` can only be the rest of the name that `part` ends with."""
    source = re.split("[:=]", piece)[0].strip().lower()
    is_named = part.strip().lower().startswith(_NAMED) and not {"=", '"'} & set(part)
    return is_named and bool(source) and source not in _SOURCES


def _collection(part: str) -> CollectionRule:
    found = _COLLECTION.fullmatch(part)
    if not found:
        raise ValueError(
            f"has {part.strip()!r}, which is none of: studio, parent, groups, tag:NAME, filter:NAME"
        )
    name = (found["quoted"] or found["name"] or "").strip()
    source = (found["kind"] or found["source"]).lower()
    return CollectionRule(source=source, name=name, prefix=(found["prefix"] or "").lstrip())


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
