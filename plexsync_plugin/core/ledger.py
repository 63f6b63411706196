"""What PlexSync knows of one field of one item: what it wrote, and the last value there that it did not write.

Pure. `wrote` holds two values between the moment a write is planned and the moment it is known to have worked:
whichever of the two a crash left in Plex, it is recognised as ours (docs/architecture.md, "Who owns a value").
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from plexsync_plugin.core.model import LISTS, Tag

# Stands in a record for a sort title that Plex made of our title, instead of the one that an agent had given.
MADE_BY_PLEX = ""

Value = str | tuple[Tag, ...]  # a scalar field's text, or a list field's tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A value that PlexSync overwrote and had not written, with its lock state."""

    value: Value
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of one field of one item."""

    wrote: tuple[Value, ...] = ()  # our last value; while another is being written, the old one and the new
    saved: Saved | None = None  # the last value that we overwrote and had not written

    def is_ours(self, value: Value) -> bool:
        return any(alike(value, written) for written in self.wrote)

    def writing(self, new: "Record") -> "Record":
        """The record to store while `new` is being written: it names the earlier values as ours too."""
        earlier = tuple(value for value in self.wrote if value not in new.wrote)
        return Record(wrote=earlier + new.wrote, saved=new.saved)


Ledger = Mapping[str, Record]  # by field name


def written_tags(record: Record | None, keys: Collection[str]) -> tuple[Tag, ...]:
    """Those of the tags with these keys that we wrote to the field last, or may have written."""
    if record is None or not keys:
        return ()
    found = {
        tag.key: tag
        for value in record.wrote
        if not isinstance(value, str)
        for tag in value
        if tag.key in keys
    }
    return tuple(found.values())


def alike(one: Value, other: Value) -> bool:
    """Whether a server that tidies what it is given may show `one` as `other`.

    Texts are compared without regard to white space, tags without regard to case, order, role and photo.
    """
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one.split() == other.split()
    return sorted(tag.key for tag in one) == sorted(tag.key for tag in other)


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal to the letter. Of tags the names count, with case and order."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return [tag.name for tag in one] == [tag.name for tag in other]


def shown(value: Value) -> str:
    """As a person reads it: a list as its names, joined by ", "."""
    return value if isinstance(value, str) else ", ".join(tag.name for tag in value)


def shown_alike(one: str, other: str) -> bool:
    """Whether two shown values say the same, whatever the order of a list, the case of its tags, and the spelling of a number."""
    if one.split() == other.split():
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return sorted(one.casefold().split(", ")) == sorted(other.casefold().split(", "))


def dump(ledger: Ledger) -> str:
    """Text for the database; `load` reads it."""
    return json.dumps({name: _plain(record) for name, record in sorted(ledger.items())}, ensure_ascii=False)


def load(text: str) -> dict[str, Record]:
    return {name: _record(name, plain) for name, plain in json.loads(text).items()}


def _plain(record: Record) -> dict[str, Any]:
    saved = record.saved
    return {
        "wrote": [_plain_value(value) for value in record.wrote],
        "saved": None if saved is None else {"value": _plain_value(saved.value), "locked": saved.locked},
    }


def _plain_value(value: Value) -> Any:
    return value if isinstance(value, str) else [[tag.name, tag.role, tag.thumb] for tag in value]


def _record(name: str, plain: Mapping[str, Any]) -> Record:
    saved = plain["saved"]
    return Record(
        wrote=tuple(_value(name, value) for value in plain["wrote"]),
        saved=None if saved is None else Saved(value=_value(name, saved["value"]), locked=saved["locked"]),
    )


def _value(name: str, plain: Any) -> Value:
    if name in LISTS:
        return tuple(Tag(name=tag, role=role, thumb=thumb) for tag, role, thumb in plain)
    return str(plain)
