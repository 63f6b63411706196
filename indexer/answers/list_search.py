"""What a person types -> the collections and playlists whose names hold it. Reads a finished index.

There are few of them, so their names are looked through one by one, folded as those of items are.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from indexer.rows.folding import folded
from indexer.rows.lists import COLLECTION, PLAYLIST

LIST_KINDS = (COLLECTION, PLAYLIST)

_ALL = """
SELECT ratingKey, 'collection' AS kind, library, title FROM library_collections
UNION ALL SELECT ratingKey, 'playlist', NULL, title FROM playlists ORDER BY title, ratingKey
"""


def find_lists(
    connection: sqlite3.Connection, wanted: Sequence[str], unwanted: Sequence[str], kinds: Sequence[str]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Of these kinds: those that have exactly this name, and the others. Rows as those of `search.search`."""
    whole = _spaced(" ".join(wanted))
    exact: list[tuple[Any, ...]] = []
    others: list[tuple[Any, ...]] = []
    for key, kind, library, title in connection.execute(_ALL):
        text = _spaced(title)
        if kind not in kinds or not all(folded(word) in text for word in wanted):
            continue
        if not any(folded(word) in text for word in unwanted):
            (exact if text == whole else others).append((key, kind, library, title, None, None))
    return exact, others


def _spaced(text: str) -> str:
    return " ".join(folded(text).split())
