"""plex/page_views.py: lists of items in an order have the rows and the order that page_items tells, whatever view they are read from."""

import contextlib

import pytest

from plexsync_plugin.base import sqlite
from plexsync_plugin.plex.page_views import ORDERS, open_index
from tests.generated_index import generate

BY_PAGE_ITEMS = {
    "title": "sort_title COLLATE NOCASE, rating_key",
    "size": "size DESC, rating_key",
    "added": "added DESC, rating_key DESC",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("listing") / "plex_collection.db")
    generate(path, 3_000).close()
    return path


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", [None, 1, 2, 3, 4, 8, 9, 10])
def test_listing_has_the_items_and_the_order_of_page_items(path: str, order: str, kind: int | None) -> None:
    with contextlib.closing(sqlite.connect_readonly(path)) as connection:
        rows = connection.execute(
            f"SELECT rating_key FROM page_items WHERE ?1 IS NULL OR kind = ?1 ORDER BY {BY_PAGE_ITEMS[order]}",
            (kind,),
        )
        keys = [row[0] for row in rows]
    with open_index(path) as index:
        assert index is not None
        assert index.listed(kind, order, 10_000) == keys
        assert index.listed(kind, order, 3) == keys[:3]
        assert bool(keys) == (kind not in (8, 9))
