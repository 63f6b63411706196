"""A table of the index on its way into a file: names and types of its columns, and its rows one after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`columns` are pairs of a name and a type as the schema declares it: INTEGER, REAL, TEXT or BLOB. `rows` can be read
    once."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: Iterable[tuple[Any, ...]]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]
