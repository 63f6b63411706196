"""The part of a search that is the same for all kinds: sorting, pages, and the check of a list of ids."""

import re
from collections.abc import Callable
from typing import Any

from tests.sim.stash.criteria import to_ids
from tests.sim.stash.execution import QueryFailed
from tests.sim.stash.library import Library
from tests.sim.stash.records import Record

DEFAULT_PAGE = 25
Key = Callable[[Record], Any]


def natural(text: str) -> list[tuple[int, int, str]]:
    """The collation NATURAL_CI: digits by value, letters without regard to case."""
    parts = re.split(r"(\d+)", text.casefold())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def by_name(row: Record) -> Any:
    return natural(row.get("sort_name") or row.get("name") or "")


def nulls_first(read: Key) -> Key:
    """As SQLite sorts; the second element never meets one of another type."""
    return lambda row: (read(row) is not None, read(row) if read(row) is not None else 0)


def sort_rows(
    rows: list[Record], find_filter: dict[str, Any], keys: dict[str, Key], tie: Key
) -> list[Record]:
    """Without a sort the order stays; ties are in ascending order whatever the direction. Raises QueryFailed."""
    name = find_filter.get("sort")
    if not name:
        return rows
    if name not in keys:
        raise QueryFailed(f"invalid sort: {name} (or one that the simulator does not know)")
    ordered = sorted(rows, key=tie)
    return sorted(ordered, key=keys[name], reverse=find_filter.get("direction") == "DESC")


def cut_page(rows: list[Record], find_filter: dict[str, Any]) -> list[Record]:
    """per_page -1 is everything, 0 is nothing but the count."""
    size = find_filter.get("per_page")
    size = DEFAULT_PAGE if size is None else size
    if size < 0:
        return rows
    page = max(1, find_filter.get("page") or 1)
    return rows[(page - 1) * size : page * size]


def select_ids(library: Library, kind: str, given: list[Any]) -> list[Record]:
    """In the order given. Raises QueryFailed for an id that is there twice, or not at all."""
    numbers = to_ids(given)
    for position, number in enumerate(numbers):
        if number in numbers[:position]:
            raise QueryFailed(f"validating ids: duplicate id found: {number}")
    for number in numbers:
        if library.get(kind, number) is None:
            raise QueryFailed(f"{kind} with id {number} not found")
    return library.some(kind, numbers)
