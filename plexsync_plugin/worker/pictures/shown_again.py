"""Under which address Plex shows a picture of ours once we have written to its item: read again once for a whole batch.

Every edit of an item gives its pictures another address (docs/facts/plex.md section 11.1). Where it was not read again after ours, the
next bulk edit, or the next *Reconcile*, would have to ask for the pictures of each item one by one.
"""

import dataclasses
import sqlite3
from collections.abc import Callable, Iterable, Mapping

from plexsync_plugin.base.sqlite import relaxed, transaction
from plexsync_plugin.core.model import Item
from plexsync_plugin.core.picture import SLOTS
from plexsync_plugin.jobs.server_records import ServerPictureRecords


class ShownAgain:
    """Bound to one server."""

    def __init__(self, connection: sqlite3.Connection, records: ServerPictureRecords) -> None:
        self._connection = connection
        self._records = records
        self._slots: dict[int, set[str]] = {}  # by rating key, the elements that show a picture of ours

    def written(self, item: Item) -> None:
        """Fields of this item were written. `item` is as it was read before that: where its picture was ours, it still is."""
        for element, row in self._records.given(item.rating_key).items():
            if row.sha1 and not row.sending and row.shown == item.pictures.get(SLOTS[element].field):
                self.given(item.rating_key, element)

    def given(self, rating_key: int, element: str) -> None:
        """This slot has just got a picture of ours."""
        self._slots.setdefault(rating_key, set()).add(element)

    def forget(self) -> None:
        """They are looked at one by one later."""
        self._slots.clear()

    def look(self, read: Callable[[Iterable[int]], Mapping[int, Item]]) -> None:
        """Read the items of the last batch again. No transaction may be open. Raises what `read` raises."""
        slots, self._slots = self._slots, {}
        if not slots:
            return
        items = read(slots)
        with relaxed(self._connection), transaction(self._connection):
            for key, item in items.items():
                for element, row in self._records.given(key).items():
                    address = item.pictures.get(SLOTS[element].field, "")
                    if element in slots[key] and row.sha1 and not row.sending and address:
                        self._records.put(dataclasses.replace(row, shown=address))
