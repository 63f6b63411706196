"""The tables of one Stash in memory: scenes with their files, performers, studios, tags, groups, markers, and the images.

Owns ids and references; knows nothing of GraphQL, hooks or HTTP. Writers hold `lock`; readers take what is there.
"""

import base64
import threading
from collections.abc import Iterable
from typing import Any

from tests.sim.stash.clock import now
from tests.sim.stash.records import DEFAULTS, Record, complete, complete_file

PLURALS = {kind: f"{kind}s" for kind in DEFAULTS}


class Library:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.tables: dict[str, dict[int, Record]] = {kind: {} for kind in DEFAULTS}
        self.images: dict[str, bytes] = {}
        self.saved_filters: list[Record] = []  # as Stash's page saves them
        self._last_ids = dict.fromkeys([*DEFAULTS, "file"], 0)

    def load(self, given: dict[str, Any]) -> None:
        """Replaces everything. Raises ValueError for a key that a library file does not have."""
        unknown = set(given) - {*PLURALS.values(), "images", "last_ids", "saved_filters"}
        if unknown:
            raise ValueError(
                f"a library has no {sorted(unknown)}; it has {sorted(PLURALS.values())} and images"
            )
        with self.lock:
            self.tables = {kind: {} for kind in DEFAULTS}
            self._last_ids = dict.fromkeys(self._last_ids, 0) | given.get("last_ids", {})
            for kind, plural in PLURALS.items():
                for row in given.get(plural, []):
                    self.add(kind, row)
            self.saved_filters = list(given.get("saved_filters", []))
            self.images = {name: base64.b64decode(data) for name, data in given.get("images", {}).items()}

    def dump(self) -> dict[str, Any]:
        """What load() takes."""
        with self.lock:
            tables: dict[str, Any] = {
                PLURALS[kind]: list(table.values()) for kind, table in self.tables.items()
            }
            images = {name: base64.b64encode(data).decode() for name, data in self.images.items()}
            return tables | {
                "images": images,
                "last_ids": dict(self._last_ids),
                "saved_filters": list(self.saved_filters),
            }

    def add(self, kind: str, given: Record) -> Record:
        with self.lock:
            number = self._take_id(kind, given.get("id"))
            record = complete(kind, given, number)
            if kind == "scene":
                moment = record["created_at"]
                record["files"] = [self.new_file(each, moment) for each in record["files"]]
                self._keep_cover(record)
            self.tables[kind][number] = record
            return record

    def new_file(self, given: Record, moment: str | None = None) -> Record:
        return complete_file(given, self._take_id("file", given.get("id")), moment or now())

    def _take_id(self, kind: str, wanted: Any) -> int:
        number = self._last_ids[kind] + 1 if wanted is None else int(wanted)
        self._last_ids[kind] = max(self._last_ids[kind], number)
        return number

    def _keep_cover(self, record: Record) -> None:
        cover = record.pop("cover", None)
        if cover is not None:
            self.images[f"scene/{record['id']}"] = base64.b64decode(cover)

    def rows(self, kind: str) -> list[Record]:
        """In the order of the ids."""
        table = self.tables[kind]
        return [table[number] for number in sorted(table)]

    def get(self, kind: str, number: int | None) -> Record | None:
        return None if number is None else self.tables[kind].get(number)

    def some(self, kind: str, numbers: Iterable[int]) -> list[Record]:
        table = self.tables[kind]
        return [table[number] for number in numbers if number in table]

    def descend(self, kind: str, roots: Iterable[int], depth: int) -> set[int]:
        """The roots and what lies below them, `depth` levels deep; -1 means all levels."""
        found = level = set(roots)
        while level and depth != 0:
            level = {row["id"] for row in self.rows(kind) if self.parents(row) & level} - found
            found = found | level
            depth -= 1
        return found

    @staticmethod
    def parents(row: Record) -> set[int]:
        parent = row.get("parent_id")
        return {*row.get("parent_ids", ()), *(() if parent is None else (parent,))}

    def remove(self, kind: str, number: int) -> Record | None:
        """The record that was there; references to it are gone as well."""
        with self.lock:
            record = self.tables[kind].pop(number, None)
            self.images.pop(f"{kind}/{number}", None)
            for table in self.tables.values():
                for row in table.values():
                    forget(row, kind, number)
            return record


def forget(row: Record, kind: str, number: int) -> None:
    """Removes from `row` what refers to the record `number` of `kind`."""
    for name in ("tag_ids", "parent_ids") if kind == "tag" else (f"{kind}_ids",):
        if number in row.get(name, ()):
            row[name] = [each for each in row[name] if each != number]
    if kind == "studio":
        for name in ("studio_id", "parent_id"):
            if row.get(name) == number:
                row[name] = None
    if kind == "group" and row.get("groups"):
        row["groups"] = [each for each in row["groups"] if each["group_id"] != number]
