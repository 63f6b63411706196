"""What an input does to a record: every field of an update, and of a bulk update with its modes.

Changes records; fires nothing and looks nothing up beyond what a reference needs.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from tests.sim.stash.clock import now
from tests.sim.stash.criteria import to_id, to_ids
from tests.sim.stash.execution import QueryFailed
from tests.sim.stash.library import Library
from tests.sim.stash.records import DEFAULTS, Record, complete_membership

_WHOLE_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_PARTIAL_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_IGNORED = frozenset({"id", "ids", "clientMutationId", "o_counter", "play_count", "gallery_ids", "file_ids"})
_DATES = frozenset({"date", "birthdate", "death_date"})
_IMAGES = {"cover_image": "", "image": "", "front_image": "", "back_image": "/back"}
_REFERENCES = {"studio_id": "studio", "parent_id": "studio"}
_REFERENCE_LISTS = {"performer_ids": "performer", "tag_ids": "tag", "parent_ids": "tag", "child_ids": "tag"}


class Editor:
    """Bound to a library and a version, because v0.27.2 refuses a partial date."""

    def __init__(self, library: Library, version: str) -> None:
        self._library = library
        self._date = _WHOLE_DATE if version == "v0.27.2" else _PARTIAL_DATE

    def prepare(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """What `given` makes of a record's fields. Raises QueryFailed before anything is changed."""
        changes: dict[str, Any] = {}
        for name, value in given.items():
            if name not in _IGNORED:
                changes |= self._field(kind, name, value)
        return changes

    def _field(self, kind: str, name: str, value: Any) -> dict[str, Any]:
        if name in _IMAGES:
            return {name: None if not value else decode_image(value)}
        if name in _DATES:
            return {name: self._check_date(value)}
        if name in _REFERENCES:
            return {name: self._check_reference(_REFERENCES[name], name, value)}
        if name in _REFERENCE_LISTS:
            return {name: self._check_references(_REFERENCE_LISTS[name], value)}
        if name in _SPECIAL:
            return _SPECIAL[name](value)
        if value is None:
            value = DEFAULTS[kind].get(name)
        return {name: value}

    def _check_date(self, value: str | None) -> str | None:
        if not value:
            return None
        if not re.fullmatch(self._date, value):
            raise QueryFailed(f"converting date: ParseDateStringAsTime failed: dateString <{value}>")
        return value

    def _check_reference(self, kind: str, name: str, value: Any) -> int | None:
        if value is None:
            return None
        try:
            number = to_id(value)
        except QueryFailed as error:
            raise QueryFailed(f"converting {name.replace('_', ' ')}: {error}") from error
        self._check_there(kind, [number])
        return number

    def _check_references(self, kind: str, values: list[Any] | None) -> list[int]:
        numbers = list(dict.fromkeys(to_ids(values)))
        self._check_there(kind, numbers)
        return numbers

    def _check_there(self, kind: str, numbers: list[int]) -> None:
        if len(self._library.some(kind, numbers)) != len(numbers):
            raise QueryFailed("FOREIGN KEY constraint failed")

    def prepare_bulk(self, kind: str, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """As prepare(), but relations and lists are {"ids" or "values", "mode"}."""
        plain: dict[str, Any] = {}
        for name, value in given.items():
            if not isinstance(value, dict) or "mode" not in value:
                plain[name] = value
            elif name in {"group_ids", "movie_ids"}:
                plain["groups"] = _combine_groups(record["groups"], value)
            else:
                listed = value.get("ids", value.get("values")) or []
                wanted = to_ids(listed) if "ids" in value else listed
                plain[name] = combine(record.get(name, []), wanted, value["mode"])
        return self.prepare(kind, plain)

    def apply(self, kind: str, record: Record, changes: dict[str, Any]) -> None:
        """Sets updated_at, whether or not anything differs."""
        with self._library.lock:
            for name, value in changes.items():
                if name in _IMAGES:
                    self.set_image(f"{kind}/{record['id']}{_IMAGES[name]}", value)
                elif name == "primary_file_id":
                    record["files"].sort(key=lambda each: each["id"] != value)
                elif name == "child_ids":
                    self._set_children(record["id"], value)
                else:
                    record[name] = value
            record["updated_at"] = now()

    def set_image(self, path: str, data: bytes | None) -> None:
        if data is None:
            self._library.images.pop(path, None)
        else:
            self._library.images[path] = data

    def _set_children(self, number: int, children: list[int]) -> None:
        for tag in self._library.rows("tag"):
            others = [each for each in tag["parent_ids"] if each != number]
            tag["parent_ids"] = [*others, number] if tag["id"] in children else others


def combine(present: list[Any], given: list[Any], mode: str) -> list[Any]:
    if mode == "SET":
        return list(dict.fromkeys(given))
    if mode == "ADD":
        return [*present, *(each for each in given if each not in present)]
    return [each for each in present if each not in given]


def _combine_groups(present: list[Record], given: dict[str, Any]) -> list[Record]:
    numbers = combine([each["group_id"] for each in present], to_ids(given.get("ids")), given["mode"])
    places = {each["group_id"]: each["scene_index"] for each in present}
    return [{"group_id": number, "scene_index": places.get(number)} for number in numbers]


def decode_image(text: str) -> bytes:
    """A data URL or bare base64; Stash would fetch an http address, the simulator does not. Raises QueryFailed."""
    if text.startswith(("http://", "https://")):
        raise QueryFailed("the simulator fetches no images")
    try:
        return base64.b64decode(text.rpartition("base64,")[2], validate=True)
    except binascii.Error as error:
        raise QueryFailed(f"illegal base64 data: {error}") from error


def _stash_ids(value: list[dict[str, Any]] | None) -> dict[str, Any]:
    return {"stash_ids": [{"updated_at": now()} | each for each in value or []]}


def _custom_fields(value: dict[str, Any] | None) -> dict[str, Any]:
    """Only the whole map: partial changes of it are not simulated."""
    value = value or {}
    if value.get("partial") or value.get("remove"):
        raise QueryFailed("the simulator does not know custom_fields partial and remove")
    return {"custom_fields": value.get("full") or value}


_SPECIAL: dict[str, Callable[[Any], dict[str, Any]]] = {
    "url": lambda value: {"urls": [value] if value else []},
    "urls": lambda value: {"urls": list(value or [])},
    "groups": lambda value: {"groups": [complete_membership(each) for each in value or []]},
    "movies": lambda value: {"groups": [complete_membership(each) for each in value or []]},
    "stash_ids": _stash_ids,
    "custom_fields": _custom_fields,
    "primary_file_id": lambda value: {} if value is None else {"primary_file_id": to_id(value)},
}
