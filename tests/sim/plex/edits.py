"""Reads the parameters of an edit (docs/facts/plex.md section 2): what is set, locked, added and removed. Pure.

title.value=T  title.locked=1  genre[0].tag.tag=Drama  actor[0].tagging.text=Role  actor[0].tag.thumb=URL
genre[].tag.tag-=A,B%2C%20C    genre[].tag=            artist.title.value=A
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.sim.plex.model import TAG_KINDS

TEXTS = frozenset(
    {"title", "titleSort", "originalTitle", "summary", "tagline", "studio", "contentRating", "editionTitle"}
    | {"originallyAvailableAt"}
)
NUMBERS = frozenset({"addedAt", "index", "parentIndex", "year"})
RATINGS = frozenset({"rating", "audienceRating", "userRating"})
LOCK_ONLY = frozenset({"thumb", "art", "clearLogo", "squareArt", "theme", "banner"})
EDITABLE = TEXTS | NUMBERS | RATINGS
_SCALAR = re.compile(r"(?P<field>\w+)\.(?P<what>value|locked)")
_PARENT = re.compile(r"(?P<who>artist|album)\.(?P<what>title|id)\.value")
_TAG = re.compile(r"(?P<kind>\w+)\[(?P<index>\d*)\]\.(?P<what>tag\.tag-|tag\.\w+|tagging\.\w+|tag)")


@dataclass(slots=True)
class TagEdit:
    """added: by index, the parts given for it (tag, thumb, tagKey, text); cleared: all associations are removed first."""

    added: dict[int, dict[str, str]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    cleared: bool = False


@dataclass(slots=True)
class Edit:
    values: dict[str, Any] = field(default_factory=dict)
    locks: dict[str, bool] = field(default_factory=dict)
    tags: dict[str, TagEdit] = field(default_factory=dict)
    parents: dict[tuple[str, str], str] = field(default_factory=dict)


def parse_edit(query: list[tuple[str, str]]) -> tuple[Edit, list[tuple[str, str]]]:
    """The edit, and the parameters that are none (type, id, filters). Raises ValueError for a number that is none."""
    edit, rest = Edit(), []
    for name, value in query:
        if not (
            _take_scalar(edit, name, value) or _take_parent(edit, name, value) or _take_tag(edit, name, value)
        ):
            rest.append((name, value))
    return edit, rest


def _take_scalar(edit: Edit, name: str, value: str) -> bool:
    found = _SCALAR.fullmatch(name)
    if found is None:
        return False
    if found["what"] == "locked":
        if found["field"] in EDITABLE | LOCK_ONLY or found["field"] in TAG_KINDS:
            edit.locks[found["field"]] = value not in {"0", "false", ""}
    elif found["field"] in EDITABLE:
        edit.values[found["field"]] = _cast(found["field"], value)
    return True


def _cast(name: str, value: str) -> Any:
    """None clears the field."""
    if value == "":
        return None
    if name in NUMBERS:
        return int(value)
    if name in RATINGS:
        number = float(value)
        return int(number) if number.is_integer() else number
    return value


def _take_parent(edit: Edit, name: str, value: str) -> bool:
    found = _PARENT.fullmatch(name)
    if found is not None:
        edit.parents[found["who"], found["what"]] = value
    return found is not None


def _take_tag(edit: Edit, name: str, value: str) -> bool:
    found = _TAG.fullmatch(name)
    if found is None or found["kind"] not in TAG_KINDS:
        return found is not None
    change = edit.tags.setdefault(found["kind"], TagEdit())
    what, index = found["what"], found["index"]
    if what == "tag.tag-":
        change.removed += [unquote(each) for each in value.split(",") if each]
    elif what == "tag" and index == "":
        change.cleared = True
    elif index != "" and what != "tag":
        change.added.setdefault(int(index), {})[what.partition(".")[2]] = value
    return True
