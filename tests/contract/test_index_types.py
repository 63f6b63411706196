"""Every column of every table and view holds values of one type, or none: pandas and polars make typed columns of them."""

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from tests.contract.test_index_migrations import SECTIONS
from tests.index_runs import World, start_plex

COPY = {"ratingKey": 409, "title": "Plain", "year": 1999, "file": "/media/copy.mkv", "thumb": None}
# These two are the search indexes themselves; what they show is in the tables that they index.
SHADOWS = ("search_data", "search_parts_data", "sqlite_")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("types")
    films, *others = SECTIONS
    with start_plex(folder, [films | {"items": [*films["items"], COPY]}, *others]) as plex:
        world = World(plex, folder)
        world.index()
        plex.control("remove_item", {"ratingKey": 404})
        world.index()
    with contextlib.closing(sqlite3.connect(world.db)) as connection:
        yield connection


def names(index: sqlite3.Connection) -> list[str]:
    found = index.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name")
    return [name for (name,) in found if not name.startswith(SHADOWS)]


def test_columns_when_read_hold_one_type_each(index: sqlite3.Connection) -> None:
    types: dict[tuple[str, str], set[type]] = {}
    for name in names(index):
        cursor = index.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        assert len(set(columns)) == len(columns), name
        for row in cursor:
            for column, value in zip(columns, row, strict=True):
                if value is not None:
                    types.setdefault((name, column), set()).add(type(value))
    assert {place: found for place, found in types.items() if len(found) > 1} == {}
    assert len(types) > 250


def test_columns_when_declared_hold_what_they_declare(index: sqlite3.Connection) -> None:
    declared = {"INTEGER": "integer", "REAL": "real", "TEXT": "text"}
    tables = index.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict").fetchall()
    for (table,) in tables:
        for column, kind in index.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall():
            found = index.execute(f'SELECT DISTINCT typeof("{column}") FROM "{table}"').fetchall()
            assert {value for (value,) in found} <= {declared[kind], "null"}, (table, column)
