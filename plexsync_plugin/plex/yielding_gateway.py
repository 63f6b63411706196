"""A gateway that lets others go first: before each request it asks whether the work in hand is to be put aside. And it says
which item each write is about to change, for whoever hears of changes in Plex.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

import requests

from plexsync_plugin.base.answer_limits import Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.core.picture import PictureSlot
from plexsync_plugin.plex import edit
from plexsync_plugin.plex.gateway import Connection, PlexGateway


class YieldingGateway(PlexGateway):
    """`before_request` may raise PutAside; the request is not sent then. `before_write` takes the item's rating key."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        before_request: Callable[[], None],
        before_write: Callable[[int], None],
    ) -> None:
        super().__init__(connection, clock)
        self._before_request = before_request
        self._before_write = before_write

    def put(self, target: str) -> None:
        self._before_write(edit.item_of(target))
        super().put(target)

    def upload_picture(self, rating_key: int, slot: PictureSlot, data: bytes) -> None:
        self._before_write(rating_key)
        super().upload_picture(rating_key, slot, data)

    def select_picture(self, rating_key: int, slot: PictureSlot, key: str) -> None:
        self._before_write(rating_key)
        super().select_picture(rating_key, slot, key)

    def drop_picture(self, rating_key: int, slot: PictureSlot) -> None:
        self._before_write(rating_key)
        super().drop_picture(rating_key, slot)

    def _query(
        self,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        data: bytes | None = None,
        within: float | None = None,
        most: int | None = None,
    ) -> Element | None:
        self._before_request()
        return super()._query(target, headers=headers, method=method, data=data, within=within, most=most)

    @contextlib.contextmanager
    def _open(self, target: str, limits: Limits) -> Iterator[requests.Response]:
        self._before_request()
        with super()._open(target, limits) as response:
            yield response
