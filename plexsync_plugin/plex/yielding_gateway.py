"""A gateway that lets others go first: before each request it asks whether the work in hand is to be put aside."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

import requests

from plexsync_plugin.base.answer_limits import Limits
from plexsync_plugin.base.clock import Clock
from plexsync_plugin.plex.gateway import Connection, PlexGateway


class YieldingGateway(PlexGateway):
    """`before_request` may raise PutAside; the request is not sent then."""

    def __init__(self, connection: Connection, clock: Clock, before_request: Callable[[], None]) -> None:
        super().__init__(connection, clock)
        self._before_request = before_request

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
